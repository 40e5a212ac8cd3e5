#include "harness/capabilities.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace lastack {

void drop_capabilities() {
    constexpr std::uint64_t kept = std::uint64_t{1} << CAP_NET_ADMIN | std::uint64_t{1} << CAP_SYS_ADMIN |
                                   std::uint64_t{1} << CAP_DAC_OVERRIDE | std::uint64_t{1} << CAP_DAC_READ_SEARCH |
                                   std::uint64_t{1} << CAP_FOWNER;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) return;
    for (unsigned i = 0; i < sets.size(); ++i) {
        const auto part = static_cast<std::uint32_t>(kept >> (32 * i));
        sets[i].effective &= part;
        sets[i].permitted &= part;
        sets[i].inheritable = 0;
    }
    ::syscall(SYS_capset, &header, sets.data());  // fewer than before is never refused
}

}  // namespace lastack
