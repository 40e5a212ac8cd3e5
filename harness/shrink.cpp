#include "harness/shrink.h"

#include <algorithm>
#include <utility>

namespace lastack {

namespace {

using Inputs = std::vector<WalkInput>;

Inputs without(Inputs inputs, std::size_t place) {
    inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(place));
    return inputs;
}

// Everything that might fail as well and is smaller.
std::vector<Inputs> smaller(const Walk& walk, const ShrinkMeans& means) {
    const Inputs all = RandomWalks::inputs_of(walk);
    std::vector<Inputs> result;
    for (std::size_t length = 1; length < all.size(); ++length)
        result.emplace_back(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(length));
    for (std::size_t first = 1; first < all.size(); ++first) {
        const std::optional<Walk>& way = means.ways[means.graph.block(walk.steps[first].vertex)];
        if (!way || way->steps.size() >= first) continue;
        result.push_back(RandomWalks::inputs_of(*way));
        result.back().insert(result.back().end(), all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
    }
    for (std::size_t one = 0; one < all.size() && all.size() > 1; ++one) {
        const Inputs rest = without(all, one);
        result.push_back(rest);
        for (std::size_t other = one; other < rest.size() && rest.size() > 1; ++other)
            result.push_back(without(rest, other));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].late) continue;
        result.push_back(all);
        result.back()[i].late = false;
    }
    return result;
}

std::pair<std::size_t, std::int64_t> size_of(const FailingWalk& one) {
    return {one.walk.steps.size(), duration_bound_us(one.vector)};
}

// Those that fail now.
std::vector<FailingWalk> failing(std::vector<FailingWalk> tried, const ShrinkMeans& means) {
    std::vector<TestVector> vectors;
    for (const FailingWalk& one : tried) vectors.push_back(one.vector);
    std::vector<TestRun> runs = means.drive(vectors);
    std::vector<FailingWalk> result;
    for (std::size_t i = 0; i < tried.size(); ++i) {
        if (!is_fault(runs[i])) continue;
        tried[i].run = std::move(runs[i]);
        result.push_back(std::move(tried[i]));
    }
    return result;
}

}  // namespace

bool is_fault(const TestRun& run) { return run.verdict == Verdict::fail || run.verdict == Verdict::error; }

FailingWalk shrink(FailingWalk found, const ShrinkMeans& means) {
    for (;;) {
        std::vector<FailingWalk> tried;
        for (const Inputs& inputs : smaller(found.walk, means)) {
            std::optional<Walk> walk = means.walks.along(inputs);
            std::optional<TestVector> vector = walk ? means.make(*walk) : std::nullopt;
            if (vector) tried.push_back({std::move(*walk), std::move(*vector), {}});
        }
        std::erase_if(tried, [&](const FailingWalk& one) { return size_of(one) >= size_of(found); });
        std::vector<FailingWalk> left = failing(failing(std::move(tried), means), means);
        if (left.empty()) return found;
        found = std::move(*std::min_element(left.begin(), left.end(), [](const auto& one, const auto& other) {
            return size_of(one) < size_of(other);
        }));
    }
}

}  // namespace lastack
