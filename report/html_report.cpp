#include "report/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/check_text.h"
#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_pictures = 1'300'000;

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

// What made the report: version, profile, target, and the files that were read.
std::string facts_text(const ReportHead& head, const ReportedParts& parts) {
    std::string files, beside;
    if (parts.spec != nullptr)
        for (const auto& source : parts.spec->sources) files += (files.empty() ? "" : ", ") + source->name;
    if (parts.beside != nullptr)
        for (const TargetRuns& one : *parts.beside) beside += (beside.empty() ? "" : ", ") + one.target;
    return html_facts({{"tool", "lastack " + head.version},
                       {"profile", head.profile},
                       {"stack", head.target},
                       {"beside it", beside},
                       {"spec", files}});
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

// Rules that no system of the check exercised.
std::set<std::string> not_fired(const CheckReport& report) {
    std::map<std::string, std::size_t> missed;
    for (const SystemResult& system : report.systems)
        for (const std::string& rule : system.rules_not_fired) ++missed[rule];
    std::set<std::string> all;
    for (const auto& [rule, count] : missed)
        if (count == report.systems.size()) all.insert(rule);
    return all;
}

EndpointLooks looks_of(const ReportedParts& parts) {
    EndpointLooks looks;
    looks.order.clear();
    if (parts.runs != nullptr) {
        looks.order.emplace_back("driven", "the stack did it");
        looks.key += "<span class=\"key driven\">Green</span>: a vector that the stack did as planned has one of its "
                     "rules. ";
    }
    looks.order.emplace_back("fires", "");
    if (parts.check != nullptr) {
        looks.order.emplace_back("never", "not exercised");
        looks.key += "<span class=\"key fires\">Grey</span>: exercised by the check; <span class=\"key "
                     "never\">dashed</span>: by none of its systems.";
        for (const std::string& rule : not_fired(*parts.check)) looks.of_rule[rule] = "never";
    }
    for (std::size_t i = 0; parts.runs != nullptr && i < parts.runs->size(); ++i) {
        if ((*parts.runs)[i].verdict != Verdict::pass) continue;
        for (const VectorStep& step : (*parts.vectors)[i].steps)
            for (const std::string& rule : step.rules) looks.of_rule[rule] = "driven";
    }
    return looks;
}

}  // namespace

std::vector<bool> html_fitting(const std::vector<HtmlPart>& parts, HtmlBudget& budget) {
    std::vector<bool> fits(parts.size());
    for (const bool news : {true, false})
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (parts[i].news == news) fits[i] = budget.spend(parts[i].bytes);
    return fits;
}

std::string html_facts(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::string text;
    for (const auto& [term, what] : facts)
        if (!what.empty()) text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, xml_escaped(what));
    return "<dl class=\"facts\">\n" + text + "</dl>\n";
}

std::string html_page(const std::string& version, const std::string& title, const std::string& header,
                      const std::vector<HtmlSection>& sections) {
    std::string links, text;
    for (const HtmlSection& one : sections) {
        if (one.text.empty()) continue;
        links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", one.id, one.name);
        text += one.text;
    }
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
           "<meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
           fmt::format("<title>lastack: {}</title>\n<style>\n{}</style>\n</head>\n<body>\n", xml_escaped(title),
                       html_style) +
           "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n" +
           fmt::format("<h1>How TCP connections end: {}</h1>\n", xml_escaped(title)) + header +
           "</header>\n<nav aria-label=\"sections\"><ul>\n" + links + "</ul></nav>\n<main id=\"main\">\n" + text +
           fmt::format("</main>\n<footer><p>Written by lastack {}.</p></footer>\n"
                       "<script>\n//<![CDATA[\n{}//]]>\n</script>\n</body>\n</html>\n",
                       version, html_script);
}

std::string html_text(const ReportHead& head, const std::vector<ReportItem>& items, const ReportedParts& parts) {
    HtmlBudget budget{most_pictures};
    std::vector<HtmlSection> sections;
    std::set<std::size_t> listed;
    std::size_t claims = 0;
    if (parts.check != nullptr) {
        claims = parts.check->claims.size();
        const std::vector<ReportItem> own(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(claims));
        sections.push_back({"claims", "Claims", html_claims(*parts.spec, *parts.check, own, budget)});
    }
    if (parts.runs != nullptr) {
        const std::vector<ReportItem> own(items.begin() + static_cast<std::ptrdiff_t>(claims), items.end());
        sections.push_back({"vectors", "Vectors", html_vectors(parts, own, budget, listed)});
    }
    if (parts.check != nullptr) {
        sections.push_back({"explorer", "Explorer", html_explorer(*parts.spec, *parts.check, parts.model)});
        sections.push_back({"scope", "Scope", scope_text(*parts.spec, *parts.check)});
    }
    const Profile* const profile = profile_of(head, parts);
    if (profile != nullptr) sections.push_back({"endpoint", "Endpoint", html_endpoint(*profile, looks_of(parts))});
    sections.push_back({"matrix", "Matrix", html_matrix(profile, parts, listed)});
    return html_page(head.version, "profile " + head.profile, verdict_of(items) + facts_text(head, parts), sections);
}

}  // namespace lastack
