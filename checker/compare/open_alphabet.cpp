#include "checker/compare/open_alphabet.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/plain.h"

namespace lastack {

namespace {

struct FlagSet {
    bool fin, syn, rst, has_ack;
};

// All sixteen, the commoner ones first.
constexpr FlagSet flag_sets[] = {
    {false, false, false, true},   // ACK
    {true, false, false, true},    // FIN,ACK
    {false, false, true, true},    // RST,ACK
    {false, false, true, false},   // RST
    {false, true, false, false},   // SYN
    {false, true, false, true},    // SYN,ACK
    {true, false, false, false},   // FIN
    {false, false, false, false},  // none
    {true, true, false, false},   {true, true, false, true}, {true, false, true, false}, {true, false, true, true},
    {false, true, true, false},   {false, true, true, true}, {true, true, true, false},  {true, true, true, true},
};

// Units that text has come first, those before it (the SYN) last: exchanges then begin with ordinary numbers.
std::vector<int> units_in_order(int first, int highest) {
    std::vector<int> units;
    for (int unit = first; unit <= highest; ++unit) units.push_back(unit);
    for (int unit = 0; unit < std::min(first, highest + 1); ++unit) units.push_back(unit);
    return units;
}

std::vector<Segment> all_segments(int first_unit, int highest_unit, int longest, bool windows) {
    const std::vector<int> units = units_in_order(first_unit, highest_unit);
    std::vector<Segment> segments;
    Segment segment;
    for (const FlagSet& flags : flag_sets) {
        segment.fin = flags.fin;
        segment.syn = flags.syn;
        segment.rst = flags.rst;
        segment.has_ack = flags.has_ack;
        for (int len = 0; len <= longest; ++len) {
            segment.len = static_cast<std::uint8_t>(len);
            for (const bool zero_window : {false, true}) {
                if (zero_window && !windows) continue;
                segment.zero_window = zero_window;
                for (const int seq : units) {
                    segment.seq = static_cast<std::uint8_t>(seq);
                    for (const int ack : flags.has_ack ? units : std::vector<int>{0}) {
                        segment.ack = static_cast<std::uint8_t>(ack);
                        segments.push_back(segment);
                    }
                }
            }
        }
    }
    return segments;
}

// Every kind, each of its fields anywhere in its range at either profile.
std::vector<Segment> own_segments(const std::vector<ReadProfile>& profiles) {
    constexpr std::size_t most = 1'000'000;
    const Profile& first = *profiles.front().profile;
    const Vocabulary& vocabulary = first.vocabulary;
    std::vector<int> low(vocabulary.fields.size(), 255), high(vocabulary.fields.size(), 0);
    for (const ReadProfile& read : profiles) {
        for (std::size_t i = 0; i < low.size(); ++i) {
            const EndState nothing;  // ranges read constants and limits only
            low[i] = std::min(low[i], plain_value(*read.profile, *read.limits, nothing, read.profile->ranges[i].low));
            high[i] =
                std::max(high[i], plain_value(*read.profile, *read.limits, nothing, read.profile->ranges[i].high));
        }
    }
    std::vector<Segment> all;
    for (std::size_t kind = 0; kind < vocabulary.kinds.size(); ++kind) {
        Segment segment;
        segment.kind = static_cast<std::uint8_t>(kind + 1);
        std::vector<Segment> of_kind{segment};
        for (std::size_t i = 0; i < low.size(); ++i) {
            if (!vocabulary.kinds[kind].has[i]) continue;
            std::vector<Segment> more;
            for (const Segment& one : of_kind) {
                for (int value = low[i]; value <= high[i]; ++value) {
                    more.push_back(one);
                    more.back().own[i] = static_cast<std::uint8_t>(value);
                }
                if (more.size() + all.size() > most)
                    throw SpecError(first.ranges[i].where, fmt::format("more than {} different segments", most));
            }
            of_kind = std::move(more);
        }
        all.insert(all.end(), of_kind.begin(), of_kind.end());
    }
    return all;
}

void add_segments(OpenAlphabet& alphabet, const std::vector<ReadProfile>& profiles, const AlphabetOptions& options) {
    if (profiles.front().profile->vocabulary.own()) {
        for (const Segment& segment : own_segments(profiles))
            alphabet.inputs.push_back({Trigger::segment, "", segment});
        alphabet.all_segments = alphabet.inputs.size() - alphabet.calls - alphabet.timers;
        return;
    }
    const NumberBounds bounds = number_bounds(profiles);
    alphabet.highest_unit = std::min(255, options.highest_unit.value_or(std::max(bounds.unit, bounds.used) + 1));
    alphabet.longest = std::min(255, options.longest.value_or(std::max(bounds.length, 0) + 1));
    const std::vector<Segment> all = all_segments(profiles.front().profile->stream_from, alphabet.highest_unit,
                                                  alphabet.longest, bounds.reads_window);
    alphabet.all_segments = all.size();
    const std::vector<std::uint32_t> class_of =
        options.each_segment ? std::vector<std::uint32_t>{} : segment_classes(all, profiles);
    for (std::uint32_t i = 0; i < all.size(); ++i)
        if (options.each_segment || class_of[i] == i) alphabet.inputs.push_back({Trigger::segment, "", all[i]});
}

// Names of what a profile handles, in the order of its text; those that are there already are left out.
using Names = std::map<std::string, std::string>;
void add_names(const Profile& profile, Trigger trigger, const Names& other_names, std::vector<std::string>& names) {
    for (const Handler& handler : profile.handlers) {
        if (handler.trigger != trigger) continue;
        const auto other = other_names.find(handler.name);
        const std::string& name = other == other_names.end() ? handler.name : other->second;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
}

std::vector<std::string> rule_names(const Profile& profile, const TimerDecl& timer) {
    std::vector<std::string> names;
    if (const Handler* handler = profile.handler(Trigger::timer, timer.name)) {
        for (const Step& step : handler->steps)
            for (const Rule& rule : step.rules) names.push_back(rule.name);
    }
    return names;
}

Names renamed_timers(const Profile& a, const Profile& b) {
    Names names;
    for (const TimerDecl& of_b : b.timers) {
        const std::vector<std::string> rules = rule_names(b, of_b);
        if (a.timer(of_b.name) >= 0 || rules.empty()) continue;
        for (const TimerDecl& of_a : a.timers)
            if (b.timer(of_a.name) < 0 && rule_names(a, of_a) == rules) names[of_b.name] = of_a.name;
    }
    return names;
}

const Limit* limit_named(const Profile& profile, const std::string& name) {
    for (const Limit& limit : profile.limits)
        if (limit.name == name) return &limit;
    return nullptr;
}

bool in_range(const Limit* limit, int value) { return !limit || (value >= limit->low && value <= limit->high); }

}  // namespace

OpenAlphabet open_alphabet(const std::vector<ReadProfile>& profiles, const AlphabetOptions& options) {
    OpenAlphabet alphabet;
    const Profile& first = *profiles.front().profile;
    if (profiles.size() == 2) alphabet.timer_of_b = renamed_timers(first, *profiles[1].profile);
    std::vector<std::string> calls, timers;
    for (const ReadProfile& one : profiles) {
        const bool is_first = one.profile == &first;
        add_names(*one.profile, Trigger::call, {}, calls);
        add_names(*one.profile, Trigger::timer, is_first ? Names{} : alphabet.timer_of_b, timers);
    }
    if (options.calls) {
        std::erase_if(calls, [&](const std::string& call) {
            return std::find(options.calls->begin(), options.calls->end(), call) == options.calls->end();
        });
    }
    for (const std::string& call : calls) alphabet.inputs.push_back({Trigger::call, call, {}});
    for (const std::string& timer : timers) alphabet.inputs.push_back({Trigger::timer, timer, {}});
    alphabet.calls = calls.size();
    alphabet.timers = timers.size();
    add_segments(alphabet, profiles, options);
    return alphabet;
}

OpenAlphabet open_alphabet(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           const AlphabetOptions& options) {
    return open_alphabet({{&a, &limits_a}, {&b, &limits_b}}, options);
}

std::string to_string(const Input& input, const Vocabulary& vocabulary) {
    switch (input.trigger) {
        case Trigger::call: return input.name;
        case Trigger::timer: return "timer " + input.name;
        default: return to_string(input.segment, vocabulary);
    }
}

std::pair<Limits, Limits> shared_limits(const Profile& a, const Profile& b,
                                        const std::map<std::string, int>& overrides) {
    Limits limits_a = limits_of(a), limits_b = limits_of(b);
    for (const auto& [name, value] : overrides) {
        const Limit* of_a = limit_named(a, name);
        const Limit* of_b = limit_named(b, name);
        if (!of_a && !of_b) throw std::invalid_argument(fmt::format("neither profile has a limit '{}'", name));
        for (const Limit* limit : {of_a, of_b}) {
            if (in_range(limit, value)) continue;
            throw std::invalid_argument(
                fmt::format("limit '{}' lies in {}..{}, not at {}", name, limit->low, limit->high, value));
        }
        if (of_a) limits_a[name] = value;
        if (of_b) limits_b[name] = value;
    }
    return {limits_a, limits_b};
}

}  // namespace lastack
