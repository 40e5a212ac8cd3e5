#include "generators/open_run.h"

#include <algorithm>
#include <stdexcept>

#include "model/plain.h"

namespace lastack {

namespace {

TraceStep::Kind kind_of(Trigger trigger) {
    switch (trigger) {
        case Trigger::call: return TraceStep::Kind::call;
        case Trigger::timer: return TraceStep::Kind::timer;
        default: return TraceStep::Kind::deliver;
    }
}

}  // namespace

Trace open_trace(const EndpointLts& lts) {
    Trace trace;
    trace.system = open_system;
    trace.initial.end[0] = trace.initial.end[1] = lts.state(0);
    return trace;
}

void add_step(const EndpointLts& lts, const OpenStep& step, PlainMemo& memo, Trace& trace) {
    const Input input = lts.own_input(step.input);
    Snapshot now = trace.last();
    if (input.trigger == Trigger::segment) {
        TraceStep from_outside;
        from_outside.end = 1;
        from_outside.name = "environment";
        from_outside.sent = {input.segment};
        from_outside.after = now;
        trace.steps.push_back(std::move(from_outside));
    }
    const EndState after = lts.state(step.edge.to);
    const PlainMemo::Ways ways = memo.react(now.end[0], input);
    const auto found = std::find_if(ways->begin(), ways->end(), [&](const PlainMemo::Way& one) {
        return one.reaction.after == after && one.reaction.rules == lts.rules(step.edge);
    });
    if (found == ways->end())
        throw std::logic_error("the plain interpreter does not react as the machine does: " +
                               describe(lts.profile(), lts.limits(), now.end[0]) + ", " +
                               to_string(input, lts.profile().vocabulary));
    now.end[0] = after;
    const Reaction& way = found->reaction;
    trace.steps.push_back({kind_of(input.trigger), 0, input.name, input.segment, way.sent, way.rules, way.signals,
                           way.result, std::move(now)});
}

Trace trace_of(const EndpointLts& lts, const std::vector<OpenStep>& run, PlainMemo& memo) {
    Trace trace = open_trace(lts);
    for (const OpenStep& step : run) add_step(lts, step, memo, trace);
    return trace;
}

OpenSystem::OpenSystem(const EndpointLts& lts) {
    spec_.subject = lts.profile().name;
    spec_.profiles = {lts.profile()};
    decl_.name = open_system;
    for (std::string& name : decl_.profile) name = spec_.subject;
    const int start = lts.control(0);
    if (start != lts.profile().initial_state())
        for (std::string& state : decl_.start) state = lts.control_state(0);
    for (const Limit& limit : lts.profile().limits) decl_.limits[limit.name] = lts.limits().at(limit.name);
    system_ = std::make_unique<PlainSystem>(spec_, decl_);
}

}  // namespace lastack
