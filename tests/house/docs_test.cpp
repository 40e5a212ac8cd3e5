// The pages keep up with the code: every verb of the command is in README.md, every link leads somewhere.
#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/house/source_rules.h"
#include "tests/places.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using lastack::testing::read_file;

namespace {

const fs::path root = lastack::testing::source_dir();

// The words that begin the lines below "Subcommands:" in a help text.
std::vector<std::string> verbs_of(const std::string& help) {
    static const std::regex verb(R"(^  ([a-z][a-z-]*)\b.*)");
    std::vector<std::string> verbs;
    bool below = false;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with("Subcommands:"))
            below = true;
        else if (!line.empty() && line[0] != ' ')
            below = false;
        else if (below && std::regex_match(line, match, verb))
            verbs.push_back(match[1]);
    }
    return verbs;
}

// Named as a command: `lastack check ...` or `check` in code spans.
bool names_verb(const std::string& page, const std::string& verb) {
    return std::regex_search(page, std::regex("\\blastack " + verb + "\\b|`" + verb + "`"));
}

// Without fenced blocks and code spans, where brackets are not links. Lines stay lines.
std::string prose_of(const std::string& page) {
    std::string prose;
    bool fenced = false;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find_first_not_of(' ');
        const bool fence = first != std::string::npos && line.compare(first, 3, "```") == 0;
        if (fence) fenced = !fenced;
        const bool code = fence || fenced || line.starts_with("    ");
        prose += (code ? "" : std::regex_replace(line, std::regex("`[^`]*`"), "code")) + "\n";
    }
    return prose;
}

// Targets of inline links and images, and of reference definitions.
std::vector<std::string> links_of(const std::string& page) {
    static const std::regex form(R"(\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:^|\n) {0,3}\[[^\]]+\]:\s*(\S+))");
    std::vector<std::string> links;
    const std::string prose = prose_of(page);
    for (std::sregex_iterator at(prose.begin(), prose.end(), form), end; at != end; ++at) {
        links.push_back((*at)[1].matched ? (*at)[1].str() : (*at)[2].str());
    }
    return links;
}

bool leaves_the_tree(const std::string& link) {
    static const std::regex scheme(R"(^[a-z][a-z0-9+.-]*:.*)");
    return std::regex_match(link, scheme);
}

// Anchors of the headings, as forges make them: lower case, punctuation gone, blanks to hyphens.
std::set<std::string> anchors_of(const std::string& page) {
    std::set<std::string> anchors;
    bool fenced = false;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) fenced = !fenced;
        const auto text = line.find_first_not_of('#');
        if (fenced || text == 0 || text == std::string::npos || line[text] != ' ') continue;
        std::string anchor;
        for (const char c : line.substr(text + 1)) {
            const auto u = static_cast<unsigned char>(c);
            if (c == ' ')
                anchor += '-';
            else if (std::isalnum(u) != 0 || c == '-' || c == '_' || u >= 0x80)
                anchor += static_cast<char>(std::tolower(u));
        }
        anchors.insert(anchor);
    }
    return anchors;
}

// What is wrong with the links of a page that stands at `path`; one line each.
std::string broken_links(const fs::path& path, const std::string& page) {
    std::string broken;
    for (const auto& link : links_of(page)) {
        if (leaves_the_tree(link)) continue;
        const auto hash = link.find('#');
        const std::string file = link.substr(0, hash);
        const fs::path target = file.empty() ? path : (path.parent_path() / file).lexically_normal();
        const auto relative = target.lexically_relative(root).generic_string();
        if (file.starts_with("/") || relative.starts_with("..") || (!file.empty() && !fs::exists(target))) {
            broken += "\n" + path.filename().string() + ": " + link + " does not exist";
        } else if (hash != std::string::npos && target.extension() == ".md" &&
                   anchors_of(file.empty() ? page : read_file(target)).count(link.substr(hash + 1)) == 0) {
            broken += "\n" + path.filename().string() + ": " + link + " names no heading";
        }
    }
    return broken;
}

}  // namespace

TEST_CASE("verbs are read from a help text, and missed where a page lacks them") {
    const std::string help =
        "usage\nOptions:\n  -h,--help   Print\n\nSubcommands:\n  check   Checks.\n  gate    Does\n          more\n";
    CHECK(verbs_of(help) == std::vector<std::string>{"check", "gate"});
    CHECK(names_verb("run `lastack check a.spec`", "check"));
    CHECK(names_verb("| `gate` | does more |", "gate"));
    CHECK_FALSE(names_verb("the gate checks", "gate"));
    CHECK_FALSE(names_verb("lastack checks", "check"));
}

TEST_CASE("README.md names every verb of the command") {
    const auto verbs =
        verbs_of(lastack::testing::run(lastack::testing::quoted(lastack::testing::command_path()) + " --help"));
    REQUIRE_FALSE(verbs.empty());
    const std::string readme = read_file(root / "README.md");
    for (const auto& verb : verbs) CHECK_MESSAGE(names_verb(readme, verb), verb);
}

TEST_CASE("the version stands in one place: the command and the changelog say that of the project") {
    const std::string build = read_file(root / "CMakeLists.txt"), changes = read_file(root / "CHANGELOG.md");
    std::smatch match;
    REQUIRE(std::regex_search(build, match, std::regex(R"(project\(lastack VERSION (\d+\.\d+\.\d+))")));
    const std::string version = match[1];
    CHECK(lastack::testing::run(lastack::testing::quoted(lastack::testing::command_path()) + " --version") ==
          "lastack " + version + "\n");
    REQUIRE(std::regex_search(changes, match, std::regex(R"(\n## (.*))")));
    CHECK(match[1] == version);  // the newest one
}

TEST_CASE("links are found where they are links") {
    CHECK(links_of("a [b](c.md) and ![d](e.png \"t\")\n") == std::vector<std::string>{"c.md", "e.png"});
    CHECK(links_of("[a]: docs/b.md\n") == std::vector<std::string>{"docs/b.md"});
    CHECK(links_of("`[a](b)`\n```\n[c](d)\n```\n    [e](f)\n").empty());
    CHECK(anchors_of("# The `sim` target\n## Why, then?\n") == std::set<std::string>{"the-sim-target", "why-then"});
}

TEST_CASE("a link to nowhere is found") {
    const fs::path page = root / "docs" / "page.md";
    CHECK(broken_links(page, "[a](gone.md)") == "\npage.md: gone.md does not exist");
    CHECK(broken_links(page, "[a](../../outside.md)") != "");
    CHECK(broken_links(page, "# Here\n[a](#there)") == "\npage.md: #there names no heading");
    CHECK(broken_links(page, "# Here\n[a](#here) [b](../LICENSE) [c](https://www.rfc-editor.org/rfc/rfc9293)") == "");
}

TEST_CASE("every link of the pages leads somewhere") {
    CHECK(fs::exists(root / "README.md"));
    for (const auto& page : house::pages(root)) CHECK(broken_links(root / page.path, page.text) == "");
}

TEST_CASE("each wrong answer of the past has its test, which is there") {
    std::string tests;
    for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
        if (entry.path().extension() == ".cpp") tests += read_file(entry.path());
    }
    std::istringstream lines(read_file(root / "docs" / "truth.md"));
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| ") || line.starts_with("| what was wrong")) continue;
        const std::size_t begin = line.find(" | ") + 3, end = line.rfind(" |");
        REQUIRE(begin < end);
        const std::string name = line.substr(begin, end - begin);
        ++rows;
        CHECK_MESSAGE(tests.find("\"" + name + "\"") != std::string::npos, name);
    }
    CHECK(rows >= 25);
}
