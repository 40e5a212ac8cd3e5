// Adapters for tests: the one in Python with a stack of a page, the same with a mistake, and the one of lwIP where it
// was built.
#pragma once

#include <filesystem>
#include <string>

#include "harness/adapter_link.h"
#include "tests/places.h"
#include "tests/support.h"

namespace lastack::testing {

inline bool has_python() {
    static const bool there = [] {
        int code = 1;
        run("python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))'", &code);
        return code == 0;
    }();
    return there;
}

inline std::string example_command() { return "python3 -B " + quoted(source_dir() + "/adapter/example.py"); }

inline std::string faulty_command(const std::string& fault) {
    return "python3 -B " + quoted(source_dir() + "/tests/harness/faulty_adapter.py") + " " + fault + " " +
           quoted(source_dir() + "/adapter");
}

// A shipped adapter; empty where its library is missing.
inline std::string shipped_adapter(const std::string& name) {
    const std::string program = adapters_dir() + "/" + name;
    return !adapters_dir().empty() && std::filesystem::exists(program) ? quoted(program) : "";
}
inline std::string lwip_command() { return shipped_adapter("lwip"); }
inline std::string slirp_command() { return shipped_adapter("slirp"); }
inline std::string gvisor_command() { return shipped_adapter("gvisor"); }

inline AdapterPlace child(const std::string& command) { return {AdapterPlace::Kind::exec, command}; }

}  // namespace lastack::testing
