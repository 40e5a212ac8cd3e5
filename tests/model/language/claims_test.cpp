// Systems, claims and expectations.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string claim(const std::string& body) {
    return tiny() + tiny_system() + "claim c1 \"a sentence\" cites \"W05\" on pair " + body;
}
Claim parsed(const std::string& body) { return parse_spec(claim(body), "t").claims.at(0); }

}  // namespace

TEST_CASE("a system has ends, a network, calls and limits") {
    const Spec spec = parse_spec(tiny() + "system s \"title\" ends tiny A, subject B network 3 loses at most 2 "
                                          "reorders\n calls A { close } B { } limit retries = 1",
                                 "t");
    const SystemDecl& system = *spec.system("s");
    CHECK(system.title == "title");
    CHECK(system.profile[0] == "tiny");
    CHECK(system.profile[1] == "subject");
    CHECK(system.network.capacity == 3);
    CHECK(system.network.loses);
    CHECK(system.network.loss_budget == 2);
    CHECK_FALSE(system.network.duplicates);
    CHECK(system.network.reorders);
    CHECK(system.calls[0] == std::vector<std::string>{"close"});
    CHECK(system.calls[1].empty());
    CHECK(system.limits.at("retries") == 1);
    CHECK(system.limit_places.size() == 1);
}

TEST_CASE("mistakes in systems") {
    const auto system = [](const std::string& rest) { return mistake(tiny() + "system s ends " + rest); };
    CHECK(system("tny A, subject B network 1") == "unknown profile 'tny' | did you mean 'tiny'?");
    CHECK(system("subject A, subject B network 0") == "the capacity of a network is 1..8");
    CHECK(system("subject A, subject B network 9") == "the capacity of a network is 1..8");
    CHECK(system("subject A, subject B network 1 calls A { clos } B { }") ==
          "no profile handles the call 'clos' | did you mean 'close'?");
    CHECK(system("subject A, subject B network 1 limit retris = 1") ==
          "unknown limit 'retris' | did you mean 'retries'?");
    CHECK(system("subject A, subject B network 1 limit retries = 99") == "limit 'retries' is out of its range 0..15");
}

TEST_CASE("a claim has its kind, its stages and what is expected") {
    const Claim step =
        parsed("step A calls close implies next A in FIN_WAIT_1 expect holds expect violated shortest 7 for tiny");
    CHECK(step.id == "c1");
    CHECK(step.sentence == "a sentence");
    CHECK(step.cites == "W05");
    CHECK(step.kind == Claim::Kind::step);
    REQUIRE(step.stages.size() == 1);
    CHECK(step.stages[0].op == Op::implies);
    CHECK(step.expected_for("tiny").holds == false);
    CHECK(step.expected_for("tiny").shortest == 7);
    CHECK(step.expected_for("other").holds == true);
    const Claim reachable = parsed("reachable A calls close then quiet then B gets [seg.fin]");
    CHECK(reachable.kind == Claim::Kind::reachable);
    CHECK(reachable.stages.size() == 3);
    CHECK(reachable.expected_for("tiny").holds);
    CHECK(parsed("ends A in CLOSED").kind == Claim::Kind::ends);
    CHECK(parsed("recoverable A in CLOSED").kind == Claim::Kind::recoverable);
}

TEST_CASE("a general expectation covers profiles without one of their own") {
    const Claim claim = parsed("invariant quiet expect violated shortest 3");
    CHECK_FALSE(claim.expected_for("anything").holds);
    CHECK(claim.expected_for("anything").shortest == 3);
}

TEST_CASE("a claim may say at which ends implementations do otherwise") {
    const Claim one = parsed("reachable quiet expect holds expect refuted at A expect refuted at B");
    CHECK(one.refuted_at == "AB");
    CHECK(one.expectations.size() == 1);
    CHECK(parsed("reachable quiet").refuted_at.empty());
    CHECK(mistake(claim("reachable quiet expect refuted at C")) == "a trace is refuted at end A or B, not at 'C'");
    CHECK(mistake(claim("reachable quiet expect refuted at A expect refuted at A")) == "end A is named twice");
}

TEST_CASE("ids of claims may have dashes") {
    const Spec spec = parse_spec(tiny() + tiny_system() + "claim W05-one \"s\" on pair invariant quiet", "t");
    CHECK(spec.claims[0].id == "W05-one");
}

TEST_CASE("ends, bound names and what is read at them") {
    const Expr all = parsed("invariant each e, p: e in {FIN_WAIT_1, CLOSED} and not p.closed or B runs rto").stages[0];
    REQUIRE(all.op == Op::each);
    CHECK(all.end == 2);
    const Expr& either = all.args[0];
    REQUIRE(either.op == Op::or_);
    const Expr& in = either.args[0].args[0];
    CHECK(in.op == Op::at_end);
    CHECK(in.end == 2);
    CHECK(in.name == "FIN_WAIT_1,CLOSED");
    CHECK(in.args[0].op == Op::state_in);
    CHECK(in.args[0].states == std::vector<int>{1, 3});
    const Expr& closed = either.args[0].args[1].args[0];
    CHECK(closed.end == 3);
    CHECK(closed.name == "closed");
    CHECK(closed.args[0].op == Op::variable);
    CHECK(closed.args[0].name == "closed");
    const Expr& runs = either.args[1];
    CHECK(runs.end == 1);
    CHECK(runs.args[0].op == Op::running);
    CHECK(runs.args[0].index == 0);
    CHECK(runs.args[0].name == "rto");
}

TEST_CASE("inner quantifiers bind higher numbers") {
    const Expr outer = parsed("invariant each e: (some f, g: f.tries <= g.tries and e.tries <= retries)").stages[0];
    const Expr& inner = outer.args[0];
    REQUIRE(inner.op == Op::some);
    CHECK(inner.end == 4);
    CHECK(inner.args[0].args[0].args[0].end == 4);
    CHECK(inner.args[0].args[0].args[1].end == 5);
    CHECK(inner.args[0].args[1].args[0].end == 2);
    CHECK(inner.args[0].args[1].args[1].op == Op::limit);
}

TEST_CASE("names of a list and values of the next state") {
    const Expr body = parsed("step each e: e.mode == quick implies next e.tries == e.tries + 1").stages[0].args[0];
    CHECK(body.args[0].args[1].op == Op::constant);
    CHECK(body.args[0].args[1].value == 0);
    CHECK(body.args[1].args[0].next);
    CHECK_FALSE(body.args[1].args[1].args[0].next);
}

TEST_CASE("brackets read the segment, the end's variables and its lets") {
    const Expr gets = parsed("step A gets [seg.ack == tries and last and seen]").stages[0];
    CHECK(gets.op == Op::gets);
    REQUIRE(gets.args.size() == 1);
    CHECK(parsed("step A gets").stages[0].args.empty());
    const Expr flight = parsed("invariant not in flight from B [seg.fin and seg.seq <= retries]").stages[0].args[0];
    CHECK(flight.op == Op::in_flight);
    CHECK(flight.end == 1);
    CHECK(mistake(claim("invariant in flight from A [seg.seq == tries]")) ==
          "only 'seg' and fixed values may be read here");
    CHECK(mistake(claim("step lost from A [seg.fin] or doubled from B or A signals acked or A fires acked or A expires "
                        "rto or A sends")) == "none");
}

TEST_CASE("what a call returns is named as some rule returns it, or ok") {
    const std::string returning =
        tiny("on call send rule send_closed \"it\" cites \"3.10.2\" CLOSED { returns pipe }") + tiny_system() +
        "claim c \"s\" on pair ";
    const Expr returns = parse_spec(returning + "step each e: e returns pipe", "t").claims.at(0).stages[0].args[0];
    CHECK(returns.op == Op::returns);
    CHECK(returns.name == "pipe");
    CHECK(returns.end == 2);
    CHECK(mistake(returning + "step A returns ok") == "none");
    CHECK(mistake(returning + "step A returns pip") ==
          "the claim names nothing: unknown result 'pip' | did you mean 'pipe'?");
    CHECK(marked(returning + "step A returns pip") == "pip");
    CHECK(mistake(returning + "step A returns") == "expected a result, found the end of the file");
}

TEST_CASE("segments are counted: exactly, at most, at least so many of those in the bracket") {
    const Expr one = parsed("step A sends exactly one [seg.fin]").stages[0];
    REQUIRE(one.op == Op::eq);
    CHECK(one.args[0].op == Op::sends);
    CHECK(one.args[0].counts);
    CHECK(one.args[0].end == 0);
    CHECK(one.args[0].args.size() == 1);
    CHECK(one.args[1].op == Op::constant);
    CHECK(one.args[1].value == 1);
    const Expr most = parsed("invariant each e: in flight from e at most retries + 1").stages[0].args[0];
    REQUIRE(most.op == Op::le);
    CHECK(most.args[0].op == Op::in_flight);
    CHECK(most.args[0].counts);
    CHECK(most.args[0].end == 2);
    CHECK(most.args[0].args.empty());
    CHECK(most.args[1].op == Op::add);
    CHECK(most.args[1].args[0].op == Op::limit);
    CHECK(parsed("step B sends at least 2 [seg.fin] or quiet").stages[0].args[0].op == Op::ge);
    CHECK_FALSE(parsed("step A sends [seg.fin]").stages[0].counts);
}

TEST_CASE("mistakes in counting segments") {
    CHECK(mistake(claim("step A sends exactly [seg.fin]")) == "expected a number or a value, found '['");
    CHECK(mistake(claim("step A sends at mot 2")).find("found 'mot' | did you mean 'most'?") != std::string::npos);
    CHECK(mistake(claim("step A sends exactly quick")) == "a number is compared with one of a list of names");
    CHECK(marked(claim("step A sends exactly quick")) == "quick");
    CHECK(mistake(claim("step A sends exactly tries")) ==
          "the claim names nothing: unknown limit or value 'tries' | a variable belongs to an end: write 'A.tries'");
    CHECK(mistake(claim("step A gets exactly one [seg.fin]")).find("found 'exactly'") != std::string::npos);
}

TEST_CASE("a claim that names nothing") {
    CHECK(mistake(tiny() + tiny_system() + "claim c \"s\" on par invariant quiet") ==
          "the claim names nothing: unknown system 'par' | did you mean 'pair'?");
    CHECK(mistake(claim("invariant A in TIME_WAIT")) == "unknown state 'TIME_WAIT'");
    CHECK(mistake(claim("invariant A.tris == 1")) ==
          "the claim names nothing: profile 'tiny' has no variable 'tris' | did you mean 'tries'?");
    CHECK(mistake(claim("invariant A runs rt0")) == "unknown timer 'rt0' | did you mean 'rto'?");
    CHECK(mistake(claim("step A fires agai")) ==
          "the claim names nothing: unknown rule 'agai' | did you mean 'again'?");
    CHECK(mistake(claim("step A calls clse")) ==
          "the claim names nothing: unknown call 'clse' | did you mean 'close'?");
    CHECK(mistake(claim("step A expires rt0")) == "the claim names nothing: unknown timer 'rt0' | did you mean 'rto'?");
    CHECK(mistake(claim("step A signals aked")) ==
          "the claim names nothing: unknown signal 'aked' | did you mean 'acked'?");
    CHECK(mistake(claim("invariant C in CLOSED")) == "unknown end 'C'");
    CHECK(mistake(claim("invariant tries == 1")) ==
          "the claim names nothing: unknown limit or value 'tries' | a variable belongs to an end: write 'A.tries'");
    CHECK(mistake(claim("invariant quiet expect violated for tinny")) ==
          "unknown profile 'tinny' | did you mean 'tiny'?");
}

TEST_CASE("a rule that the subject dropped is still a name") {
    const std::string text = tiny() + "profile mutant extends tiny { drop rule again }" + tiny_system() +
                             "claim c \"s\" on pair reachable A fires again";
    CHECK(mistake(text) == "none");
}

TEST_CASE("steps and 'next' stand in their kinds of claims") {
    const char* of_steps = "what happens in a step belongs to 'step', 'reachable', 'leads' and 'acyclic' claims";
    CHECK(mistake(claim("invariant A calls close")) == of_steps);
    CHECK(mistake(claim("ends A gets [seg.fin]")) == of_steps);
    CHECK(mistake(claim("invariant A returns ok")) == of_steps);
    CHECK(mistake(claim("invariant A sends at most 2")) == of_steps);
    const char* next = "'next' belongs to 'step' and 'acyclic' claims and to the first part of 'leads'";
    CHECK(mistake(claim("reachable next A in CLOSED")) == next);
    CHECK(mistake(claim("invariant next A in CLOSED")) == next);
}

TEST_CASE("claims are typed like rules") {
    CHECK(mistake(claim("invariant A.tries")).find("this place needs a condition; this is a number") == 0);
    CHECK(mistake(claim("invariant each e: e.tries")) == "a condition is expected here");
    CHECK(mistake(claim("invariant A.mode == 1")) == "one of a list of names is compared with a number");
    CHECK(mistake(claim("invariant each e: some e: quiet")) == "'e' already names an end");
    CHECK(mistake(tiny() + tiny_system() + "claim c on pair invariant quiet").find("claim 'c' has no sentence") == 0);
    CHECK(mistake(claim("invariant quiet expect holds expect violated")) == "a second expectation");
}

TEST_CASE("where the ends differ, both must know the names") {
    const std::string two =
        tiny() + "profile other extends tiny { var extra : flag }\nsystem s ends other A, tiny B network 1\n";
    CHECK(mistake(two + "claim c \"s\" on s invariant A.extra") == "none");
    CHECK(mistake(two + "claim c \"s\" on s invariant B.extra").find("profile 'tiny' has no variable 'extra'") !=
          std::string::npos);
    CHECK(
        mistake(two + "claim c \"s\" on s invariant each e: e.extra").find("profile 'tiny' has no variable 'extra'") !=
        std::string::npos);
}
