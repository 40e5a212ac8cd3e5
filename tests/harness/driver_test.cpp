// How a verdict comes about: the driver against a small profile, in virtual time. docs/verdicts.md
#include "harness/driver.h"

#include <doctest/doctest.h>

#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

std::unique_ptr<Target> tiny(SimPlay::May may = SimPlay::May::never) {
    const Profile profile = tiny_profile();
    SimPlay play;
    play.may = may;
    return make_sim_target(profile, limits_of(profile), play);
}

DriveOptions patient() {
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    return options;
}

TestRun run_one(const TestVector& vector, SimPlay::May may = SimPlay::May::never) {
    const auto target = tiny(may);
    return drive(*target, {vector}, patient()).at(0);
}

// The profile in a time that goes on while the tester does not run: for so long with each packet that it sends.
class HeldUp final : public Target {
public:
    explicit HeldUp(std::int64_t held_us) : held_us_(held_us) {}
    std::string name() const override { return inner_->name(); }
    std::string description() const override { return inner_->description(); }
    Endpoints endpoints() const override { return inner_->endpoints(); }
    std::int64_t now_us() override { return inner_->now_us() + later_us_; }
    std::vector<std::string> configure(const Setup& setup) override { return inner_->configure(setup); }
    void inject(const std::vector<std::uint8_t>& packet) override {
        inner_->inject(packet);
        later_us_ += held_us_;
    }
    std::vector<Packet> wait(std::int64_t until_us) override {
        std::vector<Packet> packets = inner_->wait(until_us - later_us_);
        for (Packet& one : packets) one.at_us = now_us();
        return packets;
    }
    std::optional<Handle> accept(const Peer& peer) override { return inner_->accept(peer); }
    FreshSocket fresh_socket(const Peer& peer) override { return inner_->fresh_socket(peer); }
    std::string call(Handle handle, const std::string& name, int bytes) override {
        return inner_->call(handle, name, bytes);
    }
    std::string observe(Handle handle) override { return inner_->observe(handle); }
    std::optional<std::string> state(const Peer& peer) override { return inner_->state(peer); }
    void discard(Handle handle, const Peer& peer) override { inner_->discard(handle, peer); }

private:
    std::unique_ptr<Target> inner_ = tiny();
    std::int64_t held_us_, later_us_ = 0;
};

constexpr Window one_second{1'000'000, 1'000'000};

Window since(Anchor::Event event, int step, Window window) {
    window.since = {event, step};
    return window;
}

}  // namespace

TEST_CASE("what the profile does as planned passes") {
    for (const TestVector& vector : {active_close(), passive_close(), abort_call(), active_close(6)}) {
        const TestRun run = run_one(vector);
        CAPTURE(run.reason);
        CHECK(run.verdict == Verdict::pass);
        CHECK(run.vector_id == vector.id);
        CHECK(run.reason == "");
    }
}

TEST_CASE("the observed exchange has every packet, call and state in order") {
    const TestRun run = run_one(active_close());
    REQUIRE(run.observed.size() == 8);
    CHECK(run.observed[0].text == "close() = ok");
    CHECK(run.observed[1].segment == fin(0, 0));
    CHECK(run.observed[1].text == "expected");
    CHECK(run.observed[2].text == "FIN_WAIT_1");
    CHECK(run.observed[3].segment == ack(0, 1));
    CHECK(run.observed[4].text == "FIN_WAIT_2");
    CHECK(run.observed[5].kind == Observed::Kind::sent);
    CHECK(run.observed[6].segment == ack(1, 1));
    CHECK(run.observed[7].text == "TIME_WAIT");
    CHECK(run.observed[7].step == 2);
}

TEST_CASE("a segment that the vector does not allow fails, and the reason names it and what was allowed") {
    TestVector vector = active_close();
    vector.steps[0].expect[0].segment = fin(5, 0);
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.failed_step == 0);
    CHECK(run.reason ==
          "FIN,ACK seq=1 ack=1 came 0 s after the step's start, allowed was FIN,ACK seq=6 ack=1 (0 to 0.06 s)");
}

TEST_CASE("a segment that does not come fails at its late end and the slack") {
    TestVector vector = active_close();
    vector.steps[1].expect = {{ack(1, 0), soon, ""}};
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.failed_step == 1);
    CHECK(run.reason == "ACK seq=2 ack=1 did not come within 0.06 s");
    CHECK(run.duration_us == 60'000 + DriveOptions{}.slack_us);
}

TEST_CASE("what comes late while the tester itself was held up proves nothing") {
    HeldUp quiet(10'000), busy(300'000);
    CHECK(drive(quiet, {active_close()}, patient()).at(0).verdict == Verdict::pass);
    const TestRun run = drive(busy, {active_close()}, patient()).at(0);
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.reason.find("but the tester was 0.3 s late, on a busy machine") != std::string::npos);
}

TEST_CASE("a retransmission has a window with two ends") {
    // The profile sends the FIN again after one second.
    const auto lost = [](Window window) {
        return vector_of("FIN lost", {then(call("close"), {fin(0, 0)}),
                                      then(wait("rto", window, 0), {fin(0, 0)}, "FIN_WAIT_1", "", window)});
    };
    CHECK(run_one(lost(one_second)).verdict == Verdict::pass);
    CHECK(run_one(lost({980'000, 990'000})).verdict == Verdict::pass);  // late, but within the slack

    const TestRun late = run_one(lost({200'000, 300'000}));
    CHECK(late.verdict == Verdict::fail);
    CHECK(late.reason == "FIN,ACK seq=1 ack=1 did not come within 0.3 s after step 0 was complete");

    const TestRun early = run_one(lost({2'000'000, 3'000'000}));
    CHECK(early.verdict == Verdict::fail);
    CHECK(early.reason.find("FIN,ACK seq=1 ack=1 came 1 s after") == 0);
}

TEST_CASE("what an alternative allows is tolerated, inside its window and not outside") {
    // While something else is awaited the FIN comes again.
    const auto with = [](Window window, Alternative::Then then_what) {
        VectorStep step = then(wait("rto", {3'000'000, 3'000'000}, 0), {fin(0, 0)}, "", "", {3'000'000, 3'000'000});
        step.alternatives = {{fin(0, 0), window, then_what, "again"}};
        return vector_of("twice", {then(call("close"), {fin(0, 0)}), step});
    };
    const TestRun tolerated = run_one(with(one_second, Alternative::Then::go_on));
    CHECK(tolerated.verdict == Verdict::pass);
    CHECK(tolerated.observed[2].text == "allowed, rule again");

    const TestRun left = run_one(with(one_second, Alternative::Then::inconclusive));
    CHECK(left.verdict == Verdict::inconclusive);
    CHECK(left.failed_step == 1);
    CHECK(left.reason.find("rule again") != std::string::npos);

    CHECK(run_one(with({500'000, 600'000}, Alternative::Then::go_on)).verdict == Verdict::fail);
}

TEST_CASE("after a retransmission that was let pass, absence proves nothing") {
    // The FIN comes again after one second; the vector then wants it once more after two, but the timer has doubled.
    const auto awaited_after = [](Alternative::Then then_what) {
        VectorStep quiet = then(wait("rto", {1'500'000, 1'500'000}, 0), {}, "", "", {});
        quiet.alternatives = {{fin(0, 0), one_second, then_what, "again"}};
        const Window second{2'000'000, 2'000'000};
        return vector_of("twice", {then(call("close"), {fin(0, 0)}), quiet,
                                   then(wait("rto", second, 0), {fin(0, 0)}, "", "", second)});
    };
    const TestRun run = run_one(awaited_after(Alternative::Then::go_on));
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.reason.find("did not come within 2 s") != std::string::npos);
    CHECK(run.reason.find("let pass before") != std::string::npos);
}

TEST_CASE("a wrong state, signal or result fails") {
    TestVector state = active_close();
    state.steps[1].states = {"TIME_WAIT", "CLOSED"};
    CHECK(run_one(state).reason == "the state is FIN_WAIT_2, expected was TIME_WAIT or CLOSED");

    TestVector signal = passive_close();
    signal.steps[0].signals = {"reset"};
    CHECK(run_one(signal).reason == "the application sees eof, expected was reset");

    TestVector result = active_close();
    result.steps[0].result = "not_connected";
    CHECK(run_one(result).reason == "close() returned ok, expected was not_connected");
    CHECK(run_one(result).verdict == Verdict::fail);
}

TEST_CASE("what comes after the last step is caught while the run settles") {
    TestVector vector = vector_of("FIN lost", {then(call("close"), {fin(0, 0)})});
    vector.settle_us = 900'000;
    CHECK(run_one(vector).verdict == Verdict::pass);
    vector.settle_us = 1'100'000;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason == "FIN,ACK seq=1 ack=1 came after the last step, allowed was nothing");
    CHECK(run.observed.back().step == -1);
}

TEST_CASE("an expiry in silence is seen in the state, neither too early nor too late") {
    // TIME-WAIT lasts 61 s in the profile, the middle of 60 s to 62 s.
    const auto over = [](Window window) {
        TestVector vector = active_close();
        vector.steps.push_back(then(wait("time_wait", window, 2), {}, "CLOSED"));
        return vector;
    };
    const TestRun run = run_one(over({60'000'000, 62'000'000}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
    CHECK(run.duration_us >= 62'000'000);
    CHECK(run_one(over({30'000'000, 31'000'000 - 200'000})).reason == "the state is TIME_WAIT, expected was CLOSED");
    CHECK(run_one(over({62'000'000, 63'000'000})).reason ==
          "the state is CLOSED before time_wait may expire; it should be TIME_WAIT until 62 s after step 2 was "
          "complete");
}

TEST_CASE("a choice of the profile takes the other way") {
    const TestVector vector = vector_of("text", {then(send(data(0, 0)), {ack(0, 100)})});
    CHECK(run_one(vector, SimPlay::May::never).verdict == Verdict::pass);
    CHECK(run_one(vector, SimPlay::May::always).verdict == Verdict::fail);
}

TEST_CASE("a vector that may take too long is skipped with both figures") {
    TestVector vector = active_close();
    vector.steps.push_back(then(wait("time_wait", {60'000'000, 62'000'000}, 2), {}, "CLOSED"));
    const auto target = tiny();
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK(run.verdict == Verdict::skipped);
    CHECK(run.reason.find("longest is 10 s") != std::string::npos);
    CHECK(run.reason.find("needs up to 62.") == 0);
}

TEST_CASE("a vector without steps is an error, not a pass") {
    CHECK(run_one(vector_of("empty", {})).verdict == Verdict::error);
}

TEST_CASE("a stop skips what is not over") {
    int asked = 0;
    DriveOptions options = patient();
    options.stop = [&] { return ++asked > 4; };
    TestVector vector = active_close();
    vector.steps.push_back(then(wait("time_wait", {60'000'000, 62'000'000}, 2), {}, "CLOSED"));
    const auto target = tiny();
    const std::vector<TestRun> runs = drive(*target, {vector, vector}, options);
    for (const TestRun& run : runs) {
        CHECK(run.verdict == Verdict::skipped);
        CHECK(run.reason == "stopped before it was over");
    }
}

TEST_CASE("many runs at once give the same verdicts as one after the other") {
    std::vector<TestVector> vectors;
    for (int i = 0; i < 60; ++i) {
        vectors.push_back(i % 3 == 0 ? active_close() : i % 3 == 1 ? passive_close(6) : active_close());
        vectors.back().id = std::to_string(i);
        if (i % 5 == 4) vectors.back().steps[0].states = {"CLOSING"};
    }
    DriveOptions one = patient(), all = patient();
    one.at_once = 1;
    std::size_t reported = 0;
    all.progress = [&](std::size_t done, std::size_t of) {
        CHECK(of == 60);
        CHECK(done == ++reported);
    };
    const auto target = tiny();
    const auto serial = drive(*target, vectors, one), together = drive(*target, vectors, all);
    REQUIRE(together.size() == 60);
    CHECK(reported == 60);
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        CHECK(together[i].vector_id == vectors[i].id);
        CHECK(together[i].verdict == (i % 5 == 4 ? Verdict::fail : Verdict::pass));
        CHECK(together[i].verdict == serial[i].verdict);
        CHECK(together[i].reason == serial[i].reason);
    }
}

// The tiny profile has room for all: its window is never 0.
TEST_CASE("a vector that wants a window of 0 fails where it is open, and one that says nothing takes any") {
    TestVector vector = active_close();
    vector.steps[0].expect[0].segment.zero_window = true;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason.find("FIN,ACK seq=1 ack=1 came") == 0);
    CHECK(run.reason.find("FIN,ACK seq=1 ack=1 wnd=0") != std::string::npos);
}

TEST_CASE("the tester's window is 0 where the vector says so, and the IUT's is seen") {
    // It tells what it saw by what it sends: text while the window is open, an ACK where it is shut.
    static const Spec spec = parse_spec(R"(
profile mirror "it shows the window that it saw" cites "RFC 9293 3.8.6" {
  states ESTABLISHED initial
  segment SHUT { seq 0; ack 0; zero_window }
  segment OPEN { seq 0; ack 0 }
  on segment
    step fifth
      rule shut "no room" cites "RFC 9293 3.8.6.1" ESTABLISHED [seg.zero_window] { send SHUT }
      rule open "room" cites "RFC 9293 3.8.6.1" ESTABLISHED [not seg.zero_window] { send OPEN }
}
)",
                                        "mirror.spec");
    const auto verdict = [&](bool sent, bool expected) {
        WireSegment probe = ack(0, 0), answer = ack(0, 0);
        probe.zero_window = sent;
        answer.zero_window = expected;
        const auto target = make_sim_target(spec.profiles.at(0), {});
        return drive(*target, {vector_of("mirror", {then(send(probe), {answer})})}, patient()).at(0).verdict;
    };
    CHECK(verdict(true, true) == Verdict::pass);
    CHECK(verdict(false, false) == Verdict::pass);
    CHECK(verdict(false, true) == Verdict::fail);
    CHECK(verdict(true, false) == Verdict::pass);  // nothing was said about the window
}

TEST_CASE("a window counts from its own anchor, however long the steps between have taken") {
    // The FIN goes out at 0 s and again at 1 s. In between the tester is silent for 0.4 s (and the slack).
    const auto again_in = [](Window window) {
        VectorStep again = wait("rto", window, -1);
        again.window = window;
        again.expect = {{fin(0, 0), window, "again"}};
        return run_one(
            vector_of("pause", {then(call("close"), {fin(0, 0)}), wait("pause", {400'000, 400'000}, -1), again}));
    };
    const Window at_1{1'000'000, 1'000'000}, at_0_57{570'000, 570'000};
    CHECK(again_in(since(Anchor::Event::completion, 0, at_1)).verdict == Verdict::pass);
    CHECK(again_in(since(Anchor::Event::action, 0, at_1)).verdict == Verdict::pass);
    CHECK(again_in(since(Anchor::Event::opening, -1, at_1)).verdict == Verdict::pass);
    // The pause is over at 0.43 s: 0.57 s after it, not 1 s.
    CHECK(again_in(since(Anchor::Event::completion, 1, at_0_57)).verdict == Verdict::pass);
    CHECK(again_in(at_0_57).verdict == Verdict::pass);
    const TestRun wrong = again_in(at_1);
    CHECK(wrong.verdict == Verdict::fail);
    CHECK(wrong.reason ==
          "FIN,ACK seq=1 ack=1 came 0.57 s after the step's start, allowed was FIN,ACK seq=1 ack=1 (1 to 1 s)");
    CHECK(again_in(since(Anchor::Event::action, 1, {900'000, 910'000})).verdict == Verdict::fail);
}

TEST_CASE("the reason of a failure tells all windows as counted from the step's start") {
    VectorStep again = wait("rto", {3'000'000, 3'000'000}, 0);
    again.expect = {{fin(0, 0), since(Anchor::Event::opening, -1, {3'000'000, 3'000'000}), ""}};
    const TestRun run =
        run_one(vector_of("pause", {then(call("close"), {fin(0, 0)}), wait("pause", {400'000, 400'000}, -1), again}));
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason ==
          "FIN,ACK seq=1 ack=1 came 0.57 s after the step's start, allowed was FIN,ACK seq=1 ack=1 (2.57 to 2.57 s)");
}

TEST_CASE("an expected segment that may be left out and is makes the run inconclusive, and the reason names the rule") {
    TestVector vector = active_close();
    vector.steps[1].expect = {{ack(1, 0), soon, "ack_later", true}};
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.failed_step == 1);
    CHECK(run.reason == "ACK seq=2 ack=1 did not come within 0.06 s; the profile lets it be left out, rule ack_later");
}

TEST_CASE("an expected segment that may be left out and comes lets the planned path go on") {
    TestVector vector = active_close();
    vector.steps[0].expect[0].optional = true;
    vector.steps[2].expect[0].optional = true;
    CHECK(run_one(vector).verdict == Verdict::pass);
    vector.steps[2].expect[0].segment = ack(2, 1);  // what comes instead is wrong
    CHECK(run_one(vector).verdict == Verdict::fail);
}

TEST_CASE("what is expected after a segment that may be left out shows that it was") {
    TestVector vector = active_close();
    vector.steps[2].expect.insert(vector.steps[2].expect.begin(), {data(1, 0), soon, "reply", true});
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.reason == "DATA,ACK seq=2 ack=1 len=100 did not come before ACK seq=2 ack=2; the profile lets it be left "
                        "out, rule reply");
    vector.steps[2].expect[0].optional = false;
    CHECK(run_one(vector).verdict == Verdict::fail);
}

TEST_CASE("a state that is allowed but not planned is inconclusive, and nothing is judged after it") {
    TestVector vector = active_close();
    vector.steps[1].states = {"CLOSING"};
    vector.steps[1].other_states = {"FIN_WAIT_2"};
    vector.steps[2].expect[0].segment = ack(99, 99);
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.failed_step == 1);
    CHECK(run.reason == "the state is FIN_WAIT_2, which the profile allows here; planned was CLOSING");
    vector.steps[1].other_states = {"CLOSED"};
    CHECK(run_one(vector).verdict == Verdict::fail);
}

TEST_CASE("a result that is allowed but not planned is inconclusive, also where nothing can be returned yet") {
    const auto reading = [](const std::string& planned, const std::vector<std::string>& others) {
        VectorStep read = call("send", planned, 100);
        read.other_results = others;
        return run_one(vector_of("read", {then(call("close"), {fin(0, 0)}), read}));
    };
    // The tiny profile takes no send after close.
    CHECK(reading("pipe", {}).verdict == Verdict::fail);
    const TestRun blocked = reading("pipe", {"reset", "would_block"});
    CHECK(blocked.verdict == Verdict::inconclusive);
    CHECK(blocked.reason == "send() returned would_block, which is allowed here; planned was pipe");
    CHECK(blocked.duration_us == DriveOptions{}.slack_us);  // it was tried until then
    TestVector closed = active_close();
    closed.steps[0].result = "not_connected";
    closed.steps[0].other_results = {"ok"};
    CHECK(run_one(closed).verdict == Verdict::inconclusive);
}

TEST_CASE("a signal that may be left out and is makes the run inconclusive; another one in its place fails") {
    TestVector vector = active_close();
    vector.steps[0].signals = {"timeout"};
    CHECK(run_one(vector).verdict == Verdict::fail);
    vector.steps[0].signals_optional = true;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.reason == "the application sees nothing, which the profile allows here; planned was timeout");
    TestVector other = passive_close();
    other.steps[0].signals = {"reset"};
    other.steps[0].signals_optional = true;
    CHECK(run_one(other).reason == "the application sees eof, expected was reset");
    CHECK(run_one(other).verdict == Verdict::fail);
}

TEST_CASE("after the silence that ends a vector the state is looked at") {
    // FIN-WAIT-2 of the tiny profile ends after 300 s without a sound.
    TestVector vector = active_close();
    vector.steps.resize(2);
    vector.settled_states = {"FIN_WAIT_2"};
    vector.settle_us = 299'000'000;
    CHECK(run_one(vector).verdict == Verdict::pass);
    vector.settle_us = 301'000'000;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason == "the state is CLOSED after 301 s of silence, it should still be FIN_WAIT_2");
    vector.settled_states = {};
    CHECK(run_one(vector).verdict == Verdict::pass);
}

TEST_CASE("a vector's limits and the size of its unit are those that sim plays, group by group") {
    // With retries = 1 the second expiry gives up, after 1 s and 2 s; with 2 it sends a third FIN then.
    const auto fins = [](int retries) {
        const Window second = since(Anchor::Event::completion, 1, {2'000'000, 2'000'000});
        VectorStep last = wait("rto", second, 1);
        if (retries == 1)
            last.states = {"CLOSED"};
        else
            last.expect = {{fin(0, 0), second, "again"}};
        TestVector vector =
            vector_of("FIN lost", {then(call("close"), {fin(0, 0)}),
                                   then(wait("rto", one_second, 0), {fin(0, 0)}, "", "", one_second), last});
        vector.limits = {{"data", 2}, {"retries", retries}};
        return vector;
    };
    TestVector large = vector_of("text", {then(send({0, 0, 1000, false, false, false, true}), {ack(0, 1000)})});
    large.unit_bytes = 1000;
    TestVector unset = fins(2);
    unset.limits = {};
    TestVector unknown = fins(2);
    unknown.limits.edit()["ears"] = 2;
    TestVector too_many = fins(2);
    too_many.limits.edit()["retries"] = 16;
    const auto target = tiny();
    const auto runs = drive(*target, {fins(1), large, fins(2), fins(1), unset, unknown, too_many}, patient());
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        CAPTURE(runs[i].reason);
        CHECK(runs[i].verdict == Verdict::pass);
    }
    CHECK(runs[5].verdict == Verdict::skipped);
    CHECK(runs[5].reason == "the target cannot be set up: profile tiny has no limit ears");
    CHECK(runs[6].verdict == Verdict::skipped);
    CHECK(runs[6].reason == "the target cannot be set up: profile tiny knows no retries = 16");
}

TEST_CASE("an end that another profile plays is not driven, unless the spec says that implementations do otherwise") {
    TestVector vector = active_close();
    vector.profile = "textbook";
    vector.subject = "tiny";
    vector.endpoint = "B";
    vector.limits = {{"ears", 2}};  // of the textbook; the tiny profile has none
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::skipped);
    CHECK(run.reason == "end B is played by profile textbook, not by tiny");
    vector.refuted_expected = true;
    CHECK(run_one(vector).verdict == Verdict::pass);
}
