// Idea: the set of good states grows backwards. Instead of storing predecessors, all states are expanded again, against the
// order of discovery; a state joins when one of its successors has joined; passes repeat until nothing changes.
// Textbook backward reachability (Clarke, Grumberg, Peled, Model Checking, 6.3, EF), traded for memory: no edges are kept.
// Cost: passes x transitions; three to six passes on the models here, since most ways to the end run forward in the order.
// Invariant: every key in `good` can reach the body. The order is only a matter of speed.
#include "checker/recoverable.h"

namespace lastack {

Recovery find_unrecoverable(System& system, const Explorer& explorer, const ClaimCode& body, const Bounds& bounds) {
    SeenSet good;
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::uint64_t i = explorer.size(); i-- > 0;) {
            if (i % 8192 == 0 && bounds.stop && bounds.stop()) return {false, {}, {}};
            if (good.contains(explorer.key(i))) continue;
            const SystemState state = explorer.state(i);
            bool joins = body.holds({&state, nullptr, nullptr});
            if (!joins) {
                system.expand(state, [&](const SystemState& next, const SystemStep&) {
                    joins = joins || good.contains(explorer.pack(next));
                });
            }
            if (joins) {
                good.insert(explorer.key(i));
                changed = true;
            }
        }
    }
    for (std::uint64_t i = 0; i < explorer.size(); ++i) {
        if (!good.contains(explorer.key(i))) return {true, i, std::move(good)};
    }
    return {true, {}, std::move(good)};
}

}  // namespace lastack
