// Claims about runs that go on for ever, on profiles so small that a reader sees the answer; each counterexample is
// judged again by the plain interpreter, and wrong ones are refused by it.
#include <doctest/doctest.h>

#include "checker/claims/liveness.h"
#include "checker/trace/plain_claims.h"
#include "checker/trace/plain_liveness.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

// A knocks (a FIN) and knocks again when its timer expires; B opens when it hears. A may also poll, which does nothing.
const std::string knocker = R"(profile knocker "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT final
timer rto = 1 s
segment FIN { seq 0; fin }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
on call poll  rule poll  "it" cites "none" FIN_WAIT_1 { returns pending }
on timer rto  rule again "it" cites "none" FIN_WAIT_1 { send FIN; start rto }
on segment step all rule fin "it" cites "none" ESTABLISHED [seg.fin] -> CLOSE_WAIT
}
system it "" ends knocker A, knocker B network 1 loses calls A { close poll } B { }
)";

// A timer that ends it all. `kick` starts it, also again; `once` only where it does not run; `look` leaves it alone.
const std::string clock = R"(profile clock "for tests" cites "none" {
states TIME_WAIT initial, CLOSED final
timer msl = 1 s
on call kick rule kick "it" cites "none" TIME_WAIT { start msl }
on call once rule once "it" cites "none" TIME_WAIT [not running msl] { start msl }
on call look rule look "it" cites "none" TIME_WAIT { returns pending }
on timer msl rule over "it" cites "none" TIME_WAIT -> CLOSED
}
)";

// Who is called sends an ACK; each ACK is answered by one.
const std::string ponger = R"(profile ponger "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1
segment ACK { seq 0; ack 0 }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send ACK }
on segment step all rule answer "it" cites "none" any [seg.has_ack] { send ACK }
}
)";

LivenessAnswer answer_to(const Spec& spec, const Bounds& bounds = {}) {
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    REQUIRE(explorer.run({}).complete);
    SharedStateIndex index(explorer);
    return decide_liveness(system, explorer, index, spec.claims[0], bounds);
}

Spec with_claim(const std::string& text, const std::string& claim) {
    return spec_from(text + "claim it \"it\" cites \"none\" on it " + claim);
}

constexpr int ends = 0;  // in place of a loop: a run that no step continues

// Steps before the loop and in it.
void check_violated(const std::string& text, const std::string& claim, int stem, int loop) {
    CAPTURE(claim);
    const Spec spec = with_claim(text, claim);
    const LivenessAnswer answer = answer_to(spec);
    CHECK(answer.complete);
    REQUIRE(answer.counterexample);
    const Trace& trace = *answer.counterexample;
    CHECK_NOTHROW(confirm_lasso(PlainSystem(spec, spec.systems[0]), spec.claims[0], trace));
    const int size = static_cast<int>(trace.steps.size());
    CHECK(trace.loop_from == (loop == ends ? -1 : stem));
    CHECK(size == stem + loop);
}

void check_holds(const std::string& text, const std::string& claim, bool premise_met = true) {
    CAPTURE(claim);
    const LivenessAnswer answer = answer_to(with_claim(text, claim));
    CHECK(answer.complete);
    CHECK_FALSE(answer.counterexample);
    CHECK(answer.premise_met == premise_met);
}

}  // namespace

TEST_CASE("A lossy channel: who knocks again and again is heard if delivery is strongly fair") {
    const std::string heard = "leads A in FIN_WAIT_1 to B in CLOSE_WAIT ";
    check_violated(knocker, heard, 1, 1);                           // it only polls, or knocks on a full channel
    check_violated(knocker, heard + "fair weak timers", 1, 1);      // knocks on a full channel
    check_violated(knocker, heard + "fair strong delivery", 2, 1);  // the FIN is lost, then it only polls
    check_violated(knocker, heard + "fair weak delivery, weak timers", 1, 2);  // knocks, and each knock is lost
    check_holds(knocker, heard + "fair strong delivery, weak timers");
}

TEST_CASE("Fairness can be asked of one end, one timer, one call") {
    const std::string heard = "leads A in FIN_WAIT_1 to B in CLOSE_WAIT ";
    check_holds(knocker, heard + "fair strong delivery at B, weak timer rto at A");
    check_violated(knocker, heard + "fair strong delivery at A, weak timer rto at A", 1, 1);
    check_violated(knocker, heard + "fair strong delivery at B, weak timer rto at B", 2, 1);
    check_violated(knocker, heard + "fair strong delivery, weak call poll", 2, 1);
    const std::string both = clock + "system it \"\" ends clock A, clock B network 1 calls A { look } B { kick }\n";
    check_violated(both, "eventually B runs msl", 0, 1);
    check_holds(both, "eventually B runs msl fair weak call kick at B");
}

TEST_CASE("A run goes on where a step is possible, also where fairness does not ask for it") {
    check_holds(knocker, "eventually A in FIN_WAIT_1");
    check_holds(clock + "system it \"\" ends clock A, clock B network 1 calls A { once } B { }\n",
                "eventually A in CLOSED");
}

TEST_CASE("A timer that is started again and again need not expire, unless fairness is strong") {
    const std::string kicked = clock + "system it \"\" ends clock A, clock B network 1 calls A { kick } B { }\n";
    check_violated(kicked, "eventually A in CLOSED fair weak timers", 1, 1);
    check_holds(kicked, "eventually A in CLOSED fair strong timers");
    const std::string left = clock + "system it \"\" ends clock A, clock B network 1 calls A { once look } B { }\n";
    check_violated(left, "leads A runs msl to A in CLOSED", 1, 1);
    check_holds(left, "leads A runs msl to A in CLOSED fair weak timers");
    check_violated(left, "eventually A in CLOSED fair weak timers", 0, 1);  // nobody ever starts it
}

TEST_CASE("A run that no step continues is a counterexample without a loop") {
    const std::string pong =
        ponger + "system it \"\" ends ponger A, ponger B network 1 loses calls A { close } B { }\n";
    check_violated(pong, "always eventually in flight from A", 2, ends);
    check_violated(pong, "leads quiet to in flight from B", 2, ends);
}

TEST_CASE("Always eventually: again and again, or at the end") {
    const std::string pong = ponger + "system it \"\" ends ponger A, ponger B network 1 calls A { close } B { }\n";
    check_holds(pong, "always eventually in flight from A");
    check_holds(pong, "always eventually in flight from B");
    check_violated(pong, "always eventually quiet", 1, 2);
    check_holds(pong, "eventually in flight from B");
    const std::string over = clock + "system it \"\" ends clock A, clock B network 1 calls A { once } B { }\n";
    check_holds(over, "always eventually A in CLOSED");
    check_violated(over, "always eventually A in TIME_WAIT", 2, ends);
}

TEST_CASE("Eventually always: from some moment on, or at the end") {
    const std::string pong = ponger + "system it \"\" ends ponger A, ponger B network 1 calls A { close } B { }\n";
    check_holds(pong, "eventually always not quiet");
    check_violated(pong, "eventually always in flight from A", 1, 2);  // every second state
    check_violated(pong, "eventually always quiet", 1, 2);
    const std::string over = clock + "system it \"\" ends clock A, clock B network 1 calls A { once } B { }\n";
    check_holds(over, "eventually always A in CLOSED");
    check_violated(over, "eventually always A in TIME_WAIT", 2, ends);
    check_holds(knocker, "eventually always A in FIN_WAIT_1");
    check_violated(knocker, "eventually always B in CLOSE_WAIT", 1, 1);
    check_holds(knocker, "eventually always B in CLOSE_WAIT fair strong delivery, weak timers");
    // It knocks, and each knock is lost: in between there is quiet, again and again.
    check_violated(knocker, "eventually always not quiet fair weak timers", 1, 2);
}

TEST_CASE("Acyclic: a cycle must be made of the steps in question only") {
    const std::string pong = ponger + "system it \"\" ends ponger A, ponger B network 1 calls A { close } B { }\n";
    check_violated(pong, "acyclic some e: e gets [seg.has_ack]", 1, 2);
    check_violated(pong, "acyclic some e: e sends fair strong delivery", 1, 2);
    check_holds(pong, "acyclic A gets [seg.has_ack]");
    check_holds(pong, "acyclic some e: e calls close");
    check_violated(knocker, "acyclic A calls poll fair weak timers", 1, 1);
}

TEST_CASE("A premise may be a step: the state after it is where the run has to go on from") {
    const std::string heard = " to B in CLOSE_WAIT ";
    check_violated(knocker, "leads A calls close" + heard, 1, 1);
    check_violated(knocker, "leads A expires rto" + heard + "fair weak timers, weak delivery", 2, 2);
    check_violated(knocker, "leads lost from A" + heard + "fair weak delivery", 2, 1);
    check_holds(knocker, "leads A calls close" + heard + "fair strong delivery, weak timers");
    check_holds(knocker, "leads B gets [seg.fin]" + heard);
}

TEST_CASE("A premise that reads its step by `next` only leads on from the state after the step") {
    for (const char* premise : {"next A in FIN_WAIT_1", "not next A in ESTABLISHED", "(some e: next e in FIN_WAIT_1)",
                                "next A in FIN_WAIT_1 or quiet", "next A runs rto and A in ESTABLISHED"}) {
        CAPTURE(premise);
        const std::string claim = std::string("leads ") + premise + " to B in CLOSE_WAIT";
        const Spec spec = with_claim(knocker, claim);
        const LivenessAnswer answer = answer_to(spec);
        REQUIRE(answer.counterexample);
        const PlainSystem plain(spec, spec.systems[0]);
        CHECK(judge_run(plain, spec.claims[0], *answer.counterexample) == "");
        CHECK_NOTHROW(confirm_lasso(plain, spec.claims[0], *answer.counterexample));
        CHECK(answer.counterexample->loop_from >= 1);  // the step of the premise comes first
        CHECK_FALSE(answer_to(with_claim(knocker, claim + " fair strong timers, strong delivery")).counterexample);
    }
}

TEST_CASE("A condition about a step is not asked of a state") {
    const Spec spec = with_claim(knocker, "leads next A in FIN_WAIT_1 to quiet");
    const Expr &about_step = spec.claims[0].stages[0], &about_state = spec.claims[0].stages[1];
    CHECK(std::holds_alternative<StepCondition>(condition_of(about_step)));
    CHECK(std::holds_alternative<StateCondition>(condition_of(about_state)));
    CHECK_THROWS_AS(StateCondition{about_step}, std::logic_error);
}

TEST_CASE("A claim whose premise never holds says so") {
    check_holds(knocker, "leads B in FIN_WAIT_1 to A in CLOSE_WAIT", false);
    check_holds(knocker, "leads A gets to A in CLOSE_WAIT", false);
    check_holds(knocker, "leads B in CLOSE_WAIT to B in CLOSE_WAIT", true);
}

TEST_CASE("Where steps were cut, a loop still counts, but neither an end nor the absence of a loop does") {
    // Both have sent: each delivery would be answered into a full channel.
    const std::string full =
        ponger + "system it \"\" ends ponger A, ponger B network 1 calls A { close } B { close }\n";
    const LivenessAnswer stuck =
        answer_to(with_claim(full, "leads A in FIN_WAIT_1 and B in FIN_WAIT_1 to not A in FIN_WAIT_1"));
    CHECK_FALSE(stuck.complete);
    CHECK_FALSE(stuck.counterexample);
    CHECK(stuck.note.find("more than 1 segments in flight") != std::string::npos);
    check_violated(full, "leads A in FIN_WAIT_1 to B in FIN_WAIT_1", 1, 2);
}

TEST_CASE("An interrupted search decides nothing") {
    Bounds bounds;
    bounds.stop = [] { return true; };
    for (const char* claim : {"eventually A in CLOSE_WAIT", "eventually always quiet", "leads A calls close to quiet",
                              "acyclic A calls poll"}) {
        const LivenessAnswer answer = answer_to(with_claim(knocker, claim), bounds);
        CHECK_FALSE(answer.complete);
        CHECK_FALSE(answer.counterexample);
        CHECK(answer.note == "interrupted");
    }
}

TEST_CASE("The same claim gives the same run") {
    const Spec spec = with_claim(knocker, "leads A in FIN_WAIT_1 to B in CLOSE_WAIT fair weak delivery, weak timers");
    CHECK(*answer_to(spec).counterexample == *answer_to(spec).counterexample);
}

TEST_CASE("The plain interpreter refuses runs that do not show what they should") {
    const auto verdict = [](const Spec& spec, const Trace& trace) {
        return judge_run(PlainSystem(spec, spec.systems[0]), spec.claims[0], trace);
    };
    const std::string heard = "leads A in FIN_WAIT_1 to B in CLOSE_WAIT ";
    const Spec spec = with_claim(knocker, heard + "fair weak delivery, weak timers");
    const Trace good = *answer_to(spec).counterexample;  // close, then: lost, sent again
    REQUIRE(verdict(spec, good) == "");

    Trace open = good;
    open.steps.pop_back();
    CHECK(verdict(spec, open) == "the loop does not lead back to where it began");
    Trace empty = good;
    empty.loop_from = static_cast<int>(good.steps.size());
    CHECK(verdict(spec, empty) == "the loop has no step");
    Trace ended = good;
    ended.loop_from = -1;
    CHECK(verdict(spec, ended) == "the run does not end: a segment is in flight");

    CHECK(verdict(with_claim(knocker, heard + "fair strong delivery"), good) ==
          "unfair: FIN seq=0 never arrives at B (strong fairness)");
    CHECK(verdict(with_claim(knocker, "leads A in FIN_WAIT_1 to quiet"), good) ==
          "each time the premise holds, what it leads to follows");
    CHECK(verdict(with_claim(knocker, "eventually A in FIN_WAIT_1"), good) == "what should come does come");
    CHECK(verdict(with_claim(knocker, "always eventually quiet"), good) == "it happens again and again");
    CHECK(verdict(with_claim(knocker, "eventually always A in FIN_WAIT_1"), good) == "it holds from some moment on");
    CHECK(verdict(with_claim(knocker, "acyclic A expires rto"), good) == "step 2 does not belong to such a cycle");

    const Trace polls = *answer_to(with_claim(knocker, heard)).counterexample;
    CHECK(verdict(with_claim(knocker, heard + "fair weak delivery"), polls) ==
          "unfair: FIN seq=0 never arrives at B (weak fairness)");
    Trace foreign = good;
    foreign.steps.back().rules = {"poll"};
    CHECK_THROWS_AS(confirm_lasso(PlainSystem(spec, spec.systems[0]), spec.claims[0], foreign), Disagreement);
}

}  // namespace lastack
