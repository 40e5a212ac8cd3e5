// The rules of what a run is about, looked through for contradictions (checker/rules/rule_analysis.h): before the run
// or beside it.
#pragma once

#include <atomic>
#include <future>
#include <vector>

#include "model/spec.h"

namespace lastack {

class RuleExamination {
public:
    // Of the subject, and of the profiles that these systems have. `beside`: in a thread of its own, while the caller
    // goes on; the spec must outlive this. Else it is over when this is made, and throws as finish() does. An interrupt
    // ends it, and then nothing is known.
    RuleExamination(const Spec& spec, const std::vector<const SystemDecl*>& systems, bool beside);

    // Waits for its end. Throws Interrupted, and SpecError where rules contradict each other or can never fire, the
    // first time it is called.
    void finish();

    // Something was found already: whoever goes on beside it does so in vain.
    bool found_flaws() const { return flawed_; }

private:
    std::atomic<bool> flawed_{false}, cut_short_{false};
    std::future<std::vector<Diagnostic>> flaws_;
};

}  // namespace lastack
