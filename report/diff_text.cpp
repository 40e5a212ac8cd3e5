#include "report/diff_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/check_text.h"

namespace lastack {

namespace {

constexpr const char* letters[2] = {"A", "B"};

std::string states_of(const std::vector<std::string>& states) {
    std::string text;
    for (const std::string& state : states) text += (text.empty() ? "" : "/") + state_label(state);
    return text;
}

// The words of both sides.
const Vocabulary& words_of(const Comparison& comparison) { return comparison.lts[0]->profile().vocabulary; }

std::string sizes_text(const Comparison& comparison) {
    std::string out;
    for (const int side : {0, 1}) {
        if (!comparison.lts[side]) continue;  // interrupted before
        const EndpointLts& lts = *comparison.lts[side];
        out += fmt::format("{}: {:<18} ", letters[side], lts.profile().name);
        if (!lts.complete()) {
            out += fmt::format("more than {} local states\n", grouped(lts.size() - 1));
            continue;
        }
        out += fmt::format("{} local states, {} edges", grouped(lts.size()), grouped(lts.edge_count()));
        if (!comparison.partition.rounds.empty()) {
            const std::size_t blocks = side == 0 ? comparison.partition.blocks_a : comparison.partition.blocks_b;
            out += fmt::format(", {} blocks", grouped(blocks));
        }
        out += "\n";
    }
    return out;
}

std::string scope_text(const Comparison& comparison) {
    const OpenAlphabet& alphabet = *comparison.alphabet;
    const bool own = comparison.lts[0] && words_of(comparison).own();
    const std::string numbers =
        own ? "every kind with every value of its fields"
            : fmt::format("all flags, SEQ and ACK 0 to {}, LEN 0 to {}", alphabet.highest_unit, alphabet.longest);
    std::string text = fmt::format("Alphabet: {} calls, {} timers, {} segments that stand for {} ({}).", alphabet.calls,
                                   alphabet.timers, grouped(alphabet.inputs.size() - alphabet.calls - alphabet.timers),
                                   grouped(alphabet.all_segments), numbers);
    if (!comparison.lts[0] || !comparison.lts[1]) return wrapped(text, 0, 2) + "\n";
    for (const int side : {0, 1}) {
        const Limits& limits = comparison.lts[side]->limits();
        if (limits.empty() || (side == 1 && limits == comparison.lts[0]->limits())) continue;
        text += fmt::format(" Limits of {}:", letters[side]);
        for (const auto& [name, value] : limits) {
            const Setting* setting = comparison.lts[side]->profile().setting(name);
            if (!setting || setting->given) text += fmt::format(" {} {}", name, value);
        }
        text += ".";
    }
    return wrapped(text, 0, 2) + "\n";
}

// "  close_active: "CLOSE queues the FIN" (RFC 9293 3.10.4)" for each rule.
std::string rules_text(const Profile& profile, const std::vector<std::string>& names, std::size_t indent) {
    const std::string blanks(indent, ' ');
    if (names.empty()) return "";
    std::string out;
    for (const std::string& name : names) {
        const Rule* rule = profile.rule(name);
        const std::string text =
            rule ? fmt::format("{}: {} ({})", name, rule->sentence, rule->cites) : fmt::format("{}", name);
        out += blanks + wrapped(text, indent, indent + 2) + "\n";
    }
    return out;
}

// What an answer looks like, and what it starts where only that tells the sides apart.
std::string answer_text(const Comparison& comparison, const Distinction& found, const Response& answer) {
    const auto seen = [&](const Response& one) {
        return to_string((*comparison.observations)[one.observation], words_of(comparison));
    };
    const auto looks_alike = [&](const Response& other) {
        return other.observation != answer.observation && seen(other) == seen(answer);
    };
    bool alike = false;
    for (const std::vector<Response>& answers : found.answers)
        alike = alike || std::any_of(answers.begin(), answers.end(), looks_alike);
    return to_string((*comparison.observations)[answer.observation], words_of(comparison), alike);
}

std::string counted_from(const Distinction& found, int side) {
    const std::size_t step = found.started_after[side];
    return step == 0 ? ", counted from the beginning" : fmt::format(", counted from step {}", step);
}

std::string answers_text(const Comparison& comparison, const Distinction& found, int side) {
    const bool segment = comparison.alphabet->inputs[found.input].trigger == Trigger::segment;
    std::string out;
    if (found.answers[side].empty()) out = fmt::format("     {}: not enabled\n", letters[side]);
    bool first = true;
    for (const Response& answer : found.answers[side]) {
        std::string what = answer_text(comparison, found, answer);
        if (answer.rules.empty() && segment) what += " (no rule matches)";
        if (found.in_time) what += counted_from(found, side);
        out += fmt::format("     {} ", first ? fmt::format("{}:", letters[side]) : "or");
        out += wrapped(what, 8, 8) + "\n";
        out += rules_text(comparison.lts[side]->profile(), answer.rules, 10);
        first = false;
    }
    return out;
}

std::string step_rules(const Comparison& comparison, const Distinction& found, std::size_t step) {
    std::string rules[2];
    if (found.waited[0] || found.waited[1]) return "";  // the runs have not the same number of steps
    for (const int side : {0, 1})
        rules[side] = fmt::format("{}", fmt::join(comparison.lts[side]->rules(found.run[side].edges[step]), ", "));
    if (rules[0] == rules[1]) return rules[0].empty() ? "" : "by " + rules[0];
    for (std::string& text : rules)
        if (text.empty()) text = "no rule";
    return fmt::format("A by {}; B by {}", rules[0], rules[1]);
}

std::string exchange_text(const Comparison& comparison, const Distinction& found) {
    const std::vector<Input>& inputs = comparison.alphabet->inputs;
    const Vocabulary& words = words_of(comparison);
    std::string out;
    for (std::size_t i = 0; i < found.steps.size(); ++i) {
        const Distinction::Step& step = found.steps[i];
        const std::string text = fmt::format("{} -> {}", to_string(inputs[step.input], words),
                                             to_string((*comparison.observations)[step.observation], words));
        out += fmt::format("{:>3}. ", i + 1) + wrapped(text, 5, 8) + "\n";
        std::string by = step_rules(comparison, found, i);
        if (step.mover >= 0) by = fmt::format("{} chooses; {}", letters[step.mover], by);
        if (!by.empty()) out += "       " + wrapped(by, 7, 9) + "\n";
    }
    out += fmt::format("{:>3}. ", found.steps.size() + 1) + to_string(inputs[found.input], words) + "\n";
    for (const int side : {0, 1}) out += answers_text(comparison, found, side);
    return out;
}

// Only flags where they tell the sides apart: the line has 80 columns for both.
std::string brief(const Comparison& comparison, const std::vector<Response>& answers, bool flags) {
    const Vocabulary& words = words_of(comparison);
    std::vector<std::string> parts;
    for (const Response& answer : answers) {
        const Observation& seen = (*comparison.observations)[answer.observation];
        std::string part;
        for (const Segment& segment : seen.sent)
            part += (part.empty() ? "" : "+") + (flags ? flags_of(segment, words) : to_string(segment, words));
        if (!seen.result.empty() && seen.result != "ok") part += (part.empty() ? "" : "+") + seen.result;
        for (const std::string& signal : seen.signals) part += (part.empty() ? "" : "+") + signal;
        if (part.empty()) part = seen.result.empty() ? "nothing" : seen.result;
        if (seen.latest_us >= 0) part += " after " + duration_text(seen.latest_us);
        if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    return parts.empty() ? "not enabled" : fmt::format("{}", fmt::join(parts, " or "));
}

std::string both_brief(const Comparison& comparison, const Distinction& found) {
    std::string sides[2];
    for (const bool flags : {true, false}) {
        for (const int side : {0, 1}) sides[side] = brief(comparison, found.answers[side], flags);
        if (sides[0] != sides[1]) break;
    }
    return fmt::format("A {}; B {}", sides[0], sides[1]);
}

std::string further_text(const DiffReport& report) {
    const Comparison& comparison = *report.comparison;
    const std::size_t all = comparison.further.size();
    if (all == 0) return "";
    std::string out = "\n" +
                      wrapped(fmt::format("Further differences: {}{} (the first of its kind in each state, "
                                          "after so many inputs that both answer alike)",
                                          grouped(all), comparison.all_pairs ? "" : " so far"),
                              0, 2) +
                      "\n";
    const std::size_t shown = std::min(all, report.shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const Distinction& found = comparison.further[i];
        std::string state = states_of(found.states[0]);
        if (found.states[0] != found.states[1]) state += ":" + states_of(found.states[1]);
        const std::string line = fmt::format("  {:>2}  {:<12} {}  {}", found.steps.size(), clipped(state, 22),
                                             to_string(comparison.alphabet->inputs[found.input], words_of(comparison)),
                                             found.in_time ? "not at the same time" : both_brief(comparison, found));
        out += clipped(line, 80) + "\n";
    }
    if (shown < all) out += fmt::format("  and {} more (--all)\n", grouped(all - shown));
    return out;
}

std::string declared_text(const DiffReport& report) {
    std::string out;
    const auto& renamed = report.comparison->alphabet->timer_of_b;
    for (const auto& [of_b, of_a] : renamed)
        out += "  " + wrapped(fmt::format("timer {} of A and timer {} of B are taken for the same", of_a, of_b), 2, 4) +
               "\n";
    for (const DeclaredDifference& one : report.declared) {
        const std::string text =
            fmt::format("{} {}: A {}; B {}", one.kind, one.name, one.of_a.empty() ? "has none" : one.of_a,
                        one.of_b.empty() ? "has none" : one.of_b);
        out += "  " + wrapped(text, 2, 4) + "\n";
    }
    return out.empty() ? "" : "\nDeclared differently:\n" + out;
}

std::string out_of_ranges_text(const Comparison& comparison) {
    const OutOfRanges& left = comparison.out_of_ranges;
    if (left.count == 0) return "";
    return "\n" +
           wrapped(fmt::format("Not compared: {} inputs by which only one side leaves its declared ranges; first {} on "
                               "{}: {}",
                               grouped(left.count), letters[left.side],
                               to_string(comparison.alphabet->inputs[left.input], words_of(comparison)), left.why),
                   0, 2) +
           "\n";
}

std::string vectors_text(const DiffReport& report) {
    std::string out;
    const Comparison& comparison = *report.comparison;
    if (comparison.distinction && words_of(comparison).own())
        return fmt::format("\nNo vectors: they are TCP segments, and the profiles speak {}\n",
                           words_of(comparison).protocol);
    for (const int side : {0, 1}) {
        for (const Projection& projection : report.vectors[side]) {
            if (projection.vector) continue;
            out += wrapped(fmt::format("No vector as {} does it: {}", letters[side], projection.reason), 0, 2) + "\n";
            break;  // for the same reason in each IP version
        }
    }
    return out.empty() ? "" : "\n" + out;
}

std::string verdict_text(const Comparison& comparison) {
    using Verdict = Comparison::Verdict;
    if (comparison.interrupted && comparison.verdict != Verdict::different)
        return "PARTIAL: interrupted before a difference was found\n";
    switch (comparison.verdict) {
        case Verdict::bisimilar: return "bisimilar: no observable difference within this alphabet\n";
        case Verdict::same_inside: return "undecided: no observable difference as far as both stay in their ranges\n";
        case Verdict::undecided: return "unknown: a limit was hit before a difference was found (--max-states)\n";
        case Verdict::different: break;
    }
    if (!comparison.distinction) return "differ, in choices only; no exchange that shows it fits the limits\n";
    const Distinction& found = *comparison.distinction;
    const std::size_t inputs = found.steps.size() + 1;
    if (found.in_time)
        return fmt::format("differ in time: {} inputs tell them apart, the last one is a timer that ends\n", inputs);
    if (!found.branching)
        return fmt::format("differ: {} input{} tell{} them apart\n", inputs, inputs == 1 ? "" : "s",
                           inputs == 1 ? "s" : "");
    return wrapped(fmt::format("differ, in choices only: {} Where one side chooses as below, the other one has no "
                               "answer after {} inputs.",
                               comparison.all_pairs ? "every exchange that one side allows the other allows, too."
                                                    : "no exchange was found that only one side allows.",
                               inputs),
                   0, 2) +
           "\n";
}

// Which exchange is shown, where it is not the shortest one, and whether it was played.
std::string trial_text(const DiffReport& report) {
    if (!report.trial || !report.trial->tried || report.trial->shortest) return "";
    const std::string text = report.trial->shows
                                 ? "This is the shortest exchange that a tester can play. The shortest one: "
                                 : "No exchange was found that a tester can play. The one above: ";
    return "\n" + wrapped(text + report.trial->reason, 0, 2) + "\n";
}

}  // namespace

std::string diff_text(const DiffReport& report) {
    const Comparison& comparison = *report.comparison;
    std::string out = sizes_text(comparison) + scope_text(comparison) + "\n" + verdict_text(comparison);
    if (comparison.distinction) out += "\n" + exchange_text(comparison, *comparison.distinction) + trial_text(report);
    out += further_text(report) + out_of_ranges_text(comparison) + declared_text(report) + vectors_text(report);
    if (comparison.interrupted && comparison.distinction) out += "\nPARTIAL: interrupted before all was compared\n";
    return out;
}

}  // namespace lastack
