// What a tester can know about the IUT: every course that the profile allows, with the instants of its timers.
//
// Idea: the subset construction of ioco testing (Tretmans, "Test Generation with Inputs, Outputs and Repetitive
// Quiescence", 1996) with clocks: a possibility is a state of the IUT, when each of its timers was started, and what it
// has sent that nobody has looked at yet. A moment is known up to an interval after an instant of the run
// (generators/instants.h), whoever started the timer: an expiry that nobody sees passes its own uncertainty on to the
// timers that it starts. What a reaction does to the timers says model/timekeeper.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generators/instants.h"
#include "model/plain_memo.h"

namespace lastack {

// A running timer.
struct Clock {
    When start;
    int doublings = 0;
    std::optional<When> taken_from;  // where no rule took its end at first: since when one does
    int event = 0;                   // of the current step, that started it; 0: an earlier step
    auto operator<=>(const Clock&) const = default;
};

struct SeenEmission {
    Segment segment;
    When when;
    std::vector<std::string> rules;
    int event = 0;
    // A timer's expiry that sent this and changed neither the control state nor which timers run: a retransmission.
    bool again = false;
    bool probe = false;  // generators/byte_stream.h
    auto operator<=>(const SeenEmission&) const = default;
};

struct Possibility {
    EndState state;
    std::map<int, Clock> clocks;     // by timer index, for those that run
    std::vector<SeenEmission> sent;  // in this step, in order
    std::string result;              // of the call of this step
    std::string signal;              // the last one that the application was told
    std::string returned;            // in this step, by a call that had blocked
    When last;                       // of its last event
    bool loose = false;              // only where a retransmission that was not planned has been seen
    int events = 0;                  // in this step so far
    auto operator<=>(const Possibility&) const = default;
};

class TesterView {
public:
    // How far a real clock may be off, in microseconds: of two timers that end nearer to each other than this, either
    // may be first.
    static constexpr std::int64_t slack_us = 30'000;

    TesterView(PlainMemo& memo, const Instants& instants) : memo_(memo), instants_(instants) {}

    // `start`: the control state that the run begins in.
    Possibility initial(const std::string& start) const;
    // Every reaction that the profile allows; none where it has no rule for a call or the end of a timer.
    std::vector<Possibility> react(const Possibility& before, const Input& input, const When& when) const;
    // Timers that run and whose end some rule takes now.
    std::vector<int> ending(const Possibility& possibility) const;
    // When such a timer expires.
    When expiry(const Possibility& possibility, int timer) const;
    // The possibilities, and all that they may become by timers that may expire until then. Throws TooManyCourses.
    std::vector<Possibility> unfold(const std::vector<Possibility>& set, const When& until) const;
    // The same, by one expiry of each timer, however late.
    std::vector<Possibility> one_expiry(const std::vector<Possibility>& set) const;
    // Has no timer to have expired before that?
    bool may_last(const Possibility& possibility, const When& until) const;

    bool surely_before(const When& first, const When& second) const { return instants_.between(first, second).low > 0; }
    bool maybe_before(const When& first, const When& second) const {
        return instants_.between(first, second).high >= 0;
    }

    const Profile& profile() const { return memo_.profile(); }
    const Limits& limits() const { return memo_.limits(); }
    const std::string& state_name(const Possibility& possibility) const {
        return profile().states[static_cast<std::size_t>(possibility.state.state)].name;
    }

private:
    std::vector<Possibility> expire(const Possibility& before, int timer) const;

    PlainMemo& memo_;
    const Instants& instants_;
};

// Timers may expire in so many orders that no vector can list what follows.
class TooManyCourses : public std::runtime_error {
public:
    TooManyCourses() : std::runtime_error("its timers may expire in too many orders to list what each allows") {}
};

// Sorted, each once.
void make_set(std::vector<Possibility>& possibilities);

}  // namespace lastack
