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
    std::string text = check_text(spec, report) + traces_text(spec, report, arguments.traces);
    if (!arguments.json) say(text);  // before what takes long
    std::optional<UseReport> use;
    if (arguments.coverage) use = run_use(spec, arguments);
    const auto json = [&] {
        JsonTree tree = check_json(spec, report);
        set_provenance(tree, &spec);
        if (use) tree.set("coverage", use_json(*use));
        if (proofs) tree.set("unbounded", unbounded_json(*proofs));
        return tree.text();
    };
    std::string more = use ? "\n" + coverage_text(*use) : "";
    if (proofs) more += "\n" + unbounded_text(*proofs);
    if (save)
        more += "\n" +
                wrapped(fmt::format("{} traces written to {}: .itf.json, .mmd and .svg of each", saved,
                                    arguments.save_traces),
                        0, 2) +
                "\n";
    if (arguments.json)
        std::fputs(json().c_str(), stdout);
    else
        say(more);
    write_reports(arguments.reports, report.subject, "", items_of(spec, report), {&spec, &report, nullptr, nullptr},
                  {[&] { return text + more; }, json});
    return exit_code_of(report);
}

}  // namespace lastack
