#include "generators/tester_view.h"

#include <algorithm>
#include <set>

#include "generators/byte_stream.h"
#include "model/plain.h"
#include "model/timekeeper.h"

namespace lastack {

namespace {

constexpr std::size_t most_courses = 3000;

}  // namespace

void make_set(std::vector<Possibility>& possibilities) {
    std::sort(possibilities.begin(), possibilities.end());
    possibilities.erase(std::unique(possibilities.begin(), possibilities.end()), possibilities.end());
}

Possibility TesterView::initial(const std::string& start) const {
    Possibility first;
    first.state = plain_initial(profile(), start);
    for (const TimerStart& started : timers_at_start(profile(), limits(), first.state).started) {
        first.clocks[started.timer] = Clock{{Instants::opening, 0, 0}, 0, std::nullopt, 0};
    }
    return first;
}

std::vector<Possibility> TesterView::react(const Possibility& before, const Input& input, const When& when) const {
    std::vector<Possibility> all;
    const PlainMemo::Ways ways = memo_.react(before.state, input);
    for (const auto& [reaction, changes] : *ways) {
        Possibility after = before;
        after.state = reaction.after;
        after.last = when;
        ++after.events;
        if (input.trigger == Trigger::call)
            after.result = reaction.result;
        else if (reaction.result != "ok")
            after.returned = reaction.result;
        if (!reaction.signals.empty()) after.signal = reaction.signals.back();
        for (const int timer : changes.stopped) after.clocks.erase(timer);
        for (auto& [timer, clock] : after.clocks) {
            if (!memo_.takes_expiry(before.state, timer) && memo_.takes_expiry(after.state, timer))
                clock.taken_from = when;
        }
        for (const TimerStart& started : changes.started) {
            const auto ran = before.clocks.find(started.timer);
            const bool doubles = started.out_of_expiry && ran != before.clocks.end();
            after.clocks[started.timer] =
                Clock{when, doubles ? ran->second.doublings + 1 : started.doublings, std::nullopt, after.events};
        }
        const bool again = input.trigger == Trigger::timer && reaction.sent.size() == 1 &&
                           before.state.state == after.state.state && changes.stopped.empty() &&
                           after.clocks.size() == before.clocks.size();
        for (const Segment& segment : reaction.sent)
            after.sent.push_back(
                {segment, when, reaction.rules, after.events, again, is_probe(profile(), before.state, segment)});
        all.push_back(std::move(after));
    }
    return all;
}

std::vector<int> TesterView::ending(const Possibility& possibility) const {
    std::vector<int> timers;
    for (const auto& [timer, clock] : possibility.clocks) {
        if (memo_.takes_expiry(possibility.state, timer)) timers.push_back(timer);
    }
    return timers;
}

// A timer that ran out where no rule took its end expires when one does: the later of both moments.
When TesterView::expiry(const Possibility& possibility, int timer) const {
    const Clock& clock = possibility.clocks.at(timer);
    const RunTime time = run_time(profile().timers[static_cast<std::size_t>(timer)], clock.doublings);
    When end{clock.start.since, clock.start.low + time.earliest_us, clock.start.high + time.latest_us};
    if (!clock.taken_from || surely_before(*clock.taken_from, end)) return end;
    if (surely_before(end, *clock.taken_from)) return *clock.taken_from;
    end.high = std::max(end.high, instants_.seen_from(*clock.taken_from, end.since).high);
    return end;
}

std::vector<Possibility> TesterView::expire(const Possibility& before, int timer) const {
    When when = expiry(before, timer);
    if (when.since == before.last.since) when.low = std::max(when.low, before.last.low);  // not before what came first
    when.high = std::max(when.high, when.low);
    return react(before, {Trigger::timer, profile().timers[static_cast<std::size_t>(timer)].name, {}}, when);
}

std::vector<Possibility> TesterView::unfold(const std::vector<Possibility>& set, const When& until) const {
    const bool silent = std::none_of(set.begin(), set.end(), [&](const Possibility& one) {
        const std::vector<int> timers = ending(one);
        return std::any_of(timers.begin(), timers.end(),
                           [&](int timer) { return maybe_before(expiry(one, timer), until); });
    });
    if (silent) {
        std::vector<Possibility> same = set;
        make_set(same);
        return same;
    }
    std::set<Possibility> seen(set.begin(), set.end());
    std::vector<Possibility> open(seen.begin(), seen.end());
    while (!open.empty()) {
        const Possibility possibility = std::move(open.back());
        open.pop_back();
        const std::vector<int> timers = ending(possibility);
        for (const int timer : timers) {
            const When when = expiry(possibility, timer);
            if (!maybe_before(when, until)) continue;
            When late = when;  // of those that surely end earlier, one has to go first
            late.low -= slack_us;
            const bool first = std::none_of(timers.begin(), timers.end(), [&](int other) {
                return other != timer && surely_before(expiry(possibility, other), late);
            });
            if (!first) continue;
            for (Possibility& after : expire(possibility, timer)) {
                if (!seen.insert(after).second) continue;
                if (seen.size() > most_courses) throw TooManyCourses();
                open.push_back(std::move(after));
            }
        }
    }
    return {seen.begin(), seen.end()};
}

std::vector<Possibility> TesterView::one_expiry(const std::vector<Possibility>& set) const {
    std::vector<Possibility> all;
    for (const Possibility& possibility : set) {
        for (const int timer : ending(possibility)) {
            try {
                std::vector<Possibility> ways = expire(possibility, timer);
                std::move(ways.begin(), ways.end(), std::back_inserter(all));
            } catch (const ModelError&) {
                // Beyond what the profile counts: nothing can be listed.
            }
        }
    }
    make_set(all);
    return all;
}

bool TesterView::may_last(const Possibility& possibility, const When& until) const {
    for (const int timer : ending(possibility)) {
        if (surely_before(expiry(possibility, timer), until)) return false;
    }
    return true;
}

}  // namespace lastack
