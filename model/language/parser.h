// From the text of one spec file to its syntax.
#pragma once

#include <memory>

#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack {

// The source must have passed checked_source. Throws SpecError for a syntax error (the first one); mistakes in
// single numbers and durations are added to `problems`.
syntax::File parse_file(const std::shared_ptr<const SourceText>& source, Problems& problems);

}  // namespace lastack
