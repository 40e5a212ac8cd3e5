// Other connections of the listener at a vector's side: how they come and go, and what of them fails the vector.
#include "harness/company.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
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

// The profile, but a call `abort` resets whoever else has come to the listener, too.
class Confused final : public Target {
public:
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
        most_ = std::max(most_, ++now_);
        return handle;
    }
    FreshSocket fresh_socket(const Peer& peer) override { return inner_->fresh_socket(peer); }
    std::string call(Handle handle, const std::string& name, int bytes) override {
        if (name == breaks_at_) {
            breaks_at_.clear();
            throw TargetLost("it is gone");
        }
        if (name == "abort")
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
        inner_ = tiny();
        handles_.clear();
        now_ = 0;
    }
    int most() const { return most_; }
    void break_at_next(const std::string& call) { breaks_at_ = call; }

private:
    std::unique_ptr<Target> inner_ = tiny();
    std::vector<Handle> handles_;
    int now_ = 0, most_ = 0;
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

TEST_CASE("the kernel leaves other connections of a listener as they are" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const TestRun& run :
         drive(*target, {active_close(), passive_close(), abort_call(), active_close(6)}, beside(3)))
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}
