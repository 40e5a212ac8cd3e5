// Which claims a run asks, and of which profile: those of the file named on the command line, and of what it uses
// without passing a file that declares a profile.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "model/language/read_spec.h"
#include "tests/spec_support.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const std::string parent = R"(
use "parts/about-any.spec"
profile parent "one state" {
  states ESTABLISHED initial final on call close rule r "r" cites "none" ESTABLISHED { returns ok } }
claim of-parent "of parent" cites "none" on both invariant A in ESTABLISHED
)";
const std::string child = R"(
use "parent.spec"
use "own.spec"
profile child-of-parent extends parent "the same" { }
)";
const std::string about_any = R"(
system both ends subject A, subject B network 1 loses calls A { close } B { close }
claim of-any "of any" cites "none" on both invariant B in ESTABLISHED
)";
const std::string own = R"(
claim of-child "of child" cites "none" on both invariant A in ESTABLISHED and B in ESTABLISHED
)";

struct Files {
    TemporaryDirectory here;
    Files() {
        std::filesystem::create_directory(here.path() / "parts");
        here.write("parts/about-any.spec", about_any);
        here.write("parent.spec", parent);
        here.write("own.spec", own);
        here.write("child.spec", child);
    }
    std::string path(const std::string& name) const { return (here.path() / name).string(); }
};

std::vector<std::string> asked(const Spec& spec) {
    std::vector<std::string> ids;
    for (const Claim& claim : spec.claims) ids.push_back(claim.id);
    return ids;
}

}  // namespace

TEST_CASE("a file asks its own claims and those of files without a profile that it uses") {
    const Files files;
    const Spec spec = read_spec(files.path("parent.spec"));
    CHECK(spec.subject == "parent");
    CHECK(asked(spec) == std::vector<std::string>{"of-any", "of-parent"});
}

TEST_CASE("who extends a profile does not bring along what was claimed of it") {
    const Files files;
    const Spec spec = read_spec(files.path("child.spec"));
    CHECK(spec.subject == "child-of-parent");
    CHECK(asked(spec) == std::vector<std::string>{"of-child"});
    CHECK(spec.system("both") != nullptr);  // profiles and systems come all the same
}

TEST_CASE("who wants the claims of a profile's file says so") {
    const Files files;
    files.here.write("with.spec", "use \"parent.spec\" with claims\nprofile again extends parent \"the same\" { }\n");
    const Spec spec = read_spec(files.path("with.spec"));
    CHECK(spec.subject == "again");
    CHECK(asked(spec) == std::vector<std::string>{"of-any", "of-parent"});
    // Of that file, not of those that it uses and that declare a profile themselves.
    files.here.write("far.spec", "use \"child.spec\" with claims\nprofile far extends parent \"the same\" { }\n");
    CHECK(asked(read_spec(files.path("far.spec"))) == std::vector<std::string>{"of-child"});
    files.here.write("twice.spec", "use \"parent.spec\"\nuse \"parent.spec\" with claims\n");
    CHECK(asked(read_spec(files.path("twice.spec"))) == std::vector<std::string>{"of-any", "of-parent"});
    files.here.write("wrong.spec", "use \"parent.spec\" with clams\n");
    CHECK_THROWS_WITH_AS(read_spec(files.path("wrong.spec")), doctest::Contains("did you mean 'claims'?"), SpecError);
}

TEST_CASE("another profile of the file can be the subject") {
    const Files files;
    CHECK(read_spec(files.path("child.spec"), "parent").subject == "parent");
}

TEST_CASE("a subject that is not there is an error with a suggestion") {
    const Files files;
    try {
        read_spec(files.path("child.spec"), "parents");
        FAIL("read");
    } catch (const SpecError& error) {
        const std::string text = error.what();
        CHECK(text.find("no profile 'parents'") != std::string::npos);
        CHECK(text.find("did you mean 'parent'?") != std::string::npos);
    }
}
