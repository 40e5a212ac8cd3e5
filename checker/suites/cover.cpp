#include "checker/suites/cover.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace lastack {

namespace {

// Does the walk make the sequel's steps from there on?
bool follows(const Walk& walk, std::size_t begin, const Goals::Sequel& sequel) {
    const std::size_t end = begin + 1 + sequel.steps.size();
    if (walk.steps[begin].late != sequel.late || end > walk.steps.size()) return false;
    for (std::size_t i = begin + 1; i < end; ++i) {
        const Goals::Planned& wanted = sequel.steps[i - begin - 1];
        if (walk.steps[i].input != wanted.input || walk.steps[i].late != wanted.late) return false;
    }
    return sequel.look_us == 0 || (end == walk.steps.size() && walk.look_us >= sequel.look_us);
}

void make_set(std::vector<std::uint32_t>& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

// Those that the ones behind them have made superfluous; the last ones are looked at first.
void drop_those_not_needed(const std::vector<Coverer>& all, const std::vector<std::size_t>& chosen, std::size_t goals,
                           std::vector<bool>& kept) {
    std::vector<std::uint32_t> times(goals);
    for (const std::size_t i : chosen)
        for (const std::uint32_t goal : all[i].reaches) ++times[goal];
    for (std::size_t at = chosen.size(); at-- > 0;) {
        const std::vector<std::uint32_t>& reaches = all[chosen[at]].reaches;
        if (std::any_of(reaches.begin(), reaches.end(), [&](std::uint32_t goal) { return times[goal] == 1; })) continue;
        kept[chosen[at]] = false;
        for (const std::uint32_t goal : reaches) --times[goal];
    }
}

}  // namespace

std::vector<std::uint32_t> goals_reached(Goals& goals, const Walk& walk, std::size_t first) {
    std::vector<std::uint32_t> reached;
    std::uint32_t kind = 0;
    for (std::size_t i = 0; i < walk.steps.size(); ++i) {
        const WalkStep& step = walk.steps[i];
        for (const Goals::Offer& offer : goals.offers(step.vertex, kind)) {
            if (i < first || offer.input != step.input) continue;
            if (!offer.sequel || follows(walk, i, *offer.sequel)) reached.push_back(offer.goal);
        }
        kind = goals.kind(step.vertex, step.edge);
    }
    make_set(reached);
    return reached;
}

std::vector<bool> greedy_cover(const std::vector<Coverer>& all) {
    std::uint32_t most = 0;
    for (const Coverer& one : all)
        for (const std::uint32_t goal : one.reaches) most = std::max(most, goal + 1);
    std::vector<bool> covered(most), kept(all.size());
    const auto gain = [&](std::size_t i) {
        return static_cast<std::size_t>(std::count_if(all[i].reaches.begin(), all[i].reaches.end(),
                                                      [&](std::uint32_t goal) { return !covered[goal]; }));
    };
    struct Entry {
        std::size_t gain, number, steps;
        bool operator<(const Entry& other) const {  // the queue's top is the largest
            return std::tie(gain, other.steps, other.number) < std::tie(other.gain, steps, number);
        }
    };
    std::priority_queue<Entry> queue;
    for (std::size_t i = 0; i < all.size(); ++i) queue.push({all[i].reaches.size(), i, all[i].steps});
    std::vector<std::size_t> chosen;
    while (!queue.empty()) {
        Entry best = queue.top();
        queue.pop();
        const std::size_t now = gain(best.number);
        if (now == 0) continue;
        if (now < best.gain) {
            best.gain = now;
            queue.push(best);
            continue;
        }
        kept[best.number] = true;
        chosen.push_back(best.number);
        for (const std::uint32_t goal : all[best.number].reaches) covered[goal] = true;
    }
    drop_those_not_needed(all, chosen, most, kept);
    return kept;
}

}  // namespace lastack
