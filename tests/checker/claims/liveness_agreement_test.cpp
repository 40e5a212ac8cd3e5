// Claims that hold have no counterexample that could be judged. So tiny systems are decided a second time, with the
// plain interpreter alone: every set of states in which a run could stay for ever is tried,
// under every combination of fairness.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "checker/claims/liveness.h"
#include "checker/trace/plain_claims.h"
#include "checker/trace/plain_liveness.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

const std::string profile = R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, CLOSED
timer rto = 1 s
timer idle = 9 s
segment FIN { seq 0; fin }
segment ACK { seq 0; ack 0 }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto; start idle }
on call poll  rule poll  "it" cites "none" FIN_WAIT_1 [running idle] { returns pending }
on call kick  rule kick  "it" cites "none" FIN_WAIT_1 { start idle }
on timer rto  rule again "it" cites "none" FIN_WAIT_1 { send FIN; start rto }
on timer idle rule over  "it" cites "none" FIN_WAIT_1 -> CLOSED { stop all }
on segment step all
  rule fin "it" cites "none" ESTABLISHED, CLOSE_WAIT [seg.fin] -> CLOSE_WAIT { send ACK }
  rule ack "it" cites "none" FIN_WAIT_1 [seg.has_ack] { stop rto }
}
)";

// The states and steps of the plain system, and the states in which a run may stay that violates the claim.
class Tried {
public:
    Tried(const PlainSystem& system, const Claim& claim) : system_(system), claim_(claim) {
        std::vector<Snapshot> open;
        for (const Snapshot& state : all_states()) {
            if (is(claim.stages[0], state) && !is(claim.stages[1], state)) open.push_back(state);
        }
        while (!open.empty()) {
            const Snapshot state = open.back();
            open.pop_back();
            if (!number_.emplace(state, static_cast<unsigned>(states_.size())).second) continue;
            states_.push_back(state);
            for (const TraceStep& step : system_.steps(state)) {
                if (!is(claim.stages[1], step.after)) open.push_back(step.after);
            }
        }
    }

    std::size_t states() const { return states_.size(); }

    bool violated(const std::vector<Fairness>& fairness) const {
        for (const Snapshot& state : states_) {
            if (system_.steps(state).empty()) return true;
        }
        for (unsigned chosen = 1; chosen < 1u << states_.size(); ++chosen) {
            Trace walk;
            if (!walk_through(chosen, walk)) continue;
            Claim endless = claim_;
            endless.kind = Claim::Kind::eventually;  // of what never holds: only fairness is judged
            endless.stages = {Expr{}};
            endless.fairness = fairness;
            if (judge_run(system_, endless, walk).empty()) return true;
        }
        return false;
    }

private:
    bool is(const Expr& condition, const Snapshot& state) const {
        Claim claim;
        claim.stages = {condition};
        return !judge(system_, claim, Trace{"", state, {}}).empty();
    }
    std::set<Snapshot> all_states() const {
        std::set<Snapshot> seen{system_.initial()};
        std::vector<Snapshot> open{system_.initial()};
        while (!open.empty()) {
            const Snapshot state = open.back();
            open.pop_back();
            for (const TraceStep& step : system_.steps(state)) {
                if (seen.insert(step.after).second) open.push_back(step.after);
            }
        }
        return seen;
    }
    bool inside(unsigned chosen, const Snapshot& state) const {
        const auto place = number_.find(state);
        return place != number_.end() && (chosen >> place->second & 1);
    }

    // Goes from the walk's last state to the given one, by chosen states only. False where there is no way.
    bool go(unsigned chosen, const Snapshot& to, Trace& walk) const {
        std::map<Snapshot, std::vector<TraceStep>> ways{{walk.last(), {}}};
        std::vector<Snapshot> open{walk.last()};
        for (std::size_t at = 0; at < open.size() && !ways.contains(to); ++at) {
            for (const TraceStep& step : system_.steps(open[at])) {
                if (!inside(chosen, step.after) || ways.contains(step.after)) continue;
                std::vector<TraceStep> way = ways[open[at]];
                way.push_back(step);
                ways[step.after] = std::move(way);
                open.push_back(step.after);
            }
        }
        if (!ways.contains(to)) return false;
        walk.steps.insert(walk.steps.end(), ways[to].begin(), ways[to].end());
        return true;
    }

    // A round trip by every step among the chosen states. False where there is none.
    bool walk_through(unsigned chosen, Trace& walk) const {
        walk.loop_from = 0;
        bool begun = false;
        for (const Snapshot& state : states_) {
            if (!inside(chosen, state)) continue;
            if (!begun) walk.initial = state;
            begun = true;
            if (!go(chosen, state, walk)) return false;
            for (const TraceStep& step : system_.steps(state)) {
                if (!inside(chosen, step.after)) continue;
                if (!go(chosen, state, walk)) return false;
                walk.steps.push_back(step);
            }
        }
        return go(chosen, walk.initial, walk) && !walk.steps.empty();
    }

    const PlainSystem& system_;
    const Claim& claim_;
    std::map<Snapshot, unsigned> number_;
    std::vector<Snapshot> states_;
};

// Each family: not at all, weak, strong.
std::vector<std::vector<Fairness>> combinations() {
    std::vector<std::vector<Fairness>> all{{}};
    const auto with = [&](Fairness::Family family, const std::string& name) {
        std::vector<std::vector<Fairness>> more;
        for (const auto& before : all) {
            more.push_back(before);
            for (const bool strong : {false, true}) {
                more.push_back(before);
                Fairness fairness;
                fairness.family = family;
                fairness.strong = strong;
                fairness.name = name;
                more.back().push_back(fairness);
            }
        }
        all = std::move(more);
    };
    with(Fairness::Family::timers, "rto");
    with(Fairness::Family::timers, "idle");
    with(Fairness::Family::delivery, "");
    with(Fairness::Family::calls, "poll");
    return all;
}

struct Count {
    int holds = 0, violated = 0;
};

void agree(const std::string& rest, Count& count) {
    const Spec spec = spec_from(profile + rest);
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    REQUIRE(explorer.run({}).complete);
    SharedStateIndex index(explorer);
    const PlainSystem plain(spec, spec.systems[0]);
    for (Claim claim : spec.claims) {
        const Tried tried(plain, claim);
        CAPTURE(claim.id);
        REQUIRE(tried.states() <= 10);
        for (const std::vector<Fairness>& fairness : combinations()) {
            claim.fairness = fairness;
            const LivenessAnswer answer = decide_liveness(system, explorer, index, claim, {});
            const bool violated = tried.violated(fairness);
            CHECK(answer.counterexample.has_value() == violated);
            if (answer.counterexample) CHECK_NOTHROW(confirm_lasso(plain, claim, *answer.counterexample));
            ++(violated ? count.violated : count.holds);
        }
    }
}

}  // namespace

TEST_CASE("Under every combination of fairness, trying all sets of states gives the same answers") {
    Count count;
    agree(R"(system lossy "" ends tiny A, tiny B network 1 loses calls A { close poll kick } B { }
claim heard "it" on lossy leads A in FIN_WAIT_1 to B in CLOSE_WAIT
claim answered "it" on lossy leads A runs rto to not A runs rto
claim over "it" on lossy leads A in FIN_WAIT_1 to A in CLOSED)",
          count);
    agree(R"(system doubling "" ends tiny A, tiny B network 2 loses duplicates reorders calls A { close poll } B { }
claim heard "it" on doubling leads A in FIN_WAIT_1 to B in CLOSE_WAIT
claim drained "it" on doubling leads A in CLOSED and B in CLOSE_WAIT to quiet)",
          count);
    CHECK(count.holds > 50);
    CHECK(count.violated > 50);
}

}  // namespace lastack
