// The command as a user runs it: its exit code and what it printed where. And small inputs for it.
#pragma once

#include <string>
#include <vector>

#include "tests/places.h"
#include "tests/support.h"

namespace command {

struct Outcome {
    int code = -1;
    std::string out, err;  // standard output, standard error; neither is a terminal
};

// Runs `lastack ARGUMENTS` through a shell; `before` comes in front of the command, such as another program with
// options of its own.
inline Outcome invoke(const std::string& arguments, const std::string& before = "") {
    namespace support = lastack::testing;
    const support::TemporaryDirectory here;
    const std::string errors = here.write("err", "");
    Outcome outcome;
    outcome.out = support::run(before + " " + support::quoted(lastack::testing::command_path()) + " " + arguments +
                                   " </dev/null 2>" + support::quoted(errors),
                               &outcome.code);
    outcome.err = support::read_file(errors);
    return outcome;
}

inline std::string shipped(const std::string& name) {
    return lastack::testing::quoted(lastack::testing::source_dir() + "/specs/" + name);
}

// A profile that leaves its declared range at the second call of its system `pair`.
inline constexpr const char* counts_too_far = R"(
profile p "counts too far" cites "nobody" {
  states ESTABLISHED initial final, CLOSED
  var x : 0..1
  on call send
    rule count "one more" cites "nobody" ESTABLISHED { x += 1 }
}
system pair "two of them" ends p A, p B network 1 calls A { send } B { }
)";

// The small endpoint of tests/cli/specs/one_way.spec with these claims on its system `lossy`, as a file's text.
inline std::string one_way(const std::string& claims) {
    return "use \"" + lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec\"\n" + claims;
}

// True of what the small endpoint does.
inline const std::string acknowledged = R"(
claim acknowledged "a closer in FIN-WAIT-2 has been heard" cites "RFC 9293 3.6" on lossy
  invariant each e, p: e in FIN_WAIT_2 implies p in CLOSE_WAIT
  expect holds
)";
inline const std::string heard = R"(
claim heard "the closer learns that it was heard" cites "RFC 9293 3.6" on lossy
  reachable A in FIN_WAIT_2
  expect holds shortest 3
)";

// A spec in a file of its own, as a word of a shell command, until the object dies.
class SpecFile {
public:
    explicit SpecFile(const std::string& text, const std::string& name = "small.spec")
        : word_(lastack::testing::quoted(directory_.write(name, text))) {}
    const std::string& word() const { return word_; }

private:
    lastack::testing::TemporaryDirectory directory_;
    std::string word_;
};

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines{""};
    for (const char c : text) {
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    }
    if (lines.back().empty()) lines.pop_back();
    return lines;
}

// The lines that do not fit on a terminal of 80 columns, each once, for a message that shows them.
inline std::string too_wide(const std::string& text) {
    std::string found;
    for (const std::string& line : lines_of(text)) {
        if (line.size() > 80 && found.find(line) == std::string::npos)
            found += std::to_string(line.size()) + ": " + line + "\n";
    }
    return found;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace command
