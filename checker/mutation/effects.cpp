#include "checker/mutation/effects.h"

namespace lastack {

void each_effect(const std::vector<Effect>& effects, const std::function<void(const Effect&)>& visit) {
    for (const Effect& effect : effects) {
        if (effect.kind != Effect::Kind::branch) visit(effect);
        each_effect(effect.then, visit);
        each_effect(effect.otherwise, visit);
    }
}

void at_effect(std::vector<Effect>& effects, int& part, const ChangesEffect& change) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
        if (effects[i].kind == Effect::Kind::branch) {
            at_effect(effects[i].then, part, change);
            at_effect(effects[i].otherwise, part, change);
        } else if (part-- == 0) {
            change(effects, i);
            part = -1;
        }
        if (part < 0) return;
    }
}

}  // namespace lastack
