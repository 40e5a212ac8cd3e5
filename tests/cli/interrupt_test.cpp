// An interrupted verb ends within a second, with exit 30 and what it has, says that this is a part, and leaves nothing
// behind.
#include <doctest/doctest.h>
#include <net/if.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/cli/command.h"
#include "tests/cli/interruptions.h"
#include "tests/harness/kernel.h"
#include "tests/places.h"

using command::Child;
using command::has;
using command::Interrupted;
using command::interrupted_in;
using command::Phase;
using command::Terminal;
using command::within;
using lastack::testing::TemporaryDirectory;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const std::string linux_spec = lastack::testing::source_dir() + "/specs/linux.spec";

// "net:[4026531840]" for a process; empty where it is gone.
std::string net_namespace(const std::string& process) {
    std::error_code gone;
    return fs::read_symlink("/proc/" + process + "/ns/net", gone).string();
}

// Whether some process still lives in that namespace.
bool inhabited(const std::string& name) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string process = entry.path().filename();
        if (process.find_first_not_of("0123456789") == std::string::npos && net_namespace(process) == name) return true;
    }
    return false;
}

std::set<std::string> network_devices() {
    std::set<std::string> names;
    struct if_nameindex* const devices = if_nameindex();
    for (struct if_nameindex* at = devices; at && at->if_index != 0; ++at) names.insert(at->if_name);
    if_freenameindex(devices);
    return names;
}

Phase phase_named(const std::string& name, const std::string& here) {
    for (Phase& phase : command::long_phases(here)) {
        if (phase.name == name) return phase;
    }
    throw std::out_of_range("no phase " + name);
}

// The verbs that end without a word on a part of their result say it here.
void check_each_phase(int signal) {
    const TemporaryDirectory here;
    REQUIRE(mkfifo((here.path() / "fifo").c_str(), 0600) == 0);
    for (const Phase& phase : command::long_phases(here.path().string())) {
        CAPTURE(phase.name);
        const Interrupted ended = interrupted_in(phase, signal);
        CAPTURE(ended.out);
        CAPTURE(ended.shown);
        CHECK(ended.reached);
        CHECK(ended.code == 30);
        CHECK(ended.processor_seconds < 1);
        CHECK((has(ended.shown, "interrupted") || has(ended.out, "PARTIAL") ||
               has(ended.shown, "the graph is partial") || has(ended.out, "interrupted")));
    }
    for (const auto& entry : fs::directory_iterator(here.path()))
        CHECK_MESSAGE(entry.path().string().find(".partial") == std::string::npos, entry.path());
    CHECK_FALSE(fs::exists(here.path() / "graph"));
}

}  // namespace

TEST_CASE("SIGINT: each verb, in each phase that takes long, ends within a second and exits 30" *
          doctest::test_suite("slow")) {
    check_each_phase(SIGINT);
}

TEST_CASE("SIGTERM: each verb, in each phase that takes long, ends within a second and exits 30" *
          doctest::test_suite("slow")) {
    check_each_phase(SIGTERM);
}

TEST_CASE("an interrupted check says what it has, that it is a part, and counts what it does not know as unknown" *
          doctest::test_suite("slow")) {
    const TemporaryDirectory here;
    const Interrupted ended = interrupted_in(phase_named("check: exploring", here.path().string()), SIGINT);
    REQUIRE(ended.reached);
    CHECK(ended.code == 30);
    CHECK(has(ended.out, "PARTIAL"));
    CHECK(has(ended.out, "interrupted: only a part was explored"));
    CHECK(has(ended.out, "not decided        W01-moves"));
    CHECK_FALSE(has(ended.out, "SURPRISE"));
    CHECK(has(ended.out, " as expected, 0 not, "));
    CHECK(has(ended.out, " unknown\n"));
}

TEST_CASE("SIGINT: an interrupted check prints its JSON document, whole, with the members that say so" *
          doctest::test_suite("slow")) {
    const TemporaryDirectory here;
    Phase phase = phase_named("check: exploring", here.path().string());
    phase.arguments.emplace_back("--json");
    const Interrupted ended = interrupted_in(phase, SIGINT);
    CHECK(ended.code == 30);
    CHECK(has(ended.out, "\"interrupted\": true"));
    CHECK(has(ended.out, "\"unexpected\": 0"));
    CHECK(ended.out.ends_with("}\n"));
}

TEST_CASE("one Ctrl-C at the prompt ends a walk") {
    Child child({"step", lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec"},
                Terminal::standard_input_and_error);
    REQUIRE(within(60s, [&] { return has(child.out(), "\n> "); }));
    child.type("1\n");
    REQUIRE(within(60s, [&] { return has(child.out(), "Step 1 of 1"); }));
    child.type("\x03");
    REQUIRE(within(60s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.shown(), "interrupted: the walk ends at step 1"));
}

TEST_CASE("who reads slowly does not keep an interrupted command alive" * doctest::test_suite("slow")) {
    // Much more than a pipe holds, and nobody reads it.
    const TemporaryDirectory here;
    const fs::path fifo = here.path() / "fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    const int reader = open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    Child child({"export", "--as", "promela", "--system", "lossy", "-o", fifo.string(), linux_spec});
    const auto is_full = [&] {
        int bytes = 0;
        return ioctl(reader, FIONREAD, &bytes) == 0 && bytes >= 4096;
    };
    REQUIRE(within(60s, [&] { return is_full() || !child.running(); }));
    CHECK(child.running());
    child.signal(SIGTERM);
    CHECK(within(60s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    close(reader);
}

TEST_CASE("SIGINT: a gate that waits for TIME-WAIT on the kernel gives its verdicts and leaves nothing" *
          doctest::test_suite("slow") * hand::needs_kernel()) {
    const std::set<std::string> before = network_devices();
    Child child({"gate", "-v", linux_spec, "--target", "linux", "--claim", "W01", "--ip", "4", "--longest", "100"},
                Terminal::standard_input_and_error);
    // W01/B is over soon, W01/A waits a minute.
    REQUIRE(within(60s, [&] { return has(child.shown(), "driving: 1 of 2 vectors done"); }));
    REQUIRE(within(60s, [&] { return has(child.shown(), "driving: 1 of 2 vectors done, 3 s"); }));  // it keeps moving
    REQUIRE(child.running());
    const std::string its_own = net_namespace(std::to_string(child.pid()));
    CHECK(its_own != net_namespace("self"));
    CHECK(inhabited(its_own));

    child.signal(SIGINT);
    REQUIRE(within(60s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.out(), "not driven        W01/A (IPv4)    stopped before it was over"));
    CHECK(has(child.out(), "does it           W01/B"));
    CHECK(has(child.out(), "1 confirmed"));
    CHECK_FALSE(child.left_processes());
    CHECK_FALSE(inhabited(its_own));
    CHECK(network_devices() == before);
}
