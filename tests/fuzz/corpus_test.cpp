// Each reader takes its corpus, and a fixed number of mutations of it: the part of fuzzing that belongs to every run of
// the tests, under the sanitizers, too. `./dev fuzz NAME` goes on from there.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/mutate.h"

using namespace lastack::testing;

TEST_CASE("a dictionary in libFuzzer's format is read word by word") {
    CHECK(words_of_dictionary("# a comment\n\nfin=\"FIN\"\n\"\\\"\\\\\"\nbytes=\"\\x45\\x00a\"\n") ==
          std::vector<std::string>{"FIN", "\"\\", std::string("\x45\0a", 3)});
    CHECK_THROWS_AS(words_of_dictionary("word\n"), std::runtime_error);
}

TEST_CASE("mutations depend on the seed alone, and differ from the input") {
    Dice once(7), again(7), other(8);
    const std::string input(200, 'x');
    const std::string first = mutated(input, "abc", {"word"}, once);
    CHECK(first == mutated(input, "abc", {"word"}, again));
    CHECK(first != mutated(input, "abc", {"word"}, other));
    int changed = 0;
    for (int i = 0; i < 100; ++i) changed += mutated(input, "abc", {"word"}, once) != input;
    CHECK(changed > 90);
    CHECK_NOTHROW(mutated("", "", {}, once));
}

TEST_CASE("every reader has a corpus of several inputs and a dictionary") {
    for (const auto& reader : lastack::fuzz::readers()) {
        CAPTURE(reader.name);
        CHECK(corpus_of(reader).inputs.size() >= 3);
        CHECK(corpus_of(reader).words.size() >= 10);
    }
}

TEST_CASE("readers accept or refuse each input of their corpus, and mutations of it") {
    constexpr int mutations = 600;  // for each reader
    for (const auto& reader : lastack::fuzz::readers()) {
        const Corpus corpus = corpus_of(reader);
        for (std::size_t i = 0; i < corpus.inputs.size(); ++i)
            CHECK_MESSAGE(wrong_of(reader, corpus.inputs[i]) == "", corpus.names[i]);
        Dice dice(1);
        for (int i = 0; i < mutations; ++i) {
            const std::string input = mutation_of(corpus, dice);
            CHECK_MESSAGE(wrong_of(reader, input) == "", reader.name, ", mutation ", i, ":\n", input);
        }
    }
}
