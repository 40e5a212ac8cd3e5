#include "cli/walk_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "generators/itf.h"
#include "model/diagnostic.h"
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

}  // namespace

// What a terminal would take for a command of its own is shown as '?'.
std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return text;
}

WalkCommands::WalkCommands(const PlainSystem& system, WalkFiles files)
    : system_(system), files_(std::move(files)), walk_(system) {}

std::string WalkCommands::command_in(const std::string& line) {
    const std::string command = without_blanks_around(line);
    return command.starts_with('#') ? "" : command;
}

std::optional<std::string> WalkCommands::answer(const std::string& command) {
    const auto blank = command.find_first_of(" \t");
    const std::string word = command.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : without_blanks_around(command.substr(blank));
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

std::string WalkCommands::save(const std::string& file) const {
    const Trace trace = walk_.so_far();
    try {
        if (file.ends_with(".mmd"))
            files_.write(file, mermaid(system_, trace));
        else if (file.ends_with(".svg"))
            files_.write(file, svg_ladder(system_, trace));
        else
            files_.write(file, to_itf(system_, trace, "a walk by hand"));
    } catch (const WalkError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    }
    return fmt::format("{} steps written to {}\n", trace.steps.size(), printable(file));
}

std::string WalkCommands::load(const std::string& file) {
    try {
        walk_.replay(trace_from_itf(system_, files_.read(file)));
    } catch (const TraceFormatError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    } catch (const WalkError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    }
    return walk_.text();
}

}  // namespace lastack
