// What an adapter still does wrong, step by step, for whoever writes it.
//
// Each step uses a connection of its own where it can, so that one mistake does not hide the others; a step that
// needs what another one has shown to be wrong is not tried. An adapter that is lost is started anew for the next one.
#pragma once

#include <string>
#include <vector>

#include "harness/adapter_link.h"

namespace lastack {

struct AdapterStep {
    enum class Outcome {
        right,
        wrong,
        not_tried,  // needs a step that was wrong
        lacking,    // the adapter says that it has no means for it
    };
    std::string name;      // "syn", one word
    std::string expected;  // what an adapter does, a sentence
    std::string section;   // of docs/adapters.md, that describes it
    Outcome outcome = Outcome::not_tried;
    std::string came;  // wrong: what came in place of it; not tried: the step that it needs; lacking: what it lacks
};

std::vector<AdapterStep> check_adapter(const AdapterPlace& place, const AdapterPatience& patience);

}  // namespace lastack
