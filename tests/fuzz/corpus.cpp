#include "tests/fuzz/corpus.h"

#include <algorithm>
#include <filesystem>

#include "tests/fuzz/mutate.h"
#include "tests/places.h"
#include "tests/support.h"

#ifndef LASTACK_SANITIZED_READERS
#define LASTACK_SANITIZED_READERS ""
#endif

namespace lastack::testing {

namespace fs = std::filesystem;

Corpus corpus_of(const fuzz::Reader& reader) {
    const fs::path root = source_dir();
    Corpus corpus;
    for (const auto& entry : fs::directory_iterator(root / "fuzz" / "corpus" / reader.name))
        corpus.names.push_back(fs::relative(entry.path(), root));
    if (reader.name == "spec") {
        for (const auto& entry : fs::directory_iterator(root / "specs")) {
            if (entry.path().extension() == ".spec") corpus.names.push_back(fs::relative(entry.path(), root));
        }
    }
    std::sort(corpus.names.begin(), corpus.names.end());
    for (const std::string& name : corpus.names) corpus.inputs.push_back(read_file(root / name));
    corpus.words = words_of_dictionary(read_file(root / "fuzz" / "dictionaries" / (reader.name + ".dict")));
    return corpus;
}

std::string mutation_of(const Corpus& corpus, Dice& dice) {
    const std::string& input = dice.pick(corpus.inputs);
    return mutated(input, dice.pick(corpus.inputs), corpus.words, dice);
}

std::string wrong_of(const fuzz::Reader& reader, const std::string& input) {
    try {
        reader.read(input);
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

const std::string& sanitized_readers() {
    static const std::string place = LASTACK_SANITIZED_READERS;
    return place;
}

}  // namespace lastack::testing
