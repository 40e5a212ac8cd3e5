// Names that stand for something else: the parameters of a named effect, and what `for` runs through.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack::syntax {

// Puts what names stand for in their places: an expression where an expression may stand, a name where only a name may.
// What stands there keeps its own place in the text, so that a mistake in it is shown where it was written.
//
// `nodes` counts what was visited, over all substitutions of a profile: effects that use effects grow exponentially.
// Throws SpecError beyond a bound. A parameter in the place of a name that is given something else is a problem.
class Substitution {
public:
    Substitution(Problems& problems, std::size_t& nodes) : problems_(problems), nodes_(nodes) {}
    void give(const Word& name, const Expr& value) { given_[name.text] = value; }

    void apply(Expr& expr);
    void apply(Effect& effect);
    void apply(Rule& rule);
    void apply(Segment& segment);

private:
    void apply(Word& name);
    void count(const Where& where);
    template <typename T>
    void apply_all(std::vector<T>& list) {
        for (T& each : list) apply(each);
    }
    void apply_fields(std::vector<FieldValue>& fields) {
        for (FieldValue& field : fields) apply(field.value);
    }

    std::map<std::string, Expr> given_;
    Problems& problems_;
    std::size_t& nodes_;
};

// One way to give each name of a `for` its value.
struct Way {
    std::string suffix;  // "_0_RST": what a rule or a segment of this way has behind its name
    Substitution values;
};

// All ways, in the order of the values, the last name's fastest. `segments` are what `any segment`, and the name of a
// segment with a `for` of its own, stand for: each declared name with those that it became. Without choices there is
// one way. Throws SpecError where there are more than `most_names`.
std::vector<Way> ways(const std::vector<Choice>& choices,
                      const std::vector<std::pair<std::string, std::vector<std::string>>>& segments, Problems& problems,
                      std::size_t& nodes);

}  // namespace lastack::syntax
