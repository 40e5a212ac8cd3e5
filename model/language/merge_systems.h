// Systems that extend others, and the defaults of a file: each system with all that is said of it.
#pragma once

#include <vector>

#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack {

// The parts of a system that says nothing itself: those of `systems` in its file. Limits become defaults, which bind
// only the ends that have them.
syntax::SystemParts default_parts(const syntax::Systems& systems);

// The systems in the order given, each with the parts of its parent, or else those in `defaults` (one for each system),
// where it says nothing itself. Systems without ends or a network, of a loop, or with an unknown parent are left out;
// every mistake is added to `problems`.
std::vector<syntax::System> merge_systems(const std::vector<syntax::System>& systems,
                                          const std::vector<syntax::SystemParts>& defaults, Problems& problems);

}  // namespace lastack
