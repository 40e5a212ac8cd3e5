#include "model/language/substitute.h"

#include <algorithm>

namespace lastack::syntax {

namespace {

using Segments = std::vector<std::pair<std::string, std::vector<std::string>>>;

Expr number_at(int value, const Where& where) {
    Expr expr;
    expr.value = value;
    expr.where = where;
    return expr;
}

Expr name_at(const std::string& name, const Where& where) {
    Expr expr;
    expr.op = Op::variable;
    expr.word = {name, where};
    expr.where = where;
    return expr;
}

// The value of a bound once the names before it stand for numbers; nothing where something else is in it.
std::optional<int> fixed(const Expr& expr) {
    if (expr.op == Op::constant && !expr.boolean) return expr.value;
    if (expr.op != Op::add && expr.op != Op::subtract) return std::nullopt;
    const std::optional<int> left = fixed(expr.args[0]);
    const std::optional<int> right = fixed(expr.args[1]);
    if (!left || !right) return std::nullopt;
    return expr.op == Op::add ? *left + *right : *left - *right;
}

// What a name of `for` runs through, each value with what it adds to names.
std::vector<std::pair<std::string, Expr>> values_of(const Choice& choice, Substitution& before,
                                                    const Segments& segments, Problems& problems) {
    std::vector<std::pair<std::string, Expr>> values;
    const auto add_name = [&](const std::string& name, const Where& where) {
        values.emplace_back("_" + name, name_at(name, where));
    };
    if (choice.any_segment) {
        for (const auto& [declared, made] : segments) {
            for (const std::string& name : made) add_name(name, choice.name.where);
        }
        return values;
    }
    for (const Word& name : choice.names) {
        const auto known =
            std::find_if(segments.begin(), segments.end(), [&](const auto& each) { return each.first == name.text; });
        if (known == segments.end()) add_name(name.text, name.where);
        if (known == segments.end()) continue;
        for (const std::string& made : known->second) add_name(made, name.where);
    }
    if (!choice.low) return values;
    constexpr int largest = 255;  // as of variables
    int bounds[2] = {0, 0};
    const Expr* given[2] = {&*choice.low, &*choice.high};
    for (const int i : {0, 1}) {
        Expr bound = *given[i];
        before.apply(bound);
        const std::optional<int> value = fixed(bound);
        if (!value || *value < 0 || *value > largest) {
            problems.add(given[i]->where, "'for' runs from one number to another, inside of 0.." +
                                              std::to_string(largest) + "; only names of this 'for' may be in them");
            return values;
        }
        bounds[i] = *value;
    }
    for (int value = bounds[0]; value <= bounds[1]; ++value)
        values.emplace_back("_" + std::to_string(value), number_at(value, choice.name.where));
    return values;
}

}  // namespace

void Substitution::count(const Where& where) {
    constexpr std::size_t most = 1'000'000;
    if (++nodes_ > most)
        throw SpecError(where, "the named effects and the 'for' of this profile add too much, all uses taken together");
}

void Substitution::apply(Word& name) {
    const auto given = given_.find(name.text);
    if (given == given_.end()) return;
    if (given->second.op == Op::variable) {
        name = given->second.word;
        return;
    }
    problems_.add(given->second.where, "'" + name.text + "' stands for a name; this is none");
}

// `for` bounds and arguments are trees of bounded depth, and so is what comes of putting one into the other.
void Substitution::apply(Expr& expr) {
    count(expr.where);
    if (expr.op == Op::running) {
        apply(expr.word);
        return;
    }
    if (expr.op == Op::kind_in) {
        apply_all(expr.words);
        return;
    }
    if (expr.op == Op::variable) {
        const auto given = given_.find(expr.word.text);
        if (given != given_.end()) expr = given->second;
        return;
    }
    expr.depth = 1;
    for (Expr& arg : expr.args) {
        apply(arg);
        expr.depth = std::max(expr.depth, arg.depth + 1);
    }
    if (expr.depth > deepest_tree)
        throw SpecError(expr.where, "an expression with more than " + std::to_string(deepest_tree) + " levels");
}

void Substitution::apply(Effect& effect) {
    count(effect.where);
    if (!effect.use && effect.kind != lastack::Effect::Kind::branch) apply(effect.word);
    if (effect.value) apply(*effect.value);
    apply_all(effect.args);
    apply_fields(effect.fields);
    apply_all(effect.then);
    apply_all(effect.otherwise);
}

void Substitution::apply(Rule& rule) {
    for (Case& each : rule.cases) {
        if (each.guard) apply(*each.guard);
        apply_all(each.effects);
    }
}

void Substitution::apply(Segment& segment) { apply_fields(segment.fields); }

std::vector<Way> ways(const std::vector<Choice>& choices, const Segments& segments, Problems& problems,
                      std::size_t& nodes) {
    std::vector<Way> all{{"", Substitution(problems, nodes)}};
    for (const Choice& choice : choices) {
        std::vector<Way> longer;
        for (Way& way : all) {
            for (const auto& [suffix, value] : values_of(choice, way.values, segments, problems)) {
                if (longer.size() >= most_names)
                    throw SpecError(choice.name.where, "'for' makes more than " + std::to_string(most_names));
                longer.push_back({way.suffix + suffix, way.values});
                longer.back().values.give(choice.name, value);
            }
        }
        all = std::move(longer);
    }
    return all;
}

}  // namespace lastack::syntax
