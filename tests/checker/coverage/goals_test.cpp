#include "checker/coverage/goals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// A shipped spec with one of its systems only.
Spec only_system(const std::string& file, const std::string& name) {
    Spec spec = shipped_spec(file);
    const SystemDecl one = system_named(spec, name);
    spec.systems = {one};
    return spec;
}

// How far away each rule of end A first fires in each control state, found by the plain system alone.
std::map<std::string, int> plain_distances(const Spec& spec) {
    const PlainSystem system(spec, spec.systems[0]);
    const Profile& profile = system.profile(0);
    std::map<std::string, int> distances;
    std::set<Snapshot> seen{system.initial()};
    std::vector<Snapshot> level{system.initial()};
    for (int depth = 1; !level.empty(); ++depth) {
        std::vector<Snapshot> next;
        for (const Snapshot& state : level) {
            for (const TraceStep& step : system.steps(state)) {
                const bool at_a =
                    step.end == 0 && step.kind != TraceStep::Kind::lose && step.kind != TraceStep::Kind::duplicate;
                for (const std::string& rule : step.rules) {
                    if (at_a) distances.try_emplace(rule + "/" + profile.states[state.end[0].state].name, depth);
                }
                if (seen.insert(step.after).second) next.push_back(step.after);
            }
        }
        level = std::move(next);
    }
    return distances;
}

}  // namespace

TEST_CASE("Goals are the rules that fire at A, each in each state, at the distance that the plain system finds" *
          doctest::test_suite("slow")) {
    for (const std::string system : {"half_closed", "never_closes", "calm"}) {
        CAPTURE(system);
        const Spec spec = only_system("linux.spec", system);
        const GoalReport report = cover_rules(spec, {});
        CHECK(report.coverage.complete);
        std::map<std::string, int> found;
        for (const Goal& goal : report.goals) {
            found[goal.claim.id] = static_cast<int>(goal.trace.steps.size());
            const std::string rule = goal.claim.id.substr(0, goal.claim.id.find('/'));
            const TraceStep& last = goal.trace.steps.back();
            CHECK(last.end == 0);
            CHECK(std::count(last.rules.begin(), last.rules.end(), rule) == 1);
        }
        CHECK(found.size() == report.goals.size());
        CHECK(found == plain_distances(spec));
    }
}

TEST_CASE("A rule that no run fires is named, and is no goal") {
    const GoalReport report = cover_rules(only_system("linux.spec", "calm"), {});
    const auto never = [&](const std::string& rule) {
        return std::count(report.never_fired.begin(), report.never_fired.end(), rule) == 1;
    };
    CHECK(never("text"));  // there is no text in that system
    CHECK(never("abort"));
    CHECK_FALSE(never("close_active"));
    for (const Goal& goal : report.goals) CHECK_FALSE(goal.claim.id.starts_with("text/"));
}

TEST_CASE("A spec without a system for its subject has no goals") {
    Spec spec = shipped_spec("linux.spec");
    spec.systems.clear();
    CHECK_THROWS_AS(cover_rules(spec, {}), SpecError);
}
