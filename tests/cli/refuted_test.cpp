// What explains a refuted vector to a program: the command that drives it again, and whether the profile itself, or a
// mistake in it, would look like that. And the option that the command has, of `run` and of `gate`.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"
#include "tests/support.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;
using nlohmann::json;

namespace {

// The second FIN's acknowledgment does not end LAST-ACK.
std::string never_over() {
    std::string text = hand::tiny_text;
    const std::string last = "LAST_ACK   [snd_una == snd_nxt] -> CLOSED { drop }";
    return text.replace(text.find(last), last.size(), "");
}

}  // namespace

TEST_CASE("a refuted vector names the command that drives it again, and that command refutes it again") {
    const TemporaryDirectory here;
    const std::string right = quoted(here.write("tiny.spec", hand::tiny_text)),
                      wrong = quoted(here.write("wrong.spec", never_over()));
    const std::string out = quoted((here.path() / "out").string());
    REQUIRE(invoke("generate " + right + " --suite transitions --limit retries=1 --ip 4 -o " + out).code == 0);
    const auto driven = invoke("run --target sim --faults --json --spec " + wrong + " " + out);
    CHECK(driven.code == 20);
    const json report = json::parse(driven.out);
    json refuted;
    for (const json& one : report.at("runs"))
        if (one.at("verdict") == "fail" && one.contains("again") && refuted.is_null()) refuted = one;
    REQUIRE(refuted.is_object());
    // The spec that is given has the mistake: it does what was seen, so no mistake in it needs to be looked for.
    CHECK(refuted.at("profile_does_so") == true);
    CHECK(refuted.at("likely_faults").empty());

    const std::string again = refuted.at("again");
    CHECK(again.starts_with("lastack run "));
    int code = -1;
    const std::string told =
        run(quoted(lastack::testing::command_path()) + again.substr(std::string("lastack").size()), &code);
    CHECK(code == 20);
    const json runs = json::parse(told).at("runs");
    bool found = false;
    for (const json& one : runs) {
        const std::string id = one.at("vector");
        CHECK(has(id, refuted.at("vector").get<std::string>()));
        found |= one.at("vector") == refuted.at("vector") && one.at("verdict") == "fail";
    }
    CHECK(found);
    CHECK(invoke("run --target sim --json --spec " + right + " " + out).code == 0);
}

TEST_CASE("gate --only drives the vectors with that text in their ids, and checks all claims as ever") {
    const SpecFile spec(
        one_way("claim heard \"the closer learns that it was heard\" on lossy reachable A in FIN_WAIT_2 expect holds\n"
                "claim other \"the closer gives up\" on lossy reachable A in CLOSED expect holds\n"));
    const auto of = [&](const std::string& options) {
        const auto outcome = invoke("gate --target sim --json " + spec.word() + " " + options);
        CHECK(outcome.code == 0);
        return json::parse(outcome.out);
    };
    const json all = of(""), some = of("--only heard/");
    std::size_t heard = 0;
    for (const json& one : all.at("conformance").at("runs"))
        heard += has(one.at("vector").get<std::string>(), "heard/") ? 1 : 0;
    CHECK(heard > 0);
    CHECK(all.at("conformance").at("runs").size() > heard);
    CHECK(some.at("conformance").at("runs").size() == heard);
    CHECK(some.at("claims").size() == all.at("claims").size());
    const auto none = invoke("gate --target sim " + spec.word() + " --only nothing_there");
    CHECK(none.code == 64);
    CHECK(has(none.err, "--only: no vector there has 'nothing_there' in its id"));
}
