#include "model/plain_memo.h"

#include <functional>

#include "model/plain.h"

namespace lastack {

namespace {

void mix(std::size_t& hash, std::size_t value) { hash = (hash ^ value) * 0x9e3779b97f4a7c15U + (hash >> 29U); }

}  // namespace

std::size_t PlainMemo::HashState::operator()(const EndState& end) const {
    auto hash = static_cast<std::size_t>(end.state);
    for (const int value : end.values) mix(hash, static_cast<std::size_t>(value));
    mix(hash, std::hash<std::vector<bool>>{}(end.armed));
    return hash;
}

bool PlainMemo::Asked::operator==(const Asked& other) const {
    return state == other.state && input.trigger == other.input.trigger && input.segment == other.input.segment &&
           input.name == other.input.name;
}

std::size_t PlainMemo::HashAsked::operator()(const Asked& asked) const {
    auto hash = static_cast<std::size_t>(asked.state);
    const Segment& one = asked.input.segment;
    mix(hash, static_cast<std::size_t>(asked.input.trigger));
    mix(hash,
        std::size_t{one.seq} | std::size_t{one.ack} << 8U | std::size_t{one.len} << 16U | std::size_t{one.kind} << 24U);
    mix(hash, std::size_t{one.fin} | std::size_t{one.syn} << 1U | std::size_t{one.rst} << 2U |
                  std::size_t{one.has_ack} << 3U | std::size_t{one.zero_window} << 4U);
    for (const std::uint8_t field : one.own) mix(hash, field);
    if (asked.input.trigger != Trigger::segment) mix(hash, std::hash<std::string>{}(asked.input.name));
    return hash;
}

void PlainMemo::forget() {
    states_.clear();
    takes_.clear();
    answers_.clear();
}

std::uint32_t PlainMemo::number_of(const EndState& end) {
    const auto [place, fresh] = states_.try_emplace(end, static_cast<std::uint32_t>(states_.size()));
    if (fresh) takes_.emplace_back(profile_.timers.size(), std::int8_t{-1});
    return place->second;
}

const PlainMemo::Answer& PlainMemo::answer(const EndState& end, const Input& input) {
    if (answers_.size() >= most_answers) forget();
    const auto [place, fresh] = answers_.try_emplace({number_of(end), input});
    if (!fresh) return place->second;
    try {
        auto ways = std::make_shared<std::vector<Way>>();
        for (Reaction& reaction : plain_react(profile_, limits_, end, input)) {
            TimerChanges changes = timer_changes(profile_, limits_, end, input, reaction);
            ways->push_back({std::move(reaction), std::move(changes)});
        }
        place->second.ways = std::move(ways);
    } catch (const ModelError& problem) {
        place->second.error = problem.what();
    }
    return place->second;
}

PlainMemo::Ways PlainMemo::react(const EndState& end, const Input& input) {
    const Answer& known = answer(end, input);
    if (!known.ways) throw ModelError(known.error);
    return known.ways;
}

bool PlainMemo::takes_expiry(const EndState& end, int timer) {
    std::int8_t& known = takes_[number_of(end)][static_cast<std::size_t>(timer)];
    if (known < 0) known = lastack::takes_expiry(profile_, limits_, end, timer) ? 1 : 0;
    return known == 1;
}

}  // namespace lastack
