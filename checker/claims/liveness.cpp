// Idea: a run violates a claim of the shape "P leads to Q" where it reaches P and then stays for ever in the region of
// the states without Q, and either ends there or runs round a fair cycle. So: find where runs enter the
// region, collect it as a graph (state_graph.h), look for a state that nothing leaves and for the nearest fair
// component (fair_cycles.h), and write down the way there and the loop. The automata-theoretic method (M. Y. Vardi,
// P. Wolper, LICS 1986) for these few shapes, for which the automaton is the region itself.
// `eventually always Q` is violated where a run comes to states without Q again and again, or ends in one: the region
// is all states, and coming to such a state is one more requirement of its cycles. Cost: one evaluation of P and Q a
// state, or a step where they read it; then as state_graph.h and fair_cycles.h.
#include "checker/claims/liveness.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "checker/claims/claim_code.h"
#include "checker/claims/state_graph.h"
#include "checker/engine/state_index.h"
#include "checker/trace/path.h"

namespace lastack {

namespace {

using StepTest = std::function<bool(const SystemState&, const SystemState&, const SystemStep&)>;

class Decision {
public:
    Decision(System& system, Explorer& explorer, SharedStateIndex& index, const Claim& claim, const Bounds& bounds)
        : system_(system), explorer_(explorer), index_(index), claim_(claim), bounds_(bounds),
          goal_(system, claim.stages.back()) {}

    LivenessAnswer run();

private:
    bool acyclic() const { return claim_.kind == Claim::Kind::acyclic; }
    bool settles() const { return claim_.kind == Claim::Kind::eventually_always; }
    bool interrupted(std::uint64_t i) const { return i % 8192 == 0 && bounds_.stop && bounds_.stop(); }
    LivenessAnswer undecided(const std::string& why);

    template <class Visit>
    bool each_place(Visit&& visit);
    template <class Visit>
    bool each_state_of(const ClaimCode& code, Visit&& visit);
    bool find_region();
    bool find_entries();
    bool enter_at_states(const ClaimCode* premise);
    bool enter_by_steps(const ClaimCode& premise);

    Trace trace_to(const StateGraph& graph, std::uint32_t vertex);
    void add_step(Trace& trace, std::uint32_t from, std::uint32_t to, const StepTest& wanted);
    Trace lasso(const StateGraph& graph, const FairLoop& loop, Requirements& requirements);

    System& system_;
    Explorer& explorer_;
    SharedStateIndex& index_;
    const Claim& claim_;
    const Bounds& bounds_;
    ClaimCode goal_;  // the last stage: what should come; acyclic: what the steps of a cycle are
    RegionLimits region_;
    std::vector<Entry> entries_;
    LivenessAnswer answer_;
};

LivenessAnswer Decision::undecided(const std::string& why) {
    answer_.complete = false;
    answer_.note = why;
    return answer_;
}

// The states without the goal, or all with those marked; for `acyclic`, all states and the steps with it. False:
// interrupted.
bool Decision::find_region() {
    region_.stop_at_end = !acyclic();
    region_.allowed.assign(explorer_.size(), true);
    if (acyclic()) {
        region_.allows_step = [this](const SystemState& before, const SystemState& after, const SystemStep& step) {
            return goal_.holds({&before, &after, &step});
        };
        return true;
    }
    if (settles()) region_.visited.assign(explorer_.size(), false);
    std::vector<bool>& without = settles() ? region_.visited : region_.allowed;
    return each_state_of(goal_, [&](std::uint64_t i, bool holds) { without[i] = !holds; });
}

// Shows each state's number and its place, in order. False: interrupted.
template <class Visit>
bool Decision::each_place(Visit&& visit) {
    std::uint64_t i = 0;
    for (const Levels::Part& part : explorer_.levels().parts()) {
        for (const Levels::Entry& entry : part.entries) {
            std::uint32_t at = entry.word;
            for (unsigned rows = entry.rows; rows != 0; rows &= rows - 1) {
                for (std::uint64_t word = part.words[at++]; word != 0; word &= word - 1, ++i) {
                    if (interrupted(i)) return false;
                    visit(i, Levels::Place{entry.strip, std::countr_zero(rows), std::countr_zero(word)});
                }
            }
        }
    }
    return true;
}

// Shows each state's number and whether the code holds there, in order. The states of a strip have one pair of local
// states: what does not read the network is asked once for them. False: interrupted.
template <class Visit>
bool Decision::each_state_of(const ClaimCode& code, Visit&& visit) {
    enum : std::uint8_t { unknown, no, yes };
    std::vector<std::uint8_t> known(explorer_.store().size(), unknown);
    return each_place([&](std::uint64_t i, const Levels::Place& place) {
        std::uint8_t& one = known[place.strip];
        if (one == unknown || code.reads_network()) {
            const SystemState state = explorer_.state_at(place);
            one = code.holds({&state, nullptr, nullptr}) ? yes : no;
        }
        visit(i, one == yes);
    });
}

bool Decision::find_entries() {
    if (claim_.kind == Claim::Kind::eventually || settles()) {
        if (region_.allowed[0]) entries_.push_back({0, Entry::none, 0});
        return true;
    }
    if (claim_.kind != Claim::Kind::leads) return enter_at_states(nullptr);
    const ClaimCode premise(system_, claim_.stages.front());
    answer_.premise_met = false;
    return premise.reads_step() ? enter_by_steps(premise) : enter_at_states(&premise);
}

bool Decision::enter_at_states(const ClaimCode* premise) {
    const auto enter = [&](std::uint64_t i) {
        if (!region_.allowed[i]) return;
        entries_.push_back(
            {static_cast<std::uint32_t>(i), Entry::none, static_cast<std::uint32_t>(explorer_.depth_of(i))});
    };
    if (premise) {
        return each_state_of(*premise, [&](std::uint64_t i, bool holds) {
            answer_.premise_met |= holds;
            if (holds) enter(i);
        });
    }
    for (std::uint64_t i = 0; i < explorer_.size(); ++i) {
        if (interrupted(i)) return false;
        enter(i);
    }
    return true;
}

// The states after steps with the premise.
bool Decision::enter_by_steps(const ClaimCode& premise) {
    const StateIndex& index = index_.get();
    std::vector<bool> entered(explorer_.size());
    return each_place([&](std::uint64_t i, const Levels::Place& place) {
        const SystemState before = explorer_.state_at(place);
        system_.expand(before, [&](const SystemState& after, const SystemStep& step) {
            if (!premise.holds({&before, &after, &step})) return;
            answer_.premise_met = true;
            const std::uint32_t state = index.at(after);
            if (entered[state] || !region_.allowed[state]) return;
            entered[state] = true;
            entries_.push_back(
                {state, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(explorer_.depth_of(i)) + 1});
        });
    });
}

void Decision::add_step(Trace& trace, std::uint32_t from, std::uint32_t to, const StepTest& wanted) {
    const SystemState before = explorer_.state(from), target = explorer_.state(to);
    bool found = false;
    system_.expand(before, [&](const SystemState& after, const SystemStep& step) {
        if (found || after != target || (wanted && !wanted(before, after, step))) return;
        trace.steps.push_back(step_of(system_, after, step));
        found = true;
    });
}

// The shortest run to a vertex that enters the region where it should.
Trace Decision::trace_to(const StateGraph& graph, std::uint32_t vertex) {
    std::vector<std::uint32_t> inside;
    for (std::uint32_t v = vertex; v != Entry::none; v = graph.parent[v]) inside.push_back(graph.state[v]);
    std::reverse(inside.begin(), inside.end());
    const auto entry =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.state == inside.front(); });
    const bool by_step = entry->before != Entry::none;
    Trace trace = trace_along(system_, states_on_path(explorer_, by_step ? entry->before : entry->state));
    if (by_step) {
        const ClaimCode premise(system_, claim_.stages.front());
        add_step(trace, entry->before, entry->state,
                 [&](const SystemState& before, const SystemState& after, const SystemStep& step) {
                     return premise.holds({&before, &after, &step});
                 });
    }
    for (std::size_t i = 0; i + 1 < inside.size(); ++i) add_step(trace, inside[i], inside[i + 1], region_.allows_step);
    return trace;
}

Trace Decision::lasso(const StateGraph& graph, const FairLoop& loop, Requirements& requirements) {
    Trace trace = trace_to(graph, loop.start);
    trace.loop_from = static_cast<int>(trace.steps.size());
    std::uint32_t at = loop.start;
    for (const std::uint32_t edge : loop.edges) {
        const std::uint32_t next = graph.fair.target[edge];
        add_step(trace, graph.state[at], graph.state[next],
                 [&](const SystemState& before, const SystemState& after, const SystemStep& step) {
                     return class_into(graph.state[next], step, region_, requirements) == graph.fair.edge_class[edge] &&
                            (!region_.allows_step || region_.allows_step(before, after, step));
                 });
        at = next;
    }
    return trace;
}

// Why a claim about runs is left open, and what of the system would decide it.
std::string cut_text(const Network& network) {
    const char* const way_out = !network.loses             ? "let the network lose, which then loses those"
                                : network.loss_budget >= 0 ? "let it lose without 'at most', which then loses those"
                                                           : "send less in one step";
    return fmt::format(
        "runs with more than {} segments in flight one way were cut: how they go on is not known; make the "
        "network larger, or {}",
        network.capacity, way_out);
}

LivenessAnswer Decision::run() {
    if (explorer_.size() >= Entry::none) return undecided("too many states for this kind of claim");
    const std::uint64_t cuts = system_.cuts();
    if (!find_region() || !find_entries()) return undecided("interrupted");
    Requirements requirements(system_, acyclic() ? std::vector<Fairness>{} : claim_.fairness, settles());
    const StateGraph graph = state_graph(system_, explorer_, index_.get(), requirements, entries_, region_, bounds_);
    if (!graph.incomplete.empty()) return undecided(graph.incomplete);
    if (graph.end && !acyclic()) {
        answer_.counterexample = trace_to(graph, *graph.end);
        return answer_;
    }
    const FairComponent found = nearest_fair_component(graph.fair, bounds_.stop);
    if (!found.complete) return undecided("interrupted");
    if (found.vertices) {
        const FairLoop loop = short_fair_loop(graph.fair, *found.vertices, graph.distance);
        answer_.counterexample = lasso(graph, loop, requirements);
    } else if (cuts > 0) {
        return undecided(cut_text(system_.network()));
    }
    return answer_;
}

}  // namespace

LivenessAnswer decide_liveness(System& system, Explorer& explorer, SharedStateIndex& index, const Claim& claim,
                               const Bounds& bounds) {
    try {
        return Decision(system, explorer, index, claim, bounds).run();
    } catch (const std::length_error& error) {
        return {false, true, {}, error.what()};
    }
}

}  // namespace lastack
