// How a run goes on where the implementation takes another course than was planned (harness/courses.h).
//
// A vector takes over only where all that came since the step's action is what it expects or lets pass, in its windows:
// then the exchange so far is one of its own.
#include <algorithm>
#include <utility>

#include "harness/conversation.h"
#include "harness/matching.h"

namespace lastack {
namespace {

constexpr int most_courses = 16;  // in one run: each of them is left for another one's reason

}  // namespace

bool Conversation::go_on_elsewhere(const std::string& reason, const Unplanned& what) {
    const int at = judging();
    if (!others_ || at < 0 || waits_ || courses_taken_ == most_courses) return false;
    for (const TestVector* const other : others_(*vector_, at)) {
        const std::optional<std::size_t> expected = follows(*other, at, what);
        if (!expected) continue;
        if (what.segment) came_.push_back(*what.segment);
        take_course(*other, at, *expected, reason);
        return true;
    }
    return false;
}

// How many of the segments that the other vector expects in this step have come; nothing where it would not have gone
// so.
std::optional<std::size_t> Conversation::follows(const TestVector& other, int at, const Unplanned& what) const {
    const VectorStep& step = other.steps[static_cast<std::size_t>(at)];
    const std::string& result = what.result.empty() ? result_ : what.result;
    if (!step.returned.empty() || (!result.empty() && !same_result(step.result, result))) return std::nullopt;
    if (!what.state.empty() && !contains(step.states, what.state)) return std::nullopt;
    if (goes_on_in_another(other) != goes_on_in_another(*vector_)) return std::nullopt;
    if (comes_when_over(other) != comes_when_over(*vector_)) return std::nullopt;
    std::size_t expected = 0;
    const auto takes = [&](const std::pair<WireSegment, std::int64_t>& seen) {
        const auto& [segment, at_us] = seen;
        if (is_next(step, at, expected, segment, at_us)) return ++expected > 0;
        const Alternative* const way = allowance(step, at, segment, at_us);
        return way != nullptr && way->then == Alternative::Then::go_on;
    };
    if (!std::all_of(came_.begin(), came_.end(), takes)) return std::nullopt;
    if (what.segment && !takes(*what.segment)) return std::nullopt;
    const bool all_came = !what.segment && what.result.empty();
    if (all_came && expected < step.expect.size()) return std::nullopt;
    return expected;
}

// A step that was over already is at hand once more.
void Conversation::take_course(const TestVector& other, int at, std::size_t expected, const std::string& reason) {
    const std::int64_t took_us = target_.now_us() - started_us_;
    if (!left_) left_ = TestRun{vector_->id, Verdict::inconclusive, reason, at, true, "", {}, {}, took_us};
    ++courses_taken_;
    const auto done = static_cast<std::size_t>(at);
    if (completions_.size() > done) {
        completions_.resize(done);
        known_states_ = known_states_before_;
        known_signal_ = known_signal_before_;
    }
    vector_ = &other;
    run_.vector_id = other.id;
    index_ = at;
    expected_ = expected;
    part_ = 0;
    completed_us_ = came_.empty() ? actions_.back() : came_.back().second;
    if (phase_ != Phase::acted && phase_ != Phase::calling) phase_ = Phase::expecting;
}

}  // namespace lastack
