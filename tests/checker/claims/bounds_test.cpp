// Where bounds of the model or of our tables are near: an answer that is not decided must not be given.
#include <doctest/doctest.h>

#include <string>

#include "checker/claims/check.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

CheckReport checked(const Spec& spec) { return check(spec, {}); }

// Both ends close, a FIN is answered by an ACK, an ACK ends it. Nothing is sent again.
const std::string both_close = R"(
profile short "closing without retransmission" cites "none" {
  states ESTABLISHED initial, CLOSING, CLOSED final
  var snd_nxt : 0..1
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq snd_nxt; ack 1 }
  on call close
    rule close "close" cites "none"
      ESTABLISHED -> CLOSING { send FIN; snd_nxt := 1 }
  on segment
    step only "take it"
      rule fin "a FIN is acknowledged" cites "none"
        ESTABLISHED, CLOSING, CLOSED [seg.fin] { send ACK }
      rule acked "an ACK ends it" cites "none"
        CLOSING [not seg.fin] -> CLOSED
}
)";

std::string system_and_claims(const std::string& network) {
    return "system s \"s\" ends short A, short B network " + network + R"( calls A { close } B { close }
claim over "both are closed in the end" cites "none" on s
  ends A in CLOSED and B in CLOSED
claim back "both can still be closed" cites "none" on s
  recoverable A in CLOSED and B in CLOSED
)";
}

// `1 - (x - (1 - (x ...`, so deep.
std::string deep(const std::string& leaf, int depth) {
    std::string text = leaf;
    for (int i = 0; i < depth; ++i) text = "1 - (" + text + ")";
    return text;
}

}  // namespace

TEST_CASE("A state whose only steps were cut is no end, and nothing is lost for good there") {
    const Spec wide = spec_from(both_close + system_and_claims("3 reorders"));
    for (const CheckResult& result : checked(wide).claims) CHECK(result.answer == Answer::holds);
    // With room for one segment each way, both FINs fill the network: neither ACK finds room. What the ends would do
    // next was not explored, so it is not known.
    const Spec narrow = spec_from(both_close + system_and_claims("1 reorders"));
    for (const CheckResult& result : checked(narrow).claims) {
        CAPTURE(result.claim->id);
        CHECK(result.coverage.cuts > 0);
        CHECK(result.answer != Answer::violated);
        CHECK(result.note.find("cut") != std::string::npos);
    }
}

TEST_CASE("`ends` is violated by a real end although steps elsewhere were cut; a trace to a state whose step was cut "
          "shows nothing") {
    const Spec spec = spec_from(R"(profile two "for tests" cites "none" {
states ESTABLISHED initial, CLOSING, CLOSED final
segment ACK { seq 0; ack 0 }
on call both rule both "no room for the second one" cites "none" ESTABLISHED -> CLOSED { send ACK; send ACK }
on call leave rule leave "nothing is sent" cites "none" ESTABLISHED -> CLOSING
}
system s "" ends two A, two B network 1 calls A { both leave } B { }
claim over "it" cites "none" on s ends A in CLOSED
)");
    const CheckResult result = checked(spec).claims.at(0);
    CHECK(result.coverage.cuts == 1);
    CHECK(result.answer == Answer::violated);
    CHECK(result.trace->steps.size() == 1);
    const PlainSystem plain(spec, spec.systems[0]);
    CHECK(judge(plain, spec.claims[0], *result.trace) == "");
    CHECK(judge(plain, spec.claims[0], {"s", plain.initial(), {}}) != "");
}

TEST_CASE("A state that steps only lead back to is an end for `ends`, and none for runs, which go on there for ever") {
    const std::string idler = R"(profile idler "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
on call close rule close "it" cites "none" ESTABLISHED -> CLOSED
on call send rule send "does nothing, again and again" cites "none" CLOSED { returns pipe }
}
system s "" ends idler A, idler B network 1 calls A { close send } B { }
)";
    const Spec spec = spec_from(idler + "claim over \"it\" cites \"none\" on s ends A in ESTABLISHED\n" +
                                "claim runs \"it\" cites \"none\" on s eventually A in ESTABLISHED and A in CLOSED\n");
    const CheckReport report = checked(spec);
    CHECK(report.claims[0].answer == Answer::violated);
    CHECK(report.claims[0].trace->steps.size() == 1);
    CHECK(report.claims[1].answer == Answer::violated);
    CHECK(report.claims[1].trace->loop_from == 1);  // a lasso of the call that does nothing
}

TEST_CASE("A reaction with more outcomes than 16 bits can count loses none of them" * doctest::test_suite("slow")) {
    std::string vars, steps;
    for (int i = 0; i < 16; ++i) {
        const std::string n = std::to_string(i);
        vars += "  var f" + n + " : flag\n";
        steps += "    step s" + n + " \"s\" may rule r" + n + " \"r\" cites \"none\" ESTABLISHED { set f" + n + " }\n";
    }
    const Spec spec =
        spec_from("profile many \"m\" cites \"none\" {\n  states ESTABLISHED initial, CLOSING\n" + vars +
                  "  segment FIN { seq 0; fin }\n  on call close\n    rule close \"c\" cites \"none\" "
                  "ESTABLISHED -> CLOSING { send FIN }\n  on segment\n" +
                  steps + "}\n" +
                  "system s \"s\" ends many A, many B network 1 calls A { close } B { }\n"
                  "claim all \"all choices are taken\" cites \"none\" on s\n  reachable B.f0 and B.f15\n");
    CHECK(checked(spec).claims[0].answer == Answer::holds);
}

TEST_CASE("An expression as deep as the language allows is evaluated") {
    const Spec spec =
        spec_from("profile d \"d\" cites \"none\" {\n  states ESTABLISHED initial, CLOSED final\n  var v : 0..1\n"
                  "  let one = " +
                  deep("v", 48) + "\n  let two = " + deep("one", 48) + "\n  let three = " + deep("two", 48) +
                  "\n  on call close\n    rule c \"c\" cites \"none\"\n"
                  "      ESTABLISHED [three == 0] -> CLOSED { }\n}\n"
                  "system s \"s\" ends d A, d B network 1 calls A { close } B { }\n"
                  "claim c \"it closes\" cites \"none\" on s\n  reachable A in CLOSED\n");
    // 144 times 1 - x is x, and v is 0.
    CHECK(checked(spec).claims[0].answer == Answer::holds);
}

TEST_CASE("A limit that the ends have differently cannot be named without an end") {
    const std::string two = R"(
profile one "1" cites "none" {
  states ESTABLISHED initial
  limit most = 2 in 0..3
  var n : 0..most
  on call send
    rule up "up" cites "none" ESTABLISHED [n < most] { n += 1 }
}
profile two extends one "2" cites "none" { replace limit most = 1 in 0..3  limit other = 1 in 0..1 }
system s "s" ends one A, two B network 1 calls A { send } B { send }
)";
    const auto with = [&](const std::string& body) {
        return two + "claim c \"c\" cites \"none\" on s\n  " + body + "\n";
    };
    CHECK_THROWS_AS(spec_from(with("invariant B.n <= most")), SpecError);
    CHECK(checked(spec_from(with("invariant B.n <= other"))).claims[0].answer == Answer::holds);  // only B has it
}

TEST_CASE("Budgets and stages that are counted in a byte are bounded") {
    CHECK_THROWS_AS(spec_from(both_close + system_and_claims("1 loses at most 251")), SpecError);
    CHECK_NOTHROW(spec_from(both_close + system_and_claims("1 loses at most 250")));
    std::string stages = "claim many \"m\" cites \"none\" on s\n  reachable A in CLOSING";
    for (int i = 0; i < 250; ++i) stages += " then A in CLOSING";
    CHECK_THROWS_AS(spec_from(both_close + system_and_claims("1") + stages), SpecError);
}
