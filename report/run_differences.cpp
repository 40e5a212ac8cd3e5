#include "report/run_differences.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/check_text.h"
#include "report/run_text.h"

namespace lastack {
namespace {

constexpr std::size_t most_courses = 10;  // vectors with one verdict that are told in full

// What the implementation sent and returned, in order.
std::vector<std::string> course_of(const TestRun& run) {
    std::vector<std::string> course;
    for (const Observed& seen : run.observed) {
        if (seen.kind == Observed::Kind::received) course.push_back(to_string(seen.segment));
        if (seen.kind == Observed::Kind::call) course.push_back(seen.text);
    }
    return course;
}

// The first place where it leaves the other course.
std::string first_difference(const std::vector<std::string>& course, const std::vector<std::string>& other) {
    const auto [here, there] = std::mismatch(course.begin(), course.end(), other.begin(), other.end());
    static_cast<void>(there);
    return here == course.end() ? "nothing more" : *here;
}

template <class Of>
bool all_same(const std::vector<TargetRuns>& targets, Of of) {
    return std::all_of(targets.begin(), targets.end(),
                       [&](const TargetRuns& one) { return of(one) == of(targets.front()); });
}

}  // namespace

std::string differences_text(const std::vector<TestVector>& vectors, const std::vector<TargetRuns>& targets) {
    std::string verdicts, courses;
    std::size_t width = 0, apart = 0, other_course = 0, compared = 0;
    for (const TargetRuns& one : targets) width = std::max(width, one.target.size());
    const auto line = [&](const TargetRuns& one, const std::string& what) {
        return fmt::format("    {:<{}}  ", one.target, width) + wrapped(what, width + 6, width + 6) + "\n";
    };
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        const auto skipped = [&](const TargetRuns& one) { return one.runs[i].verdict == Verdict::skipped; };
        if (std::any_of(targets.begin(), targets.end(), skipped)) continue;
        ++compared;
        if (!all_same(targets, [&](const TargetRuns& one) { return one.runs[i].verdict; })) {
            ++apart;
            verdicts += "  " + vectors[i].id + "\n";
            for (const TargetRuns& one : targets)
                verdicts += line(one, word_for(one.runs[i].verdict) + " " + one.runs[i].reason);
        } else if (!all_same(targets, [&](const TargetRuns& one) { return course_of(one.runs[i]); })) {
            if (++other_course > most_courses) continue;
            courses += "  " + vectors[i].id + "\n";
            for (const TargetRuns& one : targets) {
                const auto course = course_of(one.runs[i]);
                const auto differs = std::find_if(targets.begin(), targets.end(), [&](const TargetRuns& other) {
                    return course_of(other.runs[i]) != course;
                });
                courses += line(one, first_difference(course, course_of(differs->runs[i])));
            }
        }
    }
    std::string text = fmt::format("\nOf {} vectors {} were driven on all {} targets; {} verdicts differ",
                                   vectors.size(), compared, targets.size(), apart);
    text += apart > 0 ? ":\n" + verdicts : ".\n";
    text += fmt::format("{} vectors with one verdict had other packets or results", other_course);
    text += other_course > 0 ? ", first so:\n" + courses : ".\n";
    return text;
}

}  // namespace lastack
