// The questions of a proof, answered again by a solver that knows nothing of how they were made.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace lastack {

enum class Rechecked { unsat, sat, unknown };

// In a fresh context of Z3, from the text alone. Text that is no SMT-LIB is `unknown`.
Rechecked recheck(const std::string& smtlib, std::chrono::milliseconds time, const std::function<bool()>& stop = {});

}  // namespace lastack
