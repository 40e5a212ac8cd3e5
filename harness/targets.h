// The targets there are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target.h"
#include "model/endpoint.h"

namespace lastack {

// What they are called on the command line and in docs/verdicts.md. Others have a place or an image in their name:
// `exec:CMD`, `unix:PATH`, `linux-vm:KERNEL`.
inline const std::vector<std::string> target_names{"linux", "sim"};

// The running kernel, in a network namespace made for this object (a user namespace too where not root), through one
// TUN device. Throws TargetUnavailable with the reason. Nothing outlives the object, or the process.
std::unique_ptr<Target> make_linux_target();

// What `sim` does where the profile leaves it free.
struct SimPlay {
    // `may` rules: used never, wherever they match, or by lot; those in `taken` always, those in `left_out` never.
    enum class May { never, always, by_lot };
    // When in its interval a timer expires.
    enum class Expiry { early, middle, late, by_lot };
    May may = May::never;
    std::vector<std::string> taken = {}, left_out = {};
    Expiry expiry = Expiry::middle;
    bool varies = true;  // decides otherwise where a run is tried again
    unsigned seed = 1;   // of lots and of initial sequence numbers: the same seed plays the same
};

// Does the profile leave a choice, so that it can be played in several ways?
bool has_choices(const Profile& profile);

// A profile played by the plain interpreter, in virtual time.
std::unique_ptr<Target> make_sim_target(const Profile& profile, const Limits& limits, const SimPlay& play = {},
                                        int unit_bytes = 100);

// The kernel of an image, in a virtual machine in virtual time (harness/vm_target.cpp). `kernel`: the path of an image,
// with a `/`, or a release or its beginning (harness/vm_image.h); empty: the newest one. Throws TargetUnavailable where
// there is no such image or no emulator.
std::unique_ptr<Target> make_vm_target(const std::string& kernel);
// The KERNEL of `linux-vm:KERNEL`, empty of `linux-vm`; nothing of other words.
std::optional<std::string> vm_kernel_word(const std::string& target);

// A stack behind an adapter (docs/adapters.md): a child of this process, or a socket. Throws TargetUnavailable where it
// cannot be started or reached, AdapterFault where what is there does not speak the protocol.
struct AdapterPlace;
struct AdapterPatience;
std::unique_ptr<Target> make_adapter_target(const AdapterPlace& place, const AdapterPatience& patience);

}  // namespace lastack
