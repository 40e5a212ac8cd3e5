// The TCP sysctls are per namespace; the few global ones are not visible in a namespace that is not the first.
#include "harness/sysctls.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace lastack {
namespace {

// Words parted by one blank, so that "4096\t87380" and "4096 87380" are the same value.
std::string normal(const std::string& text) {
    std::istringstream words(text);
    std::string word, joined;
    while (words >> word) joined += (joined.empty() ? "" : " ") + word;
    return joined;
}

std::optional<std::string> read_value(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line)) return std::nullopt;
    return normal(line);
}

// A name becomes a path below /proc/sys/net; nothing outside of it can be named.
std::optional<std::string> path_of(const std::string& name) {
    const std::string full = name.starts_with("tcp_") ? "net.ipv4." + name : name;
    if (!full.starts_with("net.")) return std::nullopt;
    std::string path = "/proc/sys/";
    for (const char c : full) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!letter && c != '.') return std::nullopt;
        if (c == '.' && path.back() == '/') return std::nullopt;
        path += c == '.' ? '/' : c;
    }
    return path;
}

}  // namespace

// A value that is there already is not written: it may be one that this kernel lets nobody write.
std::string NamespaceSysctls::set(const std::string& name, const std::string& value) {
    const auto path = path_of(name);
    if (!path) return fmt::format("{}: not the name of a network sysctl (net.ipv4.tcp_... or tcp_...)", name);
    const auto old = read_value(*path);
    if (old && *old == normal(value)) return "";
    const std::string reason = write(*path, value);
    if (!reason.empty()) return reason;
    if (old) before_.try_emplace(*path, *old);
    const auto now = read_value(*path);
    if (!now || *now != normal(value))
        return fmt::format("{}: '{}' was written but it reads '{}'", *path, value, now.value_or("nothing"));
    return "";
}

void NamespaceSysctls::restore() {
    for (const auto& [path, value] : before_) static_cast<void>(write(path, value));
    before_.clear();
}

std::string NamespaceSysctls::write(const std::string& path, const std::string& value) {
    if (!space_.entered()) return path + ": not written outside of the namespace of our own";
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.open() || ::write(file.get(), value.data(), value.size()) < 0)
        return fmt::format("{}: cannot be set to '{}': {}", path, value, std::strerror(errno));
    return "";
}

}  // namespace lastack
