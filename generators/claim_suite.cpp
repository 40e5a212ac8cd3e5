#include "generators/claim_suite.h"

#include <algorithm>

namespace lastack {

WalkSuiteResult make_claim_suite(const Spec& spec, const CheckReport& report, const WalkSuiteOptions& options) {
    const WalkSuite known = suite_named("claims");
    WalkSuiteResult result;
    result.name = known.name;
    result.guarantee = known.guarantee;
    const auto named = [&](const std::string& id) { return id.find(options.only) != std::string::npos; };
    SuiteOptions plain;
    plain.ip_versions = options.ip_versions;
    plain.unit_bytes = options.unit_bytes;
    Suite made = make_suite(spec, report, plain);
    std::set<std::string> reached;
    for (TestVector& vector : made.vectors) {
        if (options.stop && options.stop()) throw OutOfPatience{};
        if (std::none_of(vector.claims.begin(), vector.claims.end(),
                         [&](const VectorClaim& claim) { return named(claim.id); }))
            continue;
        if (!options.waits && waits(vector)) {
            result.suite.not_made.push_back({vector.id, "it waits for a timer"});
            continue;
        }
        if (is_passed_over(options, result)) continue;
        for (const VectorClaim& claim : vector.claims) reached.insert(claim.id);
        result.steps += vector.steps.size();
        if (!hand_out(std::move(vector), options, result)) break;
    }
    for (const NotMade& one : made.not_made)
        if (named(one.id)) result.suite.not_made.push_back(one);
    for (const CheckResult& claim : report.claims) result.goals += claim.trace && named(claim.claim->id);
    result.reached = reached.size();
    result.goal_names.assign(reached.begin(), reached.end());
    return result;
}

}  // namespace lastack
