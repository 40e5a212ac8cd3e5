#include "checker/trace/path.h"

#include <algorithm>
#include <optional>

namespace lastack {

// The system is the same with its ends exchanged, so a run is one with its ends exchanged, too; both begin in the same
// state.
std::vector<SystemState> unfolded(System& system, const std::vector<SystemState>& path, const SystemState& last) {
    std::vector<SystemState> run{path.front()};
    for (std::size_t i = 1; i < path.size(); ++i) {
        std::optional<SystemState> after;
        system.expand(run.back(), [&](const SystemState& next, const SystemStep&) {
            if (!after && (next == path[i] || next == mirror_image(path[i]))) after = next;
        });
        run.push_back(after.value());
    }
    if (run.back() != last) std::transform(run.begin(), run.end(), run.begin(), mirror_image);
    return run;
}

std::vector<SystemState> states_to(System& system, Explorer& explorer, std::uint64_t index, const SystemState& seen) {
    WalkAgain none;
    std::vector<SystemState> states = states_on_path(explorer, index, none);
    return system.shares_tables() ? unfolded(system, states, seen) : states;
}

Snapshot snapshot_of(const System& system, const SystemState& state) {
    Snapshot snapshot;
    for (int end = 0; end < 2; ++end) {
        snapshot.end[end] = system.machine(end).decode(state.end[end]);
        for (const SegmentId id : system.bags(end).content(state.bag[end]))
            snapshot.flight[end].push_back(system.sent_by(end)[id]);
        if (system.network().reorders) std::sort(snapshot.flight[end].begin(), snapshot.flight[end].end());
    }
    snapshot.losses = state.losses;
    snapshot.duplicates = state.duplicates;
    return snapshot;
}

TraceStep step_of(const System& system, const SystemState& after, const SystemStep& step) {
    TraceStep result;
    result.end = step.end;
    result.after = snapshot_of(system, after);
    switch (step.kind) {
        case SystemStep::Kind::lose: result.kind = TraceStep::Kind::lose; break;
        case SystemStep::Kind::duplicate: result.kind = TraceStep::Kind::duplicate; break;
        case SystemStep::Kind::deliver: result.kind = TraceStep::Kind::deliver; break;
        case SystemStep::Kind::spontaneous: break;
    }
    if (step.kind != SystemStep::Kind::spontaneous) {
        const int sender = step.kind == SystemStep::Kind::deliver ? 1 - step.end : step.end;
        result.segment = system.sent_by(sender)[step.segment];
    }
    if (!step.outcome) return result;
    const Label& label = system.machine(step.end).label(step.outcome->label);
    if (step.kind == SystemStep::Kind::spontaneous) {
        result.kind = label.trigger == Trigger::call ? TraceStep::Kind::call : TraceStep::Kind::timer;
        result.name = label.name;
    }
    for (int i = 0; i < step.outcome->sent_count; ++i)
        result.sent.push_back(system.sent_by(step.end)[step.outcome->sent[i]]);
    result.rules = label.rules;
    result.signals = label.signals;
    result.result = label.result;
    return result;
}

}  // namespace lastack
