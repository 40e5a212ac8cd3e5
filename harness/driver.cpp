#include "harness/driver.h"

#include <utility>

#include "harness/one_try.h"

namespace lastack {
namespace {

// The later run in place of the earlier one.
void follow(TestRun& run, TestRun later) {
    std::vector<std::string> before = std::move(run.tries_before);
    before.push_back(std::move(run.reason));
    run = std::move(later);
    run.tries_before = std::move(before);
}

// Of runs[places[i]] the vector again[i] was driven once more.
void take(std::vector<TestRun>& runs, const std::vector<std::size_t>& places, std::vector<TestRun> results) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        TestRun& run = runs[places[i]];
        // Those that it could go on as are not all among those that are driven again.
        const bool less = results[i].verdict == Verdict::inconclusive && !run.went_on_as.empty();
        if (results[i].verdict != Verdict::skipped && !less) follow(run, std::move(results[i]));
    }
}

}  // namespace

std::string to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass: return "pass";
        case Verdict::fail: return "fail";
        case Verdict::inconclusive: return "inconclusive";
        case Verdict::error: return "error";
        case Verdict::skipped: return "skipped";
    }
    return "error";
}

std::vector<TestRun> drive(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options) {
    if (InsideDriver* const inside = target.inside()) return inside->drive(vectors, options);
    std::vector<TestRun> runs = drive_once(target, vectors, options);
    for (int attempt = 1; attempt < options.tries && !(options.stop && options.stop()); ++attempt) {
        std::vector<std::size_t> places;
        std::vector<TestVector> again;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (runs[i].verdict != Verdict::inconclusive) continue;
            places.push_back(i);
            again.push_back(vectors[i]);
        }
        if (again.empty()) break;
        target.vary(attempt);
        take(runs, places, drive_once(target, again, options));
    }
    return runs;
}

}  // namespace lastack
