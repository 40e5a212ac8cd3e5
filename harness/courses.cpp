#include "harness/courses.h"

#include <algorithm>
#include <string>
#include <utility>

namespace lastack {
namespace {

class Hash {
public:
    void add(std::uint64_t number) { value_ = (value_ ^ number) * 0x9E3779B97F4A7C15U; }
    void add(const std::string& text) { add(std::hash<std::string>()(text)); }
    void add(const WireSegment& segment) {
        add(static_cast<std::uint64_t>(segment.seq));
        add(static_cast<std::uint64_t>(segment.ack));
        add(static_cast<std::uint64_t>(segment.len));
        add((segment.fin ? 1U : 0U) + (segment.syn ? 2U : 0U) + (segment.rst ? 4U : 0U) + (segment.has_ack ? 8U : 0U));
    }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0;
};

void add_action(Hash& hash, const VectorStep& step) {
    hash.add(static_cast<std::uint64_t>(step.kind));
    hash.add(step.call);
    hash.add(step.timer);
    hash.add(step.segment);
}

void add_answer(Hash& hash, const VectorStep& step) {
    hash.add(step.result);
    for (const Expected& one : step.expect) hash.add(one.segment);
}

bool same_action(const VectorStep& one, const VectorStep& other) {
    return one.kind == other.kind && one.call == other.call && one.bytes == other.bytes && one.timer == other.timer &&
           one.segment == other.segment;
}

bool same_answer(const VectorStep& one, const VectorStep& other) {
    return one.result == other.result && one.returned == other.returned && one.states == other.states &&
           one.signals == other.signals &&
           std::equal(one.expect.begin(), one.expect.end(), other.expect.begin(), other.expect.end(),
                      [](const Expected& a, const Expected& b) { return a.segment == b.segment; });
}

// What the tester itself is.
bool same_tester(const TestVector& one, const TestVector& other) {
    return one.begin == other.begin && one.ip == other.ip && one.unit_bytes == other.unit_bytes &&
           one.window == other.window && one.options == other.options && one.tester_isn == other.tester_isn;
}

bool begin_alike(const TestVector& one, const TestVector& other, std::size_t step) {
    if (!same_tester(one, other) || other.steps.size() <= step) return false;
    for (std::size_t i = 0; i < step; ++i)
        if (!same_action(one.steps[i], other.steps[i]) || !same_answer(one.steps[i], other.steps[i])) return false;
    return same_action(one.steps[step], other.steps[step]);
}

// Calls `take` with each step's number and the hash of all before it and of its action.
template <class Take>
void each_beginning(const TestVector& vector, Take take) {
    Hash hash;
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        add_action(hash, vector.steps[i]);
        take(i, hash.value());
        add_answer(hash, vector.steps[i]);
    }
}

}  // namespace

Courses::Courses(const std::vector<TestVector>& vectors, std::vector<std::size_t> ids)
    : vectors_(vectors), ids_(std::move(ids)) {}

void Courses::read() {
    if (std::exchange(read_, true)) return;
    for (const std::size_t id : ids_)
        each_beginning(vectors_[id],
                       [&](std::size_t, std::uint64_t beginning) { by_beginning_[beginning].push_back(id); });
}

std::vector<const TestVector*> Courses::beside(const TestVector& vector, int step) {
    read();
    std::vector<const TestVector*> others;
    each_beginning(vector, [&](std::size_t at, std::uint64_t beginning) {
        if (at != static_cast<std::size_t>(step)) return;
        const auto found = by_beginning_.find(beginning);
        if (found == by_beginning_.end()) return;
        for (const std::size_t id : found->second)
            if (&vectors_[id] != &vector && begin_alike(vector, vectors_[id], at)) others.push_back(&vectors_[id]);
    });
    return others;
}

}  // namespace lastack
