// A user's mistake in a spec, with its place in the text.
//
// Everything that reads user text reports through SpecError; `assert` is for our own bugs. One SpecError may
// carry several diagnostics, in the order of the text.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace lastack {

// A spec file as it was read. Kept alive by the places that point into it.
struct SourceText {
    std::string name;  // the path as the user wrote it
    std::string text;
};

// A place in a spec: 1-based line and column, length in characters (at least 1 when it is drawn).
struct Where {
    std::shared_ptr<const SourceText> source;
    int line = 0;
    int column = 0;
    int length = 1;
};

struct Diagnostic {
    Where where;
    std::string message;     // "unknown timer 'rt0'"
    std::string suggestion;  // "did you mean 'rto'?"; may be empty
};

// `file:line:col: error: message`, the line of the spec, a caret below the place, then the suggestion.
std::string render(const Diagnostic& diagnostic);

// The candidate nearest to `word` by edit distance, as "did you mean 'x'?"; empty when none is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

// Thrown by whatever reads a spec. what() is all diagnostics, rendered.
class SpecError : public std::runtime_error {
public:
    explicit SpecError(std::vector<Diagnostic> diagnostics);
    SpecError(const Where& where, const std::string& message, const std::string& suggestion = "");
    const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

private:
    std::vector<Diagnostic> diagnostics_;
};

}  // namespace lastack
