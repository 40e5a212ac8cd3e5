// Idea: the set of good states grows backwards. Instead of storing predecessors, all states are expanded again, against
// the order of discovery; a state joins when one of its successors has joined; passes repeat until nothing changes.
// Textbook backward reachability (Clarke, Grumberg, Peled, Model Checking, 6.3, EF), traded for memory: no edges are
// kept. Cost: passes x transitions; three to six passes on the models here, since most ways to the end run forward in
// the order. Invariant: every state in `good` can reach the body. The order is only a matter of speed.
#include "checker/claims/recoverable.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "checker/engine/state_index.h"

namespace lastack {

Recovery find_unrecoverable(System& system, const Explorer& explorer, const ClaimCode& body, const Bounds& bounds) {
    const auto index = std::make_shared<const StateIndex>(explorer);
    std::vector<bool> good(explorer.size());
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::uint64_t i = explorer.size(); i-- > 0;) {
            if (i % 8192 == 0 && bounds.stop && bounds.stop()) return {false, {}, {}};
            if (good[i]) continue;
            const SystemState state = explorer.state(i);
            bool joins = body.holds({&state, nullptr, nullptr});
            if (!joins) {
                system.expand(
                    state, [&](const SystemState& next, const SystemStep&) { joins = joins || good[index->at(next)]; });
            }
            if (joins) {
                good[i] = true;
                changed = true;
            }
        }
    }
    const auto lost = std::find(good.begin(), good.end(), false);
    if (lost == good.end()) return {true, {}, {}};
    const auto first = static_cast<std::uint64_t>(lost - good.begin());
    return {true, first, [index, good = std::move(good)](const SystemState& state) { return !good[index->at(state)]; }};
}

}  // namespace lastack
