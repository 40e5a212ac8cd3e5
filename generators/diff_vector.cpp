#include "generators/diff_vector.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

#include "checker/suites/tester_graph.h"
#include "generators/open_run.h"
#include "generators/vector_json.h"

namespace lastack {

namespace {

// The peer's units become bytes only where its FIN, once sent, stands at one place with nothing behind it.
bool one_stream(const Trace& trace) {
    PeerStream stream;
    for (const TraceStep& step : trace.steps) {
        if (step.end != 1) continue;
        for (const Segment& segment : step.sent)
            if (!stream.take(segment)) return false;
    }
    return true;
}

// Nothing: there may be a vector.
std::optional<std::string> why_not(const Comparison& comparison, int side) {
    const Distinction& distinction = *comparison.distinction;
    if (distinction.waited[side]) return "a timer of the other side does not run here: nothing ends the wait for it";
    if (distinction.run[side].edges.size() > distinction.steps.size()) return std::nullopt;
    const Input& input = comparison.alphabet->inputs[distinction.input];
    if (input.trigger == Trigger::timer)
        return fmt::format("timer {} does not run here: there is nothing to wait for", input.name);
    return fmt::format("no rule says what {} does here: there is nothing to expect", to_string(input, Vocabulary{}));
}

}  // namespace

Trace trace_of(const EndpointLts& lts, const SideRun& run, const Distinction& distinction) {
    std::vector<OpenStep> steps;
    for (std::size_t i = 0; i < run.edges.size(); ++i) {
        const bool last = i >= distinction.steps.size();
        steps.push_back({last ? distinction.input : distinction.steps[i].input, run.edges[i]});
    }
    PlainMemo memo(lts.profile(), lts.limits());
    return trace_of(lts, steps, memo);
}

Playable what_a_vector_plays() {
    const auto plays = [](const std::string& call) {
        return call != "open" && call != "listen" &&
               std::find(vector_calls.begin(), vector_calls.end(), call) != vector_calls.end();
    };
    Playable playable;
    playable.input = [plays](const Input& input) { return input.trigger != Trigger::call || plays(input.name); };
    playable.state = [](const std::string& state) { return !opens(state); };
    return playable;
}

std::vector<std::string> calls_of_a_tester(const Profile& profile, bool opening) {
    std::vector<std::string> calls;
    const Playable playable = what_a_vector_plays();
    for (const Handler& handler : profile.handlers) {
        const bool opens = opening && (handler.name == "open" || handler.name == "listen");
        if (handler.trigger == Trigger::call && (opens || playable.input({Trigger::call, handler.name, {}})))
            calls.push_back(handler.name);
    }
    return calls;
}

Projection diff_vector(const Comparison& comparison, int side, const ProjectionOptions& options) {
    Projection result;
    if (const std::optional<std::string> reason = why_not(comparison, side)) return {std::nullopt, *reason};
    const EndpointLts& lts = *comparison.lts[side];
    const std::string names[2] = {comparison.lts[0]->profile().name, comparison.lts[1]->profile().name};
    const Trace trace = trace_of(lts, comparison.distinction->run[side], *comparison.distinction);
    if (!one_stream(trace)) {
        result.reason = "the peer's units do not fit bytes: its FIN has two places, or text behind it";
        return result;
    }
    const OpenSystem open(lts);
    Claim claim;
    claim.id = "diff";
    claim.kind = Claim::Kind::reachable;
    claim.system = trace.system;
    claim.sentence = fmt::format("tells {} from {}: this is what {} does", names[0], names[1], names[side]);
    result = project(open.system(), claim, trace, 0, options);
    if (!result.vector) return result;
    const std::string played = names[0] == names[1] ? (side == 0 ? "A" : "B") : names[side];
    result.vector->id = fmt::format("diff/{}-or-{}/{}/ipv{}", names[0], names[1], played, options.ip);
    try {
        to_json(*result.vector);
    } catch (const std::invalid_argument& error) {
        return {std::nullopt, fmt::format("it has no place in the format of vectors: {}", error.what())};
    }
    return result;
}

}  // namespace lastack
