// Declarations about what surrounds the TCB: where a stream begins, what outlives the TCB, windows, eras and first
// states.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "model/segment.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string child(const std::string& items) { return tiny() + "profile child extends tiny { " + items + " }\n"; }

const Variable& variable(const Profile& profile, const std::string& name) {
    return profile.variables.at(static_cast<std::size_t>(profile.variable(name)));
}

}  // namespace

TEST_CASE("a stream begins at 0, or where the profile or its child says") {
    CHECK(parse_spec(tiny(), "t").profiles[0].stream_from == 0);
    const Spec spec = parse_spec(
        tiny("stream from 1") + "profile same extends tiny { }\nprofile other extends tiny { stream from 2 }", "t");
    CHECK(spec.profile("tiny")->stream_from == 1);
    CHECK(spec.profile("same")->stream_from == 1);
    CHECK(spec.profile("other")->stream_from == 2);
    CHECK(mistake(tiny("stream from 9")) == "a stream starts at one of 0..8");
    CHECK(marked(tiny("stream from 9")) == "9");
    CHECK(mistake(tiny("stream from 1 stream from 1")) == "where the stream starts is said twice");
    CHECK(mistake(tiny("stream 1")).find("expected 'from', found '1'") == 0);
}

TEST_CASE("a kept variable has a type and a first value, and rules read and write it") {
    const Spec spec =
        parse_spec(tiny("kept fds, users : 0..2 = 1 \"of the process\" on call c rule x \"a\" cites \"b\" "
                        "CLOSED [fds > 0] { fds -= 1 }"),
                   "t");
    const Profile& profile = spec.profiles[0];
    CHECK(variable(profile, "users").kept);
    CHECK(variable(profile, "users").initial == 1);
    CHECK(variable(profile, "users").text == "of the process");
    CHECK_FALSE(variable(profile, "users").history);
    CHECK_FALSE(variable(profile, "tries").kept);
    CHECK_FALSE(variable(profile, "seen").kept);
    CHECK(mistake(tiny("kept tries : flag")) ==
          "variable 'tries' is already declared | write 'replace kept tries' to change it");
}

TEST_CASE("a child replaces a variable in its place, also by one of another sort") {
    const Spec spec = parse_spec(child("replace var tries : 0..retries+1 = 1 replace kept closed : flag = true replace "
                                       "history seen : flag = true replace var mode : {quick, slow, late}"),
                                 "t");
    const Profile& profile = *spec.profile("child");
    CHECK(profile.variables.size() == 4);
    CHECK(profile.variable("tries") == 0);
    CHECK(variable(profile, "tries").initial == 1);
    CHECK(variable(profile, "closed").kept);
    CHECK(variable(profile, "closed").initial == 1);
    CHECK(variable(profile, "seen").history);
    CHECK(variable(profile, "seen").initial == 1);
    CHECK(variable(profile, "mode").enumerators.size() == 3);
    CHECK_FALSE(variable(*spec.profile("tiny"), "closed").kept);
    CHECK(mistake(child("replace var tires : 0..1")) ==
          "there is no variable 'tires' to replace | did you mean 'tries'?");
    CHECK(marked(child("replace var tires : 0..1")) == "tires");
    CHECK(mistake(child("var tries : 0..1")) ==
          "variable 'tries' is already declared | write 'replace var tries' to change it");
    // What the parent's rules did with it is checked again.
    CHECK(mistake(child("replace var closed : 0..1")).find("needs a condition; this is a number") != std::string::npos);
}

TEST_CASE("a child drops a step with its rules, and their names are free again") {
    const std::string drop = "on segment drop step fifth step later rule acked \"a\" cites \"b\" CLOSED { }";
    const Spec spec = parse_spec(child(drop), "t");
    const Handler& handler = *spec.profile("child")->handler(Trigger::segment, "segment");
    REQUIRE(handler.steps.size() == 1);
    CHECK(handler.steps[0].name == "later");
    CHECK(parse_spec(child("drop step fifth"), "t")
              .profile("child")
              ->handler(Trigger::segment, "segment")
              ->steps.empty());
    CHECK(mistake(child("drop step fith")) == "there is no step 'fith' to drop | did you mean 'fifth'?");
    CHECK(marked(child("on segment drop step fith")) == "fith");
    CHECK(mistake(child("drop stp fifth"))
              .find("expected 'rule', 'step', 'timer', 'segment', 'effect' or 'call', found 'stp'") == 0);
}

TEST_CASE("a template says whether its window is zero, and in which era it was sent") {
    const Spec spec = parse_spec(tiny("var full : flag segment A { seq 0; zero_window } "
                                      "segment B { zero_window full or tries > 1; ack 0; era tries + 1 }"),
                                 "t");
    const std::vector<SegmentTemplate>& segments = spec.profiles[0].segments;
    CHECK_FALSE(segments[0].zero_window.has_value());
    CHECK_FALSE(segments[0].era.has_value());
    REQUIRE(segments[1].zero_window.has_value());
    CHECK(segments[1].zero_window->op == Op::constant);
    CHECK(segments[1].zero_window->value == 1);
    REQUIRE(segments[2].zero_window.has_value());
    CHECK(segments[2].zero_window->op == Op::or_);
    CHECK(segments[2].era->op == Op::add);
    CHECK(segments[2].ack.has_value());

    CHECK(mistake(tiny("segment A { zero_window; zero_window tries > 1 }")) == "'zero_window' is given twice");
    CHECK(marked(tiny("segment A { zero_window; zero_window tries > 1 }")) == "zero_window");
    CHECK(mistake(tiny("segment A { era 1; era 2 }")) == "'era' is given twice");
    CHECK(mistake(tiny("segment A { zero_window tries }")).find("this place needs a condition; this is a number") == 0);
    CHECK(mistake(tiny("segment A { era closed }")) == "this place needs a number; this is a flag");
    CHECK(mistake(tiny("segment A { era }")) == "'era' needs a value");
    CHECK(mistake(tiny("segment A { zero_window seg.fin }")) == "there is no segment to read here");
    CHECK(mistake(tiny("on call c rule x \"a\" cites \"b\" CLOSED { send FIN with era 1 }"))
              .find("'with' gives 'seq', 'ack' or 'len', not 'era'") == 0);
}

TEST_CASE("rules read the window of a segment, and never its era") {
    const auto guard = [](const std::string& text) {
        return tiny("let born = seg.era on segment step s rule x \"a\" cites \"b\" CLOSED [" + text + "] { }");
    };
    const std::string unseen = "the era is not on the wire: only claims may read it";
    CHECK(mistake(guard("seg.zero_window and not (seg.zero_window == true)")) == "none");
    CHECK(mistake(guard("seg.zero_window == 2")).find("a flag is compared with a number") == 0);
    CHECK(mistake(guard("seg.era == 1")) == unseen);
    CHECK(marked(guard("seg.era == 1")) == "seg.era");
    CHECK(mistake(guard("born == 1")) == unseen);
    CHECK(marked(guard("born == 1")) == "born");
    CHECK(mistake(tiny("on segment step s rule x \"a\" cites \"b\" CLOSED { tries := seg.era }")) == unseen);
    CHECK(mistake(guard("seg.erra == 1")) == "a segment has no field 'erra' | did you mean 'era'?");
}

TEST_CASE("claims read both") {
    const auto claim = [](const std::string& body) {
        return tiny("let born = seg.era") + tiny_system() + "claim c \"s\" on pair " + body;
    };
    for (const char* body :
         {"step A gets [seg.era == 1 and seg.zero_window]", "step A sends [born == 1]",
          "invariant not in flight from A [seg.era > 0]", "reachable lost from B [seg.era == retries]"}) {
        CAPTURE(body);
        CHECK(mistake(claim(body)) == "none");
    }
    CHECK(mistake(claim("step A gets [seg.era]")) == "a condition is expected here");
}

TEST_CASE("a segment for people tells a window of zero and a later era") {
    Segment segment;
    segment.has_ack = segment.zero_window = true;
    segment.ack = 1;
    CHECK(to_string(segment, {}) == "ACK seq=0 ack=1 wnd=0");
    segment.era = 2;
    CHECK(to_string(segment, {}) == "ACK seq=0 ack=1 wnd=0 era=2");
    CHECK(flags_of(segment, {}) == "ACK");
}

TEST_CASE("a system may say in which states its ends begin") {
    const auto system = [](const std::string& starts) {
        return tiny() + "system s ends subject A, tiny B network 1 calls A { close } B { } " + starts;
    };
    const Spec both = parse_spec(system("starts A in CLOSED, B in FIN_WAIT_1 limit retries = 1"), "t");
    CHECK(both.system("s")->start[0] == "CLOSED");
    CHECK(both.system("s")->start[1] == "FIN_WAIT_1");
    CHECK(both.system("s")->limits.at("retries") == 1);
    const Spec one = parse_spec(system("starts B in CLOSED"), "t");
    CHECK(one.system("s")->start[0].empty());
    CHECK(one.system("s")->start[1] == "CLOSED");
    const std::string early = "system s ends tiny A, tiny B starts A in CLOSED network 1 starts B in CLOSED";
    CHECK(parse_spec(tiny() + early, "t").system("s")->start[0] == "CLOSED");
    CHECK(parse_spec(tiny() + early, "t").system("s")->start[1] == "CLOSED");
    CHECK(mistake(system("starts A in LISTEN")) == "profile 'tiny' has no state 'LISTEN'");
    CHECK(marked(system("starts B in CLOSED, A in LISTEN")) == "LISTEN");
    CHECK(mistake(system("starts A in CLOSD")) == "profile 'tiny' has no state 'CLOSD' | did you mean 'CLOSED'?");
    CHECK(mistake(system("starts A in CLOSED, A in CLOSED")) == "where A starts is said twice");
    CHECK(mistake(system("starts C in CLOSED")).find("expected 'A' or 'B', found 'C'") == 0);
    CHECK(mistake(system("starts A CLOSED")).find("expected 'in'") == 0);
}

TEST_CASE("where an end is the subject, it is the subject that must have the state") {
    const std::string pair = "system s ends subject A, tiny B network 1 starts A in LISTEN\n";
    const std::string listener = "profile listener extends tiny { states LISTEN }\n";
    CHECK(mistake(tiny() + listener + pair) == "none");
    CHECK(mistake(listener + tiny() + pair) == "profile 'tiny' has no state 'LISTEN'");
}

TEST_CASE("names of profiles may have dashes, wherever a profile is named") {
    const Spec spec = parse_spec(tiny() + "profile tiny-2.b extends tiny { }\nprofile c extends tiny-2.b { }\n"
                                          "system s ends tiny-2.b A, subject B network 1 starts A in CLOSED\n"
                                          "claim k \"s\" on s invariant quiet expect violated for tiny-2.b, c",
                                 "t");
    CHECK(spec.profiles[1].name == "tiny-2.b");
    CHECK(spec.profile("c")->parent == "tiny-2.b");
    CHECK(spec.system("s")->name == "s");
    CHECK(spec.system("s")->profile[0] == "tiny-2.b");
    CHECK(spec.system("s")->profile[1] == "subject");
    CHECK_FALSE(spec.claims[0].expected_for("tiny-2.b").holds);
}
