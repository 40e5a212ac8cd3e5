#include "cli/walk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/plain.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::string flight_text(const PlainSystem& system, const Snapshot& state, int end) {
    std::string text;
    for (const Segment& segment : state.flight[end])
        text += (text.empty() ? "" : "; ") + to_string(segment, system.vocabulary());
    return fmt::format("{} ({} of {} in flight)", text.empty() ? "nothing" : text, state.flight[end].size(),
                       system.decl().network.capacity);
}

// Why the model does not have this step, as far as it can be told in a line.
std::string why_not(const PlainSystem& system, const Snapshot& here, const TraceStep& wanted,
                    const std::vector<TraceStep>& events) {
    const auto same_event = [&](const TraceStep& event) {
        return event.kind == wanted.kind && event.end == wanted.end && event.name == wanted.name &&
               event.segment == wanted.segment;
    };
    const auto other = std::find_if(events.begin(), events.end(), same_event);
    if (other == events.end()) return "it is not enabled there";
    const std::string text = event_text(system, here, *other);
    if (text == event_text(system, here, wanted)) return "the states after it differ";
    return "the model has: " + text;
}

}  // namespace

SteppedWalk::SteppedWalk(const PlainSystem& system) : system_(system) {
    run_.system = system.decl().name;
    run_.initial = system.initial();
    events_ = system.steps(run_.initial);
}

const Snapshot& SteppedWalk::here() const { return place_ == 0 ? run_.initial : run_.steps[place_ - 1].after; }

Trace SteppedWalk::so_far() const {
    Trace trace = run_;
    trace.steps.resize(place_);
    if (place_ < length()) trace.loop_from = -1;  // the loop is closed by the last step
    return trace;
}

// The events come first: where the profile breaks its own declarations, the walk stays where it was.
void SteppedWalk::move_to(std::size_t place) {
    std::vector<TraceStep> events = system_.steps(place == 0 ? run_.initial : run_.steps[place - 1].after);
    events_ = std::move(events);
    place_ = place;
}

void SteppedWalk::take(std::size_t event) {
    if (event < 1 || event > events_.size()) {
        const std::string range =
            events_.empty() ? "none is enabled" : fmt::format("there are 1 to {}", events_.size());
        throw WalkError(fmt::format("no event {}: {}", event, range));
    }
    const TraceStep step = events_[event - 1];
    std::vector<TraceStep> next = system_.steps(step.after);
    run_.steps.resize(place_);
    run_.loop_from = -1;
    run_.steps.push_back(step);
    events_ = std::move(next);
    ++place_;
}

void SteppedWalk::undo() {
    if (place_ == 0) throw WalkError("nothing to undo: this is the beginning");
    move_to(place_ - 1);
}

void SteppedWalk::go_to(std::size_t place) {
    if (place > length()) throw WalkError(fmt::format("no step {}: the walk has 0 to {}", place, length()));
    move_to(place);
}

void SteppedWalk::replay(const Trace& trace) {
    if (trace.initial != system_.initial()) throw WalkError("the trace does not begin in the initial state");
    const Snapshot* here = &trace.initial;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        const TraceStep& step = trace.steps[i];
        const std::vector<TraceStep> events = system_.steps(*here);
        if (std::find(events.begin(), events.end(), step) == events.end()) {
            throw WalkError(fmt::format("step {} of the trace is not possible: {}\n  {}", i + 1,
                                        event_text(system_, *here, step), why_not(system_, *here, step, events)));
        }
        here = &step.after;
    }
    std::vector<TraceStep> events = system_.steps(*here);
    run_ = trace;
    events_ = std::move(events);
    place_ = length();
}

std::string SteppedWalk::text() const {
    std::string out = fmt::format("Step {} of {}\n", place_, length());
    const Snapshot& state = here();
    for (int end = 0; end < 2; ++end) {
        const std::string words = describe(system_.profile(end), system_.limits(end), state.end[end]);
        out += fmt::format("  {}       {}\n", end == 0 ? 'A' : 'B', wrapped(words, 10, 12));
    }
    for (int end = 0; end < 2; ++end)
        out += fmt::format("  {}  {}\n", end == 0 ? "A -> B" : "B -> A",
                           wrapped(flight_text(system_, state, end), 10, 12));
    if (events_.empty()) out += "  nothing can happen any more\n";
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const std::string number = fmt::format("  {:>3}  ", i + 1);
        out += number + wrapped(event_text(system_, state, events_[i]), number.size(), number.size() + 2) + "\n";
    }
    return out;
}

std::string event_text(const PlainSystem& system, const Snapshot& before, const TraceStep& step) {
    std::string text = to_string(step, system.vocabulary());
    const bool network = step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
    if (network) return text;
    const int state = step.after.end[step.end].state;
    if (state != before.end[step.end].state) text += " -> " + state_label(system.profile(step.end).states[state].name);
    return text + (step.rules.empty() ? " (ignored)" : fmt::format(" ({})", fmt::join(step.rules, ", ")));
}

}  // namespace lastack
