// Claims of every kind with answers and shortest lengths that can be found by hand, and the same claims decided a
// second time by the plain interpreter.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "checker/claims/check.h"
#include "checker/trace/plain_claims.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;

// An end closes by a FIN, which it may send once more; who gets a FIN after its own is CLOSED, who gets one before
// waits.
const std::string door = R"(profile door "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, CLOSED final
timer rto = 1 s
var n : 0..2
segment FIN { seq 0; ack 0; fin }
on call up    rule up    "it" cites "none" ESTABLISHED [n < 2] { n += 1 }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
on call abort rule abort "it" cites "none" CLOSE_WAIT -> CLOSED
on timer rto  rule again "it" cites "none" FIN_WAIT_1 { send FIN }
on segment step all rule fin "it" cites "none"
  ESTABLISHED [seg.fin] -> CLOSE_WAIT { stop rto; signal eof }
  FIN_WAIT_1  [seg.fin] -> CLOSED { stop rto }
}
system both "" ends door A, door B network 1 loses calls A { up close abort } B { up close abort }
)";

struct Known {
    std::string claim;
    Answer answer;
    int length;  // of the shortest trace; -1: there is none
};

// Lengths that are known here are those of traces with the fewest steps; what traces cost is cheapest_test.cpp's.
CheckOptions fewest_steps() {
    CheckOptions options;
    options.cheapest = false;
    return options;
}

void check_door(const Known& known) {
    CAPTURE(known.claim);
    const Spec spec = spec_from(door + "claim it \"it\" cites \"none\" on both " + known.claim);
    const CheckReport report = check(spec, fewest_steps());
    REQUIRE(report.claims.size() == 1);
    const CheckResult& result = report.claims[0];
    CHECK(to_string(result.answer) == to_string(known.answer));
    REQUIRE(result.trace.has_value() == (known.length >= 0));
    if (!result.trace) return;
    CHECK(static_cast<int>(result.trace->steps.size()) == known.length);
    const PlainSystem plain(spec, spec.systems[0]);
    CHECK(replay(plain, *result.trace) == "");
    CHECK(judge(plain, spec.claims[0], *result.trace) == "");
}

// What the plain interpreter finds about a claim without stages: the length of the shortest trace that decides it, or
// -1.
class PlainAnswers {
public:
    PlainAnswers(const PlainSystem& system, std::vector<const Claim*> claims)
        : system_(system), claims_(std::move(claims)) {
        std::set<Snapshot> seen{system.initial()};
        std::vector<Snapshot> level{system.initial()};
        for (int depth = 0; !level.empty(); ++depth) {
            std::vector<Snapshot> next;
            for (const Snapshot& state : level) {
                look(Trace{"", state, {}}, false, depth);
                for (TraceStep& step : system.steps(state)) {
                    if (seen.insert(step.after).second) next.push_back(step.after);
                    look(Trace{"", state, {std::move(step)}}, true, depth + 1);
                }
            }
            level = std::move(next);
        }
    }
    int length(const Claim& claim) const {
        const auto place = found_.find(claim.id);
        return place == found_.end() ? -1 : place->second;
    }

private:
    void look(const Trace& trace, bool step, int length) {
        for (const Claim* claim : claims_) {
            if ((claim->kind == Claim::Kind::step) != step || found_.contains(claim->id)) continue;
            if (judge(system_, *claim, trace).empty()) found_[claim->id] = length;
        }
    }

    const PlainSystem& system_;
    std::vector<const Claim*> claims_;
    std::map<std::string, int> found_;
};

// All claims without stages of a shipped spec, on systems made small.
void agree_on_claims(const std::string& file, const Network& network, int data) {
    Spec spec = shipped_spec(file);
    std::erase_if(spec.claims, [](const Claim& claim) {
        return claim.kind == Claim::Kind::reachable || claim.kind == Claim::Kind::recoverable;
    });
    for (SystemDecl& decl : spec.systems) {
        decl.network = network;
        decl.limits["data"] = data;
        decl.limits["retries"] = data == 0 ? 1 : 0;
        if (data > 0) {
            decl.calls[0] = {"send", "shutdown_wr", "abort"};
            decl.calls[1] = {"recv", "close"};
        }
    }
    const CheckReport report = check(spec, fewest_steps());
    for (const SystemDecl& decl : spec.systems) {
        std::vector<const Claim*> claims;
        for (const Claim& claim : spec.claims) {
            if (claim.system == decl.name) claims.push_back(&claim);
        }
        if (claims.empty()) continue;
        const PlainSystem plain(spec, decl);
        const PlainAnswers answers(plain, claims);
        for (const CheckResult& result : report.claims) {
            if (result.claim->system != decl.name) continue;
            CAPTURE(result.claim->id);
            CHECK(result.answer != Answer::unknown);
            CHECK((result.trace ? static_cast<int>(result.trace->steps.size()) : -1) == answers.length(*result.claim));
        }
    }
}

}  // namespace

TEST_CASE("Invariants: a counterexample is shortest, and there is none where the claim holds") {
    check_door({"invariant each e: e.n <= 2", Answer::holds, -1});
    check_door({"invariant not A.n == 2", Answer::violated, 2});
    check_door({"invariant not (A in FIN_WAIT_1 and B in CLOSE_WAIT)", Answer::violated, 2});
    check_door({"invariant each e, p: not (e in FIN_WAIT_1 and p in FIN_WAIT_1)", Answer::violated, 2});
    check_door({"invariant each e, p: e in CLOSED implies not p in ESTABLISHED", Answer::holds, -1});
    check_door({"invariant each e: e in FIN_WAIT_1 implies e runs rto", Answer::violated, 2});
    check_door({"invariant quiet", Answer::violated, 1});
    check_door({"invariant not in flight from B [seg.fin]", Answer::violated, 1});
    check_door({"invariant not in flight from B [not seg.fin]", Answer::holds, -1});
    check_door({"invariant A in CLOSED", Answer::violated, 0});
}

TEST_CASE("Step claims: the counterexample's last step is the one that breaks the claim") {
    check_door({"step each e: e calls up implies next e.n == e.n + 1", Answer::holds, -1});
    check_door({"step each e: not e expires rto", Answer::violated, 2});
    check_door({"step not lost from A [seg.fin]", Answer::violated, 2});
    check_door({"step not (B gets [seg.fin] and A in CLOSED)", Answer::violated, 4});
    check_door({"step each e: e signals eof implies next e in CLOSE_WAIT", Answer::holds, -1});
    check_door({"step each e: not (e fires again and e sends [seg.fin])", Answer::violated, 2});
    check_door({"step not doubled from A", Answer::holds, -1});
}

TEST_CASE("A step claim is about every step, also those at the other end or in the network") {
    check_door({"step each e: not e in CLOSE_WAIT", Answer::violated, 3});
    // A closes, B waits and aborts; the next step is A's timer.
    check_door({"step each e: not e in CLOSED", Answer::violated, 4});
    // Nothing ever happens again at an end that stopped; the other end goes on.
    const Spec spec = spec_from(R"(profile stopper "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
on call stop rule stop "it" cites "none" ESTABLISHED -> CLOSED
}
system two "" ends stopper A, stopper B network 1 calls A { stop } B { stop }
claim it "it" cites "none" on two step each e: not e in CLOSED)");
    const CheckReport report = check(spec, {});
    CHECK(to_string(report.claims[0].answer) == "violated");
}

TEST_CASE("Reachable claims: the witness is shortest, with stages in their order") {
    check_door({"reachable A in ESTABLISHED", Answer::holds, 0});
    check_door({"reachable A in CLOSED and B in CLOSED", Answer::holds, 4});
    check_door({"reachable A in CLOSED and B in ESTABLISHED", Answer::violated, -1});
    check_door({"reachable lost from A", Answer::holds, 2});
    check_door({"reachable A calls up then A calls up then A calls close then lost from A then A expires rto then B in "
                "CLOSE_WAIT",
                Answer::holds, 6});
    check_door({"reachable A calls close then A calls up", Answer::violated, -1});
    check_door({"reachable A calls up then A calls up then A calls up", Answer::violated, -1});
    check_door({"reachable A.n == 1 then A.n == 2 then A in FIN_WAIT_1 then A in CLOSED", Answer::holds, 5});
}

TEST_CASE("One step takes at most one stage about a step; any number about the state follow it") {
    check_door({"reachable A calls up then A calls up", Answer::holds, 2});
    check_door({"reachable A calls close then A in FIN_WAIT_1 then in flight from A", Answer::holds, 1});
}

TEST_CASE("Recoverable claims: the first state from which the body is out of reach") {
    check_door({"recoverable quiet", Answer::holds, -1});
    check_door({"recoverable A in ESTABLISHED", Answer::violated, 1});
    check_door({"recoverable A in CLOSED", Answer::violated, 2});
    // Both close, both FINs and their repetitions are lost: two of them for want of room.
    check_door({"recoverable some e: e in CLOSED", Answer::violated, 6});
}

TEST_CASE("Ends claims: states that no step leaves") {
    check_door({"ends quiet", Answer::holds, -1});
    check_door({"ends not A in ESTABLISHED", Answer::holds, -1});
    check_door({"ends A in CLOSED or B in CLOSED", Answer::violated, 6});
    // A closes, its repetition finds no room, B gets the FIN and aborts.
    check_door({"ends not A in FIN_WAIT_1", Answer::violated, 4});
}

TEST_CASE("An answer is as expected only if the length is, too") {
    const std::pair<std::string, bool> cases[] = {
        {"expect violated", true},
        {"expect violated shortest 2", true},
        {"expect violated shortest 3", false},
        {"expect holds", false},
        {"", false},
        {"expect violated shortest 1", false},
        {"expect holds for someone", false},
        {"expect holds expect violated for door", true},
    };
    for (const auto& [expectation, as_expected] : cases) {
        CAPTURE(expectation);
        std::string text = door + "claim it \"it\" cites \"none\" on both invariant not A.n == 2 " + expectation;
        if (expectation.find("someone") != std::string::npos) {
            text = "profile someone \"\" cites \"none\" { states ESTABLISHED initial var n : 0..2\n"
                   "on call up rule up \"it\" cites \"none\" ESTABLISHED [n < 2] { n += 1 } }\n" +
                   text;
        }
        const Spec spec = spec_from(text);
        CHECK(check(spec, {}).claims.at(0).as_expected == as_expected);
    }
}

TEST_CASE("Where the exploration was cut short, what was not found is unknown and never as expected") {
    const Spec spec = spec_from(door + R"(
claim sees "it" cites "none" on both invariant not A.n == 1 expect violated
claim no-sight "it" cites "none" on both invariant each e: e.n <= 2 expect holds
claim no-way "it" cites "none" on both reachable A in CLOSED and B in ESTABLISHED expect violated
claim back "it" cites "none" on both recoverable quiet expect holds)");
    CheckOptions options;
    options.bounds.stop = [] { return true; };
    const CheckReport report = check(spec, options);
    REQUIRE(report.claims.size() == 4);
    for (std::size_t i = 1; i < 4; ++i) {
        CAPTURE(report.claims[i].claim->id);
        CHECK(report.claims[i].answer == Answer::unknown);
        CHECK_FALSE(report.claims[i].as_expected);
        CHECK(report.claims[i].note.find("interrupted") == 0);
    }
    CHECK(report.systems.at(0).coverage.interrupted);
}

TEST_CASE("Only the claims asked for are decided, in the order of the spec; rules that never fired are named") {
    const Spec spec = spec_from(door + R"(
system quiet_b "" ends subject A, subject B network 1 calls A { up } B { }
claim one "it" cites "none" on quiet_b invariant true
claim two "it" cites "none" on both invariant true
claim three "it" cites "none" on quiet_b invariant A.n <= 2)");
    CheckOptions options;
    options.only_claims = {"three", "one"};
    const CheckReport report = check(spec, options);
    REQUIRE(report.claims.size() == 2);
    CHECK(report.claims[0].claim->id == "one");
    CHECK(report.claims[1].claim->id == "three");
    REQUIRE(report.systems.size() == 1);
    CHECK(report.systems[0].rules_not_fired == std::vector<std::string>{"close", "abort", "again", "fin"});
}

TEST_CASE("A note says where steps were cut for want of room") {
    const Spec spec = spec_from(door + R"(
system tight "" ends door A, door B network 1 calls A { close } B { }
claim it "it" cites "none" on tight invariant true)");
    const CheckResult result = check(spec, {}).claims.at(0);
    CHECK(result.answer == Answer::holds);
    CHECK(result.coverage.cuts > 0);
    CHECK(result.note == "runs with more than 1 segments in flight one way were cut");
}

TEST_CASE("Shipped claims on small systems: the plain interpreter finds the same answers and lengths" *
          doctest::test_suite("slow") * doctest::test_suite("slow")) {
    agree_on_claims("rfc9293.spec", {1, true, true, true, -1, -1}, 0);
    agree_on_claims("linux.spec", {1, true, true, true, -1, -1}, 0);
    agree_on_claims("linux.spec", {2, true, false, false, 1, -1}, 1);
}

}  // namespace lastack
