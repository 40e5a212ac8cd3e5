// Inputs that none of some local states tells apart.
//
// Idea: in each control state the inputs fall into classes (endpoint_lts.h, unite_inputs). Local states of several
// control states, of one side or both, tell two inputs apart where one of them does: the meet of the partitions. An
// exchange needs one input of each class, not each input. Cost: inputs times control states for each set of control
// states that is asked for, once.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "checker/compare/endpoint_lts.h"

namespace lastack {

class JointInputs {
public:
    JointInputs(const EndpointLts& a, const EndpointLts& b) : lts_{&a, &b} {}

    using Class = std::vector<std::uint32_t>;  // its inputs, sorted
    // Sorted by their first inputs. Valid until the object is gone.
    const std::vector<Class>& of(std::span<const std::uint32_t> vertices_a, std::span<const std::uint32_t> vertices_b);

private:
    const EndpointLts* lts_[2];
    std::map<std::vector<const EndpointLts::Classes*>, std::vector<Class>> known_;
};

}  // namespace lastack
