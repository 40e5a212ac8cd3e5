// A mutation score as one HTML page: the endpoint's graph, coloured by what became of the mutants of its rules, and the
// mutants with a filter.
#include <fmt/format.h>

#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_graph_bytes = 2'000'000;

// As the filters and colours of the page call it.
std::string kind_of(Fate fate) {
    switch (fate) {
        case Fate::survived: return "surprise";
        case Fate::not_exercised:
        case Fate::undecided: return "open";
        case Fate::killed: return "true";
        case Fate::stillborn:
        case Fate::equivalent: break;
    }
    return "skipped";
}

std::string graph_text(const Profile& profile, const MutationReport& report) {
    EndpointLooks looks;
    looks.key = "<span class=\"key survives\">Red</span>: a mutant of one of its rules was noticed by no claim; "
                "<span class=\"key driven\">green</span>: all that were tried were noticed, or no one can.";
    looks.order = {{"survives", "a mutant survives"}, {"driven", "mutants are noticed"}, {"fires", ""}};
    for (const MutantResult& one : report.mutants) {
        const bool noticed = kind_of(one.fate) == "true" || kind_of(one.fate) == "skipped";
        std::string& look = looks.of_rule[one.mutant.rule_name];
        if (look != "survives") look = noticed ? "driven" : "survives";
    }
    return html_endpoint(profile, looks);
}

std::string list_text(const MutationReport& report) {
    std::vector<std::string> kinds, items;
    std::vector<HtmlPart> sizes;
    for (const MutantResult& one : report.mutants) {
        kinds.push_back(kind_of(one.fate));
        std::string why = one.killer;
        if (!one.reason.empty()) why += (why.empty() ? "" : ": ") + one.reason;
        const Where& where = one.mutant.where;
        items.push_back(fmt::format(
            "<li class=\"item k-{}\"><span class=\"verdict\">{}</span> <code>{}</code> {} <span class=\"said\">{}{}"
            "</span></li>\n",
            kinds.back(), to_string(one.fate), xml_escaped(one.mutant.id), xml_escaped(one.mutant.sentence),
            xml_escaped(why),
            where.source ? xml_escaped(fmt::format("{}{}:{}", why.empty() ? "" : "; ", where.source->name, where.line))
                         : ""));
        sizes.push_back({items.back().size(), kinds.back() == "surprise" || kinds.back() == "open"});
    }
    HtmlBudget budget{most_graph_bytes};
    const std::vector<bool> fits = html_fitting(sizes, budget);
    std::string text = "<section id=\"mutants\" aria-labelledby=\"mutants-h\">\n<h2 id=\"mutants-h\">Mutants</h2>\n" +
                       html_filters("mutants",
                                    {{"all", "all"},
                                     {"surprise", "survived"},
                                     {"open", "not exercised, or not decided"},
                                     {"true", "noticed"},
                                     {"skipped", "broken, or the same as the original"}},
                                    kinds) +
                       "<ul class=\"items\">\n";
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (fits[i]) text += items[i];
        left_out += fits[i] ? 0 : 1;
    }
    text += "</ul>\n";
    if (left_out > 0)
        text += fmt::format("<p>{} more are left out here, since the file would become too large.</p>\n", left_out);
    return text + "</section>\n";
}

}  // namespace

std::string html_mutation_text(const std::string& version, const Profile& profile, const MutationReport& report) {
    const std::optional<double> score = report.score();
    const std::size_t noticed = report.count(Fate::killed), counted = report.counted();
    const std::string headline =
        fmt::format("<p class=\"headline {}\">{} of {} mutants that could be noticed are{}{}</p>\n",
                    noticed == counted ? "k-true" : "k-open", noticed, counted,
                    score ? fmt::format(", {:.1f} %", *score) : "", report.interrupted ? ", in a part of them" : "");
    std::string claims;
    for (const std::string& claim : report.claims) claims += (claims.empty() ? "" : ", ") + claim;
    return html_page(
        version, "mutants of profile " + report.profile,
        headline + html_facts({{"tool", "lastack " + version}, {"judged by", claims}}),
        {{"endpoint", "Endpoint", graph_text(profile, report)}, {"mutants", "Mutants", list_text(report)}});
}

}  // namespace lastack
