// What of a profile the systems of a spec exercise: its rules, their cases, both sides of its choices, its clauses.
//
// Idea: statement and branch coverage, for a profile. What no reachable step uses cannot be wrong as far as the
// claims can tell, so it needs another system, or another look. Each system is explored once without claims, with
// every case made a rule of its own name; reactions are evaluated once per (local state, input), so their first use
// tells all. Cost: an exploration of each system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

struct CaseUse {
    int number = 1;  // in its rule, from 1
    Where where;
    std::string states;           // "FIN_WAIT_1, CLOSING"; "any but CLOSED" where that is shorter
    std::vector<bool> by_system;  // used by some step of that system, in the order of UseReport::systems
    bool used() const;
};

struct RuleUse {
    std::string name, sentence, cites;
    Where where;
    bool may = false;
    bool passed_up = false;  // `may`: where it could have been taken, some step did not take it
    std::vector<CaseUse> cases;
    bool used() const;
};

// A citation of rules, without what follows ';'. "RFC 9293 3.10.4; 3.6 case 1" are two of RFC 9293.
struct ClauseUse {
    std::string clause;
    std::vector<std::string> rules;  // that cite it
    bool used = false;               // by one of them at least
};

struct UseReport {
    std::string profile;
    std::vector<std::string> systems;  // that have the profile at an end
    std::vector<bool> complete;        // of each system: explored to the end, without cuts
    std::vector<bool> cut;             // of each system: steps were cut, so not all that was tried was seen
    std::vector<RuleUse> rules;        // in the order of the profile
    std::vector<ClauseUse> clauses;    // in the order of first mention
};

// For the spec's subject. Systems without it are left out. Throws ModelError as any exploration does.
UseReport rule_use(const Spec& spec, const Bounds& bounds);

// "RFC 9293 3.10.4; 3.6 case 1" -> "RFC 9293 3.10.4", "RFC 9293 3.6 case 1": a part that begins with a digit
// belongs to the document of the part before it.
std::vector<std::string> clauses_of(const std::string& cites);

struct Share {
    std::size_t used = 0, all = 0;
    int percent() const { return all == 0 ? 100 : static_cast<int>(used * 100 / all); }
};
Share rules_used(const UseReport& report);
Share cases_used(const UseReport& report);
Share choices_used(const UseReport& report);  // two for each `may` rule: taken, passed up
Share clauses_used(const UseReport& report);

}  // namespace lastack
