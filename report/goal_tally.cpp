#include "report/goal_tally.h"

#include <fmt/format.h>

#include <array>
#include <bitset>
#include <unordered_map>

namespace lastack {

GoalTally goal_tally(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    std::array<std::unordered_map<std::string, std::bitset<5>>, 2> seen;  // verdicts by goal; of IPv4, of IPv6
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const VectorClaim& claim : vectors[i].claims) {
            if (claim.sense == VectorClaim::Sense::goal)
                seen[vectors[i].ip == 6 ? 1 : 0][claim.id].set(static_cast<std::size_t>(runs[i].verdict));
        }
    }
    GoalTally tally;
    for (const auto& goals : seen) {
        for (const auto& [name, verdicts] : goals) {
            const auto has = [&verdicts = verdicts](Verdict verdict) {
                return verdicts[static_cast<std::size_t>(verdict)];
            };
            if (has(Verdict::pass))
                ++tally.confirmed;
            else if (has(Verdict::fail))
                ++tally.refuted;
            else if (has(Verdict::inconclusive))
                ++tally.undecided;
            else
                ++tally.not_driven;
        }
    }
    return tally;
}

std::string goal_tally_text(const GoalTally& tally) {
    if (tally.all() == 0) return "";
    return fmt::format("  {} goals: {} confirmed, {} refuted, {} undecided, {} not driven\n", tally.all(),
                       tally.confirmed, tally.refuted, tally.undecided, tally.not_driven);
}

}  // namespace lastack
