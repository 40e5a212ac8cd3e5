// What is written beside the grammar keeps up with it: each word of the language is coloured by both editors, explained
// in docs/spec-language.md, and stands in a spec that the layout leaves as it is. The words come from the grammar
// itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "model/language/format.h"
#include "model/language/format_tokens.h"
#include "model/language/read_spec.h"
#include "tests/places.h"
#include "tests/support.h"

using lastack::testing::read_file;
using Words = std::set<std::string>;

namespace {

const std::string root = lastack::testing::source_dir() + "/";

Words grammar() {
    const std::vector<std::string> words = lastack::grammar_words();
    return {words.begin(), words.end()};
}

Words split(const std::string& text, char separator) {
    Words words;
    std::istringstream in(text);
    for (std::string word; std::getline(in, word, separator);) {
        if (!word.empty()) words.insert(word);
    }
    return words;
}

// The alternatives of `(?:one|other)`.
Words coloured_by_textmate(const std::string& grammar) {
    static const std::regex choice(R"(\(\?:([a-zA-Z_|]+)\))");
    Words words;
    for (std::sregex_iterator at(grammar.begin(), grammar.end(), choice), end; at != end; ++at)
        words.merge(split((*at)[1], '|'));
    return words;
}

// The words of `syntax keyword GROUP word ...`, and units, which stand in a match.
Words coloured_by_vim(const std::string& syntax) {
    Words words;
    std::istringstream lines(syntax);
    for (std::string line; std::getline(lines, line);) {
        static const std::string keyword = "syntax keyword ";
        if (line.starts_with(keyword)) words.merge(split(line.substr(line.find(' ', keyword.size())), ' '));
        static const std::regex units(R"(\\\(([a-z]+(?:\\\|[a-z]+)+)\\\))");
        std::smatch match;
        if (std::regex_search(line, match, units))
            words.merge(split(std::regex_replace(match[1].str(), std::regex(R"(\\\|)"), "|"), '|'));
    }
    return words;
}

// Words in code: spans, indented lines and fences.
Words explained_in(const std::string& page) {
    static const std::regex word("[A-Za-z_]+");
    std::string code;
    bool fenced = false;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        const bool fence = line.starts_with("```");
        if (fence) fenced = !fenced;
        if (fenced || line.starts_with("    ")) code += line + "\n";
        for (std::size_t at = line.find('`'); !fence && at != std::string::npos;) {
            const std::size_t end = line.find('`', at + 1);
            if (end == std::string::npos) break;
            code += line.substr(at + 1, end - at - 1) + "\n";
            at = line.find('`', end + 1);
        }
    }
    Words words;
    for (std::sregex_iterator at(code.begin(), code.end(), word), end; at != end; ++at) words.insert(at->str());
    return words;
}

std::string missing(const Words& wanted, const Words& found) {
    std::string text;
    for (const std::string& word : wanted) text += found.contains(word) ? "" : " " + word;
    return text;
}

}  // namespace

TEST_CASE("the words of the grammar are those that the parser takes") {
    const Words words = grammar();
    for (const char* word :
         {"profile", "claim", "invariant", "sends", "returns", "exactly", "us", "implies", "zero_window"}) {
        CAPTURE(word);
        CHECK(words.contains(word));
    }
    CHECK_FALSE(words.contains("subject"));  // a name with a meaning, like that of a profile
    CHECK_FALSE(words.contains("ESTABLISHED"));
}

TEST_CASE("words are found in an editor's file, and missed where they are not") {
    CHECK(coloured_by_textmate(R"x("match": "\\b(?:one|other)\\b" "(x|y)")x") == Words{"one", "other"});
    CHECK(coloured_by_vim("syntax keyword lastackWord and or\nsyntax match n /\\d\\(us\\|s\\)/\n") ==
          Words{"and", "or", "s", "us"});
    CHECK(explained_in("word `code` more\n    indented\n```\nfenced\n```\n") == Words{"code", "indented", "fenced"});
    CHECK(missing({"a", "b"}, {"b", "c"}) == " a");
}

TEST_CASE("the TextMate grammar is JSON, and colours each word of the grammar and no other") {
    const std::string text = read_file(root + "editors/vscode/syntaxes/lastack.tmLanguage.json");
    CHECK_NOTHROW(nlohmann::json::parse(text));
    for (const char* file : {"editors/vscode/package.json", "editors/vscode/language-configuration.json"})
        CHECK_NOTHROW(nlohmann::json::parse(read_file(root + file)));
    CHECK(missing(grammar(), coloured_by_textmate(text)) == "");
    CHECK(missing(coloured_by_textmate(text), grammar()) == "");
}

TEST_CASE("the Vim file colours each word of the grammar and no other") {
    const Words words = coloured_by_vim(read_file(root + "editors/vim/syntax/lastack.vim"));
    CHECK(missing(grammar(), words) == "");
    CHECK(missing(words, grammar()) == "");
}

TEST_CASE("docs/spec-language.md explains each word of the grammar") {
    CHECK(missing(grammar(), explained_in(read_file(root + "docs/spec-language.md"))) == "");
}

TEST_CASE("one spec has each word of the grammar, reads, and is laid out") {
    const std::string path = root + "tests/house/every_word.spec";
    const std::string text = read_file(path);
    CHECK_NOTHROW(lastack::read_spec(path));
    Words words;
    for (const lastack::LayoutToken& token :
         lastack::layout_tokens(std::make_shared<const lastack::SourceText>(lastack::SourceText{path, text}))) {
        if (token.kind == lastack::LayoutToken::Kind::word) words.insert(token.text);
    }
    CHECK(missing(grammar(), words) == "");
    CHECK(lastack::formatted(text, path) == text);
}
