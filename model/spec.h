// What a spec file says, after parsing, `extends` and name resolution: profiles, systems, claims.
//
// Source of meaning: docs/spec-language.md. Everything here is plain data. A Profile is complete in itself
// (its parent's rules are already merged in). Times are microseconds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/expr.h"
#include "model/formula.h"
#include "model/vocabulary.h"

namespace lastack {

// RFC 9293 3.3.2 names. Profiles that speak TCP may use only these, so that every layer means the same state by them.
// `CLOSING` in specs and in code; `state_label` gives the RFC's spelling for output.
extern const std::vector<std::string> known_states;
std::string state_label(const std::string& state);  // "FIN_WAIT_1" -> "FIN-WAIT-1"

constexpr std::size_t most_states = 31;  // of a profile: rules are looked up by a bit for each

struct StateDecl {
    std::string name;
    bool initial = false;
    bool final = false;    // an acceptable end of the endpoint's life
    bool forgets = false;  // entering it deletes the TCB: every variable but history returns to its start, timers stop
    Where where;
};

struct Limit {
    std::string name;
    int value = 0;
    int low = 0;
    int high = 0;
    std::optional<int> driven;           // the value at an end that is driven by a suite; none: `value`
    std::vector<std::string> driven_in;  // only by these suites, in a system of its own; none: by all
    std::string text, cites;
    Where where;
    std::optional<Formula> formula;  // that gave the value (model/settings.h); none: the number as it stands
};

// A configuration of the implementation under test that the profile describes, e.g. a sysctl.
struct Setting {
    std::string name, value, text, cites;
    Where where;
    std::optional<int> number;   // the value, where it is one; else only the implementation reads it
    int low = 0, high = 0;       // of a number
    std::string offers;          // a TCP option that the tester offers while the number is not 0; empty: none
    std::optional<Where> given;  // the value came from here: a command line, a system

    // Rules, claims and formulas read a number by its name; a name with '.', '-' or '/' is only the implementation's.
    bool readable() const { return number && name.find_first_of(".-/") == std::string::npos; }
};

// A value for a setting from outside of the profile.
struct SettingGiven {
    std::string name, value;
    Where where, value_where;
};

struct TimerDecl {
    std::string name;
    std::int64_t earliest_us = 0;  // expiry lies in [earliest, latest] after the start
    std::int64_t latest_us = 0;
    std::int64_t cap_us = 0;         // doubling: each restart from its own expiry doubles, up to this; 0: no doubling
    int doubled_from = -1;           // variable: a start begins with so many doublings; -1: with none
    bool doubled_by = false;         // a start out of its own expiry, too
    std::optional<Expr> runs_while;  // derived timer: runs exactly while this holds; never started or stopped by hand
    std::optional<Formula> earliest, latest, cap;  // that gave the times above (model/settings.h); none: as they stand
    std::string text, cites;
    Where where;
};

struct Variable {
    std::string name;
    Expr low, high;                        // constants and limits only
    std::vector<std::string> enumerators;  // enum type: the names of 0, 1, ...; otherwise empty
    bool flag = false;
    bool history = false;  // never read by a rule's guard; survives `forgets`
    bool kept = false;     // survives `forgets`, and rules may read it: what belongs to the descriptor, not to the TCB
    int initial = 0;
    std::string text;
    Where where;
};

struct SegmentTemplate {
    std::string name;
    std::optional<Expr> seq, ack, len;  // absent: 0 (and, for ack, no ACK bit)
    bool fin = false, syn = false, rst = false;
    std::optional<Expr> zero_window;  // absent: false
    std::optional<Expr> era;          // absent: 0

    // Of a protocol with words of its own, and then nothing of the above.
    int kind = 0;                          // Segment::kind
    std::vector<std::optional<Expr>> own;  // by Vocabulary::fields; absent: 0
    Where where;
};

// What a field of a protocol's own may hold: constants and limits only, inside of 0..255.
struct FieldRange {
    Expr low, high;
    std::string text;
    Where where;
};

struct Effect {
    enum class Kind {
        assign,  // target index := value
        send,    // segment template index, with the overrides seq/ack/len
        start,   // timer index
        stop,    // timer index
        stop_all,
        drop,    // the arriving segment is not processed further
        signal,  // name: told to the application (eof, reset, timeout)
        result,  // name: what the call returns (ok when absent); elsewhere what one returns that had blocked
        branch,  // if value then `then` else `otherwise`
    };
    Kind kind = Kind::drop;
    int index = -1;
    std::string name;
    std::optional<Expr> value;
    std::optional<Expr> seq, ack, len;     // overrides of a send
    std::vector<std::optional<Expr>> own;  // the same, by Vocabulary::fields; empty where the protocol is TCP
    std::vector<Effect> then, otherwise;
    Where where;
};

struct Case {
    std::vector<int> from;  // state indices
    std::optional<Expr> guard;
    int to = -1;  // state index, or -1: stay
    std::vector<Effect> effects;
    Where where;
};

struct Rule {
    std::string name, sentence, cites;
    bool may = false;
    std::vector<Case> cases;
    Where where;
};

struct Step {
    std::string name, title;
    std::vector<Rule> rules;
    Where where;
};

enum class Trigger { call, timer, segment };

// What happens on one kind of input: ordered steps. Calls and timers have one step without a name.
struct Handler {
    Trigger trigger = Trigger::call;
    std::string name;  // of the call or timer; "segment" for segments
    std::vector<Step> steps;
    Where where;
};

struct Profile {
    std::string name, title, cites, parent;
    std::vector<StateDecl> states;
    std::vector<Limit> limits;
    std::vector<Setting> settings;
    std::vector<TimerDecl> timers;
    std::vector<Variable> variables;
    std::vector<SegmentTemplate> segments;
    std::vector<Handler> handlers;
    Vocabulary vocabulary;
    std::vector<FieldRange> ranges;  // by Vocabulary::fields
    int stream_from = 0;             // the number of the first unit of text: 1 where the SYN is unit 0
    Where where;

    // Indices by name; -1 where there is none.
    int state(const std::string& name) const;
    int variable(const std::string& name) const;
    int timer(const std::string& name) const;
    const Handler* handler(Trigger trigger, const std::string& name) const;
    const Rule* rule(const std::string& name) const;
    int initial_state() const;
    const Setting* setting(const std::string& name) const;
    // The value of a limit or of a setting that expressions may read.
    std::optional<int> fixed_value(const std::string& name) const;
};

struct Network {
    int capacity = 1;  // segments in flight, each direction
    bool loses = false;
    bool duplicates = false;
    bool reorders = false;  // false: delivered in the order sent
    int loss_budget = -1;   // -1: no bound on how many are lost
    int duplicate_budget = -1;
    // How long a segment is on its way, in microseconds; it never lives longer. Such a system is decided in time
    // (checker/zones/); -1: only the order of events counts.
    std::int64_t delay_from_us = -1, delay_to_us = -1;
    bool timed() const { return delay_to_us >= 0; }
};

struct SystemDecl {
    std::string name, title;
    std::string profile[2];  // profile names; "subject": the profile under check
    Network network;
    std::string start[2];               // the control states in which A and B begin; empty: the profile's initial one
    std::vector<std::string> calls[2];  // what the application at A, at B may call
    std::map<std::string, int> limits;  // overrides
    std::vector<Where> limit_places;    // in the order of `limits`
    std::vector<SettingGiven> settings;
    // The profiles at A and at B under these settings; none where the system sets nothing. See profile_at in
    // model/system.h.
    std::shared_ptr<const Profile> configured[2];
    Where where;
};

struct Expectation {
    bool holds = true;
    bool vacuous = false;     // holds, and its premise is never true
    int shortest = -1;        // length of the shortest witness or counterexample; -1: not stated
    std::string for_profile;  // empty: for every profile that has, and inherits, no other
    Where where;
};

// What a claim about infinite runs assumes: on a run that goes on for ever, what is meant here happens in the end.
// weak: if from some point on it can always happen. A timer that is started again is not one that can always expire: it
// has to run out. strong: if it can happen again and again.
// Meant is each member of the family by itself: each timer of each end; each call; each segment (by its fields) of each
// direction, which may get lost as long as it also arrives when sent again and again.
struct Fairness {
    enum class Family { timers, delivery, calls };
    Family family = Family::timers;
    bool strong = false;
    std::string name;  // of the one timer or call; empty: all of them (calls: always given)
    int end = -1;      // 0 = A, 1 = B; -1: both
    Where where;
};

struct Claim {
    enum class Kind {
        invariant,    // body holds in every reachable state
        step,         // body holds of every reachable step
        reachable,    // the stages occur in this order on some run
        recoverable,  // from every reachable state, body can still be reached (AG EF)
        ends,         // body holds in every state that no step leaves

        // About runs that go on for ever or that no step continues, under `fairness`:
        leads,              // stages P, Q: whenever P held, Q holds then or later
        eventually,         // body holds at some time
        always_eventually,  // body holds again and again, or at the end of a run that ends
        eventually_always,  // body holds from some moment on, at the end of a run that ends
        acyclic,            // there is no cycle made only of steps that satisfy body
    };
    std::string id, sentence, cites, system;
    Kind kind = Kind::invariant;
    std::vector<Expr> stages;  // reachable: one or more; leads: two; otherwise exactly one, the body
    std::vector<Fairness> fairness;
    std::optional<Expr> assuming;  // invariant, step, reachable: only runs all of whose steps satisfy this count
    std::optional<std::int64_t> after_us, within_us;  // leads, in a timed system: how long after P comes Q?
    std::vector<Expectation> expectations;
    std::string refuted_at;  // ends ("A", "B", "AB") at which implementations are expected to do otherwise
    Where where;

    // What is expected for this profile; holds where nothing was said.
    Expectation expected_for(const std::string& profile) const;
};

// Is a claim of this kind about whole runs, under fairness?
constexpr bool is_liveness(Claim::Kind kind) {
    switch (kind) {
        case Claim::Kind::invariant:
        case Claim::Kind::step:
        case Claim::Kind::reachable:
        case Claim::Kind::recoverable:
        case Claim::Kind::ends: return false;
        case Claim::Kind::leads:
        case Claim::Kind::eventually:
        case Claim::Kind::always_eventually:
        case Claim::Kind::eventually_always:
        case Claim::Kind::acyclic: return true;
    }
    return false;
}

struct Spec {
    std::vector<Profile> profiles;
    std::vector<SystemDecl> systems;
    std::vector<Claim> claims;
    std::string subject;                                     // the last profile of the file named on the command line
    std::vector<std::shared_ptr<const SourceText>> sources;  // of all files that were read for this, in that order
    const Profile* profile(const std::string& name) const;
    const SystemDecl* system(const std::string& name) const;
    // The profile that is named at an end of a system, without the system's settings; null where there is none.
    const Profile* declared_profile(const SystemDecl& system, int end) const;
};

// The names of declarations, in their order.
template <typename T>
std::vector<std::string> names_in(const std::vector<T>& list) {
    std::vector<std::string> names;
    for (const T& each : list) names.push_back(each.name);
    return names;
}

}  // namespace lastack
