// The readers of what others wrote (fuzz/readers.h) under the address and undefined-behaviour sanitizers, in a program
// of its own: tests/fuzz/sanitized_test.cpp runs it and reads what it prints, a line for each reader.
//
//   readers MUTATIONS   the corpus of each reader and so many mutations of it
//   readers overrun     reads behind the end of a buffer, which the sanitizer has to report
#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/fuzz/corpus.h"

namespace {

using namespace lastack;
using namespace lastack::testing;

// What the reader gets wrong is printed. Returns how many inputs that were.
int feed(const fuzz::Reader& reader, int mutations) {
    const Corpus corpus = corpus_of(reader);
    int wrong = 0;
    const auto give = [&](const std::string& name, const std::string& input) {
        const std::string why = wrong_of(reader, input);
        if (why.empty()) return;
        ++wrong;
        fmt::print("{}, {}: {}\n{}\n", reader.name, name, why, input);
    };
    for (std::size_t i = 0; i < corpus.inputs.size(); ++i) give(corpus.names[i], corpus.inputs[i]);
    Dice dice(3);
    for (int i = 0; i < mutations; ++i) give(fmt::format("mutation {}", i), mutation_of(corpus, dice));
    fmt::print("{}: {} inputs, {} mutations, {} wrong\n", reader.name, corpus.inputs.size(), mutations, wrong);
    return wrong;
}

int overrun(std::size_t place) {
    const std::vector<int> numbers(4);
    return numbers.data()[place];
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc == 2 ? argv[1] : "";
    if (what == "overrun") return overrun(4);
    int wrong = 0;
    for (const fuzz::Reader& reader : fuzz::readers()) wrong += feed(reader, std::atoi(what.c_str()));
    return wrong == 0 ? 0 : 1;
}
