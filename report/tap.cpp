#include <fmt/format.h>

#include "report/report_items.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

// A '#' begins a directive, and a backslash escapes it; a line's end would end the test.
std::string description(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '#' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return out;
}

// A scalar of YAML in double quotes (YAML 1.2, 7.3.1).
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += fmt::format("\\{}", c);
        else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string diagnostics(const ReportItem& one) {
    std::string out = "  ---\n";
    out += "  message: " + quoted(one.said) + "\n";
    out += std::string("  severity: ") + (one.kind == Kind::error ? "error" : "fail") + "\n";
    if (one.where.source)
        out += fmt::format("  at: {}\n", quoted(fmt::format("{}:{}", one.where.source->name, one.where.line)));
    if (!one.cites.empty()) out += "  cites: " + quoted(one.cites) + "\n";
    if (!one.steps.empty()) out += "  steps:\n";
    for (const std::string& step : one.steps) out += "    - " + quoted(step) + "\n";
    return out + "  ...\n";
}

}  // namespace

std::string tap_text(const ReportHead& head, const std::vector<ReportItem>& items) {
    std::string out = fmt::format("TAP version 14\n# lastack {}, profile {}\n", head.version, head.profile);
    if (!head.target.empty()) out += "# target: " + head.target + "\n";
    out += fmt::format("1..{}\n", items.size());
    std::size_t number = 0;
    for (const ReportItem& one : items) {
        const bool bad = one.kind == Kind::surprise || one.kind == Kind::error;
        out += fmt::format("{} {} - {}: {}", bad ? "not ok" : "ok", ++number, description(one.id),
                           description(one.sentence));
        if (one.kind == Kind::inconclusive) out += " # SKIP inconclusive: " + description(one.said);
        if (one.kind == Kind::skipped) out += " # SKIP " + description(one.said);
        out += "\n" + (bad ? diagnostics(one) : "");
    }
    return out;
}

}  // namespace lastack
