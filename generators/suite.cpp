#include "generators/suite.h"

#include <fmt/format.h>

#include "generators/project.h"

namespace lastack {

namespace {

// What the vectors of a suite have in common.
struct Origin {
    const Spec& spec;
    const SuiteOptions& options;
};

void add_vectors(const Origin& origin, const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                 Suite& suite) {
    for (const int ip : origin.options.ip_versions) {
        Projection projection =
            project(system, claim, trace, end, {ip, origin.options.unit_bytes, origin.options.look_us});
        if (!projection.vector) {  // for the same reason in each IP version
            suite.not_made.push_back({fmt::format("{}/{}", claim.id, end == 0 ? "A" : "B"), projection.reason});
            return;
        }
        projection.vector->subject = origin.spec.subject;
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
        for (int end = 0; end < 2; ++end) add_vectors({spec, options}, system, *result.claim, trace, end, suite);
    }
    return suite;
}

void add_goals(const Spec& spec, const GoalReport& goals, const SuiteOptions& options, Suite& suite) {
    for (const Goal& goal : goals.goals) {
        ++suite.traces;
        const PlainSystem system(spec, *spec.system(goal.claim.system));
        const std::size_t before = suite.vectors.size();
        add_vectors({spec, options}, system, goal.claim, goal.trace, 0, suite);
        for (std::size_t i = before; i < suite.vectors.size(); ++i) {
            for (VectorClaim& claim : suite.vectors[i].claims) claim.sense = VectorClaim::Sense::goal;
        }
    }
}

std::string file_stem(const std::string& id) {
    std::string stem;
    for (const char c : id) stem += c == '/' ? "." : c == '.' ? ".." : std::string(1, c);
    return stem;
}

}  // namespace lastack
