// `./dev measure properties`: every profile of the family against every property, and what that is worth.
//
// For each profile: all claims of specs/properties.spec, each answer beside the expected one, with its scope, the
// states explored and the time of that exploration. Then the two incarnations (specs/incarnations.spec), what no system
// of a profile exercises, the mutation score of the claims for rfc9293, and the counts of spin and rumur for one system
// of each profile. Exit code 0 only where every answer is the expected one, and both tools count the same.
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "checker/coverage/coverage.h"
#include "checker/mutation/mutation.h"
#include "generators/murphi.h"
#include "generators/promela.h"
#include "model/language/read_spec.h"
#include "report/coverage_text.h"
#include "report/mutation_text.h"
#include "tests/checker/exploring.h"
#include "tests/generators/other_checkers.h"
#include "tests/places.h"

namespace {

using namespace lastack;

const std::vector<std::string> family{"rfc793", "rfc9293", "rfc9293-literal", "rfc1337", "rfc5961", "linux", "lwip"};
const std::string specs = lastack::testing::source_dir() + "/specs/";

struct Tally {
    std::set<std::string> properties;
    std::size_t answers = 0, expected = 0;
};

std::string answer_text(const CheckResult& result) {
    std::string text = result.vacuous() ? "vacuous" : to_string(result.answer);
    if (result.trace) text += fmt::format(" in {}", result.trace->steps.size());
    return text;
}

std::string expected_text(const Expectation& expected) {
    std::string text = expected.vacuous ? "vacuous" : expected.holds ? "holds" : "violated";
    if (expected.shortest >= 0) text += fmt::format(" in {}", expected.shortest);
    return text;
}

void check_all(const Spec& spec, Tally& tally) {
    const CheckReport report = check(spec, {});
    for (const CheckResult& result : report.claims) {
        tally.properties.insert(result.claim->id);
        ++tally.answers;
        tally.expected += result.as_expected;
        fmt::print("{} {:<16} {:<15} {:<16} {:<16} {:<14} {:>11} {:>7.2f} s\n", result.as_expected ? "ok" : "!!",
                   result.claim->id, spec.subject, answer_text(result), expected_text(result.expected),
                   result.claim->system, result.coverage.states, result.coverage.seconds);
        std::fflush(stdout);
    }
}

bool properties() {
    Tally tally;
    fmt::print("   {:<16} {:<15} {:<16} {:<16} {:<14} {:>11} {:>9}\n", "property", "profile", "result", "expected",
               "system", "states", "CPU");
    for (const std::string& profile : family) check_all(read_spec(specs + "properties.spec", profile), tally);
    for (const char* other : {"properties/literal.spec", "incarnations.spec", "lwip.spec"})
        check_all(read_spec(specs + other), tally);
    fmt::print("\n{} properties, {} profiles: {} answers, {} as expected\n\n", tally.properties.size(), family.size(),
               tally.answers, tally.expected);
    return tally.answers == tally.expected;
}

// Each rule dropped in turn. `lastack mutate` has finer mistakes, too; they take an hour.
void mutants() {
    const Spec spec = read_spec(specs + "properties.spec", "rfc9293");
    MutationOptions options;
    options.jobs = 2;
    options.operators = {Mutant::Operator::rule};
    options.bounds.max_states = 800'000;
    fmt::print("{}\n", mutation_text(mutation_score(spec, options), false));
}

bool same_counts(const std::string& profile, const std::string& system) {
    const Spec spec = read_spec(specs + "properties.spec", profile);
    const SystemDecl& decl = *spec.system(system);
    const Coverage count = testing::explore(spec, decl);
    fmt::print("{:<16} {:<10} {:>9} states {:>9} transitions", profile, system, count.states, count.transitions);
    bool same = true;
    const auto compare = [&](const std::string& tool, auto counted, const std::string& model, std::uint64_t extra) {
        if (!testing::checker_present(tool)) {
            fmt::print("  {}: not installed", tool);
            same = false;
            return;
        }
        const testing::OtherCount theirs = counted(model);
        const bool equal = theirs.states == count.states && theirs.transitions == count.transitions + extra;
        fmt::print("  {}: {}", tool, equal ? "the same" : fmt::format("{} {}", theirs.states, theirs.transitions));
        same &= equal;
    };
    compare("spin", testing::spin_counts, to_promela(spec, decl), count.cuts + 1);
    compare("rumur", testing::rumur_counts, to_murphi(spec, decl), 0);
    fmt::print("\n");
    return same;
}

}  // namespace

int main() {
    const auto start = std::chrono::steady_clock::now();
    bool good = properties();
    for (const std::string& profile : family)
        fmt::print("{}\n", coverage_text(rule_use(read_spec(specs + "properties.spec", profile), {})));
    mutants();
    for (const std::string& profile : family) good &= same_counts(profile, "polite");
    good &= same_counts("rfc9293", "opening");
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    fmt::print("\n{}: {:.0f} s of wall time\n",
               good ? "every answer is as expected, and all counts agree" : "NOT as expected", time.count());
    return good ? 0 : 1;
}
