#include "model/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lastack {

namespace {

// What stands in brackets behind `gets` and the like is a condition on a segment, not a part of the claim.
bool is_atom(const Expr& expr) {
    switch (expr.op) {
        case Op::not_:
        case Op::and_:
        case Op::or_:
        case Op::implies:
        case Op::each:
        case Op::some: return false;
        default: return true;
    }
}

struct Span {
    std::size_t begin = 0, end = 0;  // bytes
};

std::optional<Span> span_of(const Where& where) {
    if (!where.source || where.line < 1) return std::nullopt;
    const std::string& text = where.source->text;
    std::size_t at = 0;
    for (int line = 1; line < where.line; ++line) {
        at = text.find('\n', at);
        if (at == std::string::npos) return std::nullopt;
        ++at;
    }
    // Columns and lengths count characters: a byte that continues one counts nothing.
    const auto skip = [&](int characters) {
        for (; characters > 0 && at < text.size(); --characters) {
            ++at;
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
        }
        return at;
    };
    Span span;
    span.begin = skip(where.column - 1);
    span.end = skip(where.length);
    return span;
}

// A place ends with its line; what an expression says on further lines is known from its parts.
void widen(const Expr& expr, const SourceText* source, Span& span) {
    for (const Expr& arg : expr.args) {
        const std::optional<Span> part = span_of(arg.where);
        if (part && arg.where.source.get() == source && part->begin >= span.begin)
            span.end = std::max(span.end, part->end);
        if (!is_atom(expr)) widen(arg, source, span);
    }
}

std::string on_one_line(const std::string& text) {
    std::string out;
    bool comment = false;
    for (const char c : text) {
        comment = c == '\n' ? false : comment || c == '#';
        const bool blank = comment || c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace

std::string source_text(const Where& where) {
    const std::optional<Span> span = span_of(where);
    return span ? on_one_line(where.source->text.substr(span->begin, span->end - span->begin)) : "";
}

std::string source_text(const Expr& expr) {
    std::optional<Span> span = span_of(expr.where);
    if (!span) return "";
    widen(expr, expr.where.source.get(), *span);
    const std::string& text = expr.where.source->text;
    // Brackets that the last part left open.
    const auto open = [&] {
        int depth = 0;
        for (std::size_t i = span->begin; i < span->end; ++i)
            depth += (text[i] == '(' || text[i] == '[' || text[i] == '{') -
                     (text[i] == ')' || text[i] == ']' || text[i] == '}');
        return depth;
    };
    while (open() > 0 && span->end < text.size()) ++span->end;
    // A list of states on the line behind its `in`: states are no parts of their own.
    if (text.substr(0, span->end).ends_with(" in")) {
        const std::size_t list = text.find_first_not_of(" \r\n\t", span->end);
        const std::size_t end = text.find_first_of(list < text.size() && text[list] == '{' ? "}" : " \r\n\t)", list);
        if (end < text.size()) span->end = end + (text[end] == '}' ? 1 : 0);
    }
    return on_one_line(text.substr(span->begin, span->end - span->begin));
}

std::string place_text(const Where& where) {
    if (!where.source || where.line < 1) return "";
    return fmt::format("{}:{}:{}", where.source->name, where.line, where.column);
}

}  // namespace lastack
