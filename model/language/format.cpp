// Tokens become lines: first where each line begins and how far it is indented, then the columns of declarations, then
// the comments behind lines. Nothing here knows the grammar beyond what format_tokens.h says of a token's place.
#include "model/language/format.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <stdexcept>

#include "model/language/format_tokens.h"
#include "model/source.h"

namespace lastack {

namespace {

using Kind = LayoutToken::Kind;
using Starts = LayoutToken::Starts;

constexpr std::size_t step = 2;   // a level
constexpr std::size_t hang = 4;   // a statement that goes on
constexpr std::size_t least = 2;  // blanks before a comment behind a line
constexpr std::size_t apart = 2;  // blanks between statements that share a line

struct Line {
    bool blank_before = false;
    std::size_t indent = 0;
    std::vector<std::size_t> tokens;    // of one line; empty: a comment only
    std::string comment;                // behind them, or alone
    bool begins = false, ends = false;  // its statement
    std::string text;                   // without the comment
};

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Behind these a parenthesis opens a group; behind any other name it holds arguments.
bool is_operator_word(const std::string& word) {
    static const std::set<std::string> words = [] {
        const std::vector<std::string> all = grammar_words();
        std::set<std::string> found(all.begin(), all.end());
        for (const char* const function : {"min", "max"}) found.erase(function);
        return found;
    }();
    return words.contains(word);
}

class Layout {
public:
    explicit Layout(std::vector<LayoutToken> tokens) : tokens_(std::move(tokens)) {}

    std::string run() {
        break_lines();
        for (std::size_t i = 0; i < lines_.size(); ++i) lines_[i].text = joined(lines_[i].tokens);
        shorten();
        separate();
        align_declarations();
        return written();
    }

private:
    const LayoutToken& token(std::size_t i) const { return tokens_[i]; }
    bool is(std::size_t i, const char* text) const { return token(i).text == text; }

    // ------------------------------------------------------------ where lines begin

    void break_lines() {
        bool comment_ended = false;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const LayoutToken& now = tokens_[i];
            if (now.kind == Kind::comment) {
                add_comment(i);
                comment_ended = true;
                continue;
            }
            const bool starts = now.starts != Starts::nothing;
            const bool forced = (starts && !now.may_share()) || closes_statements(i);
            if (starts || closes_statements(i)) end_statement();
            if (forced || comment_ended || now.line_ends > 0 || lines_.empty()) begin_line(i);
            comment_ended = false;
            lines_.back().tokens.push_back(i);
        }
        end_statement();
    }

    void end_statement() {
        const auto last =
            std::find_if(lines_.rbegin(), lines_.rend(), [](const Line& line) { return !line.tokens.empty(); });
        if (last != lines_.rend()) last->ends = true;
    }

    bool closes_statements(std::size_t i) const { return is(i, "}") && token(i).holds_statements; }

    // 1 where the token opens a bracket within a statement, -1 where it closes one.
    int nesting(std::size_t i) const {
        if (token(i).kind != Kind::sign || token(i).holds_statements) return 0;
        return is(i, "(") || is(i, "[") || is(i, "{") ? 1 : is(i, ")") || is(i, "]") || is(i, "}") ? -1 : 0;
    }

    // Of a line that begins with the token.
    std::size_t indent_of(std::size_t i) const {
        if (closes_statements(i)) {  // as far as what holds them
            for (int open = 1; open > 0 && i > 0;) {
                --i;
                if (token(i).holds_statements) open += is(i, "}") ? 1 : -1;
            }
            while (i > 0 && token(i).starts == Starts::nothing) --i;
        }
        const bool begins = token(i).starts != Starts::nothing;
        int open = std::min(nesting(i), 0);
        while (i > 0 && token(i).starts == Starts::nothing) open += nesting(--i);
        const LayoutToken& start = token(i);
        const std::size_t indent = step * static_cast<std::size_t>(start.level);
        if (begins) return indent;
        if (start.starts == Starts::case_ || start.starts == Starts::only_case)
            return indent + step * static_cast<std::size_t>(std::max(open, 1));
        return indent + hang + step * static_cast<std::size_t>(std::max(open, 0));
    }

    void begin_line(std::size_t i) {
        Line line;
        line.begins = token(i).starts != Starts::nothing;
        // Only between statements.
        line.blank_before = token(i).line_ends > 1 && !lines_.empty() && (line.begins || lines_.back().ends);
        line.indent = indent_of(i);
        lines_.push_back(std::move(line));
    }

    // Behind what stands on its line, or alone, and then as far to the right as what it stands above.
    void add_comment(std::size_t i) {
        const LayoutToken& comment = token(i);
        if (comment.line_ends == 0 && !lines_.empty() && lines_.back().comment.empty()) {
            lines_.back().comment = comment.text;
            return;
        }
        std::size_t next = i;
        while (next < tokens_.size() && token(next).kind == Kind::comment) ++next;
        Line line;
        line.comment = comment.text;
        line.blank_before = comment.line_ends > 1 && !lines_.empty();
        if (next < tokens_.size()) line.indent = indent_of(next);
        lines_.push_back(std::move(line));
    }

    // ------------------------------------------------------------ what stands between tokens

    bool blank_between(std::size_t left, std::size_t right) const {
        const LayoutToken &before = token(left), &after = token(right);
        static const std::set<std::string> no_blank_before{",", ";", ")", "]", ".", "..", "^"};
        static const std::set<std::string> no_blank_after{"(", "[", ".", "..", "^"};
        if (after.kind == Kind::sign && no_blank_before.contains(after.text)) return false;
        if (before.kind == Kind::sign && no_blank_after.contains(before.text)) return false;
        if ((before.text == "{" && before.is_set) || (after.text == "}" && after.is_set)) return false;
        if (after.in_range && (before.in_range || before.kind == Kind::sign || after.kind == Kind::sign)) return false;
        if (after.text == ":" && after.kind == Kind::sign) return after.in_profile && !in_parenthesis(right);
        if (after.text == "(" && before.kind == Kind::word) return is_operator_word(before.text);
        return true;
    }

    bool in_parenthesis(std::size_t i) const {
        int open = 0;
        for (; i > 0 && token(i).starts == Starts::nothing; --i) open += is(i, "(") ? 1 : is(i, ")") ? -1 : 0;
        return open > 0;
    }

    std::string joined(const std::vector<std::size_t>& tokens) const {
        std::string text;
        for (std::size_t k = 0; k < tokens.size(); ++k) {
            if (k > 0 && token(tokens[k]).may_share())
                text += std::string(apart, ' ');
            else if (k > 0 && blank_between(tokens[k - 1], tokens[k]))
                text += ' ';
            text += token(tokens[k]).text;
        }
        return text;
    }

    // ------------------------------------------------------------ lines that are too long

    // A comment that does not fit behind its line stands above it; a long line is broken where it holds together least.
    void shorten() {
        std::vector<Line> short_lines;
        for (Line& line : lines_) {
            if (line.tokens.empty()) {
                wrap_comment(line, short_lines);
                continue;
            }
            const std::size_t width = line.indent + width_of(line.text);
            if (!line.comment.empty() && width + least + width_of(line.comment) > widest_line) {
                Line above;
                above.blank_before = line.blank_before;
                above.indent = line.indent;
                above.comment = std::move(line.comment);
                line.comment.clear();
                line.blank_before = false;
                wrap_comment(above, short_lines);
            }
            std::optional<Line> rest = std::move(line);
            while (rest) {
                std::optional<Line> next = split(*rest);
                short_lines.push_back(std::move(*rest));
                rest = std::move(next);
            }
        }
        lines_ = std::move(short_lines);
    }

    // A ruler loses some of its length; prose goes on in a line of its own.
    static void wrap_comment(Line line, std::vector<Line>& out) {
        const std::size_t room = widest_line - std::min(line.indent, widest_line / 2);
        const std::size_t dashes = line.comment.starts_with("# ---") ? line.comment.find_first_not_of("# -") : 0;
        const std::size_t width = width_of(line.comment);
        if (width > room && dashes != std::string::npos && dashes > 5 + width - room)
            line.comment.erase(2, width - room);
        while (width_of(line.comment) > room) {
            std::size_t end = line.comment.size();
            while (end > 2 && width_of(line.comment.substr(0, end)) > room) end = line.comment.rfind(' ', end - 1);
            if (end == std::string::npos || end <= 2) break;
            Line rest = line;
            rest.blank_before = false;
            rest.comment = "# " + line.comment.substr(end + 1);
            line.comment.resize(end);
            out.push_back(std::move(line));
            line = std::move(rest);
        }
        out.push_back(std::move(line));
    }

    bool is_block_of_case(std::size_t i) const {
        std::size_t first = i;
        while (first > 0 && token(first).starts == Starts::nothing) --first;
        const Starts starts = token(first).starts;
        return !token(i).is_set && (starts == Starts::case_ || starts == Starts::only_case);
    }

    // May a line begin with this token, within a statement?
    bool may_begin(std::size_t i) const {
        static const std::set<std::string> words{"and", "or",    "implies", "then", "to",
                                                 "on",  "cites", "with",    "else", "fair"};
        if (token(i).may_share()) return true;
        if (token(i).kind == Kind::word && words.contains(token(i).text)) return true;
        if (is(i, ";") || is(i, "->") || (is(i, "{") && is_block_of_case(i))) return true;
        return i > 0 && (is(i - 1, ",") || is(i - 1, "implies"));
    }

    // Cuts the line at its loosest place; what was cut off.
    std::optional<Line> split(Line& line) const {
        if (line.indent + width_of(line.text) <= widest_line) return std::nullopt;
        int depth = 0, loosest = 1'000'000;
        std::size_t cut = 0;
        for (std::size_t k = 0; k < line.tokens.size(); ++k) {
            const std::size_t i = line.tokens[k];
            const std::vector<std::size_t> head(line.tokens.begin(),
                                                line.tokens.begin() + static_cast<std::ptrdiff_t>(k));
            if (k > 0 && line.indent + width_of(joined(head)) > widest_line) break;
            const int looseness = token(i).may_share() ? -1 : depth;  // between statements first
            if (k > 0 && may_begin(i) && looseness <= loosest) {
                loosest = looseness;
                cut = k;
            }
            depth += nesting(i);
        }
        if (cut == 0) return std::nullopt;
        const auto place = line.tokens.begin() + static_cast<std::ptrdiff_t>(cut);
        Line rest;
        rest.tokens.assign(place, line.tokens.end());
        line.tokens.erase(place, line.tokens.end());
        rest.indent = indent_of(rest.tokens.front());
        rest.comment = std::move(line.comment);
        line.comment.clear();
        rest.ends = line.ends;
        line.ends = false;
        line.text = joined(line.tokens);
        rest.text = joined(rest.tokens);
        return rest;
    }

    // ------------------------------------------------------------ blank lines before what is large

    void separate() {
        for (std::size_t i = 1; i < lines_.size(); ++i) {
            if (lines_[i].tokens.empty() || token(lines_[i].tokens.front()).starts != Starts::top) continue;
            std::size_t first = i;  // with the comments right above it
            while (first > 0 && !lines_[first].blank_before && lines_[first - 1].tokens.empty()) --first;
            if (first > 0) lines_[first].blank_before = true;
        }
    }

    // ------------------------------------------------------------ columns

    // The word that says what a line declares, where it is a whole declaration of a kind that has columns.
    std::string column_kind(const Line& line) const {
        static const std::set<std::string> kinds{"limit", "setting", "timer", "let", "segment"};
        if (line.tokens.size() < 2 || !line.begins || !line.ends || !token(line.tokens.front()).in_profile) return "";
        const std::string& word = token(line.tokens[is(line.tokens.front(), "replace") ? 1 : 0]).text;
        return kinds.contains(word) ? word : "";
    }

    // The tokens at which the columns of such a line begin: one for each mark, in order; -1 where the line has none.
    std::vector<int> column_starts(const Line& line, const std::string& kind) const {
        std::vector<std::string> marks{"="};
        if (kind == "limit" || kind == "setting") marks = {"=", "in", "offers", "\"", "cites"};
        if (kind == "timer") marks = {"=", "\"", "cites"};
        if (kind == "segment") marks = {"{"};
        std::vector<int> starts(marks.size(), -1);
        std::size_t mark = 0;
        int depth = 0;
        for (std::size_t k = 1; k < line.tokens.size(); ++k) {
            const LayoutToken& now = token(line.tokens[k]);
            for (std::size_t m = mark; m < marks.size() && depth == 0; ++m) {
                const bool fits = marks[m] == "\"" ? now.kind == Kind::text && !is(line.tokens[k - 1], "cites") &&
                                                         !is(line.tokens[k - 1], "=")
                                                   : now.text == marks[m] && now.kind != Kind::text;
                if (!fits) continue;
                starts[m] = static_cast<int>(k);
                mark = m + 1;
                break;
            }
            depth += now.kind != Kind::sign ? 0 : now.text == "(" ? 1 : now.text == ")" ? -1 : 0;
        }
        return starts;
    }

    void align_declarations() {
        for (std::size_t from = 0; from < lines_.size();) {
            const std::string kind = column_kind(lines_[from]);
            std::size_t to = from + 1;
            while (!kind.empty() && to < lines_.size() && !lines_[to].blank_before && column_kind(lines_[to]) == kind)
                ++to;
            if (to > from + 1) align(from, to, kind);
            from = to;
        }
    }

    void align(std::size_t from, std::size_t to, const std::string& kind) {
        const std::size_t count = to - from;
        std::vector<std::vector<int>> starts;
        for (std::size_t i = from; i < to; ++i) starts.push_back(column_starts(lines_[i], kind));
        std::vector<std::string> done(count);     // of each line, what is laid out
        std::vector<std::size_t> next(count, 0);  // its first token that is not
        const auto piece = [&](std::size_t i, std::size_t end) {
            const std::vector<std::size_t>& tokens = lines_[from + i].tokens;
            return joined({tokens.begin() + static_cast<std::ptrdiff_t>(next[i]),
                           tokens.begin() + static_cast<std::ptrdiff_t>(end)});
        };
        const auto add = [&](std::size_t i, std::size_t end) {
            if (end == next[i]) return;
            if (next[i] > 0 && done[i].back() != ' ') done[i] += ' ';
            done[i] += piece(i, end);
            next[i] = end;
        };
        for (std::size_t mark = 0; mark < starts.front().size(); ++mark) {
            std::size_t column = 0, longest_rest = 0;
            for (std::size_t i = 0; i < count; ++i) {
                if (starts[i][mark] < 0) continue;
                add(i, static_cast<std::size_t>(starts[i][mark]));
                column = std::max(column, width_of(done[i]) + 1);
                longest_rest = std::max(longest_rest, width_of(piece(i, lines_[from + i].tokens.size())));
            }
            if (lines_[from].indent + column + longest_rest > widest_line) continue;
            for (std::size_t i = 0; i < count; ++i) {
                if (starts[i][mark] >= 0) done[i].append(column - width_of(done[i]), ' ');
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            add(i, lines_[from + i].tokens.size());
            lines_[from + i].text = done[i];
        }
    }

    // ------------------------------------------------------------ the text

    bool has_trailing_comment(const Line& line) const { return !line.tokens.empty() && !line.comment.empty(); }

    // Comments behind lines that follow each other stand in one column, where that is not too far.
    std::size_t comment_column(std::size_t i) const {
        const auto width = [&](std::size_t k) { return lines_[k].indent + width_of(lines_[k].text); };
        std::size_t first = i, last = i;
        while (first > 0 && !lines_[first].blank_before && has_trailing_comment(lines_[first - 1])) --first;
        while (last + 1 < lines_.size() && !lines_[last + 1].blank_before && has_trailing_comment(lines_[last + 1]))
            ++last;
        std::size_t column = 0, longest = 0;
        for (std::size_t k = first; k <= last; ++k) {
            column = std::max(column, width(k) + least);
            longest = std::max(longest, width_of(lines_[k].comment));
        }
        return column + longest <= widest_line ? column : width(i) + least;
    }

    std::string written() const {
        std::string text;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const Line& line = lines_[i];
            if (line.blank_before) text += '\n';
            text += std::string(line.indent, ' ') + line.text;
            if (has_trailing_comment(line))
                text += std::string(comment_column(i) - line.indent - width_of(line.text), ' ');
            text += line.comment + '\n';
        }
        return text;
    }

    std::vector<LayoutToken> tokens_;
    std::vector<Line> lines_;
};

// What is said, in its order, and the comments in theirs: one may have moved above the line that it stood behind.
std::vector<std::string> words_of(const std::vector<LayoutToken>& tokens) {
    std::vector<std::string> words;
    std::string comments;  // without what their lines are made of
    for (const LayoutToken& token : tokens) {
        if (token.kind != Kind::comment) words.push_back(token.text);
        for (const char c : token.kind == Kind::comment ? token.text : "") {
            if (c != '#' && c != ' ' && c != '-') comments += c;
        }
    }
    words.push_back(comments);
    return words;
}

}  // namespace

std::string formatted(const std::string& text, const std::string& name) {
    const std::vector<LayoutToken> tokens = layout_tokens(checked_source(name, text));
    std::string result = Layout(tokens).run();
    if (words_of(layout_tokens(checked_source(name, result))) != words_of(tokens))
        throw std::logic_error("the layout of " + name + " is not the same spec");
    return result;
}

}  // namespace lastack
