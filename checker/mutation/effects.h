// The effects of a case, counted through all branches of its `if`s in the order of the text.
#pragma once

#include <functional>
#include <vector>

#include "model/spec.h"

namespace lastack {

// Every effect but `if`.
void each_effect(const std::vector<Effect>& effects, const std::function<void(const Effect&)>& visit);

// Calls `change` with the list that holds the part-th of these, and its place there; counts `part` down below 0.
using ChangesEffect = std::function<void(std::vector<Effect>& list, std::size_t place)>;
void at_effect(std::vector<Effect>& effects, int& part, const ChangesEffect& change);

}  // namespace lastack
