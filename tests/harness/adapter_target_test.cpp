// Stacks behind adapters, driven: what goes right, and what becomes of vectors where the adapter does not.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "harness/driver.h"
#include "harness/targets.h"
#include "tests/harness/adapters.h"
#include "tests/harness/hand_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

constexpr AdapterPatience short_patience{300, 4U << 20U, 20'000};
constexpr AdapterPatience no_patience{300, 4U << 20U, 300};  // for children that are no adapters

std::vector<TestVector> driven(std::vector<TestVector> vectors) {
    for (TestVector& vector : vectors) vector.profile = vector.subject = "hand";
    return vectors;
}

std::vector<std::string> verdicts(const std::vector<TestRun>& runs) {
    std::vector<std::string> words;
    for (const TestRun& run : runs)
        words.push_back(to_string(run.verdict) + (run.reason.empty() ? "" : ": " + run.reason));
    return words;
}

std::vector<std::string> verdicts_of(const std::string& command, std::vector<TestVector> vectors) {
    const auto target = make_adapter_target(child(command), short_patience);
    return verdicts(drive(*target, driven(std::move(vectors)), {}));
}

bool skip_without_python(const char* test) {
    if (has_python()) return false;
    MESSAGE("SKIPPED: " << test << ": no Python 3.8");
    return true;
}

bool skip_without_lwip(const char* test) {
    if (!lwip_command().empty()) return false;
    MESSAGE("SKIPPED: " << test << ": liblwip-dev is missing");
    return true;
}

// What a shell command that is no adapter has written into `name` before it ended.
std::string written_by_child(const std::string& command) {
    const TemporaryDirectory here;
    const std::string file = here.write("said", "");
    CHECK_THROWS_AS(make_adapter_target(child("{ " + command + "; } >" + quoted(file) + " 2>&1"), no_patience),
                    AdapterFault);
    return read_file(file);
}

bool alive(const std::string& pid) { return std::filesystem::exists("/proc/" + pid); }

template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 400 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return condition();
}

}  // namespace

TEST_CASE("vectors by hand are driven through an adapter, many in one message") {
    if (skip_without_python("vectors by hand are driven through an adapter")) return;
    std::vector<TestVector> vectors;
    for (int i = 0; i < 20; ++i) {
        vectors.push_back(hand::active_close());
        vectors.push_back(hand::passive_close());
        vectors.push_back(hand::peer_reset());
    }
    for (const std::string& verdict : verdicts_of(example_command(), vectors)) CHECK(verdict == "pass");
}

TEST_CASE("lwIP closes by hand-written vectors, over IPv4 and IPv6") {
    if (skip_without_lwip("lwIP closes by hand-written vectors")) return;
    for (const int ip : {4, 6}) {
        CHECK(verdicts_of(lwip_command(), {hand::active_close(ip), hand::passive_close(ip), hand::abort_call(ip),
                                           hand::peer_reset(ip)}) ==
              std::vector<std::string>{"pass", "pass", "pass", "pass"});
    }
}

TEST_CASE("an adapter that breaks down costs the vector that does it, and no other") {
    if (skip_without_python("an adapter that breaks down costs the vector that does it")) return;
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"die", "the adapter was ended by signal 11 (Segmentation fault)"},
        {"exit", "the adapter ended with exit code 3"},
        {"hang", "the adapter gave no answer within 0.3 s"},
        {"flood", "the adapter sent more than 4 MB where an answer was due"},
        {"drip", "the adapter gave no answer within 0.3 s"},
        {"lie", "the adapter sent a frame of 4294967295 bytes; frames have 1 to 70000"},
        {"short", "the adapter gave no answer within 0.3 s"},
        {"babble", "the adapter sent a frame of 1399154541 bytes; frames have 1 to 70000"},
        {"other", "the adapter answered 'C' by 'q'"}};
    for (const auto& [fault, reason] : faults) {
        CAPTURE(fault);
        CHECK(verdicts_of(faulty_command(fault), {hand::active_close(), hand::half_close(), hand::passive_close(),
                                                  hand::half_close(), hand::peer_reset()}) ==
              std::vector<std::string>{"pass", "error: " + reason, "pass", "error: " + reason, "pass"});
    }
}

TEST_CASE("an adapter that is lost again and again is given up") {
    if (skip_without_python("an adapter that is lost again and again is given up")) return;
    const std::vector<std::string> words =
        verdicts_of(faulty_command("exit"), std::vector<TestVector>(40, hand::half_close()));
    CHECK(words.front() == "error: the adapter ended with exit code 3");
    CHECK(words.back() == "error: the target was lost 21 times, at last so: the adapter ended with exit code 3");
}

TEST_CASE("a clock that goes back or stands still is a fault") {
    if (skip_without_python("a clock that goes back or stands still is a fault")) return;
    for (const auto& [fault, reason] :
         {std::pair{"stuck", "the adapter's clock stays at 0 us where it should become 1000000"},
          std::pair{"back", "the adapter's clock stays at 0 us where it should become 1000000"}}) {
        const auto target = make_adapter_target(child(faulty_command(fault)), short_patience);
        CHECK_THROWS_WITH_AS(target->wait(1'000'000), reason, AdapterFault);
    }
}

TEST_CASE("what the stack has not, its vectors are skipped for, with the reason") {
    if (skip_without_python("what the stack has not, its vectors are skipped for")) return;
    TestVector closed = hand::vector_of("begins in CLOSED", {hand::call("open")});
    closed.begin = TestVector::Begin::closed;
    TestVector set = hand::active_close();
    set.settings = {{"speed", "9"}};
    const TestVector reading = hand::vector_of("stops reading", {hand::call("shutdown_rd")});
    CHECK(verdicts_of(example_command(), {closed, hand::active_close(6), reading, set}) ==
          std::vector<std::string>{"skipped: the target makes no sockets: it only accepts",
                                   "skipped: the target has no IPv6", "skipped: the target has no call shutdown_rd",
                                   "skipped: the target cannot be set up: speed = 9: there is no such setting"});
    // Where states cannot be read, what packets show is judged all the same.
    TestVector silent = hand::active_close();
    silent.steps.push_back(hand::then(hand::wait("time_wait", {240'000'000, 240'000'000}, 2), {}, "CLOSED"));
    CHECK(verdicts_of(faulty_command("stateless"), {hand::active_close(), silent, hand::passive_close()}) ==
          std::vector<std::string>{"pass", "skipped: the target's state cannot be read",
                                   "skipped: what its application sees without a call cannot be read"});
}

TEST_CASE("a child has no descriptors but its standard streams, and no network but an empty one") {
    const std::string seen = written_by_child("ls -l /proc/self/fd | wc -l; tail -n +3 /proc/net/dev | cut -d: -f1");
    // 0, 1, 2, the directory itself, and ls's line "total"
    CHECK(seen == "5\n    lo\n");
}

TEST_CASE("a child and what it has started end with the target") {
    const TemporaryDirectory here;
    const std::string file = here.write("pids", "");
    CHECK_THROWS_AS(
        make_adapter_target(child("sleep 1000 & echo $! $$ >" + quoted(file) + "; trap '' TERM INT HUP; wait"),
                            no_patience),
        AdapterFault);
    std::istringstream words(read_file(file));
    std::string child_of_it, itself;
    words >> child_of_it >> itself;
    REQUIRE(!itself.empty());
    CHECK(soon([&] { return !alive(child_of_it) && !alive(itself); }));
}

TEST_CASE("a child ends when the process that has the target is killed") {
    const TemporaryDirectory here;
    const std::string file = here.write("pid", "");
    const pid_t owner = ::fork();
    if (owner == 0) {
        try {
            make_adapter_target(child("echo $$ >" + quoted(file) + "; exec sleep 1000"), {60'000, 1000, 60'000});
        } catch (const std::exception&) {
        }
        ::_exit(0);
    }
    std::string pid;
    CHECK(soon([&] { return !(pid = read_file(file)).empty(); }));
    pid.pop_back();
    CHECK(alive(pid));
    ::kill(owner, SIGKILL);
    ::waitpid(owner, nullptr, 0);
    CHECK(soon([&] { return !alive(pid); }));
}

TEST_CASE("places of adapters: what follows the colon is the command or the path") {
    CHECK(adapter_place("exec:a b")->what == "a b");
    CHECK(adapter_place("unix:/run/a")->kind == AdapterPlace::Kind::unix_socket);
    CHECK(!adapter_place("linux"));
    CHECK_THROWS_WITH_AS(adapter_place("exec: "), "'exec: ' names no command", std::invalid_argument);
    CHECK_THROWS_WITH_AS(adapter_place("unix:" + std::string(200, 'x')).has_value(),
                         ("'unix:" + std::string(200, 'x') + "': a socket's path has at most 107 bytes").c_str(),
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(make_adapter_target({AdapterPlace::Kind::unix_socket, "/nonexistent/socket"}, {}),
                         "nobody listens on the socket /nonexistent/socket: No such file or directory",
                         TargetUnavailable);
}
