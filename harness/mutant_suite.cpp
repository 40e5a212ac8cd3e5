#include "harness/mutant_suite.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastack {

namespace {

class MutantSuite {
public:
    MutantSuite(std::size_t others, const WalkSuiteOptions& options) : others_(others), options_(options) {}

    void take(const SuiteMutantResult& mutant) {
        const VectorClaim goal{mutant.id, VectorClaim::Sense::goal,
                               fmt::format("not as a mutant does: {} (\"{}\")", mutant.id, mutant.sentence)};
        if (const std::optional<Kill>& kill = mutant.kills.at(0); kill) {
            if (kill->vector < others_) return;
            made_.at(kill->vector - others_).claims.push_back(goal);
            return reached(mutant);
        }
        if (!mutant.could_be_killed()) return;
        if (!mutant.vector) {
            ++result.goals;
            result.suite.not_made.push_back(
                {mutant.id, to_string(*mutant.survival) + (mutant.reason.empty() ? "" : ": " + mutant.reason)});
            return;
        }
        TestVector vector = *mutant.vector;
        vector.id = "mutants/" + mutant.id;
        vector.goal = goal.sentence;
        vector.claims = {goal};
        made_.push_back(std::move(vector));
        reached(mutant);
    }

    void hand_out() {
        for (const TestVector& vector : made_) {
            if (!options_.waits && waits(vector)) {
                result.suite.not_made.push_back({vector.claims.front().id, "it waits for a timer"});
                continue;
            }
            if (is_passed_over(options_, result)) continue;
            for (const int ip : options_.ip_versions) {
                TestVector one = vector;
                one.ip = ip;
                one.id += fmt::format("/ipv{}", ip);
                result.steps += one.steps.size();
                if (!lastack::hand_out(std::move(one), options_, result)) return;
            }
        }
    }

    WalkSuiteResult result;

private:
    void reached(const SuiteMutantResult& mutant) {
        ++result.goals;
        ++result.reached;
        result.goal_names.push_back(mutant.id);
    }

    std::size_t others_;
    const WalkSuiteOptions& options_;
    std::vector<TestVector> made_;
};

}  // namespace

WalkSuiteResult make_mutant_suite(const Profile& profile, std::vector<TestVector> others,
                                  const WalkSuiteOptions& options) {
    SuiteMutationOptions scoring;
    scoring.limits = options.limits;
    scoring.stop = options.stop;
    std::vector<SuiteMutant> mutants = suite_mutants(profile, all_operators);
    std::erase_if(mutants, [&](const SuiteMutant& one) { return one.id.find(options.only) == std::string::npos; });
    MutantSuite suite(others.size(), options);
    const WalkSuite known = suite_named("mutants");
    suite.result.name = known.name;
    suite.result.guarantee = known.guarantee;
    grow_suite(profile, mutants, std::move(others), scoring, [&](const SuiteMutantResult& one) {
        suite.take(one);
        return true;
    });
    suite.hand_out();
    return std::move(suite.result);
}

}  // namespace lastack
