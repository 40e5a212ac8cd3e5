#include "model/spec.h"

#include <algorithm>

namespace lastack {

const std::vector<std::string> known_states = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSING",
                                               "TIME_WAIT",   "CLOSE_WAIT", "LAST_ACK",   "CLOSED",
                                               "LISTEN",      "SYN_SENT",   "SYN_RCVD"};

std::string state_label(const std::string& state) {
    if (state == "SYN_RCVD") return "SYN-RECEIVED";
    std::string label = state;
    std::replace(label.begin(), label.end(), '_', '-');
    return label;
}

namespace {

template <typename T>
int index_of(const std::vector<T>& list, const std::string& name) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].name == name) return static_cast<int>(i);
    }
    return -1;
}

template <typename T>
const T* named(const std::vector<T>& list, const std::string& name) {
    const int index = index_of(list, name);
    return index < 0 ? nullptr : &list[static_cast<std::size_t>(index)];
}

}  // namespace

int Profile::state(const std::string& wanted) const { return index_of(states, wanted); }
int Profile::variable(const std::string& wanted) const { return index_of(variables, wanted); }
int Profile::timer(const std::string& wanted) const { return index_of(timers, wanted); }

int Profile::initial_state() const {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i].initial) return static_cast<int>(i);
    }
    return -1;
}

const Setting* Profile::setting(const std::string& wanted) const { return named(settings, wanted); }

std::optional<int> Profile::fixed_value(const std::string& wanted) const {
    if (const Limit* limit = named(limits, wanted)) return limit->value;
    const Setting* read = setting(wanted);
    return read && read->readable() ? read->number : std::nullopt;
}

const Handler* Profile::handler(Trigger trigger, const std::string& wanted) const {
    for (const Handler& each : handlers) {
        if (each.trigger == trigger && each.name == wanted) return &each;
    }
    return nullptr;
}

const Rule* Profile::rule(const std::string& wanted) const {
    for (const Handler& handler : handlers) {
        for (const Step& step : handler.steps) {
            if (const Rule* found = named(step.rules, wanted)) return found;
        }
    }
    return nullptr;
}

const Profile* Spec::profile(const std::string& wanted) const { return named(profiles, wanted); }
const SystemDecl* Spec::system(const std::string& wanted) const { return named(systems, wanted); }

const Profile* Spec::declared_profile(const SystemDecl& system, int end) const {
    const std::string& name = system.profile[end];
    return profile(name == "subject" ? subject : name);
}

Expectation Claim::expected_for(const std::string& profile) const {
    Expectation general;
    for (const Expectation& each : expectations) {
        if (each.for_profile == profile) return each;
        if (each.for_profile.empty()) general = each;
    }
    return general;
}

}  // namespace lastack
