// A check that is killed goes on where it was, and prints what it would have printed.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <regex>
#include <string>

#include "tests/cli/child.h"
#include "tests/cli/command.h"
#include "tests/places.h"

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

const std::string rfc = lastack::testing::source_dir() + "/specs/rfc9293.spec";
const std::vector<std::string> some_claims{"--claim", "W01-moves", "--claim", "W02-A",
                                           "--claim", "W05-one",   "--claim", "W03-ends"};

// What belongs to the process and not to the answer.
std::string without_costs(const std::string& json) {
    return std::regex_replace(json, std::regex("\"(cpu_seconds|bytes)\": [-+.e0-9]+"), "\"$1\": 0");
}

// 0 where there is no such file. One that takes its place has another number.
ino_t number_of(const std::string& file) {
    struct stat about {};
    return stat(file.c_str(), &about) == 0 ? about.st_ino : 0;
}

// Checks with a checkpoint, and kills it so many times: once as soon as it is at work, then whenever it has written the
// file anew. The last run ends by itself.
struct Killed {
    Killed(const std::string& file, int signal, int times) {
        for (int round = 0;; ++round) {
            const ino_t before = number_of(file);
            std::vector<std::string> words{"check", "--json", rfc, "--checkpoint", file, "--checkpoint-every", "0"};
            words.insert(words.end(), some_claims.begin(), some_claims.end());
            Child child(words);
            const auto at_it = [&] { return round == 0 ? child.catches(SIGINT) : number_of(file) != before; };
            if (round < times) REQUIRE(within(600s, [&] { return !child.running() || at_it(); }));
            const bool disturbed = round < times && child.running();
            if (disturbed) child.signal(signal);
            REQUIRE(within(600s, [&] { return !child.running(); }));
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
    const TemporaryDirectory here;
    const std::string file = (here.path() / "run.ckpt").string();
    const Killed check(file, SIGKILL, 6);
    CHECK(check.code == 0);
    CHECK(without_costs(check.out) == expected);
    CHECK(fs::is_empty(here.path()));
    CHECK(check.resumed > 0);
}

TEST_CASE("SIGINT again and again: the same") {
    const TemporaryDirectory here;
    const Killed check((here.path() / "run.ckpt").string(), SIGINT, 4);
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
        lastack::testing::run(limited + " " + quoted(lastack::testing::command_path()) + " " + words +
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
