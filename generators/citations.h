// What the steps of a vector cite: the clauses of the rules that they exercise.
//
// Cost: a look into a table for each name; a list of names is taken apart once.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "generators/vector.h"
#include "model/spec.h"

namespace lastack {

class Citations {
public:
    explicit Citations(const Profile& profile);  // must outlive it

    // The clauses of the vector, the claim's first, then those of the rules of its steps, each once, in their order;
    // and the clause of each rule that a step names.
    void put(const Claim& claim, TestVector& vector);

private:
    // Of a list, parted by blanks, those that the profile has.
    const std::vector<const Rule*>& rules(const std::string& names);

    std::unordered_map<std::string, const Rule*> by_name_;
    std::unordered_map<std::string, std::vector<const Rule*>> by_list_;
};

}  // namespace lastack
