#include "cli/walk_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "generators/itf.h"
#include "generators/project.h"
#include "generators/vector_json.h"
#include "model/diagnostic.h"
#include "report/check_text.h"
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
                             "  vector A FILE\n"
                             "             write what a tester does to A (or B) on this walk, as a test vector\n"
                             "  why        the rules of the last step, or with a number those of that event:\n"
                             "             sentence, citation, place\n"
                             "  claims     what is claimed about this system\n"
                             "  help       this list\n"
                             "  quit       end, as does the end of the input\n";

struct Command {
    const char* name;
    enum class Takes { nothing, word, maybe } takes;
};

using Takes = Command::Takes;
constexpr Command commands[] = {{"undo", Takes::nothing},  {"goto", Takes::word},   {"show", Takes::nothing},
                                {"trace", Takes::nothing}, {"save", Takes::word},   {"load", Takes::word},
                                {"vector", Takes::word},   {"why", Takes::maybe},   {"claims", Takes::nothing},
                                {"help", Takes::nothing},  {"quit", Takes::nothing}};

std::vector<std::string> command_words() {
    std::vector<std::string> all;
    for (const Command& one : commands) all.emplace_back(one.name);
    return all;
}

std::optional<std::size_t> number_in(const std::string& text) {
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return number;
}

std::size_t number_of(const std::string& digits, const char* what) {
    const std::optional<std::size_t> value = number_in(digits);
    if (!value) throw WalkError(fmt::format("'{}' is not a number of {}", printable(digits), what));
    return *value;
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

WalkCommands::WalkCommands(const PlainSystem& system, WalkFiles files, const Spec* spec)
    : system_(system), files_(std::move(files)), spec_(spec), walk_(system) {}

std::string WalkCommands::command_in(const std::string& line) {
    const std::string command = without_blanks_around(line);
    if (command.starts_with(':')) return without_blanks_around(command.substr(1));  // as who knows vi, ghci, gdb types
    return command.starts_with('#') ? "" : command;
}

std::vector<std::string> WalkCommands::completions(const std::string& line) const {
    const std::size_t first = line.find_first_not_of(" \t");
    const std::size_t blank = first == std::string::npos ? first : line.find_first_of(" \t", first);
    const std::string last = line.substr(line.find_last_of(" \t") + 1);
    std::vector<std::string> offered;
    const auto offer = [&](const std::string& word) {
        if (word.starts_with(last)) offered.push_back(word);
    };
    const std::string command = blank == std::string::npos ? "" : line.substr(first, blank - first);
    if (command.empty())
        for (const std::string& word : command_words()) offer(word);
    else if (command == "vector")
        for (const char* end : {"A", "B"}) offer(end);
    else if (command == "goto")
        for (std::size_t place = 0; place <= walk_.length(); ++place) offer(std::to_string(place));
    if (command.empty() || command == "why")
        for (std::size_t event = 1; event <= walk_.events().size(); ++event) offer(std::to_string(event));
    return offered;
}

std::optional<std::string> WalkCommands::answer(const std::string& command) {
    const auto blank = command.find_first_of(" \t");
    const std::string word = command.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : without_blanks_around(command.substr(blank));
    const bool number = word.find_first_not_of("0123456789") == std::string::npos;
    const auto* const known =
        std::find_if(std::begin(commands), std::end(commands), [&](const Command& one) { return one.name == word; });
    if (!number && known == std::end(commands)) {
        const std::string near = did_you_mean(word, command_words());
        throw WalkError(fmt::format("unknown command '{}'; {}", printable(word), near.empty() ? "try 'help'" : near));
    }
    const Takes takes = number ? Takes::nothing : known->takes;
    if (takes != Takes::maybe && (takes == Takes::word) == rest.empty())
        throw WalkError(fmt::format("'{}' takes {}", word, takes == Takes::word ? "a word more" : "no further word"));
    if (number) {
        walk_.take(number_of(word, "an event"));
        return walk_.text();
    }
    if (word == "goto") walk_.go_to(number_of(rest, "a step"));
    if (word == "undo") walk_.undo();
    if (word == "goto" || word == "undo" || word == "show") return walk_.text();
    if (word == "trace") return ladder(system_, walk_.so_far());
    if (word == "save") return save(rest);
    if (word == "load") return load(rest);
    if (word == "vector") return write_vector(rest);
    if (word == "why") return why(rest);
    if (word == "claims") return claims();
    if (word == "help") return help;
    return std::nullopt;
}

std::string WalkCommands::why(const std::string& event) const {
    const Trace trace = walk_.so_far();
    if (event.empty() && trace.steps.empty()) throw WalkError("no step was made yet; 'why N' tells of an event");
    const std::size_t number = event.empty() ? 0 : number_of(event, "an event");
    if (!event.empty() && (number < 1 || number > walk_.events().size()))
        throw WalkError(fmt::format("no event {}: there are 1 to {}", number, walk_.events().size()));
    const TraceStep& step = event.empty() ? trace.steps.back() : walk_.events()[number - 1];
    if (step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate)
        return "  the network does that: see the system's declaration\n";
    if (step.rules.empty()) return "  no rule matches: the input is ignored\n";
    std::string text;
    for (const std::string& name : step.rules) {
        const Rule* const rule = system_.profile(step.end).rule(name);
        if (rule == nullptr) continue;
        text += "  " + wrapped(fmt::format("{}: {} ({})", name, rule->sentence, rule->cites), 2, 4) + "\n";
        if (rule->where.source) text += fmt::format("    {}:{}\n", rule->where.source->name, rule->where.line);
    }
    return text;
}

std::string WalkCommands::claims() const {
    std::string text;
    for (const Claim& claim : spec_ == nullptr ? std::vector<Claim>{} : spec_->claims) {
        if (claim.system != system_.decl().name) continue;
        const Expectation expected = claim.expected_for(spec_->subject);
        const std::string words = expected.vacuous ? "nothing puts it to the test" : expected.holds ? "true" : "false";
        const std::string head = fmt::format("  {:<14} ", claim.id);
        text += head + wrapped(fmt::format("{} (expected: {})", claim.sentence, words), head.size(), 17) + "\n";
    }
    return text.empty() ? "  nothing is claimed about this system\n" : text;
}

std::string WalkCommands::write_vector(const std::string& end_and_file) const {
    const std::size_t blank = end_and_file.find_first_of(" \t");
    const std::string end = end_and_file.substr(0, blank);
    if ((end != "A" && end != "B") || blank == std::string::npos)
        throw WalkError("'vector' takes the end that is tested, A or B, and a file");
    const std::string file = without_blanks_around(end_and_file.substr(blank));
    if (system_.vocabulary().own()) throw WalkError("vectors are TCP segments, and this is another protocol");
    Claim goal;
    goal.id = "walk";
    goal.sentence = "a walk by hand";
    goal.system = system_.decl().name;
    goal.kind = Claim::Kind::reachable;
    const Projection made = project(system_, goal, walk_.so_far(), end == "A" ? 0 : 1, {});
    if (!made.vector) throw WalkError("no vector: " + made.reason);
    if (const std::string trouble = why_not_carried(*made.vector); !trouble.empty())
        throw WalkError("no vector: " + trouble);
    try {
        files_.write(file, to_json(*made.vector));
    } catch (const WalkError& error) {
        throw WalkError(fmt::format("{}: {}", printable(file), error.what()));
    }
    return fmt::format("{} steps of a tester of {} written to {}\n", made.vector->steps.size(), end, printable(file));
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
