// Texts about the command that are made from the table of its options, which CLI11 holds: completions for three shells
// and a manual page. What an option is called and takes is said in cli/main.cpp alone.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace lastack {

// What a validator is named so that the completions know the words that it takes, where its type does not list them.
std::string named_choices(const std::vector<std::string>& words);

extern const std::vector<std::string> completed_shells;  // bash, zsh, fish

// The completion script for one of them.
std::string completion_text(CLI::App& app, const std::string& shell);

// lastack(1), for man(1). `exit_codes`: in words.
std::string manual_text(CLI::App& app, const std::string& exit_codes);

}  // namespace lastack
