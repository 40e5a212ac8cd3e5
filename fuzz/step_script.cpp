#include <map>
#include <sstream>

#include "cli/walk_commands.h"
#include "fuzz/readers.h"
#include "fuzz/small_pair.h"

namespace lastack::fuzz {

namespace {

using Files = std::map<std::string, std::string>;

WalkFiles in_memory(Files& files) {
    return {[&files](const std::string& name, const std::string& text) { files[name] = text; },
            [&files](const std::string& name) {
                if (files.count(name) == 0) throw WalkError("cannot be read");
                return files.at(name);
            }};
}

}  // namespace

void read_step_script(std::string_view bytes) {
    constexpr int most_commands = 200;  // `show` and `save` take time in proportion to the walk
    Files files;
    WalkCommands walk(small_pair(), in_memory(files));
    std::istringstream script{std::string(bytes)};
    int commands = 0;
    for (std::string line; commands < most_commands && std::getline(script, line);) {
        const std::string command = WalkCommands::command_in(line);
        if (command.empty()) continue;
        ++commands;
        try {
            if (!walk.answer(command)) break;
        } catch (const WalkError& error) {
            if (std::string(error.what()).empty()) contradiction("a refusal without a reason");
        }
    }
    walk.answer("save walk.json");
    WalkCommands other(small_pair(), in_memory(files));
    other.answer("load walk.json");
    if (other.here() != walk.here() || other.steps() != walk.steps())
        contradiction("a walk that was saved leads elsewhere");
}

}  // namespace lastack::fuzz
