// What the plain interpreter says of an end whose segments were captured: the second opinion on a close that is called
// wrong.
//
// Idea: the same question as in harness/close_monitor.h, answered without its costs and its machine. The set of all
// states that an end can be in, each a state of the plain interpreter (model/plain.h), grows by calls, timers and what
// may have come until it does not grow any more; what passes leaves those that have just sent it. Code is shared for
// how an end begins, and for nothing else. Cost: an evaluation of every rule for each state and input, kept in a table;
// at most `most_states` states, else there is no answer. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "harness/close_monitor.h"
#include "model/plain_memo.h"

namespace lastack {

class PlainWatch {
public:
    static constexpr std::size_t most_states = 20'000;  // at one moment

    explicit PlainWatch(CloseMonitor::Beginning beginning);

    // The index of the first passing that no behaviour explains, or how many there are where each has one. Empty:
    // there were too many states, or the profile has no answer to what may have happened.
    std::optional<std::size_t> first_unexplained(const std::vector<UnitPassing>& passings, int last_unit);

private:
    // An end, and what it sent in its last step behind that what has just passed.
    struct Moment {
        EndState end;
        std::vector<Segment> rest;
        auto operator<=>(const Moment&) const = default;
    };
    using Moments = std::set<Moment>;
    struct Seen;

    std::vector<Input> inputs(const Seen& seen, std::int64_t over_us) const;
    void grow(Moments& moments, const std::vector<Input>& inputs, int last_unit);
    Moments sent_now(const Moments& moments, const std::vector<Input>& inputs, const UnitPassing& passing);

    CloseMonitor::Beginning beginning_;
    PlainMemo memo_;  // of beginning_
};

}  // namespace lastack
