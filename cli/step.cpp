// Walking the model by hand: commands from standard input, at a terminal or in a script.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "cli/checking.h"
#include "cli/line_editor.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "cli/walk_commands.h"
#include "model/file_text.h"

namespace lastack {

namespace {

// Of a file that a walk is loaded from. A walk of a thousand steps takes one to two.
constexpr std::size_t most_bytes_of_trace = std::size_t{64} << 20U;

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

// What is shown at a terminal: the numbers of events stand out, and the rules that fire are faint.
std::string shown(const std::string& text, bool colour) {
    if (!colour) return text;
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, end - from);
        const std::size_t first = line.find_first_not_of(' '), behind = line.find_first_not_of("0123456789", first);
        const std::size_t rules = line.rfind(" (");
        if (line.starts_with("Step "))
            out += "\033[1m" + line + "\033[0m";
        else if (first != std::string::npos && behind > first && line.compare(behind, 2, "  ") == 0)
            out += line.substr(0, first) + "\033[1;36m" + line.substr(first, behind - first) + "\033[0m" +
                   (rules == std::string::npos
                        ? line.substr(behind)
                        : line.substr(behind, rules - behind) + "\033[2m" + line.substr(rules) + "\033[0m");
        else
            out += line;
        if (end < text.size()) out += '\n';
        from = end + 1;
    }
    return out;
}

void write_for_walk(const std::string& name, const std::string& text) {
    try {
        write_file(name, text);
    } catch (const std::filesystem::filesystem_error& error) {
        throw WalkError(error.code().message());
    }
}

std::string read_for_walk(const std::string& name) {
    FileText content = file_text(name, most_bytes_of_trace + 1);
    if (!content.trouble.empty()) throw WalkError("cannot be read: " + content.trouble);
    if (content.text.size() > most_bytes_of_trace)
        throw WalkError(fmt::format("is larger than {} MiB", most_bytes_of_trace >> 20U));
    return std::move(content.text);
}

}  // namespace

int step_verb(const StepArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    if (!arguments.reports.empty()) return step_page(spec, arguments);
    const PlainSystem system(spec, chosen_system(spec, arguments));
    const bool terminal = isatty(STDIN_FILENO) == 1, edited = terminal && isatty(STDOUT_FILENO) == 1;
    const char* const no_colour = std::getenv("NO_COLOR");
    const bool colour = edited && (no_colour == nullptr || *no_colour == '\0');
    WalkCommands walk(system, {write_for_walk, read_for_walk}, &spec);
    fmt::print("System {} of profiles {} and {}\n{}", system.decl().name, system.profile(0).name,
               system.profile(1).name, shown(walk.text(), colour));
    if (terminal) fmt::print("'help' lists the commands.\n");
    Lines lines;
    std::optional<LineEditor> editor;
    if (edited) editor.emplace("> ", [&](const std::string& line) { return walk.completions(line); });
    for (int number = 1;; ++number) {
        if (terminal && !edited) fmt::print("> ");
        std::fflush(stdout);  // before an answer on standard error, or a wait
        const std::optional<std::string> given = editor ? editor->next() : lines.next();
        if (!given) break;
        const std::string command = WalkCommands::command_in(*given);
        if (command.empty()) continue;
        if (!terminal) fmt::print("\n> {}\n", printable(command));
        std::string trouble;
        try {
            const std::optional<std::string> answer = walk.answer(command);
            if (!answer) return exit_ok;
            fmt::print("{}", shown(*answer, colour));
            continue;
        } catch (const WalkError& error) {
            trouble = error.what();
        } catch (const ModelError& error) {
            trouble = std::string("the profile breaks its own declarations: ") + error.what();
        }
        std::fflush(stdout);
        complain(fmt::format("standard input:{}: error: {}", number, trouble));
        if (!terminal) return exit_bad_input;
    }
    if (terminal) fmt::print("\n");
    if (interrupted()) throw Interrupted(fmt::format("the walk ends at step {}", walk.steps()));
    return exit_ok;
}

}  // namespace lastack
