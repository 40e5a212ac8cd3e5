// Idea: each case of a rule is a procedure over the record of an end. A call or timer is one Murphi rule for each case.
// A delivery is a ruleset over the places in flight and over `choice`: its number says, for each step with a `may`
// rule, which one is used, if any. A guard tries the step on copies, so that only choices that arise, and steps that
// are not cut, count as rules fired. Cost: the product of the choices of the steps, less what stands behind a sure
// `drop`.
#include "generators/murphi.h"

#include <fmt/format.h>

#include <vector>

#include "generators/model_text.h"
#include "generators/segment_choices.h"

namespace lastack {

namespace {

constexpr Spelling murphi{"&", "|", "!", "=", "!=", "({} ? 1 : 0)", "seg."};
const Place record{"e.v_", "e.t_", "e.state"};
const char* const end_name[2] = {"a", "b"};

Place place_of(int end) {
    const std::string name = end_name[end];
    return {name + ".v_", name + ".t_", name + ".state"};
}

class MurphiRules final : public RuleText {
public:
    MurphiRules(const ExportPlan& plan, const EndKind& kind) : RuleText(plan, kind, murphi) {}

private:
    void assign(const std::string& target, const std::string& value) override { line(target + " := " + value + ";"); }
    // The ranges of the fields of an end are checked by the checker itself.
    void check(const std::string&, const std::string&, const std::string&) override {}
    void send(const Fields& fields) override { line(fmt::format("send(o, segment({}));", arguments(fields))); }
    void send_own(const std::string& arguments) override { line(fmt::format("send(o, segment({}));", arguments)); }
    void drop() override { line("o.dropped := true;"); }
    void open_branch(const std::string& condition) override {
        line("if " + condition + " then");
        deeper(1);
    }
    void otherwise() override {
        deeper(-1);
        line("else");
        deeper(1);
    }
    void close_branch() override {
        deeper(-1);
        line("end;");
    }
};

// `choice` is one in which the given step has the given digit.
std::string chooses(const std::vector<Choice>& choices, std::size_t step, int digit) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (choices[i][step] == digit) text += fmt::format("{}choice = {}", text.empty() ? "" : " | ", i);
    }
    return text.empty() ? "false" : text;
}

// ---------------------------------------------------------------------------------------------------- declarations

// The head of the file: how to run it, and the limits.
std::string constants(const ExportPlan& plan) {
    const Network& network = plan.system->network;
    std::string text = fmt::format("-- {}, written by lastack export.\n"
                                   "-- rumur FILE --output m.c --deadlock-detection off && gcc -std=c11 -O2 -mcx16 -w "
                                   "m.c -lpthread -o m && ./m\n\n"
                                   "const\n  CAPACITY: {};\n",
                                   plan.title, network.capacity);
    if (network.loss_budget >= 0) text += fmt::format("  LOSSES: {};\n", network.loss_budget);
    if (network.duplicate_budget >= 0) text += fmt::format("  DUPLICATES: {};\n", network.duplicate_budget);
    for (const EndKind& kind : plan.kinds) {
        for (const auto& [name, value] : kind.limits) text += fmt::format("  L{}_{}: {};\n", kind.number, name, value);
    }
    for (std::size_t i = 0; plan.vocabulary && i < plan.vocabulary->kinds.size(); ++i)
        text += fmt::format("  {}: {};\n", RuleText::kind_name(plan.vocabulary->kinds[i]), i + 1);
    return text + "\n";
}

// The number of a segment and its record.
std::string segment_types(const ExportPlan& plan) {
    std::int64_t most = 1;
    std::string fields;
    for (const SegmentDigit& digit : segment_digits(plan)) {
        most += digit.weight * (digit.high - digit.low);
        fields += fmt::format(" {}: {}..{};", digit.name, digit.low, digit.high);
    }
    return fmt::format("  Code: 0..{};  -- a segment as one number, 0 is none\n"
                       "  Slot: 0..CAPACITY-1;\n"
                       "  Segment: record{} end;\n",
                       most, fields);
}

// Ranges and limits are those of the spec, so a variable that leaves its range is an error here, too.
std::string types(const ExportPlan& plan) {
    std::string text = "type\n  State: enum {";
    for (const std::string& state : plan.states)
        text += (state == plan.states.front() ? " " : ", ") + RuleText::state_name(state);
    text += " };\n"
            "  Bit: 0..1;\n" +
            segment_types(plan) +
            "  Flight: array [Slot] of Code;\n"
            "  Out: record dropped: boolean; count: 0..4; sent: array [0..3] of Code; end;\n";
    for (const EndKind& kind : plan.kinds) {
        const MurphiRules rules(plan, kind);
        text += fmt::format("  End{}: record  -- {}\n    state: State;\n", kind.number, kind.profile->name);
        for (const Variable& variable : kind.profile->variables) {
            text += fmt::format("    v_{}: {}..{};\n", variable.name, rules.number(variable.low, record),
                                rules.number(variable.high, record));
        }
        for (const TimerDecl& timer : kind.profile->timers) {
            if (!timer.runs_while) text += fmt::format("    t_{}: Bit;\n", timer.name);
        }
        text += "  end;\n";
    }
    return text + "\n";
}

std::string variables(const ExportPlan& plan) {
    std::string text = fmt::format("var\n  a: End{};\n  b: End{};\n", plan.kind(0).number, plan.kind(1).number);
    text += "  from_a, from_b: Flight;  -- sorted where the network reorders, oldest first where it does not\n";
    if (plan.system->network.loss_budget >= 0) text += "  losses: 0..LOSSES;\n";
    if (plan.system->network.duplicate_budget >= 0) text += "  duplicates: 0..DUPLICATES;\n";
    return text + "\n";
}

std::string start(const ExportPlan& plan) {
    std::string text = "startstate begin\n";
    for (int end = 0; end < 2; ++end) {
        const Profile& profile = *plan.kind(end).profile;
        const Place place = place_of(end);
        text += fmt::format("  {} := {};\n", place.state, RuleText::state_name(plan.start(end)));
        for (const Variable& variable : profile.variables)
            text += fmt::format("  {}{} := {};\n", place.variable, variable.name, variable.initial);
        for (const TimerDecl& timer : profile.timers) {
            if (!timer.runs_while) text += fmt::format("  {}{} := 0;\n", place.timer, timer.name);
        }
    }
    text += "  for i: Slot do from_a[i] := 0; from_b[i] := 0; end;\n";
    if (plan.system->network.loss_budget >= 0) text += "  losses := 0;\n";
    if (plan.system->network.duplicate_budget >= 0) text += "  duplicates := 0;\n";
    return text + "end;\n\n";
}

// ---------------------------------------------------------------------------------------------- segments, network

// A segment from its fields, and back.
std::string codec_text(const ExportPlan& plan) {
    std::string parameters, value = "1", fields;
    for (const SegmentDigit& digit : segment_digits(plan)) {
        parameters += fmt::format("{}{}: {}..{}", parameters.empty() ? "" : "; ", digit.name, digit.low, digit.high);
        value += fmt::format(" + {}*({}-{})", digit.weight, digit.name, digit.low);
        fields += fmt::format("  seg.{} := ((code - 1) / {}) % {} + {};\n", digit.name, digit.weight,
                              digit.high - digit.low + 1, digit.low);
    }
    return fmt::format("function segment({}): Code;\nbegin\n  return {};\nend;\n\n"
                       "procedure fields(code: Code; var seg: Segment);\nbegin\n{}end;\n\n",
                       parameters, value, fields);
}

const char* const segments_text = R"(procedure begin_step(var o: Out);
begin
  o.dropped := false; o.count := 0;
  for i: 0..3 do o.sent[i] := 0; end;
end;

procedure send(var o: Out; code: Code);
begin
  o.sent[o.count] := code; o.count := o.count + 1;
end;

function present(flight: Flight; i: Slot): boolean;
begin
  if flight[i] = 0 then return false; end;
  if i = 0 then return true; end;
  return flight[i] != flight[i-1];
end;

procedure out_of(var flight: Flight; place: Slot);
begin
  for i: Slot do
    if i >= place & i < CAPACITY-1 then flight[i] := flight[i+1]; end;
  end;
  flight[CAPACITY-1] := 0;
end;

)";

std::string network_text(const ExportPlan& plan) {
    const Network& network = plan.system->network;
    const char* after = network.reorders ? "(flight[k-1] = 0 | flight[k-1] > code)" : "flight[k-1] = 0";
    std::string text = fmt::format(
        "procedure into(var flight: Flight; code: Code);\nvar k: 0..CAPACITY;\nbegin\n  k := CAPACITY-1;\n"
        "  while k > 0 & {} do\n    flight[k] := flight[k-1]; k := k-1;\n  end;\n  flight[k] := code;\nend;\n\n",
        after);
    // Where the double stands in a queue: behind the head, whatever is behind that moves back.
    text += "procedure double(var flight: Flight; code: Code);\nvar k: 0..CAPACITY;\nbegin\n  k := CAPACITY-1;\n"
            "  while k > 0 do\n    flight[k] := flight[k-1]; k := k-1;\n  end;\n  flight[0] := code;\nend;\n\n";
    std::string lost = network.loss_budget >= 0 ? " losses := losses + 1;" : "";
    text += fmt::format(
        "-- A segment sent into a full direction is lost.\nprocedure emit(var flight: Flight; o: Out);\nbegin\n"
        "  for i: 0..3 do\n    if i < o.count then\n      if flight[CAPACITY-1] != 0 then{}\n"
        "      else into(flight, o.sent[i]); end;\n    end;\n  end;\nend;\n\n",
        lost);
    if (!plan.cuts) return text;
    const std::string budget = network.loses ? "LOSSES - losses" : "0";
    return text +
           fmt::format(
               "-- All that is sent finds room, or may be lost; otherwise the step is cut.\n"
               "function fits(flight: Flight; o: Out): boolean;\nvar room: 0..CAPACITY+255;\nbegin\n  room := {};\n"
               "  for i: Slot do\n    if flight[i] = 0 then room := room + 1; end;\n  end;\n"
               "  return o.count <= room;\nend;\n\n",
               budget);
}

// ------------------------------------------------------------------------------------------------------- the rules

// Each case of a rule is a procedure: what it does to an end, and what it sends.
std::string body_procedures(MurphiRules& rules, const EndKind& kind, const Handler& handler) {
    const int expired = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    const char* segment = handler.trigger == Trigger::segment ? "; seg: Segment" : "";
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            text += fmt::format("-- {}\n", RuleText::about(rule));
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                text +=
                    fmt::format("procedure {}(var e: End{}; var o: Out{});\nbegin\n{}end;\n", rules.body_name(rule, i),
                                kind.number, segment, rules.body(rule.cases[i], record, 1, expired));
            }
        }
    }
    return text;
}

// At most one plain rule of a step matches: the first that does is taken.
std::string plain_rules(const MurphiRules& rules, const Step& step) {
    std::string text;
    for (const Rule& rule : step.rules) {
        for (std::size_t i = 0; !rule.may && i < rule.cases.size(); ++i) {
            text += fmt::format("    {} {} then\n      {}(e, o, seg);\n", text.empty() ? "if" : "elsif",
                                rules.guard(rule.cases[i], record), rules.body_name(rule, i));
        }
    }
    return text.empty() ? "" : text + "    end;\n";
}

// The steps of an arriving segment, under one choice. `fine` becomes false where the choice does not arise.
std::string segment_procedure(const ExportPlan& plan, const EndKind& kind) {
    const MurphiRules rules(plan, kind);
    const std::vector<Choice> choices = choices_of(kind);
    std::string text =
        fmt::format("procedure segment{}(var e: End{}; var o: Out; code: Code; choice: 0..{}; var fine: boolean);\n"
                    "var seg: Segment;\nbegin\n  fields(code, seg);\n",
                    kind.number, kind.number, choices.size() - 1);
    for (std::size_t i = 0; kind.segment() && i < kind.segment()->steps.size(); ++i) {
        const Step& step = kind.segment()->steps[i];
        const std::vector<MayCase> cases = may_cases(step);
        text += fmt::format("  -- step {}\n  ", step.name);
        for (std::size_t c = 0; c < cases.size(); ++c) {
            text += fmt::format("if {} then\n    if !o.dropped & {} then\n      {}(e, o, seg);\n    else\n      fine "
                                ":= false; o.dropped := true;\n"
                                "    end;\n  els",
                                chooses(choices, i, static_cast<int>(c) + 1),
                                rules.guard(cases[c].rule->cases[cases[c].place], record),
                                rules.body_name(*cases[c].rule, cases[c].place));
        }
        text += fmt::format("if !o.dropped then\n{}  end;\n", plain_rules(rules, step));
    }
    return text + "end;\n\n";
}

std::string kind_text(const ExportPlan& plan, const EndKind& kind) {
    MurphiRules rules(plan, kind);
    std::string text = fmt::format("-- ---- the rules of {}\n", kind.profile->name);
    for (const Handler& handler : kind.profile->handlers) text += body_procedures(rules, kind, handler);
    return text + segment_procedure(plan, kind);
}

// ------------------------------------------------------------------------------------------------------- the steps

// One Murphi rule for each case. Where a full direction can cut the step, the guard tries it first.
std::string spontaneous(const ExportPlan& plan, int end, const Handler& handler) {
    const EndKind& kind = plan.kind(end);
    const MurphiRules rules(plan, kind);
    const Place place = place_of(end);
    const int timer = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                const std::string body = rules.body_name(rule, i), name = end_name[end];
                std::string guard = rules.guard(rule.cases[i], place, timer);
                if (timer >= 0) guard = rules.running(place, timer) + " & " + guard;
                if (plan.cuts) {
                    text += fmt::format(
                        "function fits_{0}_{1}(): boolean;\nvar e: End{2}; o: Out;\nbegin\n  e := {0}; begin_step(o); "
                        "{1}(e, o);\n  return fits(from_{0}, o);\nend;\n",
                        name, body, kind.number);
                    guard += fmt::format(" & fits_{}_{}()", name, body);
                }
                text += fmt::format("rule \"{0} {1} {2}\" {3} ==> var o: Out; begin\n  begin_step(o); {4}({0}, o); "
                                    "emit(from_{0}, o);\nend;\n",
                                    name, handler.name, rule.name, guard, body);
            }
        }
    }
    return text;
}

// For each distinct segment of a bag, or the head of a queue.
std::string losses_and_doubles(const ExportPlan& plan, int sender) {
    const Network& network = plan.system->network;
    const char* name = end_name[sender];
    const char* slots = network.reorders ? "Slot" : "0..0";
    std::string text;
    if (network.loses) {
        text += fmt::format("ruleset i: {0} do\nrule \"lose from {1}\" present(from_{1}, i){2} ==> begin "
                            "out_of(from_{1}, i);{3} end;\nend;\n",
                            slots, name, network.loss_budget >= 0 ? " & losses < LOSSES" : "",
                            network.loss_budget >= 0 ? " losses := losses + 1;" : "");
    }
    if (network.duplicates) {
        text += fmt::format(
            "ruleset i: {0} do\nrule \"double from {1}\" present(from_{1}, i) & from_{1}[CAPACITY-1] = 0{2} ==>\n"
            "begin {4}(from_{1}, from_{1}[i]);{3} end;\nend;\n",
            slots, name, network.duplicate_budget >= 0 ? " & duplicates < DUPLICATES" : "",
            network.duplicate_budget >= 0 ? " duplicates := duplicates + 1;" : "",
            network.reorders ? "into" : "double");
    }
    return text;
}

// Where there are choices or cuts, the guard tries the step: a rule that fires is then a step that exists.
std::string delivery(const ExportPlan& plan, int sender) {
    const char* from = end_name[sender];
    const char* to = end_name[1 - sender];
    const EndKind& kind = plan.kind(1 - sender);
    const std::size_t choices = choices_of(kind).size();
    const bool sure = choices == 1 && !plan.cuts;
    std::string text;
    if (!sure) {
        text += fmt::format(
            "function arises_at_{0}(code: Code; choice: 0..{1}): boolean;\nvar e: End{2}; o: Out; fine: "
            "boolean;\nbegin\n"
            "  e := {0}; begin_step(o); fine := true; segment{2}(e, o, code, choice, fine);\n  return fine{3};\nend;\n",
            to, choices - 1, kind.number, plan.cuts ? fmt::format(" & fits(from_{}, o)", to) : "");
    }
    return text +
           fmt::format("ruleset i: {0}; choice: 0..{1} do\nrule \"deliver to {2}\" present(from_{3}, i){4} ==>\n"
                       "var o: Out; code: Code; fine: boolean;\nbegin\n  code := from_{3}[i]; out_of(from_{3}, i);\n"
                       "  begin_step(o); fine := true; segment{5}({2}, o, code, choice, fine); emit(from_{2}, "
                       "o);\nend;\nend;\n",
                       plan.system->network.reorders ? "Slot" : "0..0", choices - 1, to, from,
                       sure ? "" : fmt::format(" & arises_at_{}(from_{}[i], choice)", to, from), kind.number);
}

}  // namespace

std::string to_murphi(const Spec& spec, const SystemDecl& decl) {
    const ExportPlan plan = plan_export(spec, decl);
    std::string text =
        constants(plan) + types(plan) + variables(plan) + codec_text(plan) + segments_text + network_text(plan);
    for (const EndKind& kind : plan.kinds) text += kind_text(plan, kind);
    text += start(plan);
    for (int end = 0; end < 2; ++end) {
        for (const Handler* call : plan.calls[end]) text += spontaneous(plan, end, *call);
        for (const TimerDecl& timer : plan.kind(end).profile->timers) {
            if (const Handler* handler = plan.kind(end).profile->handler(Trigger::timer, timer.name))
                text += spontaneous(plan, end, *handler);
        }
    }
    for (int sender = 0; sender < 2; ++sender) text += losses_and_doubles(plan, sender) + delivery(plan, sender);
    return text;
}

}  // namespace lastack
