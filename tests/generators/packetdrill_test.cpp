#include <doctest/doctest.h>

#include <sstream>

#include "generators/vector_json.h"
#include "tests/generators/sample_vectors.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// The lines that packetdrill executes: no comments, no empty lines.
std::vector<std::string> events(const std::string& script) {
    std::vector<std::string> lines;
    std::istringstream in(script);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.rfind("//", 0) != 0) lines.push_back(line);
    }
    return lines;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the normal close as a whole script") {
    const std::vector<std::string> expected = {
        "`awk '/^Tcp: [0-9]/ { print $12 + $13 }' /proc/net/snmp >/dev/shm/lastack-$PPID`",
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3",
        "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
        "+0 bind(3, ..., ...) = 0",
        "+0 listen(3, 1) = 0",
        "+0 < S 0:0(0) win 65535 <mss 1460>",
        "+0 > S. 0:0(0) ack 1 <...>",
        "+0 < . 1:1(0) ack 1 win 65535",
        "+0 accept(3, ..., ...) = 4",
        "+0 close(4) = 0",
        "+0~+0.04 > F. 1:1(0) ack 1",
        "+0 < . 1:1(0) ack 2 win 65535",
        "+0 < F. 1:1(0) ack 2 win 65535",
        "+0~+0.04 > . 2:2(0) ack 2",
        // 20 ms of silence: SYN-ACK, FIN, ACK and nothing else
        "+0.02 `test $(awk '/^Tcp: [0-9]/ { print $12 + $13 }' /proc/net/snmp) -eq "
        "$(($(cat /dev/shm/lastack-$PPID) + 3)); code=$?; rm /dev/shm/lastack-$PPID; exit $code`",
    };
    CHECK(events(to_packetdrill(normal_close())) == expected);
}

TEST_CASE("settings are a leading command, with the prefix where the name has none") {
    const std::vector<std::string> lines = events(to_packetdrill(long_story()));
    REQUIRE(lines.size() > 2);
    CHECK(lines[0] == "`sysctl -q net.ipv4.tcp_fin_timeout=1");
    CHECK(lines[1] == "sysctl -q net.ipv4.tcp_rmem=\"4096 131072 6291456\"");
    CHECK(lines[2].rfind("awk ", 0) == 0);
}

// tcp(7), and SO_KEEPALIVE of socket(7), without which the times of keepalive mean nothing.
TEST_CASE("options of the socket are set behind accept, where they are on") {
    const auto options = [](const std::string& idle) {
        TestVector vector = normal_close();
        vector.settings = {
            {"TCP_LINGER2", "2"}, {"TCP_USER_TIMEOUT", "0"}, {"TCP_KEEPCNT", "3"}, {"TCP_KEEPIDLE", idle}};
        std::vector<std::string> lines;
        for (const std::string& line : events(to_packetdrill(vector)))
            if (contains(line, "setsockopt(4")) lines.push_back(line);
        return lines;
    };
    CHECK(options("0") == std::vector<std::string>{"+0 setsockopt(4, SOL_TCP, TCP_LINGER2, [2], 4) = 0"});
    CHECK(options("5") == std::vector<std::string>{"+0 setsockopt(4, SOL_TCP, TCP_LINGER2, [2], 4) = 0",
                                                   "+0 setsockopt(4, SOL_TCP, TCP_KEEPCNT, [3], 4) = 0",
                                                   "+0 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0",
                                                   "+0 setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [5], 4) = 0"});
}

TEST_CASE("a setting that says that an option is below 0 is written so") {
    TestVector vector = normal_close();
    vector.settings = {{"TCP_LINGER2_BELOW_0", "1"}};
    CHECK(contains(to_packetdrill(vector), "+0 setsockopt(4, SOL_TCP, TCP_LINGER2, [-1], 4) = 0\n"));
    vector.settings = {{"TCP_LINGER2_BELOW_0", "0"}};
    CHECK_FALSE(contains(to_packetdrill(vector), "TCP_LINGER2"));
}

TEST_CASE("IPv6 and the options of the SYN") {
    const std::string script = to_packetdrill(long_story(6));
    CHECK(script.rfind("--ip_version=ipv6\n", 0) == 0);
    CHECK(contains(script, "< S 0:0(0) win 8192 <mss 1440,nop,nop,sackOK,nop,nop,TS val 1 ecr 0,nop,wscale 0>\n"));
    CHECK(contains(script, "> F. 201:201(0) ack 101 <...>\n"));  // whatever options the IUT sends
}

TEST_CASE("an expectation of a timer is timed from its line in front; silence moves to the next line") {
    const std::string script = to_packetdrill(long_story());
    CHECK(contains(script, "+0.18~+0.45 > F. 201:201(0) ack 101"));   // 180 to 450 ms after the first FIN
    CHECK(contains(script, "+61 < F. 101:101(0) ack 202 win 8192"));  // the whole window of time_wait
    CHECK(contains(script, "+0~+0.04 > R 202:202(0) <...>"));
}

TEST_CASE("a range after a range is widened by what is not known") {
    TestVector vector = normal_close();
    vector.steps.resize(1);
    vector.steps[0].expect.push_back({fin_of(0, 0), {200'000, 300'000}, "again"});
    // First FIN at 0 to 40 ms, second at 200 to 300 ms after the call: 160 to 300 ms between them.
    CHECK(contains(to_packetdrill(vector), "+0.16~+0.3 > F. 1:1(0) ack 1\n"));

    TestVector waiting = normal_close();
    waiting.steps = {waiting.steps[0], waiting.steps[1], wait_step("rto", 0, {200'000, 300'000})};
    waiting.steps[1].expect = {{ack_of(1, 0), at_once, "x"}};
    waiting.steps[2].expect = {{fin_of(0, 0), after(0, {200'000, 300'000}), "again"}};
    // Reference is the FIN of step 0; step 1's segment came 0 to 40 ms after it.
    CHECK(contains(to_packetdrill(waiting), "+0.16~+0.3 > F. 1:1(0) ack 1\n"));
}

TEST_CASE("calls and their results at the socket interface") {
    TestVector vector = normal_close();
    vector.steps = {call_step("recv", "reset", 100),
                    call_step("send", "pipe", 10),
                    call_step("send", "closing", 10),
                    call_step("recv", "eof"),
                    call_step("shutdown_rd"),
                    call_step("shutdown_rdwr", "not_connected"),
                    call_step("abort"),
                    call_step("close", "closing")};
    const std::string script = to_packetdrill(vector);
    const std::vector<std::string> lines = events(script);
    REQUIRE(lines.size() == 9 + 8 + 1);
    CHECK(lines[9] == "+0 read(4, ..., 100) = -1 ECONNRESET (Connection reset by peer)");
    CHECK(lines[10] == "+0 write(4, ..., 10) = -1 EPIPE (Broken pipe)");
    CHECK(lines[11] == "+0 write(4, ..., 10) = -1 EPIPE (Broken pipe)");
    CHECK(lines[12] == "+0 read(4, ..., 1) = 0");
    CHECK(lines[13] == "+0 shutdown(4, SHUT_RD) = 0");
    CHECK(lines[14] == "+0 shutdown(4, SHUT_RDWR) = -1 ENOTCONN (Transport endpoint is not connected)");
    CHECK(lines[15] == "+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0");
    CHECK(lines[16] == "+0 close(4) = 0");
    CHECK(contains(script, "// packetdrill cannot express: close() = closing, the descriptor is closed\n"));
}

TEST_CASE("comments name rules, alternatives and states, and a line break in a note cannot leave them") {
    TestVector vector = long_story();
    vector.steps[0].note = "first\n+0 close(4) = 0";
    const std::string script = to_packetdrill(vector);
    CHECK(contains(script, "// also allowed: ACK seq=1 ack=101, 0 to 0.25 s, rule ack_data, the path goes on\n"));
    CHECK(contains(
        script,
        "// also allowed: FIN,ACK seq=201 ack=101, 0 to 0.1 s after step 4 was complete, rule probe, the planned "
        "path is left\n"));
    CHECK(contains(script, "// state now: TIME_WAIT; the application can see eof\n"));
    CHECK(contains(script, "// first +0 close(4) = 0\n"));
}

TEST_CASE("sequence numbers left of the opening wrap; what does not fit in packetdrill's grammar is a comment") {
    TestVector vector = normal_close();
    vector.steps = {send_step(ack_of(-2, 0)), send_step(data_of(-2, 0, 1))};
    const std::string script = to_packetdrill(vector);
    CHECK(contains(script, "+0 < . 4294967295:4294967295(0) ack 1 win 65535\n"));
    CHECK(contains(script, "// packetdrill cannot express: send DATA,ACK seq=-1 ack=1 len=1, it wraps\n"));
}

TEST_CASE("a window of 0 is on the line of its segment, whoever sends it") {
    TestVector vector = normal_close();
    vector.steps[1].segment.zero_window = true;
    vector.steps[2].expect[0].segment.zero_window = true;
    const std::vector<std::string> lines = events(to_packetdrill(vector));
    REQUIRE(lines.size() == 15);
    CHECK(lines[11] == "+0 < . 1:1(0) ack 2 win 0");
    CHECK(lines[12] == "+0 < F. 1:1(0) ack 2 win 65535");
    CHECK(lines[13] == "+0~+0.04 > . 2:2(0) ack 2 win 0");
}

TEST_CASE("a range counts from the opening or from an action where the vector does") {
    TestVector vector = normal_close();
    vector.steps.resize(2);
    vector.steps[1] = wait_step("rto", -1, {300'000, 400'000});
    const auto at = [&](Anchor since) {
        vector.steps[1].window.since = since;
        vector.steps[1].expect = {{fin_of(0, 0), vector.steps[1].window, "again"}};
        return to_packetdrill(vector);
    };
    // The FIN of close() comes 0 to 40 ms after close() and the opening.
    CHECK(contains(at({Anchor::Event::opening, -1}), "+0.26~+0.4 > F. 1:1(0) ack 1\n"));
    CHECK(contains(at({Anchor::Event::action, 0}), "+0.26~+0.4 > F. 1:1(0) ack 1\n"));
    CHECK(contains(at({Anchor::Event::completion, 0}), "+0.3~+0.4 > F. 1:1(0) ack 1\n"));
    CHECK(contains(at({}), "+0.3~+0.4 > F. 1:1(0) ack 1\n"));
}

TEST_CASE("a segment whose place depends on the IUT's window is a comment") {
    TestVector vector = normal_close();
    vector.steps[1].segment.from_right = true;
    CHECK(contains(to_packetdrill(vector),
                   "// packetdrill cannot express: send ACK seq=right ack=2, it does not know the IUT's window\n"));
}

TEST_CASE("a script says what it decides and that it wants a network namespace of its own") {
    const std::string script = to_packetdrill(long_story());
    CHECK(contains(script, "// counterexample of W08: no FIN is sent twice\n"));
    CHECK(contains(script, "// goal of again/FIN_WAIT_1: rule again fires in FIN-WAIT-1\n"));
    CHECK(contains(script, "// The spec expects that implementations do otherwise"));
    CHECK(contains(script, "// Limits of the profile: buffer = 1\n"));
    CHECK(contains(script, "// To be run in a network namespace of its own"));
    CHECK(script.find("network namespace") < script.find("`sysctl"));
}

TEST_CASE("the silence that ends a vector is waited out, and what was sent is counted") {
    TestVector vector = normal_close();
    vector.settle_us = 2'000'000;
    vector.settled_states = {"CLOSED"};
    vector.steps.push_back(wait_step("time_wait", 2, {60'000'000, 61'000'000}));
    const std::string script = to_packetdrill(vector);
    CHECK(contains(script, "// Silence for 63 s ends the vector: all in all the IUT has sent 3 segments.\n"));
    CHECK(contains(script, "// state then: CLOSED\n"));
    CHECK(contains(script, "\n+63 `test "));
}

TEST_CASE("a vector that a script cannot say is named with the step and what stands in the way") {
    CHECK(why_not_packetdrill(normal_close()) == "");
    const auto with = [](auto change) {
        TestVector vector = normal_close();
        change(vector);
        return why_not_packetdrill(vector);
    };
    CHECK(with([](TestVector& v) { v.steps[1].segment.from_right = true; }) ==
          "step 1: the place depends on the IUT's window");
    CHECK(with([](TestVector& v) { v.steps[2].expect[0].optional = true; }) ==
          "step 2: ACK seq=2 ack=2 may be left out");
    CHECK(with([](TestVector& v) { v.steps[0].other_results = {"reset"}; }) ==
          "step 0: close() may return something else, too");
    CHECK(with([](TestVector& v) { v.steps.push_back(call_step("recv", "eof", 1)); }) ==
          "step 3: recv() has no descriptor any more");
    CHECK(with([](TestVector& v) { v.steps[1].segment = data_of(-2, 0, 1); }) ==
          "step 1: the numbers wrap inside of the segment");
    // States and signals are not looked at: a script is weaker, and never wrong.
    CHECK(with([](TestVector& v) { v.steps[2].signals = {"eof"}; }) == "");
}

TEST_CASE("an alternative stands in the way of a script only where it can come before the next step acts") {
    TestVector vector = normal_close();
    vector.steps[0].alternatives = {{fin_of(0, 0), {200'000, 400'000}, Alternative::Then::go_on, "again"}};
    CHECK(why_not_packetdrill(vector) == "");  // the step is over after 40 ms at the latest
    vector.steps[0].alternatives[0].window.earliest_us = 40'000;
    CHECK(why_not_packetdrill(vector) == "step 0: FIN,ACK seq=1 ack=1 may come instead or besides");
    vector.steps[0].alternatives.clear();
    vector.steps[2].alternatives = {{ack_of(1, 1), {61'000, 70'000}, Alternative::Then::go_on, "again"}};
    CHECK(why_not_packetdrill(vector) == "");  // 40 ms at most, and 20 ms of silence
    vector.settle_us = 100'000;
    CHECK(why_not_packetdrill(vector) == "step 2: ACK seq=2 ack=2 may come instead or besides");
}

TEST_CASE("packetdrill parses the scripts") {
    if (run("command -v packetdrill").empty()) {
        MESSAGE("SKIPPED: packetdrill parses the scripts: there is no packetdrill on this machine");
        return;
    }
    const TemporaryDirectory here;
    for (const TestVector& vector : {normal_close(), normal_close(6), long_story(), long_story(6)}) {
        int code = 0;
        CHECK(run("packetdrill --dry_run " + quoted(here.write("script.pkt", to_packetdrill(vector))), &code) == "");
        CHECK(code == 0);
    }
}
