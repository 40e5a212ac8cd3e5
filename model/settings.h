// Settings and what follows from them: the values of a profile's limits and timers where they are formulas.
//
// A profile is configured once when it is read, with its own settings and those of the command line, and once more for
// each system that sets some. From then on limits and timers are plain numbers, wherever they came from.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/source.h"
#include "model/spec.h"

namespace lastack {

constexpr int largest_setting = std::numeric_limits<int>::max();

// The number that a value of digits is.
std::optional<int> number_in(const std::string& value);

// "NAME=VALUE", with its place in a text called `origin`. Throws SpecError.
SettingGiven setting_given(const std::string& text, const std::string& origin = "--set");

// May this be the value of the setting? A problem where not.
void check_setting(const Setting& setting, const std::string& value, const Where& where, Problems& problems);

// Gives the profile's settings these values; those that it does not have are passed over. Then all limits and timers
// with a formula get their values. What cannot be is a problem, and the old value stays.
void configure(Profile& profile, const std::vector<SettingGiven>& given, Problems& problems);

// The two parts of it that resolving a profile needs in turn, since ranges of variables read limits.
void evaluate_limits(Profile& profile, Problems& problems);
void evaluate_timers(Profile& profile, Problems& problems);

// The limits that have another value than the profile's formulas give them: no setting makes them so.
std::vector<std::string> unproduced_limits(const Profile& profile, const std::map<std::string, int>& values);

// Makes the profiles of a system that sets something; of all systems, after profiles of the spec were changed. The
// second one throws SpecError.
void configure_system(SystemDecl& system, const Spec& spec, Problems& problems);
void configure_systems(Spec& spec);

}  // namespace lastack
