// Named predicates: what stands behind a name is put in where a claim uses it, with the arguments in place of the
// parameters.
//
// Substitution, as for `let` in profiles: behind it, only conditions that could have been written out are left, so
// resolving, deciding and judging know nothing of predicates. A parameter stands for whatever its argument is: an end,
// states, a value, a condition, or the name of a call, timer, signal, result, rule or variable.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack {

class Predicates {
public:
    // All that the files declare. What is wrong with one by itself is a problem: a name that is taken, a parameter that
    // is not used, an end that nothing binds, one that is made of itself.
    Predicates(const std::vector<syntax::Predicate>& declared, Problems& problems);

    // The claim without uses of predicates. Uses that do not fit are problems. Throws SpecError where it gets too
    // large.
    syntax::Claim put_into(const syntax::Claim& claim);

    // Adds to the problems found since there were `since`, and whose place is in a predicate, where the claim uses
    // that.
    void explain_uses(std::size_t since, const syntax::Claim& claim);

private:
    struct Use {
        const syntax::Predicate* predicate;
        Where where;
    };
    using Arguments = std::map<std::string, const syntax::Expr*>;  // by parameter
    struct Filling {
        Arguments arguments;
        Where place;            // of the use
        bool brackets = false;  // inside of those of a leaf
    };

    void check(const syntax::Predicate& predicate);
    void check_ends(const syntax::Expr& expr, std::vector<std::string> bound);
    void check_loops(const syntax::Predicate& predicate, std::vector<std::string>& open, std::set<std::string>& done);
    const syntax::Predicate* find(const std::string& name) const;

    syntax::Expr put_into(const syntax::Expr& expr);
    syntax::Expr put_in(const syntax::Expr& use);
    syntax::Expr filled(const syntax::Expr& body, Filling filling);
    static syntax::Expr bound_anew(const syntax::Expr& body, Filling& filling, std::vector<syntax::Expr>& renamed);
    syntax::Expr value_for(const syntax::Expr& argument, const syntax::Word& parameter, bool brackets);
    syntax::Word name_for(const syntax::Word& word, const Arguments& arguments);
    std::vector<syntax::Word> states_for(const std::vector<syntax::Word>& words, const Arguments& arguments);
    void measure(syntax::Expr& expr);

    std::vector<syntax::Predicate> declared_;
    Problems& problems_;
    std::vector<Use> uses_;  // in the claim at hand
    std::size_t size_ = 0;   // nodes that were made for it
};

}  // namespace lastack
