// A language module for LTSmin, compiled, and counted by the small loader beside this file; and by LTSmin itself where
// it is installed.
#pragma once

#include <map>
#include <sstream>
#include <string>

#include "tests/generators/other_checkers.h"
#include "tests/places.h"
#include "tests/support.h"

namespace lastack::testing {

struct PinsCount : OtherCount {
    std::map<std::string, int> labels;  // of the first state
};

// The loader is compiled once in a process.
inline const std::string& pins_loader() {
    static const TemporaryDirectory here;
    static const std::string program = [] {
        const std::string made = (here.path() / "pins_loader").string();
        must_run("gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -rdynamic -o " + quoted(made) + " " +
                 quoted(source_dir() + "/tests/generators/pins_loader.c") + " -ldl");
        return made;
    }();
    return program;
}

// Not optimised: for these sizes the compiler would take longer than the search. No warning is let through.
inline std::string pins_module(const std::string& text, const TemporaryDirectory& here) {
    here.write("model.cpp", text);
    must_run("cd " + quoted(here.path().string()) +
             " && g++ -O0 -Wall -Wextra -Werror -shared -fPIC -o model.so model.cpp");
    return (here.path() / "model.so").string();
}

inline PinsCount pins_counts(const std::string& text) {
    const TemporaryDirectory here;
    const std::string output = must_run(quoted(pins_loader()) + " " + quoted(pins_module(text, here)));
    PinsCount count{counts_in(output, R"((\d+) states, (\d+) transitions)"), {}};
    std::istringstream lines(output);
    for (std::string name, equals, value; std::getline(lines, value);) {
        std::istringstream words(value);
        int number = 0;
        if (words >> name >> equals >> number && equals == "=") count.labels[name] = number;
    }
    return count;
}

// LTSmin's engines end with code 0 and say on standard error what they counted; before that, how far they are.
inline OtherCount ltsmin_counts(const std::string& program, const std::string& text) {
    const TemporaryDirectory here;
    const std::string output = must_run(program + " " + quoted(pins_module(text, here)));
    return counts_in(output, R"((?:Explored|space has \d+ levels) (\d+) states (\d+) transitions)");
}

}  // namespace lastack::testing
