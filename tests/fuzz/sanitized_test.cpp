// Whatever is read, no reader leaves its memory or does what the language leaves undefined, as far as GCC's sanitizers
// can tell. In the preset `dev` all tests run under them; elsewhere a program of its own does (tests/sanitized/).
#include <doctest/doctest.h>

#include <string>

#include "tests/fuzz/corpus.h"
#include "tests/support.h"

using namespace lastack::testing;

namespace {

bool present(const char* test) {
    if (!sanitized_readers().empty()) return true;
    MESSAGE("SKIPPED: " << test << ": the sanitizers are in this program itself, or the compiler has none");
    return false;
}

}  // namespace

TEST_CASE("the address sanitizer reports an overrun that is there") {
    if (!present("the address sanitizer reports an overrun that is there")) return;
    int exit_code = 0;
    const std::string told = run(quoted(sanitized_readers()) + " overrun", &exit_code);
    CHECK(exit_code != 0);
    CHECK(told.find("ERROR: AddressSanitizer: heap-buffer-overflow") != std::string::npos);
}

TEST_CASE("readers take their corpus and mutations of it under the sanitizers" * doctest::test_suite("slow")) {
    if (!present("readers take their corpus and mutations of it under the sanitizers")) return;
    int exit_code = 0;
    const std::string told = run(quoted(sanitized_readers()) + " 300", &exit_code);
    CAPTURE(told);
    CHECK(exit_code == 0);
    for (const auto& reader : lastack::fuzz::readers())
        CHECK_MESSAGE(("\n" + told).find("\n" + reader.name + ": ") != std::string::npos, reader.name);
    CHECK(told.find("300 mutations, 0 wrong\n") != std::string::npos);
}
