// The rules of the house as functions from a file's text to what is wrong with it.
//
// Pure functions on strings, so that the test can show each of them a bad input first (layering_test.cpp). They read
// C++ with a scanner, not a parser; what that misses is said at each of them.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace house {

struct File {
    std::string path;  // relative to the root of the tree, '/' between: "model/spec.h"
    std::string text;
};

// One line each: "model/spec.h:12: what is wrong".
using Findings = std::vector<std::string>;

// Every .h and .cpp of the layers, tests, bench and fuzz, in the order of their paths.
std::vector<File> source_files(const std::string& root);

// What is read as code beside them: specs, models for other tools, build files, scripts; in the order of their paths.
std::vector<File> other_files(const std::string& root);

// The pages of the documentation (.md), in the order of their paths.
std::vector<File> pages(const std::string& root);

// Folders below the root, build/ and hidden ones left out, as relative paths.
std::vector<std::string> folders(const std::string& root);

// Comments, strings, character literals and preprocessor lines become spaces; line breaks stay where they are.
std::string blanked(const std::string& text);

std::size_t line_count(const std::string& text);

// No include runs upward: the order of layers and of their rooms is written down in source_rules.cpp; tests and bench
// may include all. A file lies in one of these folders.
Findings upward_includes(const File& file);

// Quoted includes name folder/file from the root, and `known` has that file.
Findings unknown_includes(const File& file, const std::set<std::string>& known);

// PEGTL, Z3, Boost, nlohmann and CLI11 are included in one layer or room each (and by the .cpp files of tests); doctest
// and Google Benchmark only below tests/ and bench/.
Findings misplaced_packages(const File& file);

// A header may include its layer's package (a grammar fills more than one file) as long as it stays inside of the
// layer: no file of another layer reaches the package through it, directly or through other headers.
Findings leaked_packages(const std::vector<File>& files);

Findings too_long_file(const File& file, std::size_t limit);

// Lines with more columns than that; of a page only those of code blocks, since the rows of a table cannot be broken.
Findings too_wide(const File& file, std::size_t columns);

struct Function {
    std::string name;  // the text before the parameters, shortened: "Explorer::step"
    int line = 0;      // where its declaration begins
    int lines = 0;     // up to and with its closing brace
};

// Functions with a body, lambdas and test cases at namespace or class level included. A function inside another (a
// lambda, a local class) counts as part of it. Misses: bodies that a macro opens; where #if and #else both open a
// brace, both are counted.
std::vector<Function> functions(const File& file);
Findings too_long_functions(const File& file, int limit);

// Places with that many lines of code, one after the other, that stand in an earlier place, too. Blank lines, comments,
// includes, `using` and lines of punctuation alone do not count; white space is folded. A finding is a whole run of
// such lines.
Findings doubled_blocks(const std::vector<File>& files, std::size_t lines);

// Those of the words that the text does not have as whole words.
std::vector<std::string> words_missing(const std::set<std::string>& words, const std::string& text);

// A header says `#pragma once` and starts with a comment.
Findings bare_header(const File& file);

// Notes to do something later; they belong in an issue.
Findings open_ends(const File& file);

// Paths that exist on one machine only.
Findings machine_paths(const File& file);

}  // namespace house
