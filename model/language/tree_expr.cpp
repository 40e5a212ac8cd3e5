// Expressions of rules and claims, from the parse tree.
#include "model/language/tree.h"

#include <algorithm>
#include <map>

namespace lastack::syntax {

using namespace grammar;

namespace {

Op operator_of(std::string_view sign) {
    static const std::map<std::string_view, Op> operators = {{"==", Op::eq}, {"!=", Op::ne},     {"<", Op::lt},
                                                             {"<=", Op::le}, {">", Op::gt},      {">=", Op::ge},
                                                             {"+", Op::add}, {"-", Op::subtract}};
    return operators.at(sign.substr(0, sign.find_first_of(" \t\r\n#")));
}

}  // namespace

// The parser bounds nesting; this bounds what chains of operators add, so that everything behind may recurse.
Expr TreeReader::joined(Op op, std::vector<Expr> args, const Where& where) const {
    Expr expr;
    expr.op = op;
    expr.where = where;
    for (const Expr& arg : args) expr.depth = std::max(expr.depth, arg.depth + 1);
    if (expr.depth > deepest_tree)
        throw SpecError(where, "an expression with more than " + std::to_string(deepest_tree) + " levels");
    expr.args = std::move(args);
    return expr;
}

// a op b op c: the tree leans to the left.
Expr TreeReader::chain(const Node& node) {
    const bool with_operators = !is<conjunction>(node) && !is<disjunction>(node) && !is<grammar::expression>(node);
    const Op fixed = is<conjunction>(node) ? Op::and_ : is<disjunction>(node) ? Op::or_ : Op::implies;
    Expr left = expression(*node.children.front());
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const Op op = with_operators ? operator_of(node.children[i++]->string_view()) : fixed;
        std::vector<Expr> args;
        args.push_back(std::move(left));
        args.push_back(expression(*node.children[i]));
        left = joined(op, std::move(args), where(node));
    }
    return left;
}

Expr TreeReader::expression(const Node& node) {
    if (is<sum>(node) || node.is_type<count_sum>() || is<comparison>(node) || is<conjunction>(node) ||
        is<disjunction>(node) || is<grammar::expression>(node)) {
        return chain(node);
    }
    if (is<negation>(node)) {
        std::vector<Expr> args;
        args.push_back(expression(*node.children.front()));
        return joined(Op::not_, std::move(args), where(node));
    }
    return leaf(node);
}

Expr TreeReader::leaf(const Node& node) {
    Expr expr;
    expr.where = where(node);
    if (node.is_type<literal>()) {
        expr.value = integer(*node.children.front());
    } else if (node.is_type<one_word>()) {
        expr.value = 1;
    } else if (node.is_type<true_word>() || node.is_type<false_word>()) {
        expr.boolean = true;
        expr.value = node.is_type<true_word>() ? 1 : 0;
    } else if (node.is_type<free_word>()) {
        expr.op = Op::variable;
        expr.word = word_of(node, 0);
    } else if (node.is_type<segment_field>()) {
        expr.op = Op::field;
        expr.word = word_of(node, 0);
    } else if (node.is_type<grammar::state_in>()) {
        expr.op = Op::state_in;
        expr.words = words<capital_name>(node);
    } else if (node.is_type<state_is>()) {
        expr.op = Op::state_in;
        expr.words = words<capital_name>(node);
        expr.one_state = true;
        if (has<is_not>(node)) {
            std::vector<Expr> args;
            args.push_back(std::move(expr));
            return joined(Op::not_, std::move(args), where(node));
        }
    } else if (node.is_type<segment_is>()) {
        expr.op = Op::kind_in;
        expr.words = words<name>(node);
    } else if (node.is_type<grammar::running>()) {
        expr.op = Op::running;
        expr.word = word_of(node, 0);
    } else {
        return claim_leaf(node);
    }
    return expr;
}

Formula TreeReader::formula_of(Formula::Kind kind, std::vector<Formula> args, const Where& place) const {
    Formula formula;
    formula.kind = kind;
    formula.where = place;
    for (const Formula& arg : args) formula.depth = std::max(formula.depth, arg.depth + 1);
    if (formula.depth > deepest_tree)
        throw SpecError(place, "a formula with more than " + std::to_string(deepest_tree) + " levels");
    formula.args = std::move(args);
    return formula;
}

// a op b op c: the tree leans to the left. Connectives have no sign of their own between their operands.
Formula TreeReader::formula_chain(const Node& node) {
    using Kind = Formula::Kind;
    static const std::map<std::string_view, Kind> kinds = {
        {"+", Kind::add}, {"-", Kind::subtract}, {"*", Kind::multiply}, {"/", Kind::divide}, {"==", Kind::eq},
        {"!=", Kind::ne}, {"<", Kind::lt},       {"<=", Kind::le},      {">", Kind::gt},     {">=", Kind::ge}};
    const bool with_signs =
        node.is_type<formula_terms>() || node.is_type<formula_product>() || node.is_type<formula_comparison>();
    Kind kind = node.is_type<formula_all>()         ? Kind::both
                : node.is_type<formula_condition>() ? Kind::either
                                                    : Kind::power;
    Formula left = formula(*node.children.front());
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        if (with_signs) kind = kinds.at(word(*node.children[i++]).text);
        std::vector<Formula> args;
        args.push_back(std::move(left));
        args.push_back(formula(*node.children[i]));
        left = formula_of(kind, std::move(args), where(node));
    }
    return left;
}

Formula TreeReader::formula(const Node& node) {
    using Kind = Formula::Kind;
    Formula found;
    found.where = where(node);
    if (node.is_type<formula_number>()) {
        found.number = integer(*node.children.front());
        return found;
    }
    if (node.is_type<formula_name>()) {
        found.kind = Kind::name;
        found.name = word_of(node, 0).text;
        return found;
    }
    if (!node.is_type<formula_choice>() && !node.is_type<formula_extreme>()) return formula_chain(node);
    std::vector<Formula> args;
    for (const auto& each : node.children) {
        if (!each->is_type<extreme_word>()) args.push_back(formula(*each));
    }
    const bool least = node.is_type<formula_extreme>() && word_of(node, 0).text == "min";
    return formula_of(node.is_type<formula_choice>() ? Kind::choose
                      : least                        ? Kind::least
                                                     : Kind::greatest,
                      std::move(args), where(node));
}

// A step or a segment in flight: the end, and what the bracket says of the segment. Where it counts, it is a number
// that is compared.
Expr TreeReader::event(const Node& node, Op op, const Word& end, const Where& place) {
    std::vector<Expr> args;
    if (const Node* condition = child<bracket>(node)) args.push_back(expression(*condition->children.front()));
    Expr found = joined(op, std::move(args), place);
    found.end = end;
    const Node* const how_many = child<counted>(node);
    if (!how_many) return found;
    found.counts = true;
    const Node& kind = *how_many->children.front();
    std::vector<Expr> sides;
    sides.push_back(std::move(found));
    sides.push_back(expression(*how_many->children.back()));
    return joined(kind.is_type<exactly>()   ? Op::eq
                  : kind.is_type<at_most>() ? Op::le
                                            : Op::ge,
                  std::move(sides), place);
}

// `first`: the child that names the end; the next one says what of it.
Expr TreeReader::about_end(const Node& node, std::size_t first) {
    const Node& what = *node.children[first + 1];
    const auto read = [&](Op op) {
        Expr inner;
        inner.op = op;
        inner.where = where(what);
        if (op == Op::state_in) {
            inner.words = words<capital_name>(what);
        } else {
            inner.word = word_of(what, 0);
        }
        std::vector<Expr> args;
        args.push_back(std::move(inner));
        return joined(Op::at_end, std::move(args), where(node));
    };
    const auto happens = [&](Op op) {
        Expr expr = joined(op, {}, where(node));
        expr.word = word_of(what, 0);
        return expr;
    };
    Expr expr;
    if (what.is_type<end_in>())
        expr = read(Op::state_in);
    else if (what.is_type<end_member>())
        expr = read(Op::variable);
    else if (what.is_type<end_runs>())
        expr = read(Op::running);
    else if (what.is_type<end_calls>())
        expr = happens(Op::calls);
    else if (what.is_type<end_expires>())
        expr = happens(Op::expires);
    else if (what.is_type<end_signals>())
        expr = happens(Op::signals);
    else if (what.is_type<end_fires>())
        expr = happens(Op::fires);
    else if (what.is_type<end_returns>())
        expr = happens(Op::returns);
    else
        return event(what, what.is_type<end_gets>() ? Op::gets : Op::sends, word_of(node, first), where(node));
    expr.end = word_of(node, first);
    expr.where = where(node);
    return expr;
}

Expr TreeReader::claim_leaf(const Node& node) {
    Expr expr;
    if (node.is_type<quantified>()) {
        std::vector<Expr> args;
        args.push_back(expression(*node.children.back()));
        expr = joined(has<some_word>(node) ? Op::some : Op::each, std::move(args), where(node));
        expr.words = words<name>(node);
    } else if (node.is_type<applied>()) {
        std::vector<Expr> args;
        for (std::size_t i = 1; i < node.children.size(); ++i) args.push_back(expression(*node.children[i]));
        expr = joined(Op::variable, std::move(args), where(node));
        expr.word = word_of(node, 0);
        expr.applied = true;
    } else if (node.is_type<states_given>()) {
        expr = joined(Op::state_in, {}, where(node));
        expr.words = words<capital_name>(node);
    } else if (node.is_type<grammar::quiet>()) {
        expr = joined(Op::quiet, {}, where(node));
    } else if (node.is_type<at_next>() || node.is_type<grammar::at_end>()) {
        expr = about_end(node, 0);
        expr.next = node.is_type<at_next>();
    } else {
        expr = event(node,
                     node.is_type<grammar::in_flight>() ? Op::in_flight
                     : node.is_type<grammar::lost>()    ? Op::lost
                                                        : Op::doubled,
                     word_of(node, 0), where(node));
    }
    return expr;
}

}  // namespace lastack::syntax
