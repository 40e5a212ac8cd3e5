// The text of a spec and the places in it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/diagnostic.h"

namespace lastack {

// Bounds that keep hostile input cheap. A message names the one that was passed.
constexpr std::size_t largest_source = std::size_t{4} << 20U;  // bytes, one file
constexpr std::size_t deepest_nesting = 100;                   // brackets, blocks, quantifiers, `not`
constexpr int deepest_tree = 200;                              // an expression, chains of operators and lets included
constexpr std::size_t most_names = 2000;  // of one kind in a profile; so that linear look-ups are enough
constexpr std::size_t most_profiles = 200;
constexpr std::size_t most_diagnostics = 20;

// A text that is safe to parse: not too large, UTF-8, no control characters. Throws SpecError.
// A byte-order mark at its start is removed.
std::shared_ptr<const SourceText> checked_source(std::string name, std::string text);

// From byte offsets to places. Cost: one pass over the text when made, then a binary search for a place.
class Places {
public:
    explicit Places(std::shared_ptr<const SourceText> source);
    // `length` in bytes; the place ends with its line.
    Where at(std::size_t offset, std::size_t length) const;

private:
    std::size_t characters_before(std::size_t offset) const;

    std::shared_ptr<const SourceText> source_;
    std::vector<std::size_t> lines_;       // the offset of each line's first byte
    std::vector<std::size_t> characters_;  // how many characters start before each `stride`-th byte
};

// Mistakes found so far. Resolvers go on after one, so that a reader sees several at once.
class Problems {
public:
    // The same message at the same place is kept once.
    void add(const Where& where, const std::string& message, const std::string& suggestion = "");
    std::size_t count() const { return diagnostics_.size(); }
    // A suggestion for those found since there were `since`, by their places, where they have none and it is not empty.
    void explain(std::size_t since, const std::function<std::string(const Where&)>& suggestion);
    // A suggestion for those found since there were `since`, where they have none.
    void explain(std::size_t since, const std::string& suggestion);
    // A further line behind the suggestion of those found since there were `since`.
    void note(std::size_t since, const std::string& text);
    // Throws SpecError where there are any: by file as first met, then by place; at most `most_diagnostics`.
    void throw_if_any() const;

private:
    std::vector<Diagnostic> diagnostics_;
};

}  // namespace lastack
