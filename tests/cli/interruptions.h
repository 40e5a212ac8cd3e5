// Every verb of the command, interrupted in the middle of each of its long phases: for tests, and for a measurement.
#pragma once

#include <string>
#include <vector>

#include "tests/cli/child.h"
#include "tests/places.h"

namespace command {

// Something that takes long enough to be interrupted, and what the command shows on its terminal (or has printed) once
// it is at it.
struct Phase {
    std::string name;  // "check: exploring"
    std::vector<std::string> arguments;
    std::string shows;
    double processor_seconds = 0;  // and so much must have been used by then: where a verb shows nothing
};

// `here`: an empty directory for what the verbs write.
inline std::vector<Phase> long_phases(const std::string& here) {
    const std::string specs = lastack::testing::source_dir() + "/specs/";
    const std::string linux_spec = specs + "linux.spec", rfc = specs + "rfc9293.spec";
    const std::string exploring = " M states, ";
    const std::vector<std::string> catalogue{specs + "properties.spec", "--profile", "linux"};
    const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    return {
        {"check: rules", {"check", linux_spec}, "rules"},
        {"check: exploring", {"check", linux_spec}, exploring},
        {"check: exploring, two threads", {"check", "--threads", "2", linux_spec}, exploring},
        {"check: runs", with({"check", "--claim", "L01-d"}, catalogue), "claim L01-d"},
        {"check: coverage", {"check", "--claim", "W01", "--coverage", linux_spec}, "coverage: "},
        {"generate: exploring", {"generate", "-o", here + "/vectors", linux_spec}, exploring},
        {"generate: coverage goals",
         {"generate", "--cover", "--claim", "W01", "-o", here + "/vectors", linux_spec},
         "coverage goals"},
        {"gate: exploring", {"gate", "--target", "sim", linux_spec}, exploring},
        {"walk", {"walk", rfc, "--target", "sim", "--seconds", "600", "-o", here + "/found.jsonl"}, " walks in "},
        {"graph", {"graph", linux_spec}, "the graph of linux"},
        {"export: exploring",
         {"export", "--as", "aut", "--system", "polite", "-o", here + "/graph", linux_spec},
         "system polite"},
        {"export: a FIFO that nobody reads",
         {"export", "--as", "promela", "--system", "polite", "-o", here + "/fifo", rfc},
         ""},
        {"run: a FIFO that nobody writes", {"run", here + "/fifo"}, ""},
        {"diff", {"diff", rfc, linux_spec}, "", 0.5},
        {"mutate", {"mutate", rfc}, "mutants"},
        {"mutate: suites", {"mutate", rfc, "--suite", "transitions"}, "mutants tried"},
        {"step: at the prompt", {"step", rfc}, "> "},
        {"check: standard input that nobody writes", {"check", "-"}, ""},
    };
}

struct Interrupted {
    bool reached = false;  // the phase, before the command ended by itself
    int code = -1;
    double seconds = 0;            // from the signal to the end
    double processor_seconds = 0;  // used meanwhile, which does not depend on who else is at work
    std::string out, shown;
};

// Runs a verb until it is in its phase, sends the signal and waits for the end.
inline Interrupted interrupted_in(const Phase& phase, int signal) {
    constexpr auto patience = std::chrono::seconds(120);  // for what an idle machine does in some seconds
    Child child(phase.arguments, Terminal::standard_input_and_error);
    Interrupted result;
    const auto at_it = [&] {
        const bool shown = phase.shows.empty() || child.shown().find(phase.shows) != std::string::npos ||
                           child.out().find(phase.shows) != std::string::npos;
        return shown && child.catches(signal) && child.processor_seconds() >= phase.processor_seconds;
    };
    within(patience, [&] { return !child.running() || at_it(); });
    result.reached = child.running();
    const double before = child.processor_seconds();
    const auto start = Clock::now();
    child.signal(signal);
    within(patience, [&] { return !child.running(); });
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    result.processor_seconds = child.processor_seconds() - before;
    result.code = child.code();
    result.out = child.out();
    result.shown = child.shown();
    return result;
}

}  // namespace command
