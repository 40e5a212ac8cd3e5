#include "cli/duration.h"

#include <charconv>
#include <utility>

namespace lastack {

std::optional<std::chrono::milliseconds> duration_in(const std::string& word) {
    constexpr std::pair<const char*, double> units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60e3}, {"h", 3600e3}};
    constexpr double year = 365 * 24 * 3600e3;
    double number = 0;
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{}) return std::nullopt;
    const std::string unit(rest, word.data() + word.size());
    for (const auto& [name, factor] : units) {
        if (unit != name) continue;
        const double ms = number * factor;
        if (!(ms >= 1 && ms <= year)) return std::nullopt;
        return std::chrono::milliseconds(static_cast<std::int64_t>(ms));
    }
    return std::nullopt;
}

}  // namespace lastack
