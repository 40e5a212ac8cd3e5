#include <doctest/doctest.h>

#include <sstream>

#include "generators/vector_json.h"
#include "tests/generators/sample_vectors.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

struct Line {
    std::string flags, seq, ack, time, ip_checksum, tcp_checksum, length, comment;
};

// What tshark makes of the file; one entry a packet.
std::vector<Line> read_back(const TestVector& vector) {
    const std::vector<unsigned char> bytes = to_pcapng(vector);
    const TemporaryDirectory directory;
    const std::string file = directory.write("vector.pcapng", std::string(bytes.begin(), bytes.end()));
    int code = 0;
    run("command -v tshark", &code);
    REQUIRE_MESSAGE(code == 0, "tshark is missing: ./dev setup installs it");
    const std::string output =
        run("tshark -r " + quoted(file) +
                " -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields -E separator='|'"
                " -e tcp.flags -e tcp.seq_raw -e tcp.ack_raw -e frame.time_epoch -e ip.checksum.status"
                " -e tcp.checksum.status -e tcp.len -e frame.comment 2>/dev/null",
            &code);
    REQUIRE(code == 0);
    std::vector<Line> lines;
    std::istringstream in(output);
    for (std::string text; std::getline(in, text);) {
        std::istringstream fields(text);
        Line line;
        for (std::string* field :
             {&line.flags, &line.seq, &line.ack, &line.time, &line.ip_checksum, &line.tcp_checksum, &line.length}) {
            std::getline(fields, *field, '|');
        }
        std::getline(fields, line.comment);
        lines.push_back(line);
    }
    return lines;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("tshark reads the normal close: opening, FIN, ACK, FIN, ACK") {
    const std::vector<Line> lines = read_back(normal_close());
    REQUIRE(lines.size() == 7);
    const std::vector<std::string> flags = {"0x0002", "0x0012", "0x0010", "0x0011", "0x0010", "0x0011", "0x0010"};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CAPTURE(i);
        CHECK(lines[i].flags == flags[i]);
        CHECK(lines[i].ip_checksum == "1");  // good
        CHECK(lines[i].tcp_checksum == "1");
        CHECK(lines[i].time == "0.000000000");  // each window begins at once
        CHECK_FALSE(lines[i].comment.empty());
    }
    CHECK(lines[0].seq == "1");
    CHECK(lines[4].seq == "2");           // the tester's first byte follows its SYN
    CHECK(lines[3].seq == lines[2].ack);  // nor has the IUT sent anything before its FIN
    CHECK(lines[6].ack == "3");           // and the tester's FIN takes one number
    CHECK(contains(lines[3].comment, "close() = ok"));
    CHECK(contains(lines[3].comment, "expected FIN,ACK seq=1 ack=1, 0 to 0.04 s, rule close_active"));
    CHECK(contains(lines[3].comment, "IUT in FIN_WAIT_1"));
}

TEST_CASE("times add up: a retransmission at its earliest, a silent wait to its end") {
    const std::vector<Line> lines = read_back(long_story());
    const std::vector<std::string> flags = {"0x0002", "0x0012", "0x0010", "0x0018", "0x0018", "0x0010",
                                            "0x0011", "0x0011", "0x0011", "0x0010", "0x0011", "0x0004"};
    REQUIRE(lines.size() == flags.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CAPTURE(i);
        CHECK(lines[i].flags == flags[i]);
        CHECK(lines[i].tcp_checksum == "1");
    }
    CHECK(lines[6].time == "0.000000000");
    CHECK(lines[7].time == "0.180000000");
    CHECK(lines[9].time == "0.180000000");
    CHECK(lines[10].time == "61.180000000");
    CHECK(lines[3].length == "100");
    CHECK(lines[4].length == "200");
    CHECK(lines[0].seq == "4294967295");
    CHECK(lines[3].seq == "0");  // the tester's numbers wrap after its SYN
    CHECK(contains(lines[3].comment, "also allowed: ACK seq=1 ack=101, 0 to 0.25 s, rule ack_data, the path goes on"));
    CHECK(contains(lines[6].comment, "shutdown_wr() = ok (A: shutdown_wr; FIN lost)"));
    CHECK(contains(lines[7].comment, "wait for rto, 0.18 to 0.45 s after step 4 was complete"));
    CHECK(contains(lines[10].comment, "IUT in CLOSED"));
}

TEST_CASE("IPv6 files have good checksums too") {
    const std::vector<Line> lines = read_back(long_story(6));
    REQUIRE(lines.size() == 12);
    for (const Line& line : lines) CHECK(line.tcp_checksum == "1");
}

TEST_CASE("calls after the last packet are told on it") {
    TestVector vector = normal_close();
    vector.steps.push_back(call_step("recv", "eof", 1));
    const std::vector<Line> lines = read_back(vector);
    REQUIRE(lines.size() == 7);
    CHECK(contains(lines[6].comment, "; then recv(1) = eof"));
}

TEST_CASE("a segment at the right edge stands where the made-up window of the IUT ends") {
    TestVector vector = normal_close();
    vector.steps[1].segment.from_right = true;
    vector.steps[1].segment.seq = -1;
    const std::vector<Line> lines = read_back(vector);
    REQUIRE(lines.size() == 7);
    CHECK(lines[4].seq == std::to_string(2 + 65535 - 1));  // the IUT has acknowledged the SYN, number 1
}

TEST_CASE("the same vector gives the same bytes, in whole words") {
    const std::vector<unsigned char> bytes = to_pcapng(long_story());
    CHECK(bytes == to_pcapng(long_story()));
    CHECK(bytes.size() % 4 == 0);
    REQUIRE(bytes.size() > 12);
    CHECK(std::vector<unsigned char>(bytes.begin(), bytes.begin() + 4) ==
          std::vector<unsigned char>{0x0a, 0x0d, 0x0d, 0x0a});
    CHECK(std::vector<unsigned char>(bytes.begin() + 8, bytes.begin() + 12) ==
          std::vector<unsigned char>{0x4d, 0x3c, 0x2b, 0x1a});
}

TEST_CASE("a comment longer than an option can hold is cut, and the file still reads") {
    TestVector vector = normal_close();
    vector.steps[1].note = std::string(70'000, 'x');
    const std::vector<Line> lines = read_back(vector);
    REQUIRE(lines.size() == 7);
    CHECK(lines[4].comment.size() == 65535);
}
