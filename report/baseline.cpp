#include "report/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "report/check_text.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

constexpr const char* first_word = "lastack-baseline";
constexpr const char* bar = " | ";

bool same(const Deviation& deviation, const ReportItem& item) {
    return deviation.group == item.group && deviation.id == item.id;
}

const char* word_of(const Deviation& deviation) { return deviation.open ? "inconclusive" : "surprise"; }

Deviation deviation_of(const ReportItem& item) {
    return {item.group, item.id, item.kind == Kind::inconclusive, item.said};
}

// One line, in which a bar stands for nothing but itself.
std::string in_one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    for (std::size_t at = 0; (at = text.find(bar, at)) != std::string::npos;) text.replace(at, 3, " / ");
    return text;
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

[[noreturn]] void refuse(const std::string& name, int line, const std::string& reason) {
    throw BaselineError(fmt::format("{}:{}: error: {}", name, line, reason));
}

Deviation deviation_in(const std::string& line, const std::string& name, int number) {
    std::array<std::string, 4> field;
    std::size_t from = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const std::size_t end = i + 1 < field.size() ? line.find(bar, from) : line.size();
        if (end == std::string::npos && i < 2)
            refuse(name, number, "a deviation is 'KIND | GROUP | NAME | what was said', KIND surprise or inconclusive");
        field[i] = trimmed(line.substr(from, end - from));
        if (end == std::string::npos) break;
        from = end == line.size() ? end : end + 3;
    }
    if (field[0] != "surprise" && field[0] != "inconclusive")
        refuse(name, number, fmt::format("'{}' is neither surprise nor inconclusive", field[0]));
    if (field[1].empty() || field[2].empty()) refuse(name, number, "a deviation has a group and a name");
    return {field[1], field[2], field[0] == "inconclusive", field[3]};
}

std::string lines_of(const char* word, const std::vector<Deviation>& deviations) {
    std::string text;
    for (const Deviation& one : deviations) {
        const std::string said = one.said.empty() ? "" : ": " + one.said;
        text += fmt::format("  {:<10} ", word) + wrapped(fmt::format("{}: {}{}", one.group, one.id, said), 13, 13);
        text += "\n";
    }
    return text;
}

}  // namespace

Baseline baseline_of(const std::string& profile, const std::vector<ReportItem>& items) {
    Baseline baseline{profile, {}};
    for (const ReportItem& item : items)
        if (item.kind == Kind::surprise || item.kind == Kind::inconclusive)
            baseline.deviations.push_back(deviation_of(item));
    return baseline;
}

std::string baseline_text(const Baseline& baseline, const std::string& made) {
    std::string text = fmt::format("{} 1\n# {}\nprofile {}\n", first_word, made, baseline.profile);
    for (const Deviation& one : baseline.deviations)
        text += fmt::format("{} | {} | {} | {}\n", word_of(one), one.group, one.id, in_one_line(one.said));
    return text;
}

Baseline baseline_from(const std::string& text, const std::string& name) {
    Baseline baseline;
    std::istringstream lines(text);
    int number = 0;
    bool begun = false;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        line = trimmed(line);
        if (!begun && line != std::string(first_word) + " 1")
            refuse(name, number, fmt::format("no baseline: its first line is '{} 1'", first_word));
        if (!begun || line.empty() || line[0] == '#') {
            begun = true;
            continue;
        }
        if (line.starts_with("profile ")) {
            baseline.profile = trimmed(line.substr(8));
            continue;
        }
        const Deviation one = deviation_in(line, name, number);
        const auto twin = [&](const Deviation& other) { return other.group == one.group && other.id == one.id; };
        if (std::any_of(baseline.deviations.begin(), baseline.deviations.end(), twin))
            refuse(name, number, fmt::format("'{}: {}' is there twice", one.group, one.id));
        baseline.deviations.push_back(one);
    }
    if (!begun) refuse(name, 1, fmt::format("no baseline: its first line is '{} 1'", first_word));
    if (baseline.profile.empty()) refuse(name, number, "it names no profile: 'profile NAME'");
    return baseline;
}

BaselineComparison compare(const Baseline& baseline, std::vector<ReportItem>& items, bool part) {
    BaselineComparison found;
    std::vector<ReportItem*> vanished;
    for (const Deviation& one : baseline.deviations) {
        const auto at = std::find_if(items.begin(), items.end(), [&](const ReportItem& i) { return same(one, i); });
        if (at == items.end()) {
            const bool asked = !part && std::any_of(items.begin(), items.end(),
                                                    [&](const ReportItem& i) { return i.group == one.group; });
            (asked ? found.vanished : found.not_asked).push_back(one);
            continue;
        }
        if (at->kind == (one.open ? Kind::inconclusive : Kind::surprise)) {
            found.known.push_back(deviation_of(*at));
            at->said = "known deviation: " + at->said;
            at->kind = Kind::as_expected;
        } else if (at->kind == Kind::as_expected && !one.open) {
            // What was open and is answered now is no loss.
            found.vanished.push_back(deviation_of(*at));
            vanished.push_back(&*at);
        } else if (at->kind == Kind::skipped || (at->kind == Kind::inconclusive && !one.open)) {
            found.not_asked.push_back(one);
        }
    }
    for (const ReportItem& item : items)
        if (item.kind == Kind::surprise || item.kind == Kind::inconclusive) found.fresh.push_back(deviation_of(item));
    for (ReportItem* item : vanished) {
        item->kind = Kind::surprise;
        item->said += "; the baseline knows it as a deviation, which is gone";
    }
    return found;
}

JsonTree baseline_json(const BaselineComparison& comparison, const std::string& file) {
    const auto list = [](const std::vector<Deviation>& deviations) {
        JsonTree all = JsonTree::array();
        for (const Deviation& one : deviations) {
            JsonTree tree = JsonTree::object();
            tree.set("group", one.group).set("id", one.id).set("kind", word_of(one)).set("said", one.said);
            all.add(std::move(tree));
        }
        return all;
    };
    JsonTree tree = JsonTree::object();
    tree.set("file", file).set("known", list(comparison.known)).set("new", list(comparison.fresh));
    return std::move(tree.set("vanished", list(comparison.vanished)).set("not_asked", list(comparison.not_asked)));
}

std::string comparison_text(const BaselineComparison& comparison, const std::string& file) {
    std::string text = "\n" + wrapped(fmt::format("Baseline {}: {} known, {} new, {} vanished, {} not asked this time",
                                                  file, comparison.known.size(), comparison.fresh.size(),
                                                  comparison.vanished.size(), comparison.not_asked.size()),
                                      0, 2);
    return text + "\n" + lines_of("new", comparison.fresh) + lines_of("vanished", comparison.vanished);
}

}  // namespace lastack
