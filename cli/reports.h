// Reports in files, beside what is printed: `--report junit=FILE`, several at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "report/html_report.h"

namespace lastack {

// The names of the forms.
std::vector<std::string> report_forms();
// Empty where `word` is FORM=FILE with a form that there is, else what is wrong with it.
std::string why_no_report(const std::string& word);

// What a verb prints, without and with --json. Asked for only where it is wanted.
struct PrintedForms {
    std::function<std::string()> text, json;
};

// `words` are FORM=FILE; FILE `-` is standard output. Each file is there whole or not at all.
// `parts`: what HTML shows beside the items.
void write_reports(const std::vector<std::string>& words, const std::string& profile, const std::string& target,
                   const std::vector<ReportItem>& items, const ReportedParts& parts, const PrintedForms& printed);

// Of verbs whose report is a page and nothing else: also where the form is another one.
std::string why_no_page(const std::string& word);
void write_pages(const std::vector<std::string>& words, const std::string& page);

}  // namespace lastack
