// For whoever writes an adapter: what it still does wrong, and where that is described.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/session.h"
#include "cli/verbs.h"
#include "generators/json_tree.h"
#include "harness/adapter_check.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::string word_of(AdapterStep::Outcome outcome) {
    switch (outcome) {
        case AdapterStep::Outcome::right: return "right";
        case AdapterStep::Outcome::wrong: return "WRONG";
        case AdapterStep::Outcome::not_tried: return "not tried";
        case AdapterStep::Outcome::lacking: return "lacking";
    }
    return "";
}

std::string text_of(const AdapterStep& step) {
    const bool wrong = step.outcome == AdapterStep::Outcome::wrong;
    std::string text = fmt::format("  {:<9}  {:<13}  ", word_of(step.outcome), step.name);
    text += wrapped(step.came.empty() || wrong ? step.expected : step.came, 28, 28) + "\n";
    if (wrong)
        text += fmt::format("{:28}{}\n{:28}docs/adapters.md#{}\n", "", wrapped(step.came, 28, 28), "", step.section);
    return text;
}

}  // namespace

int adapter_check_verb(const AdapterCheckArguments& arguments) {
    const auto place = adapter_place(arguments.place);
    if (!place) throw UsageError(fmt::format("'{}' is no adapter: exec:COMMAND or unix:PATH", arguments.place));
    AdapterPatience patience;
    patience.answer_ms = static_cast<std::int64_t>(arguments.patience * 1000);
    patience.start_ms = std::max(patience.start_ms, patience.answer_ms);  // an interpreter takes its time to start
    const std::vector<AdapterStep> steps = check_adapter(*place, patience);
    const auto of = [&](AdapterStep::Outcome outcome) {
        return std::count_if(steps.begin(), steps.end(),
                             [&](const AdapterStep& one) { return one.outcome == outcome; });
    };
    if (arguments.json) {
        JsonTree list = JsonTree::array();
        for (const AdapterStep& step : steps) {
            JsonTree one = JsonTree::object();
            one.set("step", step.name).set("outcome", word_of(step.outcome)).set("expected", step.expected);
            one.set("came", step.came).set("described", "docs/adapters.md#" + step.section);
            list.add(std::move(one));
        }
        std::fputs(list.text().c_str(), stdout);
    } else {
        for (const AdapterStep& step : steps) std::fputs(text_of(step).c_str(), stdout);
        fmt::print("  {} right, {} wrong, {} not tried, {} lacking\n", of(AdapterStep::Outcome::right),
                   of(AdapterStep::Outcome::wrong), of(AdapterStep::Outcome::not_tried),
                   of(AdapterStep::Outcome::lacking));
    }
    const bool good = of(AdapterStep::Outcome::wrong) + of(AdapterStep::Outcome::not_tried) == 0;
    return good ? exit_ok : exit_conformance;
}

}  // namespace lastack
