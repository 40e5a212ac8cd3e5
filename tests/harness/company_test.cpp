// Other connections of the listener at a vector's side: how they come and go, and what of them fails the vector.
#include "harness/company.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "generators/wire.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/harness/story.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

DriveOptions beside(int company) {
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    options.company = company;
    return options;
}

std::unique_ptr<Target> tiny() {
    const Profile profile = tiny_profile();
    return make_sim_target(profile, limits_of(profile), {});
}

// A right implementation, but one call, `abort` where nothing is said, resets whoever else has come to the listener,
// too.
class Confused final : public Target {
public:
    explicit Confused(std::function<std::unique_ptr<Target>()> make = tiny, std::string wrong_call = "abort")
        : make_(std::move(make)), wrong_call_(std::move(wrong_call)) {}
    std::string name() const override { return inner_->name(); }
    std::string description() const override { return inner_->description(); }
    Endpoints endpoints() const override { return inner_->endpoints(); }
    std::int64_t now_us() override { return inner_->now_us(); }
    std::vector<std::string> configure(const Setup& setup) override { return inner_->configure(setup); }
    void inject(const std::vector<std::uint8_t>& packet) override { inner_->inject(packet); }
    std::vector<Packet> wait(std::int64_t until_us) override { return inner_->wait(until_us); }
    std::optional<Handle> accept(const Peer& peer) override {
        const auto handle = inner_->accept(peer);
        if (handle) handles_.push_back(*handle);
        if (handle && peer.iut_port != 0) ++came_to_own_;
        most_ = std::max(most_, ++now_);
        return handle;
    }
    bool shares_listeners() const override { return inner_->shares_listeners(); }
    FreshSocket fresh_socket(const Peer& peer) override { return inner_->fresh_socket(peer); }
    std::string call(Handle handle, const std::string& name, int bytes) override {
        if (name == breaks_at_) {
            breaks_at_.clear();
            throw TargetLost("it is gone");
        }
        if (name == wrong_call_)
            for (const Handle other : handles_)
                if (other != handle) inner_->call(other, name, 0);
        return inner_->call(handle, name, bytes);
    }
    std::string observe(Handle handle) override { return inner_->observe(handle); }
    std::optional<std::string> state(const Peer& peer) override { return inner_->state(peer); }
    void discard(Handle handle, const Peer& peer) override {
        std::erase(handles_, handle);
        --now_;
        inner_->discard(handle, peer);
    }
    void restart() override {
        inner_ = make_();
        handles_.clear();
        now_ = 0;
    }
    int most() const { return most_; }
    int came_to_own() const { return came_to_own_; }  // connections to a listener that is not the target's
    void break_at_next(const std::string& call) { breaks_at_ = call; }

private:
    std::function<std::unique_ptr<Target>()> make_;
    std::string wrong_call_;
    std::unique_ptr<Target> inner_ = make_();
    std::vector<Handle> handles_;
    int now_ = 0, most_ = 0, came_to_own_ = 0;
    std::string breaks_at_;
};

}  // namespace

TEST_CASE("neighbours are there as long as the vector, and change nothing of its verdict") {
    for (const int company : {0, 1, 3}) {
        Confused target;
        const std::vector<TestVector> vectors = {active_close(), passive_close(), active_close(6)};
        DriveOptions options = beside(company);
        options.at_once = 1 + company;
        std::size_t told = 0;
        options.progress = [&](std::size_t done, std::size_t all) {
            CHECK(all == 3);
            CHECK(done == ++told);
        };
        const std::vector<TestRun> runs = drive(target, vectors, options);
        REQUIRE(runs.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK_MESSAGE(runs[i].verdict == Verdict::pass, story(runs[i]));
            CHECK(runs[i].vector_id == vectors[i].id);
        }
        CHECK(told == 3);
        CHECK(target.most() == 1 + company);
    }
}

TEST_CASE("a stack that mixes connections up fails the vector, and only where there is company") {
    Confused target;
    CHECK(drive(target, {abort_call()}, beside(0)).at(0).verdict == Verdict::pass);
    const TestRun run = drive(target, {abort_call()}, beside(2)).at(0);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.vector_id == abort_call().id);
    CHECK(run.reason.find("another connection of the same listener did not stay as it was: RST") == 0);
}

// What is lost with a neighbour is driven again: its vector has no verdict before all that stood beside it are over.
TEST_CASE("a target that is lost when only neighbours are left costs no vector its verdict") {
    Confused target;
    target.break_at_next("close");
    const TestVector quiet = vector_of("an ACK of nothing new", {then(send(ack(0, 0)), {}, "ESTABLISHED")});
    std::size_t told = 0;
    DriveOptions options = beside(1);
    options.progress = [&](std::size_t, std::size_t) { ++told; };
    for (const TestRun& run : drive(target, {quiet, quiet}, options))
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    CHECK(told == 2);
}

TEST_CASE("a stop ends neighbours as well") {
    Confused target;
    DriveOptions options = beside(1);
    int asked = 0;
    options.stop = [&] { return ++asked > 3; };
    for (const TestRun& run : drive(target, {active_close(), passive_close()}, options))
        CHECK(run.verdict == Verdict::skipped);
}

// RFC 9293 3.10.4: CLOSE of a listener ends the listener.
TEST_CASE("the kernel leaves children of a listener as they are when it is closed, aborted or takes its own child" *
          hand::needs_kernel()) {
    const WireSegment syn{-1, 0, 0, false, true, false, false}, syn_ack{-1, 0, 0, false, true, false, true};
    std::vector<TestVector> vectors;
    for (const int ip : {4, 6}) {
        const std::vector<VectorStep> listening = {then(call("listen"), {}, "LISTEN")};
        std::vector<VectorStep> closed = listening, aborted = listening, served = listening;
        closed.push_back(then(call("close"), {}, "CLOSED"));
        closed.push_back(then(call("listen"), {}, "LISTEN"));
        aborted.push_back(then(call("abort"), {}, "CLOSED"));
        served.push_back(then(send(syn), {syn_ack}, "SYN_RCVD"));
        served.push_back(then(send(ack(0, 0)), {}, "ESTABLISHED"));
        served.push_back(then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"));
        for (const auto& steps : {listening, closed, aborted, served}) {
            vectors.push_back(vector_of("a listener", steps, ip));
            vectors.back().begin = TestVector::Begin::closed;
        }
    }
    Confused right(make_linux_target, "");
    for (const TestRun& run : drive(right, vectors, beside(2))) CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    CHECK(right.came_to_own() >= 12);  // two to each of six; the first vector of each IP version is over by then
    Confused wrong(make_linux_target, "abort");
    const TestRun closed = drive(wrong, {vectors[1]}, beside(1)).at(0);
    CHECK_MESSAGE(closed.verdict == Verdict::pass, story(closed));
    const TestRun aborted = drive(wrong, {vectors[2]}, beside(1)).at(0);
    CHECK_MESSAGE(aborted.verdict == Verdict::fail, story(aborted));
}

TEST_CASE("the kernel leaves other connections of a listener as they are" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const TestRun& run :
         drive(*target, {active_close(), passive_close(), abort_call(), active_close(6)}, beside(3)))
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}
