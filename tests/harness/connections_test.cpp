// What is kept of a connection, and what is only counted.
#include "harness/connections.h"

#include <doctest/doctest.h>

#include "report/judge_text.h"
#include "tests/harness/seen.h"

using namespace lastack;
using hand::connections_of;
using hand::opened;
using hand::Sent;

namespace {

std::string kept(const Connection& connection) {
    std::string text;
    for (const Passing& passing : connection.passings)
        text += std::string(1, passing.from == 0 ? 'A' : 'B') + " " + to_string(passing) + "\n";
    return text;
}

}  // namespace

TEST_CASE("of an open connection nothing is kept, however much passes") {
    std::vector<Sent> all = hand::opening;
    for (int i = 0; i < 500; ++i) {
        all.push_back({'B', "A", 1 + 1000 * i, 1, 1000});
        all.push_back({'A', "A", 1, 1 + 1000 * (i + 1)});
    }
    const auto found = connections_of(all);
    REQUIRE(found.size() == 1);
    CHECK(found[0].passings.empty());
    CHECK(found[0].established);
    CHECK(found[0].text[1] == 500'000);
    CHECK_FALSE(found[0].closed_first.has_value());
}

TEST_CASE("of a close the FINs and what completes them is kept") {
    const auto found =
        connections_of(opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'B', "FA", 1, 2}, {'A', "A", 2, 2}}));
    REQUIRE(found.size() == 1);
    CHECK(kept(found[0]) == "A FIN,ACK seq=1 ack=1\nB ACK seq=1 ack=2\nB FIN,ACK seq=1 ack=2\nA ACK seq=2 ack=2\n");
    CHECK(found[0].closed_first == 0);
    CHECK(found[0].last_packet == 7);
}

TEST_CASE("a stream behind a FIN is one piece of text, however long it is") {
    std::vector<Sent> all = opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}});
    for (int i = 0; i < 2000; ++i) {
        all.push_back({'B', "A", 1 + 1000 * i, 2, 1000});
        if (i % 3 > 0) all.push_back({'A', "A", 2, 1 + 1000 * (i + 1)});
    }
    all.push_back({'B', "FA", 2'000'001, 2});
    const auto found = connections_of(all);
    CHECK(kept(found[0]) == "A FIN,ACK seq=1 ack=1\nB ACK seq=1 ack=2\nB ACK seq=1 ack=2 len=2000000\n"
                            "A ACK seq=2 ack=2000001\nB FIN,ACK seq=2000001 ack=2\n");
}

TEST_CASE("text that is outstanding when the close begins counts as text of the close") {
    const auto found = connections_of(
        opened({{'B', "A", 1, 1, 700}, {'B', "A", 701, 1, 300}, {'A', "A", 1, 701}, {'A', "RA", 1, 701}}));
    CHECK(kept(found[0]) == "B ACK seq=701 ack=1 len=300\nA RST,ACK seq=1 ack=701\n");
    CHECK(found[0].passings[0].before);
    CHECK(found[0].first_was_reset);
}

TEST_CASE("text and FIN of one segment are two that may come together") {
    const auto found = connections_of(opened({{'A', "FA", 1, 1, 10}, {'A', "FA", 1, 1, 10, 300}}));
    CHECK(kept(found[0]) == "A ACK seq=1 ack=1 len=10\nA FIN,ACK seq=11 ack=1\nA FIN,ACK seq=11 ack=1\n");
    CHECK(found[0].passings[0].with_next);
    CHECK(found[0].passings[2].text_from == 1);
    CHECK(found[0].again[0] == 1);
}

TEST_CASE("a copy that passes at once is not sent again") {
    const Sent fin{'A', "FA", 1, 1, 0, 10};
    const auto found = connections_of(opened({fin, fin, {'A', "FA", 1, 1, 0, 400}}));
    CHECK(found[0].doubled == 1);
    CHECK(found[0].again[0] == 1);
}

TEST_CASE("what was acknowledged and did not pass is missing") {
    const auto found =
        connections_of(opened({{'A', "FA", 1, 1}, {'B', "A", 501, 2}, {'B', "FA", 501, 2}, {'A', "A", 2, 502}}));
    CHECK(found[0].missing);
    CHECK(kept(found[0]) == "A FIN,ACK seq=1 ack=1\nB ACK seq=1 len=500\nB ACK seq=501 ack=2\nB FIN,ACK seq=501 ack=2\n"
                            "A ACK seq=2 ack=502\n");
}

TEST_CASE("a FIN that was lost before it passed is no text") {
    // What its end acknowledges with the number behind it, and the FIN that comes again.
    const auto found =
        connections_of(opened({{'B', "A", 1, 1, 300}, {'A', "A", 2, 301}, {'A', "FA", 1, 301}, {'B', "A", 301, 2}}));
    CHECK(kept(found[0]) == "A FIN,ACK seq=1 ack=301\nB ACK seq=301 ack=2\n");
}

TEST_CASE("a SYN with another number is another connection of the same ports") {
    std::vector<Sent> all = opened({{'A', "RA", 1, 1}});
    all.push_back({'A', "S", 90'000, 0});
    const auto found = connections_of(all);
    REQUIRE(found.size() == 2);
    CHECK(found[0].packets == 4);
    CHECK(found[1].packets == 1);
    CHECK(found[1].from_opening);
}

TEST_CASE("numbers may pass 2^32") {
    // The streams begin at 1000 and 5000; this one goes around.
    std::vector<Sent> all = hand::opening;
    for (std::int64_t at = 1; at < 5'000'000'000; at += 1'000'000'000) {
        all.push_back({'B', "A", at + 999'999'000, 1, 1000});
        all.push_back({'A', "A", 1, at + 1'000'000'000});
    }
    all.push_back({'B', "FA", 5'000'000'001, 1});
    const auto found = connections_of(all);
    CHECK(kept(found[0]) == "B FIN,ACK seq=5000000001 ack=1\n");
}

TEST_CASE("where too many are open the one that was silent longest is handed out") {
    std::vector<Connection> found;
    ConnectionLimits limits;
    limits.connections = 3;
    Connections connections(limits, [&](Connection&& one) { found.push_back(std::move(one)); });
    for (std::uint16_t port = 1; port <= 5; ++port) {
        const auto bytes = hand::datagram_of({'A', "S", 0, 0}, 4, port);
        SeenSegment seen;
        REQUIRE(read_frame(101, bytes, static_cast<std::uint32_t>(bytes.size()), seen) == FrameContent::tcp);
        connections.add(seen, port, port);
    }
    REQUIRE(found.size() == 2);
    CHECK(found[0].number == 1);
    CHECK(found[0].given_up);
    connections.finish();
    REQUIRE(found.size() == 5);
    CHECK_FALSE(found[4].given_up);
}
