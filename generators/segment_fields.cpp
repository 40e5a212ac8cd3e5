#include "generators/segment_fields.h"

namespace lastack {

namespace {

void note(const Expr& expr, SegmentFields& fields) {
    if (expr.op == Op::field) {
        fields.zero_window |= expr.name == "zero_window";
        fields.era |= expr.name == "era";
    }
    for (const Expr& arg : expr.args) note(arg, fields);
}

void note(const std::optional<Expr>& expr, SegmentFields& fields) {
    if (expr) note(*expr, fields);
}

void note(const std::vector<Effect>& effects, SegmentFields& fields) {
    for (const Effect& effect : effects) {
        for (const auto* expr : {&effect.value, &effect.seq, &effect.ack, &effect.len}) note(*expr, fields);
        note(effect.then, fields);
        note(effect.otherwise, fields);
    }
}

void note(const Profile& profile, SegmentFields& fields) {
    for (const SegmentTemplate& shape : profile.segments) {
        fields.zero_window |= shape.zero_window.has_value();
        fields.era |= shape.era.has_value();
    }
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                for (const Case& one : rule.cases) {
                    note(one.guard, fields);
                    note(one.effects, fields);
                }
            }
        }
    }
}

}  // namespace

SegmentFields used_fields(const Profile& a, const Profile& b) {
    SegmentFields fields;
    note(a, fields);
    note(b, fields);
    return fields;
}

}  // namespace lastack
