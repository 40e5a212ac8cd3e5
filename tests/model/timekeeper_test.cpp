// What a reaction does to each timer, and how long timers run: read off a profile of a few rules.
#include "model/timekeeper.h"

#include <doctest/doctest.h>

#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const Spec& spec() {
    static const Spec known = spec_from(R"(
profile clocks "timers of each kind" cites "RFC 6298 5" {
  states ESTABLISHED initial, FIN_WAIT_1, TIME_WAIT, CLOSED final forgets
  timer rto = 1 s to 2 s doubling to 5 s
  timer wait = 3 s
  timer idle = 10 s while n > 0
  var n : 0..3
  on call send
    rule send "counts" cites "a test" ESTABLISHED [n < 3] { n += 1; if not running rto { start rto } }
  on call recv
    rule recv "starts, stops, starts" cites "a test" ESTABLISHED { start wait; stop wait; start wait }
  on call shutdown_wr
    rule quiet "starts and stops" cites "a test" ESTABLISHED { start wait; stop wait }
  on call close
    rule close "stops" cites "a test" ESTABLISHED -> FIN_WAIT_1 { stop rto; n := 0 }
  on call abort
    rule abort "forgets" cites "a test" any but CLOSED -> CLOSED { start wait }
  on timer rto
    rule again "starts itself" cites "a test" ESTABLISHED { start rto }
  on timer wait
    rule once "does not" cites "a test" ESTABLISHED { n := 0 }
  on timer idle
    rule bored "the condition stays true" cites "a test" ESTABLISHED [n > 1] { n -= 1 }
  on segment
    step all
      rule drop "nothing" cites "a test" any { drop }
})");
    return known;
}

const Profile& clocks() { return spec().profiles.at(0); }

// Plays calls ("send") and expiries ("-rto"), and tells what the last of them did to timers: "rto+ idle+ wait-"; an '*'
// behind a name: started out of its own expiry.
std::string told(const std::vector<std::string>& inputs) {
    const Limits limits;
    EndState state = plain_initial(clocks());
    std::string text;
    for (const std::string& name : inputs) {
        const bool timer = name.front() == '-';
        const Input input{timer ? Trigger::timer : Trigger::call, timer ? name.substr(1) : name, {}};
        const Reaction reaction = plain_react(clocks(), limits, state, input).at(0);
        const TimerChanges changes = timer_changes(clocks(), limits, state, input, reaction);
        text.clear();
        const auto add = [&](int index, const char* what) {
            text += (text.empty() ? "" : " ") + clocks().timers.at(static_cast<std::size_t>(index)).name + what;
        };
        for (const TimerStart& started : changes.started) add(started.timer, started.out_of_expiry ? "*+" : "+");
        for (const int stopped : changes.stopped) add(stopped, "-");
        state = reaction.after;
    }
    return text;
}

}  // namespace

TEST_CASE("a timer that a rule starts runs anew; one that it starts and stops does not run") {
    CHECK(told({"recv"}) == "wait+");
    CHECK(told({"recv", "recv"}) == "wait+");
    CHECK(told({"shutdown_wr"}) == "");
    CHECK(told({"recv", "shutdown_wr"}) == "wait-");
}

TEST_CASE("a timer that expires has stopped, unless its rule starts it again") {
    CHECK(told({"recv", "-wait"}) == "wait-");
    CHECK(told({"send", "-rto"}) == "rto*+");
}

TEST_CASE("a timer that runs and is not touched goes on") {
    CHECK(told({"send"}) == "rto+ idle+");
    CHECK(told({"send", "recv"}) == "wait+");
    CHECK(told({"send", "send"}) == "");  // n changes, and idle's condition stays true: it is not started anew
}

TEST_CASE("a derived timer stops with its condition, and starts anew where its own expiry leaves it true") {
    CHECK(told({"send", "close"}) == "rto- idle-");
    CHECK(told({"send", "send", "-idle"}) == "idle*+");
    CHECK(told({"send", "recv", "-wait"}) == "wait- idle-");
}

TEST_CASE("a state that forgets stops all timers, also those that its own rule has started") {
    CHECK(told({"send", "recv", "abort"}) == "rto- wait- idle-");
}

TEST_CASE("a timer whose end no rule takes stays due") {
    EndState state = plain_initial(clocks());
    state.values.at(0) = 1;
    CHECK_FALSE(takes_expiry(clocks(), {}, state, clocks().timer("idle")));
    state.values.at(0) = 2;
    CHECK(takes_expiry(clocks(), {}, state, clocks().timer("idle")));
    CHECK_FALSE(takes_expiry(clocks(), {}, state, clocks().timer("rto")));  // it does not run
}

// RFC 6298 5.5: the RTO doubles; 2.5: there may be a bound.
TEST_CASE("both ends of a run time double up to the cap, and a timer without a cap never doubles") {
    const TimerDecl& rto = clocks().timers.at(static_cast<std::size_t>(clocks().timer("rto")));
    CHECK(run_time(rto, 0) == RunTime{1'000'000, 2'000'000});
    CHECK(run_time(rto, 1) == RunTime{2'000'000, 4'000'000});
    CHECK(run_time(rto, 2) == RunTime{4'000'000, 5'000'000});
    CHECK(run_time(rto, 3) == RunTime{5'000'000, 5'000'000});
    CHECK(run_time(rto, 100) == RunTime{5'000'000, 5'000'000});
    const TimerDecl& wait = clocks().timers.at(static_cast<std::size_t>(clocks().timer("wait")));
    CHECK(run_time(wait, 5) == RunTime{3'000'000, 3'000'000});
}

TEST_CASE("where an endpoint begins with a condition that holds, its derived timer runs") {
    EndState state = plain_initial(clocks());
    CHECK(timers_at_start(clocks(), {}, state).started.empty());
    state.values.at(0) = 1;
    CHECK(timers_at_start(clocks(), {}, state).started == std::vector<TimerStart>{{clocks().timer("idle"), false}});
}

// Karn: an acknowledgment of what was sent again tells no round-trip time, so the RTO stays what it is (RFC 6298 5.7).
TEST_CASE(
    "a timer begins with as many doublings as its variable says: with `from` at a start by others, with `by` always") {
    const Spec known = spec_from(R"(
profile kept "an RTO that stays doubled" cites "RFC 6298 5.7" {
  states ESTABLISHED initial
  timer rto = 1 s doubling to 60 s from slow
  timer probe = 1 s doubling to 60 s by slow
  var slow : 0..3 = 2
  on call send
    rule send "both run" cites "a test" ESTABLISHED { start rto; start probe }
  on call recv
    rule recv "the variable as it is after the reaction" cites "a test" ESTABLISHED { slow := 1; start rto }
  on timer rto
    rule again "starts itself" cites "a test" ESTABLISHED { start rto }
  on timer probe
    rule probe "starts itself" cites "a test" ESTABLISHED { start probe }
  on segment
    step all
      rule drop "nothing" cites "a test" any { drop }
})");
    const Profile& profile = known.profiles.at(0);
    const int rto = profile.timer("rto"), probe = profile.timer("probe");
    const auto changes = [&](const EndState& before, const Input& input, EndState* after = nullptr) {
        const Reaction reaction = plain_react(profile, {}, before, input).at(0);
        if (after != nullptr) *after = reaction.after;
        return timer_changes(profile, {}, before, input, reaction).started;
    };
    EndState running;
    CHECK(changes(plain_initial(profile), {Trigger::call, "send", {}}, &running) ==
          std::vector<TimerStart>{{rto, false, 2}, {probe, false, 2}});
    CHECK(changes(running, {Trigger::call, "recv", {}}) == std::vector<TimerStart>{{rto, false, 1}});
    CHECK(changes(running, {Trigger::timer, "rto", {}}).at(0).out_of_expiry);
    CHECK(changes(running, {Trigger::timer, "probe", {}}) == std::vector<TimerStart>{{probe, false, 2}});
}

TEST_CASE("an end of a timer that leads beyond a declared range is an end all the same") {
    const Spec known = spec_from(R"(
profile counting "counts to one" cites "a test" {
  states ESTABLISHED initial
  timer rto = 1 s
  var n : 0..1
  on call send
    rule send "runs" cites "a test" ESTABLISHED { n := 1; start rto }
  on timer rto
    rule again "counts" cites "a test" ESTABLISHED { n += 1; start rto }
  on segment
    step all
      rule drop "nothing" cites "a test" any { drop }
})");
    const Profile& profile = known.profiles.at(0);
    const EndState running = plain_react(profile, {}, plain_initial(profile), {Trigger::call, "send", {}}).at(0).after;
    CHECK(takes_expiry(profile, {}, running, profile.timer("rto")));
}
