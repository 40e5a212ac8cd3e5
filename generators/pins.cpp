// Idea: the rules as C++ functions over the record of an end, as in murphi.cpp; around them a fixed part that knows a
// state as LTSmin does, a vector of 32-bit numbers. An end's record is packed into as few of them as its ranges allow,
// by content: processes on several machines, which share nothing, then write the same state alike. A step in which
// `may` rules leave a choice goes on with each of them, on copies.
// Source: LTSmin's pins.h, dlopen-api.h, lts-type.h and dm.h (https://github.com/utwente-fmt/ltsmin). The few functions
// that a module calls are declared in the module, since these headers are not made for C++.
// Deviation: the module does not call the library. It needs a compiler only on the machines of a cluster, and its
// counts share nothing with those of lastack's machine.
// Cost: each step evaluates the guards of its rules; nothing is kept.
#include "generators/pins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "generators/model_text.h"

namespace lastack {

namespace {

constexpr Spelling cpp{"&&", "||", "!", "==", "!=", "({} ? 1 : 0)", "seg."};
const Place record{"e.v_", "e.t_", "e.state"};
const char* const end_name[2] = {"A", "B"};

class PinsRules final : public RuleText {
public:
    PinsRules(const ExportPlan& plan, const EndKind& kind) : RuleText(plan, kind, cpp) {}

private:
    void assign(const std::string& target, const std::string& value) override { line(target + " = " + value + ";"); }
    void check(const std::string& value, const std::string& low, const std::string& high) override {
        line(fmt::format("within(__func__, {}, {}, {});", value, low, high));
    }
    void send(const Fields& fields) override {
        check_ranges(fields);
        send_own(arguments(fields));
    }
    void send_own(const std::string& arguments) override {
        line(fmt::format("send(__func__, o, segment({}));", arguments));
    }
    void drop() override { line("o.dropped = true;"); }
    void open_branch(const std::string& condition) override {
        line("if (" + condition + ") {");
        deeper(1);
    }
    void otherwise() override {
        deeper(-1);
        line("} else {");
        deeper(1);
    }
    void close_branch() override {
        deeper(-1);
        line("}");
    }
};

// ------------------------------------------------------------------------------------------------- the state of an end

// Where a value of an end stands in its words.
struct Packed {
    std::string name;   // in the record
    std::string shown;  // what LTSmin calls it, behind the name of the end
    int initial = 0;
    int bits = 0;  // 0: it has one value
    int word = 0, shift = 0;
};

struct Layout {
    std::vector<Packed> values;  // of them the control state is the first
    int words = 1;
};

// In the order of the spec; no value lies across two words.
Layout layout(const ExportPlan& plan, const EndKind& kind) {
    Layout made;
    int used = 0;
    const auto add = [&](const std::string& name, const std::string& shown, int high, int initial) {
        const int bits = std::bit_width(static_cast<unsigned>(high));
        if (used + bits > 32) {
            ++made.words;
            used = 0;
        }
        made.values.push_back({name, shown, initial, bits, made.words - 1, used});
        used += bits;
    };
    add("state", "_state", static_cast<int>(plan.states.size()) - 1, 0);
    for (const Variable& variable : kind.profile->variables)
        add("v_" + variable.name, "_" + variable.name, largest(kind, variable), variable.initial);
    for (const TimerDecl& timer : kind.profile->timers) {
        if (!timer.runs_while) add("t_" + timer.name, "t_" + timer.name, 1, 0);
    }
    return made;
}

std::string record_text(const ExportPlan& plan, const EndKind& kind) {
    const Layout made = layout(plan, kind);
    std::string text = fmt::format("struct End{} {{  // {}\n", kind.number, kind.profile->name);
    std::string pack =
        fmt::format("void pack(const End{}& e, int* to) {{\n    unsigned word[{}] = {{}};\n", kind.number, made.words);
    std::string unpack = fmt::format("void unpack(const int* from, End{}& e) {{\n", kind.number);
    for (const Packed& one : made.values) {
        text += fmt::format("    unsigned char {} = {};\n", one.name, one.initial);
        if (one.bits == 0) continue;
        pack += fmt::format("    word[{}] |= unsigned(e.{}) << {};\n", one.word, one.name, one.shift);
        unpack += fmt::format("    e.{} = (unsigned(from[{}]) >> {}) & {};\n", one.name, one.word, one.shift,
                              (1 << one.bits) - 1);
    }
    return text + "};\n" + pack +
           fmt::format("    for (int i = 0; i < {}; ++i) to[i] = int(word[i]);\n}}\n", made.words) + unpack + "}\n\n";
}

// ------------------------------------------------------------------------------------------------------ fixed parts

constexpr const char* interface_text = R"(#include <cstdio>
#include <cstdlib>
#include <cstring>

// The part of LTSmin's interface that a model needs; see its pins.h, lts-type.h, dm.h and dlopen-api.h.
extern "C" {
typedef struct grey_box_model* model_t;
typedef struct lts_type_s* lts_type_t;
typedef struct matrix matrix_t;
struct transition_info {
    int* labels;
    int group;
    int por_proviso;
};
typedef void (*transition_t)(void* context, transition_info* info, int* dst, int* copied);
lts_type_t lts_type_create();
int lts_type_put_type(lts_type_t type, const char* name, int format, int* is_new);
void lts_type_set_state_length(lts_type_t type, int length);
void lts_type_set_state_name(lts_type_t type, int slot, const char* name);
void lts_type_set_state_typeno(lts_type_t type, int slot, int number);
void lts_type_set_state_label_count(lts_type_t type, int count);
void lts_type_set_state_label_name(lts_type_t type, int label, const char* name);
void lts_type_set_state_label_typeno(lts_type_t type, int label, int number);
void dm_create(matrix_t* matrix, const int rows, const int columns);
void dm_set(matrix_t* matrix, const int row, const int column);
void GBsetLTStype(model_t model, lts_type_t type);
void GBsetInitialState(model_t model, int* state);
void GBsetDMInfo(model_t model, matrix_t* matrix);
void GBsetStateLabelInfo(model_t model, matrix_t* matrix);
void GBsetNextStateLong(model_t model, int (*next)(model_t, int group, int* src, transition_t, void* context));
void GBsetStateLabelLong(model_t model, int (*label)(model_t, int label, int* src));
[[noreturn]] void ltsmin_abort(int code);
}

namespace {

)";

// Segments, what a step sends, and what is in flight. Full directions and budgets are those of docs/export.md.
constexpr const char* flight_text = R"(struct Out {
    bool dropped = false;
    int count = 0;
    int sent[4] = {};
};

[[noreturn]] void fail(const char* rule, const char* what) {
    std::fprintf(stderr, "lastack: %s: %s\n", rule, what);
    ltsmin_abort(255);
}

[[maybe_unused]] void within(const char* rule, int value, int low, int high) {
    if (value < low || value > high) fail(rule, "a value leaves its range");
}

[[maybe_unused]] void send(const char* rule, Out& o, int code) {
    if (o.count == 4) fail(rule, "more than four segments in one step");
    o.sent[o.count++] = code;
}

// One state, as an array of slots, with a step taken out of it, and where its successors go.
struct Moves {
    transition_t found;
    void* context;
    int group;
    int count;
    int end;  // that acts
    int base[SLOTS];

    void add(int* state) {
        transition_info info = {nullptr, group, 0};
        found(context, &info, state, nullptr);
        ++count;
    }
};

// Equal segments of a bag stand side by side, and the first one stands for them.
bool present(const int* flight, int place) {
    return flight[place] != 0 && (place == 0 || flight[place] != flight[place - 1]);
}

void out_of(int* flight, int place) {
    for (int i = place; i < CAPACITY - 1; ++i) flight[i] = flight[i + 1];
    flight[CAPACITY - 1] = 0;
}

// In a queue the double stands beside the head: behind it, all else moves back.
void twice(int* flight, int place) {
    for (int i = CAPACITY - 1; i > place; --i) flight[i] = flight[i - 1];
}

void into(int* flight, int code) {
    int i = CAPACITY - 1;
    for (; i > 0 && (flight[i - 1] == 0 || (REORDERS && flight[i - 1] > code)); --i) flight[i] = flight[i - 1];
    flight[i] = code;
}

// A budget below 0 has no end; the counter of one is a slot.
bool spend(int* state, int slot, int budget) {
    if (budget < 0) return true;
    if (state[slot] >= budget) return false;
    ++state[slot];
    return true;
}

// The end of a step: false in the middle of it cuts the step.
template <class End>
void emit(Moves& moves, const End& e, const Out& o) {
    int state[SLOTS];
    std::memcpy(state, moves.base, sizeof state);
    pack(e, state + END_AT[moves.end]);
    int* flight = state + FLIGHT_AT[moves.end];
    for (int i = 0; i < o.count; ++i) {
        if (flight[CAPACITY - 1] == 0)
            into(flight, o.sent[i]);
        else if (!LOSES || !spend(state, LOSSES_AT, LOSSES))
            return;
    }
    moves.add(state);
}

template <class End>
void fire(Moves& moves, End e, void (*rule)(End&, Out&)) {
    Out o;
    rule(e, o);
    emit(moves, e, o);
}

)";

// What the network does: each distinct segment of a bag, or the head of a queue, is lost, doubled or delivered.
constexpr const char* network_text = R"(void lose_and_double(Moves& moves, int sender) {
    const int at = FLIGHT_AT[sender];
    for (int i = 0; i < PLACES; ++i) {
        if (!present(moves.base + at, i)) continue;
        int state[SLOTS];
        std::memcpy(state, moves.base, sizeof state);
        out_of(state + at, i);
        if (LOSES && spend(state, LOSSES_AT, LOSSES)) moves.add(state);
        std::memcpy(state, moves.base, sizeof state);
        twice(state + at, i);
        if (DUPLICATES && moves.base[at + CAPACITY - 1] == 0 && spend(state, DOUBLES_AT, DOUBLES)) moves.add(state);
    }
}

template <class End>
void deliver(Moves& moves, void (*arrive)(Moves&, End&, Out&, const Segment&)) {
    const int at = FLIGHT_AT[1 - moves.end];
    int before[SLOTS];
    std::memcpy(before, moves.base, sizeof before);
    for (int i = 0; i < PLACES; ++i) {
        if (!present(before + at, i)) continue;
        std::memcpy(moves.base, before, sizeof before);
        out_of(moves.base + at, i);
        End e;
        unpack(before + END_AT[moves.end], e);
        Out o;
        arrive(moves, e, o, fields(before[at + i]));
    }
}

)";

// The groups are named for what they may read and write.
constexpr const char* module_text = R"(int label(model_t, int number, int* src) {
    const Value& value = VALUES[number];
    return int((unsigned(src[value.slot]) >> value.shift) & value.mask);
}

// LTSmin owns a matrix that it was given, and frees it. Its size is not in the interface; this has room for it.
matrix_t* make_matrix(int rows) {
    matrix_t* matrix = static_cast<matrix_t*>(std::calloc(1, 4096));
    dm_create(matrix, rows, SLOTS);
    return matrix;
}

void depends(matrix_t* matrix, int group, int from, int count) {
    for (int i = 0; i < count; ++i) dm_set(matrix, group, from + i);
}

}  // namespace

extern "C" {

char pins_plugin_name[] = "lastack";

void pins_model_init(model_t model) {
    lts_type_t type = lts_type_create();
    const int number = lts_type_put_type(type, "number", 0, nullptr);
    lts_type_set_state_length(type, SLOTS);
    for (int i = 0; i < SLOTS; ++i) {
        lts_type_set_state_name(type, i, SLOT_NAMES[i]);
        lts_type_set_state_typeno(type, i, number);
    }
    lts_type_set_state_label_count(type, VALUE_COUNT);
    for (int i = 0; i < VALUE_COUNT; ++i) {
        lts_type_set_state_label_name(type, i, VALUES[i].name);
        lts_type_set_state_label_typeno(type, i, number);
    }
    GBsetLTStype(model, type);
    matrix_t* labels = make_matrix(VALUE_COUNT);
    for (int i = 0; i < VALUE_COUNT; ++i) dm_set(labels, i, VALUES[i].slot);
    GBsetStateLabelInfo(model, labels);
    matrix_t* groups = make_matrix(6);
    for (int end = 0; end < 2; ++end) {
        depends(groups, ACTS + end, END_AT[end], END_WORDS[end]);
        depends(groups, ARRIVES + end, END_AT[end], END_WORDS[end]);
        depends(groups, ARRIVES + end, FLIGHT_AT[1 - end], CAPACITY);
        for (int group = end; group < 6; group += 2) {  // all send or take out of what is in flight
            depends(groups, group, FLIGHT_AT[end], CAPACITY);
            depends(groups, group, LOSSES_AT, SLOTS - LOSSES_AT);
        }
    }
    GBsetDMInfo(model, groups);
    int state[SLOTS] = {};
    start(state);
    GBsetInitialState(model, state);
    GBsetNextStateLong(model, next);
    GBsetStateLabelLong(model, label);
}

}  // extern "C"
)";

// ------------------------------------------------------------------------------------------------------ declarations

std::string constants(const ExportPlan& plan) {
    const Network& network = plan.system->network;
    std::string text;
    for (std::size_t i = 0; i < plan.states.size(); ++i)
        text += fmt::format("[[maybe_unused]] constexpr int {} = {};\n", RuleText::state_name(plan.states[i]), i);
    for (const EndKind& kind : plan.kinds) {
        for (const auto& [name, value] : kind.limits)
            text += fmt::format("[[maybe_unused]] constexpr int L{}_{} = {};\n", kind.number, name, value);
    }
    for (std::size_t i = 0; plan.vocabulary && i < plan.vocabulary->kinds.size(); ++i)
        text += fmt::format("[[maybe_unused]] constexpr int {} = {};\n", RuleText::kind_name(plan.vocabulary->kinds[i]),
                            i + 1);
    const int words[2] = {layout(plan, plan.kind(0)).words, layout(plan, plan.kind(1)).words};
    const int flight = words[0] + words[1], losses = flight + 2 * network.capacity;
    const int doubles = losses + (network.loss_budget >= 0 ? 1 : 0);
    const int slots = doubles + (network.duplicate_budget >= 0 ? 1 : 0);
    return text +
           fmt::format("\n// The slots: the words of the ends, what each has in flight (sorted where the network "
                       "reorders, oldest first\n// where it does not), and budgets that were used.\n"
                       "constexpr int END_WORDS[2] = {{{0}, {1}}}, END_AT[2] = {{0, {0}}}, CAPACITY = {2};\n"
                       "constexpr int FLIGHT_AT[2] = {{{3}, {4}}}, LOSSES_AT = {5}, DOUBLES_AT = {6}, SLOTS = {7};\n"
                       "constexpr bool LOSES = {8}, DUPLICATES = {9}, REORDERS = {10};\n"
                       "constexpr int LOSSES = {11}, DOUBLES = {12}, PLACES = REORDERS ? CAPACITY : 1;\n"
                       "constexpr int ACTS = 0, NETWORK = 2, ARRIVES = 4;  // transition groups, each of both ends\n\n",
                       words[0], words[1], network.capacity, flight, flight + network.capacity, losses, doubles, slots,
                       network.loses, network.duplicates, network.reorders, network.loss_budget,
                       network.duplicate_budget);
}

// A segment is one number, 0 is none; its fields are those of the spec.
std::string codec_text(const ExportPlan& plan) {
    std::string members, parameters, sum = "1", taken;
    for (const SegmentDigit& digit : segment_digits(plan)) {
        members += fmt::format("{}{}", members.empty() ? "" : ", ", digit.name);
        parameters += fmt::format("{}int {}", parameters.empty() ? "" : ", ", digit.name);
        sum += fmt::format(" + {} * {}", digit.weight,
                           digit.low == 0 ? digit.name : fmt::format("({} - {})", digit.name, digit.low));
        taken += fmt::format("{}(code - 1) / {} % {} + {}", taken.empty() ? "" : ",\n            ", digit.weight,
                             digit.high - digit.low + 1, digit.low);
    }
    return fmt::format("struct Segment {{\n    int {};\n}};\n\n// A segment as one number; 0 is none.\n"
                       "[[maybe_unused]] int segment({}) {{\n    return {};\n}}\n\n"
                       "Segment fields(int code) {{\n    return {{{}}};\n}}\n\n",
                       members, parameters, sum, taken);
}

std::string slot_names(const ExportPlan& plan) {
    std::vector<std::string> names;
    for (int end = 0; end < 2; ++end) {
        for (int i = 0; i < layout(plan, plan.kind(end)).words; ++i)
            names.push_back(fmt::format("\"word_{}_{}\"", end_name[end], i));
    }
    for (const char* end : end_name) {
        for (int i = 0; i < plan.system->network.capacity; ++i) names.push_back(fmt::format("\"from_{}_{}\"", end, i));
    }
    if (plan.system->network.loss_budget >= 0) names.emplace_back("\"losses\"");
    if (plan.system->network.duplicate_budget >= 0) names.emplace_back("\"duplicates\"");
    return fmt::format("const char* const SLOT_NAMES[SLOTS] = {{\n    {}}};\n", fmt::join(names, ",\n    "));
}

// What LTSmin calls state labels: each value of an end by name, read out of its words.
std::string values_text(const ExportPlan& plan) {
    std::string text;
    int count = 0;
    for (int end = 0; end < 2; ++end) {
        for (const Packed& one : layout(plan, plan.kind(end)).values) {
            text += fmt::format("    {{\"{}{}\", END_AT[{}] + {}, {}, {}}},\n", end_name[end], one.shown, end, one.word,
                                one.bits == 0 ? 0 : one.shift, (1 << one.bits) - 1);
            ++count;
        }
    }
    return fmt::format("constexpr int VALUE_COUNT = {};\nstruct Value {{\n    const char* name;\n    int slot, shift;\n"
                       "    unsigned mask;\n}};\nconst Value VALUES[VALUE_COUNT] = {{\n{}}};\n\n",
                       count, text);
}

// --------------------------------------------------------------------------------------------------------- the rules

bool happens(const ExportPlan& plan, const EndKind& kind, const Handler& handler) {
    if (handler.trigger != Trigger::call) return true;
    for (int end = 0; end < 2; ++end) {
        const auto& calls = plan.calls[end];
        if (&plan.kind(end) == &kind && std::find(calls.begin(), calls.end(), &handler) != calls.end()) return true;
    }
    return false;
}

// Each case of a rule is a function: what it does to an end, and what it sends.
std::string bodies(PinsRules& rules, const EndKind& kind, const Handler& handler) {
    const int expired = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    const char* segment = handler.trigger == Trigger::segment ? ", [[maybe_unused]] const Segment& seg" : "";
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            text += fmt::format("// {}\n", RuleText::about(rule));
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                text += fmt::format("void {}([[maybe_unused]] End{}& e, [[maybe_unused]] Out& o{}) {{\n{}}}\n",
                                    rules.body_name(rule, i), kind.number, segment,
                                    rules.body(rule.cases[i], record, 1, expired));
            }
        }
    }
    return text;
}

// A step of an arriving segment, which goes on with the next one: after each `may` case that matches, on copies, and
// after the first plain case that does, of which at most one should.
std::string step_text(const PinsRules& rules, const EndKind& kind, const Step& step, std::size_t number) {
    const std::string next = fmt::format("segment{}_{}", kind.number, number + 1);
    std::string choices, plain;
    for (const Rule& rule : step.rules) {
        for (std::size_t i = 0; i < rule.cases.size(); ++i) {
            const std::string guard = rules.guard(rule.cases[i], record), body = rules.body_name(rule, i);
            if (rule.may) {
                choices += fmt::format("        if ({}) {{\n            End{} chosen = e;\n            Out out = o;\n"
                                       "            {}(chosen, out, seg);\n            {}(moves, chosen, out, seg);\n"
                                       "        }}\n",
                                       guard, kind.number, body, next);
            } else {
                plain += fmt::format("{}if ({})\n            {}(e, o, seg);\n",
                                     plain.empty() ? "        " : "        else ", guard, body);
            }
        }
    }
    return fmt::format("// step {}\nvoid segment{}_{}(Moves& moves, End{}& e, Out& o, const Segment& seg) {{\n"
                       "    if (!o.dropped) {{\n{}{}    }}\n    {}(moves, e, o, seg);\n}}\n",
                       step.name, kind.number, number, kind.number, choices, plain, next);
}

std::string kind_text(const ExportPlan& plan, const EndKind& kind) {
    PinsRules rules(plan, kind);
    std::string text = fmt::format("// ---- the rules of {}\n", kind.profile->name);
    for (const Handler& handler : kind.profile->handlers) {
        if (happens(plan, kind, handler)) text += bodies(rules, kind, handler);
    }
    text += "\n// ---- the steps of an arriving segment, the last one first\n";
    const std::vector<Step> none;
    const std::vector<Step>& steps = kind.segment() ? kind.segment()->steps : none;
    text += fmt::format("void segment{}_{}(Moves& moves, End{}& e, Out& o, const Segment&) {{ emit(moves, e, o); }}\n",
                        kind.number, steps.size() + 1, kind.number);
    for (std::size_t i = steps.size(); i-- > 0;) text += step_text(rules, kind, steps[i], i + 1);
    return text + "\n";
}

// What an end does by itself: each case of a call or a timer that matches is a step. The guard counts the timer that
// expires as stopped, as the rules do.
std::string cases_text(const ExportPlan& plan, const EndKind& kind, const Handler& handler) {
    const PinsRules rules(plan, kind);
    const int timer = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    const std::string runs = timer < 0 ? "" : rules.running(record, timer) + " && ";
    std::string text = fmt::format("    // {} {}\n", timer < 0 ? "call" : "timer", handler.name);
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                text += fmt::format("    if ({}{}) fire(moves, e, {});\n", runs,
                                    rules.guard(rule.cases[i], record, timer), rules.body_name(rule, i));
            }
        }
    }
    return text;
}

std::string acting(const ExportPlan& plan, int end) {
    const EndKind& kind = plan.kind(end);
    std::string text =
        fmt::format("void act_{}(Moves& moves) {{\n    End{} e;\n    unpack(moves.base + END_AT[{}], e);\n",
                    end_name[end], kind.number, end);
    for (const Handler* call : plan.calls[end]) text += cases_text(plan, kind, *call);
    for (const TimerDecl& timer : kind.profile->timers) {
        if (const Handler* handler = kind.profile->handler(Trigger::timer, timer.name))
            text += cases_text(plan, kind, *handler);
    }
    return text + "}\n\n";
}

std::string dispatch(const ExportPlan& plan) {
    std::string text = "void start(int* state) {\n";
    for (int end = 0; end < 2; ++end) {
        text += fmt::format("    End{} {};\n    {}.state = {};\n    pack({}, state + END_AT[{}]);\n",
                            plan.kind(end).number, end == 0 ? "a" : "b", end == 0 ? "a" : "b",
                            RuleText::state_name(plan.start(end)), end == 0 ? "a" : "b", end);
    }
    text += "}\n\nint next(model_t, int group, int* src, transition_t found, void* context) {\n"
            "    Moves moves = {found, context, group, 0, group % 2, {}};\n"
            "    std::memcpy(moves.base, src, sizeof moves.base);\n"
            "    switch (group) {\n";
    for (int end = 0; end < 2; ++end) {
        text += fmt::format("        case ACTS + {0}: act_{1}(moves); break;\n"
                            "        case NETWORK + {0}: lose_and_double(moves, {0}); break;\n"
                            "        case ARRIVES + {0}: deliver(moves, segment{2}_1); break;\n",
                            end, end_name[end], plan.kind(end).number);
    }
    return text + "    }\n    return moves.count;\n}\n\n";
}

}  // namespace

std::string to_pins(const Spec& spec, const SystemDecl& decl) {
    const ExportPlan plan = plan_export(spec, decl);
    std::string text = fmt::format("// {}, written by lastack export.\n"
                                   "// c++ -O2 -shared -fPIC -o {}.so FILE && pins2lts-mc ./{}.so\n"
                                   "// Several machines: mpirun -np 4 pins2lts-dist ./{}.so\n",
                                   plan.title, decl.name, decl.name, decl.name);
    text += interface_text + constants(plan) + slot_names(plan) + values_text(plan) + codec_text(plan);
    for (const EndKind& kind : plan.kinds) text += record_text(plan, kind);
    text += flight_text;
    for (const EndKind& kind : plan.kinds) text += kind_text(plan, kind);
    for (int end = 0; end < 2; ++end) text += acting(plan, end);
    return text + network_text + dispatch(plan) + module_text;
}

}  // namespace lastack
