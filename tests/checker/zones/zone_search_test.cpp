// Timed searches against one that counts time in whole units. All guards of these graphs are closed, and what such a
// graph reaches in dense time it reaches at whole numbers (Henzinger, Manna and Pnueli, "What good are digital
// clocks?", 1992); the longest and the shortest time of a stay are whole numbers, too.
#include "checker/zones/zone_search.h"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <random>
#include <set>

#include "checker/zones/timed_path.h"

using namespace lastack;

namespace {

// Every location has the same clocks; each move starts some of them anew.
struct Drawn : TimedGraph {
    std::vector<std::vector<RunningClock>> at;
    std::vector<std::vector<TimedMove>> out;
    int initial() override { return 0; }
    const std::vector<RunningClock>& clocks(int location) override { return at[static_cast<std::size_t>(location)]; }
    const std::vector<TimedMove>& moves(int location) override { return out[static_cast<std::size_t>(location)]; }
};

Drawn draw(unsigned seed) {
    std::mt19937 lots(seed);
    const auto lot = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(lots); };
    const int locations = lot(3, 6), count = lot(1, 3);
    std::vector<RunningClock> clocks;
    for (int k = 0; k < count; ++k) {
        RunningClock clock;
        clock.earliest_us = lot(0, 4);
        clock.latest_us = clock.earliest_us + lot(0, 3);
        clock.forced = lot(0, 3) > 0;
        clock.duration.kind = lot(0, 1) == 0 ? Duration::Kind::timer : Duration::Kind::delay;
        clocks.push_back(clock);
    }
    Drawn graph;
    for (int i = 0; i < locations; ++i) {
        graph.at.push_back(clocks);
        graph.out.emplace_back();
        for (int m = lot(1, 3); m > 0; --m) {
            TimedMove move;
            move.target = lot(0, locations - 1);
            if (lot(0, 4) > 0) move.expires = lot(1, count);
            if (lot(0, 5) == 0) move.at_once = lot(1, count);
            for (int k = 1; k <= count; ++k)
                move.from.push_back(k == move.expires || lot(0, 2) == 0 ? 0 : lot(0, 5) == 0 ? lot(1, count) : k);
            graph.out.back().push_back(move);
        }
    }
    return graph;
}

// The clock that observes begins with the first move and shows how late each location can be entered.
struct Stay : TimedWatch {
    struct Seen {
        std::int64_t most = -1, least = 1'000'000;
        bool beyond = false;
    };
    std::map<int, Seen> seen;
    std::map<int, int> last;  // an entry that shows the most
    explicit Stay(std::int64_t horizon) { largest = horizon; }
    Next at_start(int) override { return {1, false, false, false, std::nullopt}; }
    Next step(int, int, const TimedMove&) override {
        Next next;
        next.state = 1;
        next.hit = true;
        return next;
    }
    bool enough(int entry, int location, int, const std::optional<Shown>& shown) override {
        Seen& one = seen[location];
        if (shown->most.unbounded() || shown->most.us() > largest) {
            one.beyond = true;
        } else if (shown->most.us() > one.most) {
            one.most = shown->most.us();
            last[location] = entry;
        }
        one.least = std::min(one.least, -shown->least.us());
        return false;
    }
};

std::map<int, Stay::Seen> count_in_units(Drawn& graph, std::int64_t horizon) {
    using State = std::pair<int, std::vector<int>>;  // the last one observes
    std::map<int, Stay::Seen> seen;
    std::set<State> known;
    std::vector<State> open{{0, std::vector<int>(graph.at[0].size() + 1, 0)}};
    known.insert(open[0]);
    const auto visit = [&](State state) {
        for (std::size_t k = 0; k + 1 < state.second.size(); ++k) state.second[k] = std::min(state.second[k], 20);
        state.second.back() = std::min<int>(state.second.back(), static_cast<int>(horizon) + 1);
        if (known.insert(state).second) open.push_back(std::move(state));
    };
    for (std::size_t i = 0; i < open.size(); ++i) {
        const State state = open[i];
        const auto& clocks = graph.at[static_cast<std::size_t>(state.first)];
        State later = state;
        bool may_wait = true;
        for (std::size_t k = 0; k < clocks.size(); ++k)
            may_wait = may_wait && !(clocks[k].forced && ++later.second[k] > clocks[k].latest_us);
        for (std::size_t k = 0; k < clocks.size(); ++k) later.second[k] = state.second[k] + 1;
        ++later.second.back();
        if (may_wait) visit(later);
        for (const TimedMove& move : graph.out[static_cast<std::size_t>(state.first)]) {
            const auto clock = [&](int k) { return state.second[static_cast<std::size_t>(k - 1)]; };
            if (move.expires > 0 &&
                clock(move.expires) < clocks[static_cast<std::size_t>(move.expires - 1)].earliest_us)
                continue;
            if (move.at_once > 0 && clock(move.at_once) > 0) continue;
            State next{move.target, {}};
            bool possible = true;
            for (std::size_t k = 0; k < move.from.size(); ++k) {
                next.second.push_back(move.from[k] > 0 ? clock(move.from[k]) : 0);
                (void)possible;
            }
            next.second.push_back(state.second.back());
            Stay::Seen& one = seen[move.target];
            const int shown = next.second.back();
            if (shown > horizon)
                one.beyond = true;
            else
                one.most = std::max<std::int64_t>(one.most, shown);
            one.least = std::min<std::int64_t>(one.least, shown);
            for (std::size_t k = 0; k < clocks.size(); ++k)
                possible = possible && !(clocks[k].forced && next.second[k] > clocks[k].latest_us);
            if (possible) visit(next);
        }
    }
    return seen;
}

}  // namespace

TEST_CASE("random timed graphs: what is entered, and when at the earliest and the latest") {
    int compared = 0, beyond = 0;
    for (unsigned seed = 1; seed <= 250; ++seed) {
        CAPTURE(seed);
        Drawn graph = draw(seed);
        // A clock that another one's start is taken for must have its time, so all have the same ones.
        for (auto& clocks : graph.at)
            for (RunningClock& clock : clocks) clock = clocks[0];
        constexpr std::int64_t horizon = 12;
        Stay watch(horizon);
        ZoneSearch search(graph, watch);
        search.run({});
        REQUIRE(search.complete());
        const std::map<int, Stay::Seen> expected = count_in_units(graph, horizon);
        REQUIRE(watch.seen.size() == expected.size());
        for (const auto& [location, units] : expected) {
            CAPTURE(location);
            const Stay::Seen& zones = watch.seen.at(location);
            CHECK(zones.beyond == units.beyond);
            if (!units.beyond) CHECK(zones.most == units.most);
            CHECK(zones.least == units.least);
            ++compared;
            beyond += units.beyond;
            if (units.beyond || !watch.last.contains(location)) continue;
            // The same from the steps of one run alone.
            const TimedPath path = search.path_to(watch.last.at(location));
            const auto times =
                times_of(conditions_of(graph, path), static_cast<int>(path.locations.size()), 0, Extreme::latest);
            REQUIRE(times);
            CHECK(times->back() == StepTime{units.most, units.most});
        }
    }
    CHECK(compared > 500);
    CHECK(beyond > 50);
    CHECK(beyond < compared);
}

TEST_CASE("a timer that ran out where nothing took its end ends as soon as something does") {
    // Clock 1 lasts 5; nobody takes its end in location 0, which is left after 8; in location 1 it is taken.
    Drawn graph;
    RunningClock lasting{{}, 5, 5, false}, leaving{{}, 8, 8, true}, taken{{}, 5, 5, true};
    graph.at = {{lasting, leaving}, {taken}, {}};
    TimedMove leave, end;
    leave.target = 1;
    leave.expires = 2;
    leave.from = {1};
    end.target = 2;
    end.expires = 1;
    graph.out = {{leave}, {end}, {}};
    Stay watch(100);
    ZoneSearch search(graph, watch);
    search.run({});
    CHECK(watch.seen.at(2).most == 8);
    CHECK(watch.seen.at(2).least == 8);
}
