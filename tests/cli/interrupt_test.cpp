// An interrupted run ends soon, with exit 30 and what it has, and leaves nothing behind.
#include <doctest/doctest.h>
#include <net/if.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/cli/child.h"
#include "tests/cli/command.h"
#include "tests/harness/kernel.h"

using command::Child;
using command::has;
using command::within;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const std::string linux_spec = std::string(LASTACK_SOURCE_DIR) + "/specs/linux.spec";

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

// A check of millions of states, interrupted in the middle of them by this signal.
void check_interrupted_by(int signal) {
    Child child({"check", linux_spec});
    std::this_thread::sleep_for(500ms);
    REQUIRE(child.running());
    child.signal(signal);
    REQUIRE(within(30s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.out(), "PARTIAL"));
    CHECK(has(child.out(), "interrupted: only a part was explored"));
    CHECK(has(child.out(), "?? W01-moves      unknown"));
    CHECK(has(child.out(), " claims: 0 as expected, "));
    CHECK(child.err() == "");
}

}  // namespace

TEST_CASE("SIGINT: a check says what it has, that it is a part, and exits 30") { check_interrupted_by(SIGINT); }

TEST_CASE("SIGTERM: the same") { check_interrupted_by(SIGTERM); }

TEST_CASE("SIGINT: an interrupted check prints its JSON document, whole, with the members that say so") {
    Child child({"check", "--json", linux_spec});
    std::this_thread::sleep_for(500ms);
    child.signal(SIGINT);
    REQUIRE(within(30s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.out(), "\"interrupted\": true"));
    CHECK(child.out().ends_with("}\n"));
}

TEST_CASE("SIGINT: an interrupted graph is no file that looks whole and exits 30") {
    const lastack::testing::TemporaryDirectory here;
    Child child({"graph", linux_spec});
    std::this_thread::sleep_for(200ms);
    child.signal(SIGINT);
    REQUIRE(within(30s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.err(), "the graph is partial"));
}

TEST_CASE("SIGINT: a gate that waits for TIME-WAIT on the kernel gives its verdicts and leaves nothing" *
          hand::needs_kernel()) {
    const std::set<std::string> before = network_devices();
    Child child({"gate", linux_spec, "--target", "linux", "--claim", "W01", "--ip", "4", "--longest", "100"});
    REQUIRE(within(20s, [&] { return has(child.out(), "Target: Linux"); }));
    std::this_thread::sleep_for(1500ms);  // W01/B is over by now, W01/A waits a minute
    REQUIRE(child.running());
    const std::string its_own = net_namespace(std::to_string(child.pid()));
    CHECK(its_own != net_namespace("self"));
    CHECK(inhabited(its_own));

    child.signal(SIGINT);
    REQUIRE(within(30s, [&] { return !child.running(); }));
    CHECK(child.code() == 30);
    CHECK(has(child.out(), "SKIPPED      W01/A             IPv4       stopped before it was over"));
    CHECK(has(child.out(), "CONFIRMED    W01/B"));
    CHECK(has(child.out(), "1 confirmed"));
    CHECK_FALSE(child.left_processes());
    CHECK_FALSE(inhabited(its_own));
    CHECK(network_devices() == before);
}
