#include "model/system.h"

#include <fmt/format.h>

#include <set>

namespace lastack {

const Profile& profile_at(const Spec& spec, const SystemDecl& decl, int end) {
    if (decl.configured[end]) return *decl.configured[end];
    const std::string& name = decl.profile[end] == "subject" ? spec.subject : decl.profile[end];
    const Profile* profile = spec.profile(name);
    if (!profile) throw SpecError(decl.where, fmt::format("system '{}': no profile '{}'", decl.name, name));
    return *profile;
}

int start_at(const Spec& spec, const SystemDecl& decl, int end) {
    const Profile& profile = profile_at(spec, decl, end);
    if (decl.start[end].empty()) return profile.initial_state();
    const int state = profile.state(decl.start[end]);
    if (state < 0) {
        throw SpecError(decl.where, fmt::format("system '{}': profile '{}' has no state '{}' to start in", decl.name,
                                                profile.name, decl.start[end]));
    }
    return state;
}

Limits limits_at(const Spec& spec, const SystemDecl& decl, int end) {
    const Profile& profile = profile_at(spec, decl, end);
    std::map<std::string, int> overrides;
    for (const Limit& limit : profile.limits) {
        const auto given = decl.limits.find(limit.name);
        if (given == decl.limits.end()) continue;
        if (given->second < limit.low || given->second > limit.high) {
            throw SpecError(decl.where, fmt::format("system '{}': limit '{}' is {}, outside {}..{}", decl.name,
                                                    limit.name, given->second, limit.low, limit.high));
        }
        overrides[limit.name] = given->second;
    }
    return limits_of(profile, overrides);
}

bool is_symmetric(const Spec& spec, const SystemDecl& decl) {
    const std::set<std::string> calls[2] = {{decl.calls[0].begin(), decl.calls[0].end()},
                                            {decl.calls[1].begin(), decl.calls[1].end()}};
    return &profile_at(spec, decl, 0) == &profile_at(spec, decl, 1) && calls[0] == calls[1] &&
           limits_at(spec, decl, 0) == limits_at(spec, decl, 1) && start_at(spec, decl, 0) == start_at(spec, decl, 1);
}

System::System(const Spec& spec, const SystemDecl& decl)
    : decl_(decl), loses_(decl.network.loses), duplicates_(decl.network.duplicates),
      loss_budget_(decl.network.loss_budget), duplicate_budget_(decl.network.duplicate_budget) {
    const bool alike = is_symmetric(spec, decl);
    for (int end = 0; end < 2; ++end) {
        if (alike && end == 1) {
            segments_[1] = segments_[0];
            bags_[1] = bags_[0];
            machines_[1] = machines_[0];
            break;
        }
        segments_[end] = std::make_shared<SegmentTable>();
        bags_[end] = std::make_shared<BagTable>(decl.network.capacity, decl.network.reorders);
        machines_[end] = std::make_shared<Machine>(profile_at(spec, decl, end), limits_at(spec, decl, end),
                                                   decl.calls[end], *segments_[end], start_at(spec, decl, end));
    }
}

}  // namespace lastack
