#include "tests/random/brute_graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/plain.h"

namespace lastack::testing {

namespace {

using Kind = BruteStep::Kind;

class Build {
public:
    Build(const Spec& spec, const SystemDecl& decl, std::size_t most) : network_(decl.network), most_(most) {
        graph_.decl = &decl;
        BruteState initial;
        for (int end = 0; end < 2; ++end) {
            const std::string& name = decl.profile[end];
            graph_.profile[end] = decl.configured[end] ? decl.configured[end].get()
                                                       : spec.profile(name == "subject" ? spec.subject : name);
            graph_.limits[end] = limits_of(*graph_.profile[end]);
            for (const Limit& limit : graph_.profile[end]->limits) {
                if (decl.limits.contains(limit.name)) graph_.limits[end][limit.name] = decl.limits.at(limit.name);
            }
            initial.end[end] = plain_initial(*graph_.profile[end], decl.start[end]);
        }
        number(initial);
    }

    BruteGraph run() {
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            if (graph_.nodes.size() > most_) {
                graph_.too_large = true;
                break;
            }
            expand(static_cast<int>(i));
        }
        return std::move(graph_);
    }

private:
    int number(const BruteState& state) {
        const auto [place, fresh] = numbers_.try_emplace(state, static_cast<int>(graph_.nodes.size()));
        if (fresh) {
            graph_.nodes.emplace_back();
            graph_.nodes.back().state = state;
        }
        return place->second;
    }

    void add(int from, const BruteState& after, BruteStep step) {
        step.to = number(after);
        graph_.nodes[from].steps.push_back(std::move(step));
        ++graph_.transitions;
    }

    // All ways in which the end takes the input; false where there is none, also none that was cut.
    bool react(int from, BruteState before, BruteStep step) {
        const Trigger trigger = step.kind == Kind::call    ? Trigger::call
                                : step.kind == Kind::timer ? Trigger::timer
                                                           : Trigger::segment;
        const int end = step.end;
        const std::vector<Reaction> ways =
            plain_react(*graph_.profile[end], graph_.limits[end], before.end[end], {trigger, step.name, step.segment});
        for (const Reaction& reaction : std::set<Reaction>(ways.begin(), ways.end())) {
            BruteState after = before;
            after.end[end] = reaction.after;
            step.overflows = 0;
            for (const Segment& segment : reaction.sent) {
                if (static_cast<int>(after.flight[end].size()) == network_.capacity) {
                    ++step.overflows;
                } else {
                    after.flight[end].push_back(segment);
                }
            }
            if (network_.reorders) std::sort(after.flight[end].begin(), after.flight[end].end());
            if (network_.loss_budget >= 0) after.losses += step.overflows;
            const bool possible =
                step.overflows == 0 ||
                (network_.loses && (network_.loss_budget < 0 || after.losses <= network_.loss_budget));
            step.reaction = reaction;
            if (possible) {
                add(from, after, step);
            } else {
                ++graph_.nodes[from].cuts;
                ++graph_.cuts;
            }
        }
        return !ways.empty();
    }

    void expand(int from) {
        const BruteState state = graph_.nodes[from].state;
        for (int end = 0; end < 2; ++end) {
            for (const std::string& call : graph_.decl->calls[end]) {
                if (react(from, state, {Kind::call, end, call, {}, {}, 0, 0}))
                    graph_.nodes[from].enabled_calls[end].push_back(call);
            }
            for (const TimerDecl& timer : graph_.profile[end]->timers) {
                if (react(from, state, {Kind::timer, end, timer.name, {}, {}, 0, 0}))
                    graph_.nodes[from].enabled_timers[end].push_back(timer.name);
            }
        }
        for (int sender = 0; sender < 2; ++sender) network(from, state, sender);
    }

    // A network that does not reorder acts on the segment that was sent first, whatever it does with it.
    void network(int from, const BruteState& state, int sender) {
        std::set<Segment> done;
        for (std::size_t i = 0; i < state.flight[sender].size(); ++i) {
            const Segment segment = state.flight[sender][i];
            if (!done.insert(segment).second || (i > 0 && !network_.reorders)) continue;
            BruteState rest = state;
            rest.flight[sender].erase(rest.flight[sender].begin() + static_cast<std::ptrdiff_t>(i));
            BruteState lost = rest;
            if (network_.loss_budget >= 0) ++lost.losses;
            if (network_.loses && lost.losses <= (network_.loss_budget < 0 ? 0 : network_.loss_budget))
                add(from, lost, {Kind::lose, sender, "", segment, {}, 0, 0});
            BruteState twice = state;
            twice.flight[sender].insert(twice.flight[sender].begin() + static_cast<std::ptrdiff_t>(i), segment);
            if (network_.duplicate_budget >= 0) ++twice.duplicates;
            const bool room = static_cast<int>(twice.flight[sender].size()) <= network_.capacity;
            if (network_.duplicates && room &&
                twice.duplicates <= (network_.duplicate_budget < 0 ? 0 : network_.duplicate_budget))
                add(from, twice, {Kind::duplicate, sender, "", segment, {}, 0, 0});
            react(from, rest, {Kind::deliver, 1 - sender, "", segment, {}, 0, 0});
        }
    }

    const Network& network_;
    std::size_t most_;
    BruteGraph graph_;
    std::map<BruteState, int> numbers_;
};

}  // namespace

BruteGraph brute_graph(const Spec& spec, const SystemDecl& decl, std::size_t most) {
    return Build(spec, decl, most).run();
}

}  // namespace lastack::testing
