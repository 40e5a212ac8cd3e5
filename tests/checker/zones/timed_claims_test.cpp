// Claims in time, bounds of stays and weakest conditions, against numbers that can be checked by hand.
#include "checker/zones/timed_claims.h"

#include <doctest/doctest.h>

#include "checker/zones/condition.h"
#include "checker/zones/stay_bounds.h"
#include "generators/tchecker.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// A timer of three to five seconds, started by the call; its end sends a segment that takes one to two seconds.
std::string small_spec(const std::string& claim) {
    return "profile p \"p\" cites \"none\" {\n"
           "states ESTABLISHED initial, FIN_WAIT_1, CLOSED final\n"
           "timer wait = 3 s to 5 s\n"
           "segment FIN { seq 0; fin }\n"
           "on call close\n"
           "  rule close \"close\" cites \"none\" ESTABLISHED -> FIN_WAIT_1 { start wait }\n"
           "on timer wait\n"
           "  rule over \"over\" cites \"none\" FIN_WAIT_1 -> CLOSED { send FIN }\n"
           "on segment\n"
           "  step one \"one\"\n"
           "    rule fin \"the peer's\" cites \"none\" ESTABLISHED [seg.fin] -> CLOSED\n"
           "}\n"
           "system s \"s\"\n  ends p  network 1 delay 1 s to 2 s  calls A { close } B { }\n"
           "claim c \"c\" cites \"none\" on s\n  " +
           claim + "\n";
}

bool found(const std::string& claim) {
    const Spec spec = spec_from(small_spec(claim));
    const TimedAnswer answer = decide_timed(spec, spec.systems[0], spec.claims[0], {});
    CHECK(answer.complete == !answer.found);
    if (answer.trace) {
        CHECK(answer.trace->times.size() == answer.trace->steps.size());
        CHECK(replay(PlainSystem(spec, spec.systems[0]), *answer.trace) == "");
    }
    return answer.found;
}

std::string refusal(const std::string& text) {
    try {
        spec_from(text);
    } catch (const SpecError& error) {
        return error.diagnostics().front().message;
    }
    return "";
}

}  // namespace

TEST_CASE("within: a response is late exactly from the longest run on") {
    CHECK_FALSE(found("leads A calls close to A in CLOSED within 5 s"));
    CHECK(found("leads A calls close to A in CLOSED within 4999 ms"));
    CHECK_FALSE(found("leads A calls close to B in CLOSED within 7 s"));
    CHECK(found("leads A calls close to B in CLOSED within 6999999 us"));
    CHECK_FALSE(found("leads A in FIN_WAIT_1 to A in CLOSED within 5 s"));
}

TEST_CASE("after: a response is early exactly from the shortest run on") {
    CHECK_FALSE(found("leads A calls close to A in CLOSED after 3 s"));
    CHECK(found("leads A calls close to A in CLOSED after 3001 ms"));
    CHECK_FALSE(found("leads A calls close to B in CLOSED after 4 s within 7 s"));
    CHECK(found("leads A calls close to B in CLOSED after 4000001 us within 7 s"));
}

TEST_CASE("states and steps are reached only as times allow") {
    CHECK(found("reachable A in CLOSED then B in CLOSED"));
    CHECK_FALSE(found("reachable B in CLOSED then A in FIN_WAIT_1"));
    CHECK(found("step each e: not e expires wait"));
    CHECK_FALSE(found("invariant each e, p: e in CLOSED or p in CLOSED or quiet"));
    CHECK_FALSE(found("assuming not A calls close\n  invariant A in ESTABLISHED"));
}

TEST_CASE("the times of a counterexample are those that its steps leave") {
    const Spec spec = spec_from(small_spec("leads A calls close to B in CLOSED within 6999 ms"));
    const TimedAnswer answer = decide_timed(spec, spec.systems[0], spec.claims[0], {});
    REQUIRE(answer.trace);
    REQUIRE(answer.trace->steps.size() >= 2);
    CHECK(answer.trace->steps[0].name == "close");
    CHECK(answer.trace->times[0].earliest_us == 0);
    CHECK(answer.trace->times[1].earliest_us >= 3'000'000);
}

TEST_CASE("what cannot be decided in time, or asks for time where none is counted, is refused") {
    CHECK(refusal(small_spec("recoverable A in CLOSED")).find("where a network has a delay") == 0);
    CHECK(refusal(small_spec("leads A calls close to A in CLOSED")).find("where a network has a delay") == 0);
    CHECK(refusal(small_spec("leads A calls close to A in CLOSED after 2 s within 1 s")) ==
          "'after' is later than 'within'");
    CHECK(refusal(small_spec("leads A calls close to A in CLOSED within nobody s")) ==
          "unknown setting or limit 'nobody'");
    std::string untimed = small_spec("leads A calls close to A in CLOSED within 5 s");
    untimed.replace(untimed.find(" delay 1 s to 2 s"), 17, "");
    CHECK(refusal(untimed).find("'after' and 'within' are about time") == 0);
    std::string backward = small_spec("invariant A in ESTABLISHED");
    backward.replace(backward.find("1 s to 2 s"), 10, "2 s to 1 s");
    CHECK(refusal(backward).find("the delay of a network ends before it begins") == 0);
}

TEST_CASE("an orphan of Linux in FIN-WAIT-1: what tcp_orphan_retries makes of it") {
    // Expiries of 200 to 260 ms that double: the k-th is (2^k - 1) intervals behind the FIN. Given up at the third or
    // fourth one and so on; beyond 120 s an interval does not grow. 0 means 8.
    struct Row {
        int retries;
        double least, most;
    };
    for (const Row& row : {Row{0, 102.2, 252.86}, Row{1, 1.4, 1.82}, Row{2, 1.4, 3.9}, Row{3, 3.0, 8.06},
                           Row{8, 102.2, 252.86}, Row{15, 924.6, 1092.86}}) {
        CAPTURE(row.retries);
        const Spec spec =
            read_spec(source_dir() + "/specs/linux.spec", "", {"tcp_orphan_retries=" + std::to_string(row.retries)});
        StayOptions options;
        options.state = "FIN_WAIT_1";
        const StayReport report = stay_bounds(spec, system_named(spec, "orphans"), options);
        REQUIRE(report.complete);
        const auto orphan = std::find_if(report.stays.begin(), report.stays.end(),
                                         [](const StayBounds& stay) { return stay.closed == true; });
        REQUIRE(orphan != report.stays.end());
        REQUIRE(orphan->longest_us);
        CHECK(static_cast<double>(orphan->shortest_us) / 1e6 == doctest::Approx(row.least));
        CHECK(static_cast<double>(*orphan->longest_us) / 1e6 == doctest::Approx(row.most));
        REQUIRE_FALSE(orphan->worst.empty());
        CHECK(orphan->worst.back().time == StepTime{*orphan->longest_us, *orphan->longest_us});
    }
}

TEST_CASE("stays that no timer ends last for ever; a close is as long as its parts") {
    const Spec& spec = shipped_spec("linux.spec");
    StayOptions options;
    StayReport report = stay_bounds(spec, system_named(spec, "orphans"), options);
    const auto stay = [&](const std::string& state, bool closed) {
        return *std::find_if(report.stays.begin(), report.stays.end(),
                             [&](const StayBounds& each) { return each.state == state && each.closed == closed; });
    };
    CHECK(stay("FIN-WAIT-2", false).for_ever);
    CHECK_FALSE(stay("FIN-WAIT-2", false).ends);
    CHECK(stay("CLOSE-WAIT", false).for_ever);
    CHECK(stay("TIME-WAIT", true).shortest_us == 60'000'000);
    CHECK(stay("TIME-WAIT", true).longest_us == 67'500'000);
    CHECK(stay("FIN-WAIT-2", true).longest_us == 1'325'000);
    SystemDecl decl = system_named(spec, "orphans");
    decl.network.loses = decl.network.duplicates = false;
    decl.network.loss_budget = 0;
    decl.network.delay_from_us = 0;
    decl.network.delay_to_us = 100'000;
    const StayBounds close = close_bounds(spec, decl, options, report);
    REQUIRE(close.longest_us);
    // A FIN, and the one that it meets or that answers it, then TIME-WAIT, restarted by an acknowledgment on its way.
    CHECK(*close.longest_us >= 67'500'000);
    CHECK(*close.longest_us < 70'000'000);
}

TEST_CASE("TIME-WAIT against retransmission: the condition is the one that is derived by hand") {
    const Spec& spec = shipped_spec("time.spec");
    const Claim& claim = claim_named(spec, "T09-time");
    for (const auto& [retries, lost, factor] : {std::tuple(2, 0, 2), std::tuple(3, 0, 4), std::tuple(3, 1, 6)}) {
        CAPTURE(retries);
        CAPTURE(lost);
        SystemDecl decl = system_named(spec, "outlasted");
        decl.limits["retries"] = retries;
        decl.limits["lost"] = lost;
        ConditionOptions options;
        options.parameters = {{"time_wait", 10'000, 60'000'000}, {"rto", 200'000, 2'000'000}, {"delay", 0, 200'000}};
        const WeakestCondition found = weakest_condition(spec, decl, claim, options);
        CHECK(found.complete);
        CHECK(condition_lines(found) ==
              std::vector<std::string>{"time_wait > " + std::to_string(factor) + " rto + delay"});
        CHECK(found.inside.size() >= 2);
        REQUIRE_FALSE(found.outside.empty());
        for (const TriedPoint& point : found.inside) CHECK(point.us[0] > factor * point.us[1] + point.us[2]);
        for (const TriedPoint& point : found.outside) {
            CHECK(point.us[0] <= factor * point.us[1] + point.us[2]);
            REQUIRE(point.trace);
            CHECK(replay(PlainSystem(spec, decl), *point.trace) == "");
        }
    }
    ConditionOptions wrong;
    wrong.parameters = {{"nothing", 1, 2}};
    CHECK_THROWS_AS(weakest_condition(spec, system_named(spec, "outlasted"), claim, wrong), SpecError);
}

TEST_CASE("TChecker gets each location with its invariant, and each move with its guard and its clocks") {
    const Spec spec = spec_from(small_spec("invariant A in ESTABLISHED"));
    const std::string text = to_tchecker(spec, spec.systems[0]);
    CHECK(text.find("system:s\n") != std::string::npos);
    CHECK(text.find("clock:1:A_wait\n") != std::string::npos);
    CHECK(text.find("clock:1:A_flight0\n") != std::string::npos);
    CHECK(text.find("location:system:l0{initial:}\n") != std::string::npos);
    CHECK(text.find("location:system:l1{invariant: A_wait<=5000000}\n") != std::string::npos);
    CHECK(text.find("edge:system:l0:l1:step{do: A_wait=0}\n") != std::string::npos);
    CHECK(text.find("edge:system:l1:l2:step{provided: A_wait>=3000000 : do: A_flight0=0}\n") != std::string::npos);
    CHECK(text.find("{provided: A_flight0>=1000000}\n") != std::string::npos);
    CHECK_THROWS_AS(to_tchecker(shipped_spec("rfc9293.spec"), shipped_spec("rfc9293.spec").systems[0]), SpecError);
}
