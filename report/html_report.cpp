#include "report/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/check_text.h"
#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_pictures = 1'600'000;

std::size_t count_of(const std::vector<ReportItem>& items, ReportItem::Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(items.begin(), items.end(), [&](const ReportItem& one) { return one.kind == kind; }));
}

std::string verdict_of(const std::vector<ReportItem>& items) {
    const std::size_t bad = count_of(items, ReportItem::Kind::surprise) + count_of(items, ReportItem::Kind::error);
    const std::size_t open = count_of(items, ReportItem::Kind::inconclusive);
    if (bad > 0)
        return fmt::format("<p class=\"headline k-surprise\">SURPRISE: {} of {} not as expected</p>\n", bad,
                           items.size());
    if (open > 0)
        return fmt::format("<p class=\"headline k-open\">Left open: {} of {}; no surprise</p>\n", open, items.size());
    const std::size_t skipped = count_of(items, ReportItem::Kind::skipped);
    return fmt::format("<p class=\"headline k-true\">As expected: {} claims and runs{}</p>\n", items.size() - skipped,
                       skipped > 0 ? fmt::format(", {} not driven", skipped) : "");
}

std::string head_text(const ReportHead& head) {
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
           "<meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
           fmt::format("<title>lastack: profile {}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
                       xml_escaped(head.profile), html_style);
}

// What made the report: version, profile, target, and the files that were read.
std::string facts_text(const ReportHead& head, const ReportedParts& parts) {
    std::string text = "<dl class=\"facts\">\n";
    const auto add = [&](const std::string& term, const std::string& what) {
        if (!what.empty()) text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, xml_escaped(what));
    };
    add("tool", "lastack " + head.version);
    add("profile", head.profile);
    add("stack", head.target);
    std::string files;
    if (parts.spec != nullptr)
        for (const auto& source : parts.spec->sources) files += (files.empty() ? "" : ", ") + source->name;
    add("spec", files);
    return text + "</dl>\n";
}

std::string scope_text(const Spec& spec, const CheckReport& report) {
    std::string rows;
    for (const SystemResult& system : report.systems) {
        const Network& network = system.system->network;
        std::string does;
        for (const auto& [has, word] : {std::pair(network.loses, "loses"), std::pair(network.duplicates, "duplicates"),
                                        std::pair(network.reorders, "reorders")})
            if (has) does += (does.empty() ? "" : ", ") + std::string(word);
        std::string limits;
        for (const auto& [name, value] : limits_at(spec, *system.system, 0))
            if (profile_at(spec, *system.system, 0).setting(name) == nullptr)
                limits += fmt::format("{}{}={}", limits.empty() ? "" : " ", name, value);
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
                            "<td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            xml_escaped(system.system->name), xml_escaped(system.system->title),
                            grouped(system.coverage.states), grouped(system.coverage.transitions), network.capacity,
                            does.empty() ? "nothing" : does, xml_escaped(limits),
                            system.coverage.complete ? "all" : "only a part");
    }
    return "<section id=\"scope\" aria-labelledby=\"scope-h\">\n<h2 id=\"scope-h\">Scope</h2>\n"
           "<p>A claim that is true is true within these bounds, and nothing is said beyond them.</p>\n"
           "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table of systems\"><table>\n"
           "<thead><tr><th scope=\"col\">system</th><th scope=\"col\">what</th><th scope=\"col\">states</th>"
           "<th scope=\"col\">transitions</th><th scope=\"col\">in flight</th><th scope=\"col\">the network</th>"
           "<th scope=\"col\">limits</th><th scope=\"col\">explored</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody></table></div>\n</section>\n";
}

const Profile* profile_of(const ReportHead& head, const ReportedParts& parts) {
    return parts.spec == nullptr ? nullptr : parts.spec->profile(head.profile);
}

// Rules that no system of the check exercised; rules of the steps that the stack did as planned.
std::set<std::string> not_fired(const CheckReport* report) {
    std::map<std::string, std::size_t> missed;
    if (report == nullptr) return {};
    for (const SystemResult& system : report->systems)
        for (const std::string& rule : system.rules_not_fired) ++missed[rule];
    std::set<std::string> all;
    for (const auto& [rule, count] : missed)
        if (count == report->systems.size()) all.insert(rule);
    return all;
}

std::set<std::string> driven_rules(const ReportedParts& parts) {
    std::set<std::string> all;
    for (std::size_t i = 0; parts.runs != nullptr && i < parts.runs->size(); ++i) {
        if ((*parts.runs)[i].verdict != Verdict::pass) continue;
        for (const VectorStep& step : (*parts.vectors)[i].steps) all.insert(step.rules.begin(), step.rules.end());
    }
    return all;
}

struct Section {
    std::string id, name, text;
};

}  // namespace

std::string html_text(const ReportHead& head, const std::vector<ReportItem>& items, const ReportedParts& parts) {
    HtmlBudget budget{most_pictures};
    std::vector<Section> sections;
    std::size_t claims = 0;
    if (parts.check != nullptr) {
        claims = parts.check->claims.size();
        const std::vector<ReportItem> own(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(claims));
        sections.push_back({"claims", "Claims", html_claims(*parts.spec, *parts.check, own, budget)});
    }
    if (parts.runs != nullptr) {
        const std::vector<ReportItem> own(items.begin() + static_cast<std::ptrdiff_t>(claims), items.end());
        sections.push_back({"vectors", "Vectors", html_vectors(*parts.vectors, *parts.runs, own, budget)});
    }
    if (parts.check != nullptr) {
        sections.push_back({"explorer", "Explorer", html_explorer(*parts.spec, *parts.check)});
        sections.push_back({"scope", "Scope", scope_text(*parts.spec, *parts.check)});
    }
    if (const Profile* profile = profile_of(head, parts)) {
        sections.push_back(
            {"endpoint", "Endpoint", html_endpoint(*profile, not_fired(parts.check), driven_rules(parts))});
        sections.push_back({"matrix", "Matrix", html_matrix(*profile)});
    }
    std::erase_if(sections, [](const Section& one) { return one.text.empty(); });
    std::string out = head_text(head) + "<a class=\"skip\" href=\"#main\">Skip to the verdicts</a>\n<header>\n" +
                      fmt::format("<h1>How TCP connections end: profile {}</h1>\n", xml_escaped(head.profile)) +
                      verdict_of(items) + facts_text(head, parts) + "</header>\n<nav aria-label=\"sections\"><ul>\n";
    for (const Section& one : sections) out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", one.id, one.name);
    out += "</ul></nav>\n<main id=\"main\">\n";
    for (const Section& one : sections) out += one.text;
    return out + fmt::format("</main>\n<footer><p>Written by lastack {}.</p></footer>\n"
                             "<script>\n//<![CDATA[\n{}//]]>\n</script>\n</body>\n</html>\n",
                             head.version, html_script);
}

}  // namespace lastack
