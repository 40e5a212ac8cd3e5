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

// A segment leaves what is in flight, or is doubled there; its clock goes with it.
void TimedSystem::take_segment(const Edge& edge, int which, InFlight (&flight)[2], TimedMove& move) const {
    using Kind = SystemStep::Kind;
    const bool reorders = system_.network().reorders;
    InFlight& sent = flight[edge.step.kind == Kind::deliver ? 1 - edge.step.end : edge.step.end];
    const auto first =
        reorders ? std::lower_bound(sent.content.begin(), sent.content.end(), edge.step.segment) : sent.content.begin();
    const std::ptrdiff_t place = first - sent.content.begin() + which;
    const int clock = sent.ages[static_cast<std::size_t>(place)];
    move.which = which;
    if (edge.step.kind == Kind::deliver)
        move.expires = clock;
    else if (reorders)
        move.at_once = clock;
    if (edge.step.kind == Kind::duplicate) {
        sent.content.insert(sent.content.begin() + place, edge.step.segment);
        sent.ages.insert(sent.ages.begin() + place, clock);
    } else {
        sent.content.erase(sent.content.begin() + place);
        sent.ages.erase(sent.ages.begin() + place);
    }
}

// What an end sends, as far as there is room.
void TimedSystem::add_sent(const Edge& edge, InFlight& sent) const {
    const std::size_t room = system_.bags(edge.step.end).content(edge.next.bag[edge.step.end]).size();
    for (int i = 0; i < edge.outcome.sent_count && sent.content.size() < room; ++i) {
        const auto place = system_.network().reorders
                               ? std::upper_bound(sent.content.begin(), sent.content.end(), edge.outcome.sent[i])
                               : sent.content.end();
        sent.ages.insert(sent.ages.begin() + (place - sent.content.begin()), 0);
        sent.content.insert(place, edge.outcome.sent[i]);
    }
}

// Which clocks go on, which ones begin, and what has to be over.
TimedMove TimedSystem::move_along(const Location& from, const Edge& edge, int which) {
    using Kind = SystemStep::Kind;
    const SystemState before = state(from.node);
    TimedMove move;
    std::vector<int> running[2];
    int first_timer[2] = {};  // its clock
    int next = 1;
    for (const int end : {0, 1}) {
        first_timer[end] = next;
        running[end] = local(end, before.end[end]).running;
        next += static_cast<int>(running[end].size());
    }
    InFlight flight[2];
    for (const int end : {0, 1}) {
        flight[end].content = system_.bags(end).content(before.bag[end]);
        for (std::size_t i = 0; i < flight[end].content.size(); ++i) flight[end].ages.push_back(next++);
    }
    const bool acts = edge.step.kind == Kind::spontaneous || edge.step.kind == Kind::deliver;
    const int actor = edge.step.end;
    if (acts) move.actor = actor;
    if (edge.step.kind != Kind::spontaneous) take_segment(edge, which, flight, move);
    if (acts) add_sent(edge, flight[actor]);
    std::vector<int> doublings;
    for (const int end : {0, 1}) {
        const auto clock_of = [&](int timer) {
            const auto place = std::find(running[end].begin(), running[end].end(), timer);
            return place == running[end].end() ? 0 : first_timer[end] + static_cast<int>(place - running[end].begin());
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
            move.from.push_back(start ? 0 : old);
            const bool again = start && start->out_of_expiry && old > 0;
            doublings.push_back(!start ? doubled : saturated(end, timer, again ? doubled + 1 : start->doublings));
        }
    }
    for (const int end : {0, 1}) move.from.insert(move.from.end(), flight[end].ages.begin(), flight[end].ages.end());
    move.target = location(node(edge.next), std::move(doublings));
    return move;
}

}  // namespace lastack
