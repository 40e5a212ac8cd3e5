// The profile `linux` beside the running kernel: every kind of segment in every state, and what the application is
// told.
#include "tests/harness/linux_cells.h"

#include <doctest/doctest.h>

#include <memory>

#include "harness/driver.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/places.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

struct Linux {
    explicit Linux(const std::vector<std::string>& settings = {})
        : spec(read_spec(lastack::testing::source_dir() + "/specs/linux.spec", "linux", settings)) {}

    Spec spec;
    const Profile& profile = *spec.profile("linux");
    Limits limits =
        limits_of(profile, {{"data", 3}, {"buffer", 0}, {"repack", 0}, {"uto", 0}, {"window", 4}, {"quick", 1}});
};

// Every cell of a scene, each with one of the three ways to look. Adds to the counts of cells and of those that
// disagree.
void compare(Target& target, const Linux& linux, const std::string& scene, const std::vector<std::string>& options,
             std::size_t& count, std::size_t& different) {
    std::vector<cells::Cell> all;
    {
        cells::Pair pair(target, linux.profile, linux.limits, options);
        const std::string wrong = pair.play(scene);
        REQUIRE_MESSAGE(wrong.empty(), "'" << scene << "': " << wrong);
        all = cells::cells_at(pair, linux.limits.at("window"));
    }
    for (const cells::Cell& cell : all) {
        const auto probe = static_cast<cells::Probe>(count++ % 3);
        const std::string wrong = cells::difference(target, linux.profile, linux.limits, scene, cell, probe, options);
        CHECK_MESSAGE(wrong.empty(), wrong);
        if (!wrong.empty()) ++different;
        REQUIRE(different < 20);  // there is no need to see thousands
    }
}

}  // namespace

TEST_CASE("the kernel reacts to each kind of segment in each state as the profile linux says" *
          doctest::test_suite("slow") * hand::needs_kernel()) {
    const Linux linux;
    const auto target = make_linux_target();
    std::size_t count = 0, different = 0;
    for (const std::string& scene : cells::scenes) compare(*target, linux, scene, {}, count, different);
    MESSAGE(count << " cells, " << different << " disagree");
    CHECK(count > 20'000);
}

TEST_CASE("the same with SACK, with timestamps, and where no reset ends TIME-WAIT" * hand::needs_kernel()) {
    struct Row {
        std::string setting, option;
    };
    for (const Row& row : {Row{"tcp_sack", "sack"}, Row{"tcp_timestamps", "timestamps"}, Row{"tcp_rfc1337", ""}}) {
        const Linux linux({row.setting + "=1"});
        const auto target = make_linux_target();
        Setup setup;
        setup.settings = {{row.setting, "1"}};
        REQUIRE(target->configure(setup).empty());
        const std::vector<std::string> options =
            row.option.empty() ? std::vector<std::string>{} : std::vector{row.option};
        std::size_t count = 0, different = 0;
        for (const char* scene : {"early", "early_fin", "close ack", "shutdown_wr +fin", "fin"}) {
            compare(*target, linux, scene, options, count, different);
        }
        MESSAGE(row.setting << ": " << count << " cells, " << different << " disagree");
    }
}

TEST_CASE("a cell in which a profile and the kernel differ is told" * hand::needs_kernel()) {
    const Linux linux;
    const Profile& profile = *testing::shipped_spec("linux.spec").profile("rfc9293");
    const Limits limits = limits_of(profile, {{"data", 3}, {"buffer", 0}, {"window", 4}});
    const auto target = make_linux_target();
    cells::Cell bare;  // a segment without any flag: the kernel does not look at it, RFC 9293 acknowledges it
    bare.seq_from_next = limits.at("window") + 1;
    const std::string wrong = cells::difference(*target, profile, limits, "", bare, cells::Probe::look);
    CHECK(wrong.find("the kernel: ESTABLISHED; the profile: ACK seq=1 ack=1, ESTABLISHED") != std::string::npos);
    CHECK(cells::difference(*target, linux.profile, linux.limits, "", bare, cells::Probe::look).empty());
}

TEST_CASE("after a timeout the kernel's calls return what the profile linux says: text, then the end or the error" *
          hand::needs_kernel()) {
    const Linux linux;
    const auto target = make_linux_target();
    Setup setup;
    setup.settings = {{"tcp_retries2", "1"}, {"tcp_orphan_retries", "1"}};
    REQUIRE(target->configure(setup).empty());
    std::vector<std::unique_ptr<cells::Pair>> pairs;
    const std::vector<std::string> unanswered{"send",
                                              "text send",
                                              "text shutdown_wr",
                                              "fin send",
                                              "text fin send",
                                              "text fin shutdown_wr",
                                              "text shutdown_wr fin"};
    for (const std::string& scene : unanswered) {
        for (int order = 0; order < 2; ++order) {
            pairs.push_back(std::make_unique<cells::Pair>(*target, linux.profile, linux.limits));
            const std::string wrong = pairs.back()->play(scene);
            REQUIRE_MESSAGE(wrong.empty(), scene << ": " << wrong);
        }
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        CAPTURE(unanswered[i / 2]);
        REQUIRE(pairs[i]->give_up());
        const std::string wrong = pairs[i]->calls_afterwards(i % 2 == 1);
        CHECK_MESSAGE(wrong.empty(), wrong);
    }
}

TEST_CASE("who looked at an error behind text and FIN still reads the end of the stream, as without looking" *
          hand::needs_kernel()) {
    using namespace hand;
    const auto target = make_linux_target();
    const WireSegment text{0, 0, 100, false, false, false, true};
    const TestVector vector = vector_of(
        "reset behind text and FIN",
        {then(send(text), {ack(0, 100)}, "ESTABLISHED"), then(call("shutdown_wr"), {fin(0, 100)}, "FIN_WAIT_1"),
         then(send(fin(100, 0)), {ack(1, 101)}, "CLOSING", "eof"), then(send(rst(101)), {}, "CLOSED", "reset"),
         then(call("recv", "ok", 100), {}), then(call("recv", "eof", 100), {}), then(call("send", "reset", 1), {}),
         then(call("send", "pipe", 1), {})});
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, run.reason);
}
