#include "checker/zones/timed_system.h"

#include <algorithm>
#include <cstring>

#include "model/plain.h"

namespace lastack {

namespace {

// Values as the bytes of a key.
template <typename... Values>
std::string key_of(const Values&... values) {
    std::string key;
    const auto add = [&key](std::int64_t value) { key.append(reinterpret_cast<const char*>(&value), sizeof value); };
    (add(static_cast<std::int64_t>(values)), ...);
    return key;
}

// Where the clocks of an end's timers and of what it has in flight begin: counted from 1, timers of A, timers of B,
// what A sent, what B sent.
struct Layout {
    int timers[2], flight[2];
};

}  // namespace

TimedSystem::TimedSystem(const Spec& spec, const SystemDecl& decl, const TimeTable& table)
    : system_(spec, decl),
      delay_from_(table.delay_from_us.value_or(std::max<std::int64_t>(decl.network.delay_from_us, 0))),
      delay_to_(table.delay_to_us.value_or(std::max<std::int64_t>(decl.network.delay_to_us, 0))) {
    for (const int end : {0, 1}) {
        profiles_[end] = profile_at(spec, decl, end);
        limits_[end] = limits_at(spec, decl, end);
        for (TimerDecl& timer : profiles_[end].timers) {
            const auto other = table.timers.find(timer.name);
            if (other == table.timers.end()) continue;
            timer.earliest_us = other->second.earliest_us;
            timer.latest_us = other->second.latest_us;
            timer.cap_us = other->second.cap_us;
        }
    }
}

int TimedSystem::node(const SystemState& state) {
    const std::string key =
        key_of(state.end[0], state.end[1], state.bag[0], state.bag[1], state.losses, state.duplicates);
    const auto [place, fresh] = node_ids_.emplace(key, static_cast<int>(nodes_.size()));
    if (fresh) nodes_.push_back({state, false, {}});
    return place->second;
}

const std::vector<TimedSystem::Edge>& TimedSystem::edges(int node) {
    if (!nodes_[static_cast<std::size_t>(node)].expanded) {
        std::vector<Edge> edges;
        system_.expand(state(node), [&](const SystemState& next, const SystemStep& step) {
            edges.push_back({next, step, step.outcome ? *step.outcome : Outcome{}});
        });
        nodes_[static_cast<std::size_t>(node)].edges = std::move(edges);
        nodes_[static_cast<std::size_t>(node)].expanded = true;
    }
    return nodes_[static_cast<std::size_t>(node)].edges;
}

TraceStep TimedSystem::step_of(int node, int step) {
    const Edge& edge = edges(node)[static_cast<std::size_t>(step)];
    SystemStep made = edge.step;
    if (made.outcome) made.outcome = &edge.outcome;
    return lastack::step_of(system_, edge.next, made);
}

const TimedSystem::Local& TimedSystem::local(int end, LocalId id) {
    std::vector<std::optional<Local>>& known = locals_[end];
    if (known.size() <= id) known.resize(id + 1);
    if (known[id]) return *known[id];
    Local found;
    const EndState state = system_.machine(end).decode(id);
    std::vector<bool> taken(profiles_[end].timers.size());
    for (const Outcome& outcome : system_.machine(end).spontaneous(id)) {
        const Label& label = system_.machine(end).label(outcome.label);
        if (label.trigger == Trigger::timer) taken[static_cast<std::size_t>(profiles_[end].timer(label.name))] = true;
    }
    for (int timer = 0; timer < static_cast<int>(taken.size()); ++timer) {
        if (!plain_running(profiles_[end], limits_[end], state, timer)) continue;
        found.running.push_back(timer);
        found.taken.push_back(taken[static_cast<std::size_t>(timer)]);
    }
    if (known.size() <= id) known.resize(id + 1);
    known[id] = std::move(found);
    return *known[id];
}

// Doublings beyond which nothing changes any more are one number, so that there are finitely many.
int TimedSystem::saturated(int end, int timer, int doublings) const {
    const TimerDecl& declared = profiles_[end].timers[static_cast<std::size_t>(timer)];
    if (declared.cap_us == 0) return 0;
    while (doublings > 0 && run_time(declared, doublings - 1) == run_time(declared, doublings)) --doublings;
    return doublings;
}

int TimedSystem::location(int node, std::vector<int> doublings) {
    std::string key = key_of(node);
    for (const int each : doublings) key += static_cast<char>(each);
    const auto [place, fresh] = location_ids_.emplace(key, static_cast<int>(locations_.size()));
    if (!fresh) return place->second;
    Location made;
    made.node = node;
    const SystemState at = state(node);
    std::size_t next = 0;
    for (const int end : {0, 1}) {
        const Local& here = local(end, at.end[end]);
        for (std::size_t i = 0; i < here.running.size(); ++i) {
            const int timer = here.running[i];
            const int doubled = doublings[next++];
            const RunTime time = run_time(profiles_[end].timers[static_cast<std::size_t>(timer)], doubled);
            made.clocks.push_back(
                {{Duration::Kind::timer, 0, end, timer, doubled}, time.earliest_us, time.latest_us, here.taken[i]});
        }
    }
    for (const int end : {0, 1}) {
        for (std::size_t i = 0; i < system_.bags(end).content(at.bag[end]).size(); ++i)
            made.clocks.push_back({{Duration::Kind::delay, 0, end, 0, 0}, delay_from_, delay_to_, true});
    }
    made.doublings = std::move(doublings);
    locations_.push_back(std::move(made));
    return place->second;
}

int TimedSystem::initial() {
    std::vector<int> doublings;
    for (const int end : {0, 1}) {
        const EndState state = system_.machine(end).decode(system_.machine(end).initial());
        for (const TimerStart& start : timers_at_start(profiles_[end], limits_[end], state).started)
            doublings.push_back(saturated(end, start.timer, start.doublings));
    }
    return location(node(system_.initial()), std::move(doublings));
}

const std::vector<RunningClock>& TimedSystem::clocks(int location) {
    return locations_[static_cast<std::size_t>(location)].clocks;
}

const std::vector<TimedMove>& TimedSystem::moves(int location) {
    if (!locations_[static_cast<std::size_t>(location)].expanded) {
        const Location from = locations_[static_cast<std::size_t>(location)];
        std::vector<TimedMove> moves;
        const int count = static_cast<int>(edges(from.node).size());
        for (int step = 0; step < count; ++step) add_moves(from, step, moves);
        locations_[static_cast<std::size_t>(location)].moves = std::move(moves);
        locations_[static_cast<std::size_t>(location)].expanded = true;
    }
    return locations_[static_cast<std::size_t>(location)].moves;
}

// A step that takes a segment is a move for each segment like it.
void TimedSystem::add_moves(const Location& from, int step, std::vector<TimedMove>& moves) {
    const Edge edge = edges(from.node)[static_cast<std::size_t>(step)];
    int alike = 1;
    if (edge.step.kind != SystemStep::Kind::spontaneous && system_.network().reorders) {
        const int sender = edge.step.kind == SystemStep::Kind::deliver ? 1 - edge.step.end : edge.step.end;
        const std::vector<SegmentId>& content = system_.bags(sender).content(state(from.node).bag[sender]);
        alike = static_cast<int>(std::count(content.begin(), content.end(), edge.step.segment));
    }
    for (int which = 0; which < alike; ++which) {
        TimedMove move = move_along(from, edge, which);
        move.step = step;
        moves.push_back(std::move(move));
    }
}

const TimerChanges& TimedSystem::changes(int end, LocalId before, const Edge& edge) {
    const Outcome& outcome = edge.outcome;
    const auto [place, fresh] = changes_[end].try_emplace(key_of(before, outcome.after, outcome.label));
    if (fresh) {
        const Machine& machine = system_.machine(end);
        const Label& label = machine.label(outcome.label);
        Reaction reaction;
        reaction.after = machine.decode(outcome.after);
        reaction.started = label.started;
        place->second = timer_changes(profiles_[end], limits_[end], machine.decode(before),
                                      Input{label.trigger, label.name, {}}, reaction);
    }
    return place->second;
}

// Which clocks go on, which ones begin, and what has to be over.
TimedMove TimedSystem::move_along(const Location& from, const Edge& edge, int which) {
    using Kind = SystemStep::Kind;
    const SystemState before = state(from.node);
    TimedMove move;
    Layout layout{};
    std::vector<int> running[2];
    int next = 1;
    for (const int end : {0, 1}) {
        layout.timers[end] = next;
        running[end] = local(end, before.end[end]).running;
        next += static_cast<int>(running[end].size());
    }
    std::vector<SegmentId> content[2];
    std::vector<int> ages[2];
    for (const int end : {0, 1}) {
        layout.flight[end] = next;
        content[end] = system_.bags(end).content(before.bag[end]);
        for (std::size_t i = 0; i < content[end].size(); ++i) ages[end].push_back(next++);
    }
    const bool reorders = system_.network().reorders;
    if (edge.step.kind == Kind::spontaneous || edge.step.kind == Kind::deliver) move.actor = edge.step.end;
    if (edge.step.kind != Kind::spontaneous) {
        const int sender = edge.step.kind == Kind::deliver ? 1 - edge.step.end : edge.step.end;
        const auto first = reorders
                               ? std::lower_bound(content[sender].begin(), content[sender].end(), edge.step.segment)
                               : content[sender].begin();
        const std::ptrdiff_t place = first - content[sender].begin() + which;
        const int clock = ages[sender][static_cast<std::size_t>(place)];
        move.which = which;
        if (edge.step.kind == Kind::deliver) {
            move.expires = clock;
        } else if (reorders) {
            move.at_once = clock;
        }
        if (edge.step.kind == Kind::duplicate) {
            content[sender].insert(content[sender].begin() + place, edge.step.segment);
            ages[sender].insert(ages[sender].begin() + place, clock);
        } else {
            content[sender].erase(content[sender].begin() + place);
            ages[sender].erase(ages[sender].begin() + place);
        }
    }
    std::vector<int> doublings;
    const bool acts = edge.step.kind == Kind::spontaneous || edge.step.kind == Kind::deliver;
    const int actor = edge.step.end;
    if (acts) {  // what it sends, as far as there is room
        const std::size_t room = system_.bags(actor).content(edge.next.bag[actor]).size();
        for (int i = 0; i < edge.outcome.sent_count && content[actor].size() < room; ++i) {
            const auto place =
                reorders ? std::upper_bound(content[actor].begin(), content[actor].end(), edge.outcome.sent[i])
                         : content[actor].end();
            ages[actor].insert(ages[actor].begin() + (place - content[actor].begin()), 0);
            content[actor].insert(place, edge.outcome.sent[i]);
        }
    }
    for (const int end : {0, 1}) {
        const auto clock_of = [&](int timer) {
            const auto place = std::find(running[end].begin(), running[end].end(), timer);
            return place == running[end].end() ? 0
                                               : layout.timers[end] + static_cast<int>(place - running[end].begin());
        };
        const TimerChanges* changed = acts && end == actor ? &changes(end, before.end[end], edge) : nullptr;
        if (changed && edge.step.kind == Kind::spontaneous) {
            const Label& label = system_.machine(end).label(edge.outcome.label);
            if (label.trigger == Trigger::timer) move.expires = clock_of(profiles_[end].timer(label.name));
        }
        for (const int timer : local(end, edge.next.end[end]).running) {
            const int old = clock_of(timer);
            const int doubled = old > 0 ? from.doublings[static_cast<std::size_t>(old - 1)] : 0;
            const TimerStart* start = nullptr;
            for (std::size_t i = 0; changed && i < changed->started.size(); ++i)
                if (changed->started[i].timer == timer) start = &changed->started[i];
            if (!start) {
                move.from.push_back(old);
                doublings.push_back(doubled);
                continue;
            }
            move.from.push_back(0);
            doublings.push_back(
                saturated(end, timer, start->out_of_expiry && old > 0 ? doubled + 1 : start->doublings));
        }
    }
    for (const int end : {0, 1}) move.from.insert(move.from.end(), ages[end].begin(), ages[end].end());
    move.target = location(node(edge.next), std::move(doublings));
    return move;
}

}  // namespace lastack
