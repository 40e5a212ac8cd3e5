// The corpus of a reader with its dictionary, and what tests do with them: shared by the tests and `./dev measure
// house`.
#pragma once

#include <string>
#include <vector>

#include "fuzz/readers.h"
#include "tests/random/dice.h"

namespace lastack::testing {

struct Corpus {
    std::vector<std::string> names, inputs;  // paths from the root of the tree, and what is in these files
    std::vector<std::string> words;          // of the dictionary
};

// fuzz/corpus/NAME, by name; that of spec texts has the shipped specs besides.
Corpus corpus_of(const fuzz::Reader& reader);

std::string mutation_of(const Corpus& corpus, Dice& dice);

// What the reader gets wrong of the input; empty where nothing.
std::string wrong_of(const fuzz::Reader& reader, const std::string& input);

// The program with the readers under the address and undefined-behaviour sanitizers (tests/sanitized/); empty where it
// was not built.
const std::string& sanitized_readers();

}  // namespace lastack::testing
