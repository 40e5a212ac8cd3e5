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

#include "report/report_items.h"

namespace lastack {

// What a report is about; each may be missing.
struct ReportedParts {
    const Spec* spec = nullptr;
    const CheckReport* check = nullptr;  // the first items are of its claims
    const std::vector<TestVector>* vectors = nullptr;
    const std::vector<TestRun>* runs = nullptr;  // the items behind those, one a run; runs[i] is of vectors[i]
};

std::string html_text(const ReportHead& head, const std::vector<ReportItem>& items, const ReportedParts& parts);

}  // namespace lastack
