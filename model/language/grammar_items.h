// The grammar of the spec language, second half: claims, profiles, systems and the file. See model/language/grammar.h.
#pragma once

#include "model/language/grammar.h"

namespace lastack::grammar {

// ---------------------------------------------------------------- durations

struct unit : peg::sor<key<"us">, key<"ms">, key<"s">, key<"min">> {
    static constexpr std::string_view word = "";
};
using a_unit = token<unit, "'us', 'ms', 's' or 'min'">;
struct duration
    : peg::sor<peg::seq<token<number, "a duration (200 ms, 1.5 s, 4 min)">, a_unit>, peg::seq<formula_sum, a_unit>> {};
struct up_to : peg::seq<word<"to">, duration> {};

// ---------------------------------------------------------------- claims

struct bracket : peg::seq<mark<"[">, rule_expression, mark<"]">> {};
struct an_end : token<free_name, "an end (A, B or a bound name)"> {};

struct end_in : peg::seq<operator_word<"in">, peg::sor<state_braces, a_state>> {};
struct end_member : peg::seq<token<sign<".">, "an operator">, token<name, "a variable">> {};
struct end_runs : peg::seq<operator_word<"runs">, token<name, "a timer">> {};
struct end_calls : peg::seq<operator_word<"calls">, token<name, "a call">> {};
struct end_expires : peg::seq<operator_word<"expires">, token<name, "a timer">> {};
struct end_signals : peg::seq<operator_word<"signals">, token<name, "a signal">> {};
struct end_fires : peg::seq<operator_word<"fires">, token<name, "a rule's name">> {};
struct end_returns : peg::seq<operator_word<"returns">, token<name, "a result">> {};
// How many segments: `exactly one`, `at most retries + 1`, `at least 2`.
struct one_word : word_as<"one", "a number"> {};
struct count_sum : peg::list<peg::sor<one_word, literal, free_word>, sum_operator> {};
struct exactly : word<"exactly"> {};
struct at_most : word<"most"> {};
struct at_least : word<"least"> {};
struct counted : peg::seq<peg::sor<exactly, peg::seq<word<"at">, peg::sor<at_most, at_least>>>, count_sum> {};
struct end_gets : peg::seq<operator_word<"gets">, peg::opt<bracket>> {};
struct end_sends : peg::seq<operator_word<"sends">, peg::opt<counted>, peg::opt<bracket>> {};

struct at_next : peg::seq<word_as<"next", "a condition">, an_end, peg::sor<end_in, end_member, end_runs>> {};
struct at_end
    : peg::seq<token<free_name, "a condition">, peg::sor<end_in, end_member, end_runs, end_calls, end_expires,
                                                         end_signals, end_fires, end_returns, end_gets, end_sends>> {};
// A predicate by its name; the parenthesis behind it tells it from an end and from a value, without a note of either.
struct applied_name : peg::seq<free_name, peg::at<gap, peg::one<'('>>> {
    static constexpr std::string_view word = "";
};
struct states_given : peg::seq<state_braces> {};
struct applied : peg::seq<token<applied_name, "a condition">, mark<"(">,
                          comma_list<peg::sor<states_given, claim_expression>>, mark<")">> {};
struct quiet : word_as<"quiet", "a condition"> {};
struct in_flight : peg::seq<word_as<"in", "a condition">, word<"flight">, word<"from">, an_end, peg::opt<counted>,
                            peg::opt<bracket>> {};
struct lost : peg::seq<word_as<"lost", "a condition">, word<"from">, an_end, peg::opt<bracket>> {};
struct doubled : peg::seq<word_as<"doubled", "a condition">, word<"from">, an_end, peg::opt<bracket>> {};

struct each_word : key<"each"> {};
struct some_word : key<"some"> {};
struct quantified : peg::seq<peg::sor<token<each_word, "a condition">, token<some_word, "a condition">>, a_name,
                             peg::opt<mark<",">, a_name>, mark<":">, claim_expression> {};

template <>
struct leading<in_claims> : peg::sor<quantified> {};
template <>
struct atom<in_claims>
    : peg::sor<literal, true_word, false_word, quiet, in_flight, lost, doubled, at_next, applied, at_end, free_word,
               peg::seq<token<sign<"(">, "a value">, claim_expression, mark<")">>> {};

struct cites : peg::seq<word<"cites">, a_text> {};

struct invariant : peg::seq<word<"invariant">, claim_expression> {};
struct step_claim : peg::seq<word<"step">, claim_expression> {};
struct reachable : peg::seq<word<"reachable">, claim_expression, peg::star<word<"then">, claim_expression>> {};
struct recoverable : peg::seq<word<"recoverable">, claim_expression> {};
struct ends_claim : peg::seq<word<"ends">, claim_expression> {};
struct no_sooner : peg::seq<word<"after">, duration> {};
struct no_later : peg::seq<word<"within">, duration> {};
struct leads
    : peg::seq<word<"leads">, claim_expression, word<"to">, claim_expression, peg::opt<no_sooner>, peg::opt<no_later>> {
};
struct eventually : peg::seq<word<"eventually">, claim_expression> {};
struct eventually_always : peg::seq<word<"eventually">, word<"always">, claim_expression> {};
struct always_eventually : peg::seq<word<"always">, word<"eventually">, claim_expression> {};
struct acyclic : peg::seq<word<"acyclic">, claim_expression> {};
struct claim_kind : peg::sor<invariant, step_claim, reachable, recoverable, ends_claim, leads, eventually_always,
                             eventually, always_eventually, acyclic> {};

struct strength : peg::sor<key<"weak">, key<"strong">> {
    static constexpr std::string_view word = "";
};
struct fair_timers : word<"timers"> {};
struct fair_timer : peg::seq<word<"timer">, token<name, "a timer">> {};
struct fair_delivery : word<"delivery"> {};
struct fair_call : peg::seq<word<"call">, token<name, "a call">> {};
struct fair_at : peg::seq<word<"at">, an_end> {};
struct fair_item : peg::seq<peg::opt<token<strength, "'weak', 'strong'">>,
                            peg::sor<fair_timers, fair_timer, fair_delivery, fair_call>, peg::opt<fair_at>> {};
struct fairness : peg::seq<word<"fair">, comma_list<fair_item>> {};

struct violated : key<"violated"> {};
struct vacuous : key<"vacuous"> {};
struct shortest : peg::seq<word<"shortest">, an_integer> {};
struct for_profile : peg::seq<word<"for">, comma_list<token<dotted_name, "a profile">>> {};
struct answer : peg::sor<peg::seq<peg::sor<word<"holds">, token<violated, "'violated'">>, peg::opt<shortest>>,
                         token<vacuous, "'vacuous'">> {};
struct with_settings : peg::seq<word<"with">, formula_condition> {};
struct expectation : peg::seq<word<"expect">, answer, peg::opt<for_profile>, peg::opt<with_settings>> {};
struct refuted : peg::seq<word<"expect">, word<"refuted">, word<"at">, an_end> {};
struct assuming : peg::seq<word<"assuming">, claim_expression> {};
struct claim_item : peg::seq<word<"claim">, token<dotted_name, "a name">, peg::opt<a_text>, peg::opt<cites>, word<"on">,
                             token<name, "a system">, peg::opt<assuming>, claim_kind, peg::star<fairness>,
                             peg::star<peg::sor<refuted, expectation>>> {};

struct parameters : peg::seq<mark<"(">, peg::opt<comma_list<a_name>>, mark<")">> {};
struct predicate_item : peg::seq<word<"predicate">, token<free_name, "a name">, peg::opt<parameters>, peg::opt<a_text>,
                                 mark<"=">, claim_expression> {};

// ---------------------------------------------------------------- systems

struct bound_word : peg::seq<word<"at">, word<"most">, an_integer> {};
struct loses : peg::seq<word<"loses">, peg::opt<bound_word>> {};
struct duplicates : peg::seq<word<"duplicates">, peg::opt<bound_word>> {};
struct reorders : word<"reorders"> {};
struct delay : peg::seq<word<"delay">, duration, peg::opt<up_to>> {};
template <Text T>
using part_word = word_as<T, "a part of a system">;

struct start_end : peg::sor<key<"A">, key<"B">> {
    static constexpr std::string_view word = "";
};
using an_end_letter = token<start_end, "'A' or 'B'">;
struct system_ends : peg::seq<part_word<"ends">, token<dotted_name, "a profile">,
                              peg::opt<word<"A">, mark<",">, token<dotted_name, "a profile">, word<"B">>> {};
struct network : peg::seq<part_word<"network">, an_integer, peg::star<peg::sor<loses, duplicates, reorders, delay>>> {};
struct call_set : peg::seq<mark<"{">, peg::star<token<name, "a call">, peg::opt<mark<",">>>, mark<"}">> {};
struct end_calls_set : peg::seq<an_end_letter, call_set> {};
struct calls : peg::seq<part_word<"calls">,
                        peg::sor<call_set, peg::seq<end_calls_set, peg::star<peg::opt<mark<",">>, end_calls_set>>>> {};
struct system_limit : peg::seq<token<name, "a limit">, mark<"=">, an_integer> {};
struct system_limits : peg::seq<part_word<"limit">, comma_list<system_limit>> {};
struct setting_value : peg::sor<a_text, token<dotted_name, "a name">, an_integer> {};
struct system_set : peg::seq<part_word<"set">, token<dotted_name, "a setting">, mark<"=">, setting_value> {};
struct undone_kind : peg::sor<key<"limit">, key<"set">> {
    static constexpr std::string_view word = "";
};
struct system_drop
    : peg::seq<part_word<"drop">, token<undone_kind, "'limit' or 'set'">, token<dotted_name, "a limit or a setting">> {
};
struct start_at : peg::seq<an_end_letter, word<"in">, a_state> {};
struct starts : peg::seq<part_word<"starts">, comma_list<start_at>> {};
struct system_parts : peg::star<peg::sor<system_ends, network, calls, starts, system_limits, system_set, system_drop>> {
};
struct system_parent : peg::seq<word<"extends">, token<name, "a system">> {};
struct system_item : peg::seq<word<"system">, a_name, peg::opt<system_parent>, peg::opt<a_text>, system_parts> {};
// What the systems of this file have where they do not say it themselves.
struct systems_item : peg::seq<word<"systems">, peg::opt<a_text>, system_parts> {};

// ---------------------------------------------------------------- rules

struct replace : key<"replace"> {};
struct may : key<"may"> {};
using replaces = peg::opt<token<replace, "a declaration">>;

struct field_word : peg::sor<key<"seq">, key<"ack">, key<"len">> {
    static constexpr std::string_view word = "";
};
struct flag_word : peg::sor<key<"fin">, key<"syn">, key<"rst">> {
    static constexpr std::string_view word = "";
};
struct field_value : peg::seq<token<field_word, "'seq', 'ack' or 'len'">, rule_sum> {};
// Of a protocol's own fields, whatever they are called.
struct own_value : peg::seq<token<name, "a field">, rule_expression> {};

struct effect;
struct block : peg::seq<mark<"{">, semicolon_list<effect>, mark<"}">> {};
template <Text T>
using effect_word = word_as<T, "an effect">;

struct set_flag : peg::seq<effect_word<"set">, token<name, "a flag">> {};
struct clear_flag : peg::seq<effect_word<"clear">, token<name, "a flag">> {};
struct send : peg::seq<effect_word<"send">, token<name, "a segment">,
                       peg::opt<word<"with">, comma_list<peg::sor<field_value, own_value>>>> {};
struct start : peg::seq<effect_word<"start">, token<name, "a timer">> {};
struct stop_all : peg::seq<effect_word<"stop">, word<"all">> {};
struct stop : peg::seq<effect_word<"stop">, token<name, "a timer">> {};
struct drop : effect_word<"drop"> {};
struct signal : peg::seq<effect_word<"signal">, a_name> {};
struct returns : peg::seq<effect_word<"returns">, a_name> {};
struct branch : peg::seq<effect_word<"if">, rule_expression, block, peg::opt<word<"else">, block>> {};
// Brackets, also where nothing stands in them: so a misspelled effect is not taken for a name.
struct used_effect : peg::seq<token<called, "an effect">, mark<"(">, peg::opt<comma_list<rule_expression>>, mark<")">> {
};
struct assign_operator : peg::sor<mark<":=">, mark<"+=">, mark<"-=">> {};
struct assign : peg::seq<token<assigned, "an assignment (x := 1)">, assign_operator, rule_expression> {};
struct effect
    : peg::sor<assign, set_flag, clear_flag, send, start, stop_all, stop, drop, signal, returns, branch, used_effect> {
};

struct state_list : comma_list<a_state> {};
struct any_state : peg::seq<word<"any">, peg::opt<word<"but">, comma_list<a_state>>> {};
struct guard : peg::seq<mark<"[">, rule_expression, mark<"]">> {};
struct target : peg::seq<mark<"->">, a_state> {};
struct rule_case
    : peg::seq<peg::sor<any_state, state_list>, peg::opt<guard>, peg::sor<peg::seq<target, peg::opt<block>>, block>> {};
// One rule, or one segment, for each value.
struct value_range : peg::seq<rule_sum, mark<"..">, rule_sum> {};
struct value_names : peg::seq<mark<"{">, comma_list<a_name>, mark<"}">> {};
struct any_segment : peg::seq<word<"any">, word<"segment">> {};
struct choice : peg::seq<a_name, word<"in">, peg::sor<value_names, any_segment, value_range>> {};
struct choices : peg::seq<word<"for">, comma_list<choice>> {};
struct rule_head : peg::seq<peg::opt<token<may, "a rule">>, word_as<"rule", "a rule">, a_name, peg::opt<choices>,
                            peg::opt<a_text>, peg::opt<cites>> {};
// A rule that replaces another one may keep its cases.
struct rule : peg::sor<peg::seq<token<replace, "a rule">, rule_head, peg::star<rule_case>>,
                       peg::seq<rule_head, peg::plus<rule_case>>> {};
struct place_before : peg::seq<word<"before">, token<name, "a step">> {};
struct place_after : peg::seq<word<"after">, token<name, "a step">> {};
struct step : peg::seq<word_as<"step", "a step">, a_name, peg::opt<peg::sor<place_before, place_after>>,
                       peg::opt<a_text>, peg::opt<cites>, peg::star<rule>> {};

// ---------------------------------------------------------------- declarations

template <Text T>
using declaration_word = word_as<T, "a declaration">;

struct state_option : peg::sor<key<"initial">, key<"final">, key<"forgets">> {
    static constexpr std::string_view word = "";
};
struct state_decl : peg::seq<a_state, peg::star<token<state_option, "'initial', 'final', 'forgets'">>> {};
struct states_item : peg::seq<declaration_word<"states">, comma_list<state_decl>> {};
struct driven_in : peg::seq<word<"in">, comma_list<token<dotted_name, "a suite">>> {};
struct driven_value : peg::seq<word<"driven">, an_integer, peg::opt<driven_in>> {};
struct limit_item
    : peg::seq<replaces, declaration_word<"limit">, a_name, mark<"=">, formula_sum, word<"in">, an_integer, mark<"..">,
               an_integer, peg::opt<driven_value>, peg::opt<a_text>, peg::opt<cites>> {};
struct setting_range : peg::seq<word<"in">, an_integer, mark<"..">, an_integer> {};
struct option_word : peg::sor<key<"sack">, key<"timestamps">, key<"window_scale">> {
    static constexpr std::string_view word = "";
};
struct offers : peg::seq<word<"offers">, token<option_word, "'sack', 'timestamps' or 'window_scale'">> {};
struct setting_item
    : peg::seq<replaces, declaration_word<"setting">, token<dotted_name, "a name">, mark<"=">, setting_value,
               peg::opt<setting_range>, peg::opt<offers>, peg::opt<a_text>, peg::opt<cites>> {};

struct doubled_from : peg::seq<word<"from">, a_name> {};
struct doubled_by : peg::seq<word<"by">, a_name> {};
struct doubling : peg::seq<word<"doubling">, word<"to">, duration, peg::opt<peg::sor<doubled_from, doubled_by>>> {};
struct runs_while : peg::seq<word<"while">, rule_expression> {};
struct timer_item : peg::seq<replaces, declaration_word<"timer">, a_name, mark<"=">, duration, peg::opt<up_to>,
                             peg::opt<doubling>, peg::opt<runs_while>, peg::opt<a_text>, peg::opt<cites>> {};

struct flag_type : word_as<"flag", "a type ('flag', {a, b} or 0..3)"> {};
struct enum_type : peg::seq<token<sign<"{">, "a type ('flag', {a, b} or 0..3)">, comma_list<a_name>, mark<"}">> {};
struct range_type : peg::seq<rule_sum, mark<"..">, rule_sum> {};
struct initial_value : peg::seq<mark<"=">, peg::sor<literal, true_word, false_word, free_word>> {};
struct history : key<"history"> {};
struct kept : key<"kept"> {};
struct var_item
    : peg::seq<replaces,
               peg::sor<declaration_word<"var">, token<history, "a declaration">, token<kept, "a declaration">>,
               comma_list<a_name>, mark<":">, peg::sor<flag_type, enum_type, range_type>, peg::opt<initial_value>,
               peg::opt<a_text>> {};
struct stream_item : peg::seq<declaration_word<"stream">, word<"from">, an_integer> {};
struct blocked_item : peg::seq<declaration_word<"blocked">, word<"while">, rule_expression> {};
struct state_set : peg::seq<state_braces> {};
struct let_item : peg::seq<replaces, declaration_word<"let">, a_name, mark<"=">, peg::sor<state_set, rule_expression>> {
};
struct window_field : peg::seq<word<"zero_window">, peg::opt<rule_expression>> {};
struct era_field : peg::seq<word<"era">, rule_sum> {};
struct flag_alone : peg::seq<token<flag_word, "'fin', 'syn' or 'rst'">, peg::at<peg::one<';', '}'>>> {};
struct own_field : peg::seq<token<name, "a field">, peg::opt<rule_expression>> {};
struct template_field : peg::sor<field_value, flag_alone, window_field, era_field, own_field> {};
struct segment_item : peg::seq<replaces, declaration_word<"segment">, a_name, peg::opt<choices>, mark<"{">,
                               semicolon_list<template_field>, mark<"}">> {};
// The words of a protocol of its own.
struct protocol_item : peg::seq<declaration_word<"protocol">, a_name> {};
struct field_item : peg::seq<replaces, declaration_word<"field">, comma_list<a_name>, mark<":">,
                             peg::sor<flag_type, range_type>, peg::opt<a_text>> {};
struct effect_item : peg::seq<replaces, declaration_word<"effect">, a_name, parameters, block> {};

struct drop_kind : peg::sor<key<"rule">, key<"step">, key<"timer">, key<"segment">, key<"call">, key<"effect">> {
    static constexpr std::string_view word = "";
};
struct drop_item
    : peg::seq<declaration_word<"drop">, token<drop_kind, "'rule', 'step', 'timer', 'segment', 'effect' or 'call'">,
               comma_list<a_name>> {};

struct on_call : peg::seq<word<"call">, token<name, "a call">, peg::opt<cites>, peg::star<rule>> {};
struct on_timer : peg::seq<word<"timer">, token<name, "a timer">, peg::opt<cites>, peg::star<rule>> {};
// A drop may stand between the steps, beside the rules that take the dropped one's place.
struct on_segment : peg::seq<word<"segment">, peg::star<peg::sor<step, drop_item>>> {};
struct on_item : peg::seq<word<"on">, peg::sor<on_call, on_timer, on_segment>> {};
struct replaced_rule : peg::seq<peg::at<word_as<"replace", "a rule">>, rule> {};

struct parent : peg::seq<word<"extends">, token<dotted_name, "a profile">> {};
struct profile_item : peg::seq<word<"profile">, token<dotted_name, "a name">, peg::opt<parent>, peg::opt<a_text>,
                               peg::opt<cites>, mark<"{">,
                               peg::star<peg::sor<protocol_item, states_item, field_item, stream_item, blocked_item,
                                                  limit_item, setting_item, timer_item, var_item, let_item,
                                                  segment_item, effect_item, on_item, drop_item, replaced_rule>>,
                               mark<"}">> {};

// In the file of a profile: what is expected of it, of a claim that stands elsewhere.
struct expectation_item : peg::seq<word<"expect">, comma_list<token<dotted_name, "a claim">>, answer, for_profile,
                                   peg::opt<with_settings>> {};
struct with_claims : peg::seq<word<"with">, word<"claims">> {};
struct use_item : peg::seq<word<"use">, a_text, peg::opt<with_claims>> {};
struct spec_file : peg::seq<gap,
                            peg::star<peg::sor<use_item, profile_item, system_item, systems_item, predicate_item,
                                               claim_item, expectation_item>>,
                            token<end_of_file, "the end of the file">> {};

}  // namespace lastack::grammar
