// Idea: one process whose loop has one option for each kind of step. A case of a call or timer is one `d_step`. A
// delivery is one `atomic`: SPIN keeps no states inside it, so the choices (which segment, which `may` rule) stand
// there as nondeterminism, as they do in the spec. An end's rules work on a copy of its variables (w_...), which is
// written back at the end of the step, unless the step is cut. Helper variables are 0 between steps.
#include "generators/promela.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <vector>

#include "generators/model_text.h"

namespace lastack {

namespace {

constexpr Spelling promela{"&&", "||", "!", "==", "!=", "({} -> 1 : 0)", "seg_"};
const Place copy{"w_", "wt_", "w_state"};
const char* const end_name[2] = {"A", "B"};
const char* const flight_name[2] = {"ab", "ba"};  // what A, what B has in flight

Place place_of(int end) {
    const std::string name = end_name[end];
    return {name + "_", name + "t_", name + "_state"};
}

class PromelaRules final : public RuleText {
public:
    PromelaRules(const ExportPlan& plan, const EndKind& kind) : RuleText(plan, kind, promela) {}

private:
    void assign(const std::string& target, const std::string& value) override { line(target + " = " + value + ";"); }
    // SPIN cuts a value to the size of its variable without a word.
    void check(const std::string& value, const std::string& low, const std::string& high) override {
        line(fmt::format("assert({1} <= {0} && {0} <= {2});", value, low, high));
    }
    void send(const Fields& fields) override {
        check_ranges(fields);
        line(fmt::format("SEND(SEGMENT({}));", arguments(fields)));
    }
    void send_own(const std::string& arguments) override { line(fmt::format("SEND(SEGMENT({}));", arguments)); }
    void drop() override { line("dropped = 1;"); }
    void open_branch(const std::string& condition) override {
        line("if");
        line(":: " + condition + " ->");
        deeper(1);
        line("skip;");
        has_else_.push_back(false);
    }
    void otherwise() override {
        deeper(-1);
        line(":: else ->");
        deeper(1);
        line("skip;");
        has_else_.back() = true;
    }
    void close_branch() override {
        deeper(-1);
        if (!has_else_.back()) line(":: else -> skip;");
        has_else_.pop_back();
        line("fi;");
    }
    std::vector<bool> has_else_;  // of the open branches
};

// ---------------------------------------------------------------------------------------------------- declarations

std::vector<std::string> segment_fields(const ExportPlan& plan) {
    std::vector<std::string> names;
    for (const SegmentDigit& digit : segment_digits(plan)) names.push_back(digit.name);
    return names;
}

std::string segment_macro(const ExportPlan& plan) {
    std::string kinds, value = "1";
    for (std::size_t i = 0; plan.vocabulary && i < plan.vocabulary->kinds.size(); ++i)
        kinds += fmt::format("#define {} {}\n", RuleText::kind_name(plan.vocabulary->kinds[i]), i + 1);
    for (const SegmentDigit& digit : segment_digits(plan))
        value += fmt::format(" + {}*(({})-{})", digit.weight, digit.name, digit.low);
    return kinds + fmt::format("/* A segment is one number, 0 is none; the fields are those of the spec. */\n"
                               "#define SEGMENT({}) \\\n    ({})\n",
                               fmt::join(segment_fields(plan), ", "), value);
}

std::string head(const ExportPlan& plan) {
    const Network& network = plan.system->network;
    std::string text =
        fmt::format("/* {}, written by lastack export.\n"
                    "   spin -a -o2 FILE && gcc -O2 -w -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -n -m1000000\n"
                    "   Without -o2, SPIN leaves out variables that are written and never read. */\n\n",
                    plan.title);
    for (std::size_t i = 0; i < plan.states.size(); ++i)
        text += fmt::format("#define {} {}\n", RuleText::state_name(plan.states[i]), i);
    for (const EndKind& kind : plan.kinds) {
        for (const auto& [name, value] : kind.limits)
            text += fmt::format("#define L{}_{} {}\n", kind.number, name, value);
    }
    text += fmt::format("#define CAPACITY {}\n\n", network.capacity);
    text += segment_macro(plan);
    text += "#define SEND(segment) assert(sent_count < 4); sent[sent_count] = segment; sent_count++\n\n";
    return text;
}

// The state of an end. A derived timer is a condition and has no variable.
std::string end_variables(const ExportPlan& plan, int end) {
    const Profile& profile = *plan.kind(end).profile;
    const Place place = place_of(end);
    std::string text = fmt::format("/* the end {}: {} */\n", end_name[end], profile.name);
    text += fmt::format("byte {} = {};\n", place.state, RuleText::state_name(plan.start(end)));
    for (const Variable& variable : profile.variables) {
        text += fmt::format("{} {}{} = {};\n", variable.flag ? "bit" : "byte", place.variable, variable.name,
                            variable.initial);
    }
    for (const TimerDecl& timer : profile.timers) {
        if (!timer.runs_while) text += fmt::format("bit {}{};\n", place.timer, timer.name);
    }
    return text;
}

// Names of what the copy holds, over both kinds of end.
std::set<std::string> copied_names(const ExportPlan& plan) {
    std::set<std::string> names{copy.state};
    for (const EndKind& kind : plan.kinds) {
        for (const Variable& variable : kind.profile->variables) names.insert(copy.variable + variable.name);
        for (const TimerDecl& timer : kind.profile->timers) {
            if (!timer.runs_while) names.insert(copy.timer + timer.name);
        }
    }
    return names;
}

std::string variables(const ExportPlan& plan) {
    const Network& network = plan.system->network;
    std::string text = end_variables(plan, 0) + end_variables(plan, 1);
    text += "/* what each end has in flight: sorted where the network reorders, oldest first where it does not */\n"
            "int ab[CAPACITY];\nint ba[CAPACITY];\n";
    if (network.loss_budget >= 0) text += "byte losses;\n";
    if (network.duplicate_budget >= 0) text += "byte duplicates;\n";
    text += "\n/* helpers, 0 between steps: the copy of an end, the arriving segment and its place, what is sent */\n";
    for (const std::string& name : copied_names(plan)) text += "byte " + name + ";\n";
    for (const std::string& field : segment_fields(plan)) text += "byte seg_" + field + ";\n";
    text += "bit dropped;\nint seg, sent[4];\nbyte sent_count, next, from, k;\n\n";
    return text;
}

std::string clear(const ExportPlan& plan) {
    std::string text = "inline clear() {\n";
    for (const std::string& name : copied_names(plan)) text += "    " + name + " = 0;\n";
    for (const std::string& field : segment_fields(plan)) text += "    seg_" + field + " = 0;\n";
    text += "    dropped = 0; seg = 0; next = 0; from = 0; k = 0;\n"
            "    sent[0] = 0; sent[1] = 0; sent[2] = 0; sent[3] = 0; sent_count = 0;\n}\n\n";
    return text;
}

// ----------------------------------------------------------------------------------------------------- the network

// The fields of the segment that arrives: SEGMENT backwards.
std::string arrive(const ExportPlan& plan) {
    std::string text = "inline arrive() {\n";
    for (const SegmentDigit& digit : segment_digits(plan)) {
        text += fmt::format("    seg_{} = ((seg-1)/{})%{} + {};\n", digit.name, digit.weight,
                            digit.high - digit.low + 1, digit.low);
    }
    return text + "}\n";
}

// What is done to one direction. SPIN's inlines take no arrays, so each direction has its own: FLIGHT is its name.
// A new segment goes behind those that MOVES does not move back; FULL is what a full direction does to it.
constexpr const char* flight_template = R"(inline into_FLIGHT(segment) {
    if
    :: FLIGHT[CAPACITY-1] != 0 -> FULL;
    :: else ->
        k = CAPACITY-1;
        do
        :: k > 0 && MOVES -> FLIGHT[k] = FLIGHT[k-1]; k--;
        :: else -> break;
        od;
        FLIGHT[k] = segment;
    fi;
}
inline out_of_FLIGHT(place) {
    k = place;
    do
    :: k < CAPACITY-1 -> FLIGHT[k] = FLIGHT[k+1]; k++;
    :: else -> break;
    od;
    FLIGHT[CAPACITY-1] = 0;
}
inline double_FLIGHT() {
    k = CAPACITY-1;
    do
    :: k > 0 -> FLIGHT[k] = FLIGHT[k-1]; k--;
    :: else -> break;
    od;
}

)";

std::string replaced(std::string text, const std::string& word, const std::string& by) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
        text.replace(at, word.size(), by);
    return text;
}

std::string flight_text(const ExportPlan& plan, const std::string& flight) {
    const Network& network = plan.system->network;
    const char* moves = network.reorders ? "(FLIGHT[k-1] == 0 || FLIGHT[k-1] > segment)" : "FLIGHT[k-1] == 0";
    std::string text = replaced(flight_template, "MOVES", moves);
    text = replaced(text, "FULL", network.loss_budget >= 0 ? "losses++" : "skip");
    return replaced(text, "FLIGHT", flight);
}

// The condition under which all that is sent finds room, or may be lost.
std::string fits(const ExportPlan& plan, int end) {
    const Network& network = plan.system->network;
    if (!plan.cuts) return "true";
    std::string room;
    for (int i = 0; i < network.capacity; ++i)
        room += fmt::format("{}({}[{}] == 0)", i ? " + " : "", flight_name[end], i);
    if (network.loses) room += fmt::format(" + {} - losses", network.loss_budget);
    return fmt::format("sent_count <= {}", room);
}

// load_A() and commit_A(...): the copy of an end, and its way back. The other end's segment is taken out only now,
// so that a step that is cut leaves all as it was.
std::string copying(const ExportPlan& plan, int end) {
    const Profile& profile = *plan.kind(end).profile;
    const Place place = place_of(end);
    std::vector<std::pair<std::string, std::string>> pairs{{place.state, copy.state}};
    for (const Variable& variable : profile.variables)
        pairs.emplace_back(place.variable + variable.name, copy.variable + variable.name);
    for (const TimerDecl& timer : profile.timers) {
        if (!timer.runs_while) pairs.emplace_back(place.timer + timer.name, copy.timer + timer.name);
    }
    std::string text = fmt::format("inline load_{}() {{\n", end_name[end]);
    for (const auto& [own, copied] : pairs) text += fmt::format("    {} = {};\n", copied, own);
    text += fmt::format("}}\ninline commit_{}() {{\n    if\n    :: {} ->\n", end_name[end], fits(plan, end));
    for (const auto& [own, copied] : pairs) text += fmt::format("        {} = {};\n", own, copied);
    text += fmt::format("        if\n        :: seg != 0 -> out_of_{}(from);\n        :: else -> skip;\n        fi;\n",
                        flight_name[1 - end]);
    text += fmt::format(
        "        do\n        :: next < sent_count -> into_{}(sent[next]); next++;\n        :: else -> break;\n"
        "        od;\n",
        flight_name[end]);
    return text + "    :: else -> skip;\n    fi;\n    clear();\n}\n";
}

// ------------------------------------------------------------------------------------------------------- the rules

// Each case of a rule is an inline, for both ends of its kind. SPIN wants a statement in it, so it begins with `skip`.
std::string bodies(PromelaRules& rules, const Handler& handler, int expired) {
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            text += fmt::format("/* {} */\n", RuleText::about(rule));
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                text += fmt::format("inline {}() {{\n    skip;\n{}}}\n", rules.body_name(rule, i),
                                    rules.body(rule.cases[i], copy, 1, expired));
            }
        }
    }
    return text;
}

// An `if` over the cases of a step, its plain ones or its `may` ones; `rest` is what happens where none of them is
// taken.
std::string alternatives(const PromelaRules& rules, const Step& step, bool may, const std::string& rest) {
    std::string text = "        if\n";
    for (const Rule& rule : step.rules) {
        for (std::size_t i = 0; rule.may == may && i < rule.cases.size(); ++i) {
            text += fmt::format("        :: {} ->\n            {}();\n", rules.guard(rule.cases[i], copy),
                                rules.body_name(rule, i));
        }
    }
    return text + "        :: " + rest + ";\n        fi;\n";
}

// The steps of a segment, each an inline. A step with `may` rules: one that matches, or else what the plain rules say;
// SPIN tries both. Only such a step needs `atomic`; the others are deterministic and stay a `d_step`.
std::string steps(const PromelaRules& rules, const EndKind& kind) {
    std::string text, all;
    int number = 0;
    for (const Step& step : kind.segment()->steps) {
        const std::string name = fmt::format("step{}_{}_{}", kind.number, ++number, step.name);
        std::string plain = alternatives(rules, step, false, "else -> skip");
        if (has_choice(step)) plain = alternatives(rules, step, true, "true ->\n" + plain + "            skip");
        text += fmt::format("inline {}() {{\n    if\n    :: dropped -> skip;\n    :: else ->\n{}    fi;\n}}\n", name,
                            plain);
        all += has_choice(step) ? fmt::format("    {}();\n", name) : fmt::format("    d_step {{ {}(); }}\n", name);
    }
    return text + fmt::format("inline segment{}() {{\n{}}}\n\n", kind.number, all);
}

std::string kind_text(const ExportPlan& plan, const EndKind& kind) {
    PromelaRules rules(plan, kind);
    std::string text = fmt::format("/* ---- the rules of {}, on the copy */\n", kind.profile->name);
    for (const Handler& handler : kind.profile->handlers) {
        text += bodies(rules, handler, handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1);
    }
    return kind.segment() ? text + steps(rules, kind)
                          : text + fmt::format("inline segment{}() {{ skip; }}\n\n", kind.number);
}

// --------------------------------------------------------------------------------------------------------- the loop

// The options of a call or a timer: their cases exclude each other or are choices, so each is a step of its own. The
// guard reads the end itself; it counts the timer that expires as stopped, as the rules do.
std::string spontaneous(const ExportPlan& plan, int end, const Handler& handler) {
    const EndKind& kind = plan.kind(end);
    const PromelaRules rules(plan, kind);
    const Place place = place_of(end);
    const int timer = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    const std::string runs = timer < 0 ? "" : rules.running(place, timer) + " && ";
    std::string text = fmt::format("    /* {}: {} {} */\n", end_name[end], timer < 0 ? "call" : "timer", handler.name);
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                text += fmt::format("    :: d_step {{ {0}{1} -> load_{2}(); {3}(); commit_{2}(); }}\n", runs,
                                    rules.guard(rule.cases[i], place, timer), end_name[end], rules.body_name(rule, i));
            }
        }
    }
    return text;
}

// What the network does with what `sender` has in flight: each distinct segment of a bag, or the head of a queue, is
// lost, doubled or delivered. Equal segments of a bag stand side by side, and the first one stands for them.
std::string deliveries(const ExportPlan& plan, int sender) {
    const Network& network = plan.system->network;
    const std::string flight = flight_name[sender];
    const int places = network.reorders ? network.capacity : 1;
    const auto present = [&](int i) {
        return i == 0 ? flight + "[0] != 0" : fmt::format("{0}[{1}] != 0 && {0}[{1}] != {0}[{2}]", flight, i, i - 1);
    };
    std::string text = fmt::format("    /* what {} has in flight */\n", end_name[sender]);
    for (int i = 0; i < places; ++i) {
        const bool counts_loss = network.loss_budget >= 0, counts_twice = network.duplicate_budget >= 0;
        if (network.loses) {
            text += fmt::format("    :: d_step {{ {}{} -> out_of_{}({});{} clear(); }}\n", present(i),
                                counts_loss ? fmt::format(" && losses < {}", network.loss_budget) : "", flight, i,
                                counts_loss ? " losses++;" : "");
        }
        if (!network.duplicates || network.capacity == 1) continue;
        // In a queue the double stands beside the head: behind it, all else moves back.
        const std::string twice =
            network.reorders ? fmt::format("into_{}(seg)", flight) : fmt::format("double_{}()", flight);
        text +=
            fmt::format("    :: d_step {{ {}{} && {}[CAPACITY-1] == 0 -> seg = {}[{}]; {};{} clear(); }}\n", present(i),
                        counts_twice ? fmt::format(" && duplicates < {}", network.duplicate_budget) : "", flight,
                        flight, i, twice, counts_twice ? " duplicates++;" : "");
    }
    const char* receiver = end_name[1 - sender];
    text += "    :: atomic {\n        if\n";
    for (int i = 0; i < places; ++i)
        text += fmt::format("        :: {0} -> seg = {1}[{2}]; from = {2};\n", present(i), flight, i);
    text += fmt::format("        fi;\n        d_step {{ arrive(); load_{0}(); }}\n        segment{1}();\n        "
                        "d_step {{ commit_{0}(); }}\n       }}\n",
                        receiver, plan.kind(1 - sender).number);
    return text;
}

}  // namespace

std::string to_promela(const Spec& spec, const SystemDecl& decl) {
    const ExportPlan plan = plan_export(spec, decl);
    std::string text = head(plan) + variables(plan) + clear(plan) + arrive(plan);
    for (const char* flight : flight_name) text += flight_text(plan, flight);
    for (int end = 0; end < 2; ++end) text += copying(plan, end);
    text += "\n";
    for (const EndKind& kind : plan.kinds) text += kind_text(plan, kind);
    text += "active proctype system() {\nend:\n    do\n";
    for (int end = 0; end < 2; ++end) {
        for (const Handler* call : plan.calls[end]) text += spontaneous(plan, end, *call);
        for (const TimerDecl& timer : plan.kind(end).profile->timers) {
            if (const Handler* handler = plan.kind(end).profile->handler(Trigger::timer, timer.name))
                text += spontaneous(plan, end, *handler);
        }
    }
    for (int sender = 0; sender < 2; ++sender) text += deliveries(plan, sender);
    return text + "    od\n}\n";
}

}  // namespace lastack
