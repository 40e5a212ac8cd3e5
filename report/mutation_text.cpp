#include "report/mutation_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "model/source_text.h"
#include "report/check_text.h"

namespace lastack {

namespace {

constexpr Fate fates[] = {Fate::killed,    Fate::survived,   Fate::not_exercised,
                          Fate::undecided, Fate::equivalent, Fate::stillborn};

const char* meaning_of(Fate fate) {
    switch (fate) {
        case Fate::killed: return "a claim is not as expected any more";
        case Fate::survived: return "different, and no claim noticed";
        case Fate::not_exercised: return "makes no difference in any of the systems";
        case Fate::undecided: return "no claim noticed, but a limit was hit";
        case Fate::equivalent: return "nobody could notice; not counted";
        default: return "breaks its own declarations; not counted";
    }
}

bool unnoticed(Fate fate) { return fate == Fate::survived || fate == Fate::not_exercised || fate == Fate::undecided; }

std::string outcome_text(const MutantResult& result) {
    std::string text = to_string(result.fate);
    if (!result.killer.empty()) text += " by " + result.killer;
    return result.reason.empty() ? text : text + ": " + result.reason;
}

std::string mutant_text(const MutantResult& result) {
    std::string out = "  " + wrapped(result.mutant.id, 2, 4) + "\n";
    if (result.mutant.op != Mutant::Operator::number)
        out += "    " +
               wrapped(fmt::format("\"{}\" ({})", result.mutant.sentence, place_text(result.mutant.where)), 4, 5) +
               "\n";
    return out + "    " + wrapped(outcome_text(result), 4, 6) + "\n";
}

// How many mutants each claim was the first to notice.
std::string killers_text(const MutationReport& report) {
    std::map<std::string, int> kills;
    for (const MutantResult& result : report.mutants) {
        if (result.fate == Fate::killed) ++kills[result.killer];
    }
    std::string list;
    for (const std::string& claim : report.claims) {
        if (kills.contains(claim)) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", claim, kills[claim]);
    }
    return list.empty() ? "" : "  first to notice: " + wrapped(list, 19, 4) + "\n";
}

std::string judges_text(const MutationReport& report) {
    std::string out = fmt::format("Mutants of profile {}\n", report.profile);
    out +=
        "  " +
        wrapped(fmt::format("judged by {} claims on {}", report.claims.size(), fmt::join(report.systems, ", ")), 2, 4) +
        "\n";
    if (!report.in_part.empty())
        out +=
            "  " + wrapped(fmt::format("up to the bound on states: {}", fmt::join(report.in_part, ", ")), 2, 4) + "\n";
    std::vector<std::pair<std::string, std::string>> groups;  // reason, claims
    for (const LeftOut& left : report.left_out) {
        const auto same = [&](const auto& group) { return group.first == left.reason; };
        const auto place = std::find_if(groups.begin(), groups.end(), same);
        if (place == groups.end())
            groups.emplace_back(left.reason, left.claim);
        else
            place->second += ", " + left.claim;
    }
    for (const auto& [reason, claims] : groups)
        out += "  " + wrapped(fmt::format("left out: {}: {}", claims, reason), 2, 4) + "\n";
    return out;
}

}  // namespace

std::string mutation_text(const MutationReport& report, bool all) {
    std::string out = judges_text(report);
    std::string list;
    for (const MutantResult& result : report.mutants) {
        if (all || unnoticed(result.fate)) list += mutant_text(result);
    }
    if (!list.empty()) out += std::string("\n") + (all ? "Mutants\n" : "Not noticed\n") + list;
    out += "\nMutation score\n";
    for (const Fate fate : fates)
        out += fmt::format("  {:<14} {:>5}  {}\n", to_string(fate), report.count(fate), meaning_of(fate));
    if (!report.equivalence_tested && !report.interrupted)
        out += "  equivalence was not tested: too many local states (--equivalence)\n";
    out += killers_text(report);
    if (report.interrupted)
        out += fmt::format("  PARTIAL: interrupted after {} of {} mutants\n", report.mutants.size(), report.planned);
    const std::optional<double> score = report.score();
    if (!score)
        return out +
               fmt::format("  {} mutants, no score: none that could be noticed was tried\n", report.mutants.size());
    return out + fmt::format("  {} mutants, score {:.1f} %: {} of {} that could be noticed\n", report.mutants.size(),
                             *score, report.count(Fate::killed), report.counted());
}

JsonTree mutation_json(const MutationReport& report) {
    JsonTree tree = JsonTree::object();
    tree.set("format", "lastack-mutation/1").set("profile", report.profile);
    if (const std::optional<double> score = report.score()) tree.set("score_percent", *score);
    tree.set("interrupted", report.interrupted);
    tree.set("equivalence_tested", report.equivalence_tested);
    tree.set("planned", static_cast<std::uint64_t>(report.planned));
    JsonTree counts = JsonTree::object();
    for (const Fate fate : fates) counts.set(to_string(fate), static_cast<std::uint64_t>(report.count(fate)));
    tree.set("counts", std::move(counts));
    const auto list = [](const std::vector<std::string>& texts) {
        JsonTree array = JsonTree::array();
        for (const std::string& text : texts) array.add(text);
        return array;
    };
    tree.set("systems", list(report.systems)).set("claims", list(report.claims)).set("in_part", list(report.in_part));
    JsonTree left = JsonTree::array();
    for (const LeftOut& one : report.left_out) {
        JsonTree each = JsonTree::object();
        each.set("claim", one.claim).set("reason", one.reason);
        left.add(std::move(each));
    }
    tree.set("left_out", std::move(left));
    JsonTree mutants = JsonTree::array();
    for (const MutantResult& result : report.mutants) {
        JsonTree one = JsonTree::object();
        one.set("id", result.mutant.id).set("operator", to_string(result.mutant.op));
        one.set("rule", result.mutant.rule_name).set("sentence", result.mutant.sentence);
        one.set("place", place_text(result.mutant.where)).set("fate", to_string(result.fate));
        if (!result.killer.empty()) one.set("killer", result.killer);
        if (!result.reason.empty()) one.set("reason", result.reason);
        mutants.add(std::move(one));
    }
    tree.set("mutants", std::move(mutants));
    return tree;
}

}  // namespace lastack
