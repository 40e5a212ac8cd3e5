// `lastack adapter-check`: it says what is wrong, where that is described, and exits with 0 only where nothing is.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <sstream>
#include <string>

#include "tests/cli/command.h"
#include "tests/harness/adapters.h"

using command::has;
using command::invoke;
using namespace lastack::testing;

namespace {

// "syn WRONG" and so on for all that is not right, with the first line of what came.
std::string complaints(const std::string& out) {
    static const std::regex step(R"(^  (WRONG|not tried|lacking)\s+(\S+)\s.*)");
    std::istringstream lines(out);
    std::string found;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, step)) found += match[2].str() + " " + match[1].str() + "\n";
    }
    return found;
}

std::string word(const std::string& command) { return quoted("exec:" + command); }

}  // namespace

TEST_CASE("the adapter in Python is right, but for what it says that it lacks") {
    if (!has_python()) {
        MESSAGE("SKIPPED: the adapter in Python is right: no Python 3.8");
        return;
    }
    const auto outcome = invoke("adapter-check --patience 60 " + word(example_command()));
    CHECK(complaints(outcome.out) == "open lacking\nlisten lacking\n");
    CHECK(outcome.code == 0);
    CHECK(command::too_wide(outcome.out) == "");
}

TEST_CASE("lwIP's adapter is right in every step, over both families") {
    if (lwip_command().empty()) {
        MESSAGE("SKIPPED: lwIP's adapter is right in every step: liblwip-dev is missing");
        return;
    }
    const auto outcome = invoke("adapter-check --patience 60 " + word(lwip_command()));
    CHECK(complaints(outcome.out) == "");
    CHECK(has(outcome.out, "26 right, 0 wrong, 0 not tried, 0 lacking"));
    CHECK(outcome.code == 0);
}

TEST_CASE("gVisor's adapter is right in every step, over both families") {
    if (gvisor_command().empty()) {
        MESSAGE("SKIPPED: gVisor's adapter is right in every step: golang-go and golang-gvisor-gvisor-dev are missing");
        return;
    }
    const auto outcome = invoke("adapter-check --patience 60 " + word(gvisor_command()));
    CHECK(complaints(outcome.out) == "");
    CHECK(has(outcome.out, "26 right, 0 wrong, 0 not tried, 0 lacking"));
    CHECK(outcome.code == 0);
}

TEST_CASE("each mistake is found in its step, and what needs that step is not tried") {
    if (!has_python()) {
        MESSAGE("SKIPPED: each mistake is found in its step: no Python 3.8");
        return;
    }
    struct Mistake {
        std::string fault, first, came;
    };
    for (const Mistake& mistake :
         {Mistake{"version", "hello WRONG", "speaks version 7"}, Mistake{"mute", "syn WRONG", "nothing came"},
          Mistake{"checksum", "syn WRONG", "a packet of 40 bytes that is no TCP segment"},
          Mistake{"state", "accept WRONG", "the state is \"FIN-WAIT-1\", not ESTABLISHED"},
          Mistake{"nothing", "accept WRONG", "ACCEPT found nothing after the handshake"},
          Mistake{"stuck", "clock WRONG", "the adapter's clock stays at 0 us"},
          Mistake{"settings", "setting WRONG", "a setting that does not exist was taken"},
          Mistake{"die", "half-close WRONG", "ended by signal 11"}}) {
        CAPTURE(mistake.fault);
        const auto outcome = invoke("adapter-check --patience 60 " + word(faulty_command(mistake.fault)));
        CHECK_MESSAGE(complaints(outcome.out).starts_with(mistake.first), outcome.out);
        CHECK_MESSAGE(has(outcome.out, mistake.came), outcome.out);
        CHECK(has(outcome.out, "docs/adapters.md#"));
        CHECK(outcome.code == 20);
    }
}

TEST_CASE("places of docs/adapters.md that adapter-check names are there") {
    const std::string page = read_file(source_dir() + "/docs/adapters.md");
    const auto outcome = invoke("adapter-check --json exec:false");
    std::istringstream lines(outcome.out);
    int named = 0;
    for (std::string line; std::getline(lines, line);) {
        static const std::regex place(R"re(.*"docs/adapters.md#([a-z-]+)".*)re");
        std::smatch match;
        if (!std::regex_match(line, match, place)) continue;
        ++named;
        std::string heading = match[1].str();
        heading[0] = static_cast<char>(heading[0] - 'a' + 'A');
        std::replace(heading.begin(), heading.end(), '-', ' ');
        CHECK_MESSAGE(has(page, "### " + heading + "\n"), heading);
    }
    CHECK(named > 15);
}

TEST_CASE("misuse of adapters ends with a message and its exit code") {
    auto outcome = invoke("adapter-check lwip");
    CHECK(outcome.code == 64);
    CHECK(has(outcome.err, "'lwip' is no adapter: exec:COMMAND or unix:PATH"));
    outcome = invoke("run --target exec: x.json");
    CHECK(outcome.code == 64);
    CHECK(has(outcome.err, "'exec:' names no command"));
    outcome = invoke("gate --claim W05-one " + command::shipped("linux.spec") + " --target exec:/nonexistent/adapter");
    CHECK(outcome.code == 30);
    CHECK(has(outcome.err, "the target cannot be driven: the adapter could not be started"));
    outcome = invoke("gate --claim W05-one " + command::shipped("linux.spec") + " --target unix:/nonexistent/adapter");
    CHECK(outcome.code == 77);
}
