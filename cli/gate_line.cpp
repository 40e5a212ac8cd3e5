#include "cli/gate_line.h"

#include <fmt/format.h>

#include "cli/session.h"
#include "report/check_text.h"

namespace lastack {

std::string gate_line(const std::string& profile, const std::string& target, const std::vector<ReportItem>& items,
                      int code) {
    using Kind = ReportItem::Kind;
    constexpr std::size_t columns = 80;
    std::size_t vectors = 0, skipped = 0, open = 0, errors = 0;
    std::string surprises;
    for (const ReportItem& one : items) {
        vectors += one.group == vectors_group(target);
        skipped += one.kind == Kind::skipped;
        open += one.kind == Kind::inconclusive;
        errors += one.kind == Kind::error;
        if (one.kind == Kind::surprise) surprises += (surprises.empty() ? "" : ", ") + one.id;
    }
    const std::string word = code == exit_ok ? "ok" : fmt::format("exit {}", code);
    std::string line =
        fmt::format("{}: {} on {}: {} claims, {} vectors", word, profile, target, items.size() - vectors, vectors);
    const auto add = [&](std::size_t count, const char* what) {
        if (count > 0) line += fmt::format(", {} {}", count, what);
    };
    add(skipped, "skipped");
    add(open, "inconclusive");
    add(errors, "errors");
    if (!surprises.empty()) line += "; surprises: " + surprises;
    return clipped(line, columns) + "\n";
}

}  // namespace lastack
