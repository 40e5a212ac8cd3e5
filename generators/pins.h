// A system of a spec as a language module for LTSmin (PINS): one C++ source that needs nothing of lastack, compiled to
// a shared object that pins2lts-mc and pins2lts-dist load. docs/export.md says how to run it and what is counted.
#pragma once

#include <string>

#include "model/spec.h"

namespace lastack {

// Throws SpecError where the system cannot be exported.
std::string to_pins(const Spec& spec, const SystemDecl& decl);

}  // namespace lastack
