// The exchange that tells two endpoints apart is the shortest one, and a reader can follow it.
#include "checker/compare/distinguish.h"

#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/checker/small_profiles.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

using Verdict = Comparison::Verdict;

// A spec and the comparison of two of its profiles.
struct Compared {
    Spec spec;
    Comparison result;
    Compared(const std::string& text, const std::string& a, const std::string& b, const CompareOptions& options = {})
        : spec(parse_spec(text, "small.spec")) {
        const Profile &of_a = *spec.profile(a), &of_b = *spec.profile(b);
        result = compare(of_a, limits_of(of_a), of_b, limits_of(of_b), options);
    }
    const Distinction& distinction() const {
        REQUIRE(result.distinction.has_value());
        return *result.distinction;
    }
    // "close -> FIN seq=0 ...", the last one without an answer.
    std::vector<std::string> exchange() const {
        std::vector<std::string> lines;
        for (const Distinction::Step& step : distinction().steps) {
            lines.push_back(to_string(result.alphabet->inputs[step.input], {}) + " -> " +
                            to_string((*result.observations)[step.observation], {}));
        }
        lines.push_back(to_string(result.alphabet->inputs[distinction().input], {}));
        return lines;
    }
    // What a side may do at the end, each with its rules.
    std::vector<std::string> answers(int side) const {
        std::vector<std::string> lines;
        for (const Response& answer : distinction().answers[side]) {
            std::string line = to_string((*result.observations)[answer.observation], {}) + " by";
            for (const std::string& rule : answer.rules) line += " " + rule;
            lines.push_back(line);
        }
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the same behaviour in two encodings has no exchange") {
    const Compared compared(by_states + by_flags, "by_states", "by_flags");
    CHECK(compared.result.verdict == Verdict::bisimilar);
    CHECK_FALSE(compared.result.distinction.has_value());
}

TEST_CASE("a rule that is missing shows with the second FIN") {
    const Compared compared(by_states + deaf, "by_states", "deaf");
    CHECK(compared.result.verdict == Verdict::different);
    CHECK(compared.exchange() == Lines{"FIN,ACK seq=0 ack=0 -> ACK seq=0 ack=1, signal eof", "FIN,ACK seq=0 ack=0"});
    CHECK(compared.answers(0) == Lines{"ACK seq=0 ack=1 by fin_again"});
    CHECK(compared.answers(1) == Lines{"nothing by"});
    CHECK(compared.distinction().states[0] == Lines{"CLOSE_WAIT"});
}

TEST_CASE("other differences are listed once for each state and kind of input") {
    const Compared compared(by_states + deaf, "by_states", "deaf");
    // A FIN in CLOSE-WAIT and in LAST-ACK; one of these is the exchange. What else the segment has, no rule reads.
    CHECK(compared.result.further.size() == 2 - 1);
    CHECK(compared.result.all_pairs);
    for (const Distinction& found : compared.result.further) CHECK(found.steps.size() >= 1);
}

TEST_CASE("a difference that three inputs show") {
    const Compared compared(three_calls("ends_ok", "ok") + three_calls("ends_pipe", "pipe"), "ends_ok", "ends_pipe");
    CHECK(compared.exchange() == Lines{"send -> nothing", "recv -> nothing", "close"});
    CHECK(compared.answers(0) == Lines{"nothing by close"});
    CHECK(compared.answers(1) == Lines{"returns pipe by close"});
}

TEST_CASE("a choice shows as an answer that only one side has") {
    const Compared compared(by_states + lazy, "by_states", "lazy");
    CHECK(compared.exchange() == Lines{"FIN,ACK seq=0 ack=0"});
    CHECK(compared.answers(0) == Lines{"ACK seq=0 ack=1, signal eof by fin"});
    CHECK(compared.answers(1).size() == 2);
    // The run of the side with more answers is one that the other side does not have.
    const LtsEdge& last = compared.distinction().run[1].edges.back();
    CHECK(compared.result.lts[1]->rules(last) == Lines{"fin_silent"});
}

TEST_CASE("a call that one side does not offer has no answer and no edge") {
    const Compared compared(open_choice + "profile mute extends open_choice \"\" { drop call recv }", "open_choice",
                            "mute");
    CHECK(compared.exchange() == Lines{"send -> nothing", "recv"});
    CHECK(compared.answers(1).empty());
    CHECK(compared.distinction().run[0].edges.size() == 2);
    CHECK(compared.distinction().run[1].edges.size() == 1);
}

TEST_CASE("a difference in choices only says who binds itself") {
    const Compared compared(open_choice + early_choice, "open_choice", "early_choice");
    CHECK(compared.result.verdict == Verdict::different);
    CHECK(compared.result.all_pairs);  // no exchange of one is missing in the other
    CHECK(compared.distinction().branching);
    CHECK(compared.exchange().size() == 2);
    CHECK(compared.exchange().front() == "send -> nothing");
    CHECK(compared.answers(0).size() + compared.answers(1).size() == 1);
}

// A choice that nobody sees must be followed on all its ways before an answer is called impossible.
TEST_CASE("a hidden choice is no difference of exchanges") {
    const std::string specs = R"(
profile late { states ESTABLISHED initial, CLOSE_WAIT, CLOSED
  on call send rule send "x" cites "1" ESTABLISHED -> CLOSE_WAIT
  on call recv
    rule recv "x" cites "1" CLOSE_WAIT -> CLOSED
    may rule recv_end "x" cites "1" CLOSE_WAIT -> CLOSED { returns eof }
}
profile early { states ESTABLISHED initial, CLOSE_WAIT, LAST_ACK, CLOSED
  on call send
    rule send "x" cites "1" ESTABLISHED -> CLOSE_WAIT
    may rule send_last "x" cites "1" ESTABLISHED -> LAST_ACK
  on call recv
    rule recv "x" cites "1" CLOSE_WAIT -> CLOSED
    rule recv_end "x" cites "1" LAST_ACK -> CLOSED { returns eof }
}
)";
    const Compared compared(specs, "late", "early");
    CHECK(compared.distinction().branching);
    CHECK(compared.result.further.empty());
}

TEST_CASE("control states are not observable unless they are asked for") {
    const std::string specs = "profile here { states ESTABLISHED initial, CLOSED "
                              "on call close rule close \"x\" cites \"1\" ESTABLISHED -> CLOSED }\n"
                              "profile there { states ESTABLISHED initial, LISTEN "
                              "on call close rule close \"x\" cites \"1\" ESTABLISHED -> LISTEN }";
    CHECK(Compared(specs, "here", "there").result.verdict == Verdict::bisimilar);
    CompareOptions options;
    options.states_observable = true;
    const Compared compared(specs, "here", "there", options);
    CHECK(compared.answers(0) == Lines{"nothing (CLOSED) by close"});
    CHECK(compared.answers(1) == Lines{"nothing (LISTEN) by close"});
}

TEST_CASE("an input by which one side leaves its ranges is told and not compared") {
    const Compared compared(counters, "guarded", "unguarded");
    CHECK(compared.result.verdict == Verdict::same_inside);
    CHECK(compared.result.out_of_ranges.count > 0);
    CHECK(compared.result.out_of_ranges.side == 1);
    CHECK(compared.result.out_of_ranges.why.find("count") != std::string::npos);
}

TEST_CASE("a side that is too large leaves the comparison undecided") {
    CompareOptions options;
    options.max_states = 3;
    CHECK(Compared(by_states, "by_states", "by_states", options).result.verdict == Verdict::undecided);
}

TEST_CASE("a timer under another name is the same where its rules are; how long it runs is behaviour") {
    const std::string specs = R"(
profile quick { states ESTABLISHED initial, FIN_WAIT_1 limit retries = 2 in 0..5
  timer rto = 200 ms
  setting sysctl = 5
  on call close rule close "x" cites "1" ESTABLISHED -> FIN_WAIT_1 { start rto }
  on timer rto rule again "x" cites "1" FIN_WAIT_1 { start rto; signal timeout }
}
profile slow { states ESTABLISHED initial, FIN_WAIT_1 limit retries = 3 in 0..5
  timer rexmt = 1 s to 1.5 s
  on call close rule close "x" cites "1" ESTABLISHED -> FIN_WAIT_1 { start rexmt }
  on timer rexmt rule again "x" cites "1" FIN_WAIT_1 { start rexmt; signal timeout }
}
)";
    const Compared compared(specs, "quick", "slow");
    CHECK(compared.result.alphabet->timer_of_b == std::map<std::string, std::string>{{"rexmt", "rto"}});
    CHECK(compared.exchange() == Lines{"close -> nothing", "timer rto"});
    CHECK(compared.answers(0) == Lines{"signal timeout after 200 ms by again"});
    CHECK(compared.answers(1) == Lines{"signal timeout after 1 s to 1500 ms by again"});
    const auto found = declared_differences(compared.spec.profiles[0], compared.spec.profiles[1]);
    Lines lines;
    for (const DeclaredDifference& one : found)
        lines.push_back(one.kind + " " + one.name + ": " + one.of_a + " | " + one.of_b);
    CHECK(lines == Lines{"timer rto: 200 ms | ", "timer rexmt:  | 1 s to 1500 ms",
                         "limit retries: 2 in 0..5 | 3 in 0..5", "setting sysctl: 5 | "});
}

namespace {

// An endpoint that waits after CLOSE, and is told when the wait is over; `more` says what a FIN does meanwhile, `timer`
// how long it waits.
std::string waiting(const std::string& name, const std::string& more, const std::string& timer = "3 s",
                    const std::string& end = "signal timeout") {
    return "profile " + name + " { states ESTABLISHED initial, TIME_WAIT, CLOSED timer wait = " + timer +
           "\n on call close rule close \"x\" cites \"1\" ESTABLISHED -> TIME_WAIT { start wait }"
           "\n on timer wait rule over \"x\" cites \"1\" TIME_WAIT -> CLOSED { " +
           end +
           " }"
           "\n on segment step one rule fin \"x\" cites \"1\" TIME_WAIT [seg.fin] { " +
           more + " }\n}\n";
}

}  // namespace

TEST_CASE("a running timer that is started again is a difference in time") {
    const Compared compared(waiting("restarts", "start wait") + waiting("runs_on", ""), "restarts", "runs_on");
    CHECK(compared.result.verdict == Verdict::different);
    CHECK(compared.distinction().in_time);
    CHECK(compared.exchange() == Lines{"close -> nothing", "FIN,ACK seq=0 ack=0 -> nothing", "timer wait"});
    CHECK(compared.distinction().started_after[0] == 2);
    CHECK(compared.distinction().started_after[1] == 1);
}

TEST_CASE("a timer started again is no difference where it takes no time or nobody can see its end") {
    CHECK(Compared(waiting("a", "start wait", "0 s") + waiting("b", "", "0 s"), "a", "b").result.verdict ==
          Verdict::bisimilar);
    // TIME-WAIT and CLOSED are told apart by nothing: CLOSE is not possible in either, and the FIN has no answer.
    CHECK(Compared(waiting("a", "start wait", "3 s", "") + waiting("b", "", "3 s", ""), "a", "b").result.verdict ==
          Verdict::bisimilar);
    // Where the wait matters, it is one.
    const std::string send = "on call send rule send \"x\" cites \"1\" TIME_WAIT { returns pipe }";
    CHECK(Compared(waiting("a", "start wait", "3 s", "") + waiting("b", "", "3 s", "") + "profile c extends a { " +
                       send + " }\nprofile d extends b { " + send + " }\n",
                   "c", "d")
              .result.verdict == Verdict::different);
}

TEST_CASE("a limit that differs is behaviour where somebody sees it") {
    const auto limited = [](const std::string& name, int tries) {
        return "profile " + name + " { states ESTABLISHED initial, CLOSED limit most = " + std::to_string(tries) +
               " in 0..9 var n : 0..most on call send rule more \"x\" cites \"1\" ESTABLISHED [n < most] { n += 1 } "
               "}\n";
    };
    const Compared compared(limited("two", 2) + limited("three", 3), "two", "three");
    CHECK(compared.exchange() == Lines{"send -> nothing", "send -> nothing", "send"});
    CHECK(compared.answers(0).empty());
}

TEST_CASE("a longest interval that differs shows once the timer was doubled up to it, and not before") {
    const auto backing_off = [](const std::string& name, const std::string& cap, int tries) {
        return "profile " + name + " { states ESTABLISHED initial, CLOSED limit most = " + std::to_string(tries) +
               " in 0..9 var n : 0..most timer rto = 1 s doubling to " + cap +
               " on call close rule close \"x\" cites \"1\" ESTABLISHED [n == 0 and not running rto] { start rto }"
               " on timer rto rule again \"x\" cites \"1\" ESTABLISHED [n < most] "
               "{ n += 1; start rto; signal timeout } }\n";
    };
    const Compared differ(backing_off("a", "2 s", 3) + backing_off("b", "4 s", 3), "a", "b");
    CHECK(differ.exchange() == Lines{"close -> nothing", "timer rto -> signal timeout after 1 s",
                                     "timer rto -> signal timeout after 2 s", "timer rto"});
    CHECK(Compared(backing_off("a", "2 s", 2) + backing_off("b", "4 s", 2), "a", "b").result.verdict ==
          Verdict::bisimilar);
}

TEST_CASE("segments without flags, with SYN and FIN, and with two units of text are told apart") {
    const auto reacts = [](const std::string& name, const std::string& guard) {
        return "profile " + name +
               " { states ESTABLISHED initial segment ACK { seq 0; ack 0 } on segment step one "
               "rule got \"x\" cites \"1\" ESTABLISHED [" +
               guard + "] { send ACK } }\n";
    };
    const std::string never = "seg.fin and not seg.fin";
    const auto exchange = [&](const std::string& a, const std::string& b) {
        return Compared(reacts("a", a) + reacts("b", b), "a", "b").exchange();
    };
    CHECK(exchange("not seg.has_ack and not seg.fin and not seg.syn and not seg.rst", never) == Lines{"EMPTY seq=0"});
    CHECK(exchange("seg.syn and seg.fin and not seg.has_ack", never) == Lines{"SYN,FIN seq=0"});
    CHECK(exchange("seg.len >= 2", "seg.len >= 3") == Lines{"DATA,ACK seq=0 ack=0 len=2"});
    CHECK(exchange("seg.fin and seg.rst", never) == Lines{"RST,FIN seq=0"});
}

TEST_CASE("a call that leaves its ranges hides no difference in another call") {
    const std::string specs =
        "profile a { states ESTABLISHED initial var n : 0..1 "
        "on call send rule send \"x\" cites \"1\" ESTABLISHED { n += 2 } "
        "on call close rule close \"x\" cites \"1\" ESTABLISHED { returns pipe } }\n"
        "profile b extends a { replace rule close \"x\" cites \"1\" ESTABLISHED -> ESTABLISHED }\n";
    CHECK(Compared(specs, "a", "b").exchange() == Lines{"close"});
}

TEST_CASE("a comparison that is stopped says so") {
    CompareOptions options;
    options.stop = [] { return true; };
    const Compared compared(by_states + deaf, "by_states", "deaf", options);
    CHECK(compared.result.interrupted);
    CHECK(compared.result.verdict == Verdict::undecided);
}

TEST_CASE("the same comparison gives the same exchange") {
    const Compared one(by_states + deaf, "by_states", "deaf"), two(by_states + deaf, "by_states", "deaf");
    CHECK(one.exchange() == two.exchange());
    CHECK(one.result.further.size() == two.result.further.size());
}
