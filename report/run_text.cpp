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
constexpr std::size_t left = 38;

// A name that is too long for its line is broken behind a '/' or '+'; `used` columns are taken in the first line, the
// others begin with `indent` blanks.
std::string wrapped_name(const std::string& name, std::size_t used, std::size_t indent) {
    std::string out, rest = name;
    while (used + rest.size() > columns) {
        const std::size_t last = rest.find_last_of("/+", columns - used - 1);
        if (last == std::string::npos) break;
        out += rest.substr(0, last + 1) + "\n" + std::string(indent, ' ');
        rest.erase(0, last + 1);
        used = indent;
    }
    return out + rest;
}

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

bool denies(const VectorClaim& claim) { return claim.sense == VectorClaim::Sense::counterexample; }

bool is_surprise(const TestVector& vector, const TestRun& run) {
    return run.verdict == Verdict::error || run.verdict == (vector.refuted_expected ? Verdict::pass : Verdict::fail);
}

// What else the exchange decides, and which other claims doing as planned breaks.
std::string sense_lines(const TestVector& vector, const TestRun& run) {
    std::string out, others, broken;
    for (std::size_t i = 1; i < vector.claims.size(); ++i) {
        others += (i > 1 ? " " : "") + vector.claims[i].id;
        if (denies(vector.claims[i])) broken += " " + vector.claims[i].id;
    }
    if (!others.empty()) out += "    " + wrapped("the same exchange decides " + others, 4, 6) + "\n";
    if (run.verdict != Verdict::pass) return out;
    if (!broken.empty()) out += "    " + wrapped("and breaks" + broken, 4, 6) + "\n";
    if (vector.refuted_expected) out += "    (the spec expects that implementations do otherwise)\n";
    return out;
}

std::string details(const TestVector& vector, const TestRun& run, bool exchange) {
    std::string out = "    " + wrapped(run.reason, 4, 6) + "\n";
    for (std::size_t i = 0; i < run.tries_before.size(); ++i) {
        const std::string& before = run.tries_before[i];
        out +=
            "    " + wrapped(fmt::format("try {}: {}", i + 1, before == run.reason ? "the same" : before), 4, 6) + "\n";
    }
    if (run.verdict != Verdict::fail) return out;
    if (vector.refuted_expected) out += "    (as expected: the spec says that implementations do otherwise)\n";
    if (!exchange) return out;
    for (const auto& [rule, clause] : rules_behind(vector, run.failed_step))
        out += "    " + wrapped("planned by rule " + rule + ", " + clause, 4, 6) + "\n";
    return out + comparison_text(vector, run);
}

// `both`: of both IP versions.
std::string run_text(const TestVector& vector, const TestRun& run, bool other_course, bool both, bool exchange) {
    constexpr std::size_t indent = 36;
    const std::string name = name_of(vector) + (both ? "" : fmt::format(" (IPv{})", vector.ip));
    std::string line = fmt::format("  {:<17} ", deed_of(vector, run, other_course));
    line += fmt::format("{:<15} ", wrapped_name(name, line.size(), line.size() + 2));
    if (line.size() > indent) line.replace(line.size() - 1, 1, "\n" + std::string(indent, ' '));
    const bool breaks = run.verdict == Verdict::pass && !vector.claims.empty() && denies(vector.claims.front());
    if (run.verdict == Verdict::skipped)
        line += clipped(run.reason, columns - indent);
    else
        line += wrapped(breaks ? '"' + vector.goal + '"' : vector.goal, indent, indent);
    line += "\n";
    if (other_course) {
        if (!run.went_on_as.empty()) line += "    gone on as " + wrapped_name(run.went_on_as, 15, 22) + "\n";
        return line;
    }
    line += sense_lines(vector, run);
    const bool silent = run.verdict == Verdict::pass || run.verdict == Verdict::skipped;
    return silent ? line : line + details(vector, run, exchange);
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

std::string deed_of(const TestVector& vector, const TestRun& run, bool other_course) {
    switch (run.verdict) {
        case Verdict::pass:
            if (vector.refuted_expected) return "SURPRISE: does it";
            return !vector.claims.empty() && denies(vector.claims.front()) ? "breaks it" : "does it";
        case Verdict::fail: return vector.refuted_expected ? "differs" : "SURPRISE: differs";
        case Verdict::inconclusive: return other_course ? "other course" : "left open";
        case Verdict::error: return "ERROR";
        default: return "not driven";
    }
}

RunsTold::Part RunsTold::part_of(const TestVector& vector, const TestRun& run, bool other_course) {
    if (is_surprise(vector, run)) return surprises;
    if (run.verdict == Verdict::inconclusive && !other_course) return open;
    const bool breaks = run.verdict == Verdict::pass && std::any_of(vector.claims.begin(), vector.claims.end(), denies);
    return breaks || run.verdict == Verdict::fail ? findings : rest;
}

std::vector<PlanRow> plan_rows(const TestVector& vector, const TestRun& run) {
    std::vector<PlanRow> rows;
    std::size_t next = 0;
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        PlanRow row{std::to_string(i), planned_lines(vector.steps[i]), {}, static_cast<int>(i) == run.failed_step};
        while (next < run.observed.size() && run.observed[next].step <= static_cast<int>(i) &&
               run.observed[next].step >= 0) {
            row.observed.push_back(observed_line(run.observed[next++]));
        }
        rows.push_back(row);
        if (row.failed) break;
    }
    PlanRow rest;
    while (next < run.observed.size()) rest.observed.push_back(observed_line(run.observed[next++]));
    if (!rest.observed.empty()) rows.push_back(rest);
    return rows;
}

std::string comparison_text(const TestVector& vector, const TestRun& run) {
    std::string out = side_by_side({"planned (< to the IUT, > from it)"}, {"observed"});
    for (const PlanRow& row : plan_rows(vector, run)) out += side_by_side(row.planned, row.observed, row.label);
    return out;
}

std::string runs_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs, RunsTold told) {
    std::string out;
    const std::vector<bool> others = on_other_courses(vectors, runs);
    for (std::size_t i = 0; i < runs.size();) {
        // Vectors that differ in the IP version only, with the same verdict, share a line.
        std::size_t end = i + 1;
        while (end < runs.size() && same_test(vectors[i], vectors[end]) && runs[end].verdict == runs[i].verdict &&
               others[end] == others[i])
            ++end;
        if ((told.parts & RunsTold::part_of(vectors[i], runs[i], others[i])) != 0)
            out += run_text(vectors[i], runs[i], others[i], end - i > 1, told.exchanges);
        i = end;
    }
    return out;
}

}  // namespace lastack
