// What random_spec.cpp puts together: a profile of either sort, and claims.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/spec.h"
#include "tests/random/dice.h"
#include "tests/random/random_spec.h"

namespace lastack::testing {

RandomProfile free_profile(Dice& dice, const RandomKnobs& knobs, const std::string& name);
RandomProfile drivable_profile(Dice& dice, const RandomKnobs& knobs, const std::string& name);

// A claim `id` on the only system of the spec, of any of the nine kinds.
std::string random_claim(Dice& dice, const Spec& spec, const std::string& id);

// `count` of them, in their order.
inline std::vector<std::string> some_of(Dice& dice, const std::vector<std::string>& some, int count) {
    std::vector<std::string> shuffled = some, chosen;
    dice.shuffle(shuffled);
    shuffled.resize(std::min(shuffled.size(), static_cast<std::size_t>(count)));
    for (const std::string& one : some) {
        for (const std::string& other : shuffled) {
            if (one == other) chosen.push_back(one);
        }
    }
    return chosen;
}

}  // namespace lastack::testing
