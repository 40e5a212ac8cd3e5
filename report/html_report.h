// All about a check and a run as one HTML file for people: no network, no script needed to read it.
//
// It is XHTML and HTML at once (W3C, "Polyglot Markup"), so that readers of XML find it well-formed. Claims and vectors
// are `details` elements; filters are radio buttons and CSS. A script of ours adds a search, zoom, and the explorer,
// for which the neighbourhood of each system's initial state and of each claim's run is embedded
// (report/html_explorer.cpp).
// What would make the file larger than some 3 MB is left out, and the page says so.
#pragma once

#include <string>
#include <vector>

#include "checker/mutation/mutation.h"
#include "report/diff_text.h"
#include "report/report_items.h"
#include "report/run_differences.h"

namespace lastack {

// What a report is about; each may be missing.
struct ReportedParts {
    const Spec* spec = nullptr;
    const CheckReport* check = nullptr;  // the first items are of its claims
    const std::vector<TestVector>* vectors = nullptr;
    const std::vector<TestRun>* runs = nullptr;       // the items behind those, one a run; runs[i] is of vectors[i]
    std::string target = {};                          // what they are runs of, in a word
    const std::vector<TargetRuns>* beside = nullptr;  // what others did with the same vectors
    std::string model = {};                           // lastack-explorer.js (page/page.cmake); empty: there is none
};

std::string html_text(const ReportHead& head, const std::vector<ReportItem>& items, const ReportedParts& parts);

// A comparison of two profiles: what `diff` prints, and both side by side: their answers to single segments, their
// graphs.
std::string html_diff_text(const std::string& version, const Profile& one, const Profile& other,
                           const DiffReport& report);

// A mutation score by claims: the graph of the profile with its mutants, and their list.
std::string html_mutation_text(const std::string& version, const Profile& profile, const MutationReport& report);

// A page that walks through the systems of specs, of which one can be chosen by its name; `model` as in ReportedParts,
// and there.
struct WalkableSpec {
    std::string name;
    const Spec* spec = nullptr;
};
std::string html_walk_text(const std::string& version, const std::vector<WalkableSpec>& specs,
                           const std::string& model);

}  // namespace lastack
