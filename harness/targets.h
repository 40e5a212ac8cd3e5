// The targets there are.
#pragma once

#include <memory>
#include <string>

#include "harness/target.h"
#include "model/endpoint.h"

namespace lastack {

// The running kernel, in a network namespace made for this object (a user namespace too where not root), through one
// TUN device. Throws TargetUnavailable with the reason. Nothing outlives the object, or the process.
std::unique_ptr<Target> make_linux_target();

enum class Choice { never, always, random };  // what `sim` does where the profile leaves a choice (`may`)

// A profile played by the plain interpreter, in virtual time; timers expire in the middle of their interval.
std::unique_ptr<Target> make_sim_target(const Profile& profile, const Limits& limits, Choice choice = Choice::never,
                                        unsigned seed = 1, int unit_bytes = 100);

}  // namespace lastack
