// Handlers, rules, cases and effects.
//
// A named effect is put in where it is used, and a rule with a `for` becomes one rule for each value, so that all who
// read a profile see plain rules with plain effects.
#include <algorithm>
#include <set>

#include "model/language/resolve.h"
#include "model/language/substitute.h"
#include "model/source_text.h"

namespace lastack {

namespace {

class RuleResolver {
public:
    RuleResolver(const syntax::Merged& merged, Profile& profile, Scope& scope, Problems& problems)
        : merged_(merged), profile_(profile), scope_(scope), problems_(problems) {
        for (const syntax::NamedEffect& effect : merged.effects) check_parameters(effect);
    }

    Handler handler(const syntax::Handler& declared) {
        Handler handler;
        trigger_ = handler.trigger = declared.trigger;
        handler.name = declared.name.text;
        handler.where = declared.name.where;
        if (trigger_ == Trigger::timer) resolve_timer(declared.name, profile_, problems_);
        for (const syntax::Step& step : declared.steps) {
            Step resolved{step.name.text, step.title, {}, step.name.where};
            for (const syntax::Rule& each : step.rules) rules(each, resolved.rules);
            handler.steps.push_back(std::move(resolved));
        }
        return handler;
    }

private:
    void check_parameters(const syntax::NamedEffect& effect);
    void rules(const syntax::Rule& declared, std::vector<Rule>& to);
    Rule rule(const syntax::Rule& declared);
    Case one_case(const syntax::Case& declared);
    Expr while_not_blocked(std::optional<Expr> guard);
    Effect effect(const syntax::Effect& declared);
    std::vector<Effect> effects(const std::vector<syntax::Effect>& declared) {
        std::vector<Effect> resolved;
        for (const syntax::Effect& each : declared) {
            if (each.use)
                use(each, resolved);
            else
                resolved.push_back(effect(each));
        }
        return resolved;
    }
    void use(const syntax::Effect& use, std::vector<Effect>& to);
    const syntax::NamedEffect* used(const syntax::Effect& use);
    void assign(const syntax::Effect& declared, Effect& effect);
    Expr assigned_value(const syntax::Effect& declared, const Variable& target, int index);
    void check_assigned(const Typed& value, const Variable& target);
    void send(const syntax::Effect& declared, Effect& effect);
    void own_override(const syntax::FieldValue& given, Effect& effect);
    int timer(const syntax::Effect& declared);

    RuleExprResolver expressions(int own = -1) {
        Readable readable;
        readable.segment = trigger_ == Trigger::segment;
        readable.own = own;
        return {scope_, readable, problems_};
    }

    const syntax::Merged& merged_;
    Profile& profile_;
    Scope& scope_;
    Problems& problems_;
    Trigger trigger_ = Trigger::call;
    std::set<std::string> rule_names_;
    std::vector<std::string> open_effects_;  // being put in, outermost first
};

void RuleResolver::check_parameters(const syntax::NamedEffect& effect) {
    std::set<std::string> seen;
    for (const syntax::Word& parameter : effect.parameters) {
        check_free(parameter, scope_, problems_);
        if (!seen.insert(parameter.text).second)
            problems_.add(parameter.where, "'" + parameter.text + "' is listed twice");
    }
}

// One for each way of its `for`, named after it.
void RuleResolver::rules(const syntax::Rule& declared, std::vector<Rule>& to) {
    for (const syntax::Choice& choice : declared.choices) check_free(choice.name, scope_, problems_);
    for (syntax::Way& way : syntax::ways(declared.choices, scope_.segments, problems_, scope_.substituted)) {
        syntax::Rule one = declared;
        one.name.text += way.suffix;
        way.values.apply(one);
        if (!rule_names_.insert(one.name.text).second)
            problems_.add(one.name.where, "rule '" + one.name.text + "' is already declared");
        if (rule_names_.size() > most_names)
            throw SpecError(one.name.where, "more than " + std::to_string(most_names) + " rules");
        to.push_back(rule(one));
    }
}

// The sentence and the citation are what makes a rule checkable by a reader: both are required.
Rule RuleResolver::rule(const syntax::Rule& declared) {
    Rule rule;
    rule.name = declared.name.text;
    rule.sentence = declared.sentence.text;
    rule.cites = declared.sentence.cites;
    rule.may = declared.may;
    rule.where = declared.name.where;
    if (rule.sentence.empty()) {
        problems_.add(rule.where, "rule '" + rule.name + "' has no sentence",
                      "say in quotes behind its name what it does");
    }
    if (rule.cites.empty()) {
        problems_.add(rule.where, "rule '" + rule.name + "' has no citation",
                      "write cites \"...\" behind its sentence, or behind the name or title of its step");
    }
    for (const syntax::Case& each : declared.cases) rule.cases.push_back(one_case(each));
    return rule;
}

// The application makes no call while it waits in one: a part of each guard, so that all who read a profile see it.
Expr RuleResolver::while_not_blocked(std::optional<Expr> guard) {
    Expr free;
    free.op = Op::not_;
    free.where = merged_.blocked->where;
    free.args = {expressions().condition(*merged_.blocked)};
    if (!guard) return free;
    Expr both;
    both.op = Op::and_;
    both.where = guard->where;
    both.args = {std::move(*guard), std::move(free)};
    return both;
}

// `any` lists the states in the order of the profile, so that equal cases look equal.
Case RuleResolver::one_case(const syntax::Case& declared) {
    Case resolved;
    resolved.where = declared.where;
    const std::vector<int> listed = resolve_states(declared.states, scope_, problems_);
    if (declared.any) {
        for (int state = 0; state < static_cast<int>(profile_.states.size()); ++state) {
            if (std::find(listed.begin(), listed.end(), state) == listed.end()) resolved.from.push_back(state);
        }
    } else {
        resolved.from = listed;
    }
    if (declared.guard) resolved.guard = expressions().condition(*declared.guard);
    if (trigger_ == Trigger::call && merged_.blocked) resolved.guard = while_not_blocked(std::move(resolved.guard));
    if (declared.target) {
        if (const std::optional<int> target = resolve_state(*declared.target, scope_, problems_)) resolved.to = *target;
    }
    resolved.effects = effects(declared.effects);
    return resolved;
}

// The named effect, where it can be put in.
const syntax::NamedEffect* RuleResolver::used(const syntax::Effect& use) {
    const std::string& name = use.word.text;
    std::vector<std::string> known;
    const syntax::NamedEffect* found = nullptr;
    for (const syntax::NamedEffect& each : merged_.effects) {
        known.push_back(each.name.text);
        if (each.name.text == name) found = &each;
    }
    if (!found) {
        problems_.add(use.word.where, "unknown effect '" + name + "'", did_you_mean(name, known));
        return nullptr;
    }
    const auto first = std::find(open_effects_.begin(), open_effects_.end(), name);
    if (first != open_effects_.end()) {
        std::string loop;
        for (auto each = first; each != open_effects_.end(); ++each) loop += *each + " -> ";
        problems_.add(use.word.where, "a loop of effects: " + loop + name);
        return nullptr;
    }
    constexpr std::size_t deepest = 10;
    if (open_effects_.size() >= deepest)
        throw SpecError(use.word.where, "effects that use effects, more than " + std::to_string(deepest) + " deep");
    if (use.args.size() != found->parameters.size()) {
        problems_.add(use.word.where,
                      "effect '" + name + "' has " + std::to_string(found->parameters.size()) +
                          (found->parameters.size() == 1 ? " parameter" : " parameters") + ", and " +
                          std::to_string(use.args.size()) + (use.args.size() == 1 ? " is given" : " are given"),
                      "declared at " + place_text(found->name.where));
        return nullptr;
    }
    return found;
}

// What is put in keeps its places in the definition, what is given for its parameters those of the use; a mistake in
// either one names both.
void RuleResolver::use(const syntax::Effect& use, std::vector<Effect>& to) {
    const syntax::NamedEffect* named = used(use);
    if (!named) return;
    const std::size_t before = problems_.count();
    syntax::Substitution values(problems_, scope_.substituted);
    for (std::size_t i = 0; i < use.args.size(); ++i) values.give(named->parameters[i], use.args[i]);
    open_effects_.push_back(named->name.text);
    std::vector<syntax::Effect> body = named->body;
    for (syntax::Effect& each : body) values.apply(each);
    std::vector<Effect> resolved;
    if (problems_.count() == before) resolved = effects(body);
    open_effects_.pop_back();
    to.insert(to.end(), std::make_move_iterator(resolved.begin()), std::make_move_iterator(resolved.end()));
    problems_.note(before, "in effect '" + named->name.text + "' of " + place_text(named->name.where) + ", used at " +
                               place_text(use.where));
}

Effect RuleResolver::effect(const syntax::Effect& declared) {
    using Kind = Effect::Kind;
    Effect effect;
    effect.kind = declared.kind;
    effect.where = declared.where;
    effect.name = declared.word.text;
    switch (declared.kind) {
        case Kind::assign: assign(declared, effect); break;
        case Kind::send: send(declared, effect); break;
        case Kind::start:
        case Kind::stop: effect.index = timer(declared); break;
        case Kind::drop:
            if (trigger_ != Trigger::segment)
                problems_.add(declared.where, "'drop' stands in 'on segment' only: there is no segment to drop here");
            break;
        case Kind::result:
            if (trigger_ != Trigger::call && effect.name == "ok")
                problems_.add(declared.where, "nobody waits for 'ok' here",
                              "'returns' in 'on timer' and 'on segment' is what a call returns that had blocked, by a "
                              "word of its own");
            break;
        case Kind::branch:
            effect.value = expressions().condition(*declared.value);
            effect.then = effects(declared.then);
            effect.otherwise = effects(declared.otherwise);
            break;
        case Kind::stop_all:
        case Kind::signal: break;
    }
    return effect;
}

void RuleResolver::assign(const syntax::Effect& declared, Effect& effect) {
    effect.index = profile_.variable(declared.word.text);
    if (effect.index < 0) {
        problems_.add(declared.word.where, "unknown variable '" + declared.word.text + "'",
                      did_you_mean(declared.word.text, names_in(profile_.variables)));
        return;
    }
    effect.value = assigned_value(declared, profile_.variables[static_cast<std::size_t>(effect.index)], effect.index);
}

// `set x` is x := 1, `clear x` is x := 0, `x += y` is x := x + y.
Expr RuleResolver::assigned_value(const syntax::Effect& declared, const Variable& target, int index) {
    if (declared.sign == "set" || declared.sign == "clear") {
        if (!target.flag)
            problems_.add(declared.word.where, "'" + target.name + "' is not a flag",
                          "write '" + target.name + " := ...'");
        Expr constant;
        constant.value = declared.sign == "set" ? 1 : 0;
        constant.where = declared.where;
        return constant;
    }
    if (declared.sign == ":=") {
        const Typed value = expressions(index).resolve(*declared.value);
        check_assigned(value, target);
        return value.expr;
    }
    syntax::Expr sum;
    sum.op = declared.sign == "+=" ? Op::add : Op::subtract;
    sum.where = declared.where;
    sum.args.resize(2);
    sum.args[0].op = Op::variable;
    sum.args[0].word = declared.word;
    sum.args[0].where = declared.word.where;
    sum.args[1] = *declared.value;
    return expressions(index).number(sum);
}

// A flag takes a number too: that it is 0 or 1 is checked when it happens.
void RuleResolver::check_assigned(const Typed& value, const Variable& target) {
    using Base = Type::Base;
    if (value.type.base == Base::unknown) return;
    const Where& where = value.expr.where;
    if (!target.enumerators.empty()) {
        const bool belongs = value.type.names.empty() ? std::find(target.enumerators.begin(), target.enumerators.end(),
                                                                  value.expr.name) != target.enumerators.end()
                                                      : value.type.names == target.enumerators;
        if (value.type.base != Base::names || !belongs) {
            problems_.add(where, "this is not one of the names of '" + target.name + "'",
                          did_you_mean(value.expr.name, target.enumerators));
        }
        return;
    }
    if (value.type.base == Base::names || (value.type.base == Base::flag && !target.flag)) {
        problems_.add(where, "'" + target.name + "' is " + (target.flag ? "a flag" : "a number") + "; this is not");
        return;
    }
    const bool fixed = value.expr.op == Op::constant && target.low.op == Op::constant && target.high.op == Op::constant;
    if (fixed && (value.expr.value < target.low.value || value.expr.value > target.high.value)) {
        problems_.add(where, "the value is out of the range of '" + target.name + "', " +
                                 std::to_string(target.low.value) + ".." + std::to_string(target.high.value));
    }
}

// Fields given with `with` take the place of those of the template.
void RuleResolver::send(const syntax::Effect& declared, Effect& effect) {
    const std::vector<std::string> names = names_in(profile_.segments);
    const auto known = std::find(names.begin(), names.end(), declared.word.text);
    if (known == names.end()) {
        problems_.add(declared.word.where, "unknown segment '" + declared.word.text + "'",
                      did_you_mean(declared.word.text, names));
    } else {
        effect.index = static_cast<int>(known - names.begin());
    }
    if (profile_.vocabulary.own()) {
        effect.own.resize(profile_.vocabulary.fields.size());
        for (const syntax::FieldValue& field : declared.fields) own_override(field, effect);
        return;
    }
    for (const syntax::FieldValue& field : declared.fields) {
        if (field.field.text != "seq" && field.field.text != "ack" && field.field.text != "len") {
            problems_.add(field.field.where, "'with' gives 'seq', 'ack' or 'len', not '" + field.field.text + "'",
                          did_you_mean(field.field.text, {"seq", "ack", "len"}));
            continue;
        }
        std::optional<Expr>& place = field.field.text == "seq"   ? effect.seq
                                     : field.field.text == "ack" ? effect.ack
                                                                 : effect.len;
        if (place) problems_.add(field.field.where, "'" + field.field.text + "' is given twice");
        place = expressions().number(field.value);
    }
}

// Which fields a kind has stands in its declaration, so that each segment of it shows the same ones.
void RuleResolver::own_override(const syntax::FieldValue& given, Effect& effect) {
    const Vocabulary& vocabulary = profile_.vocabulary;
    const int index = vocabulary.field(given.field.text);
    if (index < 0) {
        no_field(given.field, vocabulary, problems_);
        return;
    }
    const auto at = static_cast<std::size_t>(index);
    if (effect.index >= 0) {
        const SegmentTemplate& shape = profile_.segments[static_cast<std::size_t>(effect.index)];
        if (!vocabulary.kind_at(shape.kind).has[at])
            problems_.add(given.field.where, "segment '" + shape.name + "' has no field '" + given.field.text + "'",
                          "its declaration gives the fields that it has");
    }
    if (effect.own[at]) problems_.add(given.field.where, "'" + given.field.text + "' is given twice");
    RuleExprResolver resolver = expressions();
    effect.own[at] = vocabulary.fields[at].flag ? resolver.condition(given.value) : resolver.number(given.value);
}

// Derived timers follow their condition; to start one by hand would contradict it.
int RuleResolver::timer(const syntax::Effect& declared) {
    const int index = resolve_timer(declared.word, profile_, problems_);
    if (index >= 0 && profile_.timers[static_cast<std::size_t>(index)].runs_while) {
        problems_.add(declared.word.where, "timer '" + declared.word.text +
                                               "' runs while its condition holds; it is not started or stopped");
    }
    return index;
}

}  // namespace

void resolve_handlers(const syntax::Merged& merged, Profile& profile, Scope& scope, Problems& problems) {
    RuleResolver resolver(merged, profile, scope, problems);
    for (const syntax::Handler& handler : merged.handlers) profile.handlers.push_back(resolver.handler(handler));
}

}  // namespace lastack
