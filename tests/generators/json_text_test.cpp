#include "generators/json_text.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace lastack;

TEST_CASE("members, elements and nesting get their commas") {
    JsonText out;
    out.begin_object();
    out.name("a");
    out.number(-1);
    out.name("b");
    out.begin_array();
    out.begin_object();
    out.end_object();
    out.string("c");
    out.strings(std::vector<std::string>{"d", "e"});
    out.end_array();
    out.name("f");
    out.yes();
    out.end_object();
    CHECK(out.text() == R"({"a":-1,"b":[{},"c",["d","e"]],"f":true})");
}

TEST_CASE("whatever a string holds, it is read back the same") {
    std::vector<std::string> texts = {"",     "plain", "\"quoted\"", "back\\slash", "tab\tand\nline",
                                      "\x01", "\x7f",  "é ∧"};
    for (char c = ' '; c < '\x7f'; ++c) texts.push_back(std::string(2, c));
    for (const std::string& text : texts) {
        JsonText out;
        out.string(text);
        CHECK(nlohmann::json::parse(out.text()).get<std::string>() == text);
        CHECK(out.text() == nlohmann::json(text).dump());
    }
}

TEST_CASE("a string that is no UTF-8 is refused") {
    JsonText out;
    CHECK_THROWS_AS(out.string("\xff"), nlohmann::json::exception);
}

TEST_CASE("the largest numbers keep their digits") {
    for (const std::int64_t number :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        JsonText out;
        out.number(number);
        CHECK(out.text() == std::to_string(number));
    }
}
