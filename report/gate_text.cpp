#include "report/gate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/check_text.h"
#include "report/goal_tally.h"
#include "report/run_text.h"

namespace lastack {

namespace {

// How many runs are in each part.
std::map<RunsTold::Part, std::size_t> parts_of(const GateOutcome& outcome) {
    std::map<RunsTold::Part, std::size_t> count;
    const std::vector<bool> others = on_other_courses(outcome.vectors, outcome.runs);
    for (std::size_t i = 0; i < outcome.runs.size(); ++i)
        ++count[RunsTold::part_of(outcome.vectors[i], outcome.runs[i], others[i])];
    return count;
}

std::string verdict_line(const GateOutcome& outcome, const Tally& claims, std::size_t surprises, std::size_t open) {
    const std::string& profile = outcome.report.subject;
    const std::size_t undecided = claims.unknown + outcome.report.undecided.size();
    std::string line;
    if (claims.unexpected + surprises > 0)
        line = fmt::format("SURPRISE: {} of {} claims of profile {} and {} of {} vectors are not as expected",
                           claims.unexpected, outcome.report.claims.size(), profile, surprises, outcome.runs.size());
    else if (undecided + open > 0)
        line = fmt::format("Left open: {} claims of profile {} and {} of {} vectors; the others are as expected",
                           undecided, profile, open, outcome.runs.size());
    else if (outcome.report.claims.empty())
        line = fmt::format("Nothing was asked of profile {}", profile);
    else
        line = fmt::format("As expected: profile {}, and what the stack does", profile);
    return wrapped(line, 0, 2) + "\n";
}

// A claim that is not as expected, with its run.
std::string surprising_claims(const GateOutcome& outcome) {
    std::string text;
    for (const CheckResult& result : outcome.report.claims) {
        if (result.as_expected || result.is_open()) continue;
        text += claim_text(result);
        if (result.trace) text += "\n" + trace_text(outcome.spec, result) + "\n";
    }
    return text;
}

std::string open_claims(const GateOutcome& outcome) {
    std::string text;
    for (const CheckResult& result : outcome.report.claims)
        if (!result.as_expected && result.is_open()) text += claim_text(result);
    return text;
}

// Why vectors were not driven, each reason once; their lengths differ, so those count as one.
std::string not_driven(const std::vector<TestRun>& runs) {
    std::map<std::string, std::size_t> reasons;
    for (const TestRun& run : runs) {
        if (run.verdict != Verdict::skipped) continue;
        const std::size_t longest = run.reason.find("longest is ");
        ++reasons[longest == std::string::npos ? run.reason
                                               : "may take longer than " + run.reason.substr(longest + 11)];
    }
    std::string text;
    for (const auto& [reason, count] : reasons)
        text += "  " + wrapped(fmt::format("{} vectors: {}", count, reason), 2, 4) + "\n";
    return text;
}

std::string section(const std::string& heading, const std::string& text) {
    return text.empty() ? "" : "\n" + heading + "\n" + text;
}

std::string covers_text(const CheckReport& report) {
    std::uint64_t states = 0;
    std::size_t partial = 0;
    for (const SystemResult& system : report.systems) {
        states += system.coverage.states;
        partial += system.coverage.complete ? 0 : 1;
    }
    std::string text =
        fmt::format("The claims were decided on {} states of {} systems", grouped(states), report.systems.size());
    text += partial > 0 ? fmt::format(", of {} only a part", partial) : "";
    return "\n" + wrapped(text + "; -v shows their limits, every claim, run and vector.", 0, 2) + "\n";
}

}  // namespace

std::string gate_text(const GateOutcome& outcome) {
    const Tally claims = tally_of(outcome.report);
    auto parts = parts_of(outcome);
    const auto told = [&](unsigned which, bool exchanges) {
        return runs_text(outcome.vectors, outcome.runs, {which, exchanges});
    };
    std::string out = verdict_line(outcome, claims, parts[RunsTold::surprises], parts[RunsTold::open]);
    out += claims_tally_text(outcome.report) + outcome.tally + outcome.target;
    const std::string surprises = surprising_claims(outcome) + told(RunsTold::surprises, true);
    out += section("Surprises", surprises.empty() ? "  none\n" : surprises);
    out += section("Left open", open_claims(outcome) + told(RunsTold::open, false));
    out += section("Findings: what the stack does though a claim denies it, or unlike the plan",
                   told(RunsTold::findings, false));
    out += section("Not driven", not_driven(outcome.runs));
    return out + covers_text(outcome.report);
}

}  // namespace lastack
