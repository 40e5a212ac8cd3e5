// A spec as words, signs and comments, each with what the grammar says of its place: what the layout (format.h) is made
// from.
//
// Statements come from the parse tree: what stands directly in a file, profile, system or claim, and each step, rule
// and case. So a declaration that is new to the grammar is a statement without a word being said about it here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "model/diagnostic.h"

namespace lastack {

struct LayoutToken {
    enum class Kind { word, number, text, sign, comment };
    enum class Starts {
        nothing,
        top,        // a profile, a system, a claim: a blank line stands before it
        statement,  // anything else
        clause,     // of a system or a claim: it may stand on the line of what is before it
        case_,      // a case of a rule
        only_case,  // of a rule with one case: it may stand on the rule's line
    };
    Kind kind = Kind::sign;
    std::string text;
    int line_ends = 0;  // before it, in the text as it was
    Starts starts = Starts::nothing;
    bool may_share() const { return starts == Starts::clause || starts == Starts::only_case; }
    int level = 0;                  // of the statement that starts here
    bool in_profile = false;        // a declaration, not a claim or a system
    bool in_range = false;          // of a type: 0..data+1
    bool is_set = false;            // a brace of a set of names: {A, B}
    bool holds_statements = false;  // a brace whose content are statements
};

// Throws SpecError where the text is no spec.
std::vector<LayoutToken> layout_tokens(const std::shared_ptr<const SourceText>& source);

// All words that the grammar has, in alphabetical order: what editors colour, what docs/spec-language.md explains.
std::vector<std::string> grammar_words();

}  // namespace lastack
