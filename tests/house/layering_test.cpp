// The rules of CONTRIBUTING.md that a program can check: every one first catches a bad input, then the tree is clean.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <string>

#include "model/language/format_tokens.h"
#include "tests/house/source_rules.h"
#include "tests/places.h"
#include "tests/support.h"

using house::File;
using house::Findings;

namespace {

const std::vector<File>& tree() {
    static const std::vector<File> files = house::source_files(lastack::testing::source_dir());
    return files;
}

// One line a finding, so that a failure shows all of them.
std::string all_findings(const std::function<Findings(const File&)>& rule, const std::vector<File>& files = tree()) {
    std::string text;
    for (const auto& file : files) {
        for (const auto& finding : rule(file)) text += "\n" + finding;
    }
    return text;
}

bool is_test(const File& file) { return file.path.starts_with("tests/"); }

std::string repeated(const std::string& line, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += line;
    return text;
}

}  // namespace

TEST_CASE("the walk over the tree finds the sources of the layers and of the tests") {
    std::set<std::string> paths;
    for (const auto& file : tree()) paths.insert(file.path);
    CHECK(paths.count("model/spec.h") == 1);
    CHECK(paths.count("harness/target.h") == 1);
    CHECK(paths.count("tests/house/layering_test.cpp") == 1);
}

TEST_CASE("an include that runs upward is found") {
    CHECK(house::upward_includes({"model/a.cpp", "#include \"checker/trace/b.h\"\n"}) ==
          Findings{"model/a.cpp:1: an include that runs upward: checker/trace/b.h"});
    CHECK(house::upward_includes({"model/a.cpp", "#include \"model/language/b.h\"\n"}).size() == 1);
    CHECK(house::upward_includes({"checker/engine/a.h", "#include \"checker/claims/b.h\"\n"}).size() == 1);
    CHECK(house::upward_includes({"checker/claims/a.h", "#include \"checker/engine/b.h\"\n"}).empty());
    CHECK(house::upward_includes({"checker/a.h", ""}) == Findings{"checker/a.h:1: a file outside of the rooms"});
    CHECK(house::upward_includes({"report/a.h", "\n#include <cli/b.h>\n"}).size() == 1);
    CHECK(house::upward_includes({"cli/a.cpp", "#include \"tests/b.h\"\n"}).size() == 1);
    CHECK(house::upward_includes({"tests/a.cpp", "#include \"bench/b.h\"\n#include \"tests/b.h\"\n"}).empty());
    CHECK(house::upward_includes({"harness/a.cpp", "#include \"harness/b.h\"\n#include \"model/b.h\"\n"}).empty());
    CHECK(house::upward_includes({"model/a.cpp", "#include <sys/socket.h>\n#include <vector>\n"}).empty());
}

TEST_CASE("no include of the tree runs upward") { CHECK(all_findings(house::upward_includes) == ""); }

TEST_CASE("a quoted include without its folder, or of no file, is found") {
    const std::set<std::string> known = {"model/spec.h"};
    CHECK(house::unknown_includes({"model/a.cpp", "#include \"spec.h\"\n"}, known).size() == 1);
    CHECK(house::unknown_includes({"model/a.cpp", "#include \"../model/spec.h\"\n"}, known).size() == 1);
    CHECK(house::unknown_includes({"model/a.cpp", "  #  include \"model/gone.h\"\n"}, known).size() == 1);
    CHECK(house::unknown_includes({"model/a.cpp", "#include \"model/spec.h\"\n#include <map>\n"}, known).empty());
}

TEST_CASE("every quoted include of the tree names folder/file") {
    std::set<std::string> known;
    for (const auto& file : tree()) known.insert(file.path);
    CHECK(all_findings([&](const File& file) { return house::unknown_includes(file, known); }) == "");
}

TEST_CASE("a heavy header outside of its layer is found") {
    CHECK(house::misplaced_packages({"checker/a.cpp", "\n#include <tao/pegtl.hpp>\n"}) ==
          Findings{"checker/a.cpp:2: <tao/pegtl.hpp> belongs into model/language/"});
    CHECK(house::misplaced_packages({"model/a.cpp", "#include <z3++.h>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"report/a.cpp", "#include <nlohmann/json.hpp>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"harness/a.cpp", "#include <boost/graph/adjacency_list.hpp>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"report/a.cpp", "#include <CLI/CLI.hpp>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"model/a.cpp", "#include <doctest/doctest.h>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"tests/a.h", "#include <nlohmann/json.hpp>\n"}).size() == 1);
    CHECK(house::misplaced_packages({"model/language/a.cpp", "#include <tao/pegtl.hpp>\n"}).empty());
    CHECK(house::misplaced_packages({"checker/rules/a.cpp", "#include <z3++.h>\n#include <boost/a.hpp>\n"}).empty());
    CHECK(house::misplaced_packages({"cli/a.cpp", "#include <CLI/CLI.hpp>\n"}).empty());
    CHECK(house::misplaced_packages({"tests/a.cpp", "#include <doctest/doctest.h>\n"}).empty());
}

TEST_CASE("a heavy header that leaves its layer through one of our headers is found") {
    const File grammar{"model/language/grammar.h", "#include <tao/pegtl.hpp>\n"};
    const File tree_header{"model/language/tree.h", "#include \"model/language/grammar.h\"\n"};
    const File parser{"model/language/parser.cpp", "#include \"model/language/tree.h\"\n"};
    CHECK(house::leaked_packages({grammar, tree_header, parser}).empty());
    CHECK(house::leaked_packages({grammar, tree_header, {"checker/a.cpp", "#include \"model/language/tree.h\"\n"}}) ==
          Findings{"checker/a.cpp:1: reaches <tao/pegtl.hpp> through model/language/grammar.h"});
}

TEST_CASE("each heavy header is included in one layer only and does not leave it") {
    CHECK(all_findings(house::misplaced_packages) == "");
    CHECK(house::leaked_packages(tree()) == Findings{});
}

TEST_CASE("a file that is too long is found") {
    CHECK(house::too_long_file({"model/a.cpp", repeated("int x;\n", 701)}, 700).size() == 1);
    CHECK(house::too_long_file({"model/a.cpp", repeated("int x;\n", 700)}, 700).empty());
}

TEST_CASE("no file has more than 700 lines") {
    CHECK(all_findings([](const File& file) { return house::too_long_file(file, 700); }) == "");
    const auto largest = std::max_element(tree().begin(), tree().end(), [](const File& a, const File& b) {
        return house::line_count(a.text) < house::line_count(b.text);
    });
    MESSAGE("largest file: ", largest->path, ", ", house::line_count(largest->text), " lines");
}

TEST_CASE("blanked text keeps its lines and loses comments, literals and directives") {
    CHECK(house::blanked("int a; // {\nchar b = '{';") == "int a;     \nchar b =    ;");
    CHECK(house::blanked("/* {\n } */ int a = 20'000;") == "    \n      int a = 20'000;");
    CHECK(house::blanked("auto s = \"\\\"{\";") == "auto s =      ;");
    CHECK(house::blanked("auto s = R\"x({\")\"})x\";") == "auto s = " + std::string(12, ' ') + ";");
    CHECK(house::blanked("#define A \\\n  {\nint b;") == "           \n   \nint b;");
}

TEST_CASE("functions are found with their first line and their length") {
    const File file{"model/a.cpp", R"(// comment {
namespace a {
namespace {
const std::vector<std::string> words = {"{", "b"};
template <class T>
int first(T x) {
    if (x) { return '}'; }
    return 0;
}
}  // namespace

struct S {
    int get() const { return v; }
    explicit S(int x)
        : v{x}, w{f(x)} {
        use([&] { return 1; });
    }
    int v;
};

TEST_CASE("text with {") {
    CHECK(first(1) == 1);
}
enum class E { one, two };
}  // namespace a
)"};
    const auto found = house::functions(file);
    REQUIRE(found.size() == 4);
    CHECK(found[0].name == "first");
    CHECK(found[0].line == 5);
    CHECK(found[0].lines == 5);
    CHECK(found[1].name == "get");
    CHECK(found[1].lines == 1);
    CHECK(found[2].name == "S");
    CHECK(found[2].line == 14);
    CHECK(found[2].lines == 4);
    CHECK(found[3].name == "TEST_CASE");
    CHECK(found[3].lines == 3);
}

TEST_CASE("a function that is too long is found") {
    const std::string body = repeated("    work();\n", 69);
    CHECK(house::too_long_functions({"model/a.cpp", "void f() {\n" + body + "}\n"}, 70) ==
          Findings{"model/a.cpp:1: the function 'f' has 71 lines; at most 70"});
    CHECK(house::too_long_functions({"model/a.cpp", "void f() {\n" + body.substr(12) + "}\n"}, 70).empty());
    CHECK(house::too_long_functions({"model/a.h", "class C {\n    void f() {\n" + body + "    }\n};\n"}, 70).size() ==
          1);
    CHECK(house::too_long_functions({"model/a.cpp", "const int table[] = {\n" + repeated("1,\n", 90) + "};\n"}, 70)
              .empty());
}

TEST_CASE("no function has more than 70 lines") {
    CHECK(all_findings([](const File& file) { return house::too_long_functions(file, 70); }) == "");
    house::Function longest;
    std::string place;
    for (const auto& file : tree()) {
        for (const auto& function : house::functions(file)) {
            if (function.lines <= longest.lines) continue;
            longest = function;
            place = file.path + ":" + std::to_string(function.line);
        }
    }
    MESSAGE("longest function: ", longest.name, " (", place, "), ", longest.lines, " lines");
}

TEST_CASE("a block of lines that stands in two places is found once, as a whole") {
    const std::string six = "a();\nb();\n\nc();  \n// why\nd();\n{\ne();\nf();\n";  // six lines of code
    const std::string same = "#include <map>\na();\n b();\nc();\nd();\ne();\nf();\n";
    CHECK(house::doubled_blocks({{"model/a.cpp", six}, {"model/b.cpp", same}}, 6) ==
          Findings{"model/b.cpp:2: 6 lines that stand at model/a.cpp:1"});
    CHECK(house::doubled_blocks({{"model/a.cpp", six + "g();\n"}, {"model/b.cpp", same + "g();\n"}}, 6) ==
          Findings{"model/b.cpp:2: 7 lines that stand at model/a.cpp:1"});
    CHECK(house::doubled_blocks({{"model/a.cpp", six}, {"model/b.cpp", same}}, 7).empty());
    CHECK(house::doubled_blocks({{"model/a.cpp", "x();\n" + six + "y();\n" + six}}, 6).size() == 1);
    CHECK(house::doubled_blocks({{"model/a.cpp", repeated("a();\n", 11)}}, 6).empty());
    CHECK(house::doubled_blocks({{"model/a.cpp", six.substr(0, 20)}, {"model/b.cpp", six.substr(20)}}, 6).empty());
}

TEST_CASE("words are missed where a text lacks them") {
    CHECK(house::words_missing({"loses", "A", "at"}, "it loses at most A") == std::vector<std::string>{});
    CHECK(house::words_missing({"loses", "A", "at"}, "closes loses_b ABC attach") ==
          std::vector<std::string>{"A", "at", "loses"});
}

TEST_CASE("each word of the grammar is in the page of the language and in the dictionary of its fuzzer") {
    const std::vector<std::string> all = lastack::grammar_words();
    const std::set<std::string> words(all.begin(), all.end());
    CHECK(words.size() > 100);
    CHECK(words.count("recoverable") == 1);
    const std::string root = lastack::testing::source_dir();
    for (const std::string place : {"/docs/spec-language.md", "/fuzz/dictionaries/spec.dict"})
        CHECK_MESSAGE(house::words_missing(words, lastack::testing::read_file(root + place)) ==
                          std::vector<std::string>{},
                      place);
}

TEST_CASE("a header without a guard or without a word about itself is found") {
    CHECK(house::bare_header({"model/a.h", "#pragma once\nint x;\n"}).size() == 1);
    CHECK(house::bare_header({"model/a.h", "// What it is.\nint x;\n"}).size() == 1);
    CHECK(house::bare_header({"model/a.h", "// What it is.\n#pragma once\nint x;\n"}).empty());
    CHECK(house::bare_header({"model/a.cpp", "int x;\n"}).empty());
}

TEST_CASE("every header has a guard and says what it is") { CHECK(all_findings(house::bare_header) == ""); }

TEST_CASE("open ends and paths of one machine are found") {
    CHECK(house::open_ends({"model/a.cpp", "// TODO: later\n"}).size() == 1);
    CHECK(house::open_ends({"model/a.cpp", "int x;  // FIXME\n"}).size() == 1);
    CHECK(house::open_ends({"model/a.cpp", "// nothing is left to do\n"}).empty());
    CHECK(house::machine_paths({"model/a.cpp", "open(\"/home/me/a\");\n"}).size() == 1);
    CHECK(house::machine_paths({"model/a.cpp", "open(\"/dev/net/tun\");\n"}).empty());
}

TEST_CASE("no source has open ends or paths of one machine") {
    // The tests of these rules have to spell out what they look for; other tests may need a temporary folder.
    CHECK(all_findings([](const File& file) {
              return file.path.starts_with("tests/house/") ? Findings{} : house::open_ends(file);
          }) == "");
    CHECK(all_findings([](const File& file) { return is_test(file) ? Findings{} : house::machine_paths(file); }) == "");
}

TEST_CASE("specs, scripts and build files name no path of one machine") {
    std::set<std::string> paths;
    for (const auto& file : house::other_files(lastack::testing::source_dir())) {
        paths.insert(file.path);
        if (is_test(file)) continue;
        CHECK(house::machine_paths(file) == Findings{});
        CHECK(house::open_ends(file) == Findings{});
    }
    for (const std::string path : {"dev", ".ci/run", "CMakeLists.txt", "specs/linux.spec"})
        CHECK(paths.count(path) == 1);
}

TEST_CASE("a line with more than 120 columns is found, columns counted as characters") {
    const std::string wide(121, 'x'), umlauts = repeated("\u00e4", 120);
    CHECK(house::too_wide({"model/a.cpp", "int x;\n// " + wide + "\n"}, 120) ==
          Findings{"model/a.cpp:2: 124 columns; at most 120"});
    CHECK(house::too_wide({"specs/a.spec", umlauts + "\n" + wide.substr(1) + "\n"}, 120).empty());
    CHECK(house::too_wide({"specs/a.spec", umlauts + "x\n"}, 120).size() == 1);
    CHECK(house::too_wide({"docs/a.md", wide + "\n\n| " + wide + " |\n"}, 120).empty());
    CHECK(house::too_wide({"docs/a.md", "    " + wide + "\n"}, 120).size() == 1);
    CHECK(house::too_wide({"docs/a.md", "```\n" + wide + "\n```\n" + wide + "\n"}, 120).size() == 1);
}

TEST_CASE("no line of code, of a spec, a script or a code block has more than 120 columns") {
    const auto too_wide = [](const File& file) { return house::too_wide(file, 120); };
    CHECK(all_findings(too_wide) == "");
    const std::string root = lastack::testing::source_dir();
    const auto specs = house::other_files(root), pages = house::pages(root);
    CHECK(std::count_if(specs.begin(), specs.end(), [](const File& f) { return f.path.ends_with(".spec"); }) > 10);
    CHECK(std::count_if(pages.begin(), pages.end(), [](const File& f) { return f.path == "README.md"; }) == 1);
    CHECK(all_findings(too_wide, specs) == "");
    CHECK(all_findings(too_wide, pages) == "");
}

TEST_CASE("no folder is a drawer for odds and ends") {
    const std::regex drawer("(^|/)(utils?|helpers?|common|misc)$");
    const auto found = house::folders(lastack::testing::source_dir());
    CHECK(std::find(found.begin(), found.end(), "tests/house") != found.end());
    CHECK(std::regex_search(std::string("model/util"), drawer));
    for (const auto& folder : found) CHECK_MESSAGE(!std::regex_search(folder, drawer), folder);
}
