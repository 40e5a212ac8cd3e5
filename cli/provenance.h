// What a report was made from and with, so that who reads it later can make it again.
#pragma once

#include "generators/json_tree.h"
#include "model/spec.h"

namespace lastack {

// Sets `tool`, `kernel`, and of a spec `spec_files` (with their SHA-256) and `settings` (all of the subject's, as they
// were in force).
void set_provenance(JsonTree& report, const Spec* spec);

// "Linux 6.18.44"
std::string running_kernel();

}  // namespace lastack
