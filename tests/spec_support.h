// What tests of the model and the checker share: specs by name, things in them by name, and segments by their fields.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "model/language/read_spec.h"
#include "model/plain.h"
#include "model/spec.h"
#include "tests/places.h"

namespace lastack::testing {

// A file under specs/, read once in a run of the tests.
inline const Spec& shipped_spec(const std::string& name) {
    static std::map<std::string, Spec> known;
    const auto place = known.find(name);
    if (place != known.end()) return place->second;
    return known.emplace(name, read_spec(lastack::testing::source_dir() + "/specs/" + name)).first->second;
}

inline Spec spec_from(const std::string& text) { return parse_spec(text, "test.spec"); }

inline const SystemDecl& system_named(const Spec& spec, const std::string& name) {
    if (const SystemDecl* system = spec.system(name)) return *system;
    throw std::out_of_range("no system " + name);
}

inline const Claim& claim_named(const Spec& spec, const std::string& id) {
    for (const Claim& claim : spec.claims) {
        if (claim.id == id) return claim;
    }
    throw std::out_of_range("no claim " + id);
}

// Segments as an end of rfc9293.spec sends them; a bare RST has no ACK.
inline Segment ack(int seq, int ack) {
    Segment segment;
    segment.seq = static_cast<std::uint8_t>(seq);
    segment.ack = static_cast<std::uint8_t>(ack);
    segment.has_ack = true;
    return segment;
}
inline Segment fin(int seq, int acknowledged) {
    Segment segment = ack(seq, acknowledged);
    segment.fin = true;
    return segment;
}
inline Segment data(int seq, int acknowledged) {
    Segment segment = ack(seq, acknowledged);
    segment.len = 1;
    return segment;
}
inline Segment rst(int seq) {
    Segment segment;
    segment.seq = static_cast<std::uint8_t>(seq);
    segment.rst = true;
    return segment;
}

// Plays one endpoint of a profile by hand with the plain interpreter: input after input, from its initial state.
class Player {
public:
    explicit Player(const Profile& profile, const std::map<std::string, int>& overrides = {})
        : profile_(profile), limits_(limits_of(profile, overrides)), end_(plain_initial(profile)) {}

    std::vector<Reaction> ways(const Input& input) const { return plain_react(profile_, limits_, end_, input); }
    std::vector<Reaction> ways_of_call(const std::string& name) const { return ways({Trigger::call, name, {}}); }
    std::vector<Reaction> ways_of_timer(const std::string& name) const { return ways({Trigger::timer, name, {}}); }
    std::vector<Reaction> ways_of_segment(const Segment& segment) const {
        return ways({Trigger::segment, "", segment});
    }

    // Takes the first way, which is the one without `may`; throws where there is none.
    Reaction call(const std::string& name) { return take(ways_of_call(name)); }
    Reaction expire(const std::string& timer) { return take(ways_of_timer(timer)); }
    Reaction get(const Segment& segment) { return take(ways_of_segment(segment)); }
    void go(const Reaction& reaction) { end_ = reaction.after; }

    const std::string& state() const { return profile_.states[end_.state].name; }
    int value(const std::string& variable) const { return end_.values.at(profile_.variable(variable)); }
    // The name of an enumerator that a variable has.
    const std::string& word(const std::string& variable) const {
        return profile_.variables.at(profile_.variable(variable)).enumerators.at(value(variable));
    }
    bool runs(const std::string& timer) const { return plain_running(profile_, limits_, end_, profile_.timer(timer)); }
    const EndState& end() const { return end_; }

private:
    Reaction take(const std::vector<Reaction>& ways) {
        if (ways.empty()) throw std::logic_error("the input is not enabled");
        go(ways.front());
        return ways.front();
    }

    const Profile& profile_;
    Limits limits_;
    EndState end_;
};

}  // namespace lastack::testing
