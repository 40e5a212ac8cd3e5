// Merging systems along `extends`, as model/language/extends.cpp merges profiles.
//
// Idea: a system is what its parent is, or what the defaults of its file say, with its own parts in their places: ends,
// network, calls and first states as a whole for each end, limits and settings by name.
#include "model/language/merge_systems.h"

#include <algorithm>
#include <map>
#include <set>

namespace lastack {

namespace {

using namespace syntax;

template <typename T>
auto named(std::vector<T>& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&name](const T& each) { return each.name.text == name; });
}

// What is given twice in one system stays twice: that is a mistake for the resolver to tell.
template <typename T>
void override_by_name(std::vector<T>& base, const std::vector<T>& own) {
    for (const T& each : own) {
        base.erase(
            std::remove_if(base.begin(), base.end(), [&](const T& old) { return old.name.text == each.name.text; }),
            base.end());
    }
    base.insert(base.end(), own.begin(), own.end());
}

template <typename T>
void drop_from(std::vector<T>& list, const Drop& drop, Problems& problems) {
    const auto known = named(list, drop.name.text);
    if (known != list.end()) {
        list.erase(known);
        return;
    }
    std::vector<std::string> names;
    for (const T& each : list) names.push_back(each.name.text);
    const std::string what = drop.kind == "limit" ? "limit" : "setting";
    problems.add(drop.name.where, "there is no " + what + " '" + drop.name.text + "' to drop",
                 did_you_mean(drop.name.text, names));
}

void apply(const SystemParts& own, SystemParts& parts, Problems& problems) {
    for (const int end : {0, 1}) {
        if (own.profile[end]) parts.profile[end] = own.profile[end];
        if (own.calls[end]) parts.calls[end] = own.calls[end];
    }
    if (own.network) parts.network = own.network;
    for (const SystemParts::Start& start : own.starts) {
        parts.starts.erase(std::remove_if(parts.starts.begin(), parts.starts.end(),
                                          [&](const SystemParts::Start& old) { return old.end == start.end; }),
                           parts.starts.end());
    }
    parts.starts.insert(parts.starts.end(), own.starts.begin(), own.starts.end());
    for (const Drop& drop : own.drops) {
        if (drop.kind == "limit")
            drop_from(parts.limits, drop, problems);
        else
            drop_from(parts.settings, drop, problems);
    }
    override_by_name(parts.limits, own.limits);
    override_by_name(parts.settings, own.settings);
}

// Merges each system after its parent, whatever the order of the text.
class SystemFamily {
public:
    SystemFamily(const std::vector<System>& systems, const std::vector<SystemParts>& defaults, Problems& problems)
        : systems_(systems), defaults_(defaults), problems_(problems) {
        for (std::size_t i = 0; i < systems.size(); ++i) known_.emplace(systems[i].name.text, i);
    }

    // Null where the system is part of a loop or has no known parent.
    const SystemParts* merged(std::size_t i) {
        if (const auto done = done_.find(i); done != done_.end()) return done->second ? &*done->second : nullptr;
        path_.push_back(i);
        std::optional<SystemParts> parts = defaults_[i];
        if (systems_[i].parent) {
            const SystemParts* parent = parent_of(systems_[i]);
            parts = parent ? std::optional<SystemParts>(*parent) : std::nullopt;
        }
        path_.pop_back();
        if (parts) apply(systems_[i].parts, *parts, problems_);
        const auto& kept = done_[i] = std::move(parts);
        return kept ? &*kept : nullptr;
    }

private:
    const SystemParts* parent_of(const System& system) {
        const Word& name = *system.parent;
        const auto parent = known_.find(name.text);
        if (parent == known_.end()) {
            std::vector<std::string> names;
            for (const auto& each : known_) names.push_back(each.first);
            problems_.add(name.where, "unknown system '" + name.text + "'", did_you_mean(name.text, names));
            return nullptr;
        }
        const auto first = std::find(path_.begin(), path_.end(), parent->second);
        if (first != path_.end()) {
            std::string loop;
            for (auto each = first; each != path_.end(); ++each) loop += systems_[*each].name.text + " -> ";
            problems_.add(name.where, "a loop of 'extends': " + loop + name.text);
            return nullptr;
        }
        constexpr std::size_t deepest = 100;
        if (path_.size() > deepest)
            throw SpecError(name.where, "systems that extend systems, more than " + std::to_string(deepest) + " deep");
        return merged(parent->second);
    }

    const std::vector<System>& systems_;
    const std::vector<SystemParts>& defaults_;
    Problems& problems_;
    std::map<std::string, std::size_t> known_;
    std::map<std::size_t, std::optional<SystemParts>> done_;
    std::vector<std::size_t> path_;  // being merged, outermost first
};

}  // namespace

syntax::SystemParts default_parts(const syntax::Systems& systems) {
    SystemParts parts = systems.parts;
    for (SystemParts::Limit& limit : parts.limits) limit.by_default = true;
    return parts;
}

std::vector<syntax::System> merge_systems(const std::vector<syntax::System>& systems,
                                          const std::vector<syntax::SystemParts>& defaults, Problems& problems) {
    SystemFamily family(systems, defaults, problems);
    std::vector<System> result;
    for (std::size_t i = 0; i < systems.size(); ++i) {
        const SystemParts* parts = family.merged(i);
        if (!parts) continue;
        const Word& name = systems[i].name;
        if (!parts->profile[0])
            problems.add(name.where, "system '" + name.text + "' does not say who is at its ends",
                         "write 'ends PROFILE A, PROFILE B', or 'ends PROFILE' where both are the same");
        else if (!parts->network)
            problems.add(name.where, "system '" + name.text + "' has no network",
                         "write 'network 1', and what it does: loses, duplicates, reorders");
        else
            result.push_back({name, systems[i].parent, systems[i].title, *parts});
    }
    return result;
}

}  // namespace lastack
