// Vectors and runs as bytes and back: how they go into a virtual machine and come out of it (harness/vm_exchange.h).
//
// Writer and reader are of one build, so there is no version; the format for other programs is JSON
// (generators/vector_json.h), which an emulated processor takes half a minute to read for the vectors of a suite. What
// is read lay in the memory of a kernel under test, so every length and number is checked. Cost: linear.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

class RecordError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void put_record(std::string& bytes, const TestVector& vector);
void put_record(std::string& bytes, const TestRun& run);

// Take one off the front. Throw RecordError.
TestVector take_vector(std::string_view& bytes);
TestRun take_run(std::string_view& bytes);

}  // namespace lastack
