// Settings: what follows from their values, who may give them, and what cannot be.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "model/settings.h"
#include "model/system.h"
#include "tests/model/language/language_text.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::test;

namespace {

// The value of the limit x = `formula` where the setting n has this value.
int limit_of(const std::string& formula, int n) {
    const std::string more = "setting n = " + std::to_string(n) + " limit x = " + formula + " in 0..100000";
    return *parse_spec(tiny(more), "t").profiles[0].fixed_value("x");
}

std::string refusal(const std::string& text, const std::vector<std::string>& settings = {}) {
    try {
        (void)parse_spec(text, "t.spec", "", settings);
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no refusal";
}

const TimerDecl& timer_named(const Profile& profile, const std::string& name) {
    return profile.timers.at(static_cast<std::size_t>(profile.timer(name)));
}

// Two tiny ends, and what the system says more.
std::string with_system(const std::string& declarations, const std::string& more) {
    return tiny(declarations) + "\nsystem both ends tiny A, tiny B network 1 loses calls A { close } B { } " + more +
           "\nclaim C \"c\" on both invariant true expect holds\n";
}

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a limit may be computed of a setting") {
    CHECK(limit_of("if n == 0 then 9 else n + 1", 0) == 9);
    CHECK(limit_of("if n == 0 then 9 else n + 1", 3) == 4);
    CHECK(limit_of("2^(n + 1) - 1", 8) == 511);
    CHECK(limit_of("2 + 3 * n", 4) == 14);  // the product first
    CHECK(limit_of("2 * 3 ^ 2", 0) == 18);  // the power before it
    CHECK(limit_of("10 - 3 - 2", 0) == 5);  // from the left
    CHECK(limit_of("n / 4", 11) == 2);
    CHECK(limit_of("min(n, 7, 12)", 9) == 7);
    CHECK(limit_of("max(n, 7)", 9) == 9);
    CHECK(limit_of("if n > 2 and n < 5 or n == 8 then 1 else 0", 4) == 1);
    CHECK(limit_of("if n > 2 and n < 5 or n == 8 then 1 else 0", 6) == 0);
    CHECK(limit_of("if n > 2 and n < 5 or n == 8 then 1 else 0", 8) == 1);
    CHECK(limit_of("(if n == 0 then 1 else 2) * 10", 0) == 10);
    CHECK(limit_of("if n == 0 then 5 else 10 / n", 0) == 5);  // the other side is not looked at
}

TEST_CASE("a limit may be computed of other limits, wherever they stand") {
    const Spec spec = parse_spec(tiny("limit a = b + 1 in 0..9 limit b = n * 2 in 0..9 setting n = 3"), "t");
    CHECK(spec.profiles[0].fixed_value("a") == 7);
}

TEST_CASE("a timer may be computed of a setting, in any unit") {
    const Spec spec = parse_spec(tiny("setting wait = 5 timer w = wait s to wait * 1125 + 200 ms"), "t");
    CHECK(timer_named(spec.profiles[0], "w").earliest_us == 5'000'000);
    CHECK(timer_named(spec.profiles[0], "w").latest_us == 5'825'000);
}

TEST_CASE("a rule's guard and a variable's range read a setting as they read a limit") {
    const Spec spec =
        parse_spec(tiny("setting deaf = 1 in 0..1 setting most = 4 var heard : 0..most "
                        "on call listen rule listens \"l\" cites \"c\" ESTABLISHED [deaf == 0] -> CLOSED"),
                   "t");
    const Profile& profile = spec.profiles[0];
    Input listen{Trigger::call, "listen", {}};
    CHECK(plain_react(profile, limits_of(profile), plain_initial(profile), listen).empty());
    CHECK(plain_react(profile, limits_of(profile, {{"deaf", 0}}), plain_initial(profile), listen).size() == 1);
    CHECK(plain_value(profile, limits_of(profile), plain_initial(profile), profile.variables.back().high) == 4);
}

TEST_CASE("a setting from the command line counts in every profile that has it") {
    const std::string text = tiny("setting n = 1 in 0..9 limit x = n + 1 in 0..9 timer w = n s") +
                             " profile child extends tiny { replace setting n = 2 }";
    const Spec own = parse_spec(text, "t");
    CHECK(own.profile("tiny")->fixed_value("x") == 2);
    CHECK(own.profile("child")->fixed_value("x") == 3);
    const Spec given = parse_spec(text, "t", "", {"n=7"});
    for (const char* const name : {"tiny", "child"}) {
        CHECK(given.profile(name)->fixed_value("x") == 8);
        CHECK(given.profile(name)->setting("n")->value == "7");
        CHECK(timer_named(*given.profile(name), "w").latest_us == 7'000'000);
    }
}

TEST_CASE("a system may set: limits, timers and guards of its ends follow") {
    const Spec spec =
        parse_spec(with_system("setting n = 1 in 0..9 limit x = n + 1 in 0..9 timer w = n s", "set n = 3"), "t");
    const SystemDecl& system = *spec.system("both");
    CHECK(limits_at(spec, system, 0).at("x") == 4);
    CHECK(limits_at(spec, system, 1).at("n") == 3);
    CHECK(timer_named(profile_at(spec, system, 0), "w").earliest_us == 3'000'000);
    CHECK(profile_at(spec, system, 0).setting("n")->value == "3");
    CHECK(&profile_at(spec, system, 0) == &profile_at(spec, system, 1));  // two ends alike
    // The profile itself stays what it is.
    CHECK(spec.profiles[0].fixed_value("x") == 2);
}

TEST_CASE("what a system sets counts more than the command line") {
    const std::string text = with_system("setting n = 1 setting m = 1 limit x = n + m in 0..99", "set n = 3");
    const Spec spec = parse_spec(text, "t", "", {"n=7", "m=20"});
    CHECK(limits_at(spec, *spec.system("both"), 0).at("x") == 23);
}

TEST_CASE("a limit that a system gives stays as given, the others follow the settings") {
    const Spec spec = parse_spec(
        with_system("setting n = 1 limit x = n in 0..9 limit y = x + 1 in 0..9", "set n = 3 limit x = 5"), "t");
    CHECK(limits_at(spec, *spec.system("both"), 0).at("x") == 5);
    CHECK(limits_at(spec, *spec.system("both"), 0).at("y") == 4);
}

TEST_CASE("what a setting cannot be is refused where it stands") {
    const std::string profile = tiny("setting tcp_orphan_retries = 1 in 0..9 setting cc = cubic");
    CHECK(mentions(refusal(profile, {"tcp_orphan_retrys=3"}), "--set:1:1: error: no profile has a setting"));
    CHECK(mentions(refusal(profile, {"tcp_orphan_retrys=3"}), "did you mean 'tcp_orphan_retries'?"));
    CHECK(mentions(refusal(profile, {"tcp_orphan_retries=10"}),
                   "--set:1:20: error: setting 'tcp_orphan_retries' is out of its range 0..9"));
    CHECK(mentions(refusal(profile, {"tcp_orphan_retries=many"}),
                   "--set:1:20: error: setting 'tcp_orphan_retries' is a number, not 'many'"));
    CHECK(mentions(refusal(profile, {"tcp_orphan_retries"}), "a setting is given as NAME=VALUE"));
    CHECK(refusal(profile, {"cc=reno"}) == "no refusal");
    const std::string system = with_system("setting n = 1 in 0..9", "set m = 1");
    CHECK(mentions(refusal(system), "unknown setting 'm'"));
    CHECK(
        mentions(refusal(with_system("setting n = 1 in 0..9", "set n = 10")), "setting 'n' is out of its range 0..9"));
    CHECK(mentions(refusal(with_system("setting n = 1", "set n = 2 set n = 3")), "setting 'n' is given twice"));
    CHECK(mentions(refusal(tiny("setting n = 4 in 0..3")), "setting 'n' is out of its range 0..3"));
}

TEST_CASE("a limit or a timer that the settings drive out of bounds is refused, and the setting is named") {
    const std::string profile = tiny("setting n = 1 limit x = n + 1 in 0..9 timer w = 5 - n s");
    const std::string over = refusal(profile, {"n=9"});
    CHECK(mentions(over, "limit 'x' becomes 10, out of its range 0..9"));
    CHECK(mentions(over, "n is set to 9 at --set:1:1"));
    CHECK(mentions(refusal(profile, {"n=6"}), "timer 'w' becomes negative"));
    CHECK(mentions(refusal(tiny("setting n = 3 timer w = n s to 2 s")), "timer 'w' ends before it begins"));
    CHECK(mentions(refusal(tiny("setting n = 0 limit x = 8 / n in 0..9")), "a division by zero"));
    CHECK(mentions(refusal(tiny("setting n = 99 limit x = 2^n in 0..9")), "the value becomes larger than 10^15"));
    const std::string in_system = refusal(with_system("setting n = 1 limit x = n + 1 in 0..9", "set n = 9"));
    CHECK(mentions(in_system, "limit 'x' becomes 10, out of its range 0..9"));
    CHECK(mentions(in_system, "n is set to 9 at t.spec:"));
}

TEST_CASE("formulas name settings and limits that are there") {
    CHECK(mentions(refusal(tiny("setting tries = 1 limit x = trys in 0..9")), "unknown setting or limit 'trys'"));
    CHECK(mentions(refusal(tiny("limit x = y in 0..9 limit y = x in 0..9")), "a loop of limits: x -> y -> x"));
    CHECK(mentions(refusal(tiny("setting cc = cubic limit x = cc in 0..9")), "setting 'cc' is no number"));
    CHECK(mentions(refusal(tiny("setting x = 1 limit x = 1 in 0..9")), "'x' is already the name of"));
}

TEST_CASE("a system that sets is configured anew after its profile was changed") {
    Spec spec = parse_spec(with_system("setting n = 1 limit x = n + 1 in 0..9", "set n = 3"), "t");
    spec.profiles[0].title = "changed";
    CHECK(profile_at(spec, *spec.system("both"), 0).title != "changed");
    configure_systems(spec);
    CHECK(profile_at(spec, *spec.system("both"), 0).title == "changed");
    CHECK(limits_at(spec, *spec.system("both"), 0).at("x") == 4);
}

TEST_CASE("limits that a system gives another value than the settings make are named") {
    const auto unproduced = [](const std::string& more) {
        const Spec spec =
            parse_spec(with_system("setting n = 1 limit x = n + 1 in 0..9 limit plain = 1 in 0..9", more), "t");
        const SystemDecl& system = *spec.system("both");
        return unproduced_limits(profile_at(spec, system, 0), limits_at(spec, system, 0));
    };
    CHECK(unproduced("").empty());
    CHECK(unproduced("limit x = 2 limit plain = 5").empty());  // 2 is what the settings make
    CHECK(unproduced("limit x = 1") == std::vector<std::string>{"x"});
    CHECK(unproduced("limit x = 2 set n = 3") == std::vector<std::string>{"x"});
    CHECK(unproduced("limit x = 4 set n = 3").empty());
}
