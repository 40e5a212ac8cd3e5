// Breadth-first exploration of a system: every reachable state once, in order of distance, with hooks for what is checked.
//
// Idea: states are 64-bit keys (key_layout.h), kept in order of discovery; that list is queue and archive at once, so a
// shortest path needs no parent pointers: the predecessor of a state is found by expanding the level before it
// again. Successors are collected in small batches and prefetched before they are inserted (see seen_set.h).
// Cost: about 8 bytes a state for the list, 13 to 26 for the table. Order and numbers are deterministic.
//
// Hooks (all inlined; return false to stop):
//   SystemState start(initial)            the initial state, with its stage set
//   bool state(index, state)              a new state
//   bool step(index, before, next, step)  an enabled step out of state `index`; may set next.stage
//   bool expanded(index, state, leaves)   all steps of a state were seen; leaves: one leads elsewhere, or was cut
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <vector>

#include "checker/key_layout.h"
#include "checker/seen_set.h"
#include "model/system.h"

namespace lastack {

struct Bounds {
    std::uint64_t max_states = 200'000'000;
    std::function<bool()> stop;  // polled now and then; true: end with what there is
    std::function<void(std::uint64_t states, std::uint64_t waiting, int depth)> progress;
};

// What was covered.
struct Coverage {
    std::uint64_t states = 0, transitions = 0;
    std::uint64_t expanded = 0;  // states whose steps were all seen; the others wait
    int depth = 0;               // levels after the initial one
    std::uint64_t cuts = 0;      // steps cut because a direction was full
    bool complete = false;       // every reachable state was expanded
    bool limited = false;        // max_states was hit
    bool interrupted = false;    // Bounds::stop said so
    double seconds = 0;          // processor time
    std::uint64_t bytes = 0;     // of the state list and the table
    std::size_t locals[2] = {}, bags[2] = {};
};

class Explorer {
public:
    // `stages`: how many stages a monitor distinguishes, 1 without one.
    explicit Explorer(System& system, int stages = 1);

    template <class Hooks>
    Coverage run(const Bounds& bounds, Hooks&& hooks);

    std::uint64_t size() const { return order_.size(); }
    SystemState state(std::uint64_t index) const { return layout_.unpack(order_[index]); }
    std::uint64_t key(std::uint64_t index) const { return order_[index]; }
    std::uint64_t pack(const SystemState& state) const { return layout_.pack(state); }
    int depth_of(std::uint64_t index) const;

    // Indices of the states along a shortest path from the initial state to `index`, both included. `hooks.step` is called
    // again, so that it sets the same stages as during the run; it must not depend on more than its arguments.
    template <class Hooks>
    std::vector<std::uint64_t> path_to(std::uint64_t index, Hooks&& hooks);

private:
    static constexpr std::size_t batch = 48;
    static constexpr std::uint64_t poll_interval = 8192;

    KeyLayout::Values counts() const;
    void make_room();
    template <class Hooks>
    bool flush(Hooks& hooks);
    template <class Hooks>
    bool expand(std::uint64_t index, Coverage& coverage, Hooks& hooks);
    bool keep_going(const Bounds& bounds, std::uint64_t at, Coverage& coverage) const;
    void finish(Coverage& coverage, std::clock_t start) const;

    System& system_;
    std::uint32_t stages_;
    KeyLayout layout_;
    SeenSet seen_;
    std::vector<std::uint64_t> order_;         // keys in order of discovery
    std::vector<std::uint64_t> level_starts_;  // index of the first state of each level
    std::vector<std::uint64_t> pending_;       // keys not yet inserted
};

template <class Hooks>
bool Explorer::flush(Hooks& hooks) {
    bool going = true;
    for (const std::uint64_t key : pending_) {
        if (!seen_.insert(key)) continue;
        order_.push_back(key);
        if (!hooks.state(order_.size() - 1, layout_.unpack(key))) {
            going = false;
            break;
        }
    }
    pending_.clear();
    return going;
}

template <class Hooks>
bool Explorer::expand(std::uint64_t index, Coverage& coverage, Hooks& hooks) {
    const SystemState before = state(index);
    std::uint64_t own = order_[index];
    const std::uint64_t cuts = system_.cuts();
    bool going = true;
    bool leaves = false;
    system_.expand(before, [&](SystemState next, const SystemStep& step) {
        ++coverage.transitions;
        going = hooks.step(index, before, next, step) && going;
        if (!layout_.holds(next)) {
            going = flush(hooks) && going;
            make_room();
            own = order_[index];
        }
        const std::uint64_t key = layout_.pack(next);
        leaves |= key != own;
        seen_.prefetch(key);
        pending_.push_back(key);
    });
    leaves |= system_.cuts() != cuts;  // where a step that was cut would have led is not known
    going = hooks.expanded(index, before, leaves) && going;
    if (pending_.size() >= batch) going = flush(hooks) && going;
    return going;
}

template <class Hooks>
Coverage Explorer::run(const Bounds& bounds, Hooks&& hooks) {
    Coverage coverage;
    const std::clock_t start = std::clock();
    pending_.push_back(layout_.pack(hooks.start(system_.initial())));
    bool going = flush(hooks);
    level_starts_ = {0};
    std::uint64_t at = 0;
    std::uint64_t level_end = order_.size();
    while (going) {
        for (; at < level_end && going; ++at) {
            going = expand(at, coverage, hooks);
            if (at % poll_interval == 0 || order_.size() >= bounds.max_states)
                going = keep_going(bounds, at, coverage) && going;
        }
        going = going && flush(hooks);
        if (order_.size() == level_end) break;
        level_starts_.push_back(level_end);
        level_end = order_.size();
    }
    if (order_.size() > level_end) level_starts_.push_back(level_end);  // stopped inside a level
    coverage.complete = going && at == order_.size();
    coverage.expanded = at;
    finish(coverage, start);
    return coverage;
}

template <class Hooks>
std::vector<std::uint64_t> Explorer::path_to(std::uint64_t index, Hooks&& hooks) {
    std::vector<std::uint64_t> path{index};
    for (int depth = depth_of(index); depth > 0; --depth) {
        const std::uint64_t wanted = order_[path.back()];
        const std::uint64_t end = level_starts_[depth];
        bool found = false;
        for (std::uint64_t i = level_starts_[depth - 1]; i < end && !found; ++i) {
            const SystemState before = state(i);
            system_.expand(before, [&](SystemState next, const SystemStep& step) {
                hooks.step(i, before, next, step);
                found |= layout_.pack(next) == wanted;
            });
            if (found) path.push_back(i);
        }
    }
    return {path.rbegin(), path.rend()};
}

}  // namespace lastack
