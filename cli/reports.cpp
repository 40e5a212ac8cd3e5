#include "cli/reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/output.h"
#include "cli/shipped_specs.h"
#include "cli/verbs.h"

namespace lastack {

namespace {

struct ReportForm {
    const char* name;
    enum class Made { of_items, as_page, as_text, as_json } made = Made::of_items;
    std::string (*text)(const ReportHead& head, const std::vector<ReportItem>& items) = nullptr;  // of items
};

using Made = ReportForm::Made;
constexpr ReportForm forms[] = {{"text", Made::as_text},
                                {"json", Made::as_json},
                                {"junit", Made::of_items, junit_text},
                                {"sarif", Made::of_items, sarif_text},
                                {"tap", Made::of_items, tap_text},
                                {"github", Made::of_items, github_text},
                                {"html", Made::as_page}};

const ReportForm* form_of(const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    const auto* const found =
        std::find_if(std::begin(forms), std::end(forms), [&](const ReportForm& one) { return one.name == name; });
    return found == std::end(forms) ? nullptr : found;
}

ReportedParts with_model(ReportedParts parts) {
    parts.model = shipped_model();
    return parts;
}

}  // namespace

std::vector<std::string> report_forms() {
    std::vector<std::string> names;
    for (const ReportForm& form : forms) names.emplace_back(form.name);
    return names;
}

std::string why_no_report(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (form_of(word) == nullptr)
        return fmt::format("'{}' is no form of a report: {}", word.substr(0, equals), fmt::join(report_forms(), ", "));
    if (equals == std::string::npos || equals + 1 == word.size())
        return fmt::format("'{}' names no file: {}=FILE, or {}=- for standard output", word, word, word);
    return "";
}

void write_reports(const std::vector<std::string>& words, const std::string& profile, const std::string& target,
                   const std::vector<ReportItem>& items, const ReportedParts& parts, const PrintedForms& printed) {
    const ReportHead head{version, profile, target};
    const auto text_of = [&](const ReportForm& form) {
        switch (form.made) {
            case Made::as_text: return printed.text();
            case Made::as_json: return printed.json();
            case Made::as_page: return html_text(head, items, with_model(parts));
            default: return form.text(head, items);
        }
    };
    for (const std::string& word : words) write_file(word.substr(word.find('=') + 1), text_of(*form_of(word)));
}

std::string why_no_page(const std::string& word) {
    const std::string wrong = why_no_report(word);
    if (!wrong.empty() || form_of(word)->made == Made::as_page) return wrong;
    return fmt::format("'{}' is no form of a report here: html", form_of(word)->name);
}

void write_pages(const std::vector<std::string>& words, const std::string& page) {
    for (const std::string& word : words) write_file(word.substr(word.find('=') + 1), page);
}

}  // namespace lastack
