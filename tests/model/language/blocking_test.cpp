// Calls that block: `returns blocked` now, `returns ...` in a later reaction, and no other call meanwhile; and limits
// that only some suites drive.
#include <doctest/doctest.h>

#include "model/plain.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

// Reads on a connection that gets segments. The text is the length of a segment, one unit.
const std::string reader = R"(
profile reader "a read that waits" cites "POSIX.1-2017 recv" {
states ESTABLISHED initial, CLOSED final forgets
var reads : flag
blocked while reads
segment FIN { seq 0; fin }
on call recv_wait
  rule wait "nothing is there" cites "POSIX.1-2017 recv" ESTABLISHED { set reads; returns blocked }
on call close
  rule close "the end" cites "POSIX.1-2017 close" ESTABLISHED -> CLOSED { send FIN }
  rule again "nothing is left" cites "POSIX.1-2017 close" CLOSED { returns not_connected }
on segment
  step all "one"
    rule wake "the read returns" cites "POSIX.1-2017 recv" ESTABLISHED [reads] { clear reads; returns text }
}
)";

std::vector<Reaction> react(const Profile& profile, const EndState& state, Trigger trigger, const std::string& name) {
    return plain_react(profile, limits_of(profile), state, {trigger, name, {}});
}

}  // namespace

TEST_CASE("a call that blocks returns with a later segment, and no call is made meanwhile") {
    const Spec spec = parse_spec(reader, "reader.spec");
    const Profile& profile = spec.profiles[0];
    const EndState first = plain_initial(profile, "");
    const std::vector<Reaction> waits = react(profile, first, Trigger::call, "recv_wait");
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].result == "blocked");
    CHECK(react(profile, waits[0].after, Trigger::call, "recv_wait").empty());
    CHECK(react(profile, waits[0].after, Trigger::call, "close").empty());
    const std::vector<Reaction> woken = react(profile, waits[0].after, Trigger::segment, "");
    REQUIRE(woken.size() == 1);
    CHECK(woken[0].result == "text");
    CHECK(react(profile, woken[0].after, Trigger::call, "close").size() == 1);
    CHECK(react(profile, first, Trigger::segment, "").at(0).result == "ok");  // nobody waits
}

TEST_CASE("a claim sees what the call that waited returns") {
    const std::string claims =
        "system pair ends reader network 1 calls A { recv_wait } B { close }\n"
        "claim woken \"a read is woken\" on pair reachable A returns blocked then A returns text\n"
        "claim never \"nothing returns the end\" on pair step each e: not e returns text\n";
    CHECK(parse_spec(reader + claims, "t").claims.size() == 2);
    CHECK(mistake(reader + claims + "claim no \"no such result\" on pair reachable A returns texts\n") ==
          "the claim names nothing: unknown result 'texts' | did you mean 'text'?");
}

TEST_CASE("a child says anew when a call blocks the others") {
    const std::string child = "profile child extends reader { var waits : flag blocked while waits }\n";
    const Spec spec = parse_spec(reader + child, "t");
    const Profile& profile = *spec.profile("child");
    const std::vector<Reaction> waits = react(profile, plain_initial(profile, ""), Trigger::call, "recv_wait");
    REQUIRE(waits.size() == 1);
    CHECK(react(profile, waits[0].after, Trigger::call, "close").size() == 1);
}

TEST_CASE("what blocks is a condition of the endpoint, said once; what returns has a word of its own") {
    CHECK(
        mistake(tiny("blocked while closed blocked while seen")).find("when a call blocks the others is said twice") !=
        std::string::npos);
    CHECK(mistake(tiny("blocked while seg.fin")) == "there is no segment to read here");
    CHECK(mistake(tiny("on timer rto rule x \"a\" cites \"b\" CLOSED { returns ok }"))
              .find("nobody waits for 'ok' here") == 0);
    CHECK(mistake(tiny("on timer rto rule x \"a\" cites \"b\" CLOSED { returns closed }")) == "none");
}

TEST_CASE("a limit may be driven in some suites only") {
    const Spec spec =
        parse_spec(tiny("limit polls = 0 in 0..1 driven 1 in calls, loss limit all = 0 in 0..1 driven 1"), "t");
    const std::vector<Limit>& limits = spec.profiles[0].limits;
    CHECK(limits[1].driven == 1);
    CHECK(limits[1].driven_in == std::vector<std::string>{"calls", "loss"});
    CHECK(limits[2].driven == 1);
    CHECK(limits[2].driven_in.empty());
}
