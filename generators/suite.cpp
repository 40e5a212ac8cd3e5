#include "generators/suite.h"

#include <fmt/format.h>

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
        // The cheapest trace would rather wait for a delayed acknowledgment than send another segment, and most
        // implementations answer at once: the run of fewest steps is the one that they follow.
        const Trace& trace = result.fewest_steps ? *result.fewest_steps : *result.trace;
        if (trace.loop_from >= 0) {
            suite.not_made.push_back({result.claim->id, "the run goes on for ever"});
            continue;
        }
        for (int end = 0; end < 2; ++end) add_vectors(system, *result.claim, trace, end, options, suite);
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

std::string file_stem(const std::string& id) {
    std::string stem;
    for (const char c : id) stem += c == '/' ? "." : c == '.' ? ".." : std::string(1, c);
    return stem;
}

}  // namespace lastack
