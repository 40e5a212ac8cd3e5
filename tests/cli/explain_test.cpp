// What is told of a refuted vector beside its report.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/cli/vector_files.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

TEST_CASE("a refuted vector: the command that repeats it, its packets, and the mistakes that look like this") {
    const TemporaryDirectory here;
    const std::string right = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string rule = "CLOSE_WAIT -> LAST_ACK { send FIN;";
    std::string text = hand::tiny_text;
    REQUIRE(has(text, rule));
    const std::string wrong =
        quoted(here.write("wrong.spec", text.replace(text.find(rule), rule.size(), "CLOSE_WAIT -> LAST_ACK {")));
    lastack::TestVector other = hand::passive_close();
    other.id = "another";
    const std::string vectors = quoted(here.write("a.json", command::vector_text(hand::passive_close()))) + " " +
                                quoted(here.write("b.json", command::vector_text(other)));
    const std::filesystem::path packets = here.path() / "refuted.pcapng";

    const auto run = invoke("run --target sim --spec " + wrong + " " + vectors + " --only another --pcapng " +
                            quoted(packets.string()));
    CHECK(run.code == 20);
    CHECK(has(run.out, "1 vectors: 0 confirmed, 1 refuted"));
    CHECK(has(run.out, "  another again:\n    lastack run "));
    CHECK(has(run.out, "--only another\n"));
    CHECK(std::filesystem::file_size(packets) > 200);

    // The stack that is played is wrong, and of it nothing is known: its own profile does so.
    CHECK(has(invoke("run --target sim --faults --spec " + wrong + " " + vectors).out,
              "the profile itself does so: the vector is not one of it"));
    CHECK(invoke("run --target sim --spec " + right + " " + vectors + " --only nothing").code == 64);
    CHECK(invoke("run --faults " + vectors).code == 64);
}
