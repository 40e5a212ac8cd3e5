// The closes of examples/: each is laid out, checks as its file says, has the size that others count, and what its page
// tells of it is what the command prints.
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "checker/trace/plain_system.h"
#include "model/language/read_spec.h"
#include "tests/cli/command.h"
#include "tests/generators/all_agree.h"
#include "tests/places.h"

namespace lastack {

namespace {

using namespace testing;

const std::string folder = source_dir() + "/examples/";

struct Checked {
    std::string file, profile;
};
const std::vector<Checked> checked{
    {"sctp.spec", "sctp"},         {"quic.spec", "quic"},        {"quic.spec", "quic-chatty"},
    {"quic.spec", "quic-hopeful"}, {"dccp.spec", "dccp-server"},
};

struct Size {
    std::string file, system;
    std::uint64_t states, transitions;
};
const std::vector<Size> sizes{
    {"sctp.spec", "shutdowns", 2'494, 11'342}, {"sctp.spec", "crossed", 1'165, 5'386},
    {"sctp.spec", "guarded", 552, 2'417},      {"quic.spec", "closes", 485, 2'044},
    {"quic.spec", "crossed", 1'074, 5'146},    {"quic.spec", "deserted", 75, 250},
    {"dccp.spec", "asked", 239, 1'304},        {"dccp.spec", "held", 52, 153},
    {"dccp.spec", "aborting", 63, 226},
};

// A command of the page, and what it says that comes: lines in their order, "..." stands for any.
struct Told {
    std::string arguments;
    std::vector<std::string> lines;
};

std::vector<Told> told_on_page() {
    std::vector<Told> all;
    std::istringstream page(read_file(folder + "README.md"));
    bool open = false;
    for (std::string line; std::getline(page, line);) {
        const std::string prompt = "    $ lastack ";
        if (line.starts_with(prompt)) {
            all.push_back({line.substr(prompt.size()), {}});
            open = true;
        } else if (open && line.starts_with("    ")) {
            all.back().lines.push_back(line.substr(4));
        } else if (!line.empty()) {
            open = false;
        }
    }
    return all;
}

// The first line that is not there; "" where all are, each behind the one before it, at once or where "..." stands
// between.
std::string first_missing(const std::string& output, const std::vector<std::string>& lines) {
    std::vector<std::string> out = command::lines_of(output);
    std::erase_if(out, [](const std::string& line) { return line.empty(); });
    std::size_t at = 0;
    bool skips = true;
    for (const std::string& line : lines) {
        if (line == "...") {
            skips = true;
            continue;
        }
        while (skips && at < out.size() && out[at] != line) ++at;
        if (at >= out.size() || out[at] != line) return line;
        ++at;
        skips = false;
    }
    return "";
}

}  // namespace

TEST_CASE("each example checks as its file says" * doctest::test_suite("slow")) {
    for (const Checked& one : checked) {
        CAPTURE(one.profile);
        const command::Outcome outcome =
            command::invoke("check " + quoted(folder + one.file) + " --profile " + one.profile);
        CAPTURE(outcome.out);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 0);
    }
}

TEST_CASE("the examples are laid out") { CHECK(command::invoke("fmt --check " + quoted(folder)).code == 0); }

TEST_CASE("the examples have the sizes that the plain interpreter, spin and rumur count" *
          doctest::test_suite("slow")) {
    const std::string name = "the examples have the sizes that the plain interpreter, spin and rumur count";
    for (const Size& size : sizes) {
        CAPTURE(size.system);
        const Spec spec = read_spec(folder + size.file);
        const SystemDecl& decl = *spec.system(size.system);
        const Coverage ours = all_agree(name, spec, size.system);
        CHECK(ours.states == size.states);
        CHECK(ours.transitions == size.transitions);
        const PlainCount plain = plain_explore(PlainSystem(spec, decl));
        CHECK(plain.states == size.states);
        CHECK(plain.transitions == size.transitions);
    }
}

TEST_CASE("what the page of the examples shows is what the command prints" * doctest::test_suite("slow")) {
    const std::vector<Told> told = told_on_page();
    CHECK(told.size() >= 3);
    for (const Told& one : told) {
        CAPTURE(one.arguments);
        const std::string output =
            run("cd " + quoted(source_dir()) + " && " + quoted(command_path()) + " " + one.arguments);
        CAPTURE(output);
        CHECK(first_missing(output, one.lines) == "");
    }
}

}  // namespace lastack
