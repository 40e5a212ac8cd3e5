// Running the grammar, and turning "it does not match" into a message for a person.
#include "model/language/parser.h"

#include <tao/pegtl/contrib/limit_depth.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "model/language/grammar_items.h"
#include "model/language/tree.h"

namespace lastack {

namespace {

namespace peg = tao::pegtl;
using namespace grammar;

// A list or an operator with one operand is that operand.
struct fold_operand : peg::parse_tree::apply<fold_operand> {
    template <typename Node, typename... States>
    static void transform(std::unique_ptr<Node>& node, States&&...) {
        if (node->children.size() == 1) node = std::move(node->children.front());
    }
};

// Which rules of the grammar become nodes.
template <typename Rule>
using selected = peg::parse_tree::selector<
    Rule,
    peg::parse_tree::store_content::on<
        name, capital_name, dotted_name, integer, number, text, free_name, assigned, called, field_word, flag_word,
        state_option, unit, drop_kind, some_word, violated, vacuous, replace, may, history, kept, strength, start_end,
        is_not, sum_operator, comparison_operator, assign_operator, true_word, false_word, segment_field, state_in,
        state_is, running, literal, free_word, negation<in_rules>, negation<in_claims>, bracket, end_in, end_member,
        end_runs, end_calls, end_expires, end_signals, end_fires, end_returns, applied_name, states_given, applied,
        parameters, predicate_item, one_word, exactly, at_most, at_least, counted, end_gets, end_sends, at_next, at_end,
        quiet, in_flight, lost, doubled, quantified, cites, invariant, step_claim, reachable, recoverable, ends_claim,
        leads, eventually, eventually_always, always_eventually, acyclic, assuming, fair_timers, fair_timer,
        fair_delivery, fair_call, fair_at, fair_item, fairness, shortest, for_profile, with_settings, with_claims,
        expectation, refuted, claim_item, bound_word, loses, duplicates, reorders, delay, no_sooner, no_later, network,
        call_set, end_calls_set, calls, start_at, starts, system_ends, system_limit, system_limits, system_set,
        undone_kind, system_drop, system_parent, system_item, systems_item, value_range, value_names, any_segment,
        choice, choices, effect_item, used_effect, field_value, own_value, own_field, segment_is, protocol_item,
        field_item, block, set_flag, clear_flag, send, start, stop_all, stop, drop, signal, returns, branch, assign,
        state_list, any_state, guard, target, rule_case, rule, place_before, place_after, step, state_decl, states_item,
        driven_in, driven_value, limit_item, setting_item, setting_range, offers, option_word, formula_number,
        formula_name, extreme_word, formula_extreme, product_operator, formula_comparison, formula_choice, duration,
        up_to, doubled_from, doubled_by, doubling, runs_while, timer_item, flag_type, enum_type, range_type,
        initial_value, var_item, stream_item, blocked_item, state_set, let_item, window_field, era_field, segment_item,
        on_call, on_timer, on_segment, drop_item, replaced_rule, parent, profile_item, expectation_item, use_item>,
    fold_operand::on<count_sum, sum<in_rules>, sum<in_claims>, comparison<in_rules>, comparison<in_claims>,
                     conjunction<in_rules>, conjunction<in_claims>, disjunction<in_rules>, disjunction<in_claims>,
                     expression<in_rules>, expression<in_claims>, formula_power, formula_product, formula_terms,
                     formula_all, formula_condition>>;

template <typename Rule>
struct bounded : peg::nothing<Rule> {};
template <>
struct bounded<rule_expression> : peg::limit_depth<deepest_nesting> {};
template <>
struct bounded<claim_expression> : peg::limit_depth<deepest_nesting> {};
template <>
struct bounded<negation<in_rules>> : peg::limit_depth<deepest_nesting> {};
template <>
struct bounded<negation<in_claims>> : peg::limit_depth<deepest_nesting> {};
template <>
struct bounded<formula_sum> : peg::limit_depth<deepest_nesting> {};
template <>
struct bounded<block> : peg::limit_depth<deepest_nesting> {};

// What is no node has nothing to do where it begins and ends, so that the compiler need not ask what: that saves it
// twenty seconds.
template <typename Rule>
struct only_nodes : peg::normal<Rule> {
    static constexpr bool enable = selected<Rule>::value;
};

bool is_word(char byte) { return peg::identifier_other::test(byte); }

// "a, b or c"
std::string listed(const std::vector<std::string_view>& labels) {
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (i > 0) text += i + 1 == labels.size() ? " or " : ", ";
        text += labels[i];
    }
    return text;
}

// The token at the place, as the reader sees it: a word, a number or one sign.
std::string_view token_at(const std::string& text, std::size_t offset) {
    std::size_t end = offset;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == offset && end < text.size()) {
        ++end;  // one sign, which may be a character of several bytes
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    }
    return std::string_view(text).substr(offset, end - offset);
}

std::string found_at(const std::string& text, std::size_t offset) {
    if (offset >= text.size()) return "the end of the file";
    if (text[offset] == '"') {
        const std::size_t end = text.find_first_of("\"\n", offset + 1);
        return end == std::string::npos || text[end] == '\n' ? "a text without its closing quote" : "a text";
    }
    constexpr std::size_t shown = 40;
    const std::string token(token_at(text, offset));
    return "'" + (token.size() > shown ? token.substr(0, shown) + "..." : token) + "'";
}

SpecError syntax_error(const std::shared_ptr<const SourceText>& source, const Expected& expected) {
    const std::string& text = source->text;
    const std::string token(token_at(text, expected.offset));
    const auto expects = [&expected](std::string_view label) {
        return std::find(expected.labels.begin(), expected.labels.end(), label) != expected.labels.end();
    };
    std::vector<std::string> candidates(expected.words.begin(), expected.words.end());
    if (expects("a state")) candidates.insert(candidates.end(), known_states.begin(), known_states.end());
    std::string suggestion = did_you_mean(token, candidates);
    if (suggestion.empty() && expects("an effect") &&
        text.find_first_not_of(" \t", expected.offset + token.size()) == text.find('=', expected.offset)) {
        suggestion = "an assignment is written with ':='";
    }
    if (suggestion.empty() && expects("an effect") && !token.empty() && is_word(token.front()) &&
        text.find_first_not_of(" \t\r\n", expected.offset + token.size()) ==
            text.find_first_of(";}", expected.offset)) {
        suggestion = "an effect of the profile is used with brackets, also where it has no parameters: " + token + "()";
    }
    if (suggestion.empty() && token == "=" && expects("an operator")) suggestion = "did you mean '=='?";
    return SpecError(Places(source).at(expected.offset, std::max<std::size_t>(token.size(), 1)),
                     "expected " + listed(expected.labels) + ", found " + found_at(text, expected.offset), suggestion);
}

}  // namespace

std::unique_ptr<syntax::Node> syntax::parse_tree(const std::shared_ptr<const SourceText>& source) {
    peg::memory_input<peg::tracking_mode::eager, peg::eol::lf> input(source->text, source->name);
    Expected expected;
    try {
        auto root = peg::parse_tree::parse<spec_file, syntax::Node, selected, bounded, only_nodes>(input, expected);
        if (!root) throw syntax_error(source, expected);
        return root;
    } catch (const peg::parse_error& error) {
        // The only error that PEGTL throws here: limit_depth.
        throw SpecError(Places(source).at(error.positions().front().byte, 1),
                        "nested more than " + std::to_string(deepest_nesting) + " deep");
    }
}

syntax::File parse_file(const std::shared_ptr<const SourceText>& source, Problems& problems) {
    return syntax::TreeReader(source, problems).file(*syntax::parse_tree(source));
}

}  // namespace lastack
