// Claims: names are looked up in the profiles at the two ends.
//
// Where the ends have different profiles, indices are those of the profile at A, and names must be known at every end
// that the expression may mean. Evaluators find the other end's indices by name.
#include <algorithm>
#include <set>
#include <utility>

#include "model/language/resolve.h"
#include "model/system.h"

namespace lastack {

namespace {

// Signals and results are not declared: those that some effect gives are the ones there are.
void collect_names(const std::vector<Effect>& effects, Effect::Kind kind, std::set<std::string>& names) {
    for (const Effect& effect : effects) {
        if (effect.kind == kind) names.insert(effect.name);
        collect_names(effect.then, kind, names);
        collect_names(effect.otherwise, kind, names);
    }
}

// What may stand behind calls, expires, fires, signals and returns.
std::vector<std::string> names_of_steps(Op op, const Profile& profile) {
    if (op == Op::calls) return calls_of(profile);
    if (op == Op::expires) return names_in(profile.timers);
    std::vector<std::string> rules;
    std::set<std::string> names;
    if (op == Op::returns) names.insert("ok");  // where no rule says anything else
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                rules.push_back(rule.name);
                for (const Case& each : rule.cases)
                    collect_names(each.effects, op == Op::returns ? Effect::Kind::result : Effect::Kind::signal, names);
            }
        }
    }
    return op == Op::fires ? rules : std::vector<std::string>(names.begin(), names.end());
}

const char* noun_of(Op op) {
    return op == Op::calls     ? "call"
           : op == Op::expires ? "timer"
           : op == Op::fires   ? "rule"
           : op == Op::returns ? "result"
                               : "signal";
}

class ClaimResolver : public ExprResolver {
public:
    ClaimResolver(const syntax::Claim& claim, const SystemDecl& system, const Spec& spec, std::vector<Scope>& scopes,
                  Problems& problems)
        : ExprResolver(problems), spec_(spec), system_(system), kind_(claim.kind) {
        for (int end : {0, 1}) {
            const Profile* profile = spec.declared_profile(system, end);
            for (std::size_t i = 0; i < spec.profiles.size(); ++i) {
                if (&spec.profiles[i] == profile) scopes_[end] = &scopes[i];
            }
        }
    }
    bool ready() const { return scopes_[0] && scopes_[1]; }
    Expr stage(const syntax::Expr& expr, std::size_t index);
    Expr assumption(const syntax::Expr& expr);
    Fairness fairness(const syntax::Fairness& declared);

protected:
    Typed leaf(const syntax::Expr& expr) override;

private:
    Typed quantified(const syntax::Expr& expr);
    Typed name(const syntax::Expr& expr);
    Typed at_end(const syntax::Expr& expr, EndRef end);
    Typed event(const syntax::Expr& expr, EndRef end);
    Typed inside(const syntax::Expr& expr, EndRef end, const Readable& readable);
    EndRef end_of(const syntax::Word& word);
    std::vector<Scope*> scopes_at(EndRef end) const;
    void check_step(Op op, const syntax::Word& word, EndRef end);

    const Spec& spec_;
    const SystemDecl& system_;
    Scope* scopes_[2] = {nullptr, nullptr};
    std::vector<std::string> bound_;  // names bound by each/some: two for each quantifier, the second may be empty
    Claim::Kind kind_;
    bool second_ = false;  // the stage behind `to`
};

// Stages differ only in `leads`, where the second one is about states. A body without steps would make `acyclic` a
// question that nobody asks: every state or none.
Expr ClaimResolver::stage(const syntax::Expr& expr, std::size_t index) {
    second_ = index > 0;
    if (kind_ == Claim::Kind::acyclic && !reads_step(expr)) {
        problems_.add(expr.where, "an acyclic claim says of which steps: this reads none",
                      "name what happens in the step, for example 'A sends'");
    }
    return condition(expr);
}

// It speaks of steps, whatever the claim itself speaks of.
Expr ClaimResolver::assumption(const syntax::Expr& expr) {
    const bool possible =
        kind_ == Claim::Kind::invariant || kind_ == Claim::Kind::step || kind_ == Claim::Kind::reachable;
    if (!possible) problems_.add(expr.where, "'assuming' belongs to 'invariant', 'step' and 'reachable' claims");
    const Claim::Kind own = std::exchange(kind_, Claim::Kind::step);
    Expr resolved = condition(expr);
    kind_ = own;
    return resolved;
}

// The scopes an end may have, the one at A first.
std::vector<Scope*> ClaimResolver::scopes_at(EndRef end) const {
    if (end < 2) return {scopes_[end]};
    if (scopes_[0] == scopes_[1]) return {scopes_[0]};
    return {scopes_[0], scopes_[1]};
}

EndRef ClaimResolver::end_of(const syntax::Word& word) {
    // The innermost binding of a name wins.
    for (std::size_t i = bound_.size(); i-- > 0;) {
        if (bound_[i] == word.text) return static_cast<EndRef>(i) + 2;
    }
    if (word.text == "A") return 0;
    if (word.text == "B") return 1;
    std::vector<std::string> ends = {"A", "B"};
    ends.insert(ends.end(), bound_.begin(), bound_.end());
    problems_.add(word.where, "unknown end '" + word.text + "'", did_you_mean(word.text, ends));
    return -1;
}

// Leaves that are not about an end come first.
Typed ClaimResolver::leaf(const syntax::Expr& expr) {
    if (expr.op == Op::constant) return literal(expr);
    if (expr.op == Op::variable) return name(expr);
    if (expr.op == Op::each || expr.op == Op::some) return quantified(expr);
    if (expr.op == Op::quiet) return joined(Op::quiet, {}, expr.where);
    const EndRef end = end_of(expr.end);
    if (end < 0) return unknown(expr);
    return expr.op == Op::at_end ? at_end(expr, end) : event(expr, end);
}

// Each quantifier takes two numbers, whether or not it names the other end: see EndRef in model/expr.h.
Typed ClaimResolver::quantified(const syntax::Expr& expr) {
    for (const syntax::Word& word : expr.words) {
        const bool taken =
            word.text == "A" || word.text == "B" || std::find(bound_.begin(), bound_.end(), word.text) != bound_.end();
        if (taken || (&word != &expr.words.front() && word.text == expr.words.front().text)) {
            problems_.add(word.where, "'" + word.text + "' already names an end");
        }
    }
    const EndRef end = static_cast<EndRef>(bound_.size()) + 2;
    bound_.push_back(expr.words[0].text);
    bound_.push_back(expr.words.size() > 1 ? expr.words[1].text : "");
    Typed body = resolve(expr.args[0]);
    bound_.resize(bound_.size() - 2);
    if (body.type.base == Type::Base::number || body.type.base == Type::Base::names)
        problems_.add(body.expr.where, "a condition is expected here");
    std::vector<Typed> args;
    args.push_back(std::move(body));
    Typed typed = joined(expr.op, std::move(args), expr.where);
    typed.expr.end = end;
    typed.expr.name = expr.words[0].text;
    return typed;
}

// Without an end: a limit or an enumerator of either profile. Where both ends have it, it must mean the same at both.
Typed ClaimResolver::name(const syntax::Expr& expr) {
    Typed typed = unknown(expr);
    typed.expr.name = expr.word.text;
    std::vector<std::string> candidates;
    std::set<int> values;
    for (const Scope* scope : scopes_) {
        for (const auto& [limit, value] : limits_at(spec_, system_, scope == scopes_[0] ? 0 : 1)) {
            candidates.push_back(limit);
            if (limit != expr.word.text) continue;
            values.insert(value);
            typed.expr.op = Op::limit;
            typed.type.base = Type::Base::number;
        }
        for (const auto& [enumerator, value] : scope->enumerators) {
            candidates.push_back(enumerator);
            if (enumerator != expr.word.text) continue;
            values.insert(value);
            typed.expr.value = value;
            typed.type.base = Type::Base::names;
        }
    }
    if (values.size() == 1) return typed;
    if (values.size() > 1) {
        problems_.add(expr.where, "'" + expr.word.text + "' means different things at A and B");
        return unknown(expr);
    }
    std::string suggestion = did_you_mean(expr.word.text, candidates);
    if (scopes_[0]->profile->variable(expr.word.text) >= 0)
        suggestion = "a variable belongs to an end: write 'A." + expr.word.text + "'";
    problems_.add(expr.where, "the claim names nothing: unknown limit or value '" + expr.word.text + "'", suggestion);
    return unknown(expr);
}

// The expression in the scope of each profile that the end may have; the first one's indices are kept.
Typed ClaimResolver::inside(const syntax::Expr& expr, EndRef end, const Readable& readable) {
    std::optional<Typed> first;
    for (Scope* scope : scopes_at(end)) {
        Typed typed = RuleExprResolver(*scope, readable, problems_).resolve(expr);
        if (!first) first = std::move(typed);
    }
    return std::move(*first);
}

// The names of states in the place of the words, of which some may be sets.
std::string state_names(const std::vector<syntax::Word>& words, const Scope& scope) {
    std::string names;
    const auto add = [&names](const std::string& name) { names += (names.empty() ? "" : ",") + name; };
    for (const syntax::Word& word : words) {
        const auto set = scope.state_sets.find(word.text);
        if (set == scope.state_sets.end()) add(word.text);
        if (set == scope.state_sets.end()) continue;
        for (const int state : set->second) add(scope.profile->states[static_cast<std::size_t>(state)].name);
    }
    return names;
}

Typed ClaimResolver::at_end(const syntax::Expr& expr, EndRef end) {
    const bool next = kind_ == Claim::Kind::step || kind_ == Claim::Kind::acyclic || kind_ == Claim::Kind::leads;
    if (expr.next && (!next || (kind_ == Claim::Kind::leads && second_))) {
        problems_.add(expr.where, "'next' belongs to 'step' and 'acyclic' claims and to the first part of 'leads'");
    }
    const syntax::Expr& what = expr.args[0];
    if (what.op == Op::variable) {
        for (const Scope* scope : scopes_at(end)) {
            const Profile& profile = *scope->profile;
            if (profile.variable(what.word.text) >= 0) continue;
            problems_.add(what.word.where,
                          "the claim names nothing: profile '" + profile.name + "' has no variable '" + what.word.text +
                              "'",
                          did_you_mean(what.word.text, names_in(profile.variables)));
            return unknown(expr);
        }
    }
    Readable readable;
    readable.history = readable.era = true;
    Typed inner = inside(what, end, readable);
    const Type type = inner.type;
    if (what.op == Op::state_in) {
        inner.expr.name = state_names(what.words, *scopes_at(end).front());
        if (state_names(what.words, *scopes_at(end).back()) != inner.expr.name)
            problems_.add(what.where, "a set of states that is named here has other states at B than at A",
                          "name the states, in braces");
    }
    const std::string name = inner.expr.name;
    std::vector<Typed> args;
    args.push_back(std::move(inner));
    Typed typed = joined(Op::at_end, std::move(args), expr.where);
    typed.type = type;
    typed.expr.end = end;
    typed.expr.next = expr.next;
    typed.expr.name = name;
    return typed;
}

// A call, timer, signal or rule that some profile of the spec knows is a name, also where this subject has dropped it.
void ClaimResolver::check_step(Op op, const syntax::Word& word, EndRef end) {
    std::vector<std::string> candidates;
    for (const Scope* scope : scopes_at(end)) {
        for (const Profile* profile = scope->profile; profile; profile = spec_.profile(profile->parent)) {
            const std::vector<std::string> names = names_of_steps(op, *profile);
            candidates.insert(candidates.end(), names.begin(), names.end());
        }
    }
    if (std::find(candidates.begin(), candidates.end(), word.text) != candidates.end()) return;
    problems_.add(word.where, std::string("the claim names nothing: unknown ") + noun_of(op) + " '" + word.text + "'",
                  did_you_mean(word.text, candidates));
}

// Without a word for it: timers run out and calls are made where nothing stops them; the network is patient but lossy.
Fairness ClaimResolver::fairness(const syntax::Fairness& declared) {
    Fairness fairness;
    fairness.family = declared.family;
    fairness.strong = declared.strong.value_or(declared.family == Fairness::Family::delivery);
    fairness.where = declared.where;
    if (declared.end) {
        fairness.end = declared.end->text == "A" ? 0 : declared.end->text == "B" ? 1 : -1;
        if (fairness.end < 0)
            problems_.add(declared.end->where, "fairness is at end A or B, not at '" + declared.end->text + "'");
    }
    if (declared.name) {
        fairness.name = declared.name->text;
        constexpr EndRef any = 2;  // a bound name may be either end
        check_step(declared.family == Fairness::Family::calls ? Op::calls : Op::expires, *declared.name,
                   fairness.end < 0 ? any : fairness.end);
    }
    return fairness;
}

// `in flight` is about the state; all others are about a step. Only at a delivery is there an end whose variables
// belong to the same moment as the segment.
Typed ClaimResolver::event(const syntax::Expr& expr, EndRef end) {
    const bool is_step = is_about_step(expr.op);
    if (is_step && kind_ == Claim::Kind::leads && second_) {
        problems_.add(expr.where, "what is led to is a state: what happens in a step may stand before 'to' only");
    } else if (is_step && kind_ != Claim::Kind::step && kind_ != Claim::Kind::reachable &&
               kind_ != Claim::Kind::leads && kind_ != Claim::Kind::acyclic) {
        problems_.add(expr.where,
                      "what happens in a step belongs to 'step', 'reachable', 'leads' and 'acyclic' claims");
    }
    std::vector<Typed> args;
    if (!expr.args.empty()) {
        Readable readable;
        readable.segment = true;
        readable.history = true;
        readable.era = true;
        readable.end = expr.op == Op::gets || expr.op == Op::sends;
        args.push_back(inside(expr.args[0], end, readable));
        const Type::Base base = args[0].type.base;
        if (base == Type::Base::number || base == Type::Base::names)
            problems_.add(args[0].expr.where, "a condition is expected here");
    }
    Typed typed = joined(expr.op, std::move(args), expr.where);
    typed.expr.end = end;
    typed.expr.counts = expr.counts;
    if (expr.counts) typed.type.base = Type::Base::number;
    if (!expr.word.text.empty()) {
        check_step(expr.op, expr.word, end);
        typed.expr.name = expr.word.text;
    }
    return typed;
}

// Only of claims about runs; each member of a family once.
void resolve_fairness(const syntax::Claim& declared, ClaimResolver& resolver, Claim& claim, Problems& problems) {
    for (const syntax::Fairness& given : declared.fairness) {
        if (!is_liveness(claim.kind)) {
            problems.add(given.where, "'fair' belongs to claims about runs: leads, eventually, always eventually, "
                                      "eventually always, acyclic");
            return;
        }
        const Fairness fairness = resolver.fairness(given);
        const bool twice = std::any_of(claim.fairness.begin(), claim.fairness.end(), [&](const Fairness& other) {
            return other.family == fairness.family && other.name == fairness.name && other.end == fairness.end;
        });
        if (twice) problems.add(given.where, "the same fairness is given twice");
        claim.fairness.push_back(fairness);
    }
}

// Time is counted where the network has a delay, and there only what ends in finite time is decided.
void resolve_time(const syntax::Claim& declared, const SystemDecl& system, const Spec& spec, Claim& claim,
                  Problems& problems) {
    const bool bounded = declared.after || declared.within;
    if (bounded && !system.network.timed()) {
        problems.add(claim.where,
                     "'after' and 'within' are about time, which system '" + system.name + "' does not count",
                     "give its network a delay: 'network 2 loses delay 0 ms to 100 ms'");
        return;
    }
    if (!system.network.timed()) return;
    const bool decided = claim.kind == Claim::Kind::invariant || claim.kind == Claim::Kind::step ||
                         claim.kind == Claim::Kind::reachable || (claim.kind == Claim::Kind::leads && bounded);
    if (!decided)
        problems.add(claim.where,
                     "where a network has a delay, a claim is 'invariant', 'step', 'reachable', or 'leads' "
                     "with 'within' or 'after'");
    const auto value_of = [&](const Formula& name) -> std::int64_t {
        for (const int end : {0, 1}) {
            const Limits limits = limits_at(spec, system, end);
            if (const auto value = limits.find(name.name); value != limits.end()) return value->second;
        }
        throw SpecError(name.where, "unknown setting or limit '" + name.name + "'");
    };
    try {
        if (declared.after) claim.after_us = evaluate(*declared.after, value_of);
        if (declared.within) claim.within_us = evaluate(*declared.within, value_of);
    } catch (const SpecError& error) {
        const Diagnostic& first = error.diagnostics().front();
        problems.add(first.where, first.message, first.suggestion);
    }
    if (claim.after_us && claim.within_us && *claim.after_us > *claim.within_us)
        problems.add(claim.where, "'after' is later than 'within'");
}

}  // namespace

void resolve_claim(const syntax::Claim& declared, Spec& spec, std::vector<Scope>& scopes, Problems& problems) {
    Claim claim;
    claim.id = declared.name.text;
    claim.sentence = declared.sentence.text;
    claim.cites = declared.sentence.cites;
    claim.system = declared.system.text;
    claim.kind = declared.kind;
    claim.where = declared.name.where;
    if (std::any_of(spec.claims.begin(), spec.claims.end(), [&](const Claim& each) { return each.id == claim.id; })) {
        problems.add(claim.where, "claim '" + claim.id + "' is already declared");
    }
    if (claim.sentence.empty())
        problems.add(claim.where, "claim '" + claim.id + "' has no sentence",
                     "say in quotes behind its name what it claims");
    constexpr std::size_t most_stages = 250;  // counted in a byte
    if (declared.stages.size() > most_stages) {
        problems.add(claim.where, "a claim has at most " + std::to_string(most_stages) + " stages");
    }
    resolve_expectations(declared, spec, claim, problems);
    if (const SystemDecl* system = spec.system(claim.system)) {
        ClaimResolver resolver(declared, *system, spec, scopes, problems);
        for (std::size_t i = 0; i < declared.stages.size() && resolver.ready(); ++i)
            claim.stages.push_back(resolver.stage(declared.stages[i], i));
        if (resolver.ready() && declared.assuming) claim.assuming = resolver.assumption(*declared.assuming);
        if (resolver.ready()) resolve_fairness(declared, resolver, claim, problems);
        if (resolver.ready()) resolve_time(declared, *system, spec, claim, problems);
    } else {
        problems.add(declared.system.where, "the claim names nothing: unknown system '" + claim.system + "'",
                     did_you_mean(claim.system, names_in(spec.systems)));
    }
    spec.claims.push_back(std::move(claim));
}

}  // namespace lastack
