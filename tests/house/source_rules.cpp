// Idea: blank out what is not code, then look at includes line by line and at braces character by character. Linear in
// the size of the tree; the whole of it takes some milliseconds.
#include "tests/house/source_rules.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

namespace house {
namespace {

namespace fs = std::filesystem;

// Folders that are libraries, from the bottom up; one may include itself and what stands before it.
const std::vector<std::string> libraries = {"model",
                                            "model/language",
                                            "checker/engine",
                                            "checker/trace",
                                            "checker/zones",
                                            "checker/compare",
                                            "checker/claims",
                                            "checker/coverage",
                                            "checker/rules",
                                            "checker/proof",
                                            "checker/numbers",
                                            "checker/suites",
                                            "checker/mutation",
                                            "page",
                                            "generators",
                                            "harness",
                                            "guest",
                                            "report",
                                            "cli"};

struct Package {
    std::string start;  // how its includes begin
    std::string home;   // the folder that may have them, or whose rooms may; "": none
};

const std::vector<Package> packages = {
    {"tao/pegtl", "model/language"},
    {"z3", "checker"},
    {"boost/", "checker"},
    {"nlohmann/", "generators"},
    {"CLI/", "cli"},
    {"pcap/", "harness"},
    {"mimalloc", "cli"},
    {"doctest", ""},
    {"benchmark/", ""},
};

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool is_header(const std::string& path) { return path.ends_with(".h"); }

bool is_inside(const std::string& folder, const std::string& of) {
    return folder == of || folder.starts_with(of + "/");
}

bool may_include_all(const std::string& folder) {
    return is_inside(folder, "tests") || is_inside(folder, "bench") || is_inside(folder, "fuzz");
}

bool at_home(const Package& package, const std::string& folder) {
    return !package.home.empty() && is_inside(folder, package.home);
}

// Rank of a library; above all of them for tests and bench; -1 for what is no folder of the house.
int rank(const std::string& folder) {
    if (may_include_all(folder)) return static_cast<int>(libraries.size());
    const auto at = std::find(libraries.begin(), libraries.end(), folder);
    return at == libraries.end() ? -1 : static_cast<int>(at - libraries.begin());
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string finding(const File& file, std::size_t line, const std::string& what) {
    return file.path + ":" + std::to_string(line) + ": " + what;
}

struct Include {
    std::string name;
    bool quoted = false;
    std::size_t line = 0;
};

std::vector<Include> includes_of(const File& file) {
    static const std::regex form(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
    std::vector<Include> found;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (std::regex_search(lines[i], match, form)) found.push_back({match[2], match[1] == "\"", i + 1});
    }
    return found;
}

// The package that an include names; null for the standard library, the system and our own headers.
const Package* package_of(const Include& include) {
    if (include.quoted) return nullptr;
    for (const auto& package : packages) {
        if (include.name.starts_with(package.start)) return &package;
    }
    return nullptr;
}

// Where the literal or comment that begins at `at` ends (one past it); `at` itself where none begins.
std::size_t end_of_blank(const std::string& text, std::size_t at) {
    const auto end_at = [&](const std::string& mark, std::size_t from) {
        const auto found = text.find(mark, from);
        return found == std::string::npos ? text.size() : found + mark.size();
    };
    if (text.compare(at, 2, "//") == 0) return std::min(text.find('\n', at), text.size());
    if (text.compare(at, 2, "/*") == 0) return end_at("*/", at + 2);
    if (text.compare(at, 2, "R\"") == 0) {
        const auto open = text.find('(', at);
        if (open == std::string::npos) return text.size();
        return end_at(")" + text.substr(at + 2, open - at - 2) + "\"", open);
    }
    const char quote = text[at];
    // An apostrophe between digits separates them: 20'000.
    const bool separator = quote == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
    if ((quote != '"' && quote != '\'') || separator) return at;
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != quote && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
}

// Preprocessor lines with their continuations, in text without comments and literals.
void blank_directives(std::string& text) {
    bool directive = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto first = text.find_first_not_of(" \t", at);
        directive = directive || (first < end && text[first] == '#');
        const bool goes_on = directive && end > at && text[end - 1] == '\\';
        if (directive) std::fill(text.begin() + static_cast<long>(at), text.begin() + static_cast<long>(end), ' ');
        directive = goes_on;
        at = end + 1;
    }
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// What a brace opens, by the text between it and the end of what came before.
enum class Opens { scope, function, other };

Opens opened_by(const std::string& head) {
    static const std::regex scope(R"(^(inline\s+)?namespace\b|^extern\b\s*$)");
    static const std::regex type(R"(^(template\s*<.*>\s*)?(typedef\s+)?(class|struct|union|enum)\b)");
    static const std::regex body_follows(R"((\)|\bconst|\bnoexcept|\boverride|\bfinal|\bmutable|\btry)$)");
    if (std::regex_search(head, scope)) return Opens::scope;
    if (head.empty() || head.back() == '=') return Opens::other;
    const bool parameters = head.find(')') != std::string::npos;
    if (std::regex_search(head, type) && !(parameters && std::regex_search(head, body_follows))) return Opens::scope;
    return parameters ? Opens::function : Opens::other;
}

// The name of the function that `head` declares: the word before the first parenthesis, or a test's own text.
std::string name_in(const std::string& head) {
    const auto open = head.find('(');
    const auto start = head.find_last_of(" \t\n*&", open == std::string::npos ? open : open - 1);
    return head.substr(start == std::string::npos ? 0 : start + 1, open - (start == std::string::npos ? 0 : start + 1));
}

int line_at(const std::string& text, std::size_t at) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

// One past the brace that closes the one at `open`.
std::size_t closing(const std::string& code, std::size_t open) {
    int depth = 0;
    for (std::size_t at = open; at < code.size(); ++at) {
        depth += code[at] == '{' ? 1 : code[at] == '}' ? -1 : 0;
        if (depth == 0) return at + 1;
    }
    return code.size();
}

}  // namespace

namespace {

File file_at(const fs::path& path, const std::string& root) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return {fs::relative(path, root).generic_string(), text.str()};
}

// Appends the files below `root`/`place` that have one of these endings; `place` may be missing.
void add_files(std::vector<File>& files, const std::string& root, const std::string& place,
               const std::set<std::string>& endings) {
    if (!fs::is_directory(fs::path(root) / place)) return;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / place)) {
        if (entry.is_regular_file() && endings.count(entry.path().extension().string()) != 0)
            files.push_back(file_at(entry.path(), root));
    }
}

void sort_by_path(std::vector<File>& files) {
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
}

}  // namespace

std::vector<File> source_files(const std::string& root) {
    std::set<std::string> places = {"tests", "bench", "fuzz"};
    for (const auto& library : libraries) places.insert(library.substr(0, library.find('/')));
    std::vector<File> files;
    for (const auto& place : places) add_files(files, root, place, {".h", ".cpp"});
    sort_by_path(files);
    return files;
}

std::vector<File> other_files(const std::string& root) {
    std::vector<File> files;
    for (const std::string place : {"specs", "examples", "tests", "bench", "fuzz", "adapter", "packaging"})
        add_files(files, root, place, {".spec", ".pml", ".txt", ".dict", ".py"});
    add_files(files, root, "page", {".js", ".py", ".cmake"});
    add_files(files, root, "adapter", {".c", ".h"});
    for (const std::string name : {"dev", ".ci/run", "CMakeLists.txt"})
        files.push_back(file_at(fs::path(root) / name, root));
    sort_by_path(files);
    return files;
}

std::vector<File> pages(const std::string& root) {
    std::vector<File> files;
    for (const std::string place : {"docs", "examples", "editors", "fuzz", ".github"})
        add_files(files, root, place, {".md"});
    for (const auto& entry : fs::directory_iterator(root)) {
        if (entry.path().extension() == ".md") files.push_back(file_at(entry.path(), root));
    }
    sort_by_path(files);
    return files;
}

std::vector<std::string> folders(const std::string& root) {
    std::vector<std::string> found;
    for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
        if (!at->is_directory() || at->is_symlink()) continue;
        const std::string name = at->path().filename().string();
        if (name.starts_with(".") || (at.depth() == 0 && name == "build")) {
            at.disable_recursion_pending();
            continue;
        }
        found.push_back(fs::relative(at->path(), root).generic_string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string blanked(const std::string& text) {
    std::string code = text;
    for (std::size_t at = 0; at < code.size();) {
        const std::size_t end = end_of_blank(code, at);
        for (std::size_t i = at; i < end; ++i) {
            if (code[i] != '\n') code[i] = ' ';
        }
        at = std::max(end, at + 1);
    }
    blank_directives(code);
    return code;
}

std::size_t line_count(const std::string& text) { return lines_of(text).size(); }

Findings upward_includes(const File& file) {
    Findings findings;
    const std::string folder = folder_of(file.path);
    const int own = rank(folder);
    if (own < 0) findings.push_back(finding(file, 1, "a file outside of the rooms"));
    for (const auto& include : includes_of(file)) {
        const std::string theirs = folder_of(include.name);
        const bool to_bench = is_inside(theirs, "bench") && !is_inside(folder, "bench") && !is_inside(folder, "tests");
        if (rank(theirs) > own || to_bench)
            findings.push_back(finding(file, include.line, "an include that runs upward: " + include.name));
    }
    return findings;
}

Findings unknown_includes(const File& file, const std::set<std::string>& known) {
    Findings findings;
    for (const auto& include : includes_of(file)) {
        if (!include.quoted || known.count(include.name) != 0) continue;
        const bool whole = include.name.find('/') != std::string::npos && !include.name.starts_with(".");
        findings.push_back(finding(file, include.line,
                                   whole ? "no such file in the tree: " + include.name
                                         : "a quoted include names folder/file from the root: " + include.name));
    }
    return findings;
}

Findings misplaced_packages(const File& file) {
    Findings findings;
    const std::string folder = folder_of(file.path);
    for (const auto& include : includes_of(file)) {
        const auto* package = package_of(include);
        if (package == nullptr || at_home(*package, folder)) continue;
        const bool tool = package->home.empty();  // of tests and benchmarks, in their headers too
        if (may_include_all(folder) && (tool || !is_header(file.path))) continue;
        const std::string where = tool ? "tests/ and bench/" : package->home + "/";
        findings.push_back(finding(file, include.line, "<" + include.name + "> belongs into " + where));
    }
    return findings;
}

Findings leaked_packages(const std::vector<File>& files) {
    std::map<std::string, std::vector<Include>> includes;
    for (const auto& file : files) includes[file.path] = includes_of(file);
    Findings findings;
    for (const auto& file : files) {
        const std::string folder = folder_of(file.path);
        if (may_include_all(folder)) continue;
        std::set<std::string> seen = {file.path};
        std::vector<std::string> open = {file.path};
        while (!open.empty()) {
            const std::string path = open.back();
            open.pop_back();
            for (const auto& include : includes[path]) {
                const auto* package = package_of(include);
                if (package != nullptr && path != file.path && !at_home(*package, folder)) {
                    findings.push_back(finding(file, 1, "reaches <" + include.name + "> through " + path));
                }
                if (include.quoted && seen.insert(include.name).second) open.push_back(include.name);
            }
        }
    }
    return findings;
}

Findings too_long_file(const File& file, std::size_t limit) {
    const std::size_t lines = line_count(file.text);
    if (lines <= limit) return {};
    return {finding(file, lines, std::to_string(lines) + " lines; at most " + std::to_string(limit))};
}

namespace {

// Characters, not bytes: those that begin one in UTF-8.
std::size_t columns_of(const std::string& line) {
    return static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Findings too_wide(const File& file, std::size_t columns) {
    const bool page = file.path.ends_with(".md");
    Findings findings;
    bool fenced = false;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t first = lines[i].find_first_not_of(' ');
        if (page && first != std::string::npos && lines[i].compare(first, 3, "```") == 0) fenced = !fenced;
        const bool code = !page || fenced || lines[i].starts_with("    ");
        const std::size_t width = columns_of(lines[i]);
        if (code && width > columns)
            findings.push_back(
                finding(file, i + 1, std::to_string(width) + " columns; at most " + std::to_string(columns)));
    }
    return findings;
}

std::vector<Function> functions(const File& file) {
    std::vector<Function> found;
    const std::string code = blanked(file.text);
    std::size_t head_start = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (code[at] == ';' || code[at] == '}') head_start = at + 1;
        if (code[at] != '{') continue;
        const std::string head = trimmed(code.substr(head_start, at - head_start));
        const Opens opens = opened_by(head);
        std::size_t end = opens == Opens::scope ? at + 1 : closing(code, at);
        if (opens == Opens::function) {
            // Braces in a constructor's list of members (`: a_{x}, b_{y} {`) are followed by `,` or the body.
            for (auto next = code.find_first_not_of(" \t\n", end);
                 next != std::string::npos && (code[next] == ',' || code[next] == '{');
                 next = code.find_first_not_of(" \t\n", end)) {
                const auto open = code.find('{', next);
                if (open == std::string::npos) break;
                end = closing(code, open);
            }
            const int line = line_at(code, code.find_first_not_of(" \t\n", head_start));
            found.push_back({name_in(head), line, line_at(code, end - 1) - line + 1});
        }
        // After an initializer the declaration goes on to its semicolon; it opens no body of its own.
        if (opens != Opens::other) head_start = end;
        at = end - 1;
    }
    return found;
}

Findings too_long_functions(const File& file, int limit) {
    Findings findings;
    for (const auto& function : functions(file)) {
        if (function.lines <= limit) continue;
        findings.push_back(finding(file, static_cast<std::size_t>(function.line),
                                   "the function '" + function.name + "' has " + std::to_string(function.lines) +
                                       " lines; at most " + std::to_string(limit)));
    }
    return findings;
}

namespace {

struct CodeLine {
    std::size_t file = 0, number = 0;  // index of the file, line in it from 1
    std::string text;
};

// The lines that doubled_blocks() compares.
void add_code_lines(std::vector<CodeLine>& all, const File& file, std::size_t index) {
    static const std::regex blanks(R"(\s+)");
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string text = std::regex_replace(trimmed(lines[i]), blanks, " ");
        const bool word = std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
        const bool import = text.starts_with("#") || text.starts_with("using ");
        if (word && !import && !text.starts_with("//")) all.push_back({index, i + 1, text});
    }
}

}  // namespace

Findings doubled_blocks(const std::vector<File>& files, std::size_t lines) {
    std::vector<CodeLine> all;
    for (std::size_t i = 0; i < files.size(); ++i) add_code_lines(all, files[i], i);
    constexpr std::size_t nowhere = ~std::size_t{0};
    std::map<std::string, std::size_t> first;  // place of each block's first line, by the block's text
    std::vector<std::size_t> earlier(all.size(), nowhere);
    for (std::size_t at = 0; at + lines <= all.size(); ++at) {
        if (all[at].file != all[at + lines - 1].file) continue;
        std::string block;
        for (std::size_t i = at; i < at + lines; ++i) block += all[i].text + '\n';
        const std::size_t found = first.emplace(block, at).first->second;
        if (found + lines <= at) earlier[at] = found;
    }
    Findings findings;
    for (std::size_t at = 0; at < all.size(); ++at) {
        if (earlier[at] == nowhere) continue;
        if (at > 0 && earlier[at - 1] != nowhere && earlier[at - 1] + 1 == earlier[at]) continue;  // of the same run
        std::size_t run = lines;
        while (at + run - lines + 1 < all.size() && earlier[at + run - lines + 1] == earlier[at] + run - lines + 1)
            ++run;
        const CodeLine& other = all[earlier[at]];
        findings.push_back(finding(files[all[at].file], all[at].number,
                                   std::to_string(run) + " lines that stand at " + files[other.file].path + ":" +
                                       std::to_string(other.number)));
    }
    return findings;
}

std::vector<std::string> words_missing(const std::set<std::string>& words, const std::string& text) {
    const auto is_letter = [&](std::size_t at) {
        return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
    };
    std::vector<std::string> missing;
    for (const std::string& word : words) {
        std::size_t at = text.find(word);
        while (at != std::string::npos && ((at > 0 && is_letter(at - 1)) || is_letter(at + word.size())))
            at = text.find(word, at + 1);
        if (at == std::string::npos) missing.push_back(word);
    }
    return missing;
}

Findings bare_header(const File& file) {
    if (!is_header(file.path)) return {};
    Findings findings;
    if (!file.text.starts_with("//")) findings.push_back(finding(file, 1, "a header starts with a comment"));
    const auto lines = lines_of(file.text);
    if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
        findings.push_back(finding(file, 1, "no #pragma once"));
    }
    return findings;
}

namespace {

Findings lines_with(const File& file, const std::regex& form, const std::string& what) {
    Findings findings;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (std::regex_search(lines[i], match, form)) findings.push_back(finding(file, i + 1, what + match.str()));
    }
    return findings;
}

}  // namespace

Findings open_ends(const File& file) {
    static const std::regex form(R"(\b(TODO|FIXME)\b)");
    return lines_with(file, form, "an open end belongs in an issue: ");
}

Findings machine_paths(const File& file) {
    static const std::regex form(R"(/(home|tmp|root|work)/)");
    return lines_with(file, form, "a path of one machine: ");
}

}  // namespace house
