// Texts about the command that are made from the table of its options, which CLI11 holds: completions for three shells
// and a manual page. What an option is called and takes is said in cli/main.cpp alone.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace lastack {

extern const std::vector<std::string> completed_shells;  // bash, zsh, fish

// The completion script for one of them.
std::string completion_text(const CLI::App& app, const std::string& shell);

// lastack(1), for man(1). `exit_codes`: in words.
std::string manual_text(const CLI::App& app, const std::string& exit_codes);

}  // namespace lastack
