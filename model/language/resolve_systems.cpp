// Systems: the profiles at the two ends, their calls, limits and first states, and the network.
#include <algorithm>
#include <set>

#include "model/language/resolve.h"
#include "model/settings.h"

namespace lastack {

std::vector<std::string> calls_of(const Profile& profile) {
    std::vector<std::string> calls;
    for (const Handler& handler : profile.handlers) {
        if (handler.trigger == Trigger::call) calls.push_back(handler.name);
    }
    return calls;
}

namespace {

// A call that another profile of the spec handles is a name too: one system serves a profile and its variations.
void resolve_calls(const syntax::SystemParts& declared, const Spec& spec, SystemDecl& system, Problems& problems) {
    for (int end : {0, 1}) {
        std::set<std::string> seen;
        if (!declared.calls[end]) continue;
        for (const syntax::Word& call : *declared.calls[end]) {
            if (!seen.insert(call.text).second) {
                problems.add(call.where, "call '" + call.text + "' is listed twice");
                continue;
            }
            std::vector<std::string> known;
            for (const Profile& profile : spec.profiles) {
                const std::vector<std::string> calls = calls_of(profile);
                known.insert(known.end(), calls.begin(), calls.end());
            }
            if (std::find(known.begin(), known.end(), call.text) == known.end()) {
                problems.add(call.where, "no profile handles the call '" + call.text + "'",
                             did_you_mean(call.text, known));
            }
            system.calls[end].push_back(call.text);
        }
    }
}

// Checks a limit against the profiles at the two ends, each of which says its range. True where one of them has it.
bool check_limit(const syntax::SystemParts::Limit& given, const Spec& spec, const SystemDecl& system,
                 std::vector<std::string>& known, Problems& problems) {
    bool found = false;
    for (const int end : {0, 1}) {
        const Profile* profile = spec.declared_profile(system, end);
        if (!profile) continue;
        for (const Limit& limit : profile->limits) {
            known.push_back(limit.name);
            if (limit.name != given.name.text) continue;
            found = true;
            if (given.value >= limit.low && given.value <= limit.high) continue;
            problems.add(given.where, "limit '" + limit.name + "' is out of its range " + std::to_string(limit.low) +
                                          ".." + std::to_string(limit.high));
        }
    }
    return found;
}

bool has_limit(const Profile& profile, const std::string& name) {
    return std::any_of(profile.limits.begin(), profile.limits.end(),
                       [&](const Limit& limit) { return limit.name == name; });
}

// A limit holds for both ends. One that is a default of the file binds only the systems whose ends have it.
void resolve_limits(const syntax::SystemParts& declared, const Spec& spec, SystemDecl& system, Problems& problems) {
    std::map<std::string, Where> places;
    for (const syntax::SystemParts::Limit& given : declared.limits) {
        const std::string& name = given.name.text;
        std::vector<std::string> known;
        if (!check_limit(given, spec, system, known, problems)) {
            const auto has_it = [&](const Profile& profile) { return has_limit(profile, name); };
            if (given.by_default && std::any_of(spec.profiles.begin(), spec.profiles.end(), has_it)) continue;
            problems.add(given.name.where, "unknown limit '" + name + "'", did_you_mean(name, known));
        }
        if (!places.emplace(name, given.name.where).second)
            problems.add(given.name.where, "limit '" + name + "' is given twice");
        system.limits[name] = given.value;
    }
    for (const auto& place : places) system.limit_places.push_back(place.second);
}

// The settings hold for each end whose profile has them.
void resolve_settings(const syntax::SystemParts& declared, const Spec& spec, SystemDecl& system, Problems& problems) {
    for (const syntax::Setting& given : declared.settings) {
        std::vector<std::string> known;
        for (const int end : {0, 1}) {
            const Profile* profile = spec.declared_profile(system, end);
            if (!profile) return;  // said with the system
            const std::vector<std::string> names = names_in(profile->settings);
            known.insert(known.end(), names.begin(), names.end());
        }
        if (std::find(known.begin(), known.end(), given.name.text) == known.end()) {
            problems.add(given.name.where, "unknown setting '" + given.name.text + "'",
                         did_you_mean(given.name.text, known));
        }
        for (const SettingGiven& other : system.settings) {
            if (other.name == given.name.text)
                problems.add(given.name.where, "setting '" + given.name.text + "' is given twice");
        }
        system.settings.push_back({given.name.text, given.value, given.name.where, given.value_where});
    }
    configure_system(system, spec, problems);
}

// A state of the profile at that end; with `subject`, of the profile that is the subject now.
void resolve_starts(const syntax::SystemParts& declared, const Spec& spec, SystemDecl& system, Problems& problems) {
    for (const syntax::SystemParts::Start& given : declared.starts) {
        std::string& place = system.start[given.end];
        if (!place.empty()) problems.add(given.word.where, "where " + given.word.text + " starts is said twice");
        place = given.state.text;
        const Profile* profile = spec.declared_profile(system, given.end);
        if (!profile || profile->state(place) >= 0) continue;
        problems.add(given.state.where, "profile '" + profile->name + "' has no state '" + place + "'",
                     did_you_mean(place, names_in(profile->states)));
    }
}

// What one end says the other one has to understand.
void check_vocabulary(const syntax::SystemParts& declared, const Spec& spec, const SystemDecl& system,
                      Problems& problems) {
    const Profile* const a = spec.declared_profile(system, 0);
    const Profile* const b = spec.declared_profile(system, 1);
    if (!a || !b || a->vocabulary == b->vocabulary) return;
    const auto named = [](const Profile& profile) { return "profile '" + profile.name + "'"; };
    problems.add(declared.profile[1]->where, "the ends of system '" + system.name + "' do not understand each other: " +
                                                 difference(a->vocabulary, b->vocabulary, named(*a), named(*b)));
}

// Its formulas read what the profiles at both ends make of their settings; limits of the system have no part in it.
void resolve_delay(const syntax::Network& declared, const Spec& spec, SystemDecl& system, Problems& problems) {
    if (!declared.delay_to) return;
    const auto value_of = [&](const Formula& name) -> std::int64_t {
        for (const int end : {0, 1}) {
            const Profile* profile = spec.declared_profile(system, end);
            if (const auto value = profile ? profile->fixed_value(name.name) : std::nullopt) return *value;
        }
        throw SpecError(name.where, "unknown setting or limit '" + name.name + "'");
    };
    try {
        system.network.delay_from_us = evaluate(*declared.delay_from, value_of);
        system.network.delay_to_us = evaluate(*declared.delay_to, value_of);
    } catch (const SpecError& error) {
        const Diagnostic& first = error.diagnostics().front();
        problems.add(first.where, first.message, first.suggestion);
    }
    if (system.network.delay_from_us < 0 || system.network.delay_to_us < system.network.delay_from_us)
        problems.add(declared.delay_where, "the delay of a network ends before it begins, or is negative");
}

}  // namespace

void resolve_system(const syntax::System& declared, Spec& spec, Problems& problems) {
    SystemDecl system;
    system.name = declared.name.text;
    system.title = declared.title;
    system.network = declared.parts.network->network;
    system.where = declared.name.where;
    if (spec.system(system.name)) problems.add(system.where, "system '" + system.name + "' is already declared");
    for (int end : {0, 1}) {
        const syntax::Word& profile = *declared.parts.profile[end];
        system.profile[end] = profile.text;
        if (profile.text == "subject" || spec.profile(profile.text)) continue;
        std::vector<std::string> known = names_in(spec.profiles);
        known.push_back("subject");
        problems.add(profile.where, "unknown profile '" + profile.text + "'", did_you_mean(profile.text, known));
    }
    constexpr int largest_capacity = 8;
    constexpr int largest_budget = 250;  // counted in a byte
    if (system.network.capacity < 1 || system.network.capacity > largest_capacity) {
        problems.add(declared.parts.network->capacity_where,
                     "the capacity of a network is 1.." + std::to_string(largest_capacity));
    }
    for (const int budget : {system.network.loss_budget, system.network.duplicate_budget}) {
        if (budget > largest_budget) {
            problems.add(declared.parts.network->capacity_where,
                         "a network loses or duplicates at most 0.." + std::to_string(largest_budget));
        }
    }
    resolve_delay(*declared.parts.network, spec, system, problems);
    check_vocabulary(declared.parts, spec, system, problems);
    resolve_calls(declared.parts, spec, system, problems);
    resolve_starts(declared.parts, spec, system, problems);
    resolve_limits(declared.parts, spec, system, problems);
    resolve_settings(declared.parts, spec, system, problems);
    spec.systems.push_back(std::move(system));
}

}  // namespace lastack
