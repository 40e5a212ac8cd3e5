#include "generators/suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "generators/project.h"

namespace lastack {

namespace {

void add_vectors(const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                 const SuiteOptions& options, Suite& suite) {
    for (const int ip : options.ip_versions) {
        Projection projection = project(system, claim, trace, end, {ip, options.unit_bytes});
        if (!projection.vector) {  // for the same reason in each IP version
            suite.not_made.push_back({fmt::format("{}/{}", claim.id, end == 0 ? "A" : "B"), projection.reason});
            return;
        }
        suite.vectors.push_back(std::move(*projection.vector));
    }
}

}  // namespace

Suite make_suite(const Spec& spec, const CheckReport& report, const SuiteOptions& options) {
    Suite suite;
    for (const CheckResult& result : report.claims) {
        if (!result.trace) continue;
        ++suite.traces;
        const PlainSystem system(spec, *spec.system(result.claim->system));
        for (int end = 0; end < 2; ++end) add_vectors(system, *result.claim, *result.trace, end, options, suite);
    }
    return suite;
}

void add_goals(const Spec& spec, const GoalReport& goals, const SuiteOptions& options, Suite& suite) {
    for (const Goal& goal : goals.goals) {
        ++suite.traces;
        const PlainSystem system(spec, *spec.system(goal.claim.system));
        add_vectors(system, goal.claim, goal.trace, 0, options, suite);
    }
}

std::string file_stem(const TestVector& vector) {
    std::string stem = vector.id;
    std::replace(stem.begin(), stem.end(), '/', '.');
    return stem;
}

}  // namespace lastack
