// Which sequence units a profile uses is read from its text: the largest value that the SEQ or ACK of a segment it
// sends can have by the ranges of the variables in it, and the constants that arriving SEQ and ACK are compared with.
#include "checker/open_alphabet.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace lastack {

namespace {

// Walks every expression of a profile's rules once.
class Reader {
public:
    Reader(const Profile& profile, const Limits& limits) : profile_(profile), limits_(limits) {
        for (const SegmentTemplate& segment : profile.segments) {
            sent(segment.seq);
            sent(segment.ack);
        }
        for (const Handler& handler : profile.handlers) {
            for (const Step& step : handler.steps) {
                for (const Rule& rule : step.rules) {
                    for (const Case& one : rule.cases) {
                        if (one.guard) walk(*one.guard);
                        walk(one.effects);
                    }
                }
            }
        }
    }
    int highest() const { return highest_; }
    bool reads_window() const { return reads_window_; }

private:
    void sent(const std::optional<Expr>& expr) {
        if (expr) highest_ = std::max(highest_, upper(*expr));
    }
    // The largest value by the declared ranges.
    int upper(const Expr& expr) const {
        switch (expr.op) {
            case Op::constant: return expr.value;
            case Op::limit: return limits_.contains(expr.name) ? limits_.at(expr.name) : 0;
            case Op::variable: return upper(profile_.variables[expr.index].high);
            case Op::add: return upper(expr.args[0]) + upper(expr.args[1]);
            case Op::subtract: return upper(expr.args[0]);
            case Op::field: return 0;  // what the peer chose is no unit of ours
            default: return 1;
        }
    }
    static bool is_number_field(const Expr& expr) {
        return expr.op == Op::field && (expr.name == "seq" || expr.name == "ack");
    }
    void walk(const Expr& expr) {
        if (expr.op == Op::field && expr.name == "zero_window") reads_window_ = true;
        if (expr.op >= Op::eq && expr.op <= Op::ge) {
            for (const int side : {0, 1}) {
                const Expr& other = expr.args[1 - side];
                if (is_number_field(expr.args[side]) && other.op == Op::constant)
                    highest_ = std::max(highest_, other.value);
            }
        }
        for (const Expr& arg : expr.args) walk(arg);
    }
    void walk(const std::vector<Effect>& effects) {
        for (const Effect& effect : effects) {
            if (effect.value) walk(*effect.value);
            sent(effect.seq);
            sent(effect.ack);
            walk(effect.then);
            walk(effect.otherwise);
        }
    }

    const Profile& profile_;
    const Limits& limits_;
    int highest_ = 0;
    bool reads_window_ = false;
};

struct Shape {
    int len;
    bool fin, syn, rst, has_ack;
};

constexpr Shape shapes[] = {
    {0, false, false, false, true},  // ACK
    {1, false, false, false, true},  // DATA,ACK
    {0, true, false, false, true},   // FIN,ACK
    {1, true, false, false, true},   // DATA,FIN,ACK
    {0, false, false, true, true},   // RST,ACK
    {0, false, false, true, false},  // RST
    {0, false, true, false, false},  // SYN
    {0, false, true, false, true},   // SYN,ACK
    {0, true, false, false, false},  // FIN without ACK
};

// Units that text has come first, those before it (the SYN) last: exchanges then begin with ordinary numbers.
std::vector<int> units_in_order(int first, int highest) {
    std::vector<int> units;
    for (int unit = first; unit <= highest; ++unit) units.push_back(unit);
    for (int unit = 0; unit < std::min(first, highest + 1); ++unit) units.push_back(unit);
    return units;
}

void add_segments(OpenAlphabet& alphabet, int first_unit, bool windows) {
    const std::vector<int> units = units_in_order(first_unit, alphabet.highest_unit);
    for (const Shape& shape : shapes) {
        for (const bool zero_window : {false, true}) {
            if (zero_window && !windows) continue;
            for (const int seq : units) {
                for (const int ack : shape.has_ack ? units : std::vector<int>{0}) {
                    Segment segment;
                    segment.seq = static_cast<std::uint8_t>(seq);
                    segment.ack = static_cast<std::uint8_t>(ack);
                    segment.len = static_cast<std::uint8_t>(shape.len);
                    segment.fin = shape.fin;
                    segment.syn = shape.syn;
                    segment.rst = shape.rst;
                    segment.has_ack = shape.has_ack;
                    segment.zero_window = zero_window;
                    alphabet.inputs.push_back({Trigger::segment, "", segment});
                }
            }
        }
    }
}

// Names of what a profile handles, in the order of its text; those that are there already are left out.
void add_names(const Profile& profile, Trigger trigger, const std::map<std::string, std::string>& other_names,
               std::vector<std::string>& names) {
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

std::map<std::string, std::string> renamed_timers(const Profile& a, const Profile& b) {
    std::map<std::string, std::string> names;
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

OpenAlphabet open_alphabet(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           const AlphabetOptions& options) {
    const Reader reader_a(a, limits_a), reader_b(b, limits_b);
    OpenAlphabet alphabet;
    alphabet.highest_unit =
        std::min(255, options.highest_unit.value_or(std::max(reader_a.highest(), reader_b.highest()) + 1));
    alphabet.timer_of_b = renamed_timers(a, b);

    std::vector<std::string> calls, timers;
    add_names(a, Trigger::call, {}, calls);
    add_names(b, Trigger::call, {}, calls);
    if (options.calls) {
        std::erase_if(calls, [&](const std::string& call) {
            return std::find(options.calls->begin(), options.calls->end(), call) == options.calls->end();
        });
    }
    add_names(a, Trigger::timer, {}, timers);
    add_names(b, Trigger::timer, alphabet.timer_of_b, timers);
    for (const std::string& call : calls) alphabet.inputs.push_back({Trigger::call, call, {}});
    for (const std::string& timer : timers) alphabet.inputs.push_back({Trigger::timer, timer, {}});
    alphabet.calls = calls.size();
    alphabet.timers = timers.size();
    add_segments(alphabet, a.stream_from, reader_a.reads_window() || reader_b.reads_window());
    return alphabet;
}

std::string to_string(const Input& input) {
    switch (input.trigger) {
        case Trigger::call: return input.name;
        case Trigger::timer: return "timer " + input.name;
        default: return to_string(input.segment);
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
    for (const Limit& limit : b.limits) {
        const auto of_a = limits_a.find(limit.name);
        if (of_a != limits_a.end() && in_range(&limit, of_a->second)) limits_b[limit.name] = of_a->second;
    }
    return {limits_a, limits_b};
}

}  // namespace lastack
