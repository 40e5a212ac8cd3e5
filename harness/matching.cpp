#include "harness/matching.h"

#include <algorithm>

namespace lastack {

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool same_result(const std::string& expected, const std::string& got) {
    return got == expected || (expected == "closing" && got == "pipe");
}

WireSegment comparable(WireSegment segment) {
    if (!segment.has_ack) segment.ack = 0;
    return segment;
}

bool fits(const WireSegment& allowed, WireSegment seen) {
    WireSegment wanted = comparable(allowed);
    if (wanted.rst) wanted.zero_window = false;
    if (!wanted.zero_window) seen.zero_window = false;
    return wanted == seen;
}

bool goes_on_in_another(const TestVector& vector) {
    for (std::size_t i = 1; i < vector.steps.size(); ++i) {
        const VectorStep &before = vector.steps[i - 1], &step = vector.steps[i];
        const bool opens =
            step.kind == VectorStep::Kind::send && step.segment.syn && !step.segment.has_ack && !step.segment.rst;
        if (opens && (contains(before.states, "TIME_WAIT") || contains(before.other_states, "TIME_WAIT"))) return true;
    }
    return false;
}

bool comes_when_over(const TestVector& vector) {
    for (std::size_t i = 1; i < vector.steps.size(); ++i) {
        const VectorStep &before = vector.steps[i - 1], &step = vector.steps[i];
        const bool sends = step.kind == VectorStep::Kind::send;
        if (sends && (contains(before.states, "CLOSED") || contains(before.other_states, "CLOSED"))) return true;
    }
    return false;
}

}  // namespace lastack
