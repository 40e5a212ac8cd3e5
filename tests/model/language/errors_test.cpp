// Bad input: each mistake has its place, its words and, where one is near, a suggestion.
#include <doctest/doctest.h>

#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

TEST_CASE("a mistake is drawn with its place, its line, a caret and a suggestion") {
    std::string text = tiny();
    text.replace(text.find("start rto }\non timer"), 9, "start rt0");
    const std::vector<Diagnostic> all = mistakes(text);
    REQUIRE(all.size() == 1);
    CHECK(render(all[0]) == "test.spec:14:74: error: unknown timer 'rt0'\n"
                            "        ESTABLISHED [not closed] -> FIN_WAIT_1 { set closed; send FIN; start rt0 }\n"
                            "                                                                             ^~~\n"
                            "    did you mean 'rto'?\n");
}

TEST_CASE("the caret keeps to characters and tabs") {
    const std::vector<Diagnostic> all = mistakes("# x\n\t\xC3\xA9 profile");
    REQUIRE(all.size() == 1);
    CHECK(all[0].where.line == 2);
    CHECK(all[0].where.column == 2);
    CHECK(render(all[0]).find("\n    \t^\n") != std::string::npos);
}

TEST_CASE("a misspelled word is met with the word that was meant") {
    CHECK(mistake(tiny("on call abort rul abort \"a\" cites \"b\"")) ==
          "expected 'cites', a rule, a declaration, 'on' or '}', found 'rul' | did you mean 'rule'?");
    CHECK(mistake(tiny("tiemr t = 1 s")).find("found 'tiemr' | did you mean 'timer'?") != std::string::npos);
    CHECK(mistake(tiny("on call x rule x \"a\" cites \"b\" CLOSED { sned FIN }"))
              .find("found 'sned' | did you mean 'send'?") != std::string::npos);
    CHECK(mistake("profle x {}").find("found 'profle' | did you mean 'profile'?") != std::string::npos);
    CHECK(mistake(tiny() + tiny_system() + "claim c \"s\" on pair invarient A in CLOSED")
              .find("did you mean 'invariant'?") != std::string::npos);
    CHECK(
        mistake(tiny() + "system s ends subject A, subject B netwrk 1") ==
        "expected a part of a system, 'use', 'profile', 'system', 'systems', 'predicate', 'claim', 'expect' or the end "
        "of the file, found 'netwrk' | did you mean 'network'?");
}

TEST_CASE("an assignment with '=' is met with ':='") {
    CHECK(mistake(tiny("on call x rule x \"a\" cites \"b\" CLOSED { tries = 1 }"))
              .find("an assignment is written with ':='") != std::string::npos);
    CHECK(mistake(tiny("let a = tries = 1")).find("did you mean '=='?") != std::string::npos);
}

TEST_CASE("a state in small letters is met with its name") {
    const std::string text = tiny("on call x rule x \"a\" cites \"b\" closed -> CLOSED");
    CHECK(mistake(text).find("expected") == 0);
    CHECK(mistake(text).find("did you mean 'CLOSED'?") != std::string::npos);
}

TEST_CASE("unknown names") {
    const auto rule = [](const std::string& rest) {
        return tiny("on segment step s rule x \"a\" cites \"b\" " + rest);
    };
    CHECK(mistake(rule("FIN_WAIT_3 -> CLOSED")) == "unknown state 'FIN_WAIT_3' | did you mean 'FIN_WAIT_1'?");
    CHECK(mistake(rule("CLOSED [trees == 1] { }")) == "unknown variable 'trees' | did you mean 'tries'?");
    CHECK(mistake(rule("CLOSED { trees := 1 }")) == "unknown variable 'trees' | did you mean 'tries'?");
    CHECK(mistake(rule("CLOSED { send FINN }")) == "unknown segment 'FINN' | did you mean 'FIN'?");
    CHECK(mistake(rule("CLOSED { stop rt }")) == "unknown timer 'rt' | did you mean 'rto'?");
    CHECK(mistake(rule("CLOSED [running rt] { }")) == "unknown timer 'rt' | did you mean 'rto'?");
    CHECK(mistake(rule("CLOSED [seg.sek == 1] { }")) == "a segment has no field 'sek' | did you mean 'seq'?");
    CHECK(mistake(rule("CLOSED [mode == sloww] { }")) == "unknown variable 'sloww' | did you mean 'slow'?");
    CHECK(mistake(rule("CLOSED [rto] { }")) == "unknown variable 'rto' | a timer is asked for by 'running rto'");
    CHECK(mistake(tiny("states TIMEWAIT")).find("unknown state 'TIMEWAIT'") == 0);
    CHECK(mistake(tiny("on timer rtto rule x \"a\" cites \"b\" CLOSED { }")) ==
          "unknown timer 'rtto' | did you mean 'rto'?");
    CHECK(mistake(tiny("on segment step late after fith")) == "unknown step 'fith' | did you mean 'fifth'?");
    CHECK(marked(rule("CLOSED [trees == 1] { }")) == "trees");
}

TEST_CASE("values out of their range") {
    CHECK(mistake(tiny("limit l = 9 in 0..3")) == "limit 'l' is out of its range 0..3");
    CHECK(marked(tiny("limit l = 9 in 0..3")) == "9");
    CHECK(mistake(tiny("limit l = 1 in 3..0")) == "the range 3..0 is empty");
    CHECK(mistake(tiny("var v : 0..3 = 4")) == "the initial value is out of the range of 'v'");
    CHECK(mistake(tiny("var v : 3..0")) == "the range of 'v' is empty");
    CHECK(mistake(tiny("var v : 0..300")) == "the range of 'v' goes beyond 0..255");
    CHECK(mistake(tiny("var v : {a, b} = c")) == "'c' is not a value of 'v'");
    CHECK(mistake(tiny("var v : flag = 1")) == "the initial value of 'v' is 'true' or 'false'");
    CHECK(mistake(tiny("timer t = 2 s to 1 s")) == "timer 't' ends before it begins");
    CHECK(mistake(tiny("limit l = 2 in 0..3 driven 4")) == "limit 'l' is out of its range 0..3");
    CHECK(mistake(tiny("timer t = 2 s doubling to 9 s from nowhere")) == "'nowhere' is not a variable");
    CHECK(mistake(tiny("timer t = 2 s doubling to 1 s")) == "timer 't' doubles up to less than its first interval");
    CHECK(mistake(tiny("timer t = 0.0000001 s")) == "a duration finer than a microsecond");
    CHECK(mistake(tiny("timer t = 99999999999999999999 s")) == "a duration of more than 9 digits");
    CHECK(mistake(tiny("limit l = 99999999999999999999 in 0..3")).find("the number is larger than 1000000") == 0);
    CHECK(mistake(tiny("var v : 0..3 on call x rule x \"a\" cites \"b\" CLOSED { v := 4 }")) ==
          "the value is out of the range of 'v', 0..3");
}

TEST_CASE("names are declared once") {
    CHECK(mistake(tiny("limit retries = 1 in 0..3")) ==
          "limit 'retries' is already declared | write 'replace limit retries' to change it");
    CHECK(mistake(tiny("timer rto = 1 s")).find("timer 'rto' is already declared") == 0);
    CHECK(mistake(tiny("var tries : flag")) ==
          "variable 'tries' is already declared | write 'replace var tries' to change it");
    CHECK(mistake(tiny("states CLOSED")) == "state 'CLOSED' is already declared");
    CHECK(mistake(tiny("let tries = 1 == 1")) == "'tries' is already the name of a variable");
    CHECK(mistake(tiny("var v : {retries, b}")) == "'retries' is already the name of a limit");
    CHECK(mistake(tiny("var v : {slow, fast}")) == "'slow' stands at another place in the list of another variable");
    CHECK(mistake(tiny("var v : {quick, other}")) == "none");  // the same value in both lists
    CHECK(mistake(tiny("on call y rule close \"a\" cites \"b\" CLOSED { }")) ==
          "rule 'close' is already declared | write 'replace rule close' to change it");
    CHECK(mistake(tiny() + tiny()) == "profile 'tiny' is already declared");
    CHECK(mistake(tiny() + tiny_system() + tiny_system()) == "system 'pair' is already declared");
}

TEST_CASE("types: conditions, numbers and names do not mix") {
    const auto guard = [](const std::string& text) {
        return mistake(tiny("on segment step s rule x \"a\" cites \"b\" CLOSED [" + text + "] { }"));
    };
    CHECK(guard("tries").find("this place needs a condition; this is a number") == 0);
    CHECK(guard("closed and tries").find("'and' needs a condition; this is a number") == 0);
    CHECK(guard("not seg.ack").find("'not' needs a condition") == 0);
    CHECK(guard("closed < true").find("a comparison by size needs a number; this is a flag") == 0);
    CHECK(guard("closed + 1 == 1") == "'+' needs a number; this is a flag");
    CHECK(guard("seg.fin == tries") == "a flag is compared with a number");
    CHECK(guard("mode < slow").find("a comparison by size needs a number; this is one of a list of names") == 0);
    CHECK(guard("mode == 1") == "one of a list of names is compared with a number");
    CHECK(guard("closed == true and closed == 1 and closed == seg.fin and (tries > 1) == closed") == "none");
    const auto effect = [](const std::string& text) {
        return mistake(tiny("var w : {up, down} on call c rule x \"a\" cites \"b\" CLOSED { " + text + " }"));
    };
    CHECK(effect("set tries").find("'tries' is not a flag") == 0);
    CHECK(effect("tries := closed") == "'tries' is a number; this is not");
    CHECK(effect("closed := tries") == "none");  // checked when it happens
    CHECK(effect("mode := up").find("this is not one of the names of 'mode'") == 0);
    CHECK(effect("mode := quick; w := down") == "none");
    CHECK(effect("closed += 1") == "'+' needs a number; this is a flag");
}

TEST_CASE("history is not read by rules, but by its own update") {
    const auto effect = [](const std::string& text) {
        return mistake(tiny("history n : 0..3 on call c rule x \"a\" cites \"b\" CLOSED " + text));
    };
    CHECK(effect("[seen] { }").find("history variable 'seen' may be read in claims only") == 0);
    CHECK(effect("{ tries := n }").find("history variable 'n' may be read in claims only") == 0);
    CHECK(effect("{ n := n + 1 }") == "none");
    CHECK(effect("{ n += 1 }") == "none");
    CHECK(mistake(tiny("let l = seen on call c rule x \"a\" cites \"b\" CLOSED [l] { }"))
              .find("history variable 'seen'") == 0);
}

TEST_CASE("effects and fields stand where they mean something") {
    const auto call = [](const std::string& text) {
        return mistake(tiny("on call c rule x \"a\" cites \"b\" CLOSED " + text));
    };
    CHECK(call("[seg.fin] { }") == "there is no segment to read here");
    CHECK(call("{ drop }").find("'drop' stands in 'on segment' only") == 0);
    CHECK(call("{ start idle }") == "timer 'idle' runs while its condition holds; it is not started or stopped");
    CHECK(mistake(tiny("let f = seg.fin on call c rule x \"a\" cites \"b\" CLOSED [f] { }")) ==
          "there is no segment to read here");
    CHECK(mistake(tiny("timer t = 1 s while running idle")) ==
          "the condition of a timer may not ask for another timer with 'while'");
    CHECK(call("{ send FIN with seq 0, seq 1 }") == "'seq' is given twice");
}

TEST_CASE("a profile starts somewhere") {
    CHECK(mistake("profile p { states CLOSED }") ==
          "profile 'p' has no initial state | write 'initial' after one of its states");
    CHECK(mistake("profile p { states CLOSED initial, CLOSING initial }") == "a second initial state");
}

TEST_CASE("a rule has a sentence and a citation") {
    CHECK(mistake(tiny("on call c rule x cites \"b\" CLOSED { }")).find("rule 'x' has no sentence") == 0);
    CHECK(mistake(tiny("on call c rule x \"a\" CLOSED { }")).find("rule 'x' has no citation") == 0);
}

TEST_CASE("a citation of a step, a call or a timer is that of its rules that have none") {
    const Spec spec = parse_spec(tiny("on segment step one \"title\" cites \"of the step\"\n"
                                      "rule x \"a\" CLOSED { drop } rule y \"a\" cites \"its own\" CLOSED { drop }\n"
                                      "step two cites \"of the other\" rule z \"a\" CLOSED { drop }\n"
                                      "on call c cites \"of the call\" rule c \"a\" CLOSED { set closed }\n"
                                      "on timer rto cites \"of the timer\" rule t \"a\" CLOSED { set closed }"),
                                 "t");
    const Profile& profile = *spec.profile("tiny");
    CHECK(profile.rule("x")->cites == "of the step");
    CHECK(profile.rule("y")->cites == "its own");
    CHECK(profile.rule("z")->cites == "of the other");
    CHECK(profile.rule("c")->cites == "of the call");
    CHECK(profile.rule("t")->cites == "of the timer");
    CHECK(mistake(tiny("on segment step one cites \"c\" step one rule x \"a\" CLOSED { drop }"))
              .find("rule 'x' has no") == 0);
}

TEST_CASE("lets do not go in circles") {
    CHECK(mistake(tiny("let a = b let b = c let c = a")) == "a loop of 'let': a -> b -> c -> a");
}

TEST_CASE("several mistakes are told at once, in the order of the text, at most 20") {
    std::string items = "on segment step s rule x \"a\" cites \"b\"\n";
    for (int i = 0; i < 30; ++i) items += "CLOSED { stop none" + std::to_string(i) + " }\n";
    const std::vector<Diagnostic> all = mistakes(tiny(items));
    REQUIRE(all.size() == 20);
    CHECK(all[0].message == "unknown timer 'none0'");
    CHECK(all[19].message == "unknown timer 'none19'");
}

TEST_CASE("the nearest word is suggested, and nothing where none is near") {
    CHECK(did_you_mean("rt0", {"time_wait", "rto"}) == "did you mean 'rto'?");
    CHECK(did_you_mean("CLOSE_WIAT", {"CLOSED", "CLOSE_WAIT"}) == "did you mean 'CLOSE_WAIT'?");
    CHECK(did_you_mean("closed", {"CLOSING", "CLOSED"}) == "did you mean 'CLOSED'?");
    CHECK(did_you_mean("banana", {"rto", "time_wait"}) == "");
    CHECK(did_you_mean("B", {"A"}) == "");
    CHECK(did_you_mean("x", {}) == "");
}
