// `lastack doctor`: what this machine can drive, and what it lacks.
#pragma once

#include <string>
#include <vector>

namespace lastack {

struct DoctorArguments {
    std::vector<std::string> required;  // names of what must be there
    bool json = false;
};

// exit_ok where all that is required is there, or, where nothing is, the running kernel can be driven; exit_limit
// where something that is required is not; else exit_skipped.
int doctor_verb(const DoctorArguments& arguments);

// What can be required.
std::vector<std::string> doctor_names();

}  // namespace lastack
