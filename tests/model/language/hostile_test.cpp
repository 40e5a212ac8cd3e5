// Input that means harm: it is refused, it never crashes and it does not take long.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::string guarded(const std::string& guard) {
    return tiny("on call c rule x \"a\" cites \"b\" CLOSED [" + guard + "] { }");
}

}  // namespace

TEST_CASE("deep nesting is refused") {
    constexpr int deep = 100'000;
    CHECK(mistake(guarded(repeated("(", deep))) == "nested more than 100 deep");
    CHECK(mistake(guarded(repeated("not ", deep) + "closed")) == "nested more than 100 deep");
    CHECK(mistake(tiny("on call c rule x \"a\" cites \"b\" CLOSED {" + repeated("if closed {", deep))) ==
          "nested more than 100 deep");
    CHECK(mistake(tiny() + tiny_system() + "claim c \"s\" on pair invariant " + repeated("each e: ", deep)) ==
          "nested more than 100 deep");
    CHECK(mistake(guarded(repeated("(", 90) + "closed" + repeated(")", 90))) == "none");
}

TEST_CASE("long chains of operators are refused") {
    CHECK(mistake(guarded("closed" + repeated(" and closed", 150))) == "none");
    CHECK(mistake(guarded("closed" + repeated(" and closed", 100'000))) == "an expression with more than 200 levels");
    CHECK(mistake(guarded("1" + repeated(" + 1", 100'000) + " == 1")) == "an expression with more than 200 levels");
}

TEST_CASE("lets of lets do not grow without end") {
    std::string lets = "let l0 = tries\n";
    for (int i = 1; i < 40; ++i)
        lets += "let l" + std::to_string(i) + " = l" + std::to_string(i - 1) + " + l" + std::to_string(i - 1) + "\n";
    CHECK(mistake(tiny(lets)) == "this expression is too large once its lets are put in");
}

TEST_CASE("more of one kind than anybody writes is refused") {
    std::string profiles = tiny();
    for (int i = 0; i < 300; ++i) profiles += "profile p" + std::to_string(i) + " extends tiny { }\n";
    CHECK(mistake(profiles) == "more than 200 profiles");
    std::string limits;
    for (int i = 0; i < 3000; ++i) limits += "limit l" + std::to_string(i) + " = 0 in 0..1\n";
    CHECK(mistake(tiny(limits)) == "more than 2000 of one kind: limit");
}

TEST_CASE("bytes that are not text") {
    CHECK(mistake(std::string("profile p \0 { }", 15)) == "a NUL byte in the text");
    CHECK(mistake("profile \xFF") == "this is not UTF-8 text");
    CHECK(mistake("# \xC0\x80") == "this is not UTF-8 text");
    CHECK(mistake("# \xED\xA0\x80") == "this is not UTF-8 text");
    CHECK(mistake("# \xE2\x82") == "this is not UTF-8 text");
    CHECK(mistake("# \x1B[31m") == "a control character in the text");
    CHECK(mistake(std::string((std::size_t{4} << 20U) + 1, ' ')) == "the file is larger than 4 MiB");
}

TEST_CASE("texts that end too early") {
    const std::string empty = "no profile: the spec neither declares nor uses one | use the file of one, as in: use "
                              "\"rfc9293.spec\"; where there are several, add --profile NAME";
    CHECK(mistake("") == empty);
    CHECK(mistake("# only a comment") == empty);
    CHECK(mistake("\n\n") == empty);
    CHECK(mistake("profile p \"no end") ==
          "expected 'extends', a text in quotes, 'cites' or '{', found a text without its closing quote");
    CHECK(mistake("profile p {").find("found the end of the file") != std::string::npos);
    CHECK(mistake("profile").find("expected a name, found the end of the file") == 0);
}

TEST_CASE("every beginning of a spec is read or refused, and nothing else") {
    const std::string text =
        tiny() + tiny_system() +
        "claim c \"s\" on pair step each e: e gets [seg.fin] implies next e in {CLOSED} expect violated shortest 3";
    for (std::size_t length = 0; length <= text.size(); length += 2) {
        try {
            parse_spec(text.substr(0, length), "cut.spec");
        } catch (const SpecError& error) {
            CHECK_FALSE(error.diagnostics().empty());
        }
    }
}

TEST_CASE("a spec with one byte changed is read or refused, and nothing else") {
    const std::string text =
        tiny() + tiny_system() + "claim c \"s\" on pair invariant each e, p: e in CLOSED implies p.tries < retries";
    const std::string bytes = "{}\";x0.[\xC3 #";
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed = text;
        changed[i] = bytes[i % bytes.size()];
        try {
            parse_spec(changed, "changed.spec");
        } catch (const SpecError& error) {
            CHECK(std::string(error.what()).size() < 100'000);
        }
    }
}
