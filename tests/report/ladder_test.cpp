// The ladder of traces made by hand: what is where can be read off the steps.
#include "report/ladder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/spec_support.h"

using namespace lastack;

namespace {

// The states of the ends are all that a ladder reads of a profile: 0 ESTABLISHED, 1 FIN-WAIT-1, 2 FIN-WAIT-2,
// 3 CLOSE-WAIT, 4 CLOSED.
const Spec& pair_of_ends() {
    static const Spec spec = lastack::testing::spec_from(R"(
profile drawn "drawn only" cites "RFC 9293 3.6" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSED final
  on call close
    rule close "it closes" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1
}
system pair "two of them"
  ends drawn A, drawn B
  network 2 loses duplicates reorders
  calls A { close } B { close }
)");
    return spec;
}

// Appends steps; each begins with the states that the one before left.
class Story {
public:
    Story() {
        trace_.system = "pair";
        now_ = trace_.initial = PlainSystem(pair_of_ends(), *pair_of_ends().system("pair")).initial();
    }
    TraceStep& add(TraceStep::Kind kind, int end, int state = -1) {
        if (state >= 0) now_.end[end].state = state;
        TraceStep step;
        step.kind = kind;
        step.end = end;
        step.result = "ok";
        step.after = now_;
        trace_.steps.push_back(step);
        return trace_.steps.back();
    }
    void call(int end, const std::string& name, const std::vector<Segment>& sent, int state = -1) {
        TraceStep& step = add(TraceStep::Kind::call, end, state);
        step.name = name;
        step.sent = sent;
    }
    void expire(int end, const std::string& name, const std::vector<Segment>& sent, int state = -1) {
        TraceStep& step = add(TraceStep::Kind::timer, end, state);
        step.name = name;
        step.sent = sent;
    }
    void deliver(int end, const Segment& segment, const std::vector<Segment>& sent = {}, int state = -1) {
        TraceStep& step = add(TraceStep::Kind::deliver, end, state);
        step.segment = segment;
        step.sent = sent;
    }
    void network(TraceStep::Kind kind, int sender, const Segment& segment) { add(kind, sender).segment = segment; }

    // The ladder's lines below the heading and the initial states.
    std::vector<std::string> rows() const {
        std::vector<std::string> lines;
        std::string line;
        for (const char c : ladder(PlainSystem(pair_of_ends(), *pair_of_ends().system("pair")), trace_)) {
            if (c != '\n') {
                line += c;
                continue;
            }
            lines.push_back(line);
            line.clear();
        }
        CHECK(line == "");
        REQUIRE(lines.size() >= 2);
        return {lines.begin() + 2, lines.end()};
    }
    std::string heading() const {
        const std::string all = ladder(PlainSystem(pair_of_ends(), *pair_of_ends().system("pair")), trace_);
        return all.substr(0, all.find('\n', all.find('\n') + 1));
    }

private:
    Trace trace_;
    Snapshot now_;
};

const Segment fin = lastack::testing::fin(0, 0);
const Segment ack = lastack::testing::ack(0, 1);

Segment longest() {
    Segment segment = lastack::testing::fin(255, 255);
    segment.len = 1;
    return segment;
}

std::size_t widest(const std::vector<std::string>& rows) {
    std::size_t most = 0;
    for (const std::string& row : rows) most = std::max(most, row.size());
    return most;
}

// Both lifelines stand in the same columns in every row.
bool upright(const std::vector<std::string>& rows) {
    return std::all_of(rows.begin(), rows.end(),
                       [](const std::string& row) { return row.size() > 57 && row[22] == '|' && row[57] == '|'; });
}

// The part of a row between the lifelines, and what stands beside them.
std::string between(const std::string& row) { return row.substr(23, 34); }
std::string left_of(const std::string& row) {
    const std::size_t first = row.find_first_not_of(' ');
    return first >= 22 ? "" : row.substr(first, 21 - first);
}
std::string right_of(const std::string& row) { return row.size() > 59 ? row.substr(59) : ""; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a ladder begins with the names of the ends and their states, A on the left") {
    const std::string heading = Story().heading();
    CHECK(heading.find('A') < heading.find('B'));
    CHECK(has(heading, "ESTABLISHED |"));
    CHECK(has(heading, "| ESTABLISHED"));
    CHECK(Story().rows().empty());
}

TEST_CASE("a segment that is delivered at once is one row, with both ends beside it") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.deliver(1, fin, {}, 3);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 1);
    CHECK(left_of(rows[0]) == "close() FIN-WAIT-1");
    CHECK(between(rows[0]) == "-- FIN,ACK seq=0 ack=0 ---------->");
    CHECK(right_of(rows[0]) == "CLOSE-WAIT");
}

TEST_CASE("an arrow from B to A has its head on the left") {
    Story story;
    story.call(1, "close", {fin}, 1);
    story.deliver(0, fin);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 1);
    CHECK(between(rows[0]).front() == '<');
    CHECK(between(rows[0]).back() == '-');
    CHECK(right_of(rows[0]) == "close() FIN-WAIT-1");
}

TEST_CASE("crossing segments leave and arrive in rows of their own") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.call(1, "close", {fin}, 1);
    story.deliver(0, fin);
    story.deliver(1, fin);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 3);  // B's is delivered at once, A's is under way meanwhile
    CHECK(between(rows[0]).starts_with("-- FIN,ACK seq=0 ack=0 --  ."));
    CHECK(between(rows[1]).front() == '<');
    CHECK(between(rows[2]).ends_with(".  -- FIN,ACK seq=0 ack=0 ->"));

    Story crossed;
    crossed.call(0, "close", {fin}, 1);
    crossed.call(1, "close", {fin}, 1);
    crossed.deliver(1, fin);
    crossed.deliver(0, fin);
    const auto four = crossed.rows();
    REQUIRE(four.size() == 4);
    CHECK(between(four[1]).ends_with(".  -- FIN,ACK seq=0 ack=0 --"));
    CHECK(between(four[2]).ends_with("->"));
    CHECK(between(four[3]).starts_with("<- FIN,ACK seq=0 ack=0 --  ."));
}

TEST_CASE("a lost segment has an X, a doubled one a +, and no end says anything") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.network(TraceStep::Kind::lose, 0, fin);
    story.expire(0, "rto", {fin});
    story.network(TraceStep::Kind::duplicate, 0, fin);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 4);
    CHECK(has(between(rows[1]), "X FIN,ACK seq=0 ack=0 lost"));
    CHECK(left_of(rows[2]) == "rto expires");
    CHECK(has(between(rows[3]), "+ FIN,ACK seq=0 ack=0 doubled"));
    for (const int i : {1, 3}) {
        CHECK(left_of(rows[i]) == "");
        CHECK(right_of(rows[i]) == "");
    }
}

TEST_CASE("a state stands where it changes and nowhere else") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.expire(0, "rto", {fin});
    story.expire(0, "rto", {}, 4);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 3);
    CHECK(left_of(rows[0]) == "close() FIN-WAIT-1");
    CHECK(left_of(rows[1]) == "rto expires");
    CHECK(left_of(rows[2]) == "rto expires CLOSED");
    CHECK(between(rows[2]).find_first_not_of(' ') == std::string::npos);
}

TEST_CASE("an answer is a row below the segment that it answers") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.deliver(1, fin, {ack}, 3);
    story.deliver(0, ack, {}, 2);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 2);
    CHECK(between(rows[1]) == "<-- ACK seq=0 ack=1 --------------");
    CHECK(left_of(rows[1]) == "FIN-WAIT-2");
}

TEST_CASE("several segments of one step are a row each") {
    Story story;
    story.call(0, "close", {ack, fin}, 1);
    const auto rows = story.rows();
    REQUIRE(rows.size() == 2);
    CHECK(has(rows[0], "-- ACK seq=0 ack=1"));
    CHECK(has(rows[1], "-- FIN,ACK seq=0 ack=0"));
    CHECK(left_of(rows[1]) == "");
}

TEST_CASE("a signal stands in angle brackets, a result that is not ok behind the call") {
    Story story;
    story.call(0, "close", {fin}, 1);
    story.deliver(1, fin, {}, 3);
    story.call(1, "send", {});
    TraceStep& last = story.add(TraceStep::Kind::call, 1);
    last.name = "send";
    last.result = "pipe";
    TraceStep& told = story.add(TraceStep::Kind::deliver, 1, 4);
    told.segment = ack;
    told.signals = {"eof"};
    const auto rows = story.rows();
    REQUIRE(rows.size() == 4);
    CHECK(right_of(rows[1]) == "send()");
    CHECK(right_of(rows[2]) == "send() = pipe");
    CHECK(right_of(rows[3]) == "<eof> CLOSED");
}

TEST_CASE("the longest segment stays between upright lifelines, however it travels") {
    for (const int sender : {0, 1}) {
        CAPTURE(sender);
        Story leaves, across, arrives, lost, doubled;
        leaves.call(sender, "close", {longest()}, 1);
        across.call(sender, "close", {longest()}, 1);
        across.deliver(1 - sender, longest(), {}, 3);
        arrives.deliver(1 - sender, longest(), {}, 3);
        lost.network(TraceStep::Kind::lose, sender, longest());
        doubled.network(TraceStep::Kind::duplicate, sender, longest());
        for (const Story* story : {&leaves, &across, &arrives, &lost, &doubled}) {
            const auto rows = story->rows();
            REQUIRE(rows.size() == 1);
            CAPTURE(rows[0]);
            CHECK(upright(rows));
            CHECK(widest(rows) <= 80);
            CHECK(has(rows[0], "DATA,FIN,ACK seq=255 ack=255"));
        }
        CHECK(has(lost.rows()[0], "X "));
        CHECK(has(doubled.rows()[0], "+ "));
    }
}

TEST_CASE("long results and several signals take more rows, none of them wider than 80 columns") {
    for (const int end : {0, 1}) {
        CAPTURE(end);
        Story story;
        TraceStep& call = story.add(TraceStep::Kind::call, end, 4);
        call.name = "shutdown_rdwr";
        call.result = "not_connected";
        call.sent = {fin};
        TraceStep& told = story.add(TraceStep::Kind::timer, end, 1);
        told.name = "retransmission";
        told.signals = {"eof", "reset", "timeout"};
        const auto rows = story.rows();
        std::string all;
        for (const std::string& row : rows) all += (end == 0 ? left_of(row) : right_of(row)) + " ";
        CAPTURE(all);
        for (const std::string word : {"shutdown_rdwr()", "not_connected", "CLOSED", "retransmission expires", "<eof>",
                                       "<reset>", "<timeout>", "FIN-WAIT-1"})
            CHECK_MESSAGE(has(all, word), word);
        CHECK(widest(rows) <= 80);
        CHECK(upright(rows));
    }
}

TEST_CASE("what finds the direction full is lost as it is sent") {
    Story story;
    story.call(0, "close", {fin, fin, fin}, 1);  // there is room for two
    const auto rows = story.rows();
    REQUIRE(rows.size() == 3);
    CHECK_FALSE(has(rows[1], "X "));
    CHECK(has(rows[2], "X FIN,ACK"));
}
