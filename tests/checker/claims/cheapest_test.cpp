// Traces cost as little as possible, in losses, duplicates, segments and steps, in this order. The oracle is a search
// of another kind over the plain system: Bellman and Ford's, which improves costs until none can be improved.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>

#include "checker/claims/cheapest.h"
#include "checker/claims/check.h"
#include "checker/claims/claim_code.h"
#include "checker/trace/plain_claims.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;

TraceCost sum(TraceCost a, const TraceCost& b) {
    a.losses += b.losses;
    a.duplicates += b.duplicates;
    a.segments += b.segments;
    a.steps += b.steps;
    return a;
}

// All states of a plain system with the least cost of reaching them.
class PlainCosts {
public:
    explicit PlainCosts(const PlainSystem& system) : system_(system) {
        costs_[system.initial()] = {};
        for (bool changed = true; changed;) {
            changed = false;
            for (auto& [state, cost] : costs_) {
                for (const TraceStep& step : steps(state)) {
                    const TraceCost reached = sum(cost, cost_of({"", state, {step}}));
                    const auto [place, fresh] = costs_.try_emplace(step.after, reached);
                    if (!fresh && reached >= place->second) continue;
                    place->second = reached;
                    changed = true;
                }
            }
        }
    }

    // The least cost of what decides the claim; nothing where nothing does.
    std::optional<TraceCost> least(const Claim& claim) {
        std::set<Snapshot> good;
        if (claim.kind == Claim::Kind::recoverable) good = recovering(claim);
        std::optional<TraceCost> best;
        const auto better = [&](const TraceCost& cost) { best = best ? std::min(*best, cost) : cost; };
        for (const auto& [state, cost] : costs_) {
            if (claim.kind == Claim::Kind::step) {
                for (const TraceStep& step : steps(state)) {
                    const Trace trace{"", state, {step}};
                    if (judge(system_, claim, trace).empty()) better(sum(cost, cost_of(trace)));
                }
            } else if (claim.kind == Claim::Kind::recoverable ? !good.contains(state)
                                                              : judge(system_, claim, {"", state, {}}).empty()) {
                better(cost);
            }
        }
        return best;
    }

private:
    const std::vector<TraceStep>& steps(const Snapshot& state) {
        const auto place = steps_.find(state);
        return place != steps_.end() ? place->second : steps_.emplace(state, system_.steps(state)).first->second;
    }

    std::set<Snapshot> recovering(const Claim& claim) {
        std::set<Snapshot> good;
        for (const auto& [state, cost] : costs_) {
            if (!judge(system_, claim, {"", state, {}}).empty()) good.insert(state);
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [state, cost] : costs_) {
                if (good.contains(state)) continue;
                for (const TraceStep& step : steps(state))
                    changed |= good.contains(step.after) && good.insert(state).second;
            }
        }
        return good;
    }

    const PlainSystem& system_;
    std::map<Snapshot, TraceCost> costs_;
    std::map<Snapshot, std::vector<TraceStep>> steps_;
};

// An end closes by a FIN, which it may send once more, and gives up after that.
const std::string door = R"(profile door "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, CLOSED final
timer rto = 1 s
var n : 0..2
var again : 0..1
segment FIN { seq 0; ack 0; fin }
segment ACK { seq 1; ack 1 }
on call up    rule up    "it" cites "none" ESTABLISHED [n < 2] { n += 1 }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
on call abort rule abort "it" cites "none" CLOSE_WAIT -> CLOSED
on timer rto
  rule again    "it" cites "none" FIN_WAIT_1 [again < 1] { send FIN; again += 1; start rto }
  rule give_up  "it" cites "none" FIN_WAIT_1 [again == 1] -> CLOSED
on segment step all
  rule fin "it" cites "none"
    ESTABLISHED [seg.fin] -> CLOSE_WAIT { stop rto; send ACK; signal eof }
    FIN_WAIT_1  [seg.fin] -> CLOSED { stop rto }
    CLOSE_WAIT  [seg.fin] { send ACK }
  rule heard "it" cites "none"
    FIN_WAIT_1  [not seg.fin] -> CLOSED { stop rto }
}
)";

const std::string door_claims = R"(
claim met "it" cites "none" on both invariant not (A in CLOSED and B in CLOSED) expect violated
claim left "it" cites "none" on both invariant each e, p: e in CLOSED implies p in {CLOSE_WAIT, CLOSED} expect violated
claim up "it" cites "none" on both invariant each e: e.n < 2 expect violated
claim heard "it" cites "none" on both step each e: e in FIN_WAIT_1 implies not next e in CLOSED expect violated
claim late "it" cites "none" on both
  step not (A sends [seg.fin] and A.again == 0 and A in FIN_WAIT_1 and B in CLOSE_WAIT)
  expect violated
claim loses "it" cites "none" on both step each e: not lost from e [seg.fin] expect violated
claim ends "it" cites "none" on both ends A in CLOSED and B in CLOSED expect violated
claim twice "it" cites "none" on both reachable in flight from A [not seg.fin] and B in CLOSED or
  B in CLOSE_WAIT and A in CLOSED and A.again == 1 expect holds
claim back "it" cites "none" on both recoverable each e: e in ESTABLISHED expect violated
)";

// Every claim of the spec, against the oracle.
int agree(const Spec& spec) {
    const CheckReport report = check(spec, {});
    int traces = 0;
    std::map<std::string, std::pair<PlainSystem, std::optional<PlainCosts>>> known;
    for (const CheckResult& result : report.claims) {
        const Claim& claim = *result.claim;
        CAPTURE(claim.id);
        // Where steps were cut, one of them may have been the way back: nothing is decided then.
        if (claim.kind == Claim::Kind::recoverable && result.coverage.cuts > 0) continue;
        auto& [plain, costs] =
            known.try_emplace(claim.system, PlainSystem(spec, *spec.system(claim.system)), std::nullopt).first->second;
        if (!costs) costs.emplace(plain);
        const std::optional<TraceCost> least = costs->least(claim);
        CHECK(result.trace.has_value() == least.has_value());
        if (!result.trace || !least) continue;
        ++traces;
        CHECK(to_string(result.cost) == to_string(*least));
        CHECK(result.note == "");
        CHECK(replay(plain, *result.trace) == "");
    }
    return traces;
}

const CheckResult& only(const CheckReport& report) { return report.claims.at(0); }

}  // namespace

TEST_CASE("Costs are compared by losses first, then duplicates, segments and steps") {
    CHECK(TraceCost{0, 9, 9, 9} < TraceCost{1, 0, 0, 0});
    CHECK(TraceCost{0, 0, 9, 9} < TraceCost{0, 1, 0, 0});
    CHECK(TraceCost{0, 0, 0, 9} < TraceCost{0, 0, 1, 0});
    CHECK(to_string(TraceCost{0, 1, 4, 7}) == "0 losses, 1 duplicate, 4 segments, 7 steps");
}

TEST_CASE("What does not fit a full direction is a loss in the cost of a trace") {
    const Spec spec = spec_from(door + R"(
system both "" ends door A, door B network 1 loses calls A { close } B { }
claim gone "it" cites "none" on both reachable A in CLOSED and B in ESTABLISHED expect holds)");
    const CheckReport report = check(spec, {});
    REQUIRE(only(report).trace);
    // close, again, give up; the second FIN finds the first one in the way.
    CHECK(to_string(only(report).cost) == "1 loss, 0 duplicates, 2 segments, 3 steps");
}

TEST_CASE("A trace without a loss is shown even where one with a loss has fewer steps") {
    const Spec spec = spec_from(door + R"(
system both "" ends door A, door B network 1 loses calls A { close } B { }
claim over "it" cites "none" on both reachable A in CLOSED and A.again == 1 expect holds)");
    CheckOptions fewest;
    fewest.cheapest = false;
    const CheckReport by_steps = check(spec, fewest);
    CHECK(to_string(only(by_steps).cost) == "1 loss, 0 duplicates, 2 segments, 3 steps");
    CHECK(only(by_steps).note == "fewest steps; not minimised further");
    const CheckReport report = check(spec, {});
    // The first FIN arrives, so that the second one has room; the acknowledgment is on its way all the time.
    CHECK(to_string(only(report).cost) == "0 losses, 0 duplicates, 3 segments, 4 steps");
    CHECK(only(report).note == "");
}

TEST_CASE("Cheapest traces of every kind of claim agree with the oracle, in small networks of all kinds") {
    for (const std::string network :
         {"1", "1 loses", "2 loses duplicates reorders", "2 duplicates",
          "2 loses at most 1 duplicates at most 1 reorders", "2 loses at most 2", "3 reorders"}) {
        CAPTURE(network);
        const Spec spec = spec_from(door + "system both \"\" ends door A, door B network " + network +
                                    " calls A { up close abort } B { close abort }" + door_claims);
        CHECK(agree(spec) >= 5);
    }
}

TEST_CASE("Stages: the cheapest run through all of them, which is not the shortest one") {
    const Spec spec = spec_from(door + R"(
system both "" ends door A, door B network 1 loses calls A { close } B { }
claim run "it" cites "none" on both reachable A calls close then A fires again then A in CLOSED expect holds)");
    const CheckReport report = check(spec, {});
    REQUIRE(only(report).trace);
    CHECK(to_string(only(report).cost) == "0 losses, 0 duplicates, 3 segments, 4 steps");
    CHECK(judge(PlainSystem(spec, spec.systems[0]), spec.claims[0], *only(report).trace) == "");
}

TEST_CASE("Where the bound on states is too small for the search, the trace with the fewest steps stays, and says so") {
    const Spec spec = spec_from(door + "system both \"\" ends door A, door B network 2 loses duplicates reorders calls "
                                       "A { up close abort } B { up close abort }\n"
                                       "claim met \"it\" cites \"none\" on both reachable A.n == 2 and A in CLOSED and "
                                       "A.again == 1 and B in CLOSED expect holds");
    const CheckReport whole = check(spec, {});
    REQUIRE(only(whole).trace);
    const SystemDecl& decl = spec.systems[0];
    System system(spec, decl);
    const ClaimCode code(system, spec.claims[0].stages[0]);
    CheckOptions fewest;
    fewest.cheapest = false;
    CheapestGoal goal;
    goal.code = &code;
    goal.wanted = true;
    goal.trace = *only(check(spec, fewest)).trace;
    const Trace before = goal.trace;
    std::vector<CheapestGoal> goals{goal};
    Bounds bounds;
    bounds.max_states = 5;
    find_cheapest(system, goals, bounds);
    CHECK_FALSE(goals[0].minimal);
    CHECK(goals[0].trace == before);
    find_cheapest(system, goals, {});
    CHECK(goals[0].minimal);
    CHECK(cost_of(goals[0].trace) == only(whole).cost);
}

}  // namespace lastack
