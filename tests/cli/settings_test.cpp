// `--set NAME=VALUE`, on each verb that reads a spec.
#include <doctest/doctest.h>

#include "tests/cli/command.h"

using command::has;
using command::invoke;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

// An end that sends its FIN `most` times again.
const std::string counted = R"(
profile counted "the FIN is sent again as often as a setting says" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  setting again = 1 in 0..9
  limit most = again in 0..5
  timer rto = again * 100 + 100 ms
  var tries : 0..most
  segment FIN { seq 0; fin }
  on call close rule close "c" cites "c" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "a" cites "c" FIN_WAIT_1 [tries < most] { tries += 1; send FIN; start rto }
    rule over "o" cites "c" FIN_WAIT_1 [tries == most] -> CLOSED
}
system alone
  ends subject A, subject B
  network 1 loses
  calls A { close } B { }
claim thrice "the FIN is sent three times again" on alone
  reachable A.tries == 3
  expect violated
)";

}  // namespace

TEST_CASE("check --set: a claim is decided under the setting") {
    const SpecFile spec(counted);
    CHECK(invoke("check " + spec.word()).code == 0);
    const command::Outcome three = invoke("check " + spec.word() + " --set again=3");
    CHECK(three.code == 12);
    CHECK(has(three.out, "again=3"));  // the scope says so
}

TEST_CASE("a setting that cannot be is refused with its place by each verb that reads a spec" *
          doctest::test_suite("slow")) {
    const SpecFile spec(counted);
    const TemporaryDirectory here;
    const std::vector<std::string> verbs = {"check",
                                            "generate -o " + quoted((here.path() / "out").string()),
                                            "gate --target sim",
                                            "graph",
                                            "mutate",
                                            "step",
                                            "export --system alone --as promela",
                                            "diff " + spec.word()};
    for (const std::string& verb : verbs) {
        CAPTURE(verb);
        const command::Outcome outside = invoke(verb + " " + spec.word() + " --set again=12");
        CHECK(outside.code == 65);
        CHECK(has(outside.err, "--set:1:7: error: setting 'again' is out of its range 0..9"));
        const command::Outcome limit = invoke(verb + " " + spec.word() + " --set again=7");
        CHECK(limit.code == 65);
        CHECK(has(limit.err, "limit 'most' becomes 7, out of its range 0..5"));
        const command::Outcome unknown = invoke(verb + " " + spec.word() + " --set agin=1");
        CHECK(unknown.code == 65);
        CHECK(has(unknown.err, "did you mean 'again'?"));
    }
}

TEST_CASE("a vector brings its settings along: the simulator plays them, whatever the spec says now") {
    const TemporaryDirectory here;
    const SpecFile spec(counted);
    const std::string directory = quoted((here.path() / "out").string());
    REQUIRE(invoke("generate -o " + directory + " " + spec.word() + " --set again=3").code == 12);
    const command::Outcome played = invoke("run --target sim --spec " + spec.word() + " " + directory);
    CHECK(played.code == 0);
    CHECK(has(played.out, "does it "));
    const command::Outcome outside = invoke("run --target sim --spec " + spec.word() + " --set again=12 " + directory);
    CHECK(outside.code == 65);
    CHECK(has(outside.err, "--set:1:7: error: setting 'again' is out of its range 0..9"));
}

TEST_CASE("diff tells one profile under two settings apart, and shows how") {
    const SpecFile spec(counted);
    CHECK(invoke("diff " + spec.word() + " " + spec.word()).code == 0);
    CHECK(invoke("diff " + spec.word() + " " + spec.word() + " --set again=3").code == 0);
    const TemporaryDirectory here;
    const std::string directory = (here.path() / "out").string();
    const command::Outcome apart =
        invoke("diff " + spec.word() + " " + spec.word() + " --set-a again=1 --set-b again=3 -o " + quoted(directory));
    CHECK(apart.code == 20);
    CHECK(has(apart.out, "vectors written to"));
}

TEST_CASE("export and graph are made under the setting") {
    const SpecFile spec(counted);
    CHECK(has(invoke("export --system alone --as promela " + spec.word() + " --set again=4").out, "L1_most 4"));
    const std::string few = invoke("graph --local " + spec.word() + " --set again=0").out;
    const std::string many = invoke("graph --local " + spec.word() + " --set again=5").out;
    CHECK(few.size() < many.size());
}
