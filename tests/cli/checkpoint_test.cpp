// A check that is killed goes on where it was, and prints what it would have printed.
#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <string>

#include "tests/cli/child.h"
#include "tests/cli/command.h"

using command::Child;
using command::has;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using command::within;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::TemporaryDirectory;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const std::string rfc = std::string(LASTACK_SOURCE_DIR) + "/specs/rfc9293.spec";
const std::vector<std::string> some_claims{"--claim", "W01-moves", "--claim", "W02-A",
                                           "--claim", "W05-one",   "--claim", "W03-ends"};

// What belongs to the process and not to the answer.
std::string without_costs(const std::string& json) {
    return std::regex_replace(json, std::regex("\"(cpu_seconds|bytes)\": [-+.e0-9]+"), "\"$1\": 0");
}

// Checks with a checkpoint until a run ends by itself, each a little later than the one before.
struct Killed {
    Killed(const std::string& file, int signal, std::chrono::milliseconds first) {
        for (auto limit = first;; limit += 250ms) {
            std::vector<std::string> words{"check", "--json", rfc, "--checkpoint", file, "--checkpoint-every", "0"};
            words.insert(words.end(), some_claims.begin(), some_claims.end());
            Child child(words);
            const bool disturbed = !within(limit, [&] { return !child.running(); });
            if (disturbed) {
                child.signal(signal);
                REQUIRE(within(30s, [&] { return !child.running(); }));
            }
            resumed += has(child.err(), "goes on at depth");
            code = child.code();
            out = child.out();
            if (!disturbed) return;
        }
    }
    int resumed = 0, code = -1;
    std::string out;
};

std::string undisturbed() {
    std::string words = "check --json " + quoted(rfc);
    for (const std::string& word : some_claims) words += " " + word;
    const auto outcome = invoke(words);
    CHECK(outcome.code == 0);
    return without_costs(outcome.out);
}

}  // namespace

TEST_CASE("kill -9 at many moments: the check goes on, says so, and ends with the same JSON and without the file") {
    const std::string expected = undisturbed();
    int resumed = 0;
    for (const auto first : {60ms, 250ms}) {
        const TemporaryDirectory here;
        const std::string file = (here.path() / "run.ckpt").string();
        const Killed check(file, SIGKILL, first);
        CHECK(check.code == 0);
        CHECK(without_costs(check.out) == expected);
        CHECK(fs::is_empty(here.path()));
        resumed += check.resumed;
    }
    CHECK(resumed > 0);
}

TEST_CASE("SIGINT again and again: the same") {
    const TemporaryDirectory here;
    const Killed check((here.path() / "run.ckpt").string(), SIGINT, 300ms);
    CHECK(check.code == 0);
    CHECK(without_costs(check.out) == undisturbed());
    CHECK(fs::is_empty(here.path()));
}

TEST_CASE("A check that hits its bound on states keeps the file; with a higher bound it goes on from there") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "run.ckpt").string();
    const std::string words = "check --json --claim W01-moves --checkpoint " + quoted(file) + " " + quoted(rfc);
    CHECK(invoke(words + " --max-states 100000").code == 30);
    CHECK(fs::exists(file));
    const auto outcome = invoke(words);
    CHECK(has(outcome.err, "system lossy goes on at depth "));
    CHECK(outcome.code == 0);
    CHECK(without_costs(outcome.out) == without_costs(invoke("check --json --claim W01-moves " + quoted(rfc)).out));
    CHECK_FALSE(fs::exists(file));
}

TEST_CASE("A checkpoint of another spec or of other claims, and what is none, are bad input") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "run.ckpt").string();
    const std::string option = " --checkpoint " + quoted(file);
    invoke("check --claim W01-moves --max-states 100000" + option + " " + shipped("rfc9293.spec"));
    REQUIRE(fs::exists(file));
    const std::string bytes = read_file(file);
    for (const std::string& other :
         {" --claim W02-A " + shipped("rfc9293.spec"), " --claim W01-moves " + shipped("linux.spec")}) {
        const auto outcome = invoke("check" + option + other);
        CHECK(outcome.code == 65);
        CHECK(outcome.err == "lastack: " + file + ": belongs to another spec, question or version\n");
        CHECK(outcome.out == "");
    }
    here.write("run.ckpt", bytes.substr(0, bytes.size() / 2));
    const auto torn = invoke("check" + option + " --claim W01-moves " + shipped("rfc9293.spec"));
    CHECK(torn.code == 65);
    CHECK(torn.err == "lastack: " + file + ": torn: ends early\n");
    here.write("run.ckpt", "what is this?");
    const auto none = invoke("check" + option + " --claim W01-moves " + shipped("rfc9293.spec"));
    CHECK(none.code == 65);
    CHECK(none.err == "lastack: " + file + ": not a checkpoint\n");
    CHECK(read_file(file) == "what is this?");
}

// A limit on the size of files stands for a disk that is full: the first checkpoints fit, later ones do not.
TEST_CASE("Where the disk is full the check goes on without its checkpoint, and says so once") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "run.ckpt").string();
    const std::string words = "check --json --claim W01-moves " + quoted(rfc);
    const std::string limited = "trap '' XFSZ; ulimit -f 8;";
    const std::string errors = (here.path() / "err").string();
    int code = -1;
    const std::string out =
        lastack::testing::run(limited + " " + quoted(LASTACK_COMMAND) + " " + words +
                                  " --checkpoint-every 0 --checkpoint " + quoted(file) + " 2>" + quoted(errors),
                              &code);
    CHECK(code == 0);
    CHECK(without_costs(out) == without_costs(invoke(words).out));
    CHECK(read_file(errors) ==
          "lastack: " + file + ": cannot be written: File too large; the check goes on without it\n");
    CHECK_FALSE(fs::exists(file + ".partial"));
}

TEST_CASE("A checkpoint that cannot be written is refused at once") {
    const SpecFile spec(one_way(command::acknowledged));
    const auto outcome = invoke("check --checkpoint /no/such/place.ckpt " + spec.word());
    CHECK(outcome.code == 65);
    CHECK(outcome.err == "lastack: /no/such/place.ckpt: No such file or directory\n");
    CHECK(outcome.out == "");
    CHECK(invoke("check --checkpoint '' " + spec.word()).code == 64);
    CHECK(invoke("check --checkpoint-every 5 " + spec.word()).code == 64);
    CHECK(invoke("check --checkpoint x --checkpoint-every -1 " + spec.word()).code == 64);
    CHECK(invoke("check --checkpoint x --checkpoint-every nan " + spec.word()).code == 64);
}
