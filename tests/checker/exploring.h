// Explorations without claims, for tests that count.
#pragma once

#include "checker/engine/explorer.h"
#include "tests/spec_support.h"

namespace lastack::testing {

inline Coverage explore(const Spec& spec, const SystemDecl& decl, const Bounds& bounds = {}) {
    System system(spec, decl);
    Explorer explorer(system);
    return explorer.run(bounds);
}

}  // namespace lastack::testing
