#include "checker/zones/stay_bounds.h"

#include <algorithm>
#include <ctime>

#include "checker/engine/explorer.h"

namespace lastack {

namespace {

// The longest and the shortest time that something took, with the entry of the search that shows the longest.
struct Extremes {
    bool ends = false, beyond = false, for_ever = false;
    std::int64_t shortest = 0, longest = 0;
    int entry = -1;
    int beyond_entry = -1;
    int location = 0;  // where it goes beyond

    void take(int at, const TimedWatch::Shown& shown) {
        const std::int64_t most = shown.most.us(), least = -shown.least.us();
        if (!ends || least < shortest) shortest = least;
        if (!ends || (!shown.most.unbounded() && most > longest)) {
            longest = most;
            entry = at;
        }
        ends = true;
    }
};

bool any_forced(const std::vector<RunningClock>& clocks) {
    return std::any_of(clocks.begin(), clocks.end(), [](const RunningClock& clock) { return clock.forced; });
}

class StayWatch : public TimedWatch {
public:
    StayWatch(TimedEndpoint& graph, const StayOptions& options, int wanted) : graph_(graph), wanted_(wanted) {
        patience = largest = options.horizon_us;
    }
    Next at_start(int) override { return {}; }
    Next step(int state, int from, const TimedMove& move) override {
        Next next;
        const TimedEndpoint::Stay stay = graph_.stay_at(move.target);
        if (graph_.world(from) == TimedEndpoint::World::open) {
            if (graph_.world(move.target) == TimedEndpoint::World::open) return next;
            next.forbidden = wanted_ >= 0 && stay.state != wanted_;
            if (next.forbidden) return next;
            next.state = number_of(stay);
            next.starts = true;
        } else {
            next.state = state;
            next.hit = next.forbidden = stay.state != graph_.stay_at(from).state;
        }
        return next;
    }
    bool enough(int entry, int location, int state, const std::optional<Shown>& observed) override {
        Extremes& found = found_[static_cast<std::size_t>(state - 1)].second;
        if (observed->least.us() < -*patience || observed->most.unbounded()) {
            if (!found.beyond) found.beyond_entry = entry;
            found.beyond = true;
            found.for_ever = found.for_ever || !any_forced(graph_.clocks(location));
        } else {
            found.take(entry, *observed);
        }
        return false;
    }
    const std::vector<std::pair<TimedEndpoint::Stay, Extremes>>& found() const { return found_; }

private:
    int number_of(const TimedEndpoint::Stay& stay) {
        const auto place =
            std::find_if(found_.begin(), found_.end(), [&](const auto& each) { return each.first == stay; });
        if (place != found_.end()) return static_cast<int>(place - found_.begin()) + 1;
        found_.emplace_back(stay, Extremes{});
        return static_cast<int>(found_.size());
    }

    TimedEndpoint& graph_;
    int wanted_;
    std::vector<std::pair<TimedEndpoint::Stay, Extremes>> found_;
};

int origin_of(const TimedPath& path) {
    for (std::size_t i = path.observed_from.size(); i-- > 0;)
        if (path.observed_from[i]) return static_cast<int>(i);
    return 0;
}

std::vector<StayStep> worst_run(TimedEndpoint& graph, const TimedPath& path) {
    const int origin = origin_of(path);
    const auto times =
        times_of(conditions_of(graph, path), static_cast<int>(path.locations.size()), origin, Extreme::latest);
    if (!times) throw Disagreement("a run of the timed exploration has no times");
    std::vector<StayStep> steps;
    for (std::size_t i = 0; i < path.moves.size(); ++i) {
        const TimedEndpoint::Stay stay = graph.stay_at(path.locations[i + 1]);
        steps.push_back({graph.text_of(path.locations[i], path.moves[i]),
                         state_label(graph.machine().profile().states[static_cast<std::size_t>(stay.state)].name),
                         (*times)[i], static_cast<int>(i) + 1 < origin});
    }
    return steps;
}

void fill(const Extremes& found, StayBounds& bounds) {
    bounds.ends = found.ends;
    bounds.shortest_us = found.shortest;
    bounds.for_ever = found.for_ever;
    if (found.ends && !found.beyond) bounds.longest_us = found.longest;
}

double seconds_since(std::clock_t begun) { return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC; }

}  // namespace

StayReport stay_bounds(const Spec& spec, const SystemDecl& decl, const StayOptions& options) {
    const std::clock_t begun = std::clock();
    StayReport report;
    System system(spec, decl);
    Explorer explorer(system);  // so that the segments which the peer can send are known
    Bounds untimed;
    untimed.stop = options.bounds.stop;
    const Coverage coverage = explorer.run(untimed);
    TimedEndpoint graph(system.machine(0), system.sent_by(1), system.sent_by(0));
    const Profile& profile = system.machine(0).profile();
    StayWatch watch(graph, options, options.state.empty() ? -1 : profile.state(options.state));
    ZoneSearch search(graph, watch);
    search.run(options.bounds);
    report.complete = search.complete() && coverage.complete;
    report.zones = search.zones();
    for (const auto& [stay, found] : watch.found()) {
        StayBounds bounds;
        const StateDecl& state = profile.states[static_cast<std::size_t>(stay.state)];
        if (state.final) continue;
        bounds.state = state_label(state.name);
        bounds.closed = stay.closed;
        fill(found, bounds);
        const int entry = found.beyond ? found.beyond_entry : found.entry;
        if (entry >= 0) bounds.worst = worst_run(graph, search.path_to(entry));
        report.stays.push_back(std::move(bounds));
    }
    const auto place = [&](const StayBounds& bounds) {
        for (std::size_t i = 0; i < profile.states.size(); ++i)
            if (state_label(profile.states[i].name) == bounds.state) return std::pair(i, bounds.closed.value_or(false));
        return std::pair(profile.states.size(), false);
    };
    std::sort(report.stays.begin(), report.stays.end(),
              [&](const StayBounds& a, const StayBounds& b) { return place(a) < place(b); });
    report.seconds = seconds_since(begun);
    return report;
}

namespace {

// From the last call that changes anything until both ends are in a final state.
class CloseWatch : public TimedWatch {
public:
    CloseWatch(TimedSystem& system, const StayOptions& options) : system_(system) {
        patience = largest = options.horizon_us;
    }
    Next at_start(int) override { return {}; }
    Next step(int state, int from, const TimedMove& move) override {
        const int node = system_.node_of(from), target = system_.node_of(move.target);
        const TimedSystem::Edge& edge = system_.edges(node)[static_cast<std::size_t>(move.step)];
        Next next;
        next.state = state;
        const bool call = is_call(edge);
        if (call && !changes(edge, node)) {
            next.forbidden = true;
            return next;
        }
        if (call && !more_calls(target)) {
            next.state = 1;
            next.starts = true;
        }
        next.hit = next.forbidden = next.state > 0 && over(target);
        return next;
    }
    bool enough(int entry, int location, int, const std::optional<Shown>& observed) override {
        if (observed->least.us() < -*patience || observed->most.unbounded()) {
            if (!found.beyond) found.beyond_entry = entry;
            found.beyond = true;
            found.for_ever = found.for_ever || !any_forced(system_.clocks(location));
        } else {
            found.take(entry, *observed);
        }
        return false;
    }
    Extremes found;

private:
    bool is_call(const TimedSystem::Edge& edge) {
        return edge.step.kind == SystemStep::Kind::spontaneous &&
               system_.system().machine(edge.step.end).label(edge.outcome.label).trigger == Trigger::call;
    }
    bool changes(const TimedSystem::Edge& edge, int node) const {
        return edge.outcome.after != system_.state(node).end[edge.step.end] || edge.outcome.sent_count > 0;
    }
    // Asked of the ends: a call for whose segments there is no room now is one all the same.
    bool more_calls(int node) {
        for (const int end : {0, 1}) {
            Machine& machine = system_.system().machine(end);
            const LocalId local = system_.state(node).end[end];
            for (const Outcome& outcome : machine.spontaneous(local)) {
                if (machine.label(outcome.label).trigger == Trigger::call &&
                    (outcome.after != local || outcome.sent_count > 0))
                    return true;
            }
        }
        return false;
    }
    bool over(int node) const {
        for (const int end : {0, 1}) {
            const int state = system_.system().machine(end).control_state(system_.state(node).end[end]);
            if (!system_.profile(end).states[static_cast<std::size_t>(state)].final) return false;
        }
        return true;
    }

    TimedSystem& system_;
};

}  // namespace

StayBounds close_bounds(const Spec& spec, const SystemDecl& decl, const StayOptions& options, StayReport& report) {
    const std::clock_t begun = std::clock();
    TimedSystem system(spec, decl);
    CloseWatch watch(system, options);
    ZoneSearch search(system, watch);
    search.run(options.bounds);
    StayBounds bounds;
    fill(watch.found, bounds);
    const int entry = watch.found.beyond ? watch.found.beyond_entry : watch.found.entry;
    if (entry >= 0) {
        const TimedPath path = search.path_to(entry);
        const int origin = origin_of(path);
        const auto times =
            times_of(conditions_of(system, path), static_cast<int>(path.locations.size()), origin, Extreme::latest);
        if (!times) throw Disagreement("a run of the timed exploration has no times");
        const Trace trace = timed_trace(system, path, *times);
        confirm_run(PlainSystem(spec, decl), trace);
        for (std::size_t i = 0; i < trace.steps.size(); ++i) {
            std::string states;
            for (const int end : {0, 1}) {
                const int state = trace.steps[i].after.end[end].state;
                states += (end == 0 ? "" : " / ") +
                          state_label(system.profile(end).states[static_cast<std::size_t>(state)].name);
            }
            bounds.worst.push_back({to_string(trace.steps[i], system.profile(0).vocabulary), states, trace.times[i],
                                    static_cast<int>(i) + 1 < origin});
        }
    }
    report.complete = report.complete && search.complete();
    report.zones += search.zones();
    report.seconds += seconds_since(begun);
    return bounds;
}

}  // namespace lastack
