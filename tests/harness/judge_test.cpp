// Closes made by hand, and what profiles say of them. Each wrong one differs from a right one in one segment.
#include "harness/judge.h"

#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "report/judge_text.h"
#include "tests/harness/seen.h"
#include "tests/places.h"

using namespace lastack;
using hand::connections_of;
using hand::opened;
using hand::Sent;

namespace {

const Spec& family() {
    static const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/family.spec");
    return spec;
}

CloseJudge& judge() {
    static CloseJudge one(family(), {"linux", "rfc9293"});
    return one;
}

constexpr std::int64_t second_ns = 1'000'000'000;

struct Told {
    CloseVerdict verdict = CloseVerdict::open;
    std::string states, why, line, ladder;
    bool delayed = false, reordered = false;
};

Told told(const std::vector<Sent>& all, std::size_t profile = 0, std::int64_t later_ns = 0) {
    const Connection connection = connections_of(all).at(0);
    const auto judgements = judge().judge(connection, connection.last_ns + later_ns);
    const ProfileJudgement& one = judgements.at(profile);
    return {one.verdict,
            one.end[0].judgement.state + "/" + one.end[1].judgement.state,
            one.why,
            judged_line(judge(), connection, {one}),
            judged_ladder(judge(), connection, {one}),
            one.end[0].delayed || one.end[1].delayed,
            one.end[0].reordered || one.end[1].reordered};
}

const std::vector<Sent> plain = {{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'B', "FA", 1, 2}, {'A', "A", 2, 2}};

std::vector<Sent> plain_with(std::size_t index, const Sent& other) {
    std::vector<Sent> all = plain;
    all[index] = other;
    return opened(all);
}

bool says(const Told& answer, const std::string& part) { return answer.line.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the close of RFC 9293 figure 12 is a behaviour of both profiles") {
    for (const std::size_t profile : {0, 1}) {
        const Told answer = told(opened(plain), profile);
        CHECK(answer.verdict == CloseVerdict::explained);
        CHECK(answer.states == "TIME-WAIT/CLOSED");
        CHECK_FALSE(answer.delayed);
    }
    CHECK(says(told(opened(plain)), "ok      192.0.2.1:40000 > 198.51.100.7:80  A FIN  TIME-WAIT/CLOSED"));
}

TEST_CASE("a prefix of it leaves the ends in the states of the figure") {
    const std::vector<std::string> states = {"FIN-WAIT-1/CLOSE-WAIT", "FIN-WAIT-2/CLOSE-WAIT", "TIME-WAIT/LAST-ACK",
                                             "TIME-WAIT/CLOSED"};
    for (std::size_t kept = 1; kept <= 4; ++kept)
        CHECK(told(opened({plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(kept)})).states ==
              states[kept - 1]);
    CHECK(told(hand::opening).verdict == CloseVerdict::open);
    CHECK(told(hand::opening).states == "ESTABLISHED/ESTABLISHED");
}

TEST_CASE("TIME-WAIT is over when nothing passed for its time") {
    CHECK(told(opened(plain), 0, 30 * second_ns).states == "TIME-WAIT/CLOSED");
    CHECK(told(opened(plain), 0, 70 * second_ns).states == "CLOSED/CLOSED");
    CHECK(told(opened(plain), 1, 70 * second_ns).states == "TIME-WAIT/CLOSED");  // 2 MSL are four minutes
}

TEST_CASE("FINs that cross, of RFC 9293 figure 13") {
    CHECK(told(opened({{'A', "FA", 1, 1}, {'B', "FA", 1, 1}, {'A', "A", 2, 2}, {'B', "A", 2, 2}})).states ==
          "TIME-WAIT/TIME-WAIT");
}

TEST_CASE("a half-closed connection still carries text") {
    const std::vector<Sent> all = opened({{'A', "FA", 1, 1},
                                          {'B', "A", 1, 2},
                                          {'B', "A", 1, 2, 500},
                                          {'A', "A", 2, 501},
                                          {'B', "FA", 501, 2},
                                          {'A', "A", 2, 502}});
    CHECK(told(all).states == "TIME-WAIT/CLOSED");
    CHECK(told(all).ladder.find("shutdown_wr()") != std::string::npos);
}

TEST_CASE("why there was a reset is told") {
    const Told unread = told(opened({{'B', "A", 1, 1, 300}, {'A', "A", 1, 301}, {'A', "RA", 1, 301}}));
    CHECK(unread.states == "CLOSED/CLOSED");
    CHECK(says(unread, "1 reset (A:close_unread)"));
    CHECK(unread.ladder.find("text that was never read is answered by a reset") != std::string::npos);
    // Text for an end that has closed, and more of it.
    const Told late = told(opened({{'A', "FA", 1, 1},
                                   {'B', "A", 1, 2},
                                   {'B', "A", 1, 2, 500},
                                   {'A', "R", 2, 0},
                                   {'B', "A", 501, 2, 500},
                                   {'A', "R", 2, 0, 0, 90}}));
    CHECK(late.verdict == CloseVerdict::explained);
    CHECK(says(late, "2 resets"));
    // Nobody listens.
    const Told refused = told({{'A', "S", 0, 0}, {'B', "RA", 0, 1}});
    CHECK(refused.states == "CLOSED/CLOSED");
    CHECK(says(refused, "B:refuse"));
}

TEST_CASE("what is lost before or behind the capture point is allowed for") {
    CHECK(told(opened({{'A', "FA", 1, 1}, {'B', "FA", 1, 2}, {'A', "A", 2, 2}})).verdict == CloseVerdict::explained);
    // The ACK of the FIN is lost behind it: the FIN comes again.
    const Told again = told(opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'A', "FA", 1, 1, 0, 300}, {'B', "A", 1, 2}}));
    CHECK(again.verdict == CloseVerdict::explained);
    CHECK_FALSE(again.delayed);
    CHECK(says(again, "1 sent again"));
}

TEST_CASE("a FIN that comes again after 0.3 s is sent by Linux, not by RFC 6298") {
    const std::vector<Sent> all = opened({{'A', "FA", 1, 1}, {'A', "FA", 1, 1, 0, 300}});
    CHECK_FALSE(told(all, 0).delayed);
    CHECK(told(all, 1).delayed);
}

TEST_CASE("segments that no behaviour explains are found, with what was nearest") {
    // Another number for the FIN of B that comes again.
    Told answer = told(opened({{'A', "FA", 1, 1}, {'B', "FA", 1, 2}, {'A', "A", 2, 2}, {'A', "FA", 2, 2}}));
    CHECK(answer.verdict == CloseVerdict::unexplained);
    CHECK(says(answer, "packet 7, from A: FIN,ACK seq=2 ack=2 is no behaviour of linux"));
    // The ACK of a FIN that was not sent is no mistake of this end: the capture may have missed it.
    CHECK(told(opened({{'B', "FA", 1, 2}, {'A', "A", 2, 2}})).verdict != CloseVerdict::unexplained);
    // A reset with a number that nobody gave.
    answer = told(plain_with(3, {'A', "RA", 77, 2}));
    CHECK(answer.verdict == CloseVerdict::unexplained);
    CHECK(says(answer, "from A: RST,ACK seq=77 ack=2"));
    // Unless it counts text that was lost before it passed, which ends with the FIN.
    CHECK(told(opened({{'A', "RA", 77, 1}})).verdict == CloseVerdict::explained);
    CHECK(told(opened({{'A', "RA", -77, 1}})).verdict == CloseVerdict::unexplained);
    // Text behind a FIN.
    answer = told(opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'A', "A", 2, 1, 100}}));
    CHECK(answer.verdict == CloseVerdict::unexplained);
    // A FIN behind a reset of one's own, long enough behind it to be no matter of order.
    answer = told(opened({{'A', "RA", 1, 1}, {'A', "FA", 1, 1, 0, 900}}));
    CHECK(answer.verdict == CloseVerdict::unexplained);
    CHECK(says(answer, "nothing at all could come from there"));
}

TEST_CASE("segments near to each other may have passed in another order") {
    const Told answer = told(opened({{'A', "RA", 2, 1}, {'A', "FA", 1, 1}}));
    CHECK(answer.verdict == CloseVerdict::explained);
    CHECK(answer.reordered);
    CHECK(says(answer, "captured out of order"));
}

TEST_CASE("where the capture shows too little a close is not called wrong") {
    const Told inside = told({{'A', "FA", 9, 9}, {'A', "RA", 99, 9}});
    CHECK(inside.verdict == CloseVerdict::unjudged);
    CHECK(inside.why == "only one direction is in the capture");
    // What a reset acknowledges must have come.
    const Told missed = told(opened({{'A', "RA", 1, 302}}));
    CHECK(missed.verdict != CloseVerdict::unexplained);
    CHECK(says(missed, "some not captured"));
    std::vector<Sent> one_way;
    for (const Sent& sent : opened(plain))
        if (sent.from == 'B') one_way.push_back(sent);
    CHECK(told(one_way).verdict == CloseVerdict::explained);
    CHECK(says(told(one_way), "B FIN"));
}

TEST_CASE("text that was acknowledged comes again with the FIN where the acknowledgment was lost") {
    const Told answer = told(opened({{'A', "A", 1, 1, 300},
                                     {'B', "A", 1, 301},
                                     {'A', "FA", 301, 1, 300, 50},
                                     {'A', "FA", 301, 1, 300, 60},
                                     {'B', "A", 1, 602, 0},
                                     {'A', "FA", 1, 1, 600, 300},
                                     {'B', "A", 1, 602}}));
    CHECK_MESSAGE(answer.verdict == CloseVerdict::explained, answer.line);
}

TEST_CASE("an acknowledgment of a part is heard though an older one overtakes it") {
    const Told answer = told(opened({{'A', "A", 1, 1, 300},
                                     {'B', "A", 1, 301},
                                     {'A', "A", 301, 1, 300},
                                     {'A', "FA", 601, 1, 0, 10},
                                     {'A', "FA", 601, 1, 0, 20},
                                     {'B', "A", 1, 601},
                                     {'B', "A", 1, 301, 0, 30},
                                     {'A', "FA", 601, 1, 0, 400},
                                     {'B', "A", 1, 602}}));
    CHECK_MESSAGE(answer.verdict == CloseVerdict::explained, answer.line);
}

TEST_CASE("text behind an acknowledgment of the same end is not taken to be before it") {
    const Told answer = told(opened({{'A', "A", 1, 1, 300},
                                     {'B', "A", 2, 301},
                                     {'B', "FA", 1, 1, 0, 10},
                                     {'A', "A", 301, 2},
                                     {'B', "A", 2, 301},
                                     {'A', "A", 301, 2, 300, 220},
                                     {'B', "R", 2, 0}}));
    CHECK_MESSAGE(answer.verdict == CloseVerdict::explained, answer.line);
}

TEST_CASE("what only a segment explains that was on its way for long, or is not in the capture, is unclear") {
    const Told late = told(opened({{'A', "RA", 2, 1}, {'A', "FA", 1, 1, 0, 900}}));
    CHECK(late.verdict == CloseVerdict::unjudged);
    CHECK(late.why == "explained only if packet 5 was captured 0.9 s late");
    CHECK(told(opened({{'A', "RA", 2, 1}, {'A', "FA", 1, 1, 0, 2900}})).verdict == CloseVerdict::unexplained);
    // A reset with a number that only an acknowledgment can have told, and none was seen.
    const Told missed = told(opened({{'A', "FA", 1, 1}, {'A', "R", 2, 0}}));
    CHECK(missed.verdict == CloseVerdict::unjudged);
    CHECK(missed.why.starts_with("explained only if the capture has missed "));
    CHECK(missed.why.ends_with(" seq=1 ack=2 from B before packet 5"));
    CHECK(missed.ladder.find("gets one unseen") != std::string::npos);
    // The other end cannot have told any number.
    CHECK(told(opened({{'A', "FA", 1, 1}, {'A', "R", 77, 0}})).verdict == CloseVerdict::unexplained);
}

TEST_CASE("what a capture lacks is seen from what is there") {
    // The reset has the number of an acknowledgment of B's FIN; neither was captured.
    const Told fin = told(opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'B', "R", 2, 0, 0, 700}}));
    CHECK(fin.verdict == CloseVerdict::unjudged);
    CHECK(fin.why == "segments are missing in the capture");
    // The ACK that ends the handshake was not captured, and B closes first.
    const Told opening = told({{'A', "S", 0, 0},
                               {'B', "SA", 0, 1},
                               {'B', "FA", 1, 1, 0, 400},
                               {'A', "A", 1, 2, 0, 700},
                               {'B', "FA", 1, 1, 0, 702},
                               {'A', "FA", 1, 2, 0, 710}});
    CHECK_MESSAGE(opening.verdict != CloseVerdict::unexplained, opening.line);
}

TEST_CASE("the lines fit on a terminal, long ladders too") {
    std::vector<Sent> all = opened({{'B', "A", 1, 1, 9'000}, {'A', "FA", 1, 1}});
    for (int i = 0; i < 6; ++i) all.push_back({'A', "FA", 1, 1, 0, 1000 + 700 * i * i});
    const Told answer = told(all);
    for (const std::string& text : {answer.line, answer.ladder}) {
        std::size_t begin = 0;
        for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            CHECK_MESSAGE(end - begin <= 80, text.substr(begin, end - begin));
    }
}
