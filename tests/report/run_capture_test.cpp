// A run that failed, as packets that another program can read.
#include "report/run_capture.h"

#include <doctest/doctest.h>

#include "generators/wire.h"
#include "tests/generators/captured_packets.h"
#include "tests/harness/hand_vectors.h"

using namespace lastack;

TEST_CASE("the packets of a run that did not pass are those that were observed, with how they were judged") {
    TestRun failed;
    failed.vector_id = "active close";
    failed.verdict = Verdict::fail;
    failed.reason = "FIN,ACK seq=1 ack=1 came 0 s after the step's start, allowed was nothing";
    failed.failed_step = 1;
    failed.observed = {{100, 0, Observed::Kind::call, {}, "close() = ok"},
                       {200, 0, Observed::Kind::received, hand::fin(0, 0), "expected"},
                       {300, 1, Observed::Kind::sent, hand::ack(0, 1), ""},
                       {400, 1, Observed::Kind::received, hand::fin(0, 0), "not allowed"}};
    TestRun passed = failed;
    passed.verdict = Verdict::pass;
    const std::vector<TestVector> vectors{hand::active_close(), hand::active_close(6), hand::active_close(6)};
    const std::vector<unsigned char> file = runs_pcapng(vectors, {failed, passed, failed});
    const auto packets = testing::captured_packets(file);
    REQUIRE(packets.size() == 12);  // twice the opening and three
    const auto last = decode({packets[5].begin(), packets[5].end()});
    REQUIRE(last);
    CHECK(last->fin);
    CHECK(last->destination == "198.51.100.1");
    CHECK(last->seq == 1'000'001);
    const auto other = decode({packets[11].begin(), packets[11].end()});
    REQUIRE(other);
    CHECK(other->ip == 6);
    CHECK(other->destination_port != last->destination_port);
    const std::string text(file.begin(), file.end());
    CHECK(text.find("step 0: close() = ok; then step 0: expected") != std::string::npos);
    CHECK(text.find("step 1: not allowed") != std::string::npos);
    CHECK(text.find("active close: REFUTED: FIN,ACK seq=1") != std::string::npos);
    CHECK(runs_pcapng({vectors[0]}, {passed}).empty());
}
