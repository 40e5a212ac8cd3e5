#include "tests/places.h"

#ifndef LASTACK_TSAN_PROGRAM
#define LASTACK_TSAN_PROGRAM ""
#endif
#ifndef LASTACK_ADAPTERS
#define LASTACK_ADAPTERS ""
#endif

namespace lastack::testing {

const std::string& source_dir() {
    static const std::string place = LASTACK_SOURCE_DIR;
    return place;
}

const std::string& command_path() {
    static const std::string place = LASTACK_COMMAND;
    return place;
}

const std::string& tsan_program() {
    static const std::string place = LASTACK_TSAN_PROGRAM;
    return place;
}

const std::string& adapters_dir() {
    static const std::string place = LASTACK_ADAPTERS;
    return place;
}

}  // namespace lastack::testing
