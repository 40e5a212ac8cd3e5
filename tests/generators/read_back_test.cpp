// What is written reads back: JSON to the same bytes, captured packets to the segments of the vector.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "generators/vector_json.h"
#include "generators/walk_suite.h"
#include "generators/wire.h"
#include "tests/generators/captured_packets.h"
#include "tests/generators/sample_vectors.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

const std::vector<TestVector>& vectors_of(const std::string& suite) {
    static std::map<std::string, std::vector<TestVector>> made;
    if (!made.contains(suite)) {
        WalkSuiteOptions options;
        options.ip_versions = {suite == "transitions" ? 6 : 4};
        options.limits = {{"buffer", 0}, {"repack", 0}};
        const Spec& spec = lastack::testing::shipped_spec("linux.spec");
        made[suite] = make_walk_suite(*spec.profile("linux"), suite, options).suite.vectors;
    }
    return made[suite];
}

// Where the vector's segments stand in its course: the opening, then what is sent and what is expected.
struct Planned {
    WireSegment segment;
    bool from_tester = false;
};

std::vector<Planned> plan_of(const TestVector& vector) {
    std::vector<Planned> plan = {
        {{.seq = -1, .syn = true, .has_ack = false}, true}, {{.seq = -1, .syn = true}, false}, {WireSegment{}, true}};
    for (const VectorStep& step : vector.steps) {
        if (step.kind == VectorStep::Kind::send) plan.push_back({step.segment, true});
        for (const Expected& expected : step.expect) plan.push_back({expected.segment, false});
    }
    return plan;
}

// What a packet says, with numbers as in a vector: the made-up number of the IUT is its SYN's.
WireSegment seen(const TcpPacket& packet, std::uint32_t own, std::uint32_t other) {
    const auto relative = [](std::uint32_t number, std::uint32_t isn) {
        return static_cast<std::int64_t>(static_cast<std::int32_t>(number - isn - 1));
    };
    return {.seq = relative(packet.seq, own),
            .ack = packet.has_ack ? relative(packet.ack, other) : 0,
            .len = static_cast<int>(packet.payload.size()),
            .fin = packet.fin,
            .syn = packet.syn,
            .rst = packet.rst,
            .has_ack = packet.has_ack,
            .zero_window = packet.window == 0};
}

std::string capture_differs(const TestVector& vector) {
    std::vector<TcpPacket> packets;
    for (const auto& bytes : lastack::testing::captured_packets(to_pcapng(vector))) {
        const auto packet = decode(bytes);  // with good checksums
        if (!packet) return "a packet that is none";
        packets.push_back(*packet);
    }
    const std::vector<Planned> plan = plan_of(vector);
    if (packets.size() != plan.size()) return fmt::format("{} packets, {} planned", packets.size(), plan.size());
    const std::uint32_t tester = packets[0].seq, iut = packets[1].seq;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const bool out = plan[i].from_tester;
        WireSegment wanted = plan[i].segment, got = seen(packets[i], out ? tester : iut, out ? iut : tester);
        if (!wanted.has_ack) wanted.ack = 0;
        if (wanted.from_right) {  // counted from the window of the IUT, which the file makes up
            wanted.from_right = false;
            wanted.seq = got.seq;
        }
        if (wanted.ack_from_right) {
            wanted.ack_from_right = false;
            wanted.ack = got.ack;
        }
        if (!(got == wanted)) return to_string(got) + " is not " + to_string(wanted);
    }
    return "";
}

}  // namespace

TEST_CASE("every vector of some suites reads back as JSON with the same bytes, on a line and on many" *
          doctest::test_suite("slow")) {
    for (const std::string suite : {"transitions", "ways", "loss"}) {
        CHECK(vectors_of(suite).size() > 50);
        std::size_t other = 0;
        for (const TestVector& vector : vectors_of(suite)) {
            const std::string line = to_json_line(vector), text = to_json(vector);
            const TestVector back = vector_from_json(line);
            other += !(back == vector) || to_json_line(back) != line || to_json(vector_from_json(text)) != text;
        }
        CHECK_MESSAGE(other == 0, suite);
    }
}

TEST_CASE("every packet of a capture decodes to the segment of its vector" * doctest::test_suite("slow")) {
    CHECK(capture_differs(lastack::testing::normal_close()) == "");
    for (const std::string suite : {"transitions", "ways", "loss"}) {
        std::string first;
        for (const TestVector& vector : vectors_of(suite))
            if (first.empty() && !capture_differs(vector).empty()) first = vector.id + ": " + capture_differs(vector);
        CHECK(first == "");
    }
}
