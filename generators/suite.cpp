#include "generators/suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "checker/claims/deciding_ends.h"
#include "generators/project.h"

namespace lastack {

namespace {

std::string name(int end) { return end == 0 ? "A" : "B"; }

bool same_step(VectorStep one, const VectorStep& other) {
    one.note = other.note;
    return one == other;
}

// Would a tester do the same, expect the same and conclude the same?
bool same_exchange(const TestVector& one, const TestVector& other) {
    return one.profile == other.profile && one.subject == other.subject && one.begin == other.begin &&
           one.ip == other.ip && one.refuted_expected == other.refuted_expected && one.limits == other.limits &&
           one.unproduced == other.unproduced && one.settings == other.settings && one.unit_bytes == other.unit_bytes &&
           one.window == other.window && one.options == other.options && one.tester_isn == other.tester_isn &&
           one.settle_us == other.settle_us && one.settled_states == other.settled_states &&
           std::equal(one.steps.begin(), one.steps.end(), other.steps.begin(), other.steps.end(), same_step);
}

void add(TestVector vector, Suite& suite) {
    const auto known = std::find_if(suite.vectors.begin(), suite.vectors.end(),
                                    [&](const TestVector& other) { return same_exchange(vector, other); });
    if (known == suite.vectors.end())
        suite.vectors.push_back(std::move(vector));
    else
        merge_claims(vector, *known);
}

// What the vectors of a suite have in common.
struct Origin {
    const Spec& spec;
    const SuiteOptions& options;
    bool goals = false;  // of coverage, not of the spec's claims
};

void add_vectors(const Origin& origin, const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                 Suite& suite) {
    const std::string id = fmt::format("{}/{}", claim.id, name(end));
    if (!origin.goals) {
        const std::string reason = why_not_shown_at(system, claim, trace, end);
        if (!reason.empty()) {
            suite.not_made.push_back({id, reason});
            return;
        }
    }
    for (const int ip : origin.options.ip_versions) {
        Projection projection =
            project(system, claim, trace, end, {ip, origin.options.unit_bytes, origin.options.look_us});
        if (!projection.vector) {  // for the same reason in each IP version
            suite.not_made.push_back({id, projection.reason});
            return;
        }
        projection.vector->subject = origin.spec.subject;
        if (origin.goals) {
            for (VectorClaim& decided : projection.vector->claims) decided.sense = VectorClaim::Sense::goal;
        }
        add(std::move(*projection.vector), suite);
    }
}

bool wanted(const SuiteOptions& options, int end) { return options.iut.empty() || options.iut == name(end); }

}  // namespace

// Two ends that do the same decide the same claim only once.
void merge_claims(const TestVector& more, TestVector& into) {
    for (const VectorClaim& claim : more.claims) {
        if (std::find(into.claims.begin(), into.claims.end(), claim) == into.claims.end()) into.claims.push_back(claim);
    }
    for (const std::string& clause : more.clauses) {
        if (std::find(into.clauses.begin(), into.clauses.end(), clause) == into.clauses.end())
            into.clauses.edit().push_back(clause);
    }
    into.rules.edit().insert(more.rules.begin(), more.rules.end());
}

void require_tcp(const Spec& spec) {
    const auto check = [](const Profile* profile) {
        if (!profile || !profile->vocabulary.own()) return;
        throw SpecError(
            profile->where,
            fmt::format("profile '{}' speaks {}: test vectors are TCP segments, so there is none to make or run",
                        profile->name, profile->vocabulary.protocol),
            "check, step, diff, graph, mutate and export take it as it is");
    };
    check(spec.profile(spec.subject));
    for (const SystemDecl& system : spec.systems) {
        for (const int end : {0, 1}) check(spec.declared_profile(system, end));
    }
}

Suite make_suite(const Spec& spec, const CheckReport& report, const SuiteOptions& options) {
    require_tcp(spec);
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
        for (int end = 0; end < 2; ++end) {
            if (wanted(options, end)) add_vectors({spec, options}, system, *result.claim, trace, end, suite);
        }
    }
    return suite;
}

void add_goals(const Spec& spec, const GoalReport& goals, const SuiteOptions& options, Suite& suite) {
    if (!wanted(options, 0)) {
        suite.not_made.push_back({"goals", "they are about end A"});
        return;
    }
    for (const Goal& goal : goals.goals) {
        ++suite.traces;
        const PlainSystem system(spec, *spec.system(goal.claim.system));
        add_vectors({spec, options, true}, system, goal.claim, goal.trace, 0, suite);
    }
}

std::string file_stem(const std::string& id) {
    std::string stem;
    for (const char c : id) stem += c == '/' ? "." : c == '.' ? ".." : std::string(1, c);
    return stem;
}

}  // namespace lastack
