// What is expected of a claim, for each profile: its own expectations, those of the profiles that it extends, and those
// that hold under certain settings only.
#include <algorithm>
#include <set>

#include "model/language/resolve.h"
#include "model/system.h"

namespace lastack {

namespace {

// One expectation as it stands; without a condition it always counts.
struct Stated {
    Expectation expectation;
    const Formula* condition = nullptr;
};

class Expecting {
public:
    Expecting(const SystemDecl* system, const Spec& spec, Problems& problems)
        : system_(system), spec_(spec), problems_(problems) {}

    void state(const syntax::Expectation& given) {
        if (given.profiles.empty()) state(given, "", given.where);
        for (const syntax::Word& profile : given.profiles) {
            if (!spec_.profile(profile.text)) {
                problems_.add(profile.where, "unknown profile '" + profile.text + "'",
                              did_you_mean(profile.text, names_in(spec_.profiles)));
            }
            state(given, profile.text, profile.where);
        }
    }

    // The general one, then one for each profile that has, or inherits, another one. A profile without an expectation
    // of its own has that of the nearest profile which it extends and which has one: a child that changes nothing is
    // expected to be as its parent is.
    std::vector<Expectation> by_profile() {
        std::vector<Expectation> all;
        for (const Stated& one : stated_) {
            if (one.expectation.for_profile.empty() && !one.condition) all.push_back(one.expectation);
        }
        for (const Profile& profile : spec_.profiles) {
            const Stated* found = nullptr;
            const Profile* at = &profile;
            for (; at && !found; at = spec_.profile(at->parent)) found = counts(at->name, profile);
            if (!found) found = counts("", profile);
            if (!found || (found->expectation.for_profile.empty() && !found->condition)) continue;
            all.push_back(found->expectation);
            all.back().for_profile = profile.name;
        }
        return all;
    }

private:
    void state(const syntax::Expectation& given, const std::string& profile, const Where& where) {
        if (!given.condition && !unconditional_.insert(profile).second)
            problems_.add(where, "a second expectation" + (profile.empty() ? "" : " for '" + profile + "'"));
        if (given.condition) check_names(*given.condition, profile);
        stated_.push_back({{given.holds, given.vacuous, given.shortest, profile, given.where},
                           given.condition ? &*given.condition : nullptr});
    }

    // A name has to be one of that profile, or of any where none is named: other profiles do not have such a setting.
    void check_names(const Formula& formula, const std::string& profile) {
        for (const Formula& arg : formula.args) check_names(arg, profile);
        if (formula.kind != Formula::Kind::name) return;
        std::vector<std::string> known;
        for (const Profile& each : spec_.profiles) {
            if (!profile.empty() && each.name != profile) continue;
            for (const Limit& limit : each.limits) known.push_back(limit.name);
            for (const Setting& setting : each.settings) {
                if (setting.number) known.push_back(setting.name);
            }
        }
        if (std::find(known.begin(), known.end(), formula.name) != known.end()) return;
        problems_.add(formula.where, "unknown setting or limit '" + formula.name + "'",
                      did_you_mean(formula.name, known));
    }

    // Of the expectations for that name, the one that counts for the profile: one whose condition holds before one
    // without.
    const Stated* counts(const std::string& for_profile, const Profile& profile) {
        const Stated* found = nullptr;
        for (const Stated& one : stated_) {
            if (one.expectation.for_profile != for_profile) continue;
            if (!one.condition) {
                if (!found) found = &one;
            } else if (holds(*one.condition, profile)) {
                if (found && found->condition)
                    problems_.add(one.expectation.where,
                                  "this and an expectation before it count for '" + profile.name + "' as it is set");
                found = &one;
            }
        }
        return found;
    }

    bool holds(const Formula& condition, const Profile& profile) {
        bool known = true;
        try {
            const std::int64_t value = evaluate(condition, [&](const Formula& name) -> std::int64_t {
                const std::optional<int> fixed = value_of(name.name, profile);
                known = known && fixed;
                return fixed.value_or(0);
            });
            return known && value != 0;
        } catch (const SpecError& error) {  // a division by zero
            const Diagnostic& first = error.diagnostics().front();
            problems_.add(first.where, first.message, first.suggestion);
            return false;
        }
    }

    // As the claim's system has it, where the profile stands at one of its ends.
    std::optional<int> value_of(const std::string& name, const Profile& profile) const {
        const Profile* own = &profile;
        for (const int end : {0, 1}) {
            if (!system_ || spec_.declared_profile(*system_, end) != &profile) continue;
            own = &profile_at(spec_, *system_, end);
            const auto limit = system_->limits.find(name);
            if (limit != system_->limits.end() && own->fixed_value(name)) return limit->second;
        }
        for (const Setting& setting : own->settings) {
            if (setting.name == name) return setting.number;
        }
        return own->fixed_value(name);
    }

    const SystemDecl* system_;
    const Spec& spec_;
    Problems& problems_;
    std::set<std::string> unconditional_;
    std::vector<Stated> stated_;
};

}  // namespace

void resolve_expectations(const syntax::Claim& declared, const Spec& spec, Claim& claim, Problems& problems) {
    Expecting expecting(spec.system(claim.system), spec, problems);
    for (const syntax::Expectation& given : declared.expectations) expecting.state(given);
    claim.expectations = expecting.by_profile();
    for (const syntax::Word& end : declared.refuted) {
        if (end.text != "A" && end.text != "B") {
            problems.add(end.where, "a trace is refuted at end A or B, not at '" + end.text + "'");
        } else if (claim.refuted_at.find(end.text) != std::string::npos) {
            problems.add(end.where, "end " + end.text + " is named twice");
        }
        claim.refuted_at += end.text;
    }
}

}  // namespace lastack
