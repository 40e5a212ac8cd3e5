// One vector's run: a state machine that is told of packets and of time, and that acts when it is asked to.
//
// It never waits and never reads packets itself: the driver does both for all conversations at once. After each
// event the conversation is either ready to act, waits for a packet until its deadline, or has finished.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/courses.h"
#include "harness/driver.h"
#include "harness/tester_end.h"

namespace lastack {

class Conversation {
public:
    // `others`: who may go on where the implementation takes another course; may be empty.
    Conversation(Target& target, const TestVector& vector, Peer peer, const DriveOptions& options,
                 OtherCourses others = {});

    // Sends the SYN; where the vector begins in CLOSED, has the application make a socket. A peer that names the IUT's
    // port comes to a listener that is there.
    void open();
    // Makes the call or sends the segment of the step at hand. The driver then delivers what came back at once,
    // and calls settle_action(): what was answered immediately is known before the step is judged.
    void act();
    // For a target that takes a batch: what will be looked at next, and the result of a call that act() has begun.
    void foresee();
    void take_result();
    void settle_action();
    void on_packet(const TcpPacket& packet, std::int64_t at_us);
    void on_deadline();

    // The tester could not look for so long while this was in progress: what came or failed to come may be its own
    // fault.
    void note_held_up(std::int64_t us) { late_us_ = std::max(late_us_, us); }

    bool ready() const { return phase_ == Phase::ready; }
    bool finished() const { return phase_ == Phase::finished; }
    std::int64_t deadline_us() const { return deadline_us_; }
    const Peer& peer() const { return peer_; }
    int at_step() const { return index_; }  // that it acts in next, or has acted in

    // Ends the run from outside: an exception of the target, a stop.
    void end(Verdict verdict, const std::string& reason);
    // Frees the connection at the target; the result, of the vector whose course was taken in the end. Once, after it
    // has finished.
    TestRun take_run();
    // How the vector's own plan ended, where another one's course was taken.
    const std::optional<TestRun>& left() const { return left_; }
    const TestVector& course() const { return *vector_; }

private:
    enum class Phase {
        opening,    // SYN sent
        accepting,  // opened; the application has not got it yet
        ready,      // the step's action is due
        calling,    // the call would block; it is tried again for a while
        acted,      // the action was done, its immediate answers are being delivered
        expecting,  // packets or an expiry are awaited
        checking,   // all came; the state or a signal lags
        settling,   // after the last step
        finished,
    };

    // What came of the step at hand that its vector did not plan.
    struct Unplanned {
        std::optional<std::pair<WireSegment, std::int64_t>> segment;  // and when
        std::string result, state;
    };

    const VectorStep& step() const { return vector_->steps[static_cast<std::size_t>(index_)]; }
    bool silent_wait() const { return step().kind == VectorStep::Kind::wait && step().expect.empty(); }
    bool begins_closed() const { return vector_->begin == TestVector::Begin::closed; }
    void begin_closed();
    void expect_syn();
    std::optional<std::string> look() const;
    void on_opening_packet(const TcpPacket& packet);
    void try_accept();
    void enter_step(std::int64_t now_us);
    void begin_step(std::int64_t now_us);
    void try_call();
    void judge_result(const std::string& result);
    void judge(const WireSegment& segment, std::int64_t at_us);
    bool is_of_listener(const WireSegment& segment) const;
    // Is it the next one that the step, of that number, expects; does the step allow it besides, and how does it go on?
    bool is_next(const VectorStep& step, int of, std::size_t expected, const WireSegment& segment,
                 std::int64_t at_us) const;
    const Alternative* allowance(const VectorStep& step, int of, const WireSegment& segment, std::int64_t at_us) const;
    // Takes it where the vector allows it.
    bool is_allowed(const WireSegment& segment, std::int64_t at_us);
    bool take_expected(const WireSegment& segment, std::int64_t at_us);
    bool take_later(const WireSegment& segment, std::int64_t at_us);
    bool take_alternative(const WireSegment& segment, std::int64_t at_us);
    void proceed();
    bool await_expected(std::int64_t now_us);
    bool await_expiry(std::int64_t now_us);
    void check_not_early(std::int64_t now_us);
    bool check_outcome(std::int64_t now_us);
    std::string wrong_return(const std::string& wanted, bool& lags) const;
    void finish_step(std::int64_t now_us);
    void settled(std::int64_t now_us);
    void fail(const std::string& reason);
    void leave_path(const std::string& reason, const Unplanned& what);
    void leave_path(const std::string& reason);
    bool go_on_elsewhere(const std::string& reason, const Unplanned& what);
    std::optional<std::size_t> follows(const TestVector& other, int at, const Unplanned& what) const;
    void take_course(const TestVector& other, int at, std::size_t expected, const std::string& reason);
    void fail_in_time(const std::string& reason);
    void observe(Observed::Kind kind, std::int64_t at_us, const std::string& text, const WireSegment& segment = {});
    std::string allowed_now(std::int64_t at_us) const;
    std::int64_t early_tolerance(const Window& window) const;
    // A window of step `of` on the target's clock, or nothing while the step that it counts from has not come so far.
    struct Interval {
        std::int64_t opens_us = 0, closes_us = 0;
    };
    std::optional<Interval> interval(const Window& window, int of) const;
    bool inside(const Window& window, int of, std::int64_t at_us) const;
    // The step whose allowances count: until its action the step before is the one that judges packets.
    int judging() const { return phase_ == Phase::ready ? index_ - 1 : index_; }

    Target& target_;
    const TestVector* vector_;  // whose course is taken
    const DriveOptions& options_;
    OtherCourses others_;
    Peer peer_;
    std::optional<TesterEnd> tester_;  // once the IUT's port is known
    TestRun run_;
    Phase phase_ = Phase::opening;
    int handle_ = -1;
    bool begun_ = false;        // a call whose result is not there yet
    int index_ = 0;             // of the step at hand; the last one while settling
    std::size_t expected_ = 0;  // how many of the step's expected segments came
    int part_ = 0;              // bytes of the next one that came, where it comes in several
    std::int64_t started_us_ = 0, opened_us_ = 0;
    std::int64_t completed_us_ = 0;  // the instant of the step's last event so far
    std::int64_t give_up_us_ = 0;    // calling, checking, opening: until when it is tried again
    std::int64_t deadline_us_ = 0;
    std::int64_t ready_us_ = 0;  // since when the step's action is due
    std::int64_t late_us_ = 0;   // the most that an action or a look came after it was due
    bool early_checked_ = false;
    std::vector<std::int64_t> actions_;      // when each step acted; of the step at hand once it has
    std::vector<std::int64_t> completions_;  // of the steps done
    bool waits_ = false;                     // a call that blocked has not returned
    std::string let_pass_;                   // the last segment that an alternative with go_on allowed
    bool left_after_ = false;                // while settling, an alternative off the planned path came
    std::vector<std::string> known_states_;  // the last step that named states
    std::string known_signal_;               // what the application could see, by the last step that named a signal
    std::vector<std::string> known_states_before_;  // the same before the last step that was done
    std::string known_signal_before_;
    std::optional<TestRun> left_;  // of the vector whose course was planned, where it was left for another one's
    int courses_taken_ = 0;
    std::vector<std::pair<WireSegment, std::int64_t>> came_;  // of the step that judges, and when
    std::string result_;                                      // of its call
};

}  // namespace lastack
