// The lists of the HTML report: claims with their ladders, vectors with plan and exchange.
#include <fmt/format.h>

#include <algorithm>

#include "checker/trace/plain_system.h"
#include "report/html_sections.h"
#include "report/run_text.h"
#include "report/svg_ladder.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr const char* left_out = "<p>Left out here, since the file would become too large.</p>\n";

std::string place_of(const Where& where) {
    return where.source ? fmt::format("{}:{}", where.source->name, where.line) : "";
}

std::string fact(const std::string& term, const std::string& what) {
    return what.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, xml_escaped(what));
}

std::string summary(const ReportItem& item, const std::string& id, const std::string& said = "") {
    return fmt::format("<summary><span class=\"verdict\">{}</span> <code>{}</code> {}{}</summary>\n",
                       xml_escaped(item.verdict), xml_escaped(id), xml_escaped(item.sentence),
                       said.empty() ? "" : " <span class=\"said\">" + xml_escaped(said) + "</span>");
}

std::vector<std::string> kinds_of(const std::vector<ReportItem>& items) {
    std::vector<std::string> kinds;
    for (const ReportItem& item : items) kinds.push_back(html_kind(item));
    return kinds;
}

std::string lines(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& one : all) text += (text.empty() ? "" : "\n") + xml_escaped(one);
    return text;
}

std::string exchange(const TestVector& vector, const TestRun& run) {
    std::string rows;
    for (const PlanRow& row : plan_rows(vector, run))
        rows += fmt::format("<tr{}><th scope=\"row\">{}</th><td><pre>{}</pre></td><td><pre>{}</pre></td></tr>\n",
                            row.failed ? " class=\"failed\"" : "", row.label, lines(row.planned), lines(row.observed));
    return "<table class=\"exchange\">\n<thead><tr><th scope=\"col\">step</th>"
           "<th scope=\"col\">planned (&lt; to the stack, &gt; from it)</th><th "
           "scope=\"col\">observed</th></tr></thead>\n"
           "<tbody>\n" +
           rows + "</tbody></table>\n";
}

}  // namespace

std::string html_kind(const ReportItem& item) {
    switch (item.kind) {
        case ReportItem::Kind::surprise:
        case ReportItem::Kind::error: return "surprise";
        case ReportItem::Kind::inconclusive: return "open";
        case ReportItem::Kind::skipped: return "skipped";
        case ReportItem::Kind::as_expected: break;
    }
    const bool news = item.verdict.starts_with("false") || item.verdict == "breaks it" || item.verdict == "differs";
    return news ? "false" : "true";
}

std::string html_filters(const std::string& group, const std::vector<HtmlFilter>& filters,
                         const std::vector<std::string>& kinds) {
    std::string text = "<fieldset class=\"filter\"><legend>Show</legend>\n";
    for (const HtmlFilter& one : filters) {
        const auto count = one.name == "all" ? static_cast<std::ptrdiff_t>(kinds.size())
                                             : std::count(kinds.begin(), kinds.end(), one.name);
        if (count == 0 && one.name != "all" && one.name != "surprise") continue;
        text += fmt::format("<label><input type=\"radio\" name=\"{0}\" class=\"f-{1}\"{2}/> {3} ({4})</label>\n", group,
                            one.name, one.name == "all" ? " checked=\"checked\"" : "", one.label, count);
    }
    return text + "</fieldset>\n";
}

std::string html_claims(const Spec& spec, const CheckReport& report, const std::vector<ReportItem>& items,
                        HtmlBudget& budget) {
    std::string out = "<section id=\"claims\" aria-labelledby=\"claims-h\">\n<h2 id=\"claims-h\">Claims</h2>\n" +
                      html_filters("claims",
                                   {{"all", "all"},
                                    {"surprise", "surprises"},
                                    {"true", "true"},
                                    {"false", "false, as expected"},
                                    {"open", "not decided"}},
                                   kinds_of(items));
    for (std::size_t i = 0; i < items.size(); ++i) {
        const CheckResult& result = report.claims[i];
        const ReportItem& item = items[i];
        const SystemDecl& system = *spec.system(result.claim->system);
        out += fmt::format("<details class=\"item k-{}\" id=\"claim-{}\">\n", html_kind(item), xml_escaped(item.id)) +
               summary(item, item.id) + "<dl>\n" + fact("answer", item.said) + fact("cites", item.cites) +
               fact("stated at", place_of(item.where)) +
               fact("asked of", system.name + (system.title.empty() ? "" : ": " + system.title)) +
               fact("limited by", result.note) + "</dl>\n";
        if (result.trace) {
            out += fmt::format("<p class=\"js\"><a href=\"#explore={}\">Step through this run</a></p>\n",
                               xml_escaped(item.id));
            const std::string picture = svg_ladder(PlainSystem(spec, system), *result.trace);
            out += budget.spend(picture.size()) ? "<div class=\"ladder\">\n" + picture + "</div>\n" : left_out;
        }
        out += "</details>\n";
    }
    return out + "</section>\n";
}

std::string html_vectors(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs,
                         const std::vector<ReportItem>& items, HtmlBudget& budget) {
    std::string out = "<section id=\"vectors\" aria-labelledby=\"vectors-h\">\n<h2 id=\"vectors-h\">Vectors</h2>\n" +
                      html_filters("vectors",
                                   {{"all", "all"},
                                    {"surprise", "surprises"},
                                    {"true", "done as planned"},
                                    {"false", "findings: breaks a claim, or differs as expected"},
                                    {"open", "left open"},
                                    {"skipped", "not driven"}},
                                   kinds_of(items));
    for (std::size_t i = 0; i < items.size(); ++i) {
        const ReportItem& item = items[i];
        const bool quiet = runs[i].verdict == Verdict::pass;
        out += fmt::format("<details class=\"item k-{}\">\n", html_kind(item)) +
               summary(item, item.id, quiet ? "" : item.said) + "<dl>\n" + fact("what it did", item.said) +
               fact("cites", item.cites) + fact("rule at", place_of(item.where)) + "</dl>\n";
        if (runs[i].verdict != Verdict::skipped) {
            const std::string table = exchange(vectors[i], runs[i]);
            out += budget.spend(table.size()) ? table : left_out;
        }
        out += "</details>\n";
    }
    return out + "</section>\n";
}

}  // namespace lastack
