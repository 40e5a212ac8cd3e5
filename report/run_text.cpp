#include "report/run_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "generators/vector_reading.h"
#include "report/check_text.h"
#include "report/goal_tally.h"

namespace lastack {

namespace {

constexpr std::size_t columns = 80;
constexpr const char* other_course = "OTHER COURSE";
constexpr std::size_t left = 38;

std::string observed_line(const Observed& seen) {
    const double ms = static_cast<double>(seen.at_us) / 1000;
    switch (seen.kind) {
        case Observed::Kind::sent: return fmt::format("{:9.1f} ms < {}", ms, to_string(seen.segment));
        case Observed::Kind::received: return fmt::format("{:9.1f} ms > {}", ms, to_string(seen.segment));
        default: return fmt::format("{:9.1f} ms   {}", ms, seen.text);
    }
}

// A window in the narrow column; what it counts from stands below it.
void add_window(std::vector<std::string>& lines, const std::string& what, Window window) {
    const Anchor since = std::exchange(window.since, {});
    lines.push_back("    " + what + window_text(window));
    if (since.event == Anchor::Event::opening)
        lines.push_back("    counted from the opening");
    else if (since.step >= 0)
        lines.push_back(fmt::format("    counted from the {} of step {}",
                                    since.event == Anchor::Event::action ? "start" : "end", since.step));
}

std::vector<std::string> planned_lines(const VectorStep& step) {
    std::vector<std::string> lines{(step.kind == VectorStep::Kind::send ? "< " : "  ") + action_text(step)};
    for (const Expected& expected : step.expect) {
        lines.push_back("> " + to_string(expected.segment));
        add_window(lines, "after ", expected.window);
    }
    if (step.kind == VectorStep::Kind::wait && step.expect.empty()) add_window(lines, "silence, ", step.window);
    if (!step.states.empty()) lines.push_back(fmt::format("  state {}", fmt::join(step.states, " or ")));
    return lines;
}

// `label` stands in front of the first line.
std::string side_by_side(const std::vector<std::string>& planned, const std::vector<std::string>& seen,
                         const std::string& label = "") {
    std::string out;
    for (std::size_t i = 0; i < std::max(planned.size(), seen.size()); ++i) {
        const std::string one = i < planned.size() ? clipped(planned[i], left - 2) : "";
        const std::string two = i < seen.size() ? clipped(seen[i], columns - left - 6) : "";
        std::string line = fmt::format("{:>3} {:<{}}| {}", i == 0 ? label : "", one, left - 1, two);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

// Of a suite that has each test once for each IP version.
bool same_test(const TestVector& one, const TestVector& other) {
    return one.claims == other.claims && one.endpoint == other.endpoint && one.system == other.system &&
           name_of(one) == name_of(other);
}

// What else the exchange decides, and what doing as planned says about a claim.
std::string sense_lines(const TestVector& vector, const TestRun& run) {
    std::string out, others;
    for (std::size_t i = 1; i < vector.claims.size(); ++i) others += (i > 1 ? " " : "") + vector.claims[i].id;
    if (!others.empty()) out += "    " + wrapped("the same exchange decides " + others, 4, 6) + "\n";
    if (run.verdict != Verdict::pass) return out;
    std::string against;
    for (const VectorClaim& claim : vector.claims) {
        if (claim.sense == VectorClaim::Sense::counterexample) against += (against.empty() ? "" : " ") + claim.id;
    }
    const bool all = vector.claims.size() == 1;
    if (!against.empty())
        out += "    " + wrapped("this can happen although the account says not" + (all ? "" : ": " + against), 4, 6) +
               "\n";
    if (vector.refuted_expected) out += "    (not expected: the spec says that implementations do otherwise)\n";
    return out;
}

std::string details(const TestVector& vector, const TestRun& run) {
    std::string out = "    " + wrapped(run.reason, 4, 6) + "\n";
    if (run.verdict != Verdict::fail) return out;
    if (vector.refuted_expected) out += "    (expected: the spec says that implementations do otherwise)\n";
    for (const auto& [rule, clause] : rules_behind(vector, run.failed_step))
        out += "    " + wrapped("planned by rule " + rule + ", " + clause, 4, 6) + "\n";
    return out + comparison_text(vector, run);
}

}  // namespace

std::string word_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass: return "CONFIRMED";
        case Verdict::fail: return "REFUTED";
        case Verdict::inconclusive: return "INCONCLUSIVE";
        case Verdict::error: return "ERROR";
        default: return "SKIPPED";
    }
}

std::string comparison_text(const TestVector& vector, const TestRun& run) {
    std::string out = side_by_side({"planned (< to the IUT, > from it)"}, {"observed"});
    std::size_t next = 0;
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        std::vector<std::string> seen;
        while (next < run.observed.size() && run.observed[next].step <= static_cast<int>(i) &&
               run.observed[next].step >= 0) {
            seen.push_back(observed_line(run.observed[next++]));
        }
        out += side_by_side(planned_lines(vector.steps[i]), seen, std::to_string(i));
        if (static_cast<int>(i) == run.failed_step) break;
    }
    std::vector<std::string> rest;
    while (next < run.observed.size()) rest.push_back(observed_line(run.observed[next++]));
    return out + side_by_side({}, rest);
}

std::string runs_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    std::string out;
    const std::vector<bool> others = on_other_courses(vectors, runs);
    for (std::size_t i = 0; i < runs.size();) {
        // Vectors that differ in the IP version only, with the same verdict, share a line.
        std::size_t end = i + 1;
        while (end < runs.size() && same_test(vectors[i], vectors[end]) && runs[end].verdict == runs[i].verdict &&
               others[end] == others[i])
            ++end;
        std::string versions;
        for (std::size_t k = i; k < end; ++k) versions += fmt::format("{}IPv{}", k == i ? "" : " ", vectors[k].ip);
        std::string line = fmt::format("  {:<12} {:<17} {:<9}  ", others[i] ? other_course : word_for(runs[i].verdict),
                                       name_of(vectors[i]), versions);
        const bool silent = runs[i].verdict == Verdict::pass;
        line += clipped(silent ? vectors[i].goal : runs[i].reason, columns - std::min(columns, line.size()));
        out += line + "\n";
        if (!others[i]) out += sense_lines(vectors[i], runs[i]);
        if (!silent && !others[i] && runs[i].verdict != Verdict::skipped) out += details(vectors[i], runs[i]);
        i = end;
    }
    return out;
}

}  // namespace lastack
