// The grammar of the spec language, in PEGTL. docs/spec-language.md is the same for people.
//
// Idea: white space and comments are eaten behind each token, so the rules below read like the grammar of the
// page. A token that does not match leaves a note of its place and of what it is called; the notes at the
// farthest place are the syntax error ("expected ..., found ...", as in Ford's packrat parsers). So there is
// no error handling in the rules themselves.
// Cost: linear in the text. Alternatives part at their first token, or after a name and one token.
// Invariant: every way to nest goes through `expression`, `negation`, `quantified` or `block`, whose depth is bounded.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>
#include <vector>

namespace lastack::grammar {

namespace peg = tao::pegtl;

// What would have been accepted at the farthest place that any token reached.
struct Expected {
    std::size_t offset = 0;
    std::vector<std::string_view> labels;  // for the message
    std::vector<std::string_view> words;   // the keywords among them, for the suggestion

    void note(std::size_t place, std::string_view label, std::string_view word) {
        if (place < offset) return;
        if (place > offset) {
            labels.clear();
            words.clear();
        }
        offset = place;
        const auto add = [](std::vector<std::string_view>& to, std::string_view text) {
            if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
        };
        add(labels, label);
        add(words, word);
    }
};

// A string as a template argument.
template <std::size_t N>
struct Text {
    char data[N] = {};
    constexpr Text() = default;
    constexpr Text(const char (&text)[N]) { std::copy_n(text, N, data); }
    constexpr std::string_view view() const { return std::string_view(data, N - 1); }
};

template <Text T>
constexpr auto quoted() {
    constexpr std::size_t length = sizeof(T.data) - 1;
    Text<length + 3> result;
    result.data[0] = '\'';
    std::copy_n(T.data, length, result.data + 1);
    result.data[length + 1] = '\'';
    return result;
}

// ---------------------------------------------------------------- lexemes

struct comment : peg::seq<peg::one<'#'>, peg::star<peg::not_one<'\n'>>> {};
struct gap : peg::star<peg::sor<peg::one<' ', '\t', '\r', '\n'>, comment>> {};

// Whether a word stands here and not the beginning of a longer one; a sign likewise. Functions of the text, not
// templates of it: there are hundreds of them.
template <typename Input>
bool eat_word(Input& in, std::string_view word) {
    if (in.size(word.size() + 1) < word.size() || std::string_view(in.current(), word.size()) != word) return false;
    if (in.size(word.size() + 1) > word.size()) {
        const char next = in.peek_char(word.size());
        if (next == '_' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'))
            return false;
    }
    in.bump_in_this_line(word.size());
    return true;
}

template <typename Input>
bool eat_sign(Input& in, std::string_view text) {
    if (in.size(text.size() + 1) < text.size() || std::string_view(in.current(), text.size()) != text) return false;
    if (in.size(text.size() + 1) > text.size()) {
        const char next = in.peek_char(text.size());
        if (text == "-" && (next == '>' || next == '=')) return false;
        if (text == "+" && next == '=') return false;
        if ((text == "<" || text == ">" || text == "=" || text == ":") && next == '=') return false;
        if (text == "." && next == '.') return false;
    }
    in.bump_in_this_line(text.size());
    return true;
}

template <Text T>
struct key {
    using rule_t = key;
    using subs_t = peg::empty_list;
    static constexpr std::string_view word = T.view();

    template <typename Input>
    static bool match(Input& in) {
        return eat_word(in, word);
    }
};

template <Text T>
struct sign {
    using rule_t = sign;
    using subs_t = peg::empty_list;
    static constexpr std::string_view word = "";

    template <typename Input>
    static bool match(Input& in) {
        return eat_sign(in, T.view());
    }
};

struct name : peg::identifier {
    static constexpr std::string_view word = "";
};
struct capital_name : peg::seq<peg::ranges<'A', 'Z'>, peg::star<peg::ranges<'A', 'Z', '0', '9', '_'>>,
                               peg::not_at<peg::identifier_other>> {
    static constexpr std::string_view word = "";
};
struct dotted_name : peg::seq<peg::identifier, peg::star<peg::one<'.', '/', '-'>, peg::plus<peg::identifier_other>>> {
    static constexpr std::string_view word = "";
};
struct integer : peg::seq<peg::plus<peg::digit>, peg::not_at<peg::identifier_other>> {
    static constexpr std::string_view word = "";
};
struct number : peg::seq<peg::plus<peg::digit>, peg::opt<peg::one<'.'>, peg::plus<peg::digit>>> {
    static constexpr std::string_view word = "";
};
struct text
    : peg::seq<peg::one<'"'>, peg::until<peg::one<'"'>, peg::sor<peg::seq<peg::one<'\\'>, peg::not_one<'\r', '\n'>>,
                                                                 peg::not_one<'\r', '\n'>>>> {
    static constexpr std::string_view word = "";
};
struct end_of_file : peg::eof {
    static constexpr std::string_view word = "";
};

// Words that an expression could not tell from a variable.
struct reserved : peg::sor<key<"and">, key<"or">, key<"not">, key<"implies">, key<"in">, key<"true">, key<"false">,
                           key<"seg">, key<"state">, key<"running">> {};
struct free_name : peg::seq<peg::not_at<reserved>, peg::identifier> {
    static constexpr std::string_view word = "";
};
// The left side of an assignment, known by the sign behind it: so a misspelled effect is not taken for one.
struct assigned
    : peg::seq<peg::identifier,
               peg::at<gap, peg::sor<peg::string<':', '='>, peg::string<'+', '='>, peg::string<'-', '='>>>> {
    static constexpr std::string_view word = "";
};

// A named effect where it is used, known by its bracket.
struct called : peg::seq<peg::not_at<key<"if">>, peg::identifier, peg::at<gap, peg::one<'('>>> {
    static constexpr std::string_view word = "";
};

// A word or a sign, and no rule of its own that derives from one, which may be a node.
template <typename Lexeme>
constexpr bool is_plain_word = false;
template <Text T>
constexpr bool is_plain_word<key<T>> = true;
template <Text T>
constexpr bool is_plain_word<sign<T>> = true;

template <typename Input>
bool eat_gap(Input& in) {
    return peg::match<gap, peg::apply_mode::nothing, peg::rewind_mode::dontcare, peg::nothing, peg::normal>(in);
}

// A lexeme, then what separates it from the next one. Notes what it is called where it does not match.
template <typename Lexeme, Text Label>
struct token {
    using rule_t = token;
    using subs_t = peg::type_list<Lexeme>;

    template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
              template <typename...> class Control, typename Input, typename... States>
    static bool match(Input& in, Expected& expected, States&&... states) {
        if constexpr (is_plain_word<Lexeme>) {  // it is no node, and nothing of it needs to be undone
            if (Lexeme::match(in)) return eat_gap(in);
            expected.note(in.byte(), Label.view(), Lexeme::word);
            return false;
        } else {
            auto mark = in.template mark<peg::rewind_mode::required>();
            const std::size_t offset = in.byte();
            if (!peg::match<Lexeme, A, peg::rewind_mode::active, Action, Control>(in, expected, states...)) {
                expected.note(offset, Label.view(), Lexeme::word);
                return false;
            }
            (void)eat_gap(in);
            return mark(true);
        }
    }
};

template <Text T>
using word = token<key<T>, quoted<T>()>;
template <Text T, Text Label>
using word_as = token<key<T>, Label>;
template <Text T>
using mark = token<sign<T>, quoted<T>()>;
using a_name = token<name, "a name">;
using a_state = token<capital_name, "a state">;
using a_text = token<text, "a text in quotes">;
using an_integer = token<integer, "a whole number">;

template <typename Rule>
struct comma_list : peg::list<Rule, mark<",">> {};
template <typename Rule>
struct semicolon_list : peg::opt<peg::list<Rule, mark<";">>, peg::opt<mark<";">>> {};

// ---------------------------------------------------------------- expressions, over the atoms of rules or of claims

struct in_rules;
struct in_claims;

template <typename Kind>
struct atom;
template <typename Kind>
struct expression;
template <typename Kind>
struct leading;  // what may stand in place of a comparison

template <Text T>
using operator_sign = token<sign<T>, "an operator">;
template <Text T>
using operator_word = word_as<T, "an operator">;

struct sum_operator : peg::sor<operator_sign<"+">, operator_sign<"-">> {};
struct comparison_operator : peg::sor<operator_sign<"==">, operator_sign<"!=">, operator_sign<"<=">,
                                      operator_sign<">=">, operator_sign<"<">, operator_sign<">">> {};

template <typename Kind>
struct sum : peg::list<atom<Kind>, sum_operator> {};
template <typename Kind>
struct comparison : peg::seq<sum<Kind>, peg::opt<comparison_operator, sum<Kind>>> {};
template <typename Kind>
struct negatable;
template <typename Kind>
struct negation : peg::seq<word_as<"not", "a condition">, negatable<Kind>> {};
template <typename Kind>
struct negatable : peg::sor<negation<Kind>, leading<Kind>, comparison<Kind>> {};
template <typename Kind>
struct conjunction : peg::list<negatable<Kind>, operator_word<"and">> {};
template <typename Kind>
struct disjunction : peg::list<conjunction<Kind>, operator_word<"or">> {};
template <typename Kind>
struct implication : peg::seq<disjunction<Kind>, peg::opt<operator_word<"implies">, disjunction<Kind>>> {};
template <typename Kind>
struct expression : implication<Kind> {};

using rule_expression = expression<in_rules>;
using claim_expression = expression<in_claims>;
using rule_sum = sum<in_rules>;

struct literal : token<integer, "a value"> {};
struct true_word : word_as<"true", "a value"> {};
struct false_word : word_as<"false", "a value"> {};
struct free_word : token<free_name, "a value"> {};
struct segment_field : peg::seq<word_as<"seg", "a value">, mark<".">,
                                token<name, "a field: seq, ack, len, fin, syn, rst, has_ack, zero_window or era">> {};

struct state_braces : peg::seq<mark<"{">, comma_list<a_state>, mark<"}">> {};
struct state_in : peg::seq<word_as<"state", "a condition">, word<"in">, peg::sor<state_braces, a_state>> {};
struct is_not : mark<"!="> {};
struct state_is : peg::seq<word_as<"state", "a condition">, peg::sor<mark<"==">, is_not>, a_state> {};
// Of a protocol with words of its own: which kind of segment it is.
struct kind_braces : peg::seq<mark<"{">, comma_list<token<name, "a segment">>, mark<"}">> {};
struct segment_is
    : peg::seq<word_as<"seg", "a condition">, word<"is">, peg::sor<kind_braces, token<name, "a segment">>> {};
struct running : peg::seq<word_as<"running", "a condition">, token<name, "a timer">> {};

// ---------------------------------------------------------------- formulas: arithmetic over settings and limits

struct formula_sum;
struct formula_condition;

struct formula_number : token<integer, "a whole number"> {};
struct formula_name : token<free_name, "a setting"> {};
struct extreme_word : peg::sor<key<"min">, key<"max">> {
    static constexpr std::string_view word = "";
};
struct formula_extreme
    : peg::seq<token<extreme_word, "'min' or 'max'">, mark<"(">, comma_list<formula_sum>, mark<")">> {};
struct formula_atom
    : peg::sor<formula_number, formula_extreme, formula_name, peg::seq<mark<"(">, formula_sum, mark<")">>> {};
struct formula_power : peg::seq<formula_atom, peg::opt<operator_sign<"^">, formula_atom>> {};
struct product_operator : peg::sor<operator_sign<"*">, operator_sign<"/">> {};
struct formula_product : peg::list<formula_power, product_operator> {};
struct formula_terms : peg::list<formula_product, sum_operator> {};
struct formula_comparison : peg::seq<formula_sum, comparison_operator, formula_sum> {};
struct formula_all : peg::list<formula_comparison, operator_word<"and">> {};
struct formula_condition : peg::list<formula_all, operator_word<"or">> {};
struct formula_choice : peg::seq<word<"if">, formula_condition, word<"then">, formula_sum, word<"else">, formula_sum> {
};
struct formula_sum : peg::sor<formula_choice, formula_terms> {};

template <>
struct leading<in_rules> : peg::sor<state_in, state_is, segment_is, running> {};
template <>
struct atom<in_rules> : peg::sor<literal, true_word, false_word, segment_field, free_word,
                                 peg::seq<token<sign<"(">, "a value">, rule_expression, mark<")">>> {};

}  // namespace lastack::grammar
