// Which vectors begin alike: the branches of one adaptive test.
//
// Idea: where the profile leaves the implementation a choice, each course has a vector of its own, and up to the choice
// they are the same. A run that takes another course than its vector planned need not end there: the vector of that
// course goes on in the same connection. So what the implementation chose decides how the test goes on, as in the test
// generation of the ioco theory.
// Source: J. Tretmans, Model Based Testing with Labelled Transition Systems (2008), section 5.
// Cost: one pass over all steps when first asked, 16 bytes a step; then, for each answer,
// the length of the beginning for each vector that begins so.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "generators/vector.h"

namespace lastack {

// The vectors that are the same as this one up to the action of its step.
using OtherCourses = std::function<std::vector<const TestVector*>(const TestVector& vector, int step)>;

class Courses {
public:
    // Of the vectors those with these indices, which a target can drive in the same setup. They must outlive it.
    Courses(const std::vector<TestVector>& vectors, std::vector<std::size_t> ids);

    std::vector<const TestVector*> beside(const TestVector& vector, int step);

private:
    void read();

    const std::vector<TestVector>& vectors_;
    std::vector<std::size_t> ids_;
    bool read_ = false;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_beginning_;
};

}  // namespace lastack
