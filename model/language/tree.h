// From PEGTL's parse tree to model/language/syntax.h. One method reads one grammar rule of the same name.
#pragma once

#include <memory>
#include <string>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "model/language/grammar_items.h"
#include "model/language/syntax.h"
#include "model/source.h"

namespace lastack::syntax {

using Node = tao::pegtl::parse_tree::node;

// Of one spec file (model/language/parser.cpp). Throws SpecError for the first syntax error. The source must outlive
// the tree.
std::unique_ptr<Node> parse_tree(const std::shared_ptr<const SourceText>& source);

class TreeReader {
public:
    TreeReader(const std::shared_ptr<const SourceText>& source, Problems& problems)
        : places_(source), problems_(problems) {}
    File file(const Node& root);

private:
    // Finding one's way in the tree.
    template <typename Rule>
    static const Node* child(const Node& node) {
        for (const auto& each : node.children) {
            if (each->is_type<Rule>()) return each.get();
        }
        return nullptr;
    }
    template <typename Rule>
    static bool has(const Node& node) {
        return child<Rule>(node) != nullptr;
    }
    template <template <typename> class Rule>
    static bool is(const Node& node) {
        return node.is_type<Rule<grammar::in_rules>>() || node.is_type<Rule<grammar::in_claims>>();
    }
    Where where(const Node& node) const;
    Word word(const Node& node) const;  // of a leaf
    Word word_of(const Node& node, std::size_t i) const { return word(*node.children[i]); }
    template <typename Rule>
    std::vector<Word> words(const Node& node) const {
        std::vector<Word> found;
        for (const auto& each : node.children) {
            if (each->is_type<Rule>()) found.push_back(word(*each));
        }
        return found;
    }
    int integer(const Node& node);                // bounded; too large a number is a problem
    std::string string(const Node& node) const;   // without quotes and backslashes
    std::string text_of(const Node& node) const;  // of the node's own text child; empty where there is none
    Remark remark(const Node& node) const;        // text and citation
    Formula duration(const Node& node);
    std::int64_t fixed_duration(const Node& node);
    Formula formula(const Node& node);
    Formula formula_chain(const Node& node);
    Formula formula_of(Formula::Kind kind, std::vector<Formula> args, const Where& where) const;

    // tree_expr.cpp
    Expr expression(const Node& node);
    Expr chain(const Node& node);
    Expr leaf(const Node& node);
    Expr claim_leaf(const Node& node);
    Expr about_end(const Node& node, std::size_t first);
    Expr event(const Node& node, Op op, const Word& end, const Where& place);
    Expr joined(Op op, std::vector<Expr> args, const Where& where) const;

    // tree_rules.cpp
    Rule rule(const Node& node);
    Case rule_case(const Node& node);
    std::vector<Effect> block(const Node& node);
    Effect effect(const Node& node);
    std::vector<FieldValue> fields(const Node& node);
    std::vector<Choice> choices(const Node& node);
    Step step(const Node& node);
    std::vector<Rule> rules(const Node& node);
    Handler handler(const Node& node);

    // tree_items.cpp
    Profile profile(const Node& node);
    void item(const Node& node, std::vector<Item>& items);
    void drops(const Node& node, std::vector<Item>& items) const;
    void arriving_segment(const Node& node, std::vector<Item>& items);
    std::vector<State> states(const Node& node);
    Limit limit(const Node& node);
    Setting setting(const Node& node);
    void setting_value(const Node& value, Setting& setting) const;
    Timer timer(const Node& node);
    std::vector<Variable> variables(const Node& node);
    std::vector<Field> own_fields(const Node& node);
    Let let(const Node& node);
    Segment segment(const Node& node);
    NamedEffect named_effect(const Node& node);
    System system(const Node& node);
    SystemParts system_parts(const Node& node);
    void system_part(const Node& node, SystemParts& parts);
    void calls(const Node& node, SystemParts& parts);
    Network network(const Node& node);
    Claim claim(const Node& node);
    Predicate predicate(const Node& node);
    Fairness fairness(const Node& node);
    Expectation expectation(const Node& node);

    Places places_;
    Problems& problems_;
};

}  // namespace lastack::syntax
