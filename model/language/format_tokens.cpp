#include "model/language/format_tokens.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include "model/language/tree.h"

namespace lastack {

namespace {

using namespace grammar;
using syntax::Node;
using Kind = LayoutToken::Kind;
using Starts = LayoutToken::Starts;

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// What the parse tree says, by offset in the text.
struct Outline {
    struct Start {
        Starts starts;
        int level;
        bool in_profile;
        bool behind_on;  // the node begins behind the word `on`, with which the statement does
    };
    std::map<std::size_t, Start> starts;
    std::map<std::size_t, std::size_t> dotted_names;  // from, to
    std::map<std::size_t, std::size_t> ranges;
    std::set<std::size_t> system_heads;  // where a system begins
};

// What stands in the head of a profile, system or claim; the rest of their children are statements.
bool in_head(const Node& node) {
    return node.is_type<dotted_name>() || node.is_type<name>() || node.is_type<text>() || node.is_type<cites>() ||
           node.is_type<parent>() || node.is_type<system_parent>();
}

class OutlineReader {
public:
    Outline read(const Node& root) {
        for (const auto& item : root.children) {
            const bool of_systems = item->is_type<system_item>() || item->is_type<systems_item>();
            const bool top = item->is_type<profile_item>() || of_systems || item->is_type<claim_item>();
            note(*item, top ? Starts::top : Starts::statement, 0, false);
            if (of_systems) outline_.system_heads.insert(item->m_begin.byte);
            below(*item, 0, item->is_type<profile_item>());
        }
        return std::move(outline_);
    }

private:
    void note(const Node& node, Starts starts, int level, bool in_profile) {
        const bool behind_on = node.is_type<on_call>() || node.is_type<on_timer>() || node.is_type<on_segment>();
        outline_.starts.try_emplace(node.m_begin.byte, Outline::Start{starts, level, in_profile, behind_on});
    }

    // `level`: of the statement that the node is or stands in.
    void below(const Node& node, int level, bool in_profile) {
        const bool holder = node.is_type<profile_item>() || node.is_type<system_item>() ||
                            node.is_type<systems_item>() || node.is_type<claim_item>();
        const auto cases = std::count_if(node.children.begin(), node.children.end(),
                                         [](const auto& each) { return each->template is_type<rule_case>(); });
        for (const auto& each : node.children) {
            if (each->is_type<dotted_name>()) outline_.dotted_names[each->m_begin.byte] = each->m_end.byte;
            if (each->is_type<range_type>()) outline_.ranges[each->m_begin.byte] = each->m_end.byte;
            const bool is_case = each->is_type<rule_case>();
            const bool inner = is_case || each->is_type<rule>() || each->is_type<step>() || each->is_type<drop_item>();
            const bool starts = inner || (holder && !in_head(*each));
            // The body of a profile is not indented: mostly it is the whole file.
            const int own = !starts ? level : node.is_type<profile_item>() ? 0 : level + 1;
            const bool same = node.is_type<replaced_rule>();
            if (starts && !same)
                note(*each,
                     is_case && cases == 1          ? Starts::only_case
                     : is_case                      ? Starts::case_
                     : node.is_type<profile_item>() ? Starts::statement
                     : holder                       ? Starts::clause
                                                    : Starts::statement,
                     own, in_profile);
            below(*each, same ? level : own, in_profile);
        }
    }

    Outline outline_;
};

class Lexer {
public:
    Lexer(const std::string& text, const Outline& outline) : text_(text), outline_(outline) {}

    std::vector<LayoutToken> run() {
        while (skip_blanks()) {
            LayoutToken token;
            token.line_ends = line_ends_;
            const std::size_t begin = at_;
            token.kind = advance();
            token.text = text_.substr(begin, at_ - begin);
            if (token.kind == Kind::comment) token.text = tidy_comment(token.text);
            place(token, begin);
            tokens_.push_back(std::move(token));
        }
        mark_braces();
        return std::move(tokens_);
    }

private:
    bool skip_blanks() {
        line_ends_ = 0;
        for (; at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos; ++at_)
            line_ends_ += text_[at_] == '\n';
        return at_ < text_.size();
    }

    Kind advance() {
        const char c = text_[at_];
        if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
            return Kind::comment;
        }
        if (c == '"') {
            for (++at_; text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
            ++at_;
            return Kind::text;
        }
        const auto dotted = outline_.dotted_names.find(at_);
        if (dotted != outline_.dotted_names.end()) {
            at_ = dotted->second;
            return Kind::word;
        }
        if (is_digit(c)) {
            while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
            if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
                for (++at_; at_ < text_.size() && is_digit(text_[at_]);) ++at_;
            }
            return Kind::number;
        }
        if (is_name_character(c)) {
            while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
            return Kind::word;
        }
        static constexpr std::string_view pairs[] = {":=", "+=", "-=", "->", "==", "!=", "<=", ">=", ".."};
        for (const std::string_view pair : pairs) {
            if (text_.compare(at_, 2, pair) != 0) continue;
            at_ += 2;
            return Kind::sign;
        }
        ++at_;
        return Kind::sign;
    }

    static std::string tidy_comment(std::string text) {
        while (std::string_view(" \t\r").find(text.back()) != std::string_view::npos) text.pop_back();
        if (text.size() > 1 && std::isalnum(static_cast<unsigned char>(text[1])) != 0) text.insert(1, " ");
        return text;
    }

    void place(LayoutToken& token, std::size_t begin) {
        if (token.kind == Kind::comment) return;
        const auto start = outline_.starts.find(begin);
        if (start != outline_.starts.end()) {
            in_profile_ = start->second.in_profile;
            LayoutToken& first = start->second.behind_on ? last_word() : token;
            first.starts = start->second.starts;
            first.level = start->second.level;
            in_system_head_ = outline_.system_heads.contains(begin);
        } else if (in_system_head_ && token.kind == Kind::word && token.text == "ends") {  // no node of its own
            token.starts = Starts::clause;
            token.level = 1;
            in_system_head_ = false;
        }
        token.in_profile = in_profile_;
        const auto range = outline_.ranges.upper_bound(begin);
        if (range != outline_.ranges.begin()) {
            const auto& [from, to] = *std::prev(range);
            token.in_range = begin > from && begin < to;
        }
    }

    LayoutToken& last_word() {
        std::size_t i = tokens_.size() - 1;
        while (tokens_[i].kind == Kind::comment) --i;
        return tokens_[i];
    }

    // Sets of names, and braces around statements.
    void mark_braces() {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (tokens_[i].text == "{" && tokens_[i].kind == Kind::sign) open.push_back(i);
            if (tokens_[i].text != "}" || tokens_[i].kind != Kind::sign || open.empty()) continue;
            const std::size_t from = open.back();
            open.pop_back();
            std::size_t first = from + 1;
            while (first < i && tokens_[first].kind == Kind::comment) ++first;
            const bool holds = first < i && tokens_[first].starts != Starts::nothing;
            tokens_[from].holds_statements = tokens_[i].holds_statements = holds;
            tokens_[from].is_set = tokens_[i].is_set = !holds && is_set(from, i);
        }
    }

    bool is_set(std::size_t from, std::size_t to) const {
        static const std::set<std::string> before{"in", "(", ",", "="};
        for (std::size_t i = from + 1; i < to; ++i) {
            const bool comma = (i - from) % 2 == 0;
            const bool fits = comma ? tokens_[i].text == "," : tokens_[i].kind == Kind::word;
            if (!fits) return false;
        }
        return to > from + 2 || (to == from + 2 && from > 0 && before.contains(tokens_[from - 1].text));
    }

    const std::string& text_;
    const Outline& outline_;
    std::size_t at_ = 0;
    int line_ends_ = 0;
    bool in_profile_ = false, in_system_head_ = false;
    std::vector<LayoutToken> tokens_;
};

template <typename Rule>
struct WordOf {
    static constexpr std::string_view value = "";
};
template <Text T>
struct WordOf<key<T>> {
    static constexpr std::string_view value = T.view();
};

// Every rule of the grammar, each once. What was seen is known when this runs: peg::visit keeps it in a type, which
// takes the compiler a minute.
class WordCollector {
public:
    template <typename Rule>
    void visit() {
        static constexpr char here = 0;
        if (!seen_.insert(&here).second) return;
        // Some words are types of their own, which derive from the key.
        if constexpr (!WordOf<typename Rule::rule_t>::value.empty())
            words.emplace(WordOf<typename Rule::rule_t>::value);
        below(typename Rule::subs_t());
    }

    std::set<std::string> words;

private:
    template <typename... Rules>
    void below(peg::type_list<Rules...>) {
        (visit<Rules>(), ...);
    }

    std::set<const void*> seen_;
};

}  // namespace

std::vector<LayoutToken> layout_tokens(const std::shared_ptr<const SourceText>& source) {
    const std::unique_ptr<Node> root = syntax::parse_tree(source);
    const Outline outline = OutlineReader().read(*root);
    return Lexer(source->text, outline).run();
}

std::vector<std::string> grammar_words() {
    WordCollector collector;
    collector.visit<spec_file>();
    return {collector.words.begin(), collector.words.end()};
}

}  // namespace lastack
