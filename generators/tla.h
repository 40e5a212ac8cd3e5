// A system of a spec as a TLA+ module for TLC, and the configuration that TLC reads beside it. docs/export.md says how
// to run it and what is counted.
#pragma once

#include <string>

#include "model/spec.h"

namespace lastack {

struct TlaModule {
    std::string name;    // of the module, and so of its file: "system_polite"
    std::string text;    // NAME.tla
    std::string config;  // NAME.cfg
};

// Throws SpecError where the system cannot be exported.
TlaModule to_tla(const Spec& spec, const SystemDecl& decl);

}  // namespace lastack
