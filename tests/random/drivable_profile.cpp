// Profiles that a tester on the wire can play against: sequence numbers are kept as TCP keeps them, and what is at
// random is which rules there are, what they send, and which timers start what. Each FIN and each unit of text has a
// number of its own.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/random/random_parts.h"

namespace lastack::testing {

namespace {

using Texts = std::vector<std::string>;

const std::string send_fin = "if not fin_sent { send FIN; snd_nxt += 1; set fin_sent }";
const std::string fin_again = "if fin_sent { send FIN with seq snd_nxt - 1 }";

class DrivableProfile {
public:
    DrivableProfile(Dice& dice, const RandomKnobs& knobs, const std::string& name) : dice_(dice), knobs_(knobs) {
        profile_.name = name;
        text_ = dice_.chance(knobs_.lengths);
        zero_window_ = text_ && dice_.chance(knobs_.zero_windows);
        add_states();
        add_variables();
        add_timers();
        profile_.segments = {{"ACK", "segment ACK { seq snd_nxt; ack rcv_nxt" + window() + " }"},
                             {"FIN", "segment FIN { seq snd_nxt; ack rcv_nxt; fin" + window() + " }"},
                             {"RESET", "segment RESET { seq snd_nxt; ack rcv_nxt; rst }"}};
        if (text_)
            profile_.segments.push_back({"DATA", "segment DATA { seq snd_nxt; ack rcv_nxt; len 1" + window() + " }"});
        add_calls();
        for (const std::string& timer : timers_) add_timer_rules(timer, false);
        for (const std::string& timer : derived_) add_timer_rules(timer, true);
        add_segment_rules();
    }

    RandomProfile take() { return std::move(profile_); }

private:
    std::string window() const { return zero_window_ ? "; zero_window full" : ""; }
    bool has(const std::string& state) const { return std::count(states_.begin(), states_.end(), state) > 0; }
    // The first of the states that the profile has.
    std::string first_of(const Texts& some) const {
        for (const std::string& state : some) {
            if (has(state)) return state;
        }
        return "CLOSED";
    }

    void add_states() {
        for (const char* state :
             {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK"}) {
            const std::string name = state;
            const bool always = name == "ESTABLISHED" || name == "FIN_WAIT_1" || name == "CLOSE_WAIT";
            if (always || dice_.chance(45)) states_.push_back(name);
        }
        profile_.states = fmt::format("{}, CLOSED final", fmt::join(states_, ", "));
        profile_.states.insert(std::string("ESTABLISHED").size(), " initial");
        if (dice_.chance(knobs_.forgets)) profile_.states += " forgets";
    }

    void add_variables() {
        const auto add = [&](const std::string& name, const std::string& text) {
            profile_.variables.push_back({name, text});
        };
        const bool limit = text_ && dice_.chance(knobs_.limits);
        if (limit) profile_.limits.push_back({"data", "limit data = 1 in 0..2"});
        data_ = limit ? "data" : "1";
        add("snd_nxt", text_ ? fmt::format("var snd_nxt : 0..{}+1", data_) : "var snd_nxt : 0..1");
        add("rcv_nxt", "var rcv_nxt : 0..4");
        add("fin_sent", "var fin_sent, fin_got : flag");
        if (text_) add("snd_una", fmt::format("var snd_una : 0..{}+1", data_));
        if (zero_window_) add("full", "var full : flag");
        has_mark_ = dice_.chance(40);
        if (has_mark_) add("mark", "var mark : flag");
        has_kept_ = dice_.chance(knobs_.kept);
        if (has_kept_) add("times", "kept times : 0..2");
        has_tries_ = dice_.chance(50);
        if (has_tries_ && dice_.chance(knobs_.limits)) {
            profile_.limits.push_back({"retries", "limit retries = 1 in 0..3"});
            retries_ = "retries";
        }
        if (has_tries_) add("tries", "var tries : 0.." + retries_);
    }

    std::string duration() {
        static const Texts lengths{"200 ms", "500 ms", "1 s", "2 s"}, windows{"1 s to 1.5 s", "200 ms to 500 ms"};
        if (last_duration_.empty() || !dice_.chance(knobs_.equal_timers))
            last_duration_ = dice_.pick(dice_.chance(knobs_.windows) ? windows : lengths);
        return last_duration_;
    }

    void add_timers() {
        static const Texts names{"rto", "pause", "linger", "watch"};
        const int count = dice_.from_to(1, std::min(knobs_.timers, 4));
        for (int i = 0; i < count; ++i) {
            const std::string& name = names[static_cast<std::size_t>(i)];
            std::string text = fmt::format("timer {} = {}", name, duration());
            const bool derived = i > 0 && dice_.chance(knobs_.derived_timers);
            if (derived) {
                text += " while " + dice_.pick(Texts{"state == " + dice_.pick(states_), "fin_sent and not fin_got",
                                                     "fin_got", "state == CLOSE_WAIT and not running rto",
                                                     has_mark_ ? "mark" : "rcv_nxt > 0"});
            } else if (dice_.chance(knobs_.doubling)) {
                text += " doubling to 8 s";
            }
            profile_.timers.push_back({name, text});
            (derived ? derived_ : timers_).push_back(name);
        }
    }

    RandomRule rule(const std::string& name, const Texts& from, const std::string& guard, const std::string& to,
                    const Texts& effects) {
        return {dice_.chance(knobs_.may), name, {{from, guard, to, effects}}};
    }

    // Something else that may be done in the place of a rule: less of it.
    void add_choice(std::vector<RandomRule>& list, const RandomRule& other) {
        if (!dice_.chance(knobs_.may)) return;
        RandomRule choice = other;
        choice.may = true;
        choice.name += "_or";
        RandomCase& one = choice.cases.front();
        if (one.effects.size() > 1) one.effects.erase(one.effects.begin());
        if (!timers_.empty() && dice_.chance(40)) one.effects.push_back("start " + dice_.pick(timers_));
        list.push_back(std::move(choice));
    }

    void add(std::vector<RandomRule>& list, RandomRule rule) {
        list.push_back(std::move(rule));
        add_choice(list, RandomRule(list.back()));
    }

    // Of what a step may do beside its main thing: `own` is the timer that has just expired.
    Texts besides(const std::string& own = "") {
        Texts list;
        if (!timers_.empty() && dice_.chance(50)) {
            const std::string timer = dice_.pick(timers_);
            if (timer != own || dice_.chance(50)) list.push_back("start " + timer);
        }
        if (has_mark_ && dice_.chance(25)) list.push_back(dice_.chance(60) ? "set mark" : "clear mark");
        if (has_kept_ && dice_.chance(25)) list.push_back("if times < 2 { times += 1 }");
        return list;
    }
    // Starts of timers end with the endpoint, mostly.
    Texts at_end(Texts effects, const std::string& to) {
        if (to == "CLOSED" && dice_.chance(70)) effects.push_back("stop all");
        return effects;
    }

    void add_calls() {
        std::vector<RandomRule> close;
        Texts effects = besides();
        if (dice_.chance(75)) effects.insert(effects.begin(), send_fin);  // or a timer sends it
        if (dice_.chance(60)) effects.push_back("start " + timers_.front());
        add(close, rule("close_first", {"ESTABLISHED"}, "", "FIN_WAIT_1", effects));
        const std::string last = first_of({"LAST_ACK"});
        add(close, rule("close_second", {"CLOSE_WAIT"}, "", last, at_end({send_fin}, last)));
        profile_.handlers.push_back({"call close", {{"", close}}});
        if (text_) {
            const std::string guard = "not fin_sent and snd_nxt < " + data_;
            Texts sends{"send DATA; snd_nxt += 1"};
            for (const std::string& more : besides()) sends.push_back(more);
            std::vector<RandomRule> send;
            add(send, rule("send_text", {"ESTABLISHED", "CLOSE_WAIT"}, guard, "", sends));
            profile_.handlers.push_back({"call send", {{"", send}}});
        }
        if (zero_window_) {
            Texts takes{"clear full"};
            if (dice_.chance(50)) takes.push_back("send ACK");
            profile_.handlers.push_back(
                {"call recv", {{"", {{false, "take_text", {{{"ESTABLISHED", "FIN_WAIT_1"}, "full", "", takes}}}}}}});
        }
        if (dice_.chance(knobs_.odd_flags)) {
            const Texts reset = dice_.chance(70) ? Texts{"send RESET", "stop all"} : Texts{"stop all"};
            profile_.handlers.push_back(
                {"call abort", {{"", {{false, "abort_it", {{states_, "", "CLOSED", reset}}}}}}});
        }
    }

    // What the end of a timer may do in these states, in one rule or two with opposite guards.
    void timer_reaction(std::vector<RandomRule>& list, const std::string& timer, const Texts& from) {
        const std::string name = fmt::format("{}_{}", timer, list.size());
        const std::string to = dice_.chance(50) ? dice_.pick(states_) : "CLOSED";
        switch (dice_.below(has_tries_ ? 7 : 6)) {
            case 0: return add(list, rule(name, from, "", to, at_end(besides(timer), to)));
            case 1: {
                const std::string target = dice_.chance(60) ? to : "";
                Texts effects{send_fin};
                for (const std::string& more : at_end(besides(timer), target)) effects.push_back(more);
                return add(list, rule(name, from, "", target, effects));
            }
            case 2: return add(list, rule(name, from, "fin_sent", "", {"send FIN with seq snd_nxt - 1"}));
            case 3: {
                Texts effects{"send ACK"};
                if (dice_.chance(knobs_.several_segments)) effects.push_back(fin_again);
                return add(list, rule(name, from, "", dice_.chance(40) ? to : "", effects));
            }
            case 4: {  // says nothing, starts something
                Texts effects = besides(timer);
                effects.push_back("start " + dice_.pick(timers_));
                return add(list, rule(name, from, "", "", effects));
            }
            case 5: {
                const std::string guard = condition(timer);
                list.push_back({false, name, {{from, guard, to, at_end({"signal timeout"}, to)}}});
                if (dice_.chance(50)) add(list, rule(name + "_not", from, "not (" + guard + ")", "", {"send ACK"}));
                return;
            }
            default:
                list.push_back({false,
                                name + "_again",
                                {{from, "tries < " + retries_, "", {"tries += 1", fin_again, "start rto"}}}});
                list.push_back({false,
                                name + "_up",
                                {{from, "tries == " + retries_, "CLOSED", at_end({"signal timeout"}, "CLOSED")}}});
        }
    }

    std::string condition(const std::string& own) {
        Texts some{"fin_got", "fin_sent", "rcv_nxt > 0"};
        if (has_mark_) some.push_back("mark");
        if (has_kept_) some.push_back("times > 0");
        for (const auto* timers : {&timers_, &derived_}) {
            for (const std::string& timer : *timers) {
                if (timer != own) some.push_back("running " + timer);
            }
        }
        return dice_.pick(some);
    }

    void add_timer_rules(const std::string& timer, bool derived) {
        Texts ruled;
        for (const std::string& state : states_) {
            if (!dice_.chance(knobs_.unruled_timers)) ruled.push_back(state);
        }
        std::vector<RandomRule> list;
        dice_.shuffle(ruled);
        for (std::size_t at = 0; at < ruled.size();) {
            const std::size_t count = std::min(ruled.size() - at, static_cast<std::size_t>(dice_.from_to(1, 3)));
            const Texts from(ruled.begin() + static_cast<std::ptrdiff_t>(at),
                             ruled.begin() + static_cast<std::ptrdiff_t>(at + count));
            at += count;
            timer_reaction(list, timer, from);
        }
        if (!derived && dice_.chance(10))
            list.push_back({false, timer + "_late", {{{"CLOSED"}, "", "", {"signal timeout"}}}});
        profile_.handlers.push_back({"timer " + timer, {{"", list}}});
    }

    RandomStep acked_step() {
        const std::string guard = "fin_sent and seg.has_ack and seg.ack == snd_nxt";
        std::vector<RandomRule> list;
        const auto moves = [&](const std::string& from, const Texts& to) {
            if (!has(from)) return;
            const std::string target = dice_.chance(70) ? first_of(to) : "CLOSED";
            Texts effects;
            if (dice_.chance(60)) effects.push_back("stop rto");
            for (const std::string& more : besides()) effects.push_back(more);
            add(list, rule("acked_in_" + from, {from}, guard, target, at_end(effects, target)));
        };
        moves("FIN_WAIT_1", {"FIN_WAIT_2", "TIME_WAIT"});
        moves("CLOSING", {"TIME_WAIT"});
        moves("LAST_ACK", {});
        return {"acked", list};
    }

    RandomStep text_step() {
        std::vector<RandomRule> list;
        const std::string guard = "seg.len == 1 and seg.seq == rcv_nxt and not fin_got and rcv_nxt < 3";
        Texts effects{"rcv_nxt += 1"};
        if (zero_window_) effects.push_back("set full");
        if (dice_.chance(70)) effects.push_back("send ACK");
        if (dice_.chance(knobs_.several_segments)) effects.push_back("send ACK");
        for (const std::string& more : besides()) effects.push_back(more);
        Texts from{"ESTABLISHED", "FIN_WAIT_1"};
        if (has("FIN_WAIT_2")) from.push_back("FIN_WAIT_2");
        list.push_back({false, "text", {{from, guard, "", effects}}});
        if (dice_.chance(knobs_.may)) list.push_back({true, "text_late", {{from, guard, "", {"rcv_nxt += 1"}}}});
        return {"text", list};
    }

    RandomStep fin_step() {
        std::vector<RandomRule> list;
        const std::string guard = "seg.fin and seg.seq + seg.len == rcv_nxt and not fin_got and rcv_nxt < 4";
        const auto takes = [&](const std::string& from, const Texts& to) {
            if (!has(from)) return;
            const std::string target = dice_.chance(75) ? first_of(to) : "CLOSED";
            Texts effects{"rcv_nxt += 1; set fin_got"};
            if (dice_.chance(80)) effects.push_back("send ACK");
            if (dice_.chance(knobs_.several_segments)) effects.push_back(dice_.chance(50) ? "send ACK" : fin_again);
            if (dice_.chance(50)) effects.push_back("signal eof");
            for (const std::string& more : besides()) effects.push_back(more);
            RandomRule taken{false, "fin_in_" + from, {{{from}, guard, target, at_end(effects, target)}}};
            if (dice_.chance(knobs_.may)) taken.may = true;  // the FIN is ignored, or taken
            list.push_back(std::move(taken));
        };
        takes("ESTABLISHED", {"CLOSE_WAIT"});
        takes("FIN_WAIT_1", {"CLOSING", "TIME_WAIT"});
        takes("FIN_WAIT_2", {"TIME_WAIT"});
        if (dice_.chance(50)) {
            Texts from, effects = besides();
            for (const char* state : {"CLOSE_WAIT", "CLOSING", "TIME_WAIT", "LAST_ACK"}) {
                if (has(state)) from.push_back(state);
            }
            if (effects.empty() || dice_.chance(70)) effects.insert(effects.begin(), "send ACK");
            add(list, rule("fin_again", from, "seg.fin and fin_got", "", effects));
        }
        return {"fin", list};
    }

    void add_segment_rules() {
        RandomHandler handler{"segment", {}};
        const auto in_all = [&](const std::string& step, const std::string& guard, const std::string& to,
                                const Texts& effects) {
            handler.steps.push_back({step, {{false, step, {{states_, guard, to, effects}}}}});
        };
        if (dice_.chance(50))
            in_all("outside", "seg.seq > rcv_nxt", "", dice_.chance(70) ? Texts{"send ACK", "drop"} : Texts{"drop"});
        if (dice_.chance(70)) in_all("reset", "seg.rst", "CLOSED", {"signal reset", "stop all", "drop"});
        if (text_) {
            Texts effects{"snd_una := seg.ack"};
            if (dice_.chance(40)) effects.push_back("stop rto");
            in_all("una", "seg.has_ack and seg.ack > snd_una and seg.ack <= snd_nxt", "", effects);
        }
        if (dice_.chance(80)) handler.steps.push_back(acked_step());
        if (zero_window_ && dice_.chance(50))
            in_all("window", "seg.zero_window and not fin_sent", "", {"start " + dice_.pick(timers_)});
        if (text_) handler.steps.push_back(text_step());
        handler.steps.push_back(fin_step());
        profile_.handlers.push_back(handler);
    }

    Dice& dice_;
    const RandomKnobs& knobs_;
    RandomProfile profile_;
    Texts states_;  // without CLOSED
    Texts timers_, derived_;
    bool text_ = false, zero_window_ = false, has_mark_ = false, has_kept_ = false, has_tries_ = false;
    std::string data_, retries_ = "1", last_duration_;
};

}  // namespace

RandomProfile drivable_profile(Dice& dice, const RandomKnobs& knobs, const std::string& name) {
    return DrivableProfile(dice, knobs, name).take();
}

}  // namespace lastack::testing
