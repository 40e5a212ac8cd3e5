// Closes of this machine's kernel over a bad path: `linux` explains each of them, and not what was tampered with.
#include "tests/harness/lossy_path.h"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>

#include "harness/capture_file.h"
#include "harness/judge.h"
#include "model/language/read_spec.h"
#include "report/judge_text.h"
#include "tests/harness/kernel.h"
#include "tests/places.h"
#include "tests/support.h"

using namespace lastack;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

struct Counted {
    int connections = 0, closed = 0, wrong = 0, with_reset = 0, wrong_with_reset = 0, doubtful = 0;
    std::string wrong_ones;
};

// Each reset's SEQ moved by so much.
Counted judged(const std::string& file, std::uint32_t moved = 0) {
    static const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/linux.spec");
    static CloseJudge judge(spec, {"linux"});
    Counted outcome;
    Connections connections({}, [&](Connection&& one) {
        const auto judgements = judge.judge(one, one.last_ns);
        const bool reset = one.resets[0] + one.resets[1] > 0;
        const bool wrong = verdict_of(judgements) == CloseVerdict::unexplained;
        ++outcome.connections;
        outcome.closed += !one.passings.empty();
        outcome.wrong += wrong;
        outcome.with_reset += reset;
        outcome.wrong_with_reset += wrong && reset;
        outcome.doubtful += verdict_of(judgements) == CloseVerdict::unjudged;
        if (wrong) outcome.wrong_ones += judged_line(judge, one, judgements) + judged_ladder(judge, one, judgements);
    });
    CaptureFile capture(file);
    CapturedFrame frame;
    SeenSegment seen;
    while (capture.next(frame)) {
        if (read_frame(capture.link_type(), frame.bytes, frame.wire_length, seen) != FrameContent::tcp) continue;
        if (seen.rst) seen.seq += moved;
        connections.add(seen, frame.number, frame.at_ns);
    }
    connections.finish();
    return outcome;
}

hand::PathOptions bad_path() {
    hand::PathOptions options;
    options.connections = 80;
    options.lost_before = options.lost_behind = options.doubled = options.held = 0.05;
    options.action_ms = 700;
    options.whole_ms = 1800;
    return options;
}

}  // namespace

TEST_CASE("closes of the kernel over a path that loses, doubles and reorders are behaviours of linux" *
          hand::needs_kernel()) {
    const TemporaryDirectory here;
    std::string capture;
    {
        const NetworkNamespace apart;
        capture = hand::LossyPath(bad_path()).run();
    }
    const std::string file = here.write("middle.pcap", capture);
    const Counted outcome = judged(file);
    CHECK(outcome.connections > 60);
    CHECK(outcome.closed > 50);
    CHECK_MESSAGE(outcome.wrong == 0, outcome.wrong_ones);
    CHECK(outcome.doubtful <= outcome.closed / 10);
    MESSAGE(outcome.closed, " closes, ", outcome.doubtful, " unclear");

    // The same capture with a SEQ before the stream in each reset: what was right becomes wrong.
    const Counted tampered = judged(file, static_cast<std::uint32_t>(-100'000));
    CHECK(tampered.with_reset > 10);
    CHECK(tampered.wrong_with_reset + tampered.doubtful >= tampered.with_reset);
}

TEST_CASE("closes that tcpdump captures at the ends are behaviours of linux" * hand::needs_kernel()) {
    const std::string name = "closes that tcpdump captures at the ends are behaviours of linux";
    if (std::system("command -v tcpdump >/dev/null 2>&1") != 0) {
        MESSAGE("SKIPPED: " << name << ": there is no tcpdump");
        std::printf("SKIPPED: %s: there is no tcpdump\n", name.c_str());
        return;
    }
    const TemporaryDirectory here;
    const std::string file = (here.path() / "ends.pcap").string();
    {
        const NetworkNamespace apart;
        hand::PathOptions options = bad_path();
        options.connections = 40;
        options.action_ms = 400;
        options.whole_ms = 1200;
        options.seed = 2;
        hand::LossyPath path(options);
        const pid_t dump = ::fork();
        if (dump == 0) {
            ::freopen("/dev/null", "w", stderr);
            ::execlp("tcpdump", "tcpdump", "-i", "lastack-path", "-w", file.c_str(), "-U", "--immediate-mode", "-s",
                     "128", "-B", "16384", "-Z", "root", static_cast<char*>(nullptr));
            ::_exit(127);
        }
        for (int i = 0; i < 200 && !std::filesystem::exists(file); ++i) ::usleep(10'000);
        ::usleep(100'000);
        path.run();
        ::usleep(100'000);
        ::kill(dump, SIGINT);
        ::waitpid(dump, nullptr, 0);
    }
    // Each connection is there twice, as each of its ends saw it.
    const Counted outcome = judged(file);
    CHECK(outcome.connections > 60);
    CHECK(outcome.closed > 40);
    CHECK_MESSAGE(outcome.wrong == 0, outcome.wrong_ones);
}
