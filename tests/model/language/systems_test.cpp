// Systems that say things once: the defaults of a file, and systems that extend others.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::test;

namespace {

SystemDecl system_in(const std::string& text, const std::string& name) {
    const Spec spec = parse_spec(tiny("limit spare = 1 in 0..3") + text, "t");
    const SystemDecl* found = spec.system(name);
    REQUIRE(found);
    return *found;
}

const std::string base = "system base \"two\" ends subject network 2 loses at most 3 starts A in CLOSED "
                         "calls A { close } limit retries = 2, spare = 0\n";

using Calls = std::vector<std::string>;
using Given = std::map<std::string, int>;

}  // namespace

TEST_CASE("a system says what is alike at both ends once") {
    const SystemDecl system =
        system_in("system s calls { close } limit retries = 1, spare = 2 network 1 ends tiny", "s");
    CHECK(system.profile[0] == "tiny");
    CHECK(system.profile[1] == "tiny");
    CHECK(system.calls[0] == Calls{"close"});
    CHECK(system.calls[1] == Calls{"close"});
    CHECK(system.limits == Given{{"retries", 1}, {"spare", 2}});
}

TEST_CASE("calls of one end leave the other one without any") {
    const SystemDecl system = system_in("system s ends tiny network 1 calls B { close }", "s");
    CHECK(system.calls[0].empty());
    CHECK(system.calls[1] == Calls{"close"});
}

TEST_CASE("what a system does not say its file's defaults say, wherever they stand") {
    const SystemDecl system =
        system_in("system s network 1 limit retries = 5\n"
                  "systems ends subject network 3 reorders calls { close } limit retries = 1, spare = 0",
                  "s");
    CHECK(system.profile[1] == "subject");
    CHECK(system.network.capacity == 1);
    CHECK_FALSE(system.network.reorders);  // a network is said as a whole
    CHECK(system.calls[0] == Calls{"close"});
    CHECK(system.limits == Given{{"retries", 5}, {"spare", 0}});
}

TEST_CASE("a default limit binds the systems whose ends have it") {
    const std::string other = "profile other { states CLOSED initial }\nsystems ends other network 1 limit spare = 0\n";
    CHECK(system_in(other + "system s", "s").limits.empty());
    CHECK(system_in(other + "system s ends tiny", "s").limits == Given{{"spare", 0}});
    CHECK(mistake(tiny() + "systems ends subject network 1 limit retris = 0 system s") ==
          "unknown limit 'retris' | did you mean 'retries'?");
    CHECK(mistake(tiny() + "systems ends subject network 1 limit retries = 99 system s") ==
          "limit 'retries' is out of its range 0..15");
}

TEST_CASE("the defaults of a file are those of its own systems only") {
    const testing::TemporaryDirectory here;
    here.write("used.spec", tiny() + "systems ends tiny network 2 limit retries = 0\nsystem inner\n");
    const Spec spec = read_spec(here.write("user.spec", "use \"used.spec\" system outer ends tiny network 1"));
    CHECK(spec.system("inner")->limits == Given{{"retries", 0}});
    CHECK(spec.system("outer")->limits.empty());
}

TEST_CASE("a system that extends another one changes what it says itself") {
    const SystemDecl system =
        system_in("system child extends base \"one more\" calls B { close } limit spare = 3\n" + base, "child");
    CHECK(system.title == "one more");
    CHECK(system.profile[0] == "subject");
    CHECK(system.network.capacity == 2);
    CHECK(system.network.loss_budget == 3);
    CHECK(system.start[0] == "CLOSED");
    CHECK(system.calls[0] == Calls{"close"});
    CHECK(system.calls[1] == Calls{"close"});
    CHECK(system.limits == Given{{"retries", 2}, {"spare", 3}});
    const SystemDecl moved = system_in(base + "system child extends base starts A in FIN_WAIT_2, B in CLOSED", "child");
    CHECK(moved.start[0] == "FIN_WAIT_2");
    CHECK(moved.start[1] == "CLOSED");
}

TEST_CASE("a limit can be dropped: it is the profile's own again") {
    CHECK(system_in(base + "system child extends base drop limit retries", "child").limits == Given{{"spare", 0}});
    CHECK(mistake(tiny("limit spare = 1 in 0..3") + base + "system child extends base drop limit retris") ==
          "there is no limit 'retris' to drop | did you mean 'retries'?");
    CHECK(mistake(tiny() + "system s ends tiny network 1 drop set mode") == "there is no setting 'mode' to drop");
    CHECK(mistake(tiny() + "systems drop limit retries") == "there is nothing to drop where the defaults are said");
}

TEST_CASE("a setting of a system goes to those that extend it, until one drops it") {
    const std::string text = "setting mode_s = 1 in 0..3";
    const std::string systems =
        "system a ends tiny network 1 set mode_s = 2\nsystem b extends a\nsystem c extends a set mode_s = 3\n"
        "system d extends a drop set mode_s";
    const Spec spec = parse_spec(tiny(text) + systems, "t");
    CHECK(spec.system("b")->settings.at(0).value == "2");
    CHECK(spec.system("c")->settings.at(0).value == "3");
    CHECK(spec.system("c")->settings.size() == 1);
    CHECK(spec.system("d")->settings.empty());
}

TEST_CASE("systems without a parent, in a loop, or without what a system needs") {
    CHECK(mistake(tiny() + "system s extends bas network 1 " + "system base ends tiny network 1") ==
          "unknown system 'bas' | did you mean 'base'?");
    CHECK(mistake(tiny() + "system a extends b system b extends a").find("a loop of 'extends': a -> b -> a") == 0);
    CHECK(
        mistake(tiny() + "system s network 1") ==
        "system 's' does not say who is at its ends | write 'ends PROFILE A, PROFILE B', or 'ends PROFILE' where both "
        "are the same");
    CHECK(mistake(tiny() + "system s ends tiny") ==
          "system 's' has no network | write 'network 1', and what it does: loses, duplicates, reorders");
    CHECK(marked(tiny() + "system sole ends tiny") == "sole");
}

TEST_CASE("what a system says twice") {
    const auto system = [](const std::string& rest) {
        return mistake(tiny() + "system s ends tiny network 1 " + rest);
    };
    CHECK(system("network 2") == "the network is said twice");
    CHECK(system("ends tiny") == "the ends are said twice");
    CHECK(system("calls { close } calls B { }") == "the calls are said twice");
    CHECK(system("calls A { close } A { }") == "the calls of A are said twice");
    CHECK(system("limit retries = 1, retries = 1") == "limit 'retries' is given twice");
    CHECK(system("starts A in CLOSED, A in CLOSED") == "where A starts is said twice");
    CHECK(mistake(tiny() + "systems network 1 systems network 2") ==
          "the defaults of this file's systems are said twice | one 'systems' holds for all systems of a file");
}
