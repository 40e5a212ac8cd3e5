#include "checker/proof/refuting_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>
#include <unordered_set>

#include "model/plain.h"
#include "model/system.h"

namespace lastack {

namespace {

constexpr int walks = 120, steps = 24;
constexpr int lossless_walks = 400;  // what is in flight has many more shapes
constexpr std::size_t most_explored = 10'000;
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

// Numbers up to `largest_told` are told apart, and what is beyond is one more.
constexpr int largest_told = 2;

Expr kind_of(const Segment& segment, const Vocabulary& vocabulary) {
    std::vector<Expr> parts;
    const auto number = [&](const Expr& read, int value) {
        parts.push_back(value <= largest_told ? expr::binary(Op::eq, read, expr::constant(value))
                                              : expr::binary(Op::gt, read, expr::constant(largest_told)));
    };
    if (vocabulary.own()) {
        parts.push_back(expr::state_in({segment.kind}));
        parts.back().op = Op::kind_in;
        return parts.front();
    }
    const std::pair<const char*, bool> flags[] = {{"fin", segment.fin},
                                                  {"syn", segment.syn},
                                                  {"rst", segment.rst},
                                                  {"has_ack", segment.has_ack},
                                                  {"zero_window", segment.zero_window}};
    for (const auto& [name, set] : flags)
        parts.push_back(set ? expr::field(name) : expr::unary(Op::not_, expr::field(name)));
    number(expr::field("seq"), segment.seq);
    if (segment.has_ack) number(expr::field("ack"), segment.ack);
    number(expr::field("len"), segment.len);
    Expr all = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) all = expr::binary(Op::and_, std::move(all), parts[i]);
    return all;
}

}  // namespace

RefutingRuns::RefutingRuns(const Spec& spec, const SystemDecl& decl, const CandidateOptions& options)
    : plain_(spec, decl), options_(options) {
    const std::uint32_t count = options.environment == Environment::lossless ? lossless_walks : walks;
    for (std::uint32_t seed = 0; seed < count && !(options.stop && options.stop()); ++seed) walk(spec, decl, seed);
    if (options.environment == Environment::lossless) explore(decl);
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
    if (kind < 4 && !timers.empty())
        return {Trigger::timer, timers[drawn(static_cast<int>(timers.size()) - 1)].name, {}};
    const bool lossless = options_.environment == Environment::lossless;
    const std::vector<Segment>& sent = lossless ? now.flight[1 - end] : now.sent[1 - end];
    const bool own = options_.environment != Environment::anyone || drawn(1) == 0;
    if (own && !sent.empty()) return {Trigger::segment, "", sent[drawn(static_cast<int>(sent.size()) - 1)]};
    if (options_.environment != Environment::anyone) return {Trigger::timer, "", {}};  // nothing happens
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
            std::vector<Segment>& arriving = now.flight[1 - end];
            if (const auto one = std::find(arriving.begin(), arriving.end(), input.segment);
                input.trigger == Trigger::segment && one != arriving.end())
                arriving.erase(one);
            now.flight[end].insert(now.flight[end].end(), reaction.sent.begin(), reaction.sent.end());
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
        case Lemma::Kind::arrival: {
            const int other = 1 - which;
            return std::all_of(sent.begin(), sent.end(), [&](const Segment& one) {
                return plain_value(plain_.profile(other), moment.limits[other], moment.end[other], lemma.body, &one);
            });
        }
        case Lemma::Kind::twins: {
            std::vector<int> values;
            for (const Segment& one : sent) {
                if (value(lemma.body.args[0], &one)) values.push_back(value(lemma.body.args[1], &one));
            }
            return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
        }
        case Lemma::Kind::pair: break;
    }
    return read(lemma.body, moment, which) != 0;
}

// Of a statement about a pair, where `which` is the endpoint that it calls 2.
int RefutingRuns::read(const Expr& expr, const Moment& moment, int which) const {
    const auto arg = [&](std::size_t i) { return read(expr.args[i], moment, which); };
    const int whose = expr.end == 2 ? which : 1 - which;
    switch (expr.op) {
        case Op::at_end:
            return plain_value(plain_.profile(whose), moment.limits[whose], moment.end[whose], expr.args[0]);
        case Op::in_flight:
            return std::any_of(moment.flight[whose].begin(), moment.flight[whose].end(), [&](const Segment& one) {
                return plain_value(plain_.profile(whose), moment.limits[whose], moment.end[whose], expr.args[0], &one);
            });
        case Op::constant: return expr.value;
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return !arg(0) || arg(1);
        case Op::add: return arg(0) + arg(1);
        case Op::eq: return arg(0) == arg(1);
        case Op::le: return arg(0) <= arg(1);
        default: throw std::logic_error("an operator that no lemma about a pair has");
    }
}

std::vector<Valuation> RefutingRuns::shown(const std::vector<Expr>& predicates) const {
    std::vector<Valuation> all;
    std::unordered_set<Valuation> seen;
    for (const std::vector<Moment>* list : {&moments_, &explored_}) {
        for (const Moment& moment : *list) {
            for (const int which : {0, 1}) {
                if (which == 1 && !options_.alike) continue;
                Valuation values;
                for (std::size_t i = 0; i < predicates.size(); ++i) values[i] = read(predicates[i], moment, which) != 0;
                if (seen.insert(values).second) all.push_back(values);
            }
        }
    }
    return all;
}

// A segment that arrives may still be in flight once more.
void RefutingRuns::explore(const SystemDecl& decl) {
    using Key = std::tuple<EndState, EndState, std::set<Segment>, std::set<Segment>>;
    std::set<Key> seen;
    const auto add = [&](const Moment& one) {
        const auto flying = [&](int end) { return std::set<Segment>(one.flight[end].begin(), one.flight[end].end()); };
        if (!seen.insert({one.end[0], one.end[1], flying(0), flying(1)}).second) return;
        explored_.push_back(one);
        for (const int end : {0, 1}) {
            const std::set<Segment> once = flying(end);
            explored_.back().flight[end].assign(once.begin(), once.end());
        }
    };
    add({{plain_.limits(0), plain_.limits(1)}, {plain_.initial().end[0], plain_.initial().end[1]}, {}, {}});
    for (std::size_t i = 0; i < explored_.size() && explored_.size() < most_explored; ++i) {
        if (options_.stop && options_.stop()) return;
        const Moment now = explored_[i];
        for (const int end : {0, 1}) {
            std::vector<Input> inputs;
            for (const int caller : {0, 1}) {
                for (const std::string& call : decl.calls[caller])
                    if (caller == end || options_.alike) inputs.push_back({Trigger::call, call, {}});
            }
            for (const TimerDecl& timer : plain_.profile(end).timers)
                inputs.push_back({Trigger::timer, timer.name, {}});
            for (const Segment& segment : now.flight[1 - end]) inputs.push_back({Trigger::segment, "", segment});
            for (const Input& input : inputs) {
                try {
                    for (const Reaction& one : plain_react(plain_.profile(end), now.limits[end], now.end[end], input)) {
                        Moment next = now;
                        next.end[end] = one.after;
                        next.flight[end].insert(next.flight[end].end(), one.sent.begin(), one.sent.end());
                        add(next);
                        if (input.trigger != Trigger::segment) continue;
                        std::erase(next.flight[1 - end], input.segment);
                        add(next);
                    }
                } catch (const ModelError&) {
                    continue;
                }
            }
        }
    }
}

std::vector<Expr> RefutingRuns::kinds() const {
    std::map<std::string, Expr> kinds;
    for (const Moment& moment : moments_) {
        for (const int sender : {0, 1}) {
            for (const Segment& segment : moment.sent[sender]) {
                Expr kind = kind_of(segment, plain_.vocabulary());
                kinds.emplace(to_string(kind, plain_.profile(sender), ""), std::move(kind));
            }
        }
    }
    std::vector<Expr> all;
    for (auto& [name, kind] : kinds) all.push_back(std::move(kind));
    return all;
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
