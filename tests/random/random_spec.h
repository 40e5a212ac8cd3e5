// Random specs for tests that compare two ways to one answer. The same seed and knobs make
// the same spec, on every machine.
//
//   const RandomSpec random = random_spec(seed, knobs);
//   const Spec spec = parse_spec(random.text(), "random.spec");
//
// The text always reads, and no two plain rules of a profile match at once.
//
// A spec is kept in parts (profiles, rules, cases, claims), so that `with_one_change` can make a variant with one rule
// changed and `shrunk` can drop parts while a test still fails. What a failing test prints is `failure_text`: the seed
// and the smallest spec that still fails.
//
// There are two sorts of profiles. Free ones (the default) are anything that the language can say, with few states: for
// judges of claims. Drivable ones are profiles that a tester on the wire can play against, as
// tests/harness/tiny_profile.h: the connection starts in ESTABLISHED, `snd_nxt` and `rcv_nxt` number what is sent and
// taken, each segment has seq=snd_nxt (or is sent again from where it was) and ack=rcv_nxt;
// what is at random is which rules there are, and when.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lastack::testing {

// Percentages are of the places where the thing could stand; 0 turns it off.
struct RandomKnobs {
    bool drivable = false;
    int states = 3;             // at most, beside ESTABLISHED and CLOSED (free profiles)
    int timers = 2;             // at most
    int claims = 6;             // exactly; 0: one that says nothing, so that the file may be asked
    int may = 20;               // rules that are a choice
    int equal_timers = 30;      // timers as long as another one
    int derived_timers = 20;    // timers that run `while` something holds
    int unruled_timers = 30;    // states in which no rule takes the end of a timer
    int several_segments = 25;  // reactions that send two segments
    int windows = 30;           // timers that expire between two times
    int doubling = 20;
    int forgets = 40;       // CLOSED deletes the TCB
    int kept = 25;          // variables that outlive it
    int histories = 20;     // variables that only claims read (free profiles)
    int zero_windows = 15;  // templates of segments, and guards
    int lengths = 50;       // profiles with text
    int odd_flags = 25;     // templates with SYN, RST, no flag at all; drivable: RST of `abort`
    int limits = 40;        // a number is a limit, which a system may set
    int settings = 15;      // rules or limits read a setting, which a system may set (free profiles)
    int two_profiles = 30;  // the ends play different profiles
    int own_words = 0;      // specs of a protocol of its own: kinds, fields and states (free profiles)
};

struct RandomCase {
    std::vector<std::string> from;  // states
    std::string guard, to;          // "" where there is none
    std::vector<std::string> effects;
};

struct RandomRule {
    bool may = false;
    std::string name;
    std::vector<RandomCase> cases;
};

struct RandomStep {
    std::string name;  // "" in calls and timers
    std::vector<RandomRule> rules;
};

struct RandomHandler {
    std::string head;  // "call close", "timer rto", "segment"
    std::vector<RandomStep> steps;
};

// A declaration of one name, e.g. {"rto", "timer rto = 1 s"}. Settings are among the limits.
struct RandomDeclaration {
    std::string name, text;
};

struct RandomProfile {
    std::string name, states;  // `states`: what stands behind the word
    std::string protocol;      // with its fields, as declarations; "": TCP
    std::vector<RandomDeclaration> limits, timers, variables, lets, segments;
    std::vector<RandomHandler> handlers;
    std::string text() const;
};

struct RandomSpec {
    std::uint64_t seed = 0;
    std::vector<RandomProfile> profiles;  // the first one is the subject: it stands last in the text
    std::string system;                   // the whole declaration; its name is `s`
    std::vector<std::string> claims;      // whole declarations: c0, c1, ... on s
    std::string changed;                  // by with_one_change: what and where, for people
    std::string text() const;
};

RandomSpec random_spec(std::uint64_t seed, const RandomKnobs& knobs = {});

// A variant whose subject has one rule changed: dropped, or one of its guards, targets, effects or states. It has the
// same names and reads as a spec; nothing where `tries` changes at random did not. The
// variant may behave alike (that is for `diff` to say).
std::optional<RandomSpec> with_one_change(const RandomSpec& original, std::uint64_t seed, int tries = 20);

// The first problem that reading and the analysis of rules have with it (a dead rule, a conflict, a name), as one line;
// "" where a command line would take the spec. Random specs are readable as they stand; dead rules they may have.
std::string problem_of(const RandomSpec& spec);

// Drops the rules and cases that the analysis calls dead: what is left, the command line
// takes. Drivable specs come that way.
RandomSpec without_dead_rules(RandomSpec spec);

// Parts are dropped one after another (claims, rules, cases, effects, guards, timers, variables, segments) for as long
// as `fails` says true of what is left. A part whose loss makes the spec unreadable stays.
// `fails` sees readable specs only.
using StillFails = std::function<bool(const RandomSpec&)>;
RandomSpec shrunk(RandomSpec spec, const StillFails& fails);

// "seed 17 fails; shrunk:\n<text>": what a failing test prints.
std::string failure_text(const RandomSpec& original, const StillFails& fails);

}  // namespace lastack::testing
