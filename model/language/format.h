// The one layout of a spec: what `lastack fmt` writes.
//
// Where a line ends inside of a statement is the author's choice, as with gofmt; indentation, spaces, columns of
// declarations, blank lines, and which statements begin a line have one form. Comments are kept. docs/spec-language.md
// states the rules.
#pragma once

#include <string>

namespace lastack {

constexpr std::size_t widest_line = 120;  // characters; what is longer is broken where it can be

// The text laid out; laid out again it stays as it is. Names of files, rules or states are not looked up. Throws
// SpecError for what is no spec.
std::string formatted(const std::string& text, const std::string& name);

}  // namespace lastack
