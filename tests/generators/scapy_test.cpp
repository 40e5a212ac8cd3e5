// The Python program of a vector: Python compiles it, and scapy builds of it the packets that our codec builds.
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "generators/vector_json.h"
#include "tests/generators/captured_packets.h"
#include "tests/generators/sample_vectors.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

constexpr const char* python = "/usr/bin/python3";

bool has_scapy() {
    int code = 0;
    run(std::string(python) + " -c 'import scapy.all'", &code);
    return code == 0;
}

std::string hexadecimal(const std::vector<std::uint8_t>& bytes) {
    static const char* digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) text += {digits[byte >> 4], digits[byte & 15]};
    return text;
}

// Every packet of the plan, as the program prints them: with the addresses and ports of the pcapng file.
std::vector<std::string> built_by_scapy(const TestVector& vector) {
    const TemporaryDirectory here;
    const std::string ends =
        vector.ip == 4 ? " 192.0.2.1 5000 --source 198.51.100.1" : " 2001:db8::1 5000 --source 2001:db8:1::1";
    int code = 0;
    std::istringstream said(run(std::string(python) + " " + quoted(here.write("vector.py", to_scapy(vector))) + ends +
                                    " --sport 40000 --dry-run 2>/dev/null",
                                &code));
    REQUIRE(code == 0);
    std::vector<std::string> packets;
    for (std::string line; std::getline(said, line);) packets.push_back(line.substr(line.find(' ') + 1));
    return packets;
}

std::vector<std::string> built_by_us(const TestVector& vector) {
    std::vector<std::string> packets;
    for (const auto& packet : captured_packets(to_pcapng(vector))) packets.push_back(hexadecimal(packet));
    return packets;
}

// A segment of each kind that only a tester sends, with windows and places of their own.
TestVector odd_segments(int ip) {
    TestVector vector = normal_close(ip);
    vector.options = {"timestamps"};
    vector.steps.push_back(send_step({.seq = -2, .ack = 0, .len = 3, .zero_window = true}));
    vector.steps.push_back(send_step({.seq = -1, .syn = true, .has_ack = false}));
    vector.steps.push_back(send_step({.seq = -1, .len = 1, .has_ack = false, .from_right = true}));
    vector.steps.push_back(send_step({.rst = true}));
    return vector;
}

}  // namespace

TEST_CASE("Python compiles the program of each sample, whatever its texts are") {
    if (run(std::string("command -v ") + python).empty()) {
        MESSAGE("SKIPPED: Python compiles the program of each sample, whatever its texts are: no Python 3");
        return;
    }
    TestVector odd = normal_close();
    odd.goal = "it's '''quoted''', \\ ends\nin two lines \x01";
    odd.steps[0].note = "'''\\";
    const TemporaryDirectory here;
    for (const TestVector& vector : {normal_close(), normal_close(6), long_story(), odd}) {
        int code = 0;
        CHECK(run(std::string(python) + " -m py_compile " + quoted(here.write("vector.py", to_scapy(vector))), &code) ==
              "");
        CHECK(code == 0);
    }
}

TEST_CASE("scapy builds the packets that our codec builds, byte for byte" * doctest::test_suite("slow")) {
    if (!has_scapy()) {
        MESSAGE("SKIPPED: scapy builds the packets that our codec builds, byte for byte: python3-scapy is missing");
        return;
    }
    for (const int ip : {4, 6}) {
        for (const TestVector& vector : {normal_close(ip), long_story(ip), odd_segments(ip)}) {
            CAPTURE(vector.id);
            const std::vector<std::string> theirs = built_by_scapy(vector);
            CHECK(theirs.size() > 6);
            CHECK(theirs == built_by_us(vector));
        }
    }
}
