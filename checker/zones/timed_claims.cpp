#include "checker/zones/timed_claims.h"

#include <ctime>
#include <map>

namespace lastack {

namespace {

// A condition of a claim on the untimed states and steps, each asked once.
class Asked {
public:
    Asked(TimedSystem& system, const PlainSystem& plain, const Expr& expr)
        : system_(system), plain_(plain), condition_(condition_of(expr)) {}

    bool of_steps() const { return std::holds_alternative<StepCondition>(condition_); }
    bool state(int node) {
        const auto [place, fresh] = states_.emplace(node, false);
        if (fresh) place->second = std::get<StateCondition>(condition_).holds(plain_, system_.snapshot(node));
        return place->second;
    }
    bool step(int node, int step) {
        const auto [place, fresh] = steps_.emplace(std::pair(node, step), false);
        if (fresh) {
            const TraceStep made = system_.step_of(node, step);
            place->second = std::holds_alternative<StepCondition>(condition_)
                                ? std::get<StepCondition>(condition_).holds(plain_, system_.snapshot(node), made)
                                : std::get<StateCondition>(condition_).holds(plain_, made.after);
        }
        return place->second;
    }

private:
    TimedSystem& system_;
    const PlainSystem& plain_;
    Condition condition_;
    std::map<int, bool> states_;
    std::map<std::pair<int, int>, bool> steps_;
};

class ClaimWatch : public TimedWatch {
public:
    ClaimWatch(TimedSystem& system, const PlainSystem& plain, const Claim& claim, bool after)
        : system_(system), claim_(claim), after_(after) {
        for (const Expr& stage : claim.stages) stages_.emplace_back(system, plain, stage);
        if (claim.assuming) assuming_.emplace(system, plain, *claim.assuming);
        if (claim.kind != Claim::Kind::leads) return;
        if (!after_) patience = claim.within_us;
        largest = after_ ? *claim.after_us : *claim.within_us;
    }

    bool observes(int state) const override { return claim_.kind == Claim::Kind::leads && state > 0; }
    bool premise_met() const { return premise_met_; }

    Next at_start(int location) override {
        const int node = system_.node_of(location);
        Next next;
        switch (claim_.kind) {
            case Claim::Kind::invariant: next.hit = !stages_[0].state(node); break;
            case Claim::Kind::reachable: through_states(node, next); break;
            case Claim::Kind::leads:
                if (stages_[0].of_steps() || !stages_[0].state(node)) break;
                premise_met_ = true;
                next.state = stages_[1].state(node) ? 0 : 1;
                next.starts = next.state > 0;
                break;
            default: break;
        }
        return next;
    }

    Next step(int state, int from, const TimedMove& move) override {
        const int before = system_.node_of(from), after = system_.node_of(move.target);
        Next next;
        next.state = state;
        if (assuming_ && !assuming_->step(before, move.step)) {
            next.forbidden = true;
            return next;
        }
        switch (claim_.kind) {
            case Claim::Kind::invariant: next.hit = !stages_[0].state(after); break;
            case Claim::Kind::step: next.hit = !stages_[0].step(before, move.step); break;
            case Claim::Kind::reachable:
                if (stages_[static_cast<std::size_t>(state)].of_steps() &&
                    stages_[static_cast<std::size_t>(state)].step(before, move.step))
                    ++next.state;
                through_states(after, next);
                break;
            default: lead(before, after, move.step, next); break;
        }
        return next;
    }

private:
    void through_states(int node, Next& next) {
        const auto at = [&]() -> Asked& { return stages_[static_cast<std::size_t>(next.state)]; };
        while (next.state < static_cast<int>(stages_.size()) && !at().of_steps() && at().state(node)) ++next.state;
        next.hit = next.state == static_cast<int>(stages_.size());
    }

    void lead(int before, int after, int step, Next& next) {
        Asked& premise = stages_[0];
        const bool reached = stages_[1].state(after);
        const bool pending = next.state > 0;
        const bool begins = premise.of_steps() ? premise.step(before, step)
                                               : premise.state(after) && !(after_ && premise.state(before));
        premise_met_ = premise_met_ || begins;
        if (after_) {
            if (pending && reached) {
                next.hit = true;
                next.hit_before = claim_.after_us;
            }
            next.state = begins && !reached ? 1 : reached ? 0 : next.state;
            next.starts = begins && !reached;
            return;
        }
        next.state = reached ? 0 : pending || begins ? 1 : 0;
        next.starts = next.state > 0 && !pending;
    }

    TimedSystem& system_;
    const Claim& claim_;
    bool after_, premise_met_ = false;
    std::vector<Asked> stages_;
    std::optional<Asked> assuming_;
};

// Where the observing clock started for the last time, and what it has to show at the end.
void add_observation(const TimedPath& path, const Claim& claim, bool after, std::vector<TimeCondition>& conditions,
                     int& instants) {
    if (claim.kind != Claim::Kind::leads) return;
    int started = 0;
    for (std::size_t i = 0; i < path.observed_from.size(); ++i)
        if (path.observed_from[i]) started = static_cast<int>(i);
    TimeCondition last;
    last.earlier = started;
    last.strict = true;
    if (after) {
        last.later = instants - 1;
        last.us = *claim.after_us;
    } else {  // time passes behind the last step
        last.later = instants++;
        last.at_least = true;
        last.us = *claim.within_us;
    }
    last.duration.us = last.us;
    conditions.push_back(last);
}

// While time passes behind the last step, what is forced by then has not happened yet.
void add_patience(TimedGraph& graph, const TimedPath& path, std::vector<TimeCondition>& conditions) {
    TimedPath further = path;
    TimedMove wait;
    wait.target = path.locations.back();
    for (std::size_t k = 0; k < graph.clocks(wait.target).size(); ++k) wait.from.push_back(static_cast<int>(k) + 1);
    further.locations.push_back(wait.target);
    further.moves.push_back(wait);
    further.due.push_back(path.due.back());
    further.observed_from.push_back(false);
    conditions = conditions_of(graph, further);
}

TimedAnswer search(TimedSystem& system, const PlainSystem& plain, const Claim& claim, bool after,
                   const ZoneBounds& bounds) {
    ClaimWatch watch(system, plain, claim, after);
    ZoneSearch search(system, watch);
    search.run(bounds);
    TimedAnswer answer;
    answer.found = search.found().has_value();
    answer.complete = search.complete();
    answer.premise_met = watch.premise_met();
    answer.zones = search.zones();
    answer.steps = search.steps();
    answer.depth = search.depth();
    if (!answer.found) return answer;
    const TimedPath path = search.path_to(*search.found());
    answer.conditions = conditions_of(system, path);
    const bool waits = claim.kind == Claim::Kind::leads && !after;
    if (waits) add_patience(system, path, answer.conditions);
    int instants = static_cast<int>(path.locations.size());
    add_observation(path, claim, after, answer.conditions, instants);
    const auto times = times_of(answer.conditions, instants);
    if (!times) throw Disagreement("a run of the timed exploration has no times: claim " + claim.id);
    answer.trace = timed_trace(system, path, *times);
    return answer;
}

}  // namespace

TimedAnswer decide_timed(const Spec& spec, const SystemDecl& decl, const Claim& claim, const ZoneBounds& bounds,
                         const TimeTable& table) {
    const std::clock_t begun = std::clock();
    const PlainSystem plain(spec, decl);
    TimedSystem system(spec, decl, table);
    TimedAnswer answer;
    answer.complete = true;
    std::vector<bool> ways;  // after?
    if (claim.kind != Claim::Kind::leads || claim.within_us) ways.push_back(false);
    if (claim.after_us) ways.push_back(true);
    for (const bool after : ways) {
        if (answer.found) break;
        const TimedAnswer one = search(system, plain, claim, after, bounds);
        const TimedAnswer before = std::move(answer);
        answer = one;
        answer.complete = one.complete && before.complete;
        answer.premise_met = one.premise_met || before.premise_met;
        answer.zones += before.zones;
        answer.steps += before.steps;
        answer.depth = std::max(answer.depth, before.depth);
    }
    answer.cuts = system.system().cuts();
    answer.seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    return answer;
}

}  // namespace lastack
