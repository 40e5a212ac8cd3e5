#include "cli/named_suites.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/checking.h"
#include "cli/session.h"
#include "generators/claim_suite.h"
#include "generators/suite_union.h"
#include "harness/mutant_suite.h"

namespace lastack {

namespace {

std::vector<std::string> names_in_union(const std::string& suite) {
    std::vector<std::string> parts = parts_of(suite);
    return suite.find(',') == std::string::npos ? std::vector{suite} : parts;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

WalkSuiteOptions in_memory(WalkSuiteOptions options) {
    options.take = nullptr;
    options.tests = nullptr;
    options.skip = 0;
    return options;
}

// Those of the suites that are named beside `mutants`.
std::vector<TestVector> vectors_of(const SuiteSource& source, const WalkSuiteOptions& options) {
    WalkSuiteOptions plain = in_memory(options);
    plain.sized = nullptr;
    plain.only.clear();
    plain.ip_versions = {options.ip_versions.front()};
    std::vector<TestVector> all;
    for (const std::string& suite : source.others) {
        if (has(names_in_union(suite), "mutants")) continue;
        std::vector<TestVector> made = make_named_suite(source, suite, plain).suite.vectors;
        std::move(made.begin(), made.end(), std::back_inserter(all));
    }
    return all;
}

// `judging`: the vectors of other suites. One IP version is enough, and what another profile plays says nothing here.
WalkSuiteResult of_mutants(const SuiteSource& source, std::vector<TestVector> judging,
                           const WalkSuiteOptions& options) {
    std::erase_if(judging, [&](const TestVector& one) {
        return one.profile != one.subject || one.refuted_expected || one.ip != options.ip_versions.front();
    });
    return make_mutant_suite(*source.spec.profile(source.spec.subject), std::move(judging), options);
}

WalkSuiteResult of_claims(const SuiteSource& source, const WalkSuiteOptions& options) {
    const CheckReport report = run_check(source.spec, source.check);
    if (interrupted()) throw OutOfPatience{};
    return make_claim_suite(source.spec, report, options);
}

// Adds what another part of the union reaches; its goals get the name of the part before theirs.
void add_part(const std::string& part, WalkSuiteResult more, WalkSuiteResult& into) {
    for (TestVector& vector : more.suite.vectors) {
        for (VectorClaim& claim : vector.claims) claim.id = part + "/" + claim.id;
        into.suite.vectors.push_back(std::move(vector));
    }
    for (const std::string& goal : more.goal_names) into.goal_names.push_back(part + "/" + goal);
    for (const NotMade& one : more.suite.not_made) into.suite.not_made.push_back({part + "/" + one.id, one.reason});
    into.goals += more.goals;
    into.reached += more.reached;
}

// The walks' part of the union is made as one suite; then come those that are made otherwise. All vectors are in memory
// until the last one is known.
WalkSuiteResult of_union(const SuiteSource& source, const std::string& suite, const std::vector<std::string>& parts,
                         const WalkSuiteOptions& options) {
    const WalkSuiteOptions plain = in_memory(options);
    std::string walks;
    for (const std::string& part : parts)
        if (part != "claims" && part != "mutants") walks += part + ",";
    WalkSuiteResult result;
    if (!walks.empty()) result = make_walk_suite(*source.spec.profile(source.spec.subject), walks, plain);
    if (has(parts, "claims")) add_part("claims", of_claims(source, plain), result);
    if (has(parts, "mutants")) add_part("mutants", of_mutants(source, result.suite.vectors, plain), result);
    const WalkSuite known = suite_named(suite);
    result.name = known.name;
    result.guarantee = known.guarantee;
    result.vectors = result.steps = 0;
    result.by_clause.clear();
    for (TestVector& vector : united(std::exchange(result.suite.vectors, {}), options.look_us)) {
        if (is_passed_over(options, result)) continue;
        result.steps += vector.steps.size();
        if (!hand_out(std::move(vector), options, result)) break;
    }
    return result;
}

}  // namespace

Spec read_for_suites(const SpecArguments& arguments, const std::vector<std::string>& suites) {
    const bool checked = std::any_of(suites.begin(), suites.end(),
                                     [](const std::string& one) { return has(names_in_union(one), "claims"); });
    Spec spec = checked ? read(arguments) : read_and_analyse(arguments);
    require_tcp(spec);
    return spec;
}

WalkSuiteResult make_named_suite(const SuiteSource& source, const std::string& suite, const WalkSuiteOptions& options) {
    const std::vector<std::string> parts = names_in_union(suite);
    if (suite == "claims") return of_claims(source, options);
    if (suite == "mutants") return of_mutants(source, vectors_of(source, options), options);
    if (has(parts, "claims") || has(parts, "mutants")) return of_union(source, suite, parts, options);
    return make_walk_suite(*source.spec.profile(source.spec.subject), suite, options);
}

}  // namespace lastack
