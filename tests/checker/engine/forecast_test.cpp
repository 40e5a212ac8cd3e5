#include "checker/engine/forecast.h"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

namespace lastack {

namespace {

using Sizes = std::vector<std::uint64_t>;

// Sizes of all levels, as explorations found them: tcpclose with (data, retries, capacity) 1 1 2, 0 3 4 and 2 1 2,
// `lossy` of linux.spec and rfc9293.spec, tcpclose with 0 2 3.
const std::vector<Sizes> measured{
    {1,       8,       56,     292,    1367,   5850,  21294, 64841, 162082, 336791, 595075, 895752, 1155721, 1288128,
     1238242, 1015813, 706904, 415588, 205748, 86851, 31233, 9307,  2404,   574,    136,    38,     8},
    {1,       6,       35,      156,     664,     2562,    8895,   28040,  78763,  194976, 423610, 791522, 1273412,
     1793212, 2244234, 2434800, 2269452, 1822828, 1235752, 665860, 288656, 101056, 30728,  7608,   1124},
    {1,       8,       58,      320,      1612,     7468,     30193,    105521,   314484,   805436,  1798151,
     3534846, 6168385, 9590984, 13298693, 16408142, 17955624, 17353686, 14716050, 10845131, 6867917, 3695934,
     1681350, 647093,  210552,  57013,    12247,    2194,     314,      26,       4},
    {1,       8,       60,      324,    1617,   6949,   25105, 74262, 183548, 385334, 691179, 1066422, 1419351,
     1626518, 1585639, 1289462, 865235, 469768, 201044, 66692, 17788, 4330,   1092,   294,    79,      14},
    {1,       8,       60,     318,    1545,   6419,   22580, 65507, 158484, 327499, 583150, 902193, 1221565, 1439877,
     1466440, 1277488, 953169, 613989, 350796, 184321, 89399, 37586, 12350,  2918,   561,    88,     4},
    {1,      6,      35,     156,    638,    2332,   7877,  23044, 56900, 115678, 191910,
     269274, 329060, 338486, 289728, 204624, 114248, 47192, 14060, 2696,  176}};

}  // namespace

TEST_CASE("Levels along a bell are continued to its end") {
    // Binomial coefficients of 30: their sum is 2^30, whatever part is known.
    Sizes levels{1};
    for (std::uint64_t k = 1; k <= 22; ++k) levels.push_back(levels.back() * (31 - k) / k);
    const double forecast = static_cast<double>(forecast_states(levels));
    CHECK(forecast > 0.95 * (1 << 30));
    CHECK(forecast < 1.05 * (1 << 30));
}

TEST_CASE("Few levels, growth that does not slow down, and growth that is still steep tell nothing") {
    CHECK(forecast_states(Sizes{}) == 0);
    CHECK(forecast_states(Sizes{1, 8, 60}) == 0);
    CHECK(forecast_states(Sizes{1, 2, 4, 8, 16, 32, 64, 128}) == 0);
    CHECK(forecast_states(Sizes{1, 10, 90, 700, 5000, 30000, 150000}) == 0);
}

TEST_CASE("On the models measured a forecast is within a quarter of the truth, and from a fifth of the states on there "
          "is one") {
    int given = 0;
    for (const Sizes& levels : measured) {
        const auto all = static_cast<double>(std::accumulate(levels.begin(), levels.end(), std::uint64_t{0}));
        double known = 0;
        for (std::size_t n = 1; n < levels.size(); ++n) {
            known += static_cast<double>(levels[n - 1]);
            const auto forecast = static_cast<double>(forecast_states(std::span(levels).first(n)));
            CAPTURE(n);
            CAPTURE(all);
            if (forecast == 0) {
                CHECK((known < 0.2 * all || known > 0.999 * all));
                continue;
            }
            ++given;
            CHECK(forecast > all * 0.75);
            CHECK(forecast < all * 1.25);
        }
    }
    CHECK(given > 60);
}

}  // namespace lastack
