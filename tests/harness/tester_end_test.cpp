// The tester's end of a connection: where numbers that count from the IUT's window stand on the wire.
#include "harness/tester_end.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/harness/hand_vectors.h"

using namespace lastack;

namespace {

constexpr std::uint32_t tester_isn = 4'294'967'290U;  // of the hand-made vectors
const Endpoints ends{"192.0.2.1", "2001:db8::1", "198.51.100.1", "2001:db8:1::1", 5001};
const Peer peer{4, "198.51.100.1", 40'000};

// A segment of the IUT: `acked` bytes of the tester's text are acknowledged, and the window field as it stands.
TcpPacket from_iut(std::uint32_t acked, std::uint16_t window) {
    TcpPacket packet;
    packet.seq = 1001;
    packet.has_ack = true;
    packet.ack = tester_isn + 1 + acked;
    packet.window = window;
    return packet;
}

TcpPacket syn_ack(std::uint16_t window, int shift) {
    TcpPacket packet = from_iut(0, window);
    packet.seq = 1000;
    packet.syn = true;
    if (shift >= 0) packet.options = {1, 3, 3, static_cast<std::uint8_t>(shift)};
    return packet;
}

// With the whole window of 16 bits, not scaled.
void open(TesterEnd& tester) {
    tester.syn();
    REQUIRE(tester.take_syn_ack(syn_ack(65'535, -1)));
}

// SEQ of a segment that the tester sends, as bytes after the first one of its text.
std::uint32_t sent_at(TesterEnd& tester, std::int64_t seq) {
    const WireSegment segment{.seq = seq, .from_right = true};
    return decode(tester.datagram(segment, 0)).value().seq - (tester_isn + 1);
}

}  // namespace

TEST_CASE("the right edge is the last acknowledgment and the window that came with it") {
    const TestVector vector = hand::active_close();
    TesterEnd tester(vector, ends, peer);
    open(tester);
    CHECK(sent_at(tester, 0) == 65'535);
    CHECK(sent_at(tester, -1) == 65'534);
    tester.relative(from_iut(100, 1'000));
    CHECK(sent_at(tester, 0) == 1'100);
    CHECK(sent_at(tester, 3) == 1'103);
    TcpPacket reset = from_iut(0, 0);
    reset.rst = true;
    tester.relative(reset);  // announces nothing
    CHECK(sent_at(tester, 0) == 1'100);
    tester.relative(from_iut(1'100, 0));  // shut
    CHECK(sent_at(tester, 0) == 1'100);
}

TEST_CASE("an answer to what was sent beyond the window reads from there, too, whatever the window is since") {
    const TestVector vector = hand::active_close();
    TesterEnd tester(vector, ends, peer);
    open(tester);
    CHECK(tester.other_readings(from_iut(65'540, 1'000)).empty());  // nothing was sent there
    CHECK(sent_at(tester, 4) == 65'539);
    tester.relative(from_iut(100, 1'000));
    const std::vector<WireSegment> readings = tester.other_readings(from_iut(65'540, 1'000));
    REQUIRE(readings.size() == 1);
    CHECK(readings[0].ack_from_right);
    CHECK(to_string(readings[0]) == "ACK seq=1 ack=right+5");
}

// The tester's first byte has the number 2^32 - 5, so that its sixth one has 0.
TEST_CASE("of a reset with two zeros each may be a number of its stream") {
    const TestVector vector = hand::active_close();
    TesterEnd tester(vector, ends, peer);
    open(tester);
    TcpPacket reset = from_iut(0, 0);
    reset.rst = true;
    reset.seq = reset.ack = 0;
    std::vector<std::string> texts{to_string(tester.relative(reset))};
    for (const WireSegment& reading : tester.other_readings(reset)) texts.push_back(to_string(reading));
    CHECK(std::count(texts.begin(), texts.end(), "RST,ACK seq=0 ack=0") == 1);
    CHECK(std::count(texts.begin(), texts.end(), "RST,ACK seq=0 ack=6") == 1);  // Wireshark's count: one more
    CHECK(texts.size() == 4);
}

TEST_CASE("the window counts in the IUT's scale once both have offered the option, but that of the SYN-ACK does not") {
    TestVector vector = hand::active_close();
    vector.options = {"window_scale"};
    TesterEnd scaled(vector, ends, peer);
    scaled.syn();
    REQUIRE(scaled.take_syn_ack(syn_ack(60'000, 7)));
    CHECK(sent_at(scaled, 0) == 60'000);
    scaled.relative(from_iut(0, 500));
    CHECK(sent_at(scaled, 0) == 64'000);

    vector.options = {};  // not offered by the tester: the IUT's option means nothing
    TesterEnd plain(vector, ends, peer);
    plain.syn();
    REQUIRE(plain.take_syn_ack(syn_ack(60'000, 7)));
    plain.relative(from_iut(0, 500));
    CHECK(sent_at(plain, 0) == 500);
}

// As Linux 6.18 does, whose window is 63 << 10 then. Read as 63 it would take back what the SYN,ACK announced.
TEST_CASE("where SYNs cross, a window that would shrink is in the scale that the IUT alone has offered") {
    TestVector vector = hand::active_close();
    vector.begin = TestVector::Begin::closed;
    TcpPacket its_syn = syn_ack(64'240, 10), its_answer = its_syn;
    its_syn.has_ack = false;
    TesterEnd crossing(vector, ends, peer);
    crossing.forget_iut();
    crossing.relative(its_syn);
    crossing.relative(its_answer);
    CHECK(sent_at(crossing, 0) == 64'240);
    crossing.relative(from_iut(0, 63));
    CHECK(sent_at(crossing, 0) == 63 << 10);
    TcpPacket again = its_answer;
    again.window = 64'000;
    crossing.relative(again);  // a SYN,ACK is not scaled: it cannot say more
    CHECK(sent_at(crossing, 0) == 63 << 10);
    crossing.relative(from_iut(100, 65'000));  // a stack that does not scale
    CHECK(sent_at(crossing, 0) == 65'100);

    TesterEnd answered(vector, ends, peer);  // with a SYN,ACK that offers nothing
    answered.forget_iut();
    answered.relative(its_syn);
    answered.relative(from_iut(0, 63));
    CHECK(sent_at(answered, 0) == 63);
}

// RFC 9293 3.10.7.1: <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
TEST_CASE("the 0 of a reset that knows no number is no place in a stream, of any other segment it is one") {
    const TestVector vector = hand::active_close();
    TesterEnd tester(vector, ends, peer);
    open(tester);
    TcpPacket reset = from_iut(9, 0);
    reset.rst = true;
    reset.seq = 0;
    CHECK(tester.relative(reset) == hand::rst_ack(-1, 9));
    reset.seq = 1'001 + 7;
    reset.ack = 0;
    CHECK(tester.relative(reset) == hand::rst_ack(7, -1));
    reset.rst = false;
    reset.seq = 0;
    CHECK(tester.relative(reset).seq == -1'001);
}
