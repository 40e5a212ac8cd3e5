#include "checker/proof/refuting_runs.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "model/plain.h"
#include "model/system.h"

namespace lastack {

namespace {

constexpr int walks = 120, steps = 24;
constexpr int largest_drawn = 4;  // of limits without a bound, and of fields

// Small values, which show most of what can be different.
Limits drawn_limits(const Profile& profile, const Limits& given, const SystemDecl& decl,
                    const std::function<int(int)>& drawn) {
    Limits limits = given;
    for (const Limit& limit : profile.limits) {
        const auto fixed = decl.limits.find(limit.name);
        if (fixed != decl.limits.end() && fixed->second == 0) continue;
        limits[limit.name] = limit.low + drawn(std::min(limit.high - limit.low, largest_drawn - 1));
    }
    return limits;
}

}  // namespace

RefutingRuns::RefutingRuns(const Spec& spec, const SystemDecl& decl, const CandidateOptions& options)
    : plain_(spec, decl), options_(options) {
    for (std::uint32_t seed = 0; seed < walks && !(options.stop && options.stop()); ++seed) walk(spec, decl, seed);
}

Segment RefutingRuns::draw_segment(const Vocabulary& vocabulary) {
    Segment segment;
    if (vocabulary.own()) {
        segment.kind = static_cast<std::uint8_t>(1 + drawn(static_cast<int>(vocabulary.kinds.size()) - 1));
        for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
            if (vocabulary.kind_at(segment.kind).has[i])
                segment.own[i] = static_cast<std::uint8_t>(drawn(vocabulary.fields[i].flag ? 1 : largest_drawn));
        }
        return segment;
    }
    segment.seq = static_cast<std::uint8_t>(drawn(largest_drawn));
    segment.has_ack = drawn(4) > 0;
    if (segment.has_ack) segment.ack = static_cast<std::uint8_t>(drawn(largest_drawn));
    segment.len = static_cast<std::uint8_t>(drawn(3) == 0 ? 1 + drawn(1) : 0);
    segment.fin = drawn(2) == 0;
    segment.syn = drawn(7) == 0;
    segment.rst = drawn(15) == 0;
    segment.zero_window = drawn(5) == 0;
    return segment;
}

Input RefutingRuns::draw_input(const SystemDecl& decl, const Moment& now, int end) {
    const auto& calls = options_.alike && drawn(1) ? decl.calls[1 - end] : decl.calls[end];
    const auto& timers = plain_.profile(end).timers;
    const int kind = drawn(9);
    if (kind < 3 && !calls.empty()) return {Trigger::call, calls[drawn(static_cast<int>(calls.size()) - 1)], {}};
    if (kind < 4 && !timers.empty()) return {Trigger::timer, timers[drawn(static_cast<int>(timers.size()) - 1)].name, {}};
    const std::vector<Segment>& sent = now.sent[1 - end];
    const bool own = options_.environment == Environment::peer || drawn(1) == 0;
    if (own && !sent.empty()) return {Trigger::segment, "", sent[drawn(static_cast<int>(sent.size()) - 1)]};
    if (options_.environment == Environment::peer) return {Trigger::timer, "", {}};
    return {Trigger::segment, "", draw_segment(plain_.vocabulary())};
}

void RefutingRuns::walk(const Spec& spec, const SystemDecl& decl, std::uint32_t seed) {
    generator_.seed(seed);
    Moment now;
    for (const int end : {0, 1}) {
        const std::uint32_t limits_seed = seed * 2 + (options_.alike ? 0 : static_cast<std::uint32_t>(end));
        std::mt19937 of_limits(limits_seed);
        now.limits[end] = drawn_limits(plain_.profile(end), limits_at(spec, decl, end), decl, [&](int most) {
            return static_cast<int>(of_limits() % static_cast<unsigned>(most + 1));
        });
        now.end[end] = plain_.initial().end[end];
    }
    moments_.push_back(now);
    for (int i = 0; i < steps; ++i) {
        const int end = drawn(1);
        const Input input = draw_input(decl, now, end);
        try {
            const auto reactions = plain_react(plain_.profile(end), now.limits[end], now.end[end], input);
            if (reactions.empty()) continue;
            const Reaction& reaction = reactions[drawn(static_cast<int>(reactions.size()) - 1)];
            now.end[end] = reaction.after;
            for (const Segment& segment : reaction.sent) {
                if (std::find(now.sent[end].begin(), now.sent[end].end(), segment) == now.sent[end].end())
                    now.sent[end].push_back(segment);
            }
        } catch (const ModelError&) {
            continue;  // a run that the profile does not allow ends there; another input may be fine
        }
        moments_.push_back(now);
    }
}

bool RefutingRuns::stands(const Lemma& lemma, const Moment& moment, int which) const {
    const Profile& profile = plain_.profile(which);
    const Limits& limits = moment.limits[which];
    const EndState& state = moment.end[which];
    const auto value = [&](const Expr& expr, const Segment* segment) {
        return plain_value(profile, limits, state, expr, segment);
    };
    const std::vector<Segment>& sent = moment.sent[which];
    switch (lemma.kind) {
        case Lemma::Kind::end: return value(lemma.body, nullptr) != 0;
        case Lemma::Kind::segment:
            return std::all_of(sent.begin(), sent.end(), [&](const Segment& one) { return value(lemma.body, &one); });
        case Lemma::Kind::twins: {
            std::vector<int> values;
            for (const Segment& one : sent) {
                if (value(lemma.body.args[0], &one)) values.push_back(value(lemma.body.args[1], &one));
            }
            return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
        }
        case Lemma::Kind::pair: break;
    }
    const std::function<int(const Expr&)> read = [&](const Expr& expr) -> int {
        if (expr.op != Op::at_end) {
            switch (expr.op) {
                case Op::constant: return expr.value;
                case Op::not_: return !read(expr.args[0]);
                case Op::and_: return read(expr.args[0]) && read(expr.args[1]);
                case Op::or_: return read(expr.args[0]) || read(expr.args[1]);
                case Op::implies: return !read(expr.args[0]) || read(expr.args[1]);
                case Op::add: return read(expr.args[0]) + read(expr.args[1]);
                case Op::eq: return read(expr.args[0]) == read(expr.args[1]);
                case Op::le: return read(expr.args[0]) <= read(expr.args[1]);
                default: throw std::logic_error("an operator that no lemma about a pair has");
            }
        }
        const int whose = expr.end == 2 ? which : 1 - which;
        return plain_value(plain_.profile(whose), moment.limits[whose], moment.end[whose], expr.args[0]);
    };
    return read(lemma.body) != 0;
}

void RefutingRuns::sort_out(std::vector<Lemma>& lemmas) const {
    for (const Moment& moment : moments_) {
        if (options_.stop && options_.stop()) return;
        std::erase_if(lemmas, [&](const Lemma& lemma) {
            if (!stands(lemma, moment, lemma.end)) return true;
            return options_.alike && !stands(lemma, moment, 1 - lemma.end);
        });
    }
}

}  // namespace lastack
