// The plain interpreter's opinion of an end that was watched, and that it is the monitor's.
#include "harness/plain_watch.h"

#include <doctest/doctest.h>

#include <random>

#include "model/language/read_spec.h"
#include "tests/places.h"

using namespace lastack;

namespace {

UnitPassing passing(bool own, const std::string& flags, int seq, int ack, int len = 0) {
    UnitPassing made;
    made.own = own;
    made.segment.seq = static_cast<std::uint8_t>(seq);
    made.segment.ack = static_cast<std::uint8_t>(ack);
    made.segment.len = static_cast<std::uint8_t>(len);
    made.segment.fin = flags.find('F') != std::string::npos;
    made.segment.rst = flags.find('R') != std::string::npos;
    made.segment.has_ack = flags.find('A') != std::string::npos;
    made.over_us = 1'000'000;
    return made;
}

struct Both {
    Spec spec = read_spec(lastack::testing::source_dir() + "/specs/rfc9293.spec");
    CloseMonitor::Setup setup;
    CloseMonitor monitor{*spec.profile("rfc9293"), setup};
    PlainWatch plain{CloseMonitor::beginning(*spec.profile("rfc9293"), setup)};
};

}  // namespace

TEST_CASE("the plain interpreter explains the close of RFC 9293 figure 12, and not with a reset from nowhere") {
    Both both;
    std::vector<UnitPassing> close = {passing(true, "FA", 1, 1), passing(false, "A", 1, 2), passing(false, "FA", 1, 2),
                                      passing(true, "A", 2, 2)};
    CHECK(both.plain.first_unexplained(close, 0) == std::optional<std::size_t>(4));
    close.back() = passing(true, "RA", 77, 2);
    CHECK(both.plain.first_unexplained(close, 0) == std::optional<std::size_t>(3));
}

TEST_CASE("the plain interpreter and the monitor find the same segment that no behaviour explains") {
    Both both;
    const std::vector<UnitPassing> all = {
        passing(true, "FA", 1, 1),  passing(true, "FA", 1, 2),  passing(true, "A", 1, 2), passing(true, "A", 2, 2),
        passing(true, "RA", 1, 1),  passing(true, "RA", 2, 1),  passing(true, "R", 2, 0), passing(true, "R", 1, 0),
        passing(false, "FA", 1, 1), passing(false, "FA", 1, 2), passing(false, "A", 1, 2)};
    std::mt19937 dice(1);
    int wrong = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<UnitPassing> some;
        for (int i = 0; i < 4; ++i) some.push_back(all[dice() % all.size()]);
        const EndJudgement judgement = both.monitor.judge(some, 0, 0);
        const std::optional<std::size_t> plain = both.plain.first_unexplained(some, 0);
        CAPTURE(round);
        REQUIRE(judgement.verdict != EndJudgement::Verdict::unknown);
        const bool explained = judgement.verdict == EndJudgement::Verdict::explained;
        CHECK(plain == std::optional<std::size_t>(explained ? some.size() : judgement.at));
        wrong += !explained;
    }
    CHECK(wrong > 10);
    CHECK(wrong < 60);
}
