// Two profiles side by side as one HTML page: what `diff` prints, their answers to single segments, both graphs.
#include <fmt/format.h>

#include "checker/mutation/rule_print.h"
#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

std::string verdict_line(const Comparison& comparison) {
    switch (comparison.verdict) {
        case Comparison::Verdict::bisimilar:
            return "<p class=\"headline k-true\">No exchange tells the two apart</p>\n";
        case Comparison::Verdict::different: return "<p class=\"headline k-surprise\">The two can be told apart</p>\n";
        default: return "<p class=\"headline k-open\">Left open whether the two can be told apart</p>\n";
    }
}

// Rules that the other one has not, or has otherwise.
std::string graph_of(const Profile& profile, const Profile& other, const std::string& letter) {
    EndpointLooks looks;
    looks.id = "endpoint-" + letter;
    looks.heading = "The endpoint " + letter;
    looks.key = "<span class=\"key own\">Thick</span>: a rule that the other one has not, or has otherwise.";
    looks.order = {{"own", "not so in the other one"}, {"fires", ""}};
    for (const std::string& rule : RulePrints(other).differing(profile))
        if (profile.rule(rule) != nullptr) looks.of_rule[rule] = "own";
    return html_endpoint(profile, looks);
}

}  // namespace

std::string html_diff_text(const std::string& version, const Profile& one, const Profile& other,
                           const DiffReport& report) {
    const std::string told = "<section id=\"differences\" class=\"differences\" aria-labelledby=\"differences-h\">\n"
                             "<h2 id=\"differences-h\">Differences</h2>\n<pre tabindex=\"0\">" +
                             xml_escaped(diff_text(report)) + "</pre>\n</section>\n";
    return html_page(version, fmt::format("profiles A, {}, and B, {}", one.name, other.name),
                     verdict_line(*report.comparison) +
                         html_facts({{"tool", "lastack " + version}, {"A", one.title}, {"B", other.title}}),
                     {{"differences", "Differences", told},
                      {"matrix", "Matrix", html_matrix(one, other)},
                      {"endpoint-A", "Endpoint A", graph_of(one, other, "A")},
                      {"endpoint-B", "Endpoint B", graph_of(other, one, "B")}});
}

}  // namespace lastack
