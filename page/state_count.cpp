#include "page/state_count.h"

namespace lastack {

std::size_t StateCount::Hash::operator()(const SystemState& state) const {
    std::uint64_t hash = 0;
    for (const std::uint64_t part :
         {std::uint64_t{state.end[0]}, std::uint64_t{state.end[1]}, std::uint64_t{state.bag[0]},
          std::uint64_t{state.bag[1]}, std::uint64_t{state.losses} << 8U | state.duplicates})
        hash = ((hash ^ part) * 0x9E3779B97F4A7C15U) ^ (hash >> 29U);  // the golden ratio, as in Fibonacci hashing
    return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

StateCount::StateCount(const Spec& spec, const SystemDecl& decl) : system_(spec, decl) {
    open_.push_back(system_.initial());
    seen_.insert(system_.initial());
}

void StateCount::go_on(std::size_t more) {
    for (; more > 0 && !complete(); --more) {
        if (next_ == open_.size()) {
            open_ = std::move(found_);
            found_.clear();
            next_ = 0;
            ++depth_;
        }
        const SystemState state = open_[next_++];
        system_.expand(state, [&](const SystemState& next, const SystemStep&) {
            ++transitions_;
            if (seen_.insert(next).second) found_.push_back(next);
        });
    }
}

}  // namespace lastack
