#include "report/suite_mutation_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/source_text.h"
#include "report/check_text.h"

namespace lastack {

namespace {

constexpr Survival survivals[] = {Survival::missed,     Survival::in_time,    Survival::choice,
                                  Survival::unseen,     Survival::unplayable, Survival::undecided,
                                  Survival::conforming, Survival::equivalent, Survival::stillborn};

const char* meaning_of(Survival survival) {
    switch (survival) {
        case Survival::missed: return "a vector could show it, and no suite has it";
        case Survival::in_time: return "differs in time only, and no vector shows it";
        case Survival::choice: return "leaves open, sooner or later, what the profile does";
        case Survival::unseen: return "differs in what no tester sees";
        case Survival::unplayable: return "differs, but in no exchange that can be played";
        case Survival::undecided: return "beyond the size that is explored";
        case Survival::conforming: return "does only what is allowed; not counted";
        case Survival::equivalent: return "nobody could notice; not counted";
        case Survival::stillborn: return "breaks its own declarations; not counted";
    }
    return "";
}

std::string judges_text(const SuiteMutationReport& report) {
    std::string out = fmt::format("Mutants of profile {}, played by sim\n", report.profile);
    for (const SuiteTally& suite : report.suites) {
        out += fmt::format("  judged by suite {}: {} vectors\n", suite.name, suite.vectors);
        for (const std::string& left : suite.left_out)
            out += "    " + wrapped("left out, the profile itself fails it: " + left, 4, 6) + "\n";
    }
    if (report.sample_of > 0)
        out += fmt::format("  a sample: {} mutants, drawn by lot from {}\n", report.planned, report.sample_of);
    std::string limits;
    for (const auto& [name, value] : report.limits) limits += fmt::format(" {} {}", name, value);
    out += "  " + wrapped(fmt::format("calls {}; limits{}", fmt::join(report.calls, ", "), limits), 2, 4) + "\n";
    return out;
}

std::string exchange_text(const TellingExchange& exchange) {
    std::string out;
    std::size_t number = 0;
    for (const TellingExchange::Step& step : exchange.steps)
        out += fmt::format("     {:>2}. ", ++number) + wrapped(step.input + " -> " + step.answer, 9, 11) + "\n";
    out += fmt::format("     {:>2}. ", ++number) + wrapped(exchange.input, 9, 11) + "\n";
    out += "         profile: " + wrapped(exchange.original, 18, 11) + "\n";
    return out + "         mutant:  " + wrapped(exchange.mutant, 18, 11) + "\n";
}

std::string step_text(const Kill& kill) {
    return kill.step < 0 ? "after its last step" : fmt::format("in step {}", kill.step + 1);
}

std::string kills_text(const SuiteMutationReport& report, const SuiteMutantResult& result) {
    std::string out;
    for (std::size_t i = 0; i < result.kills.size(); ++i) {
        const std::optional<Kill>& kill = result.kills[i];
        std::string text = report.suites[i].name + ": not killed";
        if (kill)
            text = fmt::format("{}: killed by {} (vector {}) {}{}: {}", report.suites[i].name, kill->vector_id,
                               kill->vector + 1, step_text(*kill), kill->way.empty() ? "" : ", " + kill->way,
                               kill->reason);
        out += "    " + wrapped(text, 4, 6) + "\n";
    }
    return out;
}

std::string mutant_text(const SuiteMutationReport& report, const SuiteMutantResult& result) {
    std::string out = "  " + wrapped(result.id, 2, 4) + "\n";
    out += "    " + wrapped(fmt::format("\"{}\" ({})", result.sentence, place_text(result.where)), 4, 5) + "\n";
    const bool some = std::any_of(result.kills.begin(), result.kills.end(), [](const auto& kill) { return !!kill; });
    if (some || !result.survival) out += kills_text(report, result);
    if (!result.survival) return out;
    std::string why = to_string(*result.survival);
    if (!result.reason.empty()) why += ": " + result.reason;
    out += "    " + wrapped(why, 4, 6) + "\n";
    return result.exchange ? out + exchange_text(*result.exchange) : out;
}

std::string scores_text(const SuiteMutationReport& report) {
    std::string out = fmt::format("\nMutation score\n  {:<14} {:>6} of {} could be killed\n", "mutants",
                                  report.counted(), report.mutants.size());
    for (const Survival survival : survivals) {
        if (report.count(survival) > 0)
            out +=
                fmt::format("  {:<14} {:>6}  {}\n", to_string(survival), report.count(survival), meaning_of(survival));
    }
    for (const SuiteTally& suite : report.suites) {
        const double share = report.counted() == 0
                                 ? 0
                                 : 100.0 * static_cast<double>(suite.killed) / static_cast<double>(report.counted());
        out += fmt::format("  suite {:<12} kills {} of {}{}\n", suite.name, suite.killed, report.counted(),
                           report.counted() == 0 ? "" : fmt::format(", score {:.1f} %", share));
    }
    if (report.interrupted)
        out += fmt::format("  PARTIAL: interrupted after {} of {} mutants\n", report.mutants.size(), report.planned);
    return out;
}

JsonTree exchange_json(const TellingExchange& exchange) {
    JsonTree steps = JsonTree::array();
    for (const TellingExchange::Step& step : exchange.steps) {
        JsonTree one = JsonTree::object();
        one.set("input", step.input).set("answer", step.answer);
        steps.add(std::move(one));
    }
    JsonTree tree = JsonTree::object();
    tree.set("steps", std::move(steps)).set("input", exchange.input);
    tree.set("profile", exchange.original).set("mutant", exchange.mutant);
    return tree;
}

JsonTree kills_json(const SuiteMutationReport& report, const SuiteMutantResult& result) {
    JsonTree kills = JsonTree::array();
    for (std::size_t i = 0; i < result.kills.size(); ++i) {
        const std::optional<Kill>& kill = result.kills[i];
        if (!kill) continue;
        JsonTree one = JsonTree::object();
        one.set("suite", report.suites[i].name).set("vector", kill->vector_id);
        one.set("number", static_cast<std::uint64_t>(kill->vector)).set("step", kill->step);
        one.set("reason", kill->reason);
        if (!kill->way.empty()) one.set("way", kill->way);
        kills.add(std::move(one));
    }
    return kills;
}

JsonTree suites_json(const SuiteMutationReport& report) {
    JsonTree suites = JsonTree::array();
    for (const SuiteTally& suite : report.suites) {
        JsonTree one = JsonTree::object();
        one.set("suite", suite.name).set("vectors", static_cast<std::uint64_t>(suite.vectors));
        one.set("killed", static_cast<std::uint64_t>(suite.killed));
        JsonTree left = JsonTree::array();
        for (const std::string& reason : suite.left_out) left.add(reason);
        one.set("left_out", std::move(left));
        suites.add(std::move(one));
    }
    return suites;
}

}  // namespace

std::string suite_mutation_text(const SuiteMutationReport& report, bool all) {
    std::string out = judges_text(report), list;
    for (const SuiteMutantResult& result : report.mutants)
        if (all || (result.survival && result.could_be_killed())) list += mutant_text(report, result);
    if (!list.empty()) out += std::string("\n") + (all ? "Mutants\n" : "Not killed by every suite\n") + list;
    return out + scores_text(report);
}

JsonTree suite_mutation_json(const SuiteMutationReport& report) {
    JsonTree tree = JsonTree::object();
    tree.set("format", "lastack-suite-mutation/1").set("profile", report.profile);
    if (report.sample_of > 0) tree.set("sample_of", static_cast<std::uint64_t>(report.sample_of));
    tree.set("interrupted", report.interrupted).set("planned", static_cast<std::uint64_t>(report.planned));
    tree.set("could_be_killed", static_cast<std::uint64_t>(report.counted()));
    JsonTree counts = JsonTree::object();
    for (const Survival survival : survivals)
        counts.set(to_string(survival), static_cast<std::uint64_t>(report.count(survival)));
    tree.set("survivals", std::move(counts)).set("suites", suites_json(report));
    JsonTree mutants = JsonTree::array();
    for (const SuiteMutantResult& result : report.mutants) {
        JsonTree one = JsonTree::object();
        one.set("id", result.id).set("operator", result.op).set("sentence", result.sentence);
        one.set("place", place_text(result.where)).set("kills", kills_json(report, result));
        if (result.survival) one.set("survival", to_string(*result.survival));
        if (!result.reason.empty()) one.set("reason", result.reason);
        if (result.exchange) one.set("exchange", exchange_json(*result.exchange));
        mutants.add(std::move(one));
    }
    tree.set("mutants", std::move(mutants));
    return tree;
}

}  // namespace lastack
