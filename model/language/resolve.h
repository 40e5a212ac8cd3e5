// From names to the tree of model/spec.h: shared by the resolvers of expressions, profiles and claims.
//
// A resolver never stops at a mistake: it notes it in Problems and goes on with a value of unknown type, which
// agrees with everything, so that one mistake makes one message.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/language/syntax.h"
#include "model/source.h"
#include "model/spec.h"

namespace lastack {

struct Type {
    enum class Base { unknown, flag, number, names };
    Base base = Base::unknown;
    std::vector<std::string> names;  // of an enumerated variable; empty for a lone enumerator
};

// A resolved expression and what the checks above it need to know.
struct Typed {
    Expr expr;
    Type type;
    int depth = 1;
    std::size_t size = 1;  // nodes
    bool reads_segment = false;
    bool reads_era = false;      // seg.era
    bool reads_end = false;      // a variable, the state or a timer
    std::vector<int> histories;  // the history variables that it reads
};

// The operators, which are the same in rules and claims. Subclasses know the leaves.
class ExprResolver {
public:
    explicit ExprResolver(Problems& problems) : problems_(problems) {}
    virtual ~ExprResolver() = default;
    ExprResolver(const ExprResolver&) = delete;
    ExprResolver& operator=(const ExprResolver&) = delete;

    Typed resolve(const syntax::Expr& expr);
    // The same, and of this type: a condition (flag) or a number.
    Expr condition(const syntax::Expr& expr);
    Expr number(const syntax::Expr& expr);

protected:
    virtual Typed leaf(const syntax::Expr& expr) = 0;
    Typed unknown(const syntax::Expr& expr) const;
    Typed literal(const syntax::Expr& expr) const;
    Typed joined(Op op, std::vector<Typed> args, const Where& where);

    Problems& problems_;

private:
    void expect(const Typed& typed, Type::Base base, const std::string& by);
    void check_comparison(Op op, const Typed& left, const Typed& right);
    void check_names(const Typed& left, const Typed& right);
};

// What an expression of a rule may read at its place.
struct Readable {
    bool segment = false;
    bool end = true;       // variables, the state, timers
    bool history = false;  // any history variable
    bool era = false;      // seg.era: what no endpoint can see
    int own = -1;          // this history variable is allowed, for its own update
};

// The names of one profile. Filled declaration by declaration while the profile is resolved.
struct Scope {
    const Profile* profile = nullptr;
    std::vector<syntax::Let> lets;
    std::map<std::string, int> enumerators;      // name to value
    std::map<std::string, Typed> resolved_lets;  // a cache
    std::vector<std::string> open_lets;          // being resolved, outermost first
    std::size_t inlined = 0;                     // nodes that lets added in all
    std::size_t substituted = 0;                 // nodes that named effects and `for` went through in all

    // Each declared segment with the names of the segments that its `for` made of it.
    std::vector<std::pair<std::string, std::vector<std::string>>> segments;

    std::map<std::string, std::vector<int>> state_sets;  // `let NAME = {A, B}`, declared so far

    std::vector<std::string> value_names() const;  // variables, limits, lets and enumerators
};

// Expressions of rules, and those in the brackets of claims.
class RuleExprResolver : public ExprResolver {
public:
    RuleExprResolver(Scope& scope, const Readable& readable, Problems& problems)
        : ExprResolver(problems), scope_(scope), readable_(readable) {}

protected:
    Typed leaf(const syntax::Expr& expr) override;

private:
    Typed name(const syntax::Expr& expr);
    Typed variable(const syntax::Expr& expr, int index);
    Typed let(const syntax::Expr& expr, const syntax::Let& let);
    const Typed& resolved_let(const syntax::Let& let);
    Typed field(const syntax::Expr& expr);
    Typed own_field(const syntax::Expr& expr);
    Typed kind(const syntax::Expr& expr);
    void check_readable(const Typed& typed, const syntax::Expr& expr);

    Scope& scope_;
    Readable readable_;
};

// Where `name`, of a parameter or of a `for`, already means something in the profile, or is a word of the language, a
// problem.
void check_free(const syntax::Word& name, const Scope& scope, Problems& problems);

// Says that segments have no such field.
void no_field(const syntax::Word& name, const Vocabulary& vocabulary, Problems& problems);

// The indices of states, those of sets of states among them; unknown names are a problem.
std::vector<int> resolve_states(const std::vector<syntax::Word>& words, const Scope& scope, Problems& problems);
// The same where only one state can stand, or a set of one. Nothing where that is unknown.
std::optional<int> resolve_state(const syntax::Word& word, const Scope& scope, Problems& problems);
int resolve_timer(const syntax::Word& word, const Profile& profile, Problems& problems);

// One profile. `scope` is filled with its names and stays valid with the profile: call `scope.profile = &...` after a
// move.
Profile resolve_profile(const syntax::Merged& merged, Scope& scope, Problems& problems);

// The second half of resolve_profile: the handlers, over the names declared so far.
void resolve_handlers(const syntax::Merged& merged, Profile& profile, Scope& scope, Problems& problems);

std::vector<std::string> calls_of(const Profile& profile);

// Systems, each complete (model/language/merge_systems.h), and claims, over the profiles of the spec and their scopes
// (in the same order).
void resolve_system(const syntax::System& system, Spec& spec, Problems& problems);
// What is expected of the claim, whose system is named already, for each profile; at which ends its trace is refuted.
void resolve_expectations(const syntax::Claim& declared, const Spec& spec, Claim& claim, Problems& problems);

void resolve_claim(const syntax::Claim& claim, Spec& spec, std::vector<Scope>& scopes, Problems& problems);

}  // namespace lastack
