// Idea: one solver walks the steps of a handler in order. What earlier steps let through is asserted for good; each
// question about a step is an assumption of its own. A case is dead where it cannot match; two plain cases conflict
// where both can match at once.
// Source: the ordered steps of RFC 9293 3.10.7.4; vacuity as in guard analysis of transition systems, decided by
// SAT over finite domains. Deviation: steps are over-approximated (rule_formula.h), so a case that dies only of what an
// earlier step computes is not found. What is dead with the limits as given, and that alone, is asked again with all of
// their values. Cost: one question for each case, one for each step, and where something conflicts there one for each
// pair of plain cases that share a state; less than a millisecond each. An example is made least, value by value, so
// that it does not depend on Z3's choice of a model.
#include "checker/rules/rule_analysis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "checker/claims/check.h"
#include "checker/rules/rule_formula.h"
#include "model/plain.h"

namespace lastack {

namespace {

constexpr int most_questions = 10'000;       // to Z3, in one profile; keeps hostile specs cheap
constexpr unsigned most_effort = 5'000'000;  // Z3's own count of work, for one question: the same on each machine
constexpr std::size_t most_conflicts = 20;   // of one profile; nobody reads more

struct Candidate {
    const Rule* rule;
    const Case* source;
    z3::expr match;
    bool dead = false;
};

bool share_a_state(const Case& a, const Case& b) {
    return std::any_of(a.from.begin(), a.from.end(),
                       [&](int state) { return std::count(b.from.begin(), b.from.end(), state) > 0; });
}

class Examination {
public:
    // `suspects`: which of these, dead with the limits as given, are so whatever the limits are. Nothing else is asked
    // then; null: which cases are dead and which conflict, with the limits as given.
    Examination(const Profile& profile, const Limits& limits, const std::vector<DeadCase>* suspects,
                const std::function<bool()>& stop)
        : profile_(profile), limits_(limits), suspects_(suspects), stop_(stop),
          formula_(profile, limits, suspects != nullptr), path_(formula_.context(), "QF_FD"),
          alone_(formula_.context(), "QF_FD") {
        for (z3::solver* solver : {&path_, &alone_}) {
            z3::params params(formula_.context());
            params.set("rlimit", most_effort);
            params.set("ctrl_c", false);  // an interrupt is the program's business, not swallowed by a query
            solver->set(params);
        }
    }

    RuleFindings run() {
        for (const Handler& handler : profile_.handlers) {
            if (steps_to_ask(handler) > 0) examine(handler);
        }
        findings_.complete = given_up_ == 0;
        return std::move(findings_);
    }

private:
    bool is_suspect(const Rule& rule, const Case& one) const;
    std::size_t steps_to_ask(const Handler& handler) const;
    void examine(const Handler& handler);
    void examine(const Step& step, const Situation& here, bool first, Trigger trigger);
    std::optional<DeadCase::Why> why_dead(const Candidate& candidate, bool first);
    void find_dead(std::vector<Candidate>& candidates, bool first);
    bool may_conflict(const Candidate& a, const Candidate& b) const;
    bool is_free_of_conflicts(const std::vector<Candidate>& candidates);
    void find_conflicts(const std::vector<Candidate>& candidates, const Situation& here, Trigger trigger);
    void add_conflict(const Candidate& first, const Candidate& second, const Situation& here, Trigger trigger);
    EndState least_state(const Situation& here);
    Segment least_segment();
    Segment least_own();
    int settle(const z3::expr& term, int preferred, int high);

    // Can this hold together with what is asserted?
    z3::check_result ask(z3::solver& solver, const z3::expr& also) {
        z3::check_result result = z3::unknown;
        if (asked_ < most_questions && !(stop_ && stop_())) {
            // An assumption, which costs less than to push and to pop what is asked.
            z3::expr question = formula_.context().bool_const(("question " + std::to_string(++asked_)).c_str());
            solver.add(z3::implies(question, also));
            result = solver.check(1, &question);
        }
        if (result == z3::unknown) ++given_up_;
        return result;
    }

    const Profile& profile_;
    const Limits& limits_;
    const std::vector<DeadCase>* suspects_;
    const std::function<bool()>& stop_;
    RuleFormula formula_;
    z3::solver path_;   // what reaches the step at hand
    z3::solver alone_;  // nothing: for questions about the declared ranges only
    z3::expr alone_ranges_ = formula_.context().bool_val(true);  // those at the step at hand
    RuleFindings findings_;
    int asked_ = 0;
    std::int64_t given_up_ = 0;  // questions without an answer
    int stamp_ = 0;
};

bool Examination::is_suspect(const Rule& rule, const Case& one) const {
    return std::any_of(suspects_->begin(), suspects_->end(), [&](const DeadCase& dead) {
        return dead.rule == &rule && (dead.which == nullptr || dead.which == &one);
    });
}

// How many of its first steps have to be looked at.
std::size_t Examination::steps_to_ask(const Handler& handler) const {
    if (suspects_ == nullptr) return handler.steps.size();
    const auto suspicious = [&](const Rule& rule) {
        return std::any_of(rule.cases.begin(), rule.cases.end(),
                           [&](const Case& one) { return is_suspect(rule, one); });
    };
    std::size_t steps = handler.steps.size();
    while (steps > 0 &&
           std::none_of(handler.steps[steps - 1].rules.begin(), handler.steps[steps - 1].rules.end(), suspicious))
        --steps;
    return steps;
}

void Examination::examine(const Handler& handler) {
    Situation here = formula_.anything(++stamp_);
    z3::expr start = formula_.in_range(here) && formula_.entered(handler, here);
    if (handler.trigger == Trigger::segment) start = start && formula_.segment_in_range();
    path_.push();
    path_.add(start);
    const std::size_t steps = steps_to_ask(handler);
    for (std::size_t i = 0; i < steps; ++i) {
        const Step& step = handler.steps[i];
        alone_ranges_ = formula_.in_range(here) && formula_.entered(handler, here) && formula_.segment_in_range();
        examine(step, here, i == 0, handler.trigger);
        if (i + 1 == steps) break;
        z3::expr known = formula_.context().bool_val(true);
        here = formula_.pass(step, here, ++stamp_, known);
        path_.add(known);
    }
    path_.pop();
}

void Examination::examine(const Step& step, const Situation& here, bool first, Trigger trigger) {
    std::vector<Candidate> candidates;
    for (const Rule& rule : step.rules) {
        for (const Case& source : rule.cases) {
            if (suspects_ != nullptr && !is_suspect(rule, source)) continue;
            candidates.push_back({&rule, &source, formula_.matches(source, here)});
        }
    }
    find_dead(candidates, first);
    if (suspects_ == nullptr) find_conflicts(candidates, here, trigger);
}

std::optional<DeadCase::Why> Examination::why_dead(const Candidate& candidate, bool first) {
    if (candidate.source->from.empty()) return DeadCase::Why::no_state;
    if (ask(path_, candidate.match) != z3::unsat) return std::nullopt;
    if (first) return DeadCase::Why::guard;
    return ask(alone_, alone_ranges_ && candidate.match) == z3::unsat ? DeadCase::Why::guard : DeadCase::Why::shadowed;
}

void Examination::find_dead(std::vector<Candidate>& candidates, bool first) {
    for (std::size_t i = 0; i < candidates.size();) {
        std::vector<DeadCase> dead;
        const Rule* rule = candidates[i].rule;
        for (; i < candidates.size() && candidates[i].rule == rule; ++i) {
            if (const auto why = why_dead(candidates[i], first)) {
                candidates[i].dead = true;
                dead.push_back({rule, candidates[i].source, *why});
            }
        }
        if (dead.size() == rule->cases.size()) dead = {DeadCase{rule, nullptr, dead.back().why}};
        findings_.dead.insert(findings_.dead.end(), dead.begin(), dead.end());
    }
}

bool Examination::may_conflict(const Candidate& a, const Candidate& b) const {
    return !a.rule->may && !b.rule->may && !a.dead && !b.dead && share_a_state(*a.source, *b.source);
}

// One question about all pairs of a step: mostly none conflict, and then it was the only one.
bool Examination::is_free_of_conflicts(const std::vector<Candidate>& candidates) {
    z3::expr some = formula_.context().bool_val(false);
    bool asks = false;
    for (std::size_t second = 1; second < candidates.size(); ++second) {
        for (std::size_t first = 0; first < second; ++first) {
            if (!may_conflict(candidates[first], candidates[second])) continue;
            some = some || (candidates[first].match && candidates[second].match);
            asks = true;
        }
    }
    const std::int64_t given_up = given_up_;
    const bool is_free = !asks || ask(path_, some) == z3::unsat;
    given_up_ = given_up;  // too hard a question as a whole is asked in parts
    return is_free;
}

void Examination::find_conflicts(const std::vector<Candidate>& candidates, const Situation& here, Trigger trigger) {
    if (is_free_of_conflicts(candidates)) return;
    for (std::size_t second = 1; second < candidates.size(); ++second) {
        for (std::size_t first = 0; first < second; ++first) {
            const Candidate &a = candidates[first], &b = candidates[second];
            if (!may_conflict(a, b)) continue;
            if (findings_.conflicts.size() == most_conflicts) return;
            if (ask(path_, a.match && b.match) != z3::sat) continue;
            add_conflict(a, b, here, trigger);
            break;
        }
    }
}

void Examination::add_conflict(const Candidate& first, const Candidate& second, const Situation& here,
                               Trigger trigger) {
    RuleConflict conflict{first.rule, first.source, second.rule, second.source, {}, {}};
    const std::int64_t given_up = given_up_;
    path_.push();
    path_.add(first.match && second.match);
    conflict.example = least_state(here);
    if (trigger == Trigger::segment) conflict.segment = least_segment();
    path_.pop();
    if (given_up_ != given_up) return;  // the example may be wrong
    for (const Case* one : {conflict.first, conflict.second}) {
        const Segment* segment = conflict.segment ? &*conflict.segment : nullptr;
        const bool listed = std::count(one->from.begin(), one->from.end(), conflict.example.state) > 0;
        if (!listed || (one->guard && !plain_value(profile_, limits_, conflict.example, *one->guard, segment))) {
            throw Disagreement(
                fmt::format("rules '{}' and '{}': the plain interpreter does not confirm that both match",
                            first.rule->name, second.rule->name));
        }
    }
    findings_.conflicts.push_back(std::move(conflict));
}

// ---------------------------------------------------------------- the least example

// Fixes a term in what is asserted: to the preferred value where that is possible, else to its least one. The caller
// knows that 0..high holds a possible value.
int Examination::settle(const z3::expr& term, int preferred, int high) {
    int low = 0;
    if (ask(path_, term == formula_.number(preferred)) == z3::sat) {
        low = high = preferred;
    }
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (ask(path_, term >= formula_.number(low) && term <= formula_.number(middle)) == z3::sat) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    path_.add(term == formula_.number(low));
    return low;
}

EndState Examination::least_state(const Situation& here) {
    EndState end;
    end.state = settle(here.state, profile_.initial_state(), static_cast<int>(profile_.states.size()) - 1);
    for (std::size_t i = 0; i < profile_.variables.size(); ++i) {
        end.values.push_back(settle(here.values[i], profile_.variables[i].initial, formula_.high(static_cast<int>(i))));
    }
    for (std::size_t i = 0; i < profile_.timers.size(); ++i) {
        const z3::expr armed = z3::ite(here.armed[i], formula_.number(1), formula_.number(0));
        end.armed.push_back(!profile_.timers[i].runs_while && settle(armed, 0, 1) == 1);
    }
    return end;
}

Segment Examination::least_segment() {
    const auto flag = [&](const char* name, int preferred) { return settle(formula_.field(name), preferred, 1) == 1; };
    const auto number = [&](const char* name) {
        return static_cast<std::uint8_t>(settle(formula_.field(name), 0, formula_.top()));
    };
    if (profile_.vocabulary.own()) return least_own();
    Segment segment;
    segment.fin = flag("fin", 0);
    segment.syn = flag("syn", 0);
    segment.rst = flag("rst", 0);
    segment.has_ack = flag("has_ack", 1);  // nearly every segment has it
    segment.zero_window = flag("zero_window", 0);
    segment.len = number("len");
    segment.seq = number("seq");
    segment.ack = number("ack");
    return segment;
}

// In the protocol's own words: of the first kind that may be.
Segment Examination::least_own() {
    const Vocabulary& vocabulary = profile_.vocabulary;
    Segment segment;
    segment.kind = static_cast<std::uint8_t>(settle(formula_.kind(), 1, static_cast<int>(vocabulary.kinds.size())));
    for (std::size_t i = 0; i < vocabulary.fields.size(); ++i)
        segment.own[i] =
            static_cast<std::uint8_t>(settle(formula_.own_field(static_cast<int>(i)), 0, formula_.highest_own(i)));
    return segment;
}

// ---------------------------------------------------------------- for the author

// Variables and timers that a guard reads, also through the condition of a derived timer.
void collect_reads(const Profile& profile, const Expr& expr, std::set<int>& variables, std::set<int>& timers) {
    if (expr.op == Op::variable) variables.insert(expr.index);
    if (expr.op == Op::running) {
        const auto& derived = profile.timers[expr.index].runs_while;
        if (derived) {
            collect_reads(profile, *derived, variables, timers);
        } else {
            timers.insert(expr.index);
        }
    }
    for (const Expr& arg : expr.args) collect_reads(profile, arg, variables, timers);
}

std::string example_of(const Profile& profile, const RuleConflict& conflict) {
    std::set<int> variables, timers;
    for (const Case* one : {conflict.first, conflict.second}) {
        if (one->guard) collect_reads(profile, *one->guard, variables, timers);
    }
    std::vector<std::string> facts;
    for (const int i : variables) {
        const Variable& variable = profile.variables[i];
        const int value = conflict.example.values[i];
        facts.push_back(variable.enumerators.empty()
                            ? fmt::format("{}={}", variable.name, value)
                            : fmt::format("{}={}", variable.name, variable.enumerators[value]));
    }
    for (const int i : timers)
        facts.push_back(profile.timers[i].name + (conflict.example.armed[i] ? " running" : " not running"));
    std::string text = "for example in " + profile.states[conflict.example.state].name;
    if (!facts.empty()) text += fmt::format(" with {}", fmt::join(facts, " "));
    if (conflict.segment)
        text +=
            (facts.empty() ? " with a segment " : " and a segment ") + to_string(*conflict.segment, profile.vocabulary);
    return text;
}

Diagnostic diagnostic_of(const Profile& profile, const RuleConflict& conflict) {
    const std::string& first = conflict.first_rule->name;
    const std::string& second = conflict.second_rule->name;
    const std::string who = conflict.first_rule == conflict.second_rule
                                ? fmt::format("two cases of rule '{}'", first)
                                : fmt::format("rules '{}' and '{}'", first, second);
    return {conflict.second->where, who + " both match where no choice was declared", example_of(profile, conflict)};
}

Diagnostic diagnostic_of(const DeadCase& dead) {
    const std::string name = fmt::format("rule '{}' can never fire", dead.rule->name);
    Diagnostic diagnostic{dead.which ? dead.which->where : dead.rule->where, dead.which ? "this case of " + name : name,
                          ""};
    switch (dead.why) {
        case DeadCase::Why::no_state: diagnostic.suggestion = "no state is left for it"; break;
        case DeadCase::Why::guard: diagnostic.suggestion = "its guard contradicts the ranges of what it reads"; break;
        case DeadCase::Why::shadowed: diagnostic.suggestion = "an earlier step always drops what it waits for"; break;
    }
    return diagnostic;
}

}  // namespace

RuleFindings examine_rules(const Profile& profile, const Limits& limits, const std::function<bool()>& stop) {
    try {
        RuleFindings findings = Examination(profile, limits, nullptr, stop).run();
        if (findings.dead.empty() || limits.empty()) return findings;
        // A rule that other limits reach is no mistake.
        RuleFindings always = Examination(profile, limits, &findings.dead, stop).run();
        findings.dead = std::move(always.dead);
        findings.complete = findings.complete && always.complete;
        return findings;
    } catch (const z3::exception&) {  // out of memory and the like: nothing is certain
        RuleFindings nothing;
        nothing.complete = false;
        return nothing;
    }
}

std::vector<Diagnostic> analyse_rules(const Profile& profile, const Limits& limits, const std::function<bool()>& stop) {
    const RuleFindings findings = examine_rules(profile, limits, stop);
    std::vector<Diagnostic> diagnostics;
    for (const RuleConflict& conflict : findings.conflicts) diagnostics.push_back(diagnostic_of(profile, conflict));
    for (const DeadCase& dead : findings.dead) diagnostics.push_back(diagnostic_of(dead));
    return diagnostics;
}

}  // namespace lastack
