#include "report/coverage_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/source_text.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::string share_line(const std::string& what, const Share& share) {
    return fmt::format("  {:<10} {:>4} of {:>4}  {:>3} %\n", what, share.used, share.all, share.percent());
}

std::string item(const std::string& text) { return "  " + wrapped(text, 2, 4) + "\n"; }

std::string unused_rules(const UseReport& report) {
    std::string out;
    for (const RuleUse& rule : report.rules) {
        if (rule.used()) continue;
        out += item(fmt::format("{} \"{}\" ({})", rule.name, rule.sentence, place_text(rule.where)));
    }
    return out;
}

std::string unused_cases(const UseReport& report) {
    std::string out;
    for (const RuleUse& rule : report.rules) {
        for (const CaseUse& one : rule.cases) {
            if (!rule.used() || one.used()) continue;
            out += item(fmt::format("{} case {} of {}: {} ({})", rule.name, one.number, rule.cases.size(), one.states,
                                    place_text(one.where)));
        }
    }
    return out;
}

// A choice that is no choice: always taken where it could be. One that is never taken stands among the rules.
std::string forced_choices(const UseReport& report) {
    std::string out;
    for (const RuleUse& rule : report.rules) {
        if (rule.may && rule.used() && !rule.passed_up)
            out +=
                item(fmt::format("{} \"{}\": never passed up ({})", rule.name, rule.sentence, place_text(rule.where)));
    }
    return out;
}

std::string unused_clauses(const UseReport& report) {
    std::string out;
    for (const ClauseUse& clause : report.clauses) {
        if (!clause.used) out += item(fmt::format("{}: {}", clause.clause, fmt::join(clause.rules, ", ")));
    }
    return out;
}

std::string gap(const std::string& title, const std::string& items) {
    return items.empty() ? "" : "\n" + title + "\n" + items;
}

JsonTree share_json(const Share& share) {
    JsonTree tree = JsonTree::object();
    tree.set("used", static_cast<std::uint64_t>(share.used)).set("all", static_cast<std::uint64_t>(share.all));
    tree.set("percent", share.percent());
    return tree;
}

JsonTree rule_json(const RuleUse& rule) {
    JsonTree tree = JsonTree::object();
    tree.set("rule", rule.name).set("place", place_text(rule.where)).set("cites", rule.cites);
    tree.set("used", rule.used()).set("may", rule.may);
    if (rule.may) tree.set("passed_up", rule.passed_up);
    JsonTree cases = JsonTree::array();
    for (const CaseUse& one : rule.cases) {
        JsonTree each = JsonTree::object();
        each.set("case", one.number).set("states", one.states).set("place", place_text(one.where));
        each.set("used", one.used());
        cases.add(std::move(each));
    }
    tree.set("cases", std::move(cases));
    return tree;
}

}  // namespace

std::string coverage_text(const UseReport& report) {
    std::string out = fmt::format("Exercised, profile {}\n", report.profile);
    out += "  in " + wrapped(fmt::format("{}", fmt::join(report.systems, ", ")), 5, 5) + "\n";
    if (std::find(report.complete.begin(), report.complete.end(), false) != report.complete.end())
        out += "  PARTIAL: not every system was explored to its end\n";
    out += share_line("rules", rules_used(report)) + share_line("cases", cases_used(report));
    out += share_line("choices", choices_used(report)) + share_line("clauses", clauses_used(report));
    out += gap("Rules that no step uses", unused_rules(report));
    out += gap("Cases that no step uses", unused_cases(report));
    out += gap("Choices that are always taken", forced_choices(report));
    out += gap("Clauses of which no rule is used", unused_clauses(report));
    return out;
}

JsonTree use_json(const UseReport& report) {
    JsonTree tree = JsonTree::object();
    tree.set("profile", report.profile);
    JsonTree systems = JsonTree::array();
    for (std::size_t i = 0; i < report.systems.size(); ++i) {
        JsonTree one = JsonTree::object();
        one.set("name", report.systems[i]).set("complete", static_cast<bool>(report.complete[i]));
        systems.add(std::move(one));
    }
    tree.set("systems", std::move(systems));
    tree.set("rules_used", share_json(rules_used(report))).set("cases_used", share_json(cases_used(report)));
    tree.set("choices_used", share_json(choices_used(report))).set("clauses_used", share_json(clauses_used(report)));
    JsonTree rules = JsonTree::array();
    for (const RuleUse& rule : report.rules) rules.add(rule_json(rule));
    tree.set("rules", std::move(rules));
    JsonTree clauses = JsonTree::array();
    for (const ClauseUse& clause : report.clauses) {
        JsonTree one = JsonTree::object();
        JsonTree citing = JsonTree::array();
        for (const std::string& rule : clause.rules) citing.add(rule);
        one.set("clause", clause.clause).set("used", clause.used).set("rules", std::move(citing));
        clauses.add(std::move(one));
    }
    tree.set("clauses", std::move(clauses));
    return tree;
}

}  // namespace lastack
