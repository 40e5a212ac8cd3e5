// Mutations of an input, as a fuzzer makes them, but the same ones on every machine and in every run: for tests.
#pragma once

#include <string>
#include <vector>

#include "tests/random/dice.h"

namespace lastack::testing {

// The words of a dictionary in libFuzzer's format: a line `name="word"` each, with \" \\ and \xAB inside. Throws
// std::runtime_error for a line that is none.
std::vector<std::string> words_of_dictionary(const std::string& text);

// `input` with one to eight small changes: a byte or a bit another one, a piece left out, doubled or moved, a word of
// the dictionary put in, a piece of `other` put in. `words` may be empty.
std::string mutated(std::string input, const std::string& other, const std::vector<std::string>& words, Dice& dice);

}  // namespace lastack::testing
