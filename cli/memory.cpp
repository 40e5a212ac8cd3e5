#include "cli/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace lastack {

namespace {

constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

// The number in a file that holds nothing else; `unknown` where there is none ("max", or no such file).
std::uint64_t bytes_in(const std::string& path) {
    std::uint64_t number = 0;
    return std::ifstream(path) >> number ? number : unknown;
}

std::uint64_t free_in_machine() {
    std::ifstream info("/proc/meminfo");
    std::string name;
    for (std::uint64_t kibibytes = 0; info >> name >> kibibytes; info.ignore(unknown >> 1, '\n')) {
        if (name == "MemAvailable:") return kibibytes * 1024;
    }
    return unknown;
}

// Control groups, version 2 and 1 (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst of the kernel), as a
// container sees its own.
std::uint64_t free_in_group() {
    const std::string root = "/sys/fs/cgroup/";
    const std::uint64_t most = std::min(bytes_in(root + "memory.max"), bytes_in(root + "memory/memory.limit_in_bytes"));
    const std::uint64_t taken =
        std::min(bytes_in(root + "memory.current"), bytes_in(root + "memory/memory.usage_in_bytes"));
    if (most == unknown || taken == unknown) return unknown;
    return most > taken ? most - taken : 0;
}

}  // namespace

std::uint64_t memory_at_hand() {
    const std::uint64_t free = std::min(free_in_machine(), free_in_group());
    return free == unknown ? 0 : free / 10 * 9;
}

}  // namespace lastack
