// What the plain interpreter said, kept: for those who ask it the same again and again, as the makers of test vectors
// and the simulated target do.
//
// Idea: every answer is the plain interpreter's own (model/plain.h, model/timekeeper.h); a table stands before it and
// nothing else. Cost: a look into a table for an evaluation of every rule; some hundred bytes an answer, of which at
// most `most_answers` are kept, then all are forgotten. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/endpoint.h"
#include "model/timekeeper.h"

namespace lastack {

class PlainMemo {
public:
    static constexpr std::size_t most_answers = 25'000;

    // Both must outlive it.
    PlainMemo(const Profile& profile, const Limits& limits) : profile_(profile), limits_(limits) {}
    PlainMemo(const PlainMemo&) = delete;
    PlainMemo& operator=(const PlainMemo&) = delete;

    struct Way {
        Reaction reaction;
        TimerChanges changes;
    };
    using Ways = std::shared_ptr<const std::vector<Way>>;
    // As plain_react, with timer_changes of each. Throws ModelError, the same one again.
    Ways react(const EndState& end, const Input& input);
    // As the function of that name; never throws.
    bool takes_expiry(const EndState& end, int timer);

    // The profile or the limits are others from now on.
    void forget();

    const Profile& profile() const { return profile_; }
    const Limits& limits() const { return limits_; }

private:
    struct HashState {
        std::size_t operator()(const EndState& end) const;
    };
    struct Asked {
        std::uint32_t state = 0;
        Input input;
        bool operator==(const Asked& other) const;
    };
    struct HashAsked {
        std::size_t operator()(const Asked& asked) const;
    };
    struct Answer {
        Ways ways;  // null: a ModelError with this text
        std::string error;
    };
    std::uint32_t number_of(const EndState& end);
    const Answer& answer(const EndState& end, const Input& input);

    const Profile& profile_;
    const Limits& limits_;
    std::unordered_map<EndState, std::uint32_t, HashState> states_;
    std::vector<std::vector<std::int8_t>> takes_;  // by state and timer: -1 where it was not asked for
    std::unordered_map<Asked, Answer, HashAsked> answers_;
};

}  // namespace lastack
