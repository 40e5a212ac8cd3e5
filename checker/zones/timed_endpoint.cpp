#include "checker/zones/timed_endpoint.h"

#include <algorithm>

#include "model/plain.h"

namespace lastack {

TimedEndpoint::TimedEndpoint(Machine& machine, const SegmentTable& arriving, const SegmentTable& sent)
    : machine_(machine), arriving_(arriving), sent_(sent), may_arrive_(static_cast<SegmentId>(arriving.size())),
      closed_(machine.profile().variable("closed")) {}

TimedEndpoint::Stay TimedEndpoint::stay_of(LocalId local) const {
    Stay stay;
    stay.state = machine_.control_state(local);
    if (closed_ >= 0) stay.closed = machine_.decode(local).values[static_cast<std::size_t>(closed_)] != 0;
    return stay;
}

std::vector<int> TimedEndpoint::running(LocalId local) const {
    std::vector<int> timers;
    const EndState state = machine_.decode(local);
    for (int timer = 0; timer < static_cast<int>(machine_.profile().timers.size()); ++timer) {
        if (plain_running(machine_.profile(), machine_.limits(), state, timer)) timers.push_back(timer);
    }
    return timers;
}

int TimedEndpoint::saturated(int timer, int doublings) const {
    const TimerDecl& declared = machine_.profile().timers[static_cast<std::size_t>(timer)];
    if (declared.cap_us == 0) return 0;
    while (doublings > 0 && run_time(declared, doublings - 1) == run_time(declared, doublings)) --doublings;
    return doublings;
}

int TimedEndpoint::location(LocalId local, World world, std::vector<int> doublings) {
    std::string key(reinterpret_cast<const char*>(&local), sizeof local);
    key += static_cast<char>(world);
    for (const int each : doublings) key += static_cast<char>(each);
    const auto [place, fresh] = ids_.emplace(key, static_cast<int>(locations_.size()));
    if (!fresh) return place->second;
    Location made;
    made.local = local;
    made.world = world;
    made.running = running(local);
    const EndState state = machine_.decode(local);
    for (std::size_t i = 0; i < made.running.size(); ++i) {
        const int timer = made.running[i];
        const RunTime time = run_time(machine_.profile().timers[static_cast<std::size_t>(timer)], doublings[i]);
        made.clocks.push_back({{Duration::Kind::timer, 0, 0, timer, doublings[i]},
                               time.earliest_us,
                               time.latest_us,
                               takes_expiry(machine_.profile(), machine_.limits(), state, timer)});
    }
    made.doublings = std::move(doublings);
    locations_.push_back(std::move(made));
    return place->second;
}

int TimedEndpoint::initial() {
    std::vector<int> doublings;
    const EndState state = machine_.decode(machine_.initial());
    for (const TimerStart& start : timers_at_start(machine_.profile(), machine_.limits(), state).started)
        doublings.push_back(saturated(start.timer, start.doublings));
    return location(machine_.initial(), World::open, std::move(doublings));
}

// Calls and segments in the open world only.
std::vector<TimedEndpoint::Step> TimedEndpoint::steps_of(const Location& from) {
    std::vector<Step> steps;
    for (const Outcome& outcome : machine_.spontaneous(from.local)) {
        if (from.world == World::open || machine_.label(outcome.label).trigger == Trigger::timer)
            steps.push_back({outcome, std::nullopt});
    }
    for (SegmentId id = 0; from.world == World::open && id < may_arrive_; ++id) {
        try {
            for (const Outcome& outcome : machine_.receive(from.local, id, arriving_)) {
                const bool idle = outcome.after == from.local && machine_.label(outcome.label).started.empty();
                if (!idle) steps.push_back({outcome, id});
            }
        } catch (const ModelError&) {
            continue;
        }
    }
    return steps;
}

const std::vector<TimedMove>& TimedEndpoint::moves(int location) {
    Location& from = locations_[static_cast<std::size_t>(location)];
    if (!from.expanded) {
        from.steps = steps_of(from);
        std::vector<TimedMove> moves;
        for (int i = 0; i < static_cast<int>(from.steps.size()); ++i) add(from, i, moves);
        from.moves = std::move(moves);
        from.expanded = true;
    }
    return from.moves;
}

void TimedEndpoint::add(const Location& from, int index, std::vector<TimedMove>& moves) {
    const Step& step = from.steps[static_cast<std::size_t>(index)];
    const Label& label = machine_.label(step.outcome.label);
    const Input input{step.arrives ? Trigger::segment : label.trigger, label.name, {}};
    Reaction reaction;
    reaction.after = machine_.decode(step.outcome.after);
    reaction.started = label.started;
    const TimerChanges changes =
        timer_changes(machine_.profile(), machine_.limits(), machine_.decode(from.local), input, reaction);
    TimedMove move;
    move.step = index;
    std::vector<int> doublings;
    const auto clock_of = [&](int timer) {
        const auto place = std::find(from.running.begin(), from.running.end(), timer);
        return place == from.running.end() ? 0 : static_cast<int>(place - from.running.begin()) + 1;
    };
    if (input.trigger == Trigger::timer) move.expires = clock_of(machine_.profile().timer(label.name));
    for (const int timer : running(step.outcome.after)) {
        const int old = clock_of(timer);
        const int doubled = old > 0 ? from.doublings[static_cast<std::size_t>(old - 1)] : 0;
        const auto start = std::find_if(changes.started.begin(), changes.started.end(),
                                        [&](const TimerStart& one) { return one.timer == timer; });
        const bool anew = start != changes.started.end();
        move.from.push_back(anew ? 0 : old);
        doublings.push_back(!anew ? doubled
                                  : saturated(timer, start->out_of_expiry && old > 0 ? doubled + 1 : start->doublings));
    }
    const bool enters = from.world == World::open && stay_of(step.outcome.after).state != stay_of(from.local).state;
    move.target = location(step.outcome.after, from.world, doublings);
    moves.push_back(move);
    if (!enters) return;
    move.target = location(step.outcome.after, World::silent, doublings);
    moves.push_back(move);
}

std::string TimedEndpoint::text_of(int location, const TimedMove& move) const {
    const Step& step = locations_[static_cast<std::size_t>(location)].steps[static_cast<std::size_t>(move.step)];
    const Label& label = machine_.label(step.outcome.label);
    const Vocabulary& vocabulary = machine_.profile().vocabulary;
    std::string text = step.arrives                      ? "gets " + to_string(arriving_[*step.arrives], vocabulary)
                       : label.trigger == Trigger::timer ? "timer " + label.name + " expires"
                                                         : "calls " + label.name;
    for (int i = 0; i < step.outcome.sent_count; ++i)
        text += (i == 0 ? ": sends " : ", ") + to_string(sent_[step.outcome.sent[i]], vocabulary);
    return text;
}

}  // namespace lastack
