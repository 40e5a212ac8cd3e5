// The parts of the HTML report (report/html_report.h), each as text of one or more elements.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "report/html_report.h"

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
std::string html_vectors(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs,
                         const std::vector<ReportItem>& items, HtmlBudget& budget);

// The endpoint as a graph of control states: an arrow for each pair that a rule joins, in layers by distance from the
// first one. `fired`: rules that some system exercised; `driven`: rules of steps that the stack did as planned.
std::string html_endpoint(const Profile& profile, const std::set<std::string>& not_fired,
                          const std::set<std::string>& driven);

// What the profile answers to each kind of segment at each position, for each control state. Empty for a protocol that
// is not TCP.
std::string html_matrix(const Profile& profile);

// The explorer, and what it needs. Without a script it says that it is one.
std::string html_explorer(const Spec& spec, const CheckReport& report);

// The style sheet and the script.
extern const char* const html_style;
extern const char* const html_script;

}  // namespace lastack
