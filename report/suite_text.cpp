#include "report/suite_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "generators/vector_reading.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::vector<const Rule*> rules_in(const Profile& profile) {
    std::vector<const Rule*> rules;
    for (const Handler& handler : profile.handlers)
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules) rules.push_back(&rule);
    return rules;
}

std::string why_untouched(const std::vector<const Rule*>& rules, const std::vector<WalkSuiteResult>& suites) {
    std::set<std::string> firing;
    for (const WalkSuiteResult& suite : suites)
        for (const Rule* rule : rules)
            if (suite.firing.contains(rule->name)) firing.insert(rule->name);
    if (!firing.empty())
        return fmt::format("{} fire, but no goal of these suites needs them, or time forbids", fmt::join(firing, ", "));
    std::vector<std::string> names;
    for (const Rule* rule : rules) names.push_back(rule->name);
    return fmt::format("{}: never in a connection that is open, with these limits and a vector's calls",
                       fmt::join(names, ", "));
}

}  // namespace

std::string clauses_text(const Profile& profile, const std::vector<WalkSuiteResult>& suites) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<const Rule*>> by_clause;
    for (const Rule* rule : rules_in(profile)) {
        const auto [place, fresh] = by_clause.try_emplace(rule->cites);
        if (fresh) order.push_back(rule->cites);
        place->second.push_back(rule);
    }
    constexpr std::size_t width = 12;
    std::string out = "Clauses, and how many vectors of each suite exercise one of their rules\n";
    for (const WalkSuiteResult& suite : suites) out += fmt::format("{:>{}}", suite.name, width);
    out += "  clause\n";
    std::string untouched;
    for (const std::string& clause : order) {
        std::size_t all = 0;
        std::string row;
        for (const WalkSuiteResult& suite : suites) {
            const auto known = suite.by_clause.find(clause);
            const std::size_t count = known == suite.by_clause.end() ? 0 : known->second;
            all += count;
            row += fmt::format("{:>{}}", count, width);
        }
        const std::size_t left = row.size() + 2;
        out += row + "  " + wrapped(clause, left, left) + "\n";
        if (all == 0)
            untouched += "  " + wrapped(clause + ": " + why_untouched(by_clause[clause], suites), 2, 4) + "\n";
    }
    return out + (untouched.empty() ? "Each clause is touched.\n" : "Not touched:\n" + untouched);
}

namespace {

std::string sentences_of(const std::vector<std::string>& names, const Profile& profile) {
    std::string text;
    for (const std::string& name : names) {
        const Rule* rule = profile.rule(name);
        if (!rule) continue;
        text += "       " + wrapped(fmt::format("{}: {} ({})", name, rule->sentence, rule->cites), 7, 9) + "\n";
    }
    return text;
}

std::string in_time(const Window& window) { return window == Window{} ? "at once" : "after " + window_text(window); }

std::string what_is_done(const VectorStep& step) {
    const bool pause = step.kind == VectorStep::Kind::wait && step.timer == "pause";
    return pause ? "let pass " + window_text(step.window) : action_text(step);
}

std::string expectation(const VectorStep& step) {
    std::vector<std::string> parts;
    for (const Expected& expected : step.expect)
        parts.push_back(fmt::format("{} {}{}", to_string(expected.segment), in_time(expected.window),
                                    expected.optional ? ", or not" : ""));
    if (step.kind == VectorStep::Kind::call) parts.push_back("the call returns " + step.result);
    if (step.expect.empty()) parts.push_back("nothing is sent");
    if (!step.states.empty()) parts.push_back(fmt::format("the state is {}", fmt::join(step.states, " or ")));
    for (const std::string& signal : step.signals) parts.push_back("the application sees " + signal);
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::string explanation_text(const TestVector& vector, const Profile& profile) {
    std::string out = vector.id + "\n  It is there for\n";
    for (const VectorClaim& goal : vector.claims)
        out += "    " + wrapped(fmt::format("{}: {}", goal.id, goal.sentence), 4, 6) + "\n";
    out += "  From ESTABLISHED on. A stack that does otherwise at a step breaks the rules\n  below it.\n";
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        const VectorStep& step = vector.steps[i];
        out += "  " + wrapped(fmt::format("{:>2}. {}: {}", i + 1, what_is_done(step), expectation(step)), 2, 6) + "\n";
        out += sentences_of(step.rules, profile);
    }
    return out + "  " +
           wrapped(fmt::format("And then nothing unexpected comes for {} ms.", vector.settle_us / 1000), 2, 4) + "\n";
}

}  // namespace lastack
