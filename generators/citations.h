// What the steps of a vector cite: the clauses of the rules that they exercise.
//
// Cost: a look into a table for each name; a list of names is taken apart once. What the same rules cite is put
// together once and shared by the vectors, for as many lists of rules as `most_kept`.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "generators/vector.h"
#include "model/spec.h"

namespace lastack {

class Citations {
public:
    explicit Citations(const Profile& profile);  // must outlive it

    // The clauses of the vector, the claim's first, if it cites any, then those of the rules of its steps, each once,
    // in their order; and the clause of each rule that a step names.
    void put(const Claim& claim, TestVector& vector);

private:
    using Rules = std::vector<const Rule*>;
    static constexpr std::size_t most_kept = 20'000;

    struct Cited {
        Shared<std::vector<std::string>> clauses;
        Shared<std::map<std::string, std::string>> rules;
    };
    static Cited cited(const std::string& first, const Rules& exercised, const Rules& named);
    // Of a list, parted by blanks, those that the profile has.
    const Rules& rules(const std::string& names);

    std::unordered_map<std::string, const Rule*> by_name_;
    std::unordered_map<std::string, Rules> by_list_;
    // By what the claim cites, the rules that are exercised, and those that are named beside them.
    std::map<std::tuple<std::string, Rules, Rules>, Cited> by_rules_;
};

}  // namespace lastack
