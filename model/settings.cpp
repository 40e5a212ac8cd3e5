#include "model/settings.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace lastack {

namespace {

std::string range_of(const std::int64_t low, const std::int64_t high) {
    return std::to_string(low) + ".." + std::to_string(high);
}

// Values of the names in the formulas of one profile. A limit may be made of other limits, wherever they stand.
class Values {
public:
    Values(Profile& profile, Problems& problems) : profile_(profile), problems_(problems) {}

    void limits() {
        for (Limit& limit : profile_.limits) {
            if (limit.formula) settle(limit);
        }
    }
    void timers() {
        for (TimerDecl& timer : profile_.timers) settle(timer);
    }

private:
    static constexpr std::int64_t year = std::int64_t{366} * 24 * 3600 * 1'000'000;

    std::int64_t value_of(const Formula& name) {
        for (const Setting& setting : profile_.settings) {
            if (setting.name != name.name) continue;
            if (!setting.number) throw SpecError(name.where, "setting '" + name.name + "' is no number");
            if (setting.given) outside_.push_back(&setting);
            return *setting.number;
        }
        for (Limit& limit : profile_.limits) {
            if (limit.name != name.name) continue;
            if (limit.formula) settle(limit);
            return limit.value;
        }
        std::vector<std::string> known = names_in(profile_.limits);
        for (const Setting& setting : profile_.settings) {
            if (setting.readable()) known.push_back(setting.name);
        }
        throw SpecError(name.where, "unknown setting or limit '" + name.name + "'", did_you_mean(name.name, known));
    }

    std::optional<std::int64_t> evaluated(const Formula& formula) {
        try {
            return evaluate(formula, [this](const Formula& name) { return value_of(name); });
        } catch (const SpecError& error) {
            const Diagnostic& first = error.diagnostics().front();
            problems_.add(first.where, first.message, first.suggestion.empty() ? blamed() : first.suggestion);
            return std::nullopt;
        }
    }

    void settle(Limit& limit) {
        if (std::find(settled_.begin(), settled_.end(), &limit) != settled_.end()) return;
        const auto first = std::find(open_.begin(), open_.end(), &limit);
        if (first != open_.end()) {
            std::string loop;
            for (auto each = first; each != open_.end(); ++each) loop += (*each)->name + " -> ";
            throw SpecError(limit.formula->where, "a loop of limits: " + loop + limit.name);
        }
        open_.push_back(&limit);
        if (open_.size() == 1) outside_.clear();
        const std::optional<std::int64_t> value = evaluated(*limit.formula);
        if (value && (*value < limit.low || *value > limit.high)) {
            problems_.add(limit.formula->where,
                          "limit '" + limit.name + "' becomes " + std::to_string(*value) + ", out of its range " +
                              range_of(limit.low, limit.high),
                          blamed());
        } else if (value) {
            limit.value = static_cast<int>(*value);
        }
        open_.pop_back();
        settled_.push_back(&limit);
    }

    void settle(TimerDecl& timer) {
        outside_.clear();
        const auto duration = [&](std::optional<Formula>& formula, std::int64_t& place) {
            if (!formula) return;
            const std::optional<std::int64_t> value = evaluated(*formula);
            if (value && (*value < 0 || *value > year))
                problems_.add(formula->where,
                              "timer '" + timer.name + "' becomes " + (*value < 0 ? "negative" : "longer than a year"),
                              blamed());
            else if (value)
                place = *value;
        };
        duration(timer.earliest, timer.earliest_us);
        duration(timer.latest, timer.latest_us);
        duration(timer.cap, timer.cap_us);
        if (timer.latest_us < timer.earliest_us)
            problems_.add(timer.latest->where, "timer '" + timer.name + "' ends before it begins", blamed());
        if (timer.cap_us > 0 && timer.cap_us < timer.latest_us)
            problems_.add(timer.cap->where, "timer '" + timer.name + "' doubles up to less than its first interval",
                          blamed());
    }

    // Which values from outside have a part in what was evaluated last.
    std::string blamed() const {
        std::string text;
        for (const Setting* setting : outside_) {
            const std::string one = setting->name + " is set to " + setting->value + " at " +
                                    setting->given->source->name + ":" + std::to_string(setting->given->line) + ":" +
                                    std::to_string(setting->given->column);
            if (text.find(one) == std::string::npos) text += (text.empty() ? "" : "; ") + one;
        }
        return text;
    }

    Profile& profile_;
    Problems& problems_;
    std::vector<const Limit*> open_, settled_;
    std::vector<const Setting*> outside_;
};

}  // namespace

std::optional<int> number_in(const std::string& value) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool digits = !value.empty() && value.front() != '-' && end == value.data() + value.size();
    return digits && error == std::errc{} ? std::optional<int>(number) : std::nullopt;
}

SettingGiven setting_given(const std::string& text, const std::string& origin) {
    const auto source = checked_source(origin, text);
    const Places places(source);
    const std::size_t sign = text.find('=');
    if (sign == 0 || sign == std::string::npos || sign + 1 == text.size())
        throw SpecError(places.at(0, std::max<std::size_t>(text.size(), 1)), "a setting is given as NAME=VALUE");
    return {text.substr(0, sign), text.substr(sign + 1), places.at(0, sign),
            places.at(sign + 1, text.size() - sign - 1)};
}

void check_setting(const Setting& setting, const std::string& value, const Where& where, Problems& problems) {
    if (!setting.number) return;
    const std::optional<int> number = number_in(value);
    if (!number) {
        problems.add(where, "setting '" + setting.name + "' is a number, not '" + value + "'");
    } else if (*number < setting.low || *number > setting.high) {
        problems.add(where,
                     "setting '" + setting.name + "' is out of its range " + range_of(setting.low, setting.high));
    }
}

void evaluate_limits(Profile& profile, Problems& problems) { Values(profile, problems).limits(); }
void evaluate_timers(Profile& profile, Problems& problems) { Values(profile, problems).timers(); }

void configure(Profile& profile, const std::vector<SettingGiven>& given, Problems& problems) {
    for (Setting& setting : profile.settings) {
        for (const SettingGiven& one : given) {
            if (one.name != setting.name) continue;
            const std::size_t before = problems.count();
            check_setting(setting, one.value, one.value_where, problems);
            if (problems.count() != before) continue;
            setting.value = one.value;
            setting.given = one.where;
            if (setting.number) setting.number = number_in(one.value);
        }
    }
    evaluate_limits(profile, problems);
    evaluate_timers(profile, problems);
}

std::vector<std::string> unproduced_limits(const Profile& profile, const std::map<std::string, int>& values) {
    std::vector<std::string> names;
    for (const Limit& limit : profile.limits) {
        const auto value = values.find(limit.name);
        if (limit.formula && value != values.end() && value->second != limit.value) names.push_back(limit.name);
    }
    return names;
}

void configure_systems(Spec& spec) {
    Problems problems;
    for (SystemDecl& system : spec.systems) configure_system(system, spec, problems);
    problems.throw_if_any();
}

void configure_system(SystemDecl& system, const Spec& spec, Problems& problems) {
    const Profile* before = nullptr;
    for (const int end : {0, 1}) {
        system.configured[end].reset();
        const Profile* profile = spec.declared_profile(system, end);
        if (!profile || system.settings.empty()) continue;
        if (profile == before) {  // two ends alike share one
            system.configured[1] = system.configured[0];
            continue;
        }
        before = profile;
        auto own = std::make_shared<Profile>(*profile);
        configure(*own, system.settings, problems);
        system.configured[end] = std::move(own);
    }
}

}  // namespace lastack
