// The parts of the HTML report (report/html_report.h), each as text of one or more elements.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "report/html_report.h"
#include "report/matrix.h"

namespace lastack {

// Bytes that may still be spent on pictures and exchanges.
struct HtmlBudget {
    std::size_t left;
    bool spend(std::size_t bytes) {
        if (bytes > left) return false;
        left -= bytes;
        return true;
    }
};

// Of parts that are listed one behind the other, which fit: those that are news before the others.
struct HtmlPart {
    std::size_t bytes = 0;
    bool news = false;
};
std::vector<bool> html_fitting(const std::vector<HtmlPart>& parts, HtmlBudget& budget);

// A page: what stands above, and the sections that are not empty, with links to them.
struct HtmlSection {
    std::string id, name, text;
};
std::string html_page(const std::string& version, const std::string& title, const std::string& header,
                      const std::vector<HtmlSection>& sections);
// Terms and what is said of them; what is empty is left out.
std::string html_facts(const std::vector<std::pair<std::string, std::string>>& facts);

// One radio button: those items are shown whose class is `k-NAME`; "all": all.
struct HtmlFilter {
    std::string name, label;
};
std::string html_filters(const std::string& group, const std::vector<HtmlFilter>& filters,
                         const std::vector<std::string>& kinds);

// `kinds`, where asked for: one a claim or vector, as in html_kind().
std::string html_kind(const ReportItem& item);
std::string html_claims(const Spec& spec, const CheckReport& report, const std::vector<ReportItem>& items,
                        HtmlBudget& budget);
// `listed`: numbers of the vectors for which there is room; vector 3 is the element `vector-3`.
std::string html_vectors(const ReportedParts& parts, const std::vector<ReportItem>& items, HtmlBudget& budget,
                         std::set<std::size_t>& listed);

// The endpoint as a graph of control states: an arrow for each pair that a rule joins, in layers by distance from the
// first one.
struct EndpointLooks {
    std::string id = "endpoint", heading = "The endpoint";
    std::string key;  // XHTML: what the looks mean
    // Looks and what each says in words, empty where that is nothing; an arrow has the first one of these that one of
    // its rules has. A rule that is not named has the look "fires".
    std::vector<std::pair<std::string, std::string>> order = {{"fires", ""}};
    std::map<std::string, std::string> of_rule;
};
std::string html_endpoint(const Profile& profile, const EndpointLooks& looks);

// The answers in each cell of the matrix: of the profile, where there is one, and of the stacks that were driven; or of
// two profiles. `vectors`: those that a link can lead to. Empty where nobody speaks TCP.
std::string html_matrix(const Profile* profile, const ReportedParts& parts, const std::set<std::size_t>& vectors);
std::string html_matrix(const Profile& one, const Profile& other);

// The explorer, and what it needs; `model` as in ReportedParts. Without a script it says that it is one.
std::string html_explorer(const Spec& spec, const CheckReport& report, const std::string& model);

// The style sheet and the script.
extern const char* const html_style;
extern const char* const html_script;

}  // namespace lastack
