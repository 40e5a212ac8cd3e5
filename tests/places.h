// Where the tests find what they test. One file is compiled with these places, so that the others are the same in every
// clone.
#pragma once

#include <string>

namespace lastack::testing {

const std::string& source_dir();    // the root of the tree
const std::string& command_path();  // the program `lastack`
const std::string& tsan_program();  // explorations under the thread sanitizer; empty where it was not built
const std::string& adapters_dir();  // where adapters are built; empty where they are not

}  // namespace lastack::testing
