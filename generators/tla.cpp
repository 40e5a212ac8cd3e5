// Idea: an end is a record, a step works on it beside what it sends, and each effect of a case is an operator from such
// a record to the next one; a case is their composition. What is in flight is a bag of records, or a sequence where the
// network does not reorder. The steps of an arriving segment give sets of records, one for each choice of `may` rules:
// the choices are written down in the record, so that two of them that do the same stay two steps.
// Cost: the text is linear in the size of the profiles.
#include "generators/tla.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "generators/model_text.h"

namespace lastack {

namespace {

constexpr Spelling tla{"/\\", "\\/", "~", "=", "#", "(IF {} THEN 1 ELSE 0)", "seg."};
const Place working{"w.e.v_", "w.e.t_", "w.e.state"};
const char* const end_name[2] = {"a", "b"};

class TlaRules final : public RuleText {
public:
    TlaRules(const ExportPlan& plan, const EndKind& kind) : RuleText(plan, kind, tla) {}

    // The operators of a case's effects, then the case itself under the name `name`.
    std::string case_text(const Case& one, const std::string& name, int expired) {
        name_ = name;
        count_ = 0;
        lists_ = {{}};
        const std::string effects = body(one, working, 0, expired);
        return effects + fmt::format("{}(w, seg) == {}\n", name, composed(lists_.back()));
    }

private:
    struct Branch {
        std::string condition, then;
        bool has_else = false;
    };

    static std::string composed(const std::vector<std::string>& operators) {
        std::string text = "w";
        for (const std::string& one : operators) text = fmt::format("{}({}, seg)", one, text);
        return text;
    }
    void effect(const std::string& value) {
        lists_.back().push_back(fmt::format("{}_s{}", name_, ++count_));
        line(fmt::format("{}(w, seg) == {}", lists_.back().back(), value));
    }
    // `target` is "w.e.v_NAME".
    void assign(const std::string& target, const std::string& value) override {
        effect(fmt::format("[w EXCEPT !{} = {}]", target.substr(1), value));
    }
    void check(const std::string& value, const std::string& low, const std::string& high) override {
        effect(fmt::format("IF Assert({0} <= {1} /\\ {1} <= {2}, \"{3}: a value leaves its range\") THEN w ELSE w", low,
                           value, high, name_));
    }
    void send(const Fields& fields) override {
        check_ranges(fields);
        send_own(arguments(fields));
    }
    void send_own(const std::string& arguments) override { effect(fmt::format("Send(w, Segment({}))", arguments)); }
    void drop() override { effect("[w EXCEPT !.dropped = TRUE]"); }
    void open_branch(const std::string& condition) override {
        branches_.push_back({condition, "", false});
        lists_.emplace_back();
    }
    void otherwise() override {
        branches_.back().then = composed(lists_.back());
        branches_.back().has_else = true;
        lists_.back().clear();
    }
    void close_branch() override {
        const Branch branch = std::move(branches_.back());
        const std::string last = composed(lists_.back());
        branches_.pop_back();
        lists_.pop_back();
        effect(fmt::format("IF {} THEN {} ELSE {}", branch.condition, branch.has_else ? branch.then : last,
                           branch.has_else ? last : "w"));
    }

    std::string name_;
    int count_ = 0;
    std::vector<std::vector<std::string>> lists_;  // the operators so far, of the case and of its open branches
    std::vector<Branch> branches_;
};

// ---------------------------------------------------------------------------------------------------- declarations

std::string variables_text(const ExportPlan& plan) {
    std::string text = "a, b, from_a, from_b";
    if (plan.system->network.loss_budget >= 0) text += ", losses";
    if (plan.system->network.duplicate_budget >= 0) text += ", duplicates";
    return text;
}

std::string head(const ExportPlan& plan, const std::string& module) {
    const Network& network = plan.system->network;
    std::string text = fmt::format("---- MODULE {0} ----\n"
                                   "\\* {1}, written by lastack export.\n"
                                   "\\* java -cp tla2tools.jar tlc2.TLC {0}\n"
                                   "EXTENDS Integers, Sequences, Bags, TLC\n\n"
                                   "true == TRUE\nfalse == FALSE\n",
                                   module, plan.title);
    for (const std::string& state : plan.states)
        text += fmt::format("{} == \"{}\"\n", RuleText::state_name(state), state);
    for (const EndKind& kind : plan.kinds) {
        for (const auto& [name, value] : kind.limits) text += fmt::format("L{}_{} == {}\n", kind.number, name, value);
    }
    for (std::size_t i = 0; plan.vocabulary && i < plan.vocabulary->kinds.size(); ++i)
        text += fmt::format("{} == {}\n", RuleText::kind_name(plan.vocabulary->kinds[i]), i + 1);
    text += fmt::format("Capacity == {}\n", network.capacity);
    if (network.loss_budget >= 0) text += fmt::format("Losses == {}\n", network.loss_budget);
    if (network.duplicate_budget >= 0) text += fmt::format("Duplicates == {}\n", network.duplicate_budget);
    return text +
           fmt::format("\n\\* The ends, what each has in flight{}.\nVARIABLES {}\n\n",
                       network.loss_budget >= 0 || network.duplicate_budget >= 0 ? ", and budgets that were used" : "",
                       variables_text(plan));
}

// A segment, what a step works on, and what is in flight.
std::string network_text(const ExportPlan& plan) {
    std::vector<std::string> names, fields;
    for (const SegmentDigit& digit : segment_digits(plan)) {
        names.push_back(digit.name);
        fields.push_back(digit.name + " |-> " + digit.name);
    }
    std::string text = fmt::format("Segment({}) == [{}]\n\n", fmt::join(names, ", "), fmt::join(fields, ", "));
    text += R"(\* What a step works on: the record of an end, what it sends, and which choices it took.
Begin(end) == [e |-> end, out |-> <<>>, dropped |-> FALSE, chosen |-> <<>>]
Send(w, s) == IF Assert(Len(w.out) < 4, "more than four segments in one step")
              THEN [w EXCEPT !.out = Append(@, s)] ELSE w
Choose(w, number) == [w EXCEPT !.chosen = Append(@, number)]

)";
    text += plan.system->network.reorders ? R"(Empty == EmptyBag
Size(flight) == BagCardinality(flight)
Next_of(flight) == BagToSet(flight)
Without(flight, s) == flight (-) SetToBag({s})
Twice(flight, s) == flight (+) SetToBag({s})
Behind(flight, s) == flight (+) SetToBag({s})
)"
                                          : R"(Empty == <<>>
Size(flight) == Len(flight)
Next_of(flight) == IF flight = <<>> THEN {} ELSE {Head(flight)}
Without(flight, s) == Tail(flight)
Twice(flight, s) == <<s>> \o flight
Behind(flight, s) == Append(flight, s)
)";
    return text + R"(
\* What finds no room is lost.
RECURSIVE Put(_, _)
Put(flight, out) == IF out = <<>> \/ Size(flight) = Capacity THEN flight
                    ELSE Put(Behind(flight, Head(out)), Tail(out))
Overflow(flight, out) == IF Size(flight) + Len(out) > Capacity THEN Size(flight) + Len(out) - Capacity ELSE 0

)";
}

std::string start_text(const ExportPlan& plan) {
    std::string text = "Init ==\n";
    for (int end = 0; end < 2; ++end) {
        const Profile& profile = *plan.kind(end).profile;
        text += fmt::format("    /\\ {} = [state |-> {}", end_name[end], RuleText::state_name(plan.start(end)));
        for (const Variable& variable : profile.variables)
            text += fmt::format(",\n           v_{} |-> {}", variable.name, variable.initial);
        for (const TimerDecl& timer : profile.timers) {
            if (!timer.runs_while) text += fmt::format(",\n           t_{} |-> 0", timer.name);
        }
        text += "]\n";
    }
    text += "    /\\ from_a = Empty\n    /\\ from_b = Empty\n";
    if (plan.system->network.loss_budget >= 0) text += "    /\\ losses = 0\n";
    if (plan.system->network.duplicate_budget >= 0) text += "    /\\ duplicates = 0\n";
    return text + "\n";
}

// --------------------------------------------------------------------------------------------------------- the rules

std::string bodies(TlaRules& rules, const EndKind& kind, const Handler& handler) {
    const int expired = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            text += fmt::format("\\* {}\n", RuleText::about(rule));
            for (std::size_t i = 0; i < rule.cases.size(); ++i)
                text += rules.case_text(rule.cases[i], rules.body_name(rule, i), expired);
        }
    }
    return text;
}

// A step of an arriving segment: what its plain rules make of it, of which at most one case should match, and one more
// for each `may` case that does.
std::string step_text(const TlaRules& rules, const Step& step, const std::string& name) {
    std::string plain, choices;
    int number = 0;
    for (const Rule& rule : step.rules) {
        for (std::size_t i = 0; i < rule.cases.size(); ++i) {
            const std::string guard = rules.guard(rule.cases[i], working), body = rules.body_name(rule, i);
            if (rule.may)
                choices +=
                    fmt::format("    \\cup (IF {} THEN {{Choose({}(w, seg), {})}} ELSE {{}})\n", guard, body, ++number);
            else
                plain += fmt::format("IF {} THEN {}(w, seg)\n         ELSE ", guard, body);
        }
    }
    if (number == 0) return fmt::format("{}(w, seg) == IF w.dropped THEN {{w}} ELSE\n    {{{}w}}\n", name, plain);
    return fmt::format("{}(w, seg) == IF w.dropped THEN {{w}} ELSE\n    {{Choose({}w, 0)}}\n{}", name, plain, choices);
}

std::string kind_text(const ExportPlan& plan, const EndKind& kind) {
    TlaRules rules(plan, kind);
    std::string text = fmt::format("\\* ---- the rules of {}\n", kind.profile->name), last = "{w}";
    for (const Handler& handler : kind.profile->handlers) text += bodies(rules, kind, handler);
    if (const Handler* segment = kind.segment()) {
        for (std::size_t i = 0; i < segment->steps.size(); ++i) {
            const std::string name = fmt::format("step{}_{}", kind.number, i + 1);
            text += fmt::format("\\* step {}\n", segment->steps[i].name) + step_text(rules, segment->steps[i], name);
            text += fmt::format("after{0}_{1}(w, seg) == UNION {{{2}(x, seg) : x \\in {3}}}\n", kind.number, i + 1,
                                name, last);
            last = fmt::format("after{}_{}(w, seg)", kind.number, i + 1);
        }
    }
    return text + fmt::format("arrive{}(w, seg) == {}\n\n", kind.number, last);
}

// ---------------------------------------------------------------------------------------------------------- the steps

// What an end did and sends: a step that finds no room where nothing (more) may be lost does not exist.
std::string commit_text(const ExportPlan& plan, int end) {
    const Network& network = plan.system->network;
    const char* name = end_name[end];
    std::string text =
        fmt::format("commit_{0}(w) ==\n    /\\ {0}' = w.e\n    /\\ from_{0}' = Put(from_{0}, w.out)\n", name);
    if (!network.loses) text += fmt::format("    /\\ Overflow(from_{}, w.out) = 0\n", name);
    if (network.loss_budget >= 0) {
        text += network.loses ? fmt::format("    /\\ losses + Overflow(from_{0}, w.out) <= Losses\n"
                                            "    /\\ losses' = losses + Overflow(from_{0}, w.out)\n",
                                            name)
                              : "    /\\ UNCHANGED losses\n";
    }
    text += fmt::format("    /\\ UNCHANGED {}\n", end_name[1 - end]);
    if (network.duplicate_budget >= 0) text += "    /\\ UNCHANGED duplicates\n";
    return text + "\n";
}

// Each case of a call or timer is a step. The guard counts the timer that expires as stopped, as the rules do. TLC
// takes each side of a disjunction that holds for a step; `= TRUE` makes one value of it.
std::string cases_text(const ExportPlan& plan, int end, const Handler& handler, std::vector<std::string>& steps) {
    const EndKind& kind = plan.kind(end);
    const TlaRules rules(plan, kind);
    const int timer = handler.trigger == Trigger::timer ? kind.profile->timer(handler.name) : -1;
    const std::string runs = timer < 0 ? "" : rules.running(working, timer) + " /\\ ";
    std::string text;
    for (const Step& step : handler.steps) {
        for (const Rule& rule : step.rules) {
            for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                const std::string body = rules.body_name(rule, i);
                steps.push_back(fmt::format("{}_{}", end_name[end], body));
                text += fmt::format(
                    "{0} ==\n    LET w == Begin({1}) IN\n    /\\ ({2}{3}) = TRUE\n    /\\ commit_{1}({4}(w, <<>>))\n"
                    "    /\\ UNCHANGED from_{5}\n",
                    steps.back(), end_name[end], runs, rules.guard(rule.cases[i], working, timer), body,
                    end_name[1 - end]);
            }
        }
    }
    return text;
}

// Each distinct segment of a bag, or the head of a queue, is lost, doubled or delivered.
std::string network_steps(const ExportPlan& plan, int sender, std::vector<std::string>& steps) {
    const Network& network = plan.system->network;
    const char *from = end_name[sender], *to = end_name[1 - sender];
    std::string text;
    const auto counted = [](const char* name, const char* most, int budget) {
        return budget < 0 ? "" : fmt::format("    /\\ {0} < {1}\n    /\\ {0}' = {0} + 1\n", name, most);
    };
    const auto step = [&](const std::string& name, const std::string& change, const std::string& budgets) {
        steps.push_back(name + "_" + from);
        text += fmt::format("{0} ==\n    /\\ \\E s \\in Next_of(from_{1}) : from_{1}' = {2}(from_{1}, s)\n{3}"
                            "    /\\ UNCHANGED <<a, b, from_{4}>>\n",
                            steps.back(), from, change, budgets, to);
    };
    const std::string same_losses = network.loss_budget >= 0 ? "    /\\ UNCHANGED losses\n" : "";
    const std::string same_doubles = network.duplicate_budget >= 0 ? "    /\\ UNCHANGED duplicates\n" : "";
    if (network.loses) step("lose", "Without", counted("losses", "Losses", network.loss_budget) + same_doubles);
    if (network.duplicates) {
        step("double", "Twice",
             fmt::format("    /\\ Size(from_{}) < Capacity\n", from) +
                 counted("duplicates", "Duplicates", network.duplicate_budget) + same_losses);
    }
    steps.push_back(fmt::format("deliver_to_{}", to));
    return text +
           fmt::format("{0} ==\n    \\E s \\in Next_of(from_{1}) :\n        /\\ \\E w \\in arrive{2}(Begin({3}), s) : "
                       "commit_{3}(w)\n        /\\ from_{1}' = Without(from_{1}, s)\n\n",
                       steps.back(), from, plan.kind(1 - sender).number, to);
}

}  // namespace

TlaModule to_tla(const Spec& spec, const SystemDecl& decl) {
    const ExportPlan plan = plan_export(spec, decl);
    TlaModule module{"system_" + decl.name, "", "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n"};
    module.text = head(plan, module.name) + network_text(plan);
    for (const EndKind& kind : plan.kinds) module.text += kind_text(plan, kind);
    module.text += start_text(plan);
    for (int end = 0; end < 2; ++end) module.text += commit_text(plan, end);
    std::vector<std::string> steps;
    for (int end = 0; end < 2; ++end) {
        for (const Handler* call : plan.calls[end]) module.text += cases_text(plan, end, *call, steps);
        for (const TimerDecl& timer : plan.kind(end).profile->timers) {
            if (const Handler* handler = plan.kind(end).profile->handler(Trigger::timer, timer.name))
                module.text += cases_text(plan, end, *handler, steps);
        }
    }
    for (int sender = 0; sender < 2; ++sender) module.text += network_steps(plan, sender, steps);
    module.text += fmt::format("Next ==\n    \\/ {}\n\nSpec == Init /\\ [][Next]_<<{}>>\n====\n",
                               fmt::join(steps, "\n    \\/ "), variables_text(plan));
    return module;
}

}  // namespace lastack
