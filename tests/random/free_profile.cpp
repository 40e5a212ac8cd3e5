// Profiles that are anything the language can say. Plain rules never match together, since each state of a step has one
// rule, or two with opposite guards; variables never leave their ranges, since what counts is under `if`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/random/random_parts.h"

namespace lastack::testing {

namespace {

struct Number {
    std::string name, top;  // a number, or the name of a limit
    bool is_limit = false;
    int known = 0;  // what it may be set to in any case
};

class FreeProfile {
public:
    FreeProfile(Dice& dice, const RandomKnobs& knobs, const std::string& name) : dice_(dice), knobs_(knobs) {
        profile_.name = name;
        add_states();
        add_variables();
        add_timers();
        add_segments();
        if (dice_.chance(30)) profile_.lets.push_back({"odd", "let odd = " + atom(false)});
        for (const std::string& call : some_of(dice_, {"close", "send", "recv", "abort"}, dice_.from_to(1, 2)))
            add_call(call);
        add_timer_rules();
        RandomHandler handler{"segment", {}};
        for (int i = 0, steps = dice_.from_to(1, 2); i < steps; ++i) {
            const std::string step = fmt::format("step{}", i);
            handler.steps.push_back({step, rules(step, states_, Where::segment)});
        }
        profile_.handlers.push_back(handler);
    }

    RandomProfile take() { return std::move(profile_); }

private:
    enum class Where { call, timer, segment };

    bool own() const { return knobs_.own_words > 0; }

    void add_states() {
        static const std::vector<std::string> of_tcp{"FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                                     "CLOSING",    "LAST_ACK",   "TIME_WAIT"};
        static const std::vector<std::string> of_trial{"SHUTDOWN_SENT", "HALF", "DRAIN", "CLOSEREQ", "B2", "LAST"};
        first_ = own() ? "OPEN" : "ESTABLISHED";
        if (own()) profile_.protocol = "  protocol TRIAL\n  field num, top : 0..3\n  field sign : flag\n";
        states_ = some_of(dice_, own() ? of_trial : of_tcp, dice_.from_to(1, knobs_.states));
        profile_.states = first_ + " initial";
        for (const std::string& state : states_) profile_.states += ", " + state + (dice_.chance(15) ? " final" : "");
        profile_.states += std::string(", CLOSED final") + (dice_.chance(knobs_.forgets) ? " forgets" : "");
        states_.insert(states_.begin(), first_);
        states_.push_back("CLOSED");
    }

    void add_number(const std::string& sort, const std::string& name, bool may_be_limit) {
        Number number{name, fmt::format("{}", dice_.from_to(1, 2)), false, 0};
        number.known = number.top[0] - '0';
        if (may_be_limit && dice_.chance(knobs_.limits)) {
            const bool by_setting = has_setting_ && dice_.chance(60);
            const std::string value = by_setting ? "pace + 1" : fmt::format("{}", dice_.from_to(1, 2));
            profile_.limits.push_back({"lim", fmt::format("limit lim = {} in 0..3", value)});
            number = {name, "lim", true, 0};
        }
        profile_.variables.push_back({name, fmt::format("{} {} : 0..{}", sort, name, number.top)});
        numbers_.push_back(number);
    }

    void add_variables() {
        has_setting_ = dice_.chance(knobs_.settings);
        if (has_setting_) profile_.limits.push_back({"pace", "setting pace = 1 in 0..2"});
        if (dice_.chance(70)) add_number("var", "count", true);
        if (dice_.chance(50)) {
            profile_.variables.push_back({"mark", "var mark : flag"});
            flags_.push_back("mark");
        }
        if (dice_.chance(20)) {
            profile_.variables.push_back({"mood", "var mood : {calm, hasty}"});
            has_mood_ = true;
        }
        if (dice_.chance(knobs_.kept)) add_number("kept", "times", false);
        if (dice_.chance(knobs_.histories)) {
            profile_.variables.push_back({"was", "history was : flag"});
            has_history_ = true;
        }
    }

    std::string duration() {
        static const std::vector<std::string> lengths{"200 ms", "500 ms", "1 s", "2 s", "3 s"};
        if (last_duration_.empty() || !dice_.chance(knobs_.equal_timers)) {
            last_duration_ = dice_.pick(lengths);
            if (dice_.chance(knobs_.windows)) last_duration_ += " to 4 s";
        }
        return last_duration_;
    }

    void add_timers() {
        static const std::vector<std::string> names{"rto", "idle", "linger", "extra"};
        const int count = dice_.from_to(0, std::min(knobs_.timers, 4));
        std::vector<std::string> derived;  // none may ask for another one
        for (int i = 0; i < count; ++i) {
            const std::string& name = names[static_cast<std::size_t>(i)];
            std::string text = fmt::format("timer {} = {}", name, duration());
            if (dice_.chance(knobs_.derived_timers)) {
                profile_.timers.push_back({name, text + " while " + condition(false, 50)});
                derived.push_back(name);
                continue;
            }
            if (dice_.chance(knobs_.doubling)) text += " doubling to 60 s";
            profile_.timers.push_back({name, text});
            timers_.push_back(name);
        }
        derived_ = derived;
    }

    std::string field(int most) {
        if (numbers_.empty() || dice_.chance(60)) return fmt::format("{}", dice_.from_to(0, most));
        return dice_.pick(numbers_).name + (dice_.chance(20) ? " + 1" : "");
    }

    // Both ends have the same kinds with the same fields; what they hold is at random.
    void add_own_segments() {
        const auto number = [&] { return fmt::format("{}", dice_.from_to(0, 3)); };
        const auto sign = [&] { return dice_.chance(50) ? "sign" : "sign " + condition(false, 0); };
        profile_.segments.push_back({"BYE", fmt::format("segment BYE {{ num {} }}", number())});
        const std::string top = number(), holds = sign();
        profile_.segments.push_back({"ANSWER", fmt::format("segment ANSWER {{ top {}; {}; num 1 }}", top, holds)});
        profile_.segments.push_back({"NUDGE", "segment NUDGE { }"});
        profile_.segments.push_back({"DUE", fmt::format("segment DUE {{ {} }}", sign())});
    }

    void add_segments() {
        if (own()) return add_own_segments();
        static const std::vector<std::string> names{"FIN", "ACK", "DATA", "ODD"};
        const bool lengths = dice_.chance(knobs_.lengths);
        for (const std::string& name : names) {
            if (name == "DATA" && !lengths) continue;
            if (name == "ODD" && !dice_.chance(knobs_.odd_flags)) continue;
            std::string text = fmt::format("segment {} {{ seq {}", name, field(2));
            if (name == "ACK" || dice_.chance(60)) text += "; ack " + field(2);
            if (name == "FIN") text += "; fin";
            if (name == "DATA") text += fmt::format("; len {}", dice_.from_to(1, 2));
            if (name == "ODD") text += dice_.pick(std::vector<std::string>{"; rst", "; syn", "; syn; fin", ""});
            if (dice_.chance(knobs_.zero_windows)) {
                text += "; zero_window";
                if (dice_.chance(60)) text += " " + condition(false, 0);
            }
            profile_.segments.push_back({name, text + " }"});
        }
    }

    // What a condition may read: a variable, a timer, the state, the arriving segment.
    std::string atom(bool segment) {
        std::vector<std::string> some;
        for (const Number& number : numbers_) {
            some.push_back(fmt::format("{} == {}", number.name, number.top));
            some.push_back(fmt::format("{} < {}", number.name, number.top));
            some.push_back(number.name + " > 0");
            if (has_setting_) some.push_back(number.name + " <= pace");
        }
        for (const std::string& flag : flags_) some.push_back(flag);
        for (const auto* timers : {&timers_, &derived_}) {
            for (const std::string& timer : *timers) some.push_back("running " + timer);
        }
        if (has_mood_) some.push_back(dice_.chance(50) ? "mood == calm" : "mood != calm");
        if (has_setting_) some.push_back("pace > 0");
        if (!profile_.lets.empty()) some.push_back("odd");
        some.push_back("state == " + dice_.pick(states_));
        if (segment && own()) {
            for (const char* text : {"seg is BYE", "seg is {ANSWER, DUE}", "seg is NUDGE", "seg.sign", "seg.num > 0"})
                some.push_back(text);
            some.push_back("seg.num == " + field(2));
            some.push_back("seg.top + seg.num <= " + field(2));
        } else if (segment) {
            for (const char* text : {"seg.fin", "seg.has_ack", "seg.rst", "seg.syn", "seg.zero_window", "seg.len > 0"})
                some.push_back(text);
            some.push_back("seg.seq == " + field(2));
            some.push_back("seg.ack >= " + field(1));
            some.push_back("seg.seq + seg.len <= " + field(2));
        }
        return dice_.pick(some);
    }

    std::string condition(bool segment, int compound) {
        std::string text = atom(segment);
        if (dice_.chance(25)) text = "not (" + text + ")";
        if (!dice_.chance(compound)) return text;
        return fmt::format("({} {} {})", text, dice_.pick(std::vector<std::string>{"and", "or", "implies", "and"}),
                           atom(segment));
    }

    std::string assignment(Where where) {
        std::vector<std::string> some;
        for (const Number& number : numbers_) {
            some.push_back(fmt::format("if {0} < {1} {{ {0} += 1 }}", number.name, number.top));
            some.push_back(fmt::format("if {0} > 0 {{ {0} -= 1 }} else {{ {0} := {1} }}", number.name, number.top));
            some.push_back(fmt::format("{} := {}", number.name, dice_.from_to(0, number.known)));
            if (where == Where::segment)
                some.push_back(fmt::format("if seg.{2} <= {1} {{ {0} := seg.{2} }}", number.name, number.top,
                                           own() ? "num" : "seq"));
        }
        for (const std::string& flag : flags_) {
            some.push_back("set " + flag);
            some.push_back("clear " + flag);
            some.push_back(flag + " := " + atom(where == Where::segment));
        }
        if (has_mood_) some.push_back(dice_.chance(50) ? "mood := calm" : "mood := hasty");
        if (has_history_) some.push_back(dice_.chance(70) ? "set was" : "was := " + atom(where == Where::segment));
        return some.empty() ? "signal eof" : dice_.pick(some);
    }

    std::string sending() {
        std::string text = "send " + dice_.pick(profile_.segments).name;
        if (own() && text == "send BYE" && dice_.chance(40)) text += fmt::format(" with num {}", dice_.from_to(0, 3));
        if (!own() && dice_.chance(15)) text += fmt::format(" with seq {}", field(2));
        return text;
    }

    std::vector<std::string> effects(Where where) {
        std::vector<std::string> list;
        if (dice_.chance(55)) list.push_back(sending());
        if (!list.empty() && dice_.chance(knobs_.several_segments)) list.push_back(sending());
        if (dice_.chance(45)) list.push_back(assignment(where));
        if (!timers_.empty() && dice_.chance(45))
            list.push_back((dice_.chance(75) ? "start " : "stop ") + dice_.pick(timers_));
        if (dice_.chance(8)) list.push_back("stop all");
        if (dice_.chance(12))
            list.push_back("signal " + dice_.pick(std::vector<std::string>{"eof", "reset", "timeout"}));
        if (dice_.chance(10))
            list.push_back(fmt::format("if {} {{ {} }} else {{ {} }}", condition(where == Where::segment, 0), sending(),
                                       assignment(where)));
        dice_.shuffle(list);
        if (where == Where::segment && dice_.chance(30)) list.push_back("drop");
        if (where == Where::call && dice_.chance(15)) list.push_back("returns pipe");
        return list;
    }

    RandomCase one_case(const std::vector<std::string>& from, const std::string& guard, Where where) {
        RandomCase one{from, guard, dice_.chance(60) ? dice_.pick(states_) : "", effects(where)};
        if (one.to.empty() && one.effects.empty()) one.effects = {assignment(where)};
        return one;
    }

    // Rules for some of the states: each has one, two with opposite guards, or none; and choices beside them.
    std::vector<RandomRule> rules(const std::string& name, std::vector<std::string> states, Where where) {
        std::vector<RandomRule> list;
        const auto add = [&](bool may, std::vector<RandomCase> cases) {
            list.push_back({may, fmt::format("{}_{}", name, list.size()), std::move(cases)});
        };
        dice_.shuffle(states);
        const bool segment = where == Where::segment;
        while (!states.empty()) {
            const std::size_t count = std::min(states.size(), static_cast<std::size_t>(dice_.from_to(1, 3)));
            const std::vector<std::string> from(states.end() - static_cast<std::ptrdiff_t>(count), states.end());
            states.resize(states.size() - count);
            const bool may = dice_.chance(knobs_.may);
            if (may) add(true, {one_case(from, dice_.chance(60) ? condition(segment, 30) : "", where)});
            if (dice_.chance(20)) continue;
            const std::string guard = dice_.chance(segment ? 85 : 45) ? condition(segment, 30) : "";
            if (guard.empty() || dice_.chance(50)) {
                add(may && dice_.chance(40), {one_case(from, guard, where)});
            } else if (dice_.chance(60)) {
                add(false, {one_case(from, guard, where)});
                add(false, {one_case(from, "not (" + guard + ")", where)});
            } else {
                add(false, {one_case(from, guard, where), one_case(from, "not (" + guard + ")", where)});
            }
        }
        return list;
    }

    // The first one is possible from the start: without it, mostly nothing is.
    void add_call(const std::string& call) {
        const bool first = profile_.handlers.empty();
        const std::vector<std::string> others(states_.begin() + 1, states_.end());
        std::vector<RandomRule> list = rules(call, first ? others : states_, Where::call);
        if (first) list.push_back({false, call + "_first", {one_case({first_}, "", Where::call)}});
        profile_.handlers.push_back({"call " + call, {{"", list}}});
    }

    void add_timer_rules() {
        for (const RandomDeclaration& timer : profile_.timers) {
            std::vector<std::string> ruled;
            for (const std::string& state : states_) {
                if (!dice_.chance(knobs_.unruled_timers)) ruled.push_back(state);
            }
            profile_.handlers.push_back({"timer " + timer.name, {{"", rules(timer.name, ruled, Where::timer)}}});
        }
    }

    Dice& dice_;
    const RandomKnobs& knobs_;
    RandomProfile profile_;
    std::vector<std::string> states_, flags_, timers_, derived_;
    std::vector<Number> numbers_;
    bool has_mood_ = false, has_history_ = false, has_setting_ = false;
    std::string last_duration_, first_;
};

}  // namespace

RandomProfile free_profile(Dice& dice, const RandomKnobs& knobs, const std::string& name) {
    return FreeProfile(dice, knobs, name).take();
}

}  // namespace lastack::testing
