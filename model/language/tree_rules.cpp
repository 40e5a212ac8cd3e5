// Handlers, steps, rules and effects, from the parse tree.
#include "model/language/tree.h"

namespace lastack::syntax {

using namespace grammar;

std::vector<FieldValue> TreeReader::fields(const Node& node) {
    std::vector<FieldValue> found;
    for (const auto& each : node.children) {
        const bool own = each->is_type<own_value>() || each->is_type<own_field>();
        if (!own && !each->is_type<field_value>()) continue;
        FieldValue field{word_of(*each, 0), {}, each->children.size() == 1};
        if (field.alone) {
            field.value.where = field.field.where;
            field.value.boolean = true;
            field.value.value = 1;
        } else {
            field.value = expression(*each->children[1]);
        }
        found.push_back(std::move(field));
    }
    return found;
}

std::vector<Effect> TreeReader::block(const Node& node) {
    std::vector<Effect> effects;
    effects.reserve(node.children.size());
    for (const auto& each : node.children) effects.push_back(effect(*each));
    return effects;
}

// Of a rule or of a segment; without `for` there are none.
std::vector<Choice> TreeReader::choices(const Node& node) {
    std::vector<Choice> found;
    const Node* list = child<grammar::choices>(node);
    if (!list) return found;
    for (const auto& each : list->children) {
        const Node& values = *each->children[1];
        Choice one;
        one.name = word_of(*each, 0);
        one.any_segment = values.is_type<any_segment>();
        if (values.is_type<value_names>()) one.names = words<name>(values);
        if (values.is_type<value_range>()) {
            one.low = expression(*values.children[0]);
            one.high = expression(*values.children[1]);
        }
        found.push_back(std::move(one));
    }
    return found;
}

NamedEffect TreeReader::named_effect(const Node& node) {
    NamedEffect found;
    found.name = word(*child<name>(node));
    if (const Node* list = child<parameters>(node)) found.parameters = words<name>(*list);
    found.body = block(*child<grammar::block>(node));
    return found;
}

// The first child of an effect, where it has any, is the name that it is about; `if` has a condition there.
Effect TreeReader::effect(const Node& node) {
    using Kind = lastack::Effect::Kind;
    Effect effect;
    effect.where = where(node);
    if (node.is_type<branch>()) {
        effect.kind = Kind::branch;
        effect.value = expression(*node.children[0]);
        effect.then = block(*node.children[1]);
        if (node.children.size() > 2) effect.otherwise = block(*node.children[2]);
        return effect;
    }
    if (!node.children.empty()) effect.word = word_of(node, 0);
    if (node.is_type<used_effect>()) {
        effect.use = true;
        for (std::size_t i = 1; i < node.children.size(); ++i) effect.args.push_back(expression(*node.children[i]));
    } else if (node.is_type<assign>()) {
        effect.kind = Kind::assign;
        effect.sign = word_of(node, 1).text;
        effect.value = expression(*node.children[2]);
    } else if (node.is_type<set_flag>() || node.is_type<clear_flag>()) {
        effect.kind = Kind::assign;
        effect.sign = node.is_type<set_flag>() ? "set" : "clear";
    } else if (node.is_type<send>()) {
        effect.kind = Kind::send;
        effect.fields = fields(node);
    } else if (node.is_type<start>()) {
        effect.kind = Kind::start;
    } else if (node.is_type<stop>()) {
        effect.kind = Kind::stop;
    } else if (node.is_type<stop_all>()) {
        effect.kind = Kind::stop_all;
    } else if (node.is_type<signal>()) {
        effect.kind = Kind::signal;
    } else if (node.is_type<returns>()) {
        effect.kind = Kind::result;
    }
    return effect;
}

// States may be followed by a guard, a target and a block; the grammar asks for one of the last two.
Case TreeReader::rule_case(const Node& node) {
    Case found;
    const Node& from = *node.children.front();
    found.any = from.is_type<any_state>();
    found.states = words<capital_name>(from);
    found.where = where(node);
    if (const Node* condition = child<guard>(node)) found.guard = expression(*condition->children.front());
    if (const Node* to = child<target>(node)) found.target = word_of(*to, 0);
    if (const Node* effects = child<grammar::block>(node)) found.effects = block(*effects);
    return found;
}

// A missing sentence or citation is left to the resolver, which can name the rule.
Rule TreeReader::rule(const Node& node) {
    Rule found;
    found.replaces = has<replace>(node);
    found.may = has<may>(node);
    found.name = word(*child<name>(node));
    found.choices = choices(node);
    found.sentence = remark(node);
    for (const auto& each : node.children) {
        if (each->is_type<grammar::rule_case>()) found.cases.push_back(rule_case(*each));
    }
    return found;
}

Step TreeReader::step(const Node& node) {
    Step found;
    found.name = word_of(node, 0);
    if (const Node* place = child<place_before>(node)) found.before = word_of(*place, 0);
    if (const Node* place = child<place_after>(node)) found.after = word_of(*place, 0);
    found.title = text_of(node);
    found.rules = rules(node);
    return found;
}

// Of a step, a call or a timer, whose citation is that of the rules that have none.
std::vector<Rule> TreeReader::rules(const Node& node) {
    const std::string cites = remark(node).cites;
    std::vector<Rule> found;
    for (const auto& each : node.children) {
        if (!each->is_type<grammar::rule>()) continue;
        found.push_back(rule(*each));
        if (found.back().sentence.cites.empty()) found.back().sentence.cites = cites;
    }
    return found;
}

// Of a call or a timer.
Handler TreeReader::handler(const Node& node) {
    Handler found;
    found.trigger = node.is_type<on_call>() ? Trigger::call : Trigger::timer;
    found.name = word_of(node, 0);
    Step only;
    only.name.where = found.name.where;
    only.rules = rules(node);
    found.steps.push_back(std::move(only));
    return found;
}

}  // namespace lastack::syntax
