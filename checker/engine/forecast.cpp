#include "checker/engine/forecast.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lastack {

namespace {

constexpr std::size_t widest = 3;  // levels that a slope is taken over
constexpr double agreement = 1.5;  // between the largest and the smallest forecast
constexpr double most_growth = 2;  // from one level to the next, while anything is said
constexpr int most_levels_ahead = 1'000;

// The sum with the levels to come, where the logarithm of the ratio goes on changing by `slope`.
double continued(std::span<const std::uint64_t> levels, double slope) {
    double sum = std::accumulate(levels.begin(), levels.end(), 0.0);
    auto level = static_cast<double>(levels.back());
    double ratio = std::log(level / static_cast<double>(levels[levels.size() - 2]));
    for (int i = 0; i < most_levels_ahead && level >= 1; ++i) {
        ratio += slope;
        level *= std::exp(ratio);
        sum += level;
    }
    return sum;
}

}  // namespace

std::uint64_t forecast_states(std::span<const std::uint64_t> levels) {
    if (levels.size() < widest + 3) return 0;
    const auto ratio = [&](std::size_t i) {
        return std::log(static_cast<double>(levels[i]) / static_cast<double>(levels[i - 1]));
    };
    const std::size_t last = levels.size() - 1;
    if (ratio(last) > std::log(most_growth)) return 0;
    double forecasts[widest];
    for (std::size_t width = 1; width <= widest; ++width) {
        const double slope = (ratio(last) - ratio(last - width)) / static_cast<double>(width);
        if (slope >= 0) return 0;
        forecasts[width - 1] = continued(levels, slope);
    }
    const auto [least, most] = std::minmax_element(forecasts, forecasts + widest);
    return *most > agreement * *least ? 0 : static_cast<std::uint64_t>(forecasts[1]);
}

}  // namespace lastack
