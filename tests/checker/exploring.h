// Explorations without claims, for tests that count.
#pragma once

#include "checker/engine/explorer.h"
#include "tests/spec_support.h"

namespace lastack::testing {

// Hooks that watch for nothing.
struct Unwatched {
    Needs needs() const { return {}; }
    SystemState start(const SystemState& initial) { return initial; }
    bool state(std::uint64_t, const SystemState&) { return true; }
    bool step(std::uint64_t, const SystemState&, SystemState&, const SystemStep&) { return true; }
    bool expanded(std::uint64_t, const SystemState&, bool) { return true; }
};

inline Coverage explore(const Spec& spec, const SystemDecl& decl, const Bounds& bounds = {}) {
    System system(spec, decl);
    Explorer explorer(system);
    return explorer.run(bounds, Unwatched{});
}

}  // namespace lastack::testing
