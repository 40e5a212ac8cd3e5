// A kernel in a virtual machine: minutes of its time in seconds of ours, twice the same to the microsecond.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/records.h"
#include "harness/targets.h"
#include "harness/vm_image.h"
#include "tests/harness/hand_vectors.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

TestRun sample_run() {
    TestRun run;
    run.vector_id = "a/b";
    run.verdict = Verdict::fail;
    run.reason = "RST came";
    run.failed_step = 1;
    run.left_path = true;
    run.duration_us = 61'000'000;
    run.observed = {{-5, 0, Observed::Kind::call, {}, "close() = ok"},
                    {1'000'000, -1, Observed::Kind::received, hand::fin(-1, 4'294'967'296), "unexpected"}};
    run.observed[1].segment.zero_window = true;
    return run;
}

// Something in each field that may have something.
TestVector sample_vector() {
    TestVector vector = hand::passive_close(6);
    vector.begin = TestVector::Begin::closed;
    vector.refuted_expected = true;
    vector.clauses = {"RFC 9293 3.6", ""};
    vector.rules = {{"fin", "3.10.7.4"}, {"ack", ""}};
    vector.profile = vector.subject = "hand";
    vector.system = "s";
    vector.endpoint = "B";
    vector.limits = {{"data", -1}};
    vector.unproduced = {"rto"};
    vector.settings = {{"tcp_fin_timeout", "5"}};
    vector.options = {"sack"};
    vector.settled_states = {"CLOSED"};
    VectorStep& step = vector.steps.front();
    step.alternatives = {{hand::rst(-1), {1, 2, {Anchor::Event::completion, 3}}, Alternative::Then::go_on, "reset"}};
    step.other_results = {"would_block"};
    step.returned = "eof";
    step.returned_optional = step.signals_optional = true;
    step.segment.from_right = true;
    step.expect.push_back({hand::data(1, 2), hand::soon, "text", true});
    step.other_states = {"CLOSING"};
    step.note = "a note";
    step.rules = {"fin"};
    return vector;
}

bool same(const TestRun& a, const TestRun& b) {
    std::string left, right;
    put_record(left, a);
    put_record(right, b);
    return left == right;
}

// The application closes, the peer's FIN comes or does not: 60 s of TIME-WAIT, 60 s of FIN-WAIT-2.
std::vector<TestVector> minutes() {
    const auto closed = [] {
        return std::vector{hand::then(hand::call("close"), {hand::fin(0, 0)}, "FIN_WAIT_1"),
                           hand::then(hand::send(hand::ack(0, 1)), {}, "FIN_WAIT_2")};
    };
    std::vector<VectorStep> alone = closed(), both = closed();
    alone.push_back(hand::then(hand::wait("fin_wait_2", {59'000'000, 68'000'000}, 1), {}, "CLOSED"));
    both.push_back(hand::then(hand::send(hand::fin(0, 1)), {hand::ack(1, 1)}, "TIME_WAIT"));
    both.push_back(hand::then(hand::wait("time_wait", {59'000'000, 68'000'000}, 2), {}, "CLOSED"));
    std::vector<TestVector> vectors;
    for (const int ip : {4, 6}) {
        vectors.push_back(hand::vector_of("FIN-WAIT-2 of an orphan", alone, ip));
        vectors.push_back(hand::vector_of("TIME-WAIT", both, ip));
    }
    return vectors;
}

}  // namespace

TEST_CASE("a vector as a record is the same when it is read") {
    std::string bytes;
    std::vector<TestVector> vectors = minutes();
    vectors.push_back(sample_vector());
    for (const TestVector& vector : vectors) put_record(bytes, vector);
    std::string_view rest = bytes;
    for (const TestVector& vector : vectors) CHECK(take_vector(rest) == vector);
    CHECK(rest.empty());
}

TEST_CASE("a run as a record is the same when it is read; a record that is cut off or says too much is refused") {
    const TestRun run = sample_run();
    std::string bytes;
    put_record(bytes, run);
    std::string_view rest = bytes;
    const TestRun read = take_run(rest);
    CHECK(rest.empty());
    CHECK(same(read, run));
    CHECK(read.observed.at(1).segment == run.observed.at(1).segment);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        rest = std::string_view(bytes).substr(0, length);
        CHECK_THROWS_AS(take_run(rest), RecordError);
    }
    for (const std::size_t at : {std::size_t{0}, std::size_t{8 + 3}}) {  // the id's length, the verdict
        std::string wrong = bytes;
        wrong[at] = '\x7f';
        rest = wrong;
        CHECK_THROWS_AS(take_run(rest), RecordError);
    }
}

TEST_CASE("an initial archive is one that cpio lists") {
    if (!installed("cpio")) {
        MESSAGE("SKIPPED: an initial archive is one that cpio lists: cpio is not installed");
        return;
    }
    const TemporaryDirectory here;
    const std::string file =
        here.write("archive", initial_archive({{"init", "12345"}, {"modules/", ""}, {"modules/1-a.ko", ""}}));
    CHECK(run("cpio --quiet -tv < " + file + " | awk '{print $1, $5, $NF}'") ==
          "-rwxr-xr-x 5 init\ndrwxr-xr-x 0 modules\n-rwxr-xr-x 0 modules/1-a.ko\n");
}

TEST_CASE("a kernel is named by its image or by the beginning of its release; what is none says so") {
    CHECK(vm_kernel_word("linux-vm") == "");
    CHECK(vm_kernel_word("linux-vm:6.1") == "6.1");
    CHECK(!vm_kernel_word("linux-vm:"));
    CHECK(!vm_kernel_word("linux"));
    const TemporaryDirectory here;
    const std::string text = here.write("vmlinuz-1", "no kernel");
    CHECK_THROWS_WITH(vm_kernel(text), (text + ": no image of a Linux kernel for x86").c_str());

    // A head as the boot protocol has it: the release stands where the number at 0x20e says, 0x200 further on.
    std::string image(0x400, '\0');
    image.replace(0x202, 4, "HdrS");
    image[0x20e] = 0x40;
    image.replace(0x240, 12, "9.8.7-x (who");
    std::filesystem::create_directory(here.path() / "boot");
    std::filesystem::create_directories(here.path() / "lib/modules/9.8.7-x/kernel/drivers/net");
    const std::string place = here.write("boot/vmlinuz-9", image);
    const std::string module = here.write("lib/modules/9.8.7-x/kernel/drivers/net/tun.ko.xz", "");
    const VmKernel kernel = vm_kernel(place);
    CHECK(kernel.release == "9.8.7-x");
    CHECK(kernel.modules == std::vector{module});
    ::setenv("LASTACK_KERNELS", here.path().c_str(), 1);
    CHECK(vm_kernel("9.8").image == place);
    CHECK(vm_kernel("9.8.7-x").image == place);
    for (const std::string other : {"9.80", "9.8.7-xy", "8"}) CHECK_THROWS_AS(vm_kernel(other), TargetUnavailable);
    image.replace(0x240, 12, "9.80.1-x (wh");
    const std::string later = here.write("boot/vmlinuz-9.80", image);
    CHECK(vm_kernel("9").image == later);  // the newest of those that begin so
    CHECK(vm_kernel("9.8").image == place);
    ::unsetenv("LASTACK_KERNELS");
}

TEST_CASE("a kernel in a virtual machine: minutes of its timers, confirmed, twice to the same microsecond" *
          doctest::test_suite("slow")) {
    std::unique_ptr<Target> target;
    try {
        target = make_vm_target("");
    } catch (const TargetUnavailable& reason) {
        MESSAGE("SKIPPED: a kernel in a virtual machine: " << std::string(reason.what()));
        return;
    }
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    const std::vector<TestVector> vectors = minutes();
    const std::vector<TestRun> runs = drive(*target, vectors, options), again = drive(*target, vectors, options);
    REQUIRE(runs.size() == vectors.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        INFO(runs[i].vector_id << ": " << runs[i].reason);
        CHECK(runs[i].verdict == Verdict::pass);
        CHECK(runs[i].duration_us > 59'000'000);
        CHECK(same(runs[i], again[i]));
    }
}
