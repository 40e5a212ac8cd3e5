#include "checker/zones/zone_search.h"

#include <algorithm>
#include <utility>

namespace lastack {

void ZoneSearch::run(const ZoneBounds& bounds) {
    const int start = graph_.initial();
    const TimedWatch::Next begun = watch_.at_start(start);
    const std::size_t clocks = graph_.clocks(start).size();
    Entry first{Zone(static_cast<int>(clocks) + (watch_.observes(begun.state) ? 1 : 0)),
                start,
                begun.state,
                -1,
                0,
                0,
                watch_.observes(begun.state),
                false,
                {}};
    enter(std::move(first), std::vector<bool>(clocks, true));
    if (begun.hit && !found_ && hit(0, entries_[0].zone, begun.state)) found_ = 0;
    for (std::size_t i = 0; i < entries_.size() && !found_; ++i) {
        if (entries_.size() > bounds.most_zones || (i % 256 == 0 && bounds.stop && bounds.stop())) return;
        if (!entries_[i].covered) expand(static_cast<int>(i));
    }
    complete_ = !found_;
}

void ZoneSearch::expand(int index) {
    const Entry from = entries_[static_cast<std::size_t>(index)];
    const std::vector<TimedMove>& moves = graph_.moves(from.location);
    const std::vector<RunningClock>& clocks = graph_.clocks(from.location);
    const int observed = watch_.observes(from.watched) ? static_cast<int>(clocks.size()) + 1 : 0;
    for (const TimedMove& move : moves) {
        if (found_) return;
        Zone zone = from.zone;
        if (move.expires > 0) {
            const std::int64_t earliest = clocks[static_cast<std::size_t>(move.expires - 1)].earliest_us;
            if (!zone.constrain(0, move.expires, TimeBound::at_most(-earliest))) continue;
        }
        if (move.at_once > 0 && !zone.constrain(move.at_once, 0, TimeBound::at_most(0))) continue;
        const TimedWatch::Next next = watch_.step(from.watched, from.location, move);
        steps_ += !next.forbidden;
        if (next.hit) {
            Zone shown = zone;
            const bool reached =
                !next.hit_before || observed == 0 || shown.constrain(observed, 0, TimeBound::below(*next.hit_before));
            if (reached) {
                // The step that hits is the last one of its run: an entry that nothing is looked for behind.
                std::vector<int> last = move.from;
                if (observed > 0) last.push_back(observed);
                entries_.push_back(
                    {shown.rearranged(last), move.target, from.watched, index, from.depth + 1, 0, false, true, move});
                const int entry = static_cast<int>(entries_.size()) - 1;
                std::optional<TimedWatch::Shown> bounds;
                if (observed > 0) bounds = {shown.most(observed, 0), shown.most(0, observed)};
                if (watch_.enough(entry, move.target, from.watched, bounds)) {
                    found_ = entry;
                    return;
                }
            }
        }
        if (next.forbidden) continue;
        std::vector<int> source = move.from;
        if (watch_.observes(next.state)) source.push_back(next.starts ? 0 : observed);
        std::vector<bool> kept;  // clocks that were inside of their time all along, or begin now
        for (const int old : move.from) {
            const bool inside =
                old == 0 || (clocks[static_cast<std::size_t>(old - 1)].forced && (from.due >> (old - 1) & 1) == 0);
            kept.push_back(inside);
        }
        enter({zone.rearranged(source), move.target, next.state, index, from.depth + 1, 0, next.starts, false, move},
              kept);
    }
}

// Where a clock that ran out finds somebody who takes its end, it is due; where it has not run out, it runs on. Both
// are looked at, as far as both can be.
void ZoneSearch::enter(Entry entry, const std::vector<bool>& kept) {
    const std::vector<RunningClock>& clocks = graph_.clocks(entry.location);
    std::vector<Entry> ways{std::move(entry)};
    for (std::size_t k = 0; k < clocks.size(); ++k) {
        if (!clocks[k].forced) continue;
        const int clock = static_cast<int>(k) + 1;
        std::vector<Entry> next;
        for (Entry& way : ways) {
            if (!kept[k]) {
                Entry over = way;
                over.due |= std::uint32_t{1} << k;
                if (over.zone.constrain(0, clock, TimeBound::below(-clocks[k].latest_us)))
                    next.push_back(std::move(over));
            }
            if (way.zone.constrain(clock, 0, TimeBound::at_most(clocks[k].latest_us))) next.push_back(std::move(way));
        }
        ways = std::move(next);
    }
    for (Entry& way : ways) arrive(std::move(way));
}

void ZoneSearch::keep_invariant(Zone& zone, const Entry& entry) {
    const std::vector<RunningClock>& clocks = graph_.clocks(entry.location);
    for (std::size_t k = 0; k < clocks.size(); ++k) {
        if (clocks[k].forced && (entry.due >> k & 1) == 0)
            zone.constrain(static_cast<int>(k) + 1, 0, TimeBound::at_most(clocks[k].latest_us));
    }
}

void ZoneSearch::arrive(Entry entry) {
    if (found_) return;
    if (entry.due == 0) {
        entry.zone.up();
        keep_invariant(entry.zone, entry);
    }
    std::optional<Zone> late;
    if (watch_.patience && watch_.observes(entry.watched)) {
        late = entry.zone;
        if (!late->constrain(0, observer(entry), TimeBound::below(-*watch_.patience))) late.reset();
    }
    std::vector<std::int64_t> lower, upper;
    for (const RunningClock& clock : graph_.clocks(entry.location)) {
        const bool timer = clock.duration.kind == Duration::Kind::timer;
        lower.push_back(timer ? clock.latest_us : clock.earliest_us);
        upper.push_back(clock.latest_us);
    }
    if (watch_.observes(entry.watched)) {
        lower.push_back(watch_.largest);
        upper.push_back(watch_.largest);
    }
    entry.zone.extrapolate(lower, upper);
    keep_invariant(entry.zone, entry);
    if (covered(entry)) return;
    entries_.push_back(std::move(entry));
    if (late && hit(static_cast<int>(entries_.size()) - 1, *late, entries_.back().watched))
        found_ = static_cast<int>(entries_.size()) - 1;
}

bool ZoneSearch::hit(int entry, const Zone& zone, int watched) {
    std::optional<TimedWatch::Shown> shown;
    if (watch_.observes(watched)) {
        const int clock = observer(entries_[static_cast<std::size_t>(entry)]);
        shown = {zone.most(clock, 0), zone.most(0, clock)};
    }
    return watch_.enough(entry, entries_[static_cast<std::size_t>(entry)].location, watched, shown);
}

bool ZoneSearch::covered(const Entry& entry) {
    std::string key(reinterpret_cast<const char*>(&entry.location), sizeof entry.location);
    key.append(reinterpret_cast<const char*>(&entry.due), sizeof entry.due);
    key.append(reinterpret_cast<const char*>(&entry.watched), sizeof entry.watched);
    std::vector<int>& known = passed_[key];
    for (const int each : known) {
        if (entries_[static_cast<std::size_t>(each)].zone.includes(entry.zone)) return true;
    }
    std::erase_if(known, [&](int each) {
        Entry& other = entries_[static_cast<std::size_t>(each)];
        if (!entry.zone.includes(other.zone)) return false;
        other.covered = true;
        return true;
    });
    known.push_back(static_cast<int>(entries_.size()));
    return false;
}

TimedPath ZoneSearch::path_to(int entry) const {
    TimedPath path;
    for (int at = entry; at >= 0; at = entries_[static_cast<std::size_t>(at)].parent) {
        const Entry& each = entries_[static_cast<std::size_t>(at)];
        path.locations.push_back(each.location);
        path.due.push_back(each.due);
        path.observed_from.push_back(each.started);
        if (each.parent >= 0) path.moves.push_back(each.move);
    }
    std::reverse(path.locations.begin(), path.locations.end());
    std::reverse(path.due.begin(), path.due.end());
    std::reverse(path.observed_from.begin(), path.observed_from.end());
    std::reverse(path.moves.begin(), path.moves.end());
    return path;
}

}  // namespace lastack
