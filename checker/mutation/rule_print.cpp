#include "checker/mutation/rule_print.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lastack {

namespace {

// Indices are told by the names that they stand for: a mutant may have more variables, timers and segments.
class Printer {
public:
    explicit Printer(const Profile& profile) : profile_(profile) {}

    std::string text(const Rule& rule) {
        text_ = rule.may ? "may" : "";
        for (const Case& one : rule.cases) {
            text_ += "|";
            for (const int state : one.from) text_ += profile_.states[static_cast<std::size_t>(state)].name + ",";
            add(one.guard);
            text_ += one.to < 0 ? "" : "->" + profile_.states[static_cast<std::size_t>(one.to)].name;
            add(one.effects);
        }
        return text_;
    }

private:
    void add(const std::optional<Expr>& expr) {
        if (expr) add(*expr);
        text_ += ";";
    }
    void add(const Expr& expr) {
        text_ += fmt::format("({} {} {}", static_cast<int>(expr.op), expr.value, expr.name);
        if (expr.op == Op::running) text_ += profile_.timers[static_cast<std::size_t>(expr.index)].name;
        text_ += fmt::format("{}", fmt::join(expr.states, ","));
        for (const Expr& arg : expr.args) add(arg);
        text_ += ")";
    }
    void add(const std::vector<Effect>& effects) {
        text_ += "{";
        for (const Effect& effect : effects) {
            text_ += fmt::format("{} {} {}", static_cast<int>(effect.kind), effect.name, name_of(effect));
            if (effect.kind == Effect::Kind::send) add(profile_.segments[static_cast<std::size_t>(effect.index)]);
            for (const std::optional<Expr>* value : {&effect.value, &effect.seq, &effect.ack, &effect.len}) add(*value);
            for (const std::optional<Expr>& value : effect.own) add(value);
            add(effect.then);
            add(effect.otherwise);
        }
        text_ += "}";
    }
    void add(const SegmentTemplate& segment) {
        text_ += fmt::format("{}{}{}{}", segment.fin, segment.syn, segment.rst, segment.kind);
        for (const std::optional<Expr>* value : {&segment.seq, &segment.ack, &segment.len, &segment.zero_window})
            add(*value);
        for (const std::optional<Expr>& value : segment.own) add(value);
    }
    std::string name_of(const Effect& effect) const {
        const auto index = static_cast<std::size_t>(effect.index);
        switch (effect.kind) {
            case Effect::Kind::assign: return profile_.variables[index].name;
            case Effect::Kind::start:
            case Effect::Kind::stop: return profile_.timers[index].name;
            default: return "";
        }
    }

    const Profile& profile_;
    std::string text_;
};

}  // namespace

std::map<std::string, std::string> RulePrints::prints_of(const Profile& profile) {
    std::map<std::string, std::string> prints;
    Printer printer(profile);
    for (const Handler& handler : profile.handlers)
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules) prints[rule.name] = printer.text(rule);
    return prints;
}

std::set<std::string> RulePrints::differing(const Profile& other) const {
    std::set<std::string> names;
    const std::map<std::string, std::string> of_other = prints_of(other);
    for (const auto* prints : {&prints_, &of_other}) {
        const auto& partner = prints == &prints_ ? of_other : prints_;
        for (const auto& [name, text] : *prints) {
            const auto found = partner.find(name);
            if (found == partner.end() || found->second != text) names.insert(name);
        }
    }
    return names;
}

}  // namespace lastack
