// A system of a spec as a Murphi model, for rumur and CMurphi. See docs/export.md for what is counted, and how to run
// it.
#pragma once

#include <string>

#include "model/spec.h"

namespace lastack {

// Throws SpecError where the system cannot be exported.
std::string to_murphi(const Spec& spec, const SystemDecl& decl);

}  // namespace lastack
