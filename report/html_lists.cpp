// The lists of the HTML report: claims with their ladders, vectors with plan and exchange.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checker/trace/plain_system.h"
#include "report/html_sections.h"
#include "report/run_text.h"
#include "report/svg_ladder.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_heads = 500'000;  // bytes of vectors without their exchanges
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

// The plan beside what each stack did.
std::string exchange_text(const TestVector& vector, const std::vector<std::pair<std::string, const TestRun*>>& stacks) {
    std::vector<std::string> labels;
    std::map<std::string, std::vector<std::string>> planned;
    std::map<std::string, std::vector<std::string>> observed;  // a cell for each stack
    for (std::size_t stack = 0; stack < stacks.size(); ++stack) {
        for (const PlanRow& row : plan_rows(vector, *stacks[stack].second)) {
            if (!planned.contains(row.label)) labels.push_back(row.label);
            planned.emplace(row.label, row.planned);
            std::vector<std::string>& cells = observed[row.label];
            cells.resize(stacks.size());
            cells[stack] =
                fmt::format("<td{}><pre>{}</pre></td>", row.failed ? " class=\"failed\"" : "", lines(row.observed));
        }
    }
    // What came behind the last step has no label.
    std::stable_partition(labels.begin(), labels.end(), [](const std::string& label) { return !label.empty(); });
    std::string rows, head;
    for (const auto& [name, run] : stacks)
        head += "<th scope=\"col\">" + (stacks.size() == 1 ? "observed" : "observed on " + xml_escaped(name)) + "</th>";
    for (const std::string& label : labels) {
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td><pre>{}</pre></td>", label, lines(planned[label]));
        for (const std::string& cell : observed[label]) rows += cell.empty() ? "<td></td>" : cell;
        rows += "</tr>\n";
    }
    return "<table class=\"exchange\">\n<thead><tr><th scope=\"col\">step</th>"
           "<th scope=\"col\">planned (&lt; to the stack, &gt; from it)</th>" +
           head + "</tr></thead>\n<tbody>\n" + rows + "</tbody></table>\n";
}

std::vector<std::pair<std::string, const TestRun*>> stacks_of(const ReportedParts& parts, std::size_t vector) {
    std::vector<std::pair<std::string, const TestRun*>> stacks{{parts.target, &(*parts.runs)[vector]}};
    for (std::size_t i = 0; parts.beside != nullptr && i < parts.beside->size(); ++i)
        stacks.emplace_back((*parts.beside)[i].target, &(*parts.beside)[i].runs[vector]);
    return stacks;
}

// The verdicts of the others on one vector.
std::string beside_facts(const ReportedParts& parts, std::size_t vector) {
    std::string text;
    for (std::size_t i = 0; parts.beside != nullptr && i < parts.beside->size(); ++i) {
        const TestRun& run = (*parts.beside)[i].runs[vector];
        text += fact("on " + xml_escaped((*parts.beside)[i].target),
                     deed_of((*parts.vectors)[vector], run, false) + (run.reason.empty() ? "" : ": " + run.reason));
    }
    return text;
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

std::string html_vectors(const ReportedParts& parts, const std::vector<ReportItem>& items, HtmlBudget& budget,
                         std::set<std::size_t>& listed) {
    std::string out = "<section id=\"vectors\" aria-labelledby=\"vectors-h\">\n<h2 id=\"vectors-h\">Vectors</h2>\n" +
                      html_filters("vectors",
                                   {{"all", "all"},
                                    {"surprise", "surprises"},
                                    {"true", "done as planned"},
                                    {"false", "findings: breaks a claim, or differs as expected"},
                                    {"open", "left open"},
                                    {"skipped", "not driven"}},
                                   kinds_of(items));
    std::vector<std::string> heads;
    std::vector<HtmlPart> sizes;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const ReportItem& item = items[i];
        const std::string kind = html_kind(item);
        const bool quiet = (*parts.runs)[i].verdict == Verdict::pass;
        heads.push_back(fmt::format("<details class=\"item k-{}\" id=\"vector-{}\">\n", kind, i) +
                        summary(item, item.id, quiet ? "" : item.said) + "<dl>\n" + fact("what it did", item.said) +
                        beside_facts(parts, i) + fact("cites", item.cites) + fact("rule at", place_of(item.where)) +
                        "</dl>\n");
        sizes.push_back({heads.back().size(), kind != "true" && kind != "skipped"});
    }
    HtmlBudget for_heads{most_heads};
    const std::vector<bool> fits = html_fitting(sizes, for_heads);
    std::vector<std::string> tables(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (fits[i]) listed.insert(i);
        if (fits[i] && (*parts.runs)[i].verdict != Verdict::skipped)
            tables[i] = exchange_text((*parts.vectors)[i], stacks_of(parts, i));
        sizes[i].bytes = tables[i].size();
    }
    const std::vector<bool> shown = html_fitting(sizes, budget);
    for (const std::size_t i : listed) out += heads[i] + (shown[i] ? tables[i] : left_out) + "</details>\n";
    if (listed.size() < items.size())
        out += fmt::format("<p>{} more are left out here, since the file would become too large.</p>\n",
                           items.size() - listed.size());
    return out + "</section>\n";
}

}  // namespace lastack
