// Idea: best-first search by Dijkstra (Numerische Mathematik 1, 1959) with costs that are tuples, compared
// lexicographically and packed into one number: losses, duplicates, segments, steps, 16 bits each. Every step costs at
// least one step, so the cost of a state is final when it is taken from the queue. The queue is a map from cost to the
// states waiting at it.
//
// Deviations: the trace that the breadth-first search found is an upper bound; what costs as much is not queued. And
// steps that lose or duplicate are put off: a settled state is queued once more for each such kind of step, at the
// least cost that they may have, and expanded again for them when its turn comes. Most goals need neither, and then
// the states behind are never made; the others pay two more expansions a state.
//
// A goal about steps is an edge: it has a candidate as soon as one is seen, and is final when nothing cheaper is
// queued. Claims are evaluated as seldom as in watch.h: states are settled in order of cost, so the first that has a
// local state, or a pair of them, is a cheapest one. Of steps that holds among those that add the same cost.
//
// Cost: 31 to 37 bytes a state (cheap_store.h) and 4 for each time it is queued. Invariants: the parent of a settled
// state is settled; along parents the costs add up; ties go to what was discovered first.
#include "checker/claims/cheapest.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "checker/claims/cheap_store.h"
#include "checker/claims/watch.h"
#include "checker/trace/path.h"
#include "checker/trace/plain_claims.h"

namespace lastack {

namespace {

using Cost = std::uint64_t;

constexpr int loss_bits = 48, duplicate_bits = 32, segment_bits = 16;
constexpr Cost one_step = 1;
// A cost that has come this far stops the search, before one part runs into the next.
constexpr Cost nearly_full = 0x8000'8000'8000'8000ull;

Cost pack(const TraceCost& cost) {
    return static_cast<Cost>(cost.losses) << loss_bits | static_cast<Cost>(cost.duplicates) << duplicate_bits |
           static_cast<Cost>(cost.segments) << segment_bits | static_cast<Cost>(cost.steps);
}

// The part of a step's cost that decides when the step is looked at: 0 without losses and duplicates, 1 with a
// duplicate, 1 + n with n losses.
std::uint32_t kind_of(Cost step) {
    const auto losses = static_cast<std::uint32_t>(step >> loss_bits);
    return losses > 0 ? 1 + losses : static_cast<std::uint32_t>(step >> duplicate_bits);
}

Cost least_of_kind(std::uint32_t kind) {
    return one_step + (kind == 0 ? 0 : kind == 1 ? Cost{1} << duplicate_bits : Cost{kind - 1} << loss_bits);
}

// A goal during the search.
struct Hunt {
    CheapestGoal* goal;
    Cost best;                              // of the trace that it has, or of the place found
    std::uint32_t node = CheapStore::none;  // of that place; none: the trace that it came with is still the best
    std::optional<SystemState> next;        // after the step, where the place is one
};

class CheapestSearch {
public:
    CheapestSearch(System& system, std::vector<CheapestGoal>& goals, MonitorHooks* monitor);

    std::uint64_t run(const Bounds& bounds);

private:
    struct Successor {
        SystemState state;
        Cost cost;
    };
    static constexpr std::uint32_t kinds = 8;  // of steps, see kind_of
    static constexpr std::uint64_t poll_interval = 8192;

    KeyLayout layout_for_tables() const;
    Cost cost_of_step(const SystemState& before, const SystemState& next, const SystemStep& step) const;
    bool settle(Cost reached, std::vector<std::uint32_t> waiting, const Bounds& bounds);
    void expand(std::uint32_t node, std::uint32_t kind);
    void push_successors(std::uint32_t parent);
    void look_at_state(std::uint32_t node, const SystemState& state);
    void look_at_step(std::uint32_t node, const SystemState& before, const SystemState& next, const SystemStep& step,
                      Cost added);
    void look_at_end(std::uint32_t node, const SystemState& state);
    void found(Hunt& hunt, Cost cost, std::uint32_t node, const SystemState* next);
    void judge_state(const std::vector<Hunt*>& hunts, std::uint32_t node, const SystemState& state);
    bool first_time(std::vector<bool>& seen, std::size_t index);
    void close_goals(Cost reached);
    void queue(Cost cost, std::uint32_t node, std::uint32_t kind) { queue_[cost].push_back(node * kinds + kind); }
    Trace trace_of(const Hunt& hunt);
    void append_step(Trace& trace, const SystemState& from, const SystemState& to, Cost cost, const ClaimCode* broken);

    System& system_;
    MonitorHooks* monitor_;
    KeyLayout layout_;
    CheapStore store_;
    std::map<Cost, std::vector<std::uint32_t>> queue_;  // node * kinds + kind
    std::vector<Successor> successors_;
    Cost limit_ = 0;  // what costs as much is of no use to any open goal

    std::vector<Hunt> hunts_;
    std::vector<Hunt*> local_, pair_, every_state_, outcome_, every_step_, end_;  // open ones only
    std::vector<bool> local_seen_[2], outcome_seen_[2], idle_seen_[2];
    PairMarks pairs_;
};

CheapestSearch::CheapestSearch(System& system, std::vector<CheapestGoal>& goals, MonitorHooks* monitor)
    : system_(system), monitor_(monitor), layout_(layout_for_tables()) {
    hunts_.reserve(goals.size());
    for (CheapestGoal& goal : goals) {
        hunts_.push_back({&goal, pack(cost_of(goal.trace)), CheapStore::none, {}});
        Hunt* hunt = &hunts_.back();
        using Where = CheapestGoal::Where;
        const bool per_end = goal.code && goal.code->per_end() && !goal.wanted;
        if (goal.where == Where::end) {
            end_.push_back(hunt);
        } else if (goal.where == Where::step) {
            (per_end ? outcome_ : every_step_).push_back(hunt);
        } else if (goal.where != Where::state || goal.code->reads_network()) {
            every_state_.push_back(hunt);
        } else {
            (per_end ? local_ : pair_).push_back(hunt);
        }
    }
    close_goals(0);
}

KeyLayout CheapestSearch::layout_for_tables() const {
    const Network& network = system_.network();
    const auto roomy = [](std::size_t size) { return static_cast<std::uint32_t>(std::max<std::size_t>(size * 2, 64)); };
    return KeyLayout({roomy(system_.machine(0).size()), roomy(system_.machine(1).size()), roomy(system_.bags(0).size()),
                      roomy(system_.bags(1).size()), static_cast<std::uint32_t>(std::max(network.loss_budget, 0) + 1),
                      static_cast<std::uint32_t>(std::max(network.duplicate_budget, 0) + 1),
                      static_cast<std::uint32_t>(monitor_ ? monitor_->stages() : 1)});
}

Cost CheapestSearch::cost_of_step(const SystemState& before, const SystemState& next, const SystemStep& step) const {
    if (step.kind == SystemStep::Kind::lose) return one_step + (Cost{1} << loss_bits);
    if (step.kind == SystemStep::Kind::duplicate) return one_step + (Cost{1} << duplicate_bits);
    const std::size_t sent = step.outcome->sent_count;
    if (sent == 0) return one_step;
    const BagTable& bags = system_.bags(step.end);
    const std::size_t arrived = bags.content(next.bag[step.end]).size() - bags.content(before.bag[step.end]).size();
    return one_step + (Cost{sent} << segment_bits) + (Cost{sent - arrived} << loss_bits);
}

bool CheapestSearch::first_time(std::vector<bool>& seen, std::size_t index) {
    if (index < seen.size() && seen[index]) return false;
    if (index >= seen.size()) seen.resize(index * 2 + 64);
    seen[index] = true;
    return true;
}

void CheapestSearch::found(Hunt& hunt, Cost cost, std::uint32_t node, const SystemState* next) {
    if (cost >= hunt.best) return;
    hunt.best = cost;
    hunt.node = node;
    hunt.next.reset();
    if (next) hunt.next = *next;
}

void CheapestSearch::judge_state(const std::vector<Hunt*>& hunts, std::uint32_t node, const SystemState& state) {
    for (Hunt* hunt : hunts) {
        const CheapestGoal& goal = *hunt->goal;
        bool here = false;
        switch (goal.where) {
            case CheapestGoal::Where::lost: here = goal.lost(state); break;
            case CheapestGoal::Where::stage: here = state.stage + 1 == monitor_->stages(); break;
            default: here = goal.code->holds({&state, nullptr, nullptr}) == goal.wanted;
        }
        if (here) found(*hunt, store_[node].cost, node, nullptr);
    }
}

void CheapestSearch::look_at_state(std::uint32_t node, const SystemState& state) {
    for (int end = 0; end < 2 && !local_.empty(); ++end) {
        if (!first_time(local_seen_[end], state.end[end])) continue;
        for (Hunt* hunt : local_) {
            if (!hunt->goal->code->holds_for_end({&state, nullptr, nullptr}, end))
                found(*hunt, store_[node].cost, node, nullptr);
        }
    }
    if (!pair_.empty() && pairs_.mark(state.end[0], state.end[1])) judge_state(pair_, node, state);
    if (!every_state_.empty()) judge_state(every_state_, node, state);
}

void CheapestSearch::look_at_step(std::uint32_t node, const SystemState& before, const SystemState& next,
                                  const SystemStep& step, Cost added) {
    const Cost cost = store_[node].cost + added;
    // Steps that add equal costs are met in order of their whole cost, so of those the first is a cheapest one.
    const std::size_t like = static_cast<std::size_t>(added >> segment_bits & 7) * kinds + kind_of(added);
    for (int end = 0; end < 2 && !outcome_.empty(); ++end) {
        const bool acts = step.outcome && step.end == end;
        const std::size_t what = acts ? system_.machine(end).index_of(*step.outcome) : before.end[end];
        if (!first_time(acts ? outcome_seen_[end] : idle_seen_[end], what * 64 + like)) continue;
        for (Hunt* hunt : outcome_) {
            if (!hunt->goal->code->holds_for_end({&before, &next, &step}, end)) found(*hunt, cost, node, &next);
        }
    }
    for (Hunt* hunt : every_step_) {
        if (cost < hunt->best && !hunt->goal->code->holds({&before, &next, &step})) found(*hunt, cost, node, &next);
    }
}

void CheapestSearch::look_at_end(std::uint32_t node, const SystemState& state) { judge_state(end_, node, state); }

// Looks at the steps of one kind out of a settled state. The first look, at kind 0, sees to it that the others get
// theirs.
void CheapestSearch::expand(std::uint32_t node, std::uint32_t kind) {
    const SystemState before = layout_.unpack(store_[node].key);
    const Cost own = store_[node].cost;
    const bool watches_steps = !outcome_.empty() || !every_step_.empty();
    const std::uint64_t cuts = system_.cuts();
    std::uint32_t kinds_met = 0;
    bool leaves = false;
    successors_.clear();
    system_.expand(before, [&](SystemState next, const SystemStep& step) {
        const Cost added = cost_of_step(before, next, step);
        leaves |= next != before;
        kinds_met |= 1u << kind_of(added);
        if (kind_of(added) != kind) return;
        if (monitor_) monitor_->step(node, before, next, step);
        if (watches_steps && own + added < limit_) look_at_step(node, before, next, step, added);
        if (own + added < limit_) successors_.push_back({next, own + added});
    });
    push_successors(node);
    if (kind != 0) return;
    if (!leaves && cuts == system_.cuts() && !end_.empty()) look_at_end(node, before);
    for (std::uint32_t later = 1; later < kinds; ++later) {
        const Cost cost = own + least_of_kind(later);
        if ((kinds_met >> later & 1) != 0 && cost < limit_) queue(cost, node, later);
    }
}

void CheapestSearch::push_successors(std::uint32_t parent) {
    for (const Successor& one : successors_) {
        if (!layout_.holds(one.state)) {
            const KeyLayout wider = layout_for_tables();
            store_.lay_out(layout_, wider);
            layout_ = wider;
        }
    }
    for (const Successor& one : successors_) store_.prefetch(layout_.pack(one.state));
    for (const Successor& one : successors_) {
        bool fresh = false;
        const std::uint32_t node = store_.find_or_add(layout_.pack(one.state), fresh);
        CheapStore::Node& known = store_[node];
        if (!fresh && known.cost <= one.cost) continue;
        known.cost = one.cost;
        known.parent = parent;
        queue(one.cost, node, 0);
    }
}

// What is final now that nothing cheaper than `reached` is queued is taken off the lists.
void CheapestSearch::close_goals(Cost reached) {
    limit_ = 0;
    for (Hunt& hunt : hunts_) {
        hunt.goal->minimal = hunt.goal->minimal || hunt.best <= reached;
        if (!hunt.goal->minimal) limit_ = std::max(limit_, hunt.best);
    }
    for (std::vector<Hunt*>* list : {&local_, &pair_, &every_state_, &outcome_, &every_step_, &end_})
        std::erase_if(*list, [](const Hunt* hunt) { return hunt->goal->minimal; });
}

// Everything that waits at one cost. False: stopped.
bool CheapestSearch::settle(Cost reached, std::vector<std::uint32_t> waiting, const Bounds& bounds) {
    const std::uint64_t most = std::min(cheapest_states, bounds.max_states);
    std::uint64_t polled = 0;
    for (const std::uint32_t entry : waiting) {
        const std::uint32_t node = entry / kinds;
        const std::uint32_t kind = entry % kinds;
        if (kind == 0) {
            if (store_[node].cost != reached) continue;  // it became cheaper after it was queued
            look_at_state(node, layout_.unpack(store_[node].key));
        }
        expand(node, kind);
        if (store_.size() > most) return false;
        if (++polled % poll_interval == 0 && bounds.stop && bounds.stop()) return false;
    }
    return !(bounds.stop && bounds.stop()) && (reached & nearly_full) == 0;
}

std::uint64_t CheapestSearch::run(const Bounds& bounds) {
    SystemState initial = system_.initial();
    if (monitor_) initial = monitor_->start(initial);
    successors_.push_back({initial, 0});
    push_successors(CheapStore::none);
    while (limit_ > 0) {
        if (queue_.empty()) {
            close_goals(~Cost{0});
            break;
        }
        auto first = queue_.extract(queue_.begin());
        close_goals(first.key());
        if (limit_ > 0 && !settle(first.key(), std::move(first.mapped()), bounds)) break;
    }
    for (const Hunt& hunt : hunts_) {
        if (hunt.goal->minimal && hunt.node != CheapStore::none) hunt.goal->trace = trace_of(hunt);
        if (hunt.goal->minimal && pack(cost_of(hunt.goal->trace)) != hunt.best)
            throw Disagreement("a cheapest trace does not cost what its search says");
    }
    return store_.size();
}

// Appends the step between two states that costs this much and, where it is to be one, breaks the claim.
void CheapestSearch::append_step(Trace& trace, const SystemState& from, const SystemState& to, Cost cost,
                                 const ClaimCode* broken) {
    bool done = false;
    system_.expand(from, [&](SystemState next, const SystemStep& step) {
        if (done) return;
        const Cost added = cost_of_step(from, next, step);
        if (added != cost) return;
        if (monitor_) monitor_->step(0, from, next, step);
        if (next != to || (broken && broken->holds({&from, &next, &step}))) return;
        trace.steps.push_back(step_of(system_, next, step));
        done = true;
    });
}

Trace CheapestSearch::trace_of(const Hunt& hunt) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t at = hunt.node; at != CheapStore::none; at = store_[at].parent) path.push_back(at);
    std::reverse(path.begin(), path.end());
    const auto state = [&](std::uint32_t node) { return layout_.unpack(store_[node].key); };
    Trace trace;
    trace.system = system_.decl().name;
    trace.initial = snapshot_of(system_, state(path.front()));
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const Cost cost = store_[path[i + 1]].cost - store_[path[i]].cost;
        append_step(trace, state(path[i]), state(path[i + 1]), cost, nullptr);
    }
    if (hunt.next)
        append_step(trace, state(path.back()), *hunt.next, hunt.best - store_[path.back()].cost, hunt.goal->code);
    return trace;
}

std::string counted(int number, const std::string& one, const std::string& many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

}  // namespace

TraceCost cost_of(const Trace& trace) {
    TraceCost cost;
    const Snapshot* before = &trace.initial;
    for (const TraceStep& step : trace.steps) {
        ++cost.steps;
        cost.losses += step.kind == TraceStep::Kind::lose;
        cost.duplicates += step.kind == TraceStep::Kind::duplicate;
        const auto flight = [&](const Snapshot& at) { return static_cast<int>(at.flight[step.end].size()); };
        if (!step.sent.empty()) {
            const int sent = static_cast<int>(step.sent.size());
            cost.segments += sent;
            cost.losses += sent - (flight(step.after) - flight(*before));
        }
        before = &step.after;
    }
    return cost;
}

std::string to_string(const TraceCost& cost) {
    return counted(cost.losses, "loss", "losses") + ", " + counted(cost.duplicates, "duplicate", "duplicates") + ", " +
           counted(cost.segments, "segment", "segments") + ", " + counted(cost.steps, "step", "steps");
}

std::uint64_t find_cheapest(System& system, std::vector<CheapestGoal>& goals, const Bounds& bounds,
                            MonitorHooks* monitor) {
    for (CheapestGoal& goal : goals) goal.minimal = false;
    return CheapestSearch(system, goals, monitor).run(bounds);
}

}  // namespace lastack
