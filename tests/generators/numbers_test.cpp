// Other numbers for a vector: what they are, and that they say the same.
#include "generators/numbers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "generators/vector_json.h"
#include "tests/generators/sample_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// Text of the IUT only, sent and acknowledged, and its FIN.
TestVector one_way() {
    TestVector vector = normal_close();
    VectorStep write = call_step("send", "ok", 100);
    write.expect = {{data_of(0, 0, 100), at_once, "send"}};
    VectorStep close = call_step("close");
    close.expect = {{fin_of(100, 0), at_once, "close_active"}};
    vector.steps = {write, send_step(ack_of(0, 100)), close, send_step(ack_of(0, 101)), send_step(fin_of(0, 101))};
    vector.steps.back().expect = {{ack_of(101, 1), at_once, "fin"}};
    return vector;
}

}  // namespace

TEST_CASE("another unit moves text and what stands behind it, and what is a byte each stays one") {
    const TestVector made = with_unit(long_story(), 1460);
    CHECK(made.unit_bytes == 1460);
    CHECK(made.steps[0].segment == data_of(0, 0, 1460));
    CHECK(made.steps[1].bytes == 1460);
    CHECK(made.steps[2].expect[0].segment == data_of(0, 1460, 2920));
    CHECK(made.steps[6].segment == fin_of(1460, 2921));  // the text and the FIN
    CHECK(made.steps[6].expect[0].segment == ack_of(2921, 1461));
    CHECK(with_unit(made, 100) == long_story());
    TestVector odd = normal_close();
    odd.steps[1].segment = data_of(-2, 0, 1);
    odd.steps[2].segment = {.seq = -1, .ack = 1, .len = 100, .from_right = true};
    const TestVector scaled = with_unit(odd, 1000);
    CHECK(scaled.steps[1].segment == data_of(-2, 0, 1));  // before the stream's begin
    TestVector probe = normal_close();
    probe.steps[1].segment = ack_of(99, 1);
    CHECK(with_unit(probe, 1000).steps[1].segment == ack_of(999, 1));  // the last byte of a unit
    CHECK(with_unit(probe, 1).steps[1].segment == ack_of(0, 1));
    CHECK(scaled.steps[2].segment.seq == -1);  // counted from the right edge
    CHECK(scaled.steps[2].segment.len == 1000);
}

TEST_CASE("text comes in several segments only where it is sent once and nothing is waited for") {
    CHECK(can_come_in_parts(one_way()));
    CHECK_FALSE(can_come_in_parts(normal_close()));  // no text
    CHECK_FALSE(can_come_in_parts(long_story()));    // text of the tester, and waits
    TestVector again = one_way();
    again.steps[1].expect = {{data_of(0, 0, 100), at_once, "again"}};
    CHECK_FALSE(can_come_in_parts(again));
}

TEST_CASE("segments are as long as the tester's options leave room for") {
    TestVector vector = normal_close();
    CHECK(segment_bytes(vector) == 1460);
    vector.options = {"sack", "timestamps"};
    CHECK(segment_bytes(vector) == 1448);
    vector.ip = 6;
    CHECK(segment_bytes(vector) == 1428);
}

TEST_CASE("over a suite the FIN lies at, below and above 2^31 and 2^32, and units and windows are of all kinds") {
    Numbers numbers(5);
    std::set<std::uint32_t> fins;
    std::set<int> units, windows;
    for (int i = 0; i < 300; ++i) {
        TestVector vector = i % 2 == 0 ? normal_close() : one_way();
        numbers.put(vector);
        const WireSegment& fin = std::find_if(vector.steps.begin(), vector.steps.end(), [](const VectorStep& step) {
                                     return step.kind == VectorStep::Kind::send && step.segment.fin;
                                 })->segment;
        fins.insert(vector.tester_isn + 1 + static_cast<std::uint32_t>(fin.seq));
        if (i % 2 == 1) units.insert(vector.unit_bytes);
        windows.insert(vector.window);
        CHECK(vector.window > 2 * vector.unit_bytes);
        CHECK(vector_from_json(to_json(vector)) == vector);
    }
    for (const std::uint32_t wanted :
         {0x7fffffffU, 0x80000000U, 0x80000001U, 0xffffffffU, 0U, 1U})  // the number behind it is one more
        CHECK_MESSAGE(fins.contains(wanted), wanted);
    CHECK(units == std::set<int>{1, 100, 1460, 2920});
    CHECK(windows.contains(65535));
    CHECK(windows.contains(32768));
    CHECK(numbers.solved() < 300);  // alike segments share an answer
}

TEST_CASE("the same seed gives the same vectors, another one others") {
    const auto isn = [](std::uint32_t seed) {
        Numbers numbers(seed);
        TestVector vector = normal_close();
        numbers.put(vector);
        return vector.tester_isn;
    };
    CHECK(isn(1) == isn(1));
    CHECK(std::set<std::uint32_t>{isn(1), isn(2), isn(3), isn(4)}.size() > 2);
}

TEST_CASE("nothing but numbers changes: kinds, flags, rules, windows of time and states stay") {
    Numbers numbers(1);
    for (int i = 0; i < 8; ++i) {
        TestVector vector = one_way();
        numbers.put(vector);
        TestVector back = vector.unit_bytes < 32 ? one_way() : with_unit(vector, 100);
        CHECK(vector.steps.size() == one_way().steps.size());
        back.tester_isn = one_way().tester_isn;
        back.window = one_way().window;
        CHECK(back == one_way());
    }
}
