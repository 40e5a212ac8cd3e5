#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/checking.h"
#include "cli/provenance.h"
#include "cli/proving.h"
#include "cli/reports.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "report/check_text.h"
#include "report/coverage_text.h"
#include "report/json.h"

namespace lastack {

constexpr double seconds_for_proofs = 60;  // for the claims of one system

int check_verb(const CheckArguments& arguments) {
    const Spec spec = read(arguments);
    const CheckReport report = run_check(spec, arguments);
    const bool save = !arguments.save_traces.empty();
    const std::size_t saved = save ? save_traces(spec, report, arguments.save_traces) : 0;
    std::optional<ProofReport> proofs;
    if (arguments.unbounded) proofs = prove_checked(spec, report, seconds_for_proofs, {});
    if (arguments.json) {
        JsonTree tree = check_json(spec, report);
        set_provenance(tree, &spec);
        if (arguments.coverage) tree.set("coverage", use_json(run_use(spec, arguments)));
        if (proofs) tree.set("unbounded", unbounded_json(*proofs));
        std::fputs(tree.text().c_str(), stdout);
    } else {
        say(check_text(spec, report) + traces_text(spec, report, arguments.traces));
        if (arguments.coverage) std::fputs(("\n" + coverage_text(run_use(spec, arguments))).c_str(), stdout);
        if (proofs) say("\n" + unbounded_text(*proofs));
        if (save)
            fmt::print("\n{} traces written to {}: .itf.json, .mmd and .svg of each\n", saved, arguments.save_traces);
    }
    write_reports(arguments.reports, report.subject, "", items_of(spec, report), {&spec, &report, nullptr, nullptr});
    return exit_code_of(report);
}

}  // namespace lastack
