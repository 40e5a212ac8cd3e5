#include "cli/rule_examination.h"

#include <algorithm>
#include <system_error>

#include "checker/rules/rule_analysis.h"
#include "cli/session.h"

namespace lastack {

namespace {

// A profile that none of the systems has, and no profile that one of them has extends, is not what this run is about.
bool explored(const Spec& spec, const std::vector<const SystemDecl*>& systems, const Profile& profile) {
    const auto descends = [&](const std::string& name) {
        for (const Profile* at = spec.profile(name); at; at = spec.profile(at->parent)) {
            if (at == &profile) return true;
        }
        return false;
    };
    if (descends(spec.subject)) return true;
    return std::any_of(systems.begin(), systems.end(), [&](const SystemDecl* system) {
        return descends(system->profile[0]) || descends(system->profile[1]);
    });
}

std::vector<Diagnostic> flaws_of(const Spec& spec, const std::vector<const SystemDecl*>& systems) {
    std::vector<Diagnostic> flaws;
    for (const Profile& profile : spec.profiles) {
        if (!explored(spec, systems, profile)) continue;
        for (const Diagnostic& flaw : analyse_rules(profile, limits_of(profile), interrupted)) {
            // A profile inherits the flaws of its parent; once is enough.
            const auto same = [&](const Diagnostic& other) { return render(other) == render(flaw); };
            if (std::none_of(flaws.begin(), flaws.end(), same)) flaws.push_back(flaw);
        }
    }
    return flaws;
}

}  // namespace

RuleExamination::RuleExamination(const Spec& spec, const std::vector<const SystemDecl*>& systems, bool beside) {
    const auto examine = [this, &spec, systems] {
        std::vector<Diagnostic> flaws = flaws_of(spec, systems);
        flawed_ = !flaws.empty();
        cut_short_ = interrupted();
        return flaws;
    };
    try {
        if (beside) flaws_ = std::async(std::launch::async, examine);
    } catch (const std::system_error&) {  // the system has no thread to give
    }
    if (flaws_.valid()) return;
    flaws_ = std::async(std::launch::deferred, examine);
    finish();
}

void RuleExamination::finish() {
    if (!flaws_.valid()) return;
    std::vector<Diagnostic> flaws = flaws_.get();
    if (!flaws.empty()) throw SpecError(std::move(flaws));
    if (cut_short_) throw Interrupted("the rules were not looked through, so nothing is said of them");
}

}  // namespace lastack
