// What two profiles say about their configuration, side by side: timers' durations, limits, settings.
#include <fmt/format.h>

#include "checker/compare/distinguish.h"

namespace lastack {

namespace {

std::string value_of(const TimerDecl& timer) {
    std::string text = duration_text(timer.earliest_us);
    if (timer.latest_us != timer.earliest_us) text += " to " + duration_text(timer.latest_us);
    if (timer.cap_us > 0) text += " doubling to " + duration_text(timer.cap_us);
    if (timer.doubled_from >= 0) text += timer.doubled_by ? " by a variable" : " from a variable";
    return text;
}
std::string value_of(const Limit& limit) { return fmt::format("{} in {}..{}", limit.value, limit.low, limit.high); }
std::string value_of(const Setting& setting) { return setting.value; }

template <class Declaration>
const Declaration* named(const std::vector<Declaration>& all, const std::string& name) {
    for (const Declaration& one : all)
        if (one.name == name) return &one;
    return nullptr;
}

template <class Declaration>
void compare_all(const std::string& kind, const std::vector<Declaration>& of_a, const std::vector<Declaration>& of_b,
                 std::vector<DeclaredDifference>& found) {
    for (const Declaration& one : of_a) {
        const Declaration* other = named(of_b, one.name);
        const std::string there = other ? value_of(*other) : "";
        if (value_of(one) != there) found.push_back({kind, one.name, value_of(one), there});
    }
    for (const Declaration& other : of_b)
        if (!named(of_a, other.name)) found.push_back({kind, other.name, "", value_of(other)});
}

}  // namespace

std::vector<DeclaredDifference> declared_differences(const Profile& a, const Profile& b) {
    std::vector<DeclaredDifference> found;
    compare_all("timer", a.timers, b.timers, found);
    compare_all("limit", a.limits, b.limits, found);
    compare_all("setting", a.settings, b.settings, found);
    return found;
}

}  // namespace lastack
