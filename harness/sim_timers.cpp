// Intervals: the middle of [earliest, latest]. A start out of a timer's own expiry doubles the interval up to the cap, any
// other start uses the first one (RFC 6298 5.5, 5.7).
//
// A derived timer (`while`) starts when its condition becomes true. It begins anew when a reaction that is not a
// timer's changed a variable that the condition reads, and doubles while its own expiry leaves the condition true.
#include "harness/sim_timers.h"

#include <algorithm>
#include <functional>

#include "model/plain.h"

namespace lastack {
namespace {

// One walk over the effects of the rules that fired, with the state as it was at each of them.
struct Walk {
    const Profile& profile;
    const Limits& limits;
    const Segment* segment;
    EndState end;
    std::vector<bool> started;

    bool matches(const Case& candidate) const {
        if (std::find(candidate.from.begin(), candidate.from.end(), end.state) == candidate.from.end()) return false;
        return !candidate.guard || plain_value(profile, limits, end, *candidate.guard, segment) != 0;
    }

    void apply(const std::vector<Effect>& effects) {
        for (const Effect& effect : effects) {
            const auto target = static_cast<std::size_t>(std::max(effect.index, 0));
            const auto value = [&] { return plain_value(profile, limits, end, *effect.value, segment); };
            switch (effect.kind) {
                case Effect::Kind::assign: end.values[target] = value(); break;
                case Effect::Kind::start: set(target, true); break;
                case Effect::Kind::stop: set(target, false); break;
                case Effect::Kind::stop_all: clear(); break;
                case Effect::Kind::branch: apply(value() != 0 ? effect.then : effect.otherwise); break;
                default: break;  // what is sent or told does not touch timers
            }
        }
    }

    void set(std::size_t timer, bool on) { end.armed[timer] = started[timer] = on; }
    void clear() {
        end.armed.assign(end.armed.size(), false);
        started.assign(started.size(), false);
    }

    void enter(int state) {
        if (state < 0) return;
        end.state = state;
        if (!profile.states[static_cast<std::size_t>(state)].forgets) return;
        for (std::size_t i = 0; i < profile.variables.size(); ++i)
            if (!profile.variables[i].history && !profile.variables[i].kept)
                end.values[i] = profile.variables[i].initial;
        clear();
    }

    // False where no case of the rule matches: then this walk and the interpreter disagree.
    bool fire(const Rule& rule) {
        for (const Case& candidate : rule.cases) {
            if (!matches(candidate)) continue;
            apply(candidate.effects);
            enter(candidate.to);
            return true;
        }
        return false;
    }
};

// Variables only: a condition that reads just the control state keeps its timer while it stays true.
bool reads_changed(const Expr& expr, const EndState& before, const EndState& after) {
    if (expr.op == Op::variable) {
        const auto index = static_cast<std::size_t>(expr.index);
        if (before.values[index] != after.values[index]) return true;
    }
    return std::any_of(expr.args.begin(), expr.args.end(),
                       [&](const Expr& arg) { return reads_changed(arg, before, after); });
}

bool expiry_of(const Profile& profile, const Input& input, int timer) {
    return input.trigger == Trigger::timer && profile.timers[static_cast<std::size_t>(timer)].name == input.name;
}

}  // namespace

std::vector<bool> timers_started(const Profile& profile, const Limits& limits, const EndState& before,
                                 const Input& input, const Reaction& reaction) {
    Walk walk{profile, limits, input.trigger == Trigger::segment ? &input.segment : nullptr, before,
              std::vector<bool>(profile.timers.size(), false)};
    if (input.trigger == Trigger::timer) walk.end.armed[static_cast<std::size_t>(profile.timer(input.name))] = false;
    for (const std::string& name : reaction.rules) {
        const Rule* rule = profile.rule(name);
        if (rule == nullptr || !walk.fire(*rule))
            throw ModelError("the timers of rule '" + name + "' cannot be followed: none of its cases matches");
    }
    return walk.started;
}

SimTimers::SimTimers(const Profile& profile, const Limits& limits)
    : profile_(profile), limits_(limits), running_(profile.timers.size()) {}

void SimTimers::begin(const EndState& initial, std::int64_t now_us) {
    for (std::size_t i = 0; i < running_.size(); ++i)
        if (plain_running(profile_, limits_, initial, static_cast<int>(i))) start(static_cast<int>(i), 0, now_us);
}

// The armed flag settles whether a timer runs, the walk whether it was started, that is restarted, on the way.
void SimTimers::follow(const EndState& before, const Input& input, const Reaction& reaction, std::int64_t now_us) {
    const std::vector<bool> started = timers_started(profile_, limits_, before, input, reaction);
    for (std::size_t i = 0; i < running_.size(); ++i) {
        const int timer = static_cast<int>(i);
        if (!plain_running(profile_, limits_, reaction.after, timer)) {
            running_[i].on = false;
        } else if (profile_.timers[i].runs_while) {
            follow_derived(timer, before, input, reaction.after, now_us);
        } else if (started[i] || !running_[i].on) {
            const bool again = expiry_of(profile_, input, timer);
            start(timer, again ? running_[i].doublings + 1 : 0, now_us);
        }
    }
}

void SimTimers::follow_derived(int timer, const EndState& before, const Input& input, const EndState& after,
                               std::int64_t now_us) {
    const auto index = static_cast<std::size_t>(timer);
    if (expiry_of(profile_, input, timer)) {
        start(timer, running_[index].doublings + 1, now_us);
    } else if (!running_[index].on ||
               (input.trigger != Trigger::timer && reads_changed(*profile_.timers[index].runs_while, before, after))) {
        start(timer, 0, now_us);
    }
}

// Both ends of the interval double, so that its middle is the middle of what a vector allows.
void SimTimers::start(int timer, int doublings, std::int64_t now_us) {
    const auto index = static_cast<std::size_t>(timer);
    const TimerDecl& decl = profile_.timers[index];
    std::int64_t early = decl.earliest_us, late = decl.latest_us;
    for (int i = 0; i < doublings && decl.cap_us > 0 && early < decl.cap_us; ++i) {
        early = std::min(2 * early, decl.cap_us);
        late = std::min(2 * late, decl.cap_us);
    }
    running_[index] = {true, doublings, now_us + early + (late - early) / 2};
}

std::optional<SimTimers::Due> SimTimers::next() const {
    std::optional<Due> first;
    for (std::size_t i = 0; i < running_.size(); ++i)
        if (running_[i].on && (!first || running_[i].at_us < first->at_us))
            first = Due{running_[i].at_us, static_cast<int>(i)};
    return first;
}

}  // namespace lastack
