// The exchange that tells two endpoints apart is the shortest one, and a reader can follow it.
#include "checker/distinguish.h"

#include <doctest/doctest.h>

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
            lines.push_back(to_string(result.alphabet->inputs[step.input]) + " -> " +
                            to_string((*result.observations)[step.observation]));
        }
        lines.push_back(to_string(result.alphabet->inputs[distinction().input]));
        return lines;
    }
    // What a side may do at the end, each with its rules.
    std::vector<std::string> answers(int side) const {
        std::vector<std::string> lines;
        for (const Response& answer : distinction().answers[side]) {
            std::string line = to_string((*result.observations)[answer.observation]) + " by";
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
    // A FIN of three kinds (alone, with text, without ACK) in CLOSE-WAIT and in LAST-ACK; one of these is the exchange.
    CHECK(compared.result.further.size() == 2 * 3 - 1);
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

TEST_CASE("durations, limits and settings are declarations, and a timer may have another name") {
    const std::string specs = R"(
profile quick { states ESTABLISHED initial, FIN_WAIT_1 limit retries = 2 in 0..5
  timer rto = 200 ms doubling to 60 s
  setting sysctl = 5
  on call close rule close "x" cites "1" ESTABLISHED -> FIN_WAIT_1 { start rto }
  on timer rto rule again "x" cites "1" FIN_WAIT_1 { start rto }
}
profile slow { states ESTABLISHED initial, FIN_WAIT_1 limit retries = 3 in 0..5
  timer rexmt = 1 s to 1.5 s
  on call close rule close "x" cites "1" ESTABLISHED -> FIN_WAIT_1 { start rexmt }
  on timer rexmt rule again "x" cites "1" FIN_WAIT_1 { start rexmt }
}
)";
    const Compared compared(specs, "quick", "slow");
    CHECK(compared.result.verdict == Verdict::bisimilar);
    CHECK(compared.result.alphabet->timer_of_b == std::map<std::string, std::string>{{"rexmt", "rto"}});
    const auto found = declared_differences(compared.spec.profiles[0], compared.spec.profiles[1]);
    Lines lines;
    for (const DeclaredDifference& one : found)
        lines.push_back(one.kind + " " + one.name + ": " + one.of_a + " | " + one.of_b);
    CHECK(lines == Lines{"timer rto: 200 ms doubling to 60 s | ", "timer rexmt:  | 1 s to 1500 ms",
                         "limit retries: 2 in 0..5 | 3 in 0..5", "setting sysctl: 5 | "});
}

TEST_CASE("the same comparison gives the same exchange") {
    const Compared one(by_states + deaf, "by_states", "deaf"), two(by_states + deaf, "by_states", "deaf");
    CHECK(one.exchange() == two.exchange());
    CHECK(one.result.further.size() == two.result.further.size());
}
