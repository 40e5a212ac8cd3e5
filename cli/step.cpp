// Walking the model by hand: commands from standard input, at a terminal or in a script.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "cli/walk.h"
#include "generators/itf.h"
#include "report/ladder.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"

namespace lastack {

namespace {

constexpr const char* help = "  N          let the enabled event N happen\n"
                             "  undo       take the last step back\n"
                             "  goto N     go to step N of the walk, back or forward; 0 is the beginning\n"
                             "  show       the states of both ends, what is in flight, the enabled events\n"
                             "  trace      the walk so far as a ladder\n"
                             "  save FILE  write the walk so far: as Mermaid or SVG where FILE ends in .mmd\n"
                             "             or .svg, else as ITF JSON\n"
                             "  load FILE  replay a saved trace, which takes the place of the walk\n"
                             "  help       this list\n"
                             "  quit       end, as does the end of the input\n";

const std::vector<std::string> words = {"undo", "goto", "show", "trace", "save", "load", "help", "quit"};

const SystemDecl& chosen_system(const Spec& spec, const StepArguments& arguments) {
    if (!arguments.system.empty()) return system_named(spec, arguments.spec, arguments.system);
    if (!spec.systems.empty()) return spec.systems.front();
    Where file;
    file.source = std::make_shared<const SourceText>(SourceText{arguments.spec, ""});
    throw SpecError(file, "this spec has no system to walk through");
}

// Standard input, line by line. An interrupt ends the wait for one.
class Lines {
public:
    std::optional<std::string> next() {
        bool whole = true;
        while (whole && read_.find('\n') == std::string::npos) whole = more();
        if (interrupted() || read_.empty()) return std::nullopt;
        const std::size_t end = read_.find('\n');
        std::string line = read_.substr(0, end);
        read_.erase(0, end == std::string::npos ? end : end + 1);
        return line;
    }

private:
    bool more() {
        struct pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}};
        ::poll(waits, 2, -1);
        if (interrupted()) return false;
        char piece[4096];
        const ssize_t count = ::read(STDIN_FILENO, piece, sizeof piece);
        if (count > 0) read_.append(piece, static_cast<std::size_t>(count));
        return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
    }

    std::string read_;  // and not yet given out
};

std::optional<std::size_t> number_in(const std::string& text) {
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string without_blanks_around(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What a terminal would take for a command of its own is shown as '?'.
std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return text;
}

class Conversation {
public:
    explicit Conversation(const PlainSystem& system) : system_(system), walk_(system) {}

    std::string text() const { return walk_.text(); }
    std::size_t steps() const { return walk_.place(); }

    // Follows one command and returns the answer; nothing where the command ends the walk. Throws WalkError.
    std::optional<std::string> answer(const std::string& line);

private:
    std::string save(const std::string& file) const;
    std::string load(const std::string& file);

    const PlainSystem& system_;
    Walk walk_;
};

std::optional<std::string> Conversation::answer(const std::string& line) {
    const auto blank = line.find_first_of(" \t");
    const std::string word = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : without_blanks_around(line.substr(blank));
    const bool takes_word = word == "goto" || word == "save" || word == "load";
    const bool number = word.find_first_not_of("0123456789") == std::string::npos;
    if (!number && std::find(words.begin(), words.end(), word) == words.end()) {
        const std::string near = did_you_mean(word, words);
        throw WalkError(fmt::format("unknown command '{}'; {}", printable(word), near.empty() ? "try 'help'" : near));
    }
    if (takes_word == rest.empty())
        throw WalkError(fmt::format("'{}' takes {}", word, takes_word ? "a word more" : "no further word"));
    const std::string& digits = number ? word : rest;
    if (number || word == "goto") {
        const std::optional<std::size_t> value = number_in(digits);
        if (!value)
            throw WalkError(
                fmt::format("'{}' is not a number of {}", printable(digits), number ? "an event" : "a step"));
        if (number)
            walk_.take(*value);
        else
            walk_.go_to(*value);
        return walk_.text();
    }
    if (word == "undo") {
        walk_.undo();
        return walk_.text();
    }
    if (word == "show") return walk_.text();
    if (word == "trace") return ladder(system_, walk_.so_far());
    if (word == "save") return save(rest);
    if (word == "load") return load(rest);
    if (word == "help") return help;
    return std::nullopt;
}

std::string Conversation::save(const std::string& file) const {
    const Trace trace = walk_.so_far();
    try {
        if (file.ends_with(".mmd"))
            write_file(file, mermaid(system_, trace));
        else if (file.ends_with(".svg"))
            write_file(file, svg_ladder(system_, trace));
        else
            write_file(file, to_itf(system_, trace, "a walk by hand"));
    } catch (const std::filesystem::filesystem_error& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.code().message()));
    }
    return fmt::format("{} steps written to {}\n", trace.steps.size(), printable(file));
}

std::string Conversation::load(const std::string& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        throw WalkError(printable(file) + ": cannot be read: a directory");
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) throw WalkError(printable(file) + ": cannot be read");
    try {
        walk_.replay(trace_from_itf(system_, text));
    } catch (const TraceFormatError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    } catch (const WalkError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    }
    return walk_.text();
}

}  // namespace

int step_verb(const StepArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    const PlainSystem system(spec, chosen_system(spec, arguments));
    const bool terminal = isatty(STDIN_FILENO) == 1;
    Conversation conversation(system);
    fmt::print("System {} of profiles {} and {}\n{}", system.decl().name, system.profile(0).name,
               system.profile(1).name, conversation.text());
    if (terminal) fmt::print("'help' lists the commands.\n");
    Lines lines;
    for (int number = 1;; ++number) {
        if (terminal) fmt::print("> ");
        std::fflush(stdout);  // before an answer on standard error, or a wait
        const std::optional<std::string> given = lines.next();
        if (!given) break;
        const std::string line = without_blanks_around(*given);
        if (line.empty() || line[0] == '#') continue;
        if (!terminal) fmt::print("\n> {}\n", printable(line));
        std::string trouble;
        try {
            const std::optional<std::string> answer = conversation.answer(line);
            if (!answer) return exit_ok;
            fmt::print("{}", *answer);
            continue;
        } catch (const WalkError& error) {
            trouble = error.what();
        } catch (const ModelError& error) {
            trouble = std::string("the profile breaks its own declarations: ") + error.what();
        }
        std::fflush(stdout);
        fmt::print(stderr, "standard input:{}: error: {}\n", number, trouble);
        if (!terminal) return exit_bad_input;
    }
    if (terminal) fmt::print("\n");
    if (interrupted()) throw Interrupted(fmt::format("the walk ends at step {}", conversation.steps()));
    return exit_ok;
}

}  // namespace lastack
