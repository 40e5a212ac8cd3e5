#include <fmt/format.h>

#include <map>

#include "report/report_items.h"
#include "report/xml.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

// Text between tags, where a line's end may stand as it is.
std::string body(const std::string& text) {
    std::string out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        out += xml_escaped(text.substr(from, end - from));
        if (end < text.size()) out += '\n';
        from = end + 1;
    }
    return out;
}

std::string element(const ReportItem& one) {
    const auto marked = [&](const char* name, const char* type) {
        return fmt::format(R"(      <{} type="{}" message="{}">{}</{}>)", name, type, xml_escaped(one.said),
                           body(one.detail), name) +
               "\n";
    };
    switch (one.kind) {
        case Kind::surprise: return marked("failure", "surprise");
        case Kind::error: return marked("error", "error");
        case Kind::inconclusive: return marked("skipped", "inconclusive");
        case Kind::skipped: return marked("skipped", "skipped");
        case Kind::as_expected: break;
    }
    return "      <system-out>" + body(one.said) + "</system-out>\n";
}

std::string counts(const std::vector<const ReportItem*>& items) {
    std::size_t failures = 0, errors = 0, skipped = 0;
    double seconds = 0;
    for (const ReportItem* one : items) {
        failures += one->kind == Kind::surprise;
        errors += one->kind == Kind::error;
        skipped += one->kind == Kind::skipped || one->kind == Kind::inconclusive;
        seconds += one->seconds;
    }
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")", items.size(), failures,
                       errors, skipped, seconds);
}

}  // namespace

std::string junit_text(const ReportHead& head, const std::vector<ReportItem>& items) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<const ReportItem*>> groups;
    std::vector<const ReportItem*> all;
    for (const ReportItem& one : items) {
        if (!groups.contains(one.group)) order.push_back(one.group);
        groups[one.group].push_back(&one);
        all.push_back(&one);
    }
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites name=\"lastack {}\" {}>\n", xml_escaped(head.version), counts(all));
    for (const std::string& group : order) {
        out +=
            fmt::format("  <testsuite name=\"{}\" {}>\n    <properties>\n", xml_escaped(group), counts(groups[group]));
        out += fmt::format("      <property name=\"profile\" value=\"{}\"/>\n", xml_escaped(head.profile));
        out += fmt::format("      <property name=\"target\" value=\"{}\"/>\n    </properties>\n",
                           xml_escaped(head.target));
        for (const ReportItem* one : groups[group]) {
            out += fmt::format(R"(    <testcase classname="{}" name="{}: {}" time="{:.3f}")", xml_escaped(head.profile),
                               xml_escaped(one->id), xml_escaped(one->sentence), one->seconds);
            if (one->where.source)
                out += fmt::format(R"( file="{}" line="{}")", xml_escaped(one->where.source->name), one->where.line);
            out += ">\n" + element(*one) + "    </testcase>\n";
        }
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

}  // namespace lastack
