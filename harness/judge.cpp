#include "harness/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "model/settings.h"

namespace lastack {

namespace {

constexpr int past_units = 2;                     // that stand for the text before
constexpr int most_text_units = 100;              // SEQ and ACK of a unit fit into a byte
constexpr std::int64_t reorder_ns = 200'000'000;  // segments may pass the capture point in another order within this
constexpr std::size_t reorder_reach = 8;

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
        if (passing.text_from >= 0) one.text_from = units.at(from, passing.text_from);
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

    EndJudgement ask(std::size_t way, const WatchedList& list, const Units& units, bool from_opening, int end,
                     std::int64_t quiet_us) {
        CloseMonitor::Setup setup{list.text_units, units.first(end), units.first(1 - end), from_opening};
        std::vector<UnitPassing> passings = list.passings;
        for (UnitPassing& passing : passings) passing.over_us = while_it_passed(passing.over_us);
        const std::int64_t quiet = since_then(quiet_us);
        const std::tuple question(way, setup.own_base * 256 + setup.other_base, quiet, passings);
        const auto known = answers.find(question);
        if (known != answers.end()) return known->second;
        auto& monitor = monitors[{way, list.text_units, setup.own_base, setup.other_base, from_opening}];
        if (!monitor) monitor = std::make_unique<CloseMonitor>(ways[way], setup);
        if (answers.size() > 20'000) answers.clear();
        return answers[question] = monitor->judge(passings, list.last_unit, quiet);
    }

    WatchedEnd watch(const Connection& connection, const Units& units, int end, std::int64_t quiet_us);
};

namespace {

// The list with one passing in another place.
WatchedList moved(WatchedList list, std::size_t from, std::size_t to) {
    const auto shift = [&](auto& all) {
        const auto begin = all.begin();
        const auto a = static_cast<std::ptrdiff_t>(from), b = static_cast<std::ptrdiff_t>(to);
        if (a < b)
            std::rotate(begin + a, begin + a + 1, begin + b + 1);
        else
            std::rotate(begin + b, begin + a, begin + a + 1);
    };
    shift(list.passings);
    shift(list.passing_of);
    return list;
}

}  // namespace

// As it passed; else configured otherwise; else with any delays; else with one of the segments near to the first one
// without an explanation in another place.
WatchedEnd CloseJudge::Watcher::watch(const Connection& connection, const Units& units, int end,
                                      std::int64_t quiet_us) {
    WatchedList list = list_for(connection, units, end);
    WatchedEnd result;
    result.passing_of = list.passing_of;
    if (list.text_units > most_text_units) {
        result.judgement.verdict = EndJudgement::Verdict::unknown;
        result.judgement.why_unknown = "the close has too many pieces of text";
        return result;
    }
    const auto attempt = [&](std::size_t way, const WatchedList& tried) {
        EndJudgement judgement = ask(way, tried, units, connection.from_opening, end, quiet_us);
        const bool good = judgement.verdict == EndJudgement::Verdict::explained;
        if (good || result.judgement.begins.empty()) result.judgement = std::move(judgement);
        return good;
    };
    for (std::size_t way = 0; way < ways.size(); ++way)
        if (attempt(way, list)) return result;
    result.delayed = true;
    for (UnitPassing& passing : list.passings) passing.over_us = std::numeric_limits<std::int64_t>::max() / 2;
    for (std::size_t way = 0; way < ways.size(); ++way)
        if (attempt(way, list)) return result;
    result.reordered = true;
    const std::size_t at = result.judgement.at;
    const auto move_and_try = [&](std::size_t from, std::size_t to) {
        if (std::max(from, to) >= list.passings.size()) return false;
        const auto time = [&](std::size_t i) { return connection.passings[list.passing_of[i]].at_ns; };
        if (std::abs(time(from) - time(to)) > reorder_ns) return false;
        const WatchedList other = moved(list, from, to);
        if (!attempt(0, other)) return false;
        result.passing_of = other.passing_of;
        return true;
    };
    for (std::size_t distance = 1; distance <= reorder_reach; ++distance) {
        if (move_and_try(at + distance, at)) return result;
        if (distance <= at && move_and_try(at, at - distance)) return result;
    }
    result.delayed = result.reordered = false;
    return result;
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

void settle(ProfileJudgement& judgement, const Connection& connection) {
    judgement.verdict = connection.passings.empty() ? CloseVerdict::open : CloseVerdict::explained;
    for (const WatchedEnd& end : judgement.end) {
        if (!end.watched || end.judgement.verdict == EndJudgement::Verdict::explained) continue;
        const std::string doubt = doubt_about(connection);
        const bool unknown = end.judgement.verdict == EndJudgement::Verdict::unknown;
        if (judgement.verdict == CloseVerdict::unexplained) continue;
        judgement.verdict = unknown || !doubt.empty() ? CloseVerdict::unjudged : CloseVerdict::unexplained;
        judgement.why = unknown ? end.judgement.why_unknown : doubt;
    }
}

}  // namespace

std::vector<ProfileJudgement> CloseJudge::judge(const Connection& connection, std::int64_t now_ns) {
    const Units units(connection);
    std::vector<ProfileJudgement> all;
    for (const std::unique_ptr<Watcher>& watcher : watchers_) {
        ProfileJudgement judgement;
        judgement.profile = watcher->declared->name;
        for (int end = 0; end < 2; ++end) {
            WatchedEnd& result = judgement.end[end];
            if (connection.passings.empty()) {
                result.judgement.begins = result.judgement.state = "ESTABLISHED";
            } else {
                result = watcher->watch(connection, units, end, (now_ns - connection.last_ns) / 1000);
            }
            result.watched = connection.seen[end];
            judgement.cost += result.judgement.cost;
        }
        settle(judgement, connection);
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
