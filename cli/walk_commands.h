// The commands of `lastack step`: what a person or a script says, and what the walk answers. Text to text; files are
// reached through what the caller hands in, so that a test needs none.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/walk.h"

namespace lastack {

// How `save` and `load` reach files. Both throw WalkError with the reason, without the file's name.
struct WalkFiles {
    std::function<void(const std::string& name, const std::string& text)> write;
    std::function<std::string(const std::string& name)> read;
};

class WalkCommands {
public:
    // Both must outlive the commands. Without a spec there are no claims to name.
    WalkCommands(const PlainSystem& system, WalkFiles files, const Spec* spec = nullptr);

    std::string text() const { return walk_.text(); }
    std::size_t steps() const { return walk_.place(); }
    const Snapshot& here() const { return walk_.here(); }

    // The command in a line of input, without blanks around it; empty for a blank line and for a comment (#).
    static std::string command_in(const std::string& line);

    // What the last word of a line that is being written may become: commands, and where a step or an event is named
    // their numbers.
    std::vector<std::string> completions(const std::string& line) const;

    // Follows one command, as command_in() gives it, and returns the answer; nothing where it ends the walk. Throws
    // WalkError for what the walk cannot follow, and ModelError where the profile breaks its own declarations; the
    // walk is then as it was.
    std::optional<std::string> answer(const std::string& command);

private:
    std::string save(const std::string& file) const;
    std::string load(const std::string& file);
    std::string write_vector(const std::string& end_and_file) const;
    std::string why(const std::string& event) const;
    std::string claims() const;

    const PlainSystem& system_;
    WalkFiles files_;
    const Spec* spec_;
    SteppedWalk walk_;
};

// What a terminal would take for a command of its own is shown as '?'.
std::string printable(std::string text);

}  // namespace lastack
