// A topic as a page: what the model says with pictures, and what the stack at hand does.
#include "report/explained.h"

#include <fmt/format.h>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/shipped_specs.h"
#include "cli/suites.h"
#include "cli/verbs.h"

namespace lastack {

const std::vector<std::string> explained_topics{"four-way-close"};

int explain_verb(const ExplainTopicArguments& arguments) {
    CheckArguments check;
    check.spec = spec_path("specs/explained/" + arguments.topic + ".spec");
    check.profile = "linux";
    const Spec spec = read(check);
    std::string why;
    const auto target = choose_target(arguments.drive, &spec, why);
    const CheckReport report = run_check(spec, check);
    SuiteOptions options;
    options.ip_versions = {4};
    const Suite suite = make_suite(spec, report, options);
    const std::vector<TestRun> runs = drive_suite(*target, suite.vectors, arguments.drive);
    const std::string driven =
        why.empty() ? target->description()
                    : fmt::format("{}, since no kernel can be driven here: {}", target->description(), why);
    write_file(arguments.file, four_way_close_text({spec, report, suite.vectors, runs, driven}));
    if (interrupted()) return exit_limit;
    const int code = exit_code_of(report);
    return code != exit_ok ? code : exit_code_of(tally_of(suite.vectors, runs));
}

}  // namespace lastack
