#include <cstdio>

#include "checker/coverage/endpoint_graph.h"
#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace lastack {

int graph_verb(const GraphArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    ProgressLine progress;
    progress.activity("the graph of " + spec.subject);
    Bounds bounds = graph_bounds();
    bounds.stop = interrupted;
    bounds.progress = [&](const Progress& so_far) { progress.states(so_far); };
    const EndpointExploration found = explore_endpoint(spec, spec.subject, bounds);
    const Profile& profile = *spec.profile(found.profile);
    const GraphLevel level = arguments.local ? GraphLevel::local_states : GraphLevel::control_states;
    const std::string dot = to_dot(found.graph, profile, found.limits, level);
    progress.clear();
    write_file(arguments.file, dot);
    if (!Output::is_standard(arguments.file)) std::fputs(to_string(summarise(found.graph, profile)).c_str(), stdout);
    if (found.coverage.complete) return exit_ok;
    std::fputs("lastack: the graph is partial: a limit was hit or the run was interrupted\n", stderr);
    return exit_limit;
}

}  // namespace lastack
