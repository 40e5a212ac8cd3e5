// Checks a spec, makes test vectors of what it finds, and drives a target with them: `close_checked SPEC`.
#include <lastack/checker/claims/check.h>
#include <lastack/generators/suite.h>
#include <lastack/harness/driver.h>
#include <lastack/harness/targets.h>
#include <lastack/model/language/read_spec.h>

#include <iostream>

using namespace lastack;

int main(int, char** argv) {
    const Spec spec = read_spec(argv[1]);
    const CheckReport report = check(spec, {});
    for (const CheckResult& result : report.claims)
        std::cout << result.claim->id << ": " << to_string(result.answer) << (result.as_expected ? "" : " !") << '\n';
    const Suite suite = make_suite(spec, report, {});
    const Profile& profile = *spec.profile(spec.subject);
    const auto target = make_sim_target(profile, limits_of(profile));  // or make_linux_target()
    for (const TestRun& run : drive(*target, suite.vectors, {}))
        std::cout << run.vector_id << ": " << to_string(run.verdict) << ' ' << run.reason << '\n';
}
