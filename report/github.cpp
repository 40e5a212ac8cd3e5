#include <fmt/format.h>

#include "report/report_items.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

// Of a message `%` and line ends are escaped, of a property `:` and `,` as well.
std::string escaped(const std::string& text, bool property) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string github_text(const ReportHead& head, const std::vector<ReportItem>& items) {
    std::string out;
    for (const ReportItem& one : items) {
        if (one.kind == Kind::as_expected || one.kind == Kind::skipped) continue;
        std::string properties;
        if (one.where.source)
            properties = fmt::format("file={},line={},col={},", escaped(one.where.source->name, true), one.where.line,
                                     one.where.column);
        properties += "title=" + escaped(one.id + " of profile " + head.profile, true);
        const std::string message = one.sentence + ": " + one.said + (one.detail.empty() ? "" : "\n" + one.detail);
        out += fmt::format("::{} {}::{}\n", one.kind == Kind::inconclusive ? "notice" : "error", properties,
                           escaped(message, false));
    }
    return out;
}

}  // namespace lastack
