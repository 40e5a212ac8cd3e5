// The one layout of a spec, and that it changes nothing but white space.
#include "model/language/format.h"

#include <doctest/doctest.h>

#include "model/diagnostic.h"
#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"
#include "tests/random/random_spec.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::test;

namespace {

// Laid out, and laid out again.
void lays_out(const std::string& text, const std::string& expected) {
    const std::string once = formatted(text, "t");
    CHECK(once == expected);
    CHECK(formatted(once, "t") == once);
}

std::string in_profile(const std::string& items) { return "profile p \"it\" {\n" + items + "}\n"; }

}  // namespace

TEST_CASE("statements begin lines: of a file, a profile; steps, rules and cases") {
    lays_out("use \"a\" system s ends p network 2 claim c \"it\" on s invariant quiet expect c,d holds for p",
             "use \"a\"\n\nsystem s  ends p  network 2\n\nclaim c \"it\" on s  invariant quiet\n"
             "expect c, d holds for p\n");
    lays_out("profile p{states CLOSED initial,LISTEN on call close rule r \"it\" cites \"x\" CLOSED{set a;clear b}"
             "LISTEN[a]->CLOSED on segment step one rule q \"it\" cites \"x\"\nany{drop}}",
             "profile p {\nstates CLOSED initial, LISTEN\non call close\n  rule r \"it\" cites \"x\"\n"
             "    CLOSED { set a; clear b }\n    LISTEN [a] -> CLOSED\non segment\n  step one\n"
             "    rule q \"it\" cites \"x\"\n      any { drop }\n}\n");
}

TEST_CASE("clauses of a system or a claim share a line where the author put them on one, two blanks between them") {
    lays_out(
        "system s\nends p A,q B network 2 loses at most 1\ncalls A{close abort}B{} limit n=1 # both\n"
        "claim c \"it\"\non s leads quiet to A in CLOSED fair timers\nexpect violated expect holds for p,q",
        "system s\n  ends p A, q B  network 2 loses at most 1\n  calls A { close abort } B { }  limit n = 1  # both\n"
        "\nclaim c \"it\"\n    on s  leads quiet to A in CLOSED  fair timers\n"
        "  expect violated  expect holds for p, q\n");
    // One that is too long for its line begins another one, and so do those behind it.
    const std::string states = "{FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT, CLOSE_WAIT, LAST_ACK}";
    lays_out("claim c \"it\" on s leads A in " + states + " to A in CLOSED fair timers, delivery expect violated\n",
             "claim c \"it\" on s  leads A in " + states +
                 " to A in CLOSED\n"
                 "  fair timers, delivery  expect violated\n");
}

TEST_CASE("a rule's only case may stand on the rule's line") {
    const std::string one = in_profile("on call close\n  rule r \"it\" cites \"x\"  CLOSED { set a }\n");
    lays_out(one, one);
    lays_out(in_profile("on call close\n  rule r \"it\" cites \"x\" CLOSED { set a }\n"), one);
    lays_out(in_profile("on call close\n  rule r \"it\" cites \"x\" CLOSED { set a } LISTEN { set a }\n"),
             in_profile("on call close\n  rule r \"it\" cites \"x\"\n    CLOSED { set a }\n    LISTEN { set a }\n"));
}

TEST_CASE("sets of states, citations of steps, rules that keep their cases and lists of drops are laid out") {
    lays_out(in_profile("let A={B,C}\nlet LONG={A,D} # both\nlet E={D}\ndrop rule a,b\nreplace rule r \"it\" cites "
                        "\"x\" on segment "
                        "step one \"it\" cites \"x\" rule q \"it\"\nA{drop}"),
             in_profile("let A    = {B, C}\nlet LONG = {A, D}  # both\nlet E    = {D}\ndrop rule a, b\nreplace rule r "
                        "\"it\" cites \"x\"\n"
                        "on segment\n  step one \"it\" cites \"x\"\n    rule q \"it\"\n      A { drop }\n"));
}

TEST_CASE("where a line ends inside of a statement is the author's; how far the next one is indented is not") {
    lays_out("claim c \"it\" cites \"x\"\non s\nstep (A in CLOSED\nand quiet)\nor A gets [seg.fin\nor seg.rst]\n",
             "claim c \"it\" cites \"x\"\n    on s\n  step (A in CLOSED\n        and quiet)\n      or A gets [seg.fin\n"
             "        or seg.rst]\n");
    lays_out(in_profile("on call close\nrule r \"it\" cites \"x\"\nCLOSED\n[a]\n->LISTEN\n{set a\n;if a{set b\n}\n}\n"),
             in_profile("on call close\n  rule r \"it\" cites \"x\"\n    CLOSED\n      [a]\n      -> LISTEN\n"
                        "      { set a\n      ; if a { set b\n      }\n      }\n"));
    lays_out(in_profile("let a = b\nand (c\nor d)\n"), in_profile("let a = b\n    and (c\n      or d)\n"));
}

TEST_CASE("blanks stand where they help") {
    lays_out(
        "claim c-1.a/b \"it\" on s\nstep each e,p:not(e.x+1>=p.y)and e sends exactly one[seg.seq!=x]\n",
        "claim c-1.a/b \"it\" on s\n  step each e, p: not (e.x + 1 >= p.y) and e sends exactly one [seg.seq != x]\n");
    lays_out("claim c \"it\" on s\ninvariant over( A ,{CLOSED , LISTEN},(quiet)) or A in{CLOSED}\n",
             "claim c \"it\" on s\n  invariant over(A, {CLOSED, LISTEN}, (quiet)) or A in {CLOSED}\n");
    lays_out(
        in_profile("var a,b:0 .. data+2=1\nvar m:{ x,y }\nlet c=a-1\nlimit n=min( 2 ^ (k+1),3 )*2 in 0 .. 9\n"
                   "timer t=1.5 s doubling to 60 s  from  n\n"),
        in_profile("var a, b : 0..data+2 = 1\nvar m : {x, y}\nlet c = a - 1\nlimit n = min(2^(k + 1), 3) * 2 in 0..9\n"
                   "timer t = 1.5 s doubling to 60 s from n\n"));
    CHECK(formatted("\t use \"a\"\r\nuse \"b\"   \r\n\r\n\r\n\r\nuse \"c\"", "t") ==
          "use \"a\"\nuse \"b\"\n\nuse \"c\"\n");
}

TEST_CASE("declarations of one kind that follow each other have columns") {
    lays_out(
        in_profile("limit a = 1 in 0..3 \"one\" cites \"x\"\nlimit longer = 10 in 0..15 \"another one\" cites \"y\"\n"
                   "limit b = 2 in 0..3 cites \"z\"\nlet n = 1\n\nlet longer = 2\nlet m = 3\n"),
        in_profile("limit a      = 1  in 0..3  \"one\"         cites \"x\"\n"
                   "limit longer = 10 in 0..15 \"another one\" cites \"y\"\n"
                   "limit b      = 2  in 0..3                cites \"z\"\n"
                   "let n = 1\n\nlet longer = 2\nlet m      = 3\n"));
    lays_out(in_profile("segment FIN { fin }\nsegment RESET{rst}\n"),
             in_profile("segment FIN   { fin }\nsegment RESET { rst }\n"));
    // A column that would be too far to the right is none.
    const std::string wide = "\"" + std::string(80, 'x') + "\"", source = "cites \"" + std::string(40, 'y') + "\"";
    const std::string apart =
        in_profile("limit a = 1 in 0..3 \"one\" " + source + "\nlimit b = 1 in 0..3 " + wide + " cites \"z\"\n");
    lays_out(apart, apart);
}

TEST_CASE("comments are kept: behind their line, or above what follows") {
    lays_out("#first\nuse \"a\"# behind\n   # about c\nclaim c \"it\" on s # of s\n# inside\ninvariant quiet\n# last\n",
             "# first\nuse \"a\"  # behind\n\n# about c\nclaim c \"it\" on s  # of s\n  # inside\n  invariant quiet\n# "
             "last\n");
    lays_out(in_profile("var a : flag # one\nvar longer : flag # two\n"),
             in_profile("var a : flag       # one\nvar longer : flag  # two\n"));
    const std::string remark = "# " + std::string(110, 'x');  // does not fit behind
    lays_out("use \"file\" " + remark + "\n", remark + "\nuse \"file\"\n");
    const std::string words = "# " + std::string(60, 'x') + " " + std::string(50, 'y');
    lays_out(words + " and more\n", words + " and\n# more\n");
    lays_out("# " + std::string(130, '-') + " a part\n", "# " + std::string(111, '-') + " a part\n");
}

TEST_CASE("a line that is too long is broken where it holds together least") {
    const std::string part = "A in {FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT}";
    lays_out("claim c \"it\" on s invariant (" + part + " and quiet) or " + part + " or quiet\n",
             "claim c \"it\" on s\n  invariant (" + part + " and quiet)\n      or " + part + " or quiet\n");
    const std::string effects = "{ set a; " + std::string(80, 'x') + " := 1; send FIN }";
    lays_out(
        in_profile("on call close\n  rule r \"it\" cites \"x\"\n    CLOSED [a] -> LISTEN " + effects + "\n"),
        in_profile("on call close\n  rule r \"it\" cites \"x\"\n    CLOSED [a] -> LISTEN\n      " + effects + "\n"));
}

TEST_CASE("what is no spec is refused with its place") {
    CHECK_THROWS_AS(formatted("claim c \"it\" on s invarant quiet", "t"), SpecError);
    CHECK_THROWS_AS(formatted("use \"a\x01\"", "t"), SpecError);
    CHECK(formatted("", "t") == "");
    CHECK(formatted("# nothing\n", "t") == "# nothing\n");
}

TEST_CASE("the layout of random specs stays as it is, and says the same") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const std::string text = testing::random_spec(seed).text();
        CAPTURE(text);
        const std::string once = formatted(text, "random.spec");
        CHECK(formatted(once, "random.spec") == once);
        const Spec before = parse_spec(text, "random.spec"), after = parse_spec(once, "random.spec");
        CHECK(before.claims.size() == after.claims.size());
        CHECK(before.profiles.size() == after.profiles.size());
    }
}
