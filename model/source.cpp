// Reading hostile text safely: size, UTF-8 (RFC 3629) and control characters are checked before the grammar sees it.
#include "model/source.h"

#include <algorithm>
#include <tuple>

namespace lastack {

namespace {

// The length of the UTF-8 character at `offset`, or 0 where there is none. Overlong forms, surrogates and what lies
// beyond U+10FFFF are refused, because JSON writers refuse them later.
std::size_t character_length(const std::string& text, std::size_t offset) {
    const auto byte = [&](std::size_t i) {
        return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first <= 0xDFU) return tail(1) ? 2 : 0;
    if (first >= 0xE0U && first <= 0xEFU) {
        if (!tail(1) || !tail(2)) return 0;
        if (first == 0xE0U && byte(1) < 0xA0U) return 0;
        if (first == 0xEDU && byte(1) > 0x9FU) return 0;
        return 3;
    }
    if (first >= 0xF0U && first <= 0xF4U) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (first == 0xF0U && byte(1) < 0x90U) return 0;
        if (first == 0xF4U && byte(1) > 0x8FU) return 0;
        return 4;
    }
    return 0;
}

constexpr std::size_t stride = 256;  // of the counts of characters: a line of megabytes stays cheap

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

bool is_control(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20U && byte != '\t' && byte != '\n' && byte != '\r') || code == 0x7FU;
}

// A copy of the text up to the offset: what follows may be unprintable, and diagnostics draw the whole line.
[[noreturn]] void refuse(const std::string& name, const std::string& text, std::size_t offset,
                         const std::string& message, const std::string& suggestion = "") {
    const auto shown = std::make_shared<const SourceText>(SourceText{name, text.substr(0, offset)});
    throw SpecError(Places(shown).at(offset, 1), message, suggestion);
}

}  // namespace

std::shared_ptr<const SourceText> checked_source(std::string name, std::string text) {
    if (text.size() > largest_source) {
        const auto shown = std::make_shared<const SourceText>(SourceText{name, ""});
        throw SpecError(Where{shown, 0, 0, 1},
                        "the file is larger than " + std::to_string(largest_source >> 20U) + " MiB");
    }
    if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) text.erase(0, 3);
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t length = character_length(text, offset);
        if (length == 0) refuse(name, text, offset, "this is not UTF-8 text");
        if (text[offset] == '\0') refuse(name, text, offset, "a NUL byte in the text");
        if (text[offset] == '\r' && (offset + 1 == text.size() || text[offset + 1] != '\n'))
            refuse(name, text, offset, "a line ends with CR alone, which would not end a comment",
                   "let lines end with LF, or CR and LF: tr '\\r' '\\n' <OLD >NEW");
        if (is_control(text[offset])) refuse(name, text, offset, "a control character in the text");
        offset += length;
    }
    return std::make_shared<const SourceText>(SourceText{std::move(name), std::move(text)});
}

Places::Places(std::shared_ptr<const SourceText> source) : source_(std::move(source)) {
    lines_.push_back(0);
    std::size_t characters = 0;
    for (std::size_t i = 0; i < source_->text.size(); ++i) {
        if (i % stride == 0) characters_.push_back(characters);
        if (starts_character(source_->text[i])) ++characters;
        if (source_->text[i] == '\n') lines_.push_back(i + 1);
    }
}

std::size_t Places::characters_before(std::size_t offset) const {
    if (characters_.empty()) return 0;
    const std::size_t known = std::min(offset / stride, characters_.size() - 1);
    std::size_t characters = characters_[known];
    for (std::size_t i = known * stride; i < offset; ++i) characters += starts_character(source_->text[i]) ? 1 : 0;
    return characters;
}

Where Places::at(std::size_t offset, std::size_t length) const {
    const std::string& text = source_->text;
    offset = std::min(offset, text.size());
    const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
    std::size_t end = std::min(offset + length, after == lines_.end() ? text.size() : *after);
    const auto is_blank = [&text](std::size_t i) {
        return text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
    };
    while (end > offset + 1 && is_blank(end - 1)) --end;
    const std::size_t before = characters_before(offset);
    Where where;
    where.source = source_;
    where.line = static_cast<int>(after - lines_.begin());
    where.column = static_cast<int>(before - characters_before(*(after - 1))) + 1;
    where.length = std::max(1, static_cast<int>(characters_before(std::max(offset, end)) - before));
    return where;
}

void Problems::add(const Where& where, const std::string& message, const std::string& suggestion) {
    constexpr std::size_t enough = 1000;  // the rest of a hopeless file is not worth the memory
    if (diagnostics_.size() >= enough) return;
    for (const Diagnostic& known : diagnostics_) {
        const Where& place = known.where;
        if (std::tie(place.source, place.line, place.column) == std::tie(where.source, where.line, where.column) &&
            known.message == message)
            return;
    }
    diagnostics_.push_back({where, message, suggestion});
}

void Problems::explain(std::size_t since, const std::function<std::string(const Where&)>& suggestion) {
    for (std::size_t i = since; i < diagnostics_.size(); ++i) {
        if (diagnostics_[i].suggestion.empty()) diagnostics_[i].suggestion = suggestion(diagnostics_[i].where);
    }
}

void Problems::note(std::size_t since, const std::string& text) {
    for (std::size_t i = since; i < diagnostics_.size(); ++i) {
        std::string& suggestion = diagnostics_[i].suggestion;
        suggestion += (suggestion.empty() ? "" : "\n    ") + text;
    }
}

void Problems::explain(std::size_t since, const std::string& suggestion) {
    explain(since, [&](const Where&) { return suggestion; });
}

void Problems::throw_if_any() const {
    if (diagnostics_.empty()) return;
    std::vector<const SourceText*> sources;
    const auto rank = [&sources](const Diagnostic& diagnostic) {
        return std::find(sources.begin(), sources.end(), diagnostic.where.source.get()) - sources.begin();
    };
    for (const Diagnostic& diagnostic : diagnostics_) {
        if (rank(diagnostic) == static_cast<std::ptrdiff_t>(sources.size()))
            sources.push_back(diagnostic.where.source.get());
    }
    std::vector<Diagnostic> ordered = diagnostics_;
    std::stable_sort(ordered.begin(), ordered.end(), [&](const Diagnostic& a, const Diagnostic& b) {
        return std::tuple(rank(a), a.where.line, a.where.column) < std::tuple(rank(b), b.where.line, b.where.column);
    });
    if (ordered.size() > most_diagnostics) ordered.resize(most_diagnostics);
    throw SpecError(std::move(ordered));
}

}  // namespace lastack
