#include "harness/vm_image.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "harness/target.h"

namespace lastack {
namespace {

namespace fs = std::filesystem;

// What the target `linux` needs and Debian's kernels have as modules, each behind what it needs itself.
constexpr const char* module_names[] = {"kernel/net/ipv4/inet_diag.ko", "kernel/net/ipv4/tcp_diag.ko",
                                        "kernel/drivers/net/tun.ko"};

// The header of an image has the place of a text that begins with the release (The Linux/x86 Boot Protocol,
// "kernel_version"). Nothing where it is no such image.
std::optional<std::string> release_of(const fs::path& image) {
    constexpr std::size_t sign_at = 0x202, place_at = 0x20e, setup = 0x200, longest = 64;
    std::ifstream file(image, std::ios::binary);
    std::string head(place_at + 2, '\0');
    if (!file.read(head.data(), static_cast<std::streamsize>(head.size()))) return std::nullopt;
    if (head.compare(sign_at, 4, "HdrS") != 0) return std::nullopt;
    const auto low = static_cast<unsigned char>(head[place_at]), high = static_cast<unsigned char>(head[place_at + 1]);
    std::string text(longest, '\0');
    file.seekg(static_cast<std::streamoff>(setup + low + high * std::size_t{256}));
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) return std::nullopt;
    const std::size_t end = text.find_first_of(std::string(" \0", 2));
    if (end == 0 || end == std::string::npos) return std::nullopt;
    return text.substr(0, end);
}

std::vector<std::string> modules_of(const fs::path& root, const std::string& release) {
    std::vector<std::string> found;
    for (const char* const name : module_names) {
        for (const char* const packed : {"", ".xz", ".zst", ".gz"}) {
            const fs::path place = root / "lib/modules" / release / (std::string(name) + packed);
            if (!fs::exists(place)) continue;
            found.push_back(place.string());
            break;
        }
    }
    return found;
}

std::optional<VmKernel> kernel_at(const fs::path& image) {
    const auto release = release_of(image);
    if (!release) return std::nullopt;
    return VmKernel{image.string(), *release, modules_of(image.parent_path().parent_path(), *release)};
}

void add_kernels_in(const fs::path& root, std::vector<VmKernel>& kernels) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(root / "boot", none)) {
        if (!entry.path().filename().string().starts_with("vmlinuz-")) continue;
        if (auto kernel = kernel_at(entry.path())) kernels.push_back(*std::move(kernel));
    }
}

// 6.1 is a beginning of 6.1.0-57, not of 6.12.
bool begins(const std::string& release, const std::string& word) {
    if (!release.starts_with(word)) return false;
    const char next = release.size() > word.size() ? release[word.size()] : '.';
    return word.empty() || next < '0' || next > '9';
}

std::string in_hex(std::uint64_t number) { return fmt::format("{:08x}", number); }

std::string padded(std::string bytes) {
    while (bytes.size() % 4 != 0) bytes += '\0';
    return bytes;
}

}  // namespace

std::vector<VmKernel> vm_kernels() {
    std::vector<VmKernel> kernels;
    add_kernels_in("/", kernels);
    const char* const named = std::getenv("LASTACK_KERNELS");
    const fs::path unpacked = fs::absolute(named != nullptr ? named : "build/vm");
    add_kernels_in(unpacked, kernels);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(unpacked, none)) add_kernels_in(entry.path(), kernels);
    std::sort(kernels.begin(), kernels.end(), [](const VmKernel& a, const VmKernel& b) {
        const int order = ::strverscmp(a.release.c_str(), b.release.c_str());
        return order != 0 ? order > 0 : a.image < b.image;
    });
    return kernels;
}

VmKernel vm_kernel(const std::string& word) {
    if (word.find('/') != std::string::npos) {
        if (auto kernel = kernel_at(fs::absolute(word))) return *std::move(kernel);
        throw TargetUnavailable(fmt::format("{}: no image of a Linux kernel for x86", word));
    }
    const std::vector<VmKernel> kernels = vm_kernels();
    for (const VmKernel& one : kernels)
        if (begins(one.release, word)) return one;
    std::vector<std::string> releases;
    for (const VmKernel& one : kernels) releases.push_back(one.release);
    if (kernels.empty())
        throw TargetUnavailable("no image of a kernel in /boot or build/vm; ./dev setup vm fetches some");
    throw TargetUnavailable(fmt::format("no image of a kernel {}; there are {}", word, fmt::join(releases, ", ")));
}

std::string initial_archive(const std::vector<std::pair<std::string, std::string>>& files) {
    constexpr std::uint64_t directory = 0040755, program = 0100755;
    std::string archive;
    std::uint64_t number = 0;
    const auto add = [&](std::string name, const std::string& bytes) {
        const bool holds = name.ends_with('/');
        if (holds) name.pop_back();
        archive += "070701";
        const std::uint64_t mode = name == "TRAILER!!!" ? 0 : holds ? directory : program;
        // Inode, mode, user, group, links, time, size, four numbers of devices, size of the name, checksum.
        for (const std::uint64_t field :
             {++number, mode, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0},
              std::uint64_t{bytes.size()}, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{0},
              std::uint64_t{name.size() + 1}, std::uint64_t{0}})
            archive += in_hex(field);
        archive = padded(archive + name + '\0');
        archive = padded(archive + bytes);
    };
    for (const auto& [name, bytes] : files) add(name, bytes);
    add("TRAILER!!!", "");
    return archive;
}

}  // namespace lastack
