// Protocols with words of their own: what is read of their states, fields and kinds of segment, and what is refused.
#include <doctest/doctest.h>

#include "model/language/format.h"
#include "model/language/read_spec.h"
#include "model/segment.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

// A profile of its own words, with more items, and one rule with this guard and these effects.
std::string own(const std::string& items = "", const std::string& guard = "true", const std::string& effects = "drop") {
    return "profile p \"it ends\" cites \"none\" {\n"
           "protocol SCTP\n"
           "states OPEN initial, SHUTDOWN_ACK_SENT, SHUT final\n"
           "limit data = 1 in 0..3\n"
           "field cum : 0..data + 1 \"a number\"\n"
           "field t : flag\n"
           "var got : 0..data\n"
           "segment SHUTDOWN { cum got; t }\n"
           "segment SHUTDOWN_ACK { }\n"
           "segment ABORT { t got > 0 }\n" +
           items + "\non segment step all rule x \"a\" cites \"b\" OPEN [" + guard + "] -> SHUT { " + effects +
           " }\n}\n";
}

std::string with_system(const std::string& profiles, const std::string& ends, const std::string& claim = "") {
    return profiles + "system s " + ends + " network 1 calls A { } B { }\n" + claim;
}

Profile read(const std::string& text) { return parse_spec(text, "t").profiles.at(0); }

const std::string other =
    "profile q \"it\" cites \"b\" { protocol SCTP states OPEN initial field cum : 0..1 segment ABORT { } }\n";

}  // namespace

TEST_CASE("a profile with `protocol` has states, fields and kinds of its own") {
    const Profile profile = read(own());
    CHECK(profile.vocabulary.protocol == "SCTP");
    CHECK(profile.state("SHUTDOWN_ACK_SENT") == 1);
    CHECK(state_label("SHUTDOWN_ACK_SENT") == "SHUTDOWN-ACK-SENT");
    REQUIRE(profile.vocabulary.fields.size() == 2);
    CHECK(profile.vocabulary.fields[0].name == "cum");
    CHECK_FALSE(profile.vocabulary.fields[0].flag);
    CHECK(profile.vocabulary.fields[1].flag);
    CHECK(profile.ranges.at(0).text == "a number");
    REQUIRE(profile.vocabulary.kinds.size() == 3);
    CHECK(profile.vocabulary.kind("SHUTDOWN_ACK") == 2);
    CHECK(profile.vocabulary.kinds[0].has == std::vector<bool>{true, true});
    CHECK(profile.vocabulary.kinds[1].has == std::vector<bool>{false, false});
    CHECK(profile.segments[2].kind == 3);
    CHECK(profile.segments[2].own.at(1)->op == Op::gt);
}

TEST_CASE("segments of a protocol of its own are shown by kind and by the fields that the kind has") {
    const Vocabulary words = read(own()).vocabulary;
    Segment segment;
    segment.kind = 1;
    CHECK(to_string(segment, words) == "SHUTDOWN cum=0");
    segment.own = {2, 1};
    CHECK(to_string(segment, words) == "SHUTDOWN cum=2 t");
    CHECK(flags_of(segment, words) == "SHUTDOWN");
    segment = {};
    segment.kind = 2;
    CHECK(to_string(segment, words) == "SHUTDOWN-ACK");
}

TEST_CASE("rules ask for the kind and for the fields of a segment") {
    const Rule rule =
        *read(own("", "seg is {SHUTDOWN, ABORT} and (seg.cum == got or seg.t)", "send SHUTDOWN with cum seg.cum"))
             .rule("x");
    const Expr& kind = rule.cases[0].guard->args[0];
    CHECK(kind.op == Op::kind_in);
    CHECK(kind.states == std::vector<int>{1, 3});
    const Effect& send = rule.cases[0].effects.at(0);
    CHECK(send.own.at(0)->op == Op::own_field);
    CHECK(send.own[0]->index == 0);
    CHECK_FALSE(send.own[1].has_value());
    CHECK(mistake(own("", "not seg is SHUTDOWN_ACK")) == "none");
}

TEST_CASE("TCP's names may be declared as names of another protocol") {
    const Profile profile = read(
        "profile d \"it\" cites \"b\" { protocol DCCP states CLOSED initial field seq : 0..3 field fin, ack : flag\n"
        "segment DATA { seq 2; fin; ack } segment ACK { ack; seq 1 } on call c rule x \"a\" cites \"b\" CLOSED { send "
        "DATA "
        "with seq 1, ack false } on segment step s rule y \"a\" cites \"b\" CLOSED [seg is ACK and seg.fin] { drop } "
        "}");
    CHECK(profile.vocabulary.kinds.at(0).has == std::vector<bool>{true, true, true});
    CHECK(profile.vocabulary.kinds.at(1).has == std::vector<bool>{true, false, true});
}

TEST_CASE("with `for` a segment is still one kind") {
    const Profile profile =
        read(own("segment DATA for n in 0..2 { cum n }", "seg is DATA or seg is DATA_1", "send DATA_2"));
    CHECK(profile.vocabulary.kinds.size() == 4);
    CHECK(profile.segments.size() == 6);
    CHECK(profile.segments.at(5).name == "DATA_2");
    CHECK(profile.segments[5].kind == 4);
    CHECK(profile.rule("x")->cases[0].guard->args[1].states == std::vector<int>{4});
    const Profile rules =
        read(own("on call c may rule r for k in {SHUTDOWN, ABORT} \"a\" cites \"b\" OPEN { send k }\n"
                 "on segment step last rule got for k in {SHUTDOWN, ABORT} \"a\" cites \"b\" OPEN [seg is k] "
                 "{ drop }"));
    CHECK(rules.rule("got_ABORT")->cases[0].guard->states == std::vector<int>{3});
}

TEST_CASE("a child inherits the words and may add to them") {
    const Spec spec =
        parse_spec(own() + "profile c extends p \"more\" { field n : 0..2 segment INIT { n 2 } states LAST }", "t");
    const Profile& child = *spec.profile("c");
    CHECK(child.vocabulary.protocol == "SCTP");
    CHECK(child.vocabulary.kind("INIT") == 4);
    CHECK(child.vocabulary.field("n") == 2);
    CHECK(child.state("LAST") == 3);
    CHECK(mistake(own() + "profile c extends p \"more\" { protocol SCTP }") == "none");
    CHECK(mistake(own() + "profile c extends p \"more\" { replace field cum : 0..2 }") == "none");
}

TEST_CASE("what a profile of its own words cannot say is refused at its place") {
    const std::string of_tcp =
        " | TCP's fields belong to profiles without 'protocol'; this one declares its own with 'field'";
    CHECK(mistake(own("", "seg.seq == 0")) == "a segment of SCTP has no field 'seq'" + of_tcp);
    CHECK(marked(own("", "seg.seq == 0")) == "seq");
    CHECK(mistake(own("", "seg.cun == 0")) == "a segment of SCTP has no field 'cun' | did you mean 'cum'?");
    CHECK(mistake(own("", "seg is SHUTDOWM")) == "unknown segment 'SHUTDOWM' | did you mean 'SHUTDOWN'?");
    CHECK(marked(own("", "seg is {ABORT, SHUTDOWM}")) == "SHUTDOWM");
    CHECK(mistake(own("", "seg is {ABORT, ABORT}")) == "segment 'ABORT' is listed twice");
    CHECK(mistake(own("segment BAD { fin }")) == "a segment of SCTP has no field 'fin'" + of_tcp);
    CHECK(marked(own("segment BAD { zero_window }")) == "zero_window");
    CHECK(mistake(own("segment BAD { cum }")) == "the field 'cum' is a number: it needs a value");
    CHECK(mistake(own("segment BAD { cum 1; cum 0 }")) == "'cum' is given twice");
    CHECK(mistake(own("segment BAD { cum true }")) == "this place needs a number; this is a flag");
    CHECK(mistake(own("segment BAD { t 1 }")).find("this place needs a condition; this is a number") == 0);
    CHECK(mistake(own("", "true", "send SHUTDOWN_ACK with cum 1")) ==
          "segment 'SHUTDOWN_ACK' has no field 'cum' | its declaration gives the fields that it has");
    CHECK(mistake(own("", "true", "send SHUTDOWN with ack 1")) == "a segment of SCTP has no field 'ack'" + of_tcp);
    CHECK(mistake(own("field kind : flag")) == "'kind' is what 'seg is' asks for; a field needs another name");
    CHECK(mistake(own("field big : 0..256")) == "the range of 'big' goes beyond 0..255");
    CHECK(mistake(own("field none : 2..1")) == "the range of 'none' is empty");
    CHECK(mistake(own("field cum : flag")).find("field 'cum' is already declared") == 0);
    CHECK(mistake(own("field a, b, c : flag")) == "more than 4 fields of a segment");
    CHECK(mistake(own("stream from 1")).find("'stream' is about TCP's sequence numbers") == 0);
    CHECK(mistake(own("protocol QUIC")).find("the protocol is said twice") == 0);
    CHECK(mistake(own() + "profile c extends p \"more\" { protocol QUIC }") ==
          "profile 'p', which this one extends, speaks SCTP | a child has the protocol of its parent");
    CHECK(mistake("profile p \"it\" cites \"b\" { protocol TCP states CLOSED initial }")
              .find("'protocol' is for names other than TCP's") == 0);
}

TEST_CASE("more states than a rule can look up are refused") {
    std::string states = "states S0";
    for (int i = 1; i < 29; ++i) states += ", S" + std::to_string(i);
    CHECK(mistake(own(states)) == "more than 31 states");
}

TEST_CASE("a profile that speaks TCP has neither kinds nor fields of its own") {
    const std::string rule = "on segment step last rule x \"a\" cites \"b\" CLOSED [seg is FIN] { drop }";
    CHECK(mistake(tiny(rule))
              .find("'seg is' asks for a kind of segment, and TCP's have none: what a spec calls one is not "
                    "on the wire | ask for its fields") == 0);
    CHECK(marked(tiny(rule)) == "seg is FIN");
    CHECK(mistake(tiny("field cum : 0..1")).find("a profile that speaks TCP has TCP's fields") == 0);
    CHECK(mistake(tiny("segment A { sqe 1 }")) == "a segment has no field 'sqe' | did you mean 'seq'?");
    CHECK(mistake(tiny("segment A { seq }")) == "'seq' needs a value");
    CHECK(mistake(tiny("segment A { has_ack }")) == "'has_ack' is not given: giving 'ack' sets the ACK bit");
    CHECK(mistake(tiny("states SHUTDOWN_SENT"))
              .find("unknown state 'SHUTDOWN_SENT': RFC 9293 3.3.2 has none of this name | there are ESTABLISHED, ") ==
          0);
}

TEST_CASE("the ends of a system understand each other") {
    CHECK(mistake(with_system(own() + tiny(), "ends p A, tiny B")) ==
          "the ends of system 's' do not understand each other: profile 'p' speaks SCTP, profile 'tiny' speaks TCP");
    CHECK(marked(with_system(own() + tiny(), "ends p A, tiny B")) == "tiny");
    CHECK(mistake(with_system(own() + other, "ends p A, q B")) ==
          "the ends of system 's' do not understand each other: profile 'p' has the field t, profile 'q' has not");
    const std::string more = own() + "profile c extends p \"more\" { segment INIT { } }\n";
    CHECK(mistake(with_system(more, "ends p A, c B")) ==
          "the ends of system 's' do not understand each other: profile 'c' has the segment INIT, profile 'p' has not");
    CHECK(mistake(with_system(own() + "profile c extends p \"less\" { drop rule x }\n", "ends p A, c B")) == "none");
}

TEST_CASE("claims ask for kinds and fields in their brackets, and predicates take kinds") {
    const auto claim = [](const std::string& body) {
        return with_system(own(), "ends p A, p B", "claim c \"it\" on s step " + body + "\n");
    };
    CHECK(mistake(claim("each e: e gets [seg is SHUTDOWN and seg.cum == got] implies not e sends [seg is {ABORT, "
                        "SHUTDOWN_ACK}]")) == "none");
    CHECK(mistake(claim("A gets [seg.fin]")).find("a segment of SCTP has no field 'fin'") == 0);
    CHECK(marked(claim("A gets [seg is ABROT]")) == "ABROT");
    CHECK(mistake("predicate says(e, K) = e sends [seg is K]\n" + claim("each e: not says(e, ABORT)")) == "none");
}

TEST_CASE("the layout of a spec knows the words of a protocol") {
    const std::string text = own("", "seg is {SHUTDOWN, ABORT}", "send SHUTDOWN with cum 1, t false");
    const std::string once = formatted(text, "t");
    CHECK(once.find("\nfield cum : 0..data+1 \"a number\"\n") != std::string::npos);
    CHECK(once.find("[seg is {SHUTDOWN, ABORT}]") != std::string::npos);
    CHECK(formatted(once, "t") == once);
}
