#include "generators/suite_union.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

#include "generators/suite.h"

namespace lastack {

namespace {

std::string key_of(const Window& window) {
    return fmt::format("{}-{}@{}/{}", window.earliest_us, window.latest_us, static_cast<int>(window.since.event),
                       window.since.step);
}

// How a vector's exchange begins and, a number for each step, goes on: hashes of what a tester does and sees. What is
// allowed besides is no part of it: that
// follows from the profile and from how long the step is looked at.
std::vector<std::size_t> marks_of(const TestVector& vector) {
    const std::hash<std::string> hash;
    std::string settings;
    for (const auto& [name, value] : vector.settings) settings += name + "=" + value + " ";
    std::string limits;
    for (const auto& [name, value] : vector.limits) limits += fmt::format("{}={} ", name, value);
    std::vector<std::size_t> marks{
        hash(fmt::format("{} {} {} {} {} {} {} {} {} {} {}", vector.profile, vector.subject, vector.ip,
                         vector.refuted_expected, vector.unit_bytes, vector.window, vector.tester_isn, settings, limits,
                         fmt::join(vector.options, " "), fmt::join(vector.unproduced, " ")))};
    for (const VectorStep& step : vector.steps) {
        std::string word = fmt::format("{} {} {} {} {} {} {} {} {}", static_cast<int>(step.kind), step.call,
                                       step.result, step.bytes, to_string(step.segment), step.timer,
                                       key_of(step.window), fmt::join(step.states, ","), fmt::join(step.signals, ","));
        for (const Expected& expected : step.expect)
            word += fmt::format(" {} {} {}", to_string(expected.segment), key_of(expected.window), expected.optional);
        marks.push_back(hash(word));
    }
    return marks;
}

}  // namespace

std::vector<TestVector> united(std::vector<TestVector> vectors, std::int64_t short_look_us) {
    std::vector<std::vector<std::size_t>> marks;
    for (const TestVector& vector : vectors) marks.push_back(marks_of(vector));
    std::vector<std::size_t> order(vectors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return marks[a] < marks[b]; });
    std::vector<bool> dropped(vectors.size());
    const auto replaces = [&](std::size_t longer, std::size_t one) {
        const bool begins = marks[one].size() <= marks[longer].size() &&
                            std::equal(marks[one].begin(), marks[one].end(), marks[longer].begin());
        const bool same = marks[one].size() == marks[longer].size();
        return begins && vectors[one].settle_us <= (same ? vectors[longer].settle_us : short_look_us);
    };
    // In order, so that what goes to a longer one goes on with that one.
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        if (!replaces(order[i + 1], order[i])) continue;
        dropped[order[i]] = true;
        merge_claims(vectors[order[i]], vectors[order[i + 1]]);
    }
    std::vector<TestVector> kept;
    for (std::size_t i = 0; i < vectors.size(); ++i)
        if (!dropped[i]) kept.push_back(std::move(vectors[i]));
    return kept;
}

}  // namespace lastack
