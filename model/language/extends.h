// `extends`: a profile with its parent's declarations in it.
#pragma once

#include <vector>

#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack {

// The profiles in the order given, each complete in itself. Profiles of a loop or with an unknown parent are left
// out; every mistake is added to `problems`.
std::vector<syntax::Merged> merge_profiles(const std::vector<syntax::Profile>& profiles, Problems& problems);

}  // namespace lastack
