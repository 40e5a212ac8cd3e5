// Drawing a user's mistake: the place, the line, the caret, and the nearest known word.
#include "model/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace lastack {

namespace {

constexpr std::size_t widest_line = 160;  // longer lines are cut around the caret

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// One string for each character of the line, so that columns count characters and not bytes.
std::vector<std::string> characters_of(std::string_view line) {
    std::vector<std::string> characters;
    for (const char byte : line) {
        if (continues_character(byte) && !characters.empty()) {
            characters.back() += byte;
        } else {
            characters.emplace_back(1, byte);
        }
    }
    return characters;
}

std::string_view line_of(const std::string& text, int line) {
    std::size_t begin = 0;
    for (int skipped = 1; skipped < line; ++skipped) {
        const std::size_t end = text.find('\n', begin);
        if (end == std::string::npos) return {};
        begin = end + 1;
    }
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view found = std::string_view(text).substr(begin, end - begin);
    if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
}

// The line and below it the caret. Tabs are kept in the second line, so that both lines agree in any editor.
std::string drawing(const Where& where) {
    const std::vector<std::string> all = characters_of(line_of(where.source->text, where.line));
    const std::size_t caret = static_cast<std::size_t>(std::max(where.column, 1)) - 1;
    const std::size_t first = caret > widest_line / 2 ? caret - widest_line / 2 : 0;
    const std::size_t last = std::min(all.size(), first + widest_line);
    std::string line;
    std::string below;
    for (std::size_t i = first; i < last; ++i) {
        line += all[i];
        if (i < caret) below += all[i] == "\t" ? "\t" : " ";
    }
    const std::size_t wanted = static_cast<std::size_t>(std::max(where.length, 1));
    const std::size_t room = last > caret ? last - caret : 1;
    below += '^' + std::string(std::min(wanted, room) - 1, '~');
    return "    " + line + "\n    " + below + "\n";
}

int lower(char byte) { return std::tolower(static_cast<unsigned char>(byte)); }

// Edit distance with swaps of neighbours (Damerau's, "optimal string alignment"); case is free.
// Cost: |a| * |b| steps and three rows.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

std::string all_of(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic);
    return text;
}

}  // namespace

std::string render(const Diagnostic& diagnostic) {
    const Where& where = diagnostic.where;
    std::string text = where.source ? where.source->name : std::string("spec");
    if (where.line > 0) text += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
    text += ": error: " + diagnostic.message + "\n";
    if (where.source && where.line > 0) text += drawing(where);
    if (!diagnostic.suggestion.empty()) text += "    " + diagnostic.suggestion + "\n";
    return text;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
    constexpr std::size_t longest = 64;  // nobody mistypes a longer name; keeps hostile input cheap
    if (word.empty() || word.size() > longest) return "";
    std::size_t nearest = std::max<std::size_t>(word.size() / 3, 1) + 1;
    nearest = std::min(nearest, word.size());
    std::string best;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > longest || candidate == word) continue;
        const std::size_t here = distance(word, candidate);
        if (here < nearest) {
            nearest = here;
            best = candidate;
        }
    }
    return best.empty() ? "" : "did you mean '" + best + "'?";
}

SpecError::SpecError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(all_of(diagnostics)), diagnostics_(std::move(diagnostics)) {}

SpecError::SpecError(const Where& where, const std::string& message, const std::string& suggestion)
    : SpecError(std::vector<Diagnostic>{{where, message, suggestion}}) {}

}  // namespace lastack
