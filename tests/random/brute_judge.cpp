// Runs: a run violates `P leads to Q` where it reaches P and from there on, for ever, no state has Q. So it ends among
// states without Q, or goes round among them for ever; what it visits for ever is strongly connected. E. A. Emerson and
// C.-L. Lei, POPL 1985: a component that breaks a weak requirement is of no use, one that breaks a strong one loses the
// states that ask for it.
#include "tests/random/brute_judge.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <set>

#include "model/plain.h"

namespace lastack::testing {

namespace {

using Kind = BruteStep::Kind;
using Cost = std::array<int, 4>;

// ---------------------------------------------------------------- conditions

// A list of its own, not the one of model/expr.h, which it judges.
bool is_about_step(const Expr& expr) {
    static const std::set<Op> about{Op::calls, Op::expires, Op::gets,  Op::lost,   Op::doubled,
                                    Op::sends, Op::signals, Op::fires, Op::returns};
    if (about.contains(expr.op) || (expr.op == Op::at_end && expr.next)) return true;
    return std::any_of(expr.args.begin(), expr.args.end(), is_about_step);
}

// A condition read in a state (`step` is null), or in a step.
class Reading {
public:
    Reading(const BruteGraph& graph, const BruteNode& before, const BruteStep* step)
        : graph_(graph), before_(before.state), step_(step),
          after_(step ? graph.nodes[static_cast<std::size_t>(step->to)].state : before.state) {}

    bool holds(const Expr& expr) { return value(expr) != 0; }

private:
    int end_of(EndRef ref) const {
        return ref < 2        ? ref
               : ref % 2 == 0 ? bound_[static_cast<std::size_t>(ref - 2) / 2]
                              : 1 - bound_[static_cast<std::size_t>(ref - 2) / 2];
    }

    // An expression of an endpoint, by names: `resolved` is the end whose profile its numbers are of.
    int local(const Expr& expr, int end, int resolved, const BruteState& at, const Segment* segment) {
        const Profile &own = *graph_.profile[end], &other = *graph_.profile[resolved];
        const auto arg = [&](int i) {
            return local(expr.args[static_cast<std::size_t>(i)], end, resolved, at, segment);
        };
        switch (expr.op) {
            case Op::limit: return graph_.limits[end].at(expr.name);
            case Op::variable: {
                const std::string& name = other.variables[static_cast<std::size_t>(expr.index)].name;
                return at.end[end].values[static_cast<std::size_t>(own.variable(name))];
            }
            case Op::field: return field(expr.name, *segment);
            case Op::own_field: return segment->own.at(static_cast<std::size_t>(own.vocabulary.field(expr.name)));
            case Op::kind_in: {
                const std::string& name = own.vocabulary.kinds.at(segment->kind - std::size_t{1}).name;
                return std::any_of(expr.states.begin(), expr.states.end(), [&](int kind) {
                    return other.vocabulary.kinds.at(static_cast<std::size_t>(kind) - 1).name == name;
                });
            }
            case Op::state_in: {
                const std::string& now = own.states[static_cast<std::size_t>(at.end[end].state)].name;
                return std::any_of(expr.states.begin(), expr.states.end(), [&](int state) {
                    return other.states[static_cast<std::size_t>(state)].name == now;
                });
            }
            case Op::running: {
                const std::string& name = other.timers[static_cast<std::size_t>(expr.index)].name;
                return plain_running(own, graph_.limits[end], at.end[end], own.timer(name));
            }
            default: return connective(expr, arg);
        }
    }

    static int field(const std::string& name, const Segment& segment) {
        const std::map<std::string, int> fields{
            {"seq", segment.seq},         {"ack", segment.has_ack ? segment.ack : 0},
            {"len", segment.len},         {"fin", segment.fin},
            {"syn", segment.syn},         {"rst", segment.rst},
            {"has_ack", segment.has_ack}, {"zero_window", segment.zero_window},
            {"era", segment.era}};
        return fields.at(name);
    }

    template <class Arg>
    static int connective(const Expr& expr, Arg&& arg) {
        switch (expr.op) {
            case Op::constant: return expr.value;
            case Op::not_: return arg(0) == 0;
            case Op::and_: return arg(0) != 0 && arg(1) != 0;
            case Op::or_: return arg(0) != 0 || arg(1) != 0;
            case Op::implies: return arg(0) == 0 || arg(1) != 0;
            case Op::eq: return arg(0) == arg(1);
            case Op::ne: return arg(0) != arg(1);
            case Op::lt: return arg(0) < arg(1);
            case Op::le: return arg(0) <= arg(1);
            case Op::gt: return arg(0) > arg(1);
            case Op::ge: return arg(0) >= arg(1);
            case Op::add: return arg(0) + arg(1);
            case Op::subtract: return arg(0) - arg(1);
            default: throw std::logic_error("an operator that the judge does not know");
        }
    }

    bool fits(const Expr& atom, const BruteState& at, const Segment& segment) {
        const int end = end_of(atom.end);
        return atom.args.empty() || local(atom.args[0], end, atom.end < 2 ? end : 0, at, &segment) != 0;
    }
    int fitting(const Expr& atom, const BruteState& at, const std::vector<Segment>& segments) {
        int found = 0;
        for (const Segment& one : segments) found += fits(atom, at, one);
        return atom.counts ? found : std::min(found, 1);
    }

    int about_step(const Expr& atom) {
        if (step_ == nullptr) throw std::logic_error("a condition about a step is read in a state");
        const BruteStep& step = *step_;
        if (step.end != end_of(atom.end)) return 0;
        const auto has = [&](const std::vector<std::string>& names) {
            return std::count(names.begin(), names.end(), atom.name) > 0;
        };
        switch (atom.op) {
            case Op::calls: return step.kind == Kind::call && step.name == atom.name;
            case Op::expires: return step.kind == Kind::timer && step.name == atom.name;
            case Op::gets: return step.kind == Kind::deliver && fits(atom, before_, step.segment);
            case Op::lost: return step.kind == Kind::lose && fits(atom, before_, step.segment);
            case Op::doubled: return step.kind == Kind::duplicate && fits(atom, before_, step.segment);
            case Op::sends: return fitting(atom, before_, step.reaction.sent);
            case Op::signals: return has(step.reaction.signals);
            case Op::returns: return step.kind == Kind::call && step.reaction.result == atom.name;
            case Op::fires: return has(step.reaction.rules);
            default: throw std::logic_error("a leaf about steps that the judge does not know");
        }
    }

    int quantified(const Expr& expr) {
        int true_of = 0;
        for (int end = 0; end < 2; ++end) {
            bound_.push_back(end);
            true_of += holds(expr.args[0]);
            bound_.pop_back();
        }
        return expr.op == Op::each ? true_of == 2 : true_of > 0;
    }

    int value(const Expr& expr) {
        switch (expr.op) {
            case Op::each:
            case Op::some: return quantified(expr);
            case Op::at_end: {
                if (expr.next && step_ == nullptr) throw std::logic_error("`next` is read in a state");
                const int end = end_of(expr.end);
                return local(expr.args[0], end, expr.end < 2 ? end : 0, expr.next ? after_ : before_, nullptr);
            }
            case Op::quiet: return after_.flight[0].empty() && after_.flight[1].empty();
            case Op::in_flight: return fitting(expr, after_, after_.flight[end_of(expr.end)]);
            case Op::limit: {
                const int holder = graph_.limits[0].contains(expr.name) ? 0 : 1;
                return graph_.limits[holder].at(expr.name);
            }
            case Op::calls:
            case Op::expires:
            case Op::gets:
            case Op::lost:
            case Op::doubled:
            case Op::sends:
            case Op::signals:
            case Op::fires:
            case Op::returns: return about_step(expr);
            default: return connective(expr, [&](int i) { return value(expr.args[static_cast<std::size_t>(i)]); });
        }
    }

    const BruteGraph& graph_;
    const BruteState& before_;
    const BruteStep* step_;
    const BruteState& after_;
    std::vector<int> bound_;
};

// ---------------------------------------------------------------- fairness

// One thing that fairness asks of a run.
struct Demand {
    bool strong;
    std::function<bool(const BruteNode&)> enabled;
    std::function<bool(const BruteStep&)> met;
};

bool among(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void demand_timer(const BruteGraph& graph, const Fairness& fairness, int end, std::vector<Demand>& out) {
    for (std::size_t i = 0; i < graph.profile[end]->timers.size(); ++i) {
        const std::string name = graph.profile[end]->timers[i].name;
        if (!fairness.name.empty() && fairness.name != name) continue;
        const bool strong = fairness.strong;
        const int timer = static_cast<int>(i);
        out.push_back({strong, [=](const BruteNode& node) { return among(node.enabled_timers[end], name); },
                       [=](const BruteStep& step) {
                           if (step.end != end) return false;
                           if (step.kind == Kind::timer && step.name == name) return true;
                           const std::vector<int>& started = step.reaction.started;
                           return !strong && std::count(started.begin(), started.end(), timer) > 0;
                       }});
    }
}

void demand_delivery(const BruteGraph& graph, const Fairness& fairness, int end, std::vector<Demand>& out) {
    std::set<Segment> segments;
    for (const BruteNode& node : graph.nodes)
        segments.insert(node.state.flight[1 - end].begin(), node.state.flight[1 - end].end());
    for (const Segment& segment : segments) {
        out.push_back({fairness.strong,
                       [=](const BruteNode& node) {
                           const std::vector<Segment>& flight = node.state.flight[1 - end];
                           return std::count(flight.begin(), flight.end(), segment) > 0;
                       },
                       [=](const BruteStep& step) {
                           return step.kind == Kind::deliver && step.end == end && step.segment == segment;
                       }});
    }
}

std::vector<Demand> demands(const BruteGraph& graph, const std::vector<Fairness>& fairness) {
    std::vector<Demand> all;
    for (const Fairness& one : fairness) {
        for (int end = 0; end < 2; ++end) {
            if (one.end >= 0 && one.end != end) continue;
            const std::string name = one.name;
            if (one.family == Fairness::Family::timers) demand_timer(graph, one, end, all);
            if (one.family == Fairness::Family::delivery) demand_delivery(graph, one, end, all);
            if (one.family != Fairness::Family::calls) continue;
            all.push_back({one.strong, [=](const BruteNode& node) { return among(node.enabled_calls[end], name); },
                           [=](const BruteStep& step) {
                               return step.kind == Kind::call && step.end == end && step.name == name;
                           }});
        }
    }
    return all;
}

// ---------------------------------------------------------------- claims

class Judgement {
public:
    Judgement(const BruteGraph& graph, const Claim& claim) : graph_(graph), claim_(claim) {}

    BruteAnswer run() {
        using K = Claim::Kind;
        switch (claim_.kind) {
            case K::leads:
            case K::eventually:
            case K::always_eventually:
            case K::eventually_always:
            case K::acyclic: return about_runs();
            case K::recoverable: return recoverable();
            default: return about_moments();
        }
    }

private:
    using Verdict = BruteAnswer::Verdict;
    using Allowed = std::function<bool(int, const BruteStep&)>;

    const BruteNode& node(int i) const { return graph_.nodes[static_cast<std::size_t>(i)]; }
    bool in_state(const Expr& expr, int i) const { return Reading(graph_, node(i), nullptr).holds(expr); }
    bool in_step(const Expr& expr, int i, const BruteStep& step) const {
        return Reading(graph_, node(i), &step).holds(expr);
    }
    bool kept(int i, const BruteStep& step) const { return !claim_.assuming || in_step(*claim_.assuming, i, step); }

    // How many stages are passed in a state that is entered with `stage` of them.
    int through_states(int stage, int i) const {
        const int count = static_cast<int>(claim_.stages.size());
        while (stage < count && !is_about_step(claim_.stages[static_cast<std::size_t>(stage)]) &&
               in_state(claim_.stages[static_cast<std::size_t>(stage)], i))
            ++stage;
        return stage;
    }

    // Positions are states with the stages behind them; the last number is the place that is looked for.
    int position(int i, int stage) const { return i * (static_cast<int>(claim_.stages.size()) + 2) + stage; }
    bool found_in(int i, int stage) const {
        const Expr& body = claim_.stages.front();
        switch (claim_.kind) {
            case Claim::Kind::reachable: return stage == static_cast<int>(claim_.stages.size());
            case Claim::Kind::step: return stage == 1;
            case Claim::Kind::ends:
                return node(i).cuts == 0 &&
                       std::all_of(node(i).steps.begin(), node(i).steps.end(),
                                   [&](const BruteStep& step) { return step.to == i; }) &&
                       !in_state(body, i);
            case Claim::Kind::recoverable: return !good_[static_cast<std::size_t>(i)];
            default: return !in_state(body, i);
        }
    }
    int stage_after(int i, int stage, const BruteStep& step) const {
        if (claim_.kind == Claim::Kind::step) return in_step(claim_.stages.front(), i, step) ? 0 : 1;
        if (claim_.kind != Claim::Kind::reachable) return 0;
        const Expr& asked = claim_.stages[static_cast<std::size_t>(stage)];
        if (is_about_step(asked) && in_step(asked, i, step)) ++stage;
        return through_states(stage, step.to);
    }

    // Dijkstra; the least cost of a way to what is looked for.
    template <class CostOf>
    std::optional<Cost> least(CostOf&& cost_of) const {
        using Entry = std::pair<Cost, std::pair<int, int>>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
        const int start = claim_.kind == Claim::Kind::reachable ? through_states(0, 0) : 0;
        open.push({{}, {0, start}});
        std::set<int> done;
        while (!open.empty()) {
            const auto [cost, at] = open.top();
            open.pop();
            if (!done.insert(position(at.first, at.second)).second) continue;
            if (found_in(at.first, at.second)) return cost;
            for (const BruteStep& step : node(at.first).steps) {
                if (!kept(at.first, step)) continue;
                Cost next = cost;
                const Cost more = cost_of(step);
                for (std::size_t i = 0; i < next.size(); ++i) next[i] += more[i];
                open.push({next, {step.to, stage_after(at.first, at.second, step)}});
            }
        }
        return std::nullopt;
    }

    BruteAnswer with_trace(bool looked_for) const {
        BruteAnswer answer;
        const std::optional<Cost> steps = least([](const BruteStep&) { return Cost{0, 0, 0, 1}; });
        answer.verdict = steps.has_value() == looked_for ? Verdict::holds : Verdict::violated;
        if (!steps) return answer;
        answer.fewest_steps = (*steps)[3];
        answer.cheapest = least([](const BruteStep& step) {
            return Cost{(step.kind == Kind::lose) + step.overflows, step.kind == Kind::duplicate,
                        static_cast<int>(step.reaction.sent.size()), 1};
        });
        return answer;
    }
    BruteAnswer about_moments() const { return with_trace(claim_.kind == Claim::Kind::reachable); }

    BruteAnswer recoverable() {
        good_.assign(graph_.nodes.size(), false);
        for (std::size_t i = 0; i < good_.size(); ++i) good_[i] = in_state(claim_.stages.front(), static_cast<int>(i));
        for (bool again = true; again;) {
            again = false;
            for (std::size_t i = good_.size(); i-- > 0;) {
                if (good_[i]) continue;
                for (const BruteStep& step : graph_.nodes[i].steps)
                    good_[i] = good_[i] || good_[static_cast<std::size_t>(step.to)];
                again = again || good_[i];
            }
        }
        const bool lost = std::count(good_.begin(), good_.end(), false) > 0;
        if (lost && graph_.cuts > 0) return {Verdict::unknown, {}, {}};
        return with_trace(false);
    }

    // ------------------------------------------------------------ runs

    BruteAnswer about_runs() {
        const bool acyclic = claim_.kind == Claim::Kind::acyclic;
        if (claim_.kind == Claim::Kind::eventually_always) return settles();
        std::vector<bool> region(graph_.nodes.size(), true);
        if (!acyclic) {
            for (std::size_t i = 0; i < region.size(); ++i)
                region[i] = !in_state(claim_.stages.back(), static_cast<int>(i));
            region = reached(region);
        }
        for (std::size_t i = 0; i < region.size() && !acyclic; ++i) {
            if (region[i] && graph_.nodes[i].steps.empty() && graph_.nodes[i].cuts == 0)
                return {Verdict::violated, {}, {}};
        }
        if (!acyclic) demands_ = demands(graph_, claim_.fairness);
        const Allowed allowed = [&](int i, const BruteStep& step) {
            return !acyclic || in_step(claim_.stages.front(), i, step);
        };
        if (has_fair_cycle(region, allowed)) return {Verdict::violated, {}, {}};
        return {graph_.cuts > 0 ? Verdict::unknown : Verdict::holds, {}, {}};
    }

    // Violated where a run ends without the goal, or comes to where it does not hold again and again: one more demand.
    BruteAnswer settles() {
        const Expr& goal = claim_.stages.front();
        std::vector<bool> without(graph_.nodes.size());
        for (std::size_t i = 0; i < without.size(); ++i) {
            without[i] = !in_state(goal, static_cast<int>(i));
            if (without[i] && graph_.nodes[i].steps.empty() && graph_.nodes[i].cuts == 0)
                return {Verdict::violated, {}, {}};
        }
        demands_ = demands(graph_, claim_.fairness);
        demands_.push_back({false, [](const BruteNode&) { return true; },
                            [&](const BruteStep& step) { return bool{without[static_cast<std::size_t>(step.to)]}; }});
        const Allowed all = [](int, const BruteStep&) { return true; };
        const bool found = has_fair_cycle(std::vector<bool>(graph_.nodes.size(), true), all);
        demands_.clear();
        if (found) return {Verdict::violated, {}, {}};
        return {graph_.cuts > 0 ? Verdict::unknown : Verdict::holds, {}, {}};
    }

    // What runs reach within `region` from where the claim asks for its goal.
    std::vector<bool> reached(const std::vector<bool>& region) const {
        std::vector<bool> seen(region.size());
        std::vector<int> open;
        const auto enter = [&](int i) {
            if (!region[static_cast<std::size_t>(i)] || seen[static_cast<std::size_t>(i)]) return;
            seen[static_cast<std::size_t>(i)] = true;
            open.push_back(i);
        };
        const Expr& premise = claim_.stages.front();
        for (int i = 0; i < static_cast<int>(region.size()); ++i) {
            if (claim_.kind == Claim::Kind::always_eventually || (claim_.kind == Claim::Kind::eventually && i == 0))
                enter(i);
            if (claim_.kind != Claim::Kind::leads) continue;
            if (!is_about_step(premise)) {
                if (in_state(premise, i)) enter(i);
                continue;
            }
            for (const BruteStep& step : node(i).steps) {
                if (in_step(premise, i, step)) enter(step.to);
            }
        }
        while (!open.empty()) {
            const int i = open.back();
            open.pop_back();
            for (const BruteStep& step : node(i).steps) enter(step.to);
        }
        return seen;
    }

    // Kosaraju's two walks, without recursion: the number of each state's component, -1 outside.
    std::vector<int> components(const std::vector<bool>& inside, const Allowed& allowed) const {
        const std::size_t n = inside.size();
        std::vector<std::vector<int>> forth(n), back(n);
        for (std::size_t i = 0; i < n; ++i) {
            if (!inside[i]) continue;
            for (const BruteStep& step : graph_.nodes[i].steps) {
                const auto to = static_cast<std::size_t>(step.to);
                if (!inside[to] || !allowed(static_cast<int>(i), step)) continue;
                forth[i].push_back(step.to);
                back[to].push_back(static_cast<int>(i));
            }
        }
        std::vector<int> order;
        std::vector<bool> seen(n);
        for (std::size_t root = 0; root < n; ++root) {
            if (!inside[root] || seen[root]) continue;
            std::vector<std::pair<int, std::size_t>> stack{{static_cast<int>(root), 0}};
            seen[root] = true;
            while (!stack.empty()) {
                auto& [at, edge] = stack.back();
                const std::vector<int>& next = forth[static_cast<std::size_t>(at)];
                if (edge == next.size()) {
                    order.push_back(at);
                    stack.pop_back();
                } else if (const int to = next[edge++]; !seen[static_cast<std::size_t>(to)]) {
                    seen[static_cast<std::size_t>(to)] = true;
                    stack.emplace_back(to, 0);
                }
            }
        }
        std::vector<int> number(n, -1);
        int count = 0;
        for (std::size_t k = order.size(); k-- > 0;) {
            if (number[static_cast<std::size_t>(order[k])] >= 0) continue;
            std::vector<int> open{order[k]};
            number[static_cast<std::size_t>(order[k])] = count;
            while (!open.empty()) {
                const int at = open.back();
                open.pop_back();
                for (const int from : back[static_cast<std::size_t>(at)]) {
                    if (number[static_cast<std::size_t>(from)] >= 0) continue;
                    number[static_cast<std::size_t>(from)] = count;
                    open.push_back(from);
                }
            }
            ++count;
        }
        return number;
    }

    bool has_fair_cycle(const std::vector<bool>& inside, const Allowed& allowed) const {
        const std::vector<int> number = components(inside, allowed);
        std::map<int, std::vector<int>> members;
        for (std::size_t i = 0; i < number.size(); ++i) {
            if (number[i] >= 0) members[number[i]].push_back(static_cast<int>(i));
        }
        for (const auto& [component, states] : members) {
            std::vector<const BruteStep*> steps;  // that stay in it
            for (const int i : states) {
                for (const BruteStep& step : node(i).steps) {
                    if (number[static_cast<std::size_t>(step.to)] == component && allowed(i, step))
                        steps.push_back(&step);
                }
            }
            if (!steps.empty() && is_fair(states, steps, allowed)) return true;
        }
        return false;
    }

    bool is_fair(const std::vector<int>& states, const std::vector<const BruteStep*>& steps,
                 const Allowed& allowed) const {
        std::vector<bool> rest(graph_.nodes.size());
        for (const int i : states) rest[static_cast<std::size_t>(i)] = true;
        bool smaller = false;
        for (const Demand& demand : demands_) {
            if (std::any_of(steps.begin(), steps.end(), [&](const BruteStep* step) { return demand.met(*step); }))
                continue;
            std::size_t asking = 0;
            for (const int i : states) {
                if (!demand.enabled(node(i))) continue;
                ++asking;
                if (demand.strong) rest[static_cast<std::size_t>(i)] = false;
            }
            if (!demand.strong && asking == states.size()) return false;
            smaller = smaller || (demand.strong && asking > 0);
        }
        return !smaller || has_fair_cycle(rest, allowed);
    }

    const BruteGraph& graph_;
    const Claim& claim_;
    std::vector<bool> good_;
    std::vector<Demand> demands_;
};

}  // namespace

BruteAnswer brute_answer(const BruteGraph& graph, const Claim& claim) { return Judgement(graph, claim).run(); }

}  // namespace lastack::testing
