// `gate --quiet`: all of it in one line.
#pragma once

#include <string>
#include <vector>

#include "report/report_items.h"

namespace lastack {

// "ok: profile linux on linux: 54 claims, 54 vectors (6 skipped)"; the surprises are named, as far as 80 columns go.
std::string gate_line(const std::string& profile, const std::string& target, const std::vector<ReportItem>& items,
                      int code);

}  // namespace lastack
