#include "checker/trace/trace.h"

#include <fmt/format.h>

namespace lastack {

std::string returned(const TraceStep& step) {
    return step.kind == TraceStep::Kind::call || step.result == "ok" ? "" : step.result;
}

std::string to_string(const TraceStep& step, const Vocabulary& vocabulary) {
    const char end = step.end == 0 ? 'A' : 'B';
    std::string text;
    switch (step.kind) {
        case TraceStep::Kind::call:
            text = fmt::format("{} calls {}", end, step.name);
            if (step.result != "ok") text += fmt::format(" = {}", step.result);
            break;
        case TraceStep::Kind::timer: text = fmt::format("{}'s timer {} expires", end, step.name); break;
        case TraceStep::Kind::deliver:
            text = fmt::format("{} gets {}", end, to_string(step.segment, vocabulary));
            break;
        case TraceStep::Kind::lose:
            text = fmt::format("the network loses {} from {}", to_string(step.segment, vocabulary), end);
            break;
        case TraceStep::Kind::duplicate:
            text = fmt::format("the network doubles {} from {}", to_string(step.segment, vocabulary), end);
            break;
    }
    for (std::size_t i = 0; i < step.sent.size(); ++i)
        text += (i == 0 ? ": sends " : ", ") + to_string(step.sent[i], vocabulary);
    if (const std::string& result = returned(step); !result.empty())
        text += fmt::format("; the call that waited returns {}", result);
    for (const std::string& signal : step.signals) text += fmt::format("; the application learns: {}", signal);
    return text;
}

}  // namespace lastack
