#include "harness/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "checker/trace/plain_claims.h"
#include "harness/plain_watch.h"
#include "model/settings.h"

namespace lastack {

namespace {

constexpr int past_units = 2;                     // that stand for the text before
constexpr int most_text_units = 100;              // SEQ and ACK of a unit fit into a byte
constexpr std::int64_t reorder_ns = 200'000'000;  // segments may pass the capture point in another order within this
constexpr std::size_t reorder_reach = 8;
// What was on its way for longer than that among its neighbours is no matter of order any more, in any network.
constexpr std::int64_t late_ns = 2'000'000'000;
constexpr int most_moves = 3;             // segments in another place, for one explanation
constexpr std::size_t missed_before = 4;  // places before the first segment without an explanation

// What the stacks are configured to where nobody says otherwise: not the small bounds of the specs.
const std::map<std::string, std::string> usual_settings = {{"tcp_orphan_retries", "0"},
                                                           {"tcp_retries2", "15"},
                                                           {"tcp_fin_timeout", "60"},
                                                           {"tcp_syn_retries", "6"},
                                                           {"tcp_synack_retries", "5"}};

Profile with_settings(Profile profile, const std::map<std::string, std::string>& values) {
    std::vector<SettingGiven> given;
    for (const auto& [name, value] : values) {
        const Setting* setting = profile.setting(name);
        if (setting && !setting->given) given.push_back(setting_given(name + "=" + value, "judge"));
    }
    Problems problems;
    configure(profile, given, problems);
    return profile;
}

// Both streams, cut where the kept segments have a number.
class Units {
public:
    explicit Units(const Connection& connection) {
        for (int end = 0; end < 2; ++end) {
            first_[end] = connection.from_opening ? 0 : 1 + (connection.earlier_text[end] ? past_units : 0);
            cuts_[end] = {connection.from_opening ? 0 : connection.base[end]};
            if (connection.from_opening) cuts_[end].push_back(1);
        }
        std::int64_t known[2] = {cuts_[0].back(), cuts_[1].back()};
        for (const Passing& passing : connection.passings) {
            std::vector<std::int64_t>& own = cuts_[passing.from];
            std::int64_t &own_end = known[passing.from], &other_end = known[1 - passing.from];
            if (!passing.rst) own_end = std::max(own_end, passing.seq + passing.length + passing.fin);
            if (passing.has_ack) other_end = std::max(other_end, passing.ack);
            if (passing.syn || passing.rst || passing.length > 0 || passing.fin) own.push_back(passing.seq);
            if (passing.length > 0 || passing.fin) own.push_back(passing.seq + passing.length + passing.fin);
            if (passing.has_ack) cuts_[1 - passing.from].push_back(passing.ack);
        }
        for (int end = 0; end < 2; ++end) {
            std::vector<std::int64_t>& cuts = cuts_[end];
            const std::int64_t base = cuts.front();
            // A reset may count what never passed: text, or where it is one number, a FIN.
            for (const Passing& passing : connection.passings) {
                if (passing.rst && passing.from == end && passing.seq > known[end]) cuts.push_back(known[end] + 1);
            }
            std::sort(cuts.begin(), cuts.end());
            cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
            cuts.erase(cuts.begin(), std::lower_bound(cuts.begin(), cuts.end(), base));
        }
    }

    bool exact(int end, std::int64_t position) const {
        return std::binary_search(cuts_[end].begin(), cuts_[end].end(), position);
    }
    // Rounded up; before the first cut, the unit before it.
    int at(int end, std::int64_t position) const {
        const std::vector<std::int64_t>& cuts = cuts_[end];
        if (position < cuts.front()) return std::max(first_[end] - 1, 0);
        return first_[end] + static_cast<int>(std::lower_bound(cuts.begin(), cuts.end(), position) - cuts.begin());
    }
    // The first one of a unit; behind all of them, of one more number each.
    std::int64_t position(int end, int unit) const {
        const std::vector<std::int64_t>& cuts = cuts_[end];
        const int index = unit - first_[end], last = static_cast<int>(cuts.size()) - 1;
        if (index < 0) return cuts.front() - 1;
        return index <= last ? cuts[static_cast<std::size_t>(index)] : cuts.back() + index - last;
    }
    int first(int end) const { return first_[end]; }
    int last(int end) const { return first_[end] + static_cast<int>(cuts_[end].size()) - 1; }

private:
    int first_[2] = {};
    std::vector<std::int64_t> cuts_[2];
};

struct WatchedList {
    std::vector<UnitPassing> passings;
    std::vector<int> passing_of;
    int last_unit = 0;   // of this end's text
    int text_units = 1;  // that the profile must count
};

WatchedList list_for(const Connection& connection, const Units& units, int end) {
    WatchedList list;
    list.last_unit = units.first(end) - 1;
    for (std::size_t i = 0; i < connection.passings.size(); ++i) {
        const Passing& passing = connection.passings[i];
        const int from = passing.from;
        UnitPassing one;
        one.own = from == end;
        one.needs_reason = passing.needs_reason;
        one.any_ack = passing.inferred;
        one.over_us = (passing.at_ns - connection.began_ns) / 1000;
        one.segment.fin = passing.fin;
        one.segment.syn = passing.syn;
        one.segment.rst = passing.rst;
        one.segment.has_ack = passing.has_ack;
        one.segment.zero_window = passing.zero_window;
        if (passing.has_ack) one.segment.ack = static_cast<std::uint8_t>(units.at(1 - from, passing.ack));
        const int begin = units.at(from, passing.seq), behind = units.at(from, passing.seq + passing.length);
        const bool text = passing.length > 0;
        one.any_seq = !text && !passing.fin && !passing.syn && !passing.rst && !units.exact(from, passing.seq);
        one.segment.len = text;
        // An end that has not heard that its text came sends it from further before.
        if (passing.text_from >= 0) one.text_from = units.at(from, std::max(passing.text_from, connection.base[from]));
        for (int unit = begin; unit < behind || unit == begin; ++unit) {
            one.segment.seq = static_cast<std::uint8_t>(unit);
            one.with_next = passing.with_next && unit + 1 == behind;
            list.passings.push_back(one);
            list.passing_of.push_back(static_cast<int>(i));
            if (text && one.own) list.last_unit = std::max(list.last_unit, unit);
            if (passing.rst && one.own) list.last_unit = std::max(list.last_unit, unit - 1);
            if (passing.rst) list.text_units = std::max(list.text_units, unit - 1);
            if (text) list.text_units = std::max(list.text_units, unit);
            if (passing.fin) list.text_units = std::max(list.text_units, unit - 1);
        }
    }
    for (int side = 0; side < 2; ++side)
        list.text_units = std::max({list.text_units, units.last(side) - 2, units.first(side) - 1});
    return list;
}

}  // namespace

// One profile, in the ways in which it may be configured, with what was asked before.
struct CloseJudge::Watcher {
    const Profile* declared = nullptr;
    std::vector<Profile> ways;
    std::map<std::tuple<std::size_t, int, int, int, bool>, std::unique_ptr<CloseMonitor>> monitors;
    std::map<std::tuple<std::size_t, int, std::int64_t, std::vector<UnitPassing>>, EndJudgement> answers;
    std::map<std::tuple<std::size_t, int, std::vector<UnitPassing>>, std::optional<std::size_t>> plain_answers;
    std::vector<std::int64_t> earliest, latest;  // of all timers, sorted, in microseconds

    explicit Watcher(const Profile& profile) : declared(&profile) {
        Profile usual = with_settings(profile, usual_settings);
        const Setting* sack = usual.setting("tcp_sack");
        if (sack && !sack->given) ways.push_back(with_settings(usual, {{"tcp_sack", "1"}}));
        ways.push_back(std::move(usual));
        for (const Profile& way : ways) {
            for (const TimerDecl& timer : way.timers) {
                earliest.push_back(timer.earliest_us);
                latest.push_back(timer.latest_us);
            }
        }
        std::sort(earliest.begin(), earliest.end());
        std::sort(latest.begin(), latest.end());
    }

    // Times between which no more timer may have ended, or must have, have the same answer.
    std::int64_t while_it_passed(std::int64_t elapsed_us) const {
        std::int64_t most = 0;
        for (const std::int64_t instant : earliest) {
            if (CloseMonitor::may_be_over(instant, elapsed_us)) most = std::max(most, instant);
        }
        return most;
    }
    std::int64_t since_then(std::int64_t quiet_us) const {
        const auto behind = std::lower_bound(latest.begin(), latest.end(), quiet_us);
        return behind == latest.begin() ? 0 : *(behind - 1) + 1;
    }

    // One end of a connection, whose passings may be tried in other ways.
    struct Asked {
        const Connection& connection;
        const Units& units;
        int end = 0;
        std::int64_t quiet_us = 0;
        CloseMonitor::Setup setup(int text_units) const {
            return {text_units, units.first(end), units.first(1 - end), connection.from_opening};
        }
    };
    CloseMonitor& monitor(std::size_t way, const CloseMonitor::Setup& setup) {
        auto& one = monitors[{way, setup.text_units, setup.own_base, setup.other_base, setup.from_opening}];
        if (!one) one = std::make_unique<CloseMonitor>(ways[way], setup);
        return *one;
    }
    std::vector<UnitPassing> timed(std::vector<UnitPassing> passings) const {
        for (UnitPassing& passing : passings) passing.over_us = while_it_passed(passing.over_us);
        return passings;
    }

    EndJudgement ask(std::size_t way, const WatchedList& list, const Asked& asked) {
        const CloseMonitor::Setup setup = asked.setup(list.text_units);
        const std::vector<UnitPassing> passings = timed(list.passings);
        const std::int64_t quiet = since_then(asked.quiet_us);
        const std::tuple question(way, setup.own_base * 256 + setup.other_base, quiet, passings);
        const auto known = answers.find(question);
        if (known != answers.end()) return known->second;
        if (answers.size() > 20'000) answers.clear();
        return answers[question] = monitor(way, setup).judge(passings, list.last_unit, quiet);
    }

    bool as_it_passed(const Asked& asked, const WatchedList& list, WatchedEnd& result);
    bool moved_about(const Asked& asked, WatchedList list, std::int64_t within_ns, WatchedEnd& result);
    bool with_one_missed(const Asked& asked, const WatchedList& list, WatchedEnd& result);
    WatchedEnd watch(const Asked& asked);
    std::optional<std::size_t> plain_answer(std::size_t way, const WatchedList& list, const Asked& asked);
    bool confirm(const Asked& asked, const WatchedEnd& end);
};

namespace {

// The list with one passing in another place.
WatchedList moved(WatchedList list, std::size_t from, std::size_t to) {
    const auto shift = [&](auto& all) {
        const auto begin = all.begin();
        const auto a = static_cast<std::ptrdiff_t>(from), b = static_cast<std::ptrdiff_t>(to);
        std::rotate(begin + b, begin + a, begin + a + 1);
    };
    shift(list.passings);
    shift(list.passing_of);
    return list;
}

WatchedList with_any_delays(WatchedList list) {
    for (UnitPassing& passing : list.passings) passing.over_us = std::numeric_limits<std::int64_t>::max() / 2;
    return list;
}

Passing in_positions(const Segment& segment, int from, const Units& units) {
    Passing made;
    made.from = from;
    made.fin = segment.fin;
    made.syn = segment.syn;
    made.rst = segment.rst;
    made.has_ack = segment.has_ack;
    made.seq = units.position(from, segment.seq);
    if (segment.has_ack) made.ack = units.position(1 - from, segment.ack);
    made.length = units.position(from, segment.seq + segment.len) - made.seq;
    return made;
}

}  // namespace

// In each way in which the end may be configured. Of those that do not explain it the first one is shown.
bool CloseJudge::Watcher::as_it_passed(const Asked& asked, const WatchedList& list, WatchedEnd& result) {
    for (std::size_t way = 0; way < ways.size(); ++way) {
        EndJudgement judgement = ask(way, list, asked);
        const bool good = judgement.verdict == EndJudgement::Verdict::explained;
        if (good || result.judgement.begins.empty()) result.judgement = std::move(judgement);
        if (good) return true;
    }
    return false;
}

// With segments near to the first one without an explanation in an earlier place, one after the other, as long as each
// brings the explanation further.
bool CloseJudge::Watcher::moved_about(const Asked& asked, WatchedList list, std::int64_t within_ns,
                                      WatchedEnd& result) {
    WatchedEnd::Late late;
    std::size_t at = ask(0, list, asked).at;
    for (int moves = 0; moves < most_moves; ++moves) {
        std::size_t furthest = at;
        WatchedList best;
        WatchedEnd::Late best_late;
        const auto explains = [&](std::size_t from, std::size_t to) {
            if (from >= list.passings.size()) return false;
            const auto time = [&](std::size_t i) { return asked.connection.passings[list.passing_of[i]].at_ns; };
            const WatchedEnd::Late now = {list.passing_of[from], time(from) - time(to)};
            if (now.by_ns > within_ns || now.by_ns < -within_ns) return false;
            WatchedList other = moved(list, from, to);
            EndJudgement judgement = ask(0, other, asked);
            const bool good = judgement.verdict == EndJudgement::Verdict::explained;
            if (!good && judgement.at <= furthest) return false;
            furthest = judgement.at;
            best_late = now.by_ns > late.by_ns ? now : late;
            best = std::move(other);
            if (!good) return false;
            result.judgement = std::move(judgement);
            result.passing_of = best.passing_of;
            if (best_late.by_ns > reorder_ns) result.late = best_late;
            return true;
        };
        for (std::size_t distance = 1; distance <= reorder_reach; ++distance) {
            if (explains(at + distance, at)) return true;
            if (distance <= at && explains(at, at - distance)) return true;
        }
        if (furthest == at) return false;
        list = std::move(best);
        late = best_late;
        at = furthest;
    }
    return false;
}

// With one segment more that came to this end: one that the other end may have sent at that moment.
bool CloseJudge::Watcher::with_one_missed(const Asked& asked, const WatchedList& list, WatchedEnd& result) {
    const int other = 1 - asked.end;
    const Asked from{asked.connection, asked.units, other, asked.quiet_us};
    const WatchedList sent = with_any_delays(list_for(asked.connection, asked.units, other));
    CloseMonitor& sender = monitor(0, from.setup(sent.text_units));
    const std::size_t at = ask(0, list, asked).at;
    for (std::size_t back = 0; back <= std::min(missed_before, at); ++back) {
        const std::size_t place = at - back;
        int least = std::numeric_limits<int>::max();
        for (const Segment& segment : sender.may_send(timed(sent.passings), place, sent.last_unit)) {
            const auto same = [&](const UnitPassing& one) { return !one.own && one.segment == segment; };
            const auto here = list.passings.begin() + static_cast<std::ptrdiff_t>(place);
            if (std::any_of(list.passings.begin(), here, same)) continue;
            WatchedList more = list;
            UnitPassing missed;
            missed.segment = segment;
            missed.over_us = list.passings[place].over_us;
            more.passings.insert(more.passings.begin() + static_cast<std::ptrdiff_t>(place), missed);
            more.passing_of.insert(more.passing_of.begin() + static_cast<std::ptrdiff_t>(place), -1);
            EndJudgement judgement = ask(0, more, asked);
            if (judgement.verdict != EndJudgement::Verdict::explained || judgement.cost >= least) continue;
            least = judgement.cost;
            result.judgement = std::move(judgement);
            result.passing_of = more.passing_of;
            result.missed = in_positions(segment, other, asked.units);
            result.missed->packet = asked.connection.passings[list.passing_of[place]].packet;
        }
        if (result.missed) return true;
    }
    return false;
}

// As it passed; else with any delays; else with some segments in another place; and what is not said of a close
// without a doubt: with a segment in a place far away, or with one that the capture has missed.
WatchedEnd CloseJudge::Watcher::watch(const Asked& asked) {
    const WatchedList list = list_for(asked.connection, asked.units, asked.end);
    WatchedEnd result;
    result.passing_of = list.passing_of;
    if (list.text_units > most_text_units) {
        result.judgement.verdict = EndJudgement::Verdict::unknown;
        result.judgement.why_unknown = "the close has too many pieces of text";
        return result;
    }
    if (as_it_passed(asked, list, result)) return result;
    const WatchedList any = with_any_delays(list);
    result.delayed = true;
    if (as_it_passed(asked, any, result)) return result;
    result.reordered = true;
    if (moved_about(asked, any, reorder_ns, result) || moved_about(asked, any, late_ns, result)) return result;
    result.reordered = false;
    if (with_one_missed(asked, any, result)) return result;
    result.delayed = false;
    return result;
}

std::optional<std::size_t> CloseJudge::Watcher::plain_answer(std::size_t way, const WatchedList& list,
                                                             const Asked& asked) {
    const CloseMonitor::Setup setup = asked.setup(list.text_units);
    const std::tuple question(way, setup.own_base * 256 + setup.other_base, timed(list.passings));
    const auto known = plain_answers.find(question);
    if (known != plain_answers.end()) return known->second;
    if (plain_answers.size() > 20'000) plain_answers.clear();
    PlainWatch plain(CloseMonitor::beginning(ways[way], setup));
    return plain_answers[question] = plain.first_unexplained(std::get<2>(question), list.last_unit);
}

// True where the plain interpreter finds none either: at the times of the capture, and, in each way in which the end
// may be configured, at any. False where that was too large.
bool CloseJudge::Watcher::confirm(const Asked& asked, const WatchedEnd& end) {
    const WatchedList list = list_for(asked.connection, asked.units, asked.end), any = with_any_delays(list);
    const auto agrees = [&](std::size_t way, const WatchedList& tried) {
        const EndJudgement judgement = ask(way, tried, asked);
        const std::optional<std::size_t> plain = plain_answer(way, tried, asked);
        if (!plain || judgement.verdict == EndJudgement::Verdict::unknown) return false;
        if (*plain == judgement.at) return true;
        const std::string what =
            *plain < end.passing_of.size() ? fmt::format("segment {} is", *plain + 1) : "no segment is";
        throw Disagreement(
            fmt::format("the close of connection {}: the plain interpreter disagrees: {} the first without "
                        "an explanation for {}, not {}",
                        asked.connection.number, what, declared->name, judgement.at + 1));
    };
    bool all = agrees(0, list);
    for (std::size_t way = 0; way < ways.size(); ++way) all = agrees(way, any) && all;
    return all;
}

CloseJudge::CloseJudge(const Spec& spec, const std::vector<std::string>& profiles) {
    for (const std::string& name : profiles) {
        const Profile* profile = spec.profile(name);
        const std::string why = profile ? CloseMonitor::why_not(*profile) : "the spec has none of that name";
        if (!why.empty()) throw std::invalid_argument(fmt::format("profile '{}' cannot be watched: {}", name, why));
        watchers_.push_back(std::make_unique<Watcher>(*profile));
    }
}

CloseJudge::~CloseJudge() = default;

const Profile& CloseJudge::profile(std::size_t index) const { return *watchers_[index]->declared; }

namespace {

// What makes an answer of the judge's worthless where it is no; empty where nothing does.
std::string doubt_about(const Connection& connection) {
    if (!connection.seen[0] || !connection.seen[1]) return "only one direction is in the capture";
    if (connection.begins_inside) return "the capture begins inside of the close";
    if (connection.missing) return "segments are missing in the capture";
    if (connection.too_long) return "the close has too many segments, and is judged in part";
    return "";
}

// By what a close is explained that is called explained by nobody.
std::string far_fetched(const WatchedEnd& end, const Connection& connection) {
    if (end.late.passing >= 0)
        return fmt::format("explained only if packet {} was captured {:.1f} s late",
                           connection.passings[end.late.passing].packet, static_cast<double>(end.late.by_ns) / 1e9);
    if (!end.missed) return "";
    const Passing& missed = *end.missed;
    std::string name = missed.syn          ? "SYN"
                       : missed.fin        ? "FIN"
                       : missed.rst        ? "RST"
                       : missed.length > 0 ? "text"
                                           : "ACK";
    name += missed.has_ack ? fmt::format(" seq={} ack={}", missed.seq, missed.ack) : fmt::format(" seq={}", missed.seq);
    return fmt::format("explained only if the capture has missed {} from {} before packet {}", name, "AB"[missed.from],
                       missed.packet);
}

void settle(ProfileJudgement& judgement, const Connection& connection) {
    judgement.verdict = connection.passings.empty() ? CloseVerdict::open : CloseVerdict::explained;
    for (const WatchedEnd& end : judgement.end) {
        if (!end.watched || judgement.verdict == CloseVerdict::unexplained) continue;
        if (end.judgement.verdict == EndJudgement::Verdict::explained) {
            const std::string only = far_fetched(end, connection);
            if (only.empty()) continue;
            judgement.verdict = CloseVerdict::unjudged;
            judgement.why = only;
            continue;
        }
        const std::string doubt = doubt_about(connection);
        const bool unknown = end.judgement.verdict == EndJudgement::Verdict::unknown;
        judgement.verdict = unknown || !doubt.empty() ? CloseVerdict::unjudged : CloseVerdict::unexplained;
        judgement.why = unknown ? end.judgement.why_unknown : doubt;
    }
}

}  // namespace

std::vector<ProfileJudgement> CloseJudge::judge(const Connection& connection, std::int64_t now_ns) {
    const Units units(connection);
    const std::int64_t quiet_us = (now_ns - connection.last_ns) / 1000;
    std::vector<ProfileJudgement> all;
    for (const std::unique_ptr<Watcher>& watcher : watchers_) {
        ProfileJudgement judgement;
        judgement.profile = watcher->declared->name;
        for (int end = 0; end < 2; ++end) {
            WatchedEnd& result = judgement.end[end];
            if (connection.passings.empty()) {
                result.judgement.begins = result.judgement.state = "ESTABLISHED";
            } else {
                result = watcher->watch({connection, units, end, quiet_us});
            }
            result.watched = connection.seen[end];
            judgement.cost += result.judgement.cost;
        }
        settle(judgement, connection);
        for (int end = 0; end < 2 && judgement.verdict == CloseVerdict::unexplained; ++end) {
            const WatchedEnd& one = judgement.end[end];
            if (one.watched && one.judgement.verdict == EndJudgement::Verdict::unexplained)
                judgement.confirmed = watcher->confirm({connection, units, end, quiet_us}, one) && judgement.confirmed;
        }
        all.push_back(std::move(judgement));
    }
    return all;
}

std::vector<std::string> watchable_profiles(const Spec& spec) {
    std::vector<std::string> names;
    for (const Profile& profile : spec.profiles) {
        if (CloseMonitor::why_not(profile).empty()) names.push_back(profile.name);
    }
    return names;
}

}  // namespace lastack
