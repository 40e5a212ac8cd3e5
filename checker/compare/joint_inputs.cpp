#include "checker/compare/joint_inputs.h"

#include <algorithm>

namespace lastack {

const std::vector<JointInputs::Class>& JointInputs::of(std::span<const std::uint32_t> vertices_a,
                                                       std::span<const std::uint32_t> vertices_b) {
    std::vector<const EndpointLts::Classes*> partitions;
    for (const std::uint32_t vertex : vertices_a) partitions.push_back(&lts_[0]->classes(vertex));
    for (const std::uint32_t vertex : vertices_b) partitions.push_back(&lts_[1]->classes(vertex));
    std::sort(partitions.begin(), partitions.end());
    partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
    const auto known = known_.find(partitions);
    if (known != known_.end()) return known->second;

    std::vector<Class> classes;
    std::map<std::vector<std::uint32_t>, std::size_t> place_of;
    const auto inputs = static_cast<std::uint32_t>(lts_[0]->alphabet().inputs.size());
    for (std::uint32_t input = 0; input < inputs; ++input) {
        std::vector<std::uint32_t> firsts;
        for (const EndpointLts::Classes* partition : partitions) firsts.push_back((*partition)[input]);
        const auto [place, fresh] = place_of.try_emplace(std::move(firsts), classes.size());
        if (fresh) classes.emplace_back();
        classes[place->second].push_back(input);
    }
    return known_.emplace(std::move(partitions), std::move(classes)).first->second;
}

}  // namespace lastack
