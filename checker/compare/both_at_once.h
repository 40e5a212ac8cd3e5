// Work on the two sides of a comparison, side by side.
#pragma once

#include <future>

namespace lastack {

// Runs both, the first one in a thread of its own where the system has one to give. What either throws is thrown here,
// once both have ended.
template <class First, class Second>
void both_at_once(First first, Second second) {
    std::future<void> beside = std::async(std::launch::async | std::launch::deferred, first);
    second();  // where it throws, the future's end waits for the other one
    beside.get();
}

}  // namespace lastack
