// The target `sim`: a profile played as the implementation, in virtual time, by the plain interpreter.
//
// It speaks the same bytes as a real stack: it answers the SYN, and from then on turns each datagram into a segment
// of the model, asks the interpreter, and turns what is sent back into datagrams. So the codec, the driver and the
// verdicts are the same as for the kernel, and a mutant of a profile can be caught or missed by a suite as a kernel
// would be. A window is open or 0, as in the model. Where it departs from a stack: no TCP options but MSS, and a tuple
// that nobody has opened gets no answer.
#include <algorithm>
#include <deque>
#include <memory>
#include <queue>
#include <random>
#include <unordered_map>

#include "generators/byte_stream.h"
#include "generators/vector.h"
#include "generators/wire.h"
#include "harness/byte_units.h"
#include "harness/segment_flags.h"
#include "harness/sim_timers.h"
#include "harness/targets.h"
#include "model/plain.h"
#include "model/settings.h"

namespace lastack {
namespace {

constexpr int segment_size = 1400;
constexpr int most_at_an_edge = 8;         // bytes: what begins or ends a unit, and is no piece of it
constexpr int most_at_one_instant = 1000;  // expiries of one connection

// One connection of the endpoint.
struct SimConnection {
    SimConnection(PlainMemo& memo, const SimPlay& play, std::mt19937& random, int unit_bytes, const std::string& start)
        : end(plain_initial(memo.profile(), start)), timers(memo, play.expiry, random),
          ours(unit_bytes, memo.profile().stream_from), theirs(unit_bytes, memo.profile().stream_from) {}

    TcpPacket shape;  // from us to the tester
    std::uint32_t isn = 0, tester_isn = 0;
    bool established = false, accepted = false, descriptor = true;
    bool opens = false;  // the profile does the opening, too
    EndState end;
    SimTimers timers;
    ByteUnits ours, theirs;                     // our stream, the tester's
    std::int64_t piece_from = 0, piece_to = 0;  // of a unit that comes in several segments: what is there
    std::optional<Segment> arriving;            // that is being answered, and the byte behind all that it takes
    std::int64_t behind = 0;
    std::uint32_t arriving_ack = 0;  // on the wire
    std::int64_t arriving_seq = 0;   // in the tester's stream
    std::uint32_t incarnation = 0;
    std::string signal;    // the last one told to the application
    std::string returned;  // by the call that blocked last
    // Kept, because an expiry has nobody to tell it to; thrown at the next call.
    std::string broken;         // what went wrong in the profile while nobody was there to be told
    std::int64_t busy_us = -1;  // the instant of the last expiry, and how many there were at it
    int at_one_instant = 0;
};

class SimTarget final : public Target {
public:
    SimTarget(const Profile& profile, const Limits& limits, const SimPlay& play, int unit_bytes)
        : given_profile_(profile), profile_(profile), given_(limits), limits_(limits), memo_(profile_, limits_),
          play_(play), unit_bytes_(unit_bytes), random_(play.seed) {}

    std::string name() const override { return "sim"; }
    std::string description() const override { return "profile " + profile_.name + ", played in virtual time"; }
    Endpoints endpoints() const override { return {"192.0.2.1", "2001:db8::1", "198.51.100.1", "2001:db8:1::1", 5001}; }
    std::int64_t now_us() override { return now_; }
    bool virtual_time() const override { return true; }
    std::vector<std::string> configure(const Setup& setup) override;
    void inject(const std::vector<std::uint8_t>& packet) override;
    std::vector<Packet> wait(std::int64_t until_us) override;
    std::optional<Handle> accept(const Peer& peer) override;
    FreshSocket fresh_socket(const Peer& peer) override;
    std::string call(Handle handle, const std::string& call_name, int bytes) override;
    std::string returned(Handle handle) override { return connection(handle).returned; }
    std::string observe(Handle handle) override;
    std::optional<std::string> state(const Peer& peer) override;
    void discard(Handle handle, const Peer& peer) override;
    void vary(int attempt) override;

private:
    using Expiry = std::pair<std::int64_t, Handle>;

    std::uint16_t window() const;
    std::unique_ptr<SimConnection> make(const std::string& start);
    std::uint32_t next_isn(Handle handle) const;
    const std::string& state_of(const SimConnection& one) const {
        return profile_.states[static_cast<std::size_t>(one.end.state)].name;
    }
    bool has_begun(const SimConnection& one) const {
        const std::string& state = state_of(one);
        return !one.opens || (state != "CLOSED" && state != "LISTEN");
    }
    void begin_streams(Handle handle, bool anew);
    void answer_syn(const TcpPacket& packet);
    int unit_of(const SimConnection& one, const TcpPacket& packet, std::int64_t seq) const;
    std::optional<TcpPacket> joined(SimConnection& one, const TcpPacket& packet, std::int64_t seq) const;
    void take_whole(Handle handle, const TcpPacket& packet, std::int64_t seq);
    void take_segment(Handle handle, const TcpPacket& packet);
    bool react(Handle handle, const Input& input, std::string* result = nullptr);
    const PlainMemo::Way& choose(const std::vector<PlainMemo::Way>& all);
    void send(SimConnection& one, const EndState& before, const Segment& segment);
    void fire(Handle handle, int timer);
    void schedule(Handle handle);
    SimConnection& connection(Handle handle);

    const Profile given_profile_;  // a copy: the target outlives the spec it was read from
    Profile profile_;              // the same, under the settings of the vectors at hand
    const Limits given_;           // at the start
    Limits limits_;                // of the vectors at hand
    PlainMemo memo_;               // of the two
    std::optional<Setup> setup_;   // that they were made for, and what of it was refused
    std::vector<std::string> refused_;
    SimPlay play_;
    int unit_bytes_;
    std::mt19937 random_;
    std::int64_t now_ = 0;
    Handle next_handle_ = 0;
    std::unordered_map<Handle, std::unique_ptr<SimConnection>> connections_;
    std::unordered_map<std::string, Handle> by_peer_;
    std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_;  // stale entries are skipped
    std::vector<Packet> out_;
};

SimConnection& SimTarget::connection(Handle handle) {
    SimConnection& one = *connections_.at(handle);
    if (!one.broken.empty()) throw ModelError(one.broken);
    return one;
}

// The settings, the limits and the size of a unit are those of the vectors.
std::vector<std::string> SimTarget::configure(const Setup& setup) {
    if (setup_ == setup) return refused_;
    setup_ = setup;
    std::vector<std::string>& refused = refused_;
    refused.clear();
    profile_ = given_profile_;
    limits_ = given_;
    memo_.forget();
    try {
        std::vector<SettingGiven> settings;
        for (const auto& [name, value] : setup.settings) {
            if (!value.empty()) settings.push_back(setting_given(name + "=" + value, "vector"));
        }
        Problems problems;
        lastack::configure(profile_, settings, problems);
        problems.throw_if_any();
    } catch (const SpecError& error) {
        refused.push_back(error.diagnostics().front().message);
        return refused;
    }
    const Limits before = limits_of(given_profile_);
    for (const auto& [name, value] : limits_of(profile_)) {
        if (before.at(name) != value) limits_[name] = value;  // what follows from the settings
    }
    for (const auto& [name, value] : setup.limits) {
        const auto limit = std::find_if(profile_.limits.begin(), profile_.limits.end(),
                                        [&name](const Limit& one) { return one.name == name; });
        if (limit == profile_.limits.end())
            refused.push_back("profile " + profile_.name + " has no limit " + name);
        else if (value < limit->low || value > limit->high)
            refused.push_back("profile " + profile_.name + " knows no " + name + " = " + std::to_string(value));
        else
            limits_[name] = value;
    }
    unit_bytes_ = setup.unit_bytes;
    return refused;
}

// The other way round, then by lot.
void SimTarget::vary(int attempt) {
    if (!play_.varies) return;
    if (attempt > 1)
        play_.may = SimPlay::May::by_lot;
    else if (play_.may != SimPlay::May::by_lot)
        play_.may = play_.may == SimPlay::May::never ? SimPlay::May::always : SimPlay::May::never;
}

// ---- packets

void SimTarget::inject(const std::vector<std::uint8_t>& datagram) {
    const auto packet = decode(datagram);
    if (!packet || packet->destination_port != endpoints().port) return;
    const auto found = by_peer_.find(key_of(packet->source, packet->source_port));
    if (found != by_peer_.end())
        take_segment(found->second, *packet);
    else if (packet->syn && !packet->has_ack)
        answer_syn(*packet);
}

// What the profile takes; a profile that does not say takes much.
std::uint16_t SimTarget::window() const {
    const auto limit = limits_.find("window");
    const std::int64_t bytes = limit == limits_.end() ? 65535 : std::int64_t{limit->second} * unit_bytes_;
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(bytes, 1, 65535));
}

std::unique_ptr<SimConnection> SimTarget::make(const std::string& start) {
    return std::make_unique<SimConnection>(memo_, play_, random_, unit_bytes_, start);
}

// The same seed gives the same numbers; an odd factor spreads them over the whole range, its wrap included.
std::uint32_t SimTarget::next_isn(Handle handle) const {
    return (play_.seed * 40503U + static_cast<std::uint32_t>(handle) + 1U) * 2654435761U;
}

void SimTarget::answer_syn(const TcpPacket& packet) {
    const Handle handle = next_handle_++;
    auto one = make("");
    one->shape.ip = packet.ip;
    one->shape.source = packet.destination;
    one->shape.source_port = packet.destination_port;
    one->shape.destination = packet.source;
    one->shape.destination_port = packet.source_port;
    one->shape.window = window();
    one->tester_isn = packet.seq;
    one->isn = next_isn(handle);

    TcpPacket answer = one->shape;
    answer.syn = answer.has_ack = true;
    answer.seq = one->isn;
    answer.ack = packet.seq + 1;
    answer.options = syn_options(segment_size, {});
    out_.push_back({now_, encode(answer)});
    by_peer_[key_of(packet.source, packet.source_port)] = handle;
    connections_[handle] = std::move(one);
}

// A tester counts what lies across the right edge of the window from there (WireSegment::from_right): the last bytes
// before it are units of their own.
int SimTarget::unit_of(const SimConnection& one, const TcpPacket& packet, std::int64_t seq) const {
    const int unit = one.theirs.unit_at(seq), next = profile_.variable("rcv_nxt");
    const auto limit = limits_.find("window");
    if (next >= 0 && limit != limits_.end()) {
        const int expected = one.end.values[static_cast<std::size_t>(next)];
        const std::int64_t left = one.theirs.byte_at(expected) + window() - seq;
        if (left > 0 && left <= limit->second && left < unit_bytes_)
            return expected + limit->second - static_cast<int>(left);
    }
    if (packet.syn && (packet.fin || !packet.payload.empty()) && one.theirs.byte_at(unit) != seq) {
        // On the last byte of a block, with what is behind it: that is where its place counts (generators/project.cpp).
        const int behind = one.theirs.unit_at(seq + 1);
        if (one.theirs.byte_at(behind) == seq + 1) return behind - 1;
    }
    return unit;
}

// The ACK that ends the handshake is not shown to the profile, unless it carries text or a FIN: profiles begin after
// it.
void SimTarget::take_segment(Handle handle, const TcpPacket& packet) {
    SimConnection& one = connection(handle);
    if (!one.established) {
        one.established = packet.has_ack && !packet.syn && !packet.rst && packet.ack == one.isn + 1;
        if (!one.established) return;
        one.timers.begin(one.end, now_);
        schedule(handle);
        if (packet.payload.empty() && !packet.fin) return;  // the handshake's ACK itself
    }
    // Until the tester's SYN is taken, whatever it sends stands where its stream may begin.
    if (one.opens && (!has_begun(one) || state_of(one) == "SYN_SENT")) {
        one.tester_isn = packet.seq;
        one.theirs = ByteUnits(unit_bytes_, profile_.stream_from);
    }
    const auto place = std::int64_t{static_cast<std::int32_t>(packet.seq - (one.tester_isn + 1))};
    const std::optional<TcpPacket> whole = joined(one, packet, place);
    if (whole) take_whole(handle, *whole, std::int64_t{static_cast<std::int32_t>(whole->seq - (one.tester_isn + 1))});
}

// A profile knows whole units. Of one that is next in order and comes in pieces, one behind the other, it is told with
// the last of them; until then there is nothing. What is no piece is whole.
std::optional<TcpPacket> SimTarget::joined(SimConnection& one, const TcpPacket& packet, std::int64_t seq) const {
    const auto bytes = static_cast<std::int64_t>(packet.payload.size());
    const bool goes_on = one.piece_to > one.piece_from && one.piece_to == seq;
    const bool long_enough = bytes > most_at_an_edge && bytes < unit_bytes_;
    const int next = profile_.variable("rcv_nxt");
    const bool begins =
        long_enough && next >= 0 && one.theirs.byte_at(one.end.values[static_cast<std::size_t>(next)]) == seq;
    const std::int64_t from = goes_on ? one.piece_from : seq;
    one.piece_from = one.piece_to = 0;
    if (packet.syn || packet.rst || bytes == 0 || (!goes_on && !begins)) return packet;
    if (seq + bytes < from + unit_bytes_ && !packet.fin) {
        one.piece_from = from;
        one.piece_to = seq + bytes;
        return std::nullopt;
    }
    TcpPacket whole = packet;
    whole.seq -= static_cast<std::uint32_t>(seq - from);
    whole.payload.resize(static_cast<std::size_t>(seq + bytes - from));
    return whole;
}

void SimTarget::take_whole(Handle handle, const TcpPacket& packet, std::int64_t seq) {
    SimConnection& one = connection(handle);
    const auto ack = std::int64_t{static_cast<std::int32_t>(packet.ack - (one.isn + 1))};
    const auto bytes = static_cast<std::int64_t>(packet.payload.size());
    // A FIN that is not taken may be bogus. Only a profile that does not say what it takes is believed to take all.
    if (packet.fin && profile_.variable("rcv_nxt") < 0) one.theirs.fin_at(seq + (packet.syn ? 1 : 0) + bytes);

    Input input{Trigger::segment, "segment", {}};
    Segment& segment = input.segment;
    segment.seq = static_cast<std::uint8_t>(unit_of(one, packet, seq));
    // An ACK from before all units acknowledges nothing: the first unit itself says the same.
    const std::int64_t first = -std::int64_t{profile_.stream_from};
    if (packet.has_ack) segment.ack = static_cast<std::uint8_t>(one.ours.unit_at(std::max(ack, first)));
    const std::int64_t blocks = (bytes + unit_bytes_ / 2) / unit_bytes_;
    segment.len = static_cast<std::uint8_t>(bytes == 0 ? 0 : std::clamp<std::int64_t>(blocks, 1, ByteUnits::far_unit));
    segment.fin = packet.fin;
    segment.syn = packet.syn;
    segment.rst = packet.rst;
    segment.has_ack = packet.has_ack;
    segment.zero_window = packet.window == 0 && !packet.rst;  // the window of a RST says nothing
    one.arriving = segment;
    one.arriving_ack = packet.ack;
    one.arriving_seq = seq;
    one.behind = seq + bytes + (packet.syn ? 1 : 0) + (packet.fin ? 1 : 0);
    react(handle, input);
    one.arriving.reset();
}

// The first FIN that is sent fixes where our stream ends; an ACK that is sent may settle where the tester's does.
void SimTarget::send(SimConnection& one, const EndState& before, const Segment& segment) {
    if (segment.fin) {
        const int unit = segment.seq + (segment.syn ? 1 : 0) + segment.len;
        one.ours.fin_at(one.ours.byte_at(unit));
        one.ours.taken(unit + 1);
    }
    if (segment.has_ack) one.theirs.taken(segment.ack);
    TcpPacket packet = one.shape;
    const std::int64_t seq =
        is_probe(profile_, before, segment) ? one.ours.byte_at(segment.seq + 1) - 1 : one.ours.byte_at(segment.seq);
    packet.seq = one.isn + 1 + static_cast<std::uint32_t>(seq);
    if (segment.rst && one.arriving && one.arriving->has_ack && segment.seq == one.arriving->ack)
        packet.seq = one.arriving_ack;
    const bool of_arriving = one.arriving && acknowledges(segment, *one.arriving);
    const bool of_syn = one.arriving && takes_syn(segment, *one.arriving);
    const std::int64_t acked = of_arriving ? one.behind
                               : of_syn    ? one.arriving_seq + 1
                                           : one.theirs.byte_at(segment.ack);
    if (segment.has_ack) packet.ack = one.tester_isn + 1 + static_cast<std::uint32_t>(acked);
    if (segment.rst && segment.has_ack && profile_.stream_from > 0) {  // the unit of the SYN stands for no number
        if (segment.seq == 0) packet.seq = 0;
        if (segment.ack == 0 && !of_arriving) packet.ack = 0;
    }
    put_flags(segment, packet);
    packet.payload.assign(static_cast<std::size_t>(segment.len) * static_cast<std::size_t>(unit_bytes_),
                          std::uint8_t{'a'});
    if (segment.syn && one.opens) packet.options = syn_options(segment_size, {});
    out_.push_back({now_, encode(packet)});
}

// ---- the profile

// With a new initial sequence number; or 0, where there is no connection to have one.
void SimTarget::begin_streams(Handle handle, bool anew) {
    SimConnection& one = connection(handle);
    one.isn = anew ? next_isn(handle) + ++one.incarnation : 0;
    if (anew) one.ours = ByteUnits(unit_bytes_, profile_.stream_from);
}

// False where the profile has no reaction: a call or a timer that is not enabled.
bool SimTarget::react(Handle handle, const Input& input, std::string* result) {
    SimConnection& one = connection(handle);
    const PlainMemo::Ways ways = memo_.react(one.end, input);
    if (ways->empty()) return false;
    const auto& [reaction, changes] = choose(*ways);
    one.timers.follow(changes, now_);
    if (input.trigger == Trigger::segment) {
        if (const auto fin = fin_taken(profile_, one.end, reaction.after, input.segment, reaction.sent)) {
            one.theirs.fin_at(one.theirs.byte_at(*fin));
            one.theirs.taken(*fin + 1);
        }
    }
    const bool had_begun = has_begun(one);
    const EndState before = std::exchange(one.end, reaction.after);
    if (has_begun(one) && !had_begun) begin_streams(handle, true);
    for (const Segment& segment : reaction.sent) send(one, before, segment);
    if (!has_begun(one)) begin_streams(handle, false);
    if (!reaction.signals.empty()) one.signal = reaction.signals.back();
    if (result != nullptr) *result = reaction.result;
    if (result == nullptr && reaction.result != "ok") one.returned = reaction.result;
    schedule(handle);
    return true;
}

// The reaction that uses the most `may` rules of those that are wanted, and the fewest others; among equals the first.
const PlainMemo::Way& SimTarget::choose(const std::vector<PlainMemo::Way>& all) {
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto wanted = [&](const std::string& name) {
        return has(play_.taken, name) || (play_.may == SimPlay::May::always && !has(play_.left_out, name));
    };
    const auto score = [&](const Reaction& reaction) {
        int sum = 0;
        for (const std::string& name : reaction.rules) {
            const Rule* rule = profile_.rule(name);
            if (rule == nullptr || !rule->may) continue;
            const bool lots =
                play_.may == SimPlay::May::by_lot && !has(play_.taken, name) && !has(play_.left_out, name);
            if (!lots) sum += wanted(name) ? 1 : -1;
        }
        return sum;
    };
    if (all.size() == 1 && play_.may != SimPlay::May::by_lot) return all.front();
    int best = 0;
    std::vector<const PlainMemo::Way*> ways;
    for (const PlainMemo::Way& way : all) {
        const int here = score(way.reaction);
        if (ways.empty() || here > best) ways.clear();
        if (!ways.empty() && here < best) continue;
        best = here;
        ways.push_back(&way);
    }
    return *ways[play_.may == SimPlay::May::by_lot ? random_() % ways.size() : 0];
}

// ---- time

// One entry for the earliest timer is enough: each reaction and each expiry makes a new one.
void SimTarget::schedule(Handle handle) {
    const SimConnection& one = *connections_.at(handle);
    if (const auto due = one.timers.next(one.end, now_)) expiries_.emplace(due->at_us, handle);
}

// Time stands still while packets wait to be read, so an answer has the instant of its cause.
std::vector<Packet> SimTarget::wait(std::int64_t until_us) {
    while (out_.empty() && !expiries_.empty() && expiries_.top().first <= until_us) {
        const auto [at, handle] = expiries_.top();
        expiries_.pop();
        const auto found = connections_.find(handle);
        if (found == connections_.end() || !found->second->broken.empty()) continue;
        now_ = std::max(now_, at);
        const auto due = found->second->timers.next(found->second->end, now_);
        if (due && due->at_us <= now_) fire(handle, due->timer);
    }
    if (out_.empty()) now_ = std::max(now_, until_us);
    return std::exchange(out_, {});
}

void SimTarget::fire(Handle handle, int timer) {
    SimConnection& one = *connections_.at(handle);
    if (one.busy_us != now_) one.at_one_instant = 0;
    one.busy_us = now_;
    try {
        if (++one.at_one_instant > most_at_one_instant)
            throw ModelError("timers expire again and again without time passing, in " +
                             describe(profile_, limits_, one.end));
        react(handle, {Trigger::timer, profile_.timers[static_cast<std::size_t>(timer)].name, {}});
    } catch (const ModelError& problem) {
        one.broken = problem.what();  // told at the next call: an expiry has nobody to tell it to
    }
}

// ---- the application

std::optional<Handle> SimTarget::accept(const Peer& peer) {
    const auto found = by_peer_.find(key_of(peer.address, peer.port));
    if (found == by_peer_.end()) return std::nullopt;
    SimConnection& one = connection(found->second);
    if (!one.established || one.accepted) return std::nullopt;
    one.accepted = true;
    return found->second;
}

FreshSocket SimTarget::fresh_socket(const Peer& peer) {
    const Handle handle = next_handle_++;
    auto one = make("CLOSED");
    const Endpoints ends = endpoints();
    one->shape.ip = peer.ip;
    one->shape.source = peer.ip == 6 ? ends.iut6 : ends.iut4;
    one->shape.source_port = ends.port;
    one->shape.destination = peer.address;
    one->shape.destination_port = peer.port;
    one->shape.window = window();
    one->opens = one->established = one->accepted = true;
    one->timers.begin(one->end, now_);
    by_peer_[key_of(peer.address, peer.port)] = handle;
    connections_[handle] = std::move(one);
    return {handle, ends.port};
}

// A profile's send and recv move one unit; more bytes are more of them.
std::string SimTarget::call(Handle handle, const std::string& call_name, int bytes) {
    SimConnection& one = connection(handle);
    one.returned.clear();
    const int times = moves_text(call_name) ? std::max(1, (bytes + unit_bytes_ / 2) / unit_bytes_) : 1;
    std::string result = "ok";
    for (int i = 0; i < times && result == "ok"; ++i) {
        if (react(handle, {Trigger::call, call_name, {}}, &result)) continue;
        result = profile_.states[static_cast<std::size_t>(one.end.state)].final ? "not_connected" : "would_block";
    }
    if ((result == "ok" || result == "blocked") && gives_up_descriptor(call_name)) one.descriptor = false;
    if (result == "ok" && (call_name == "open" || call_name == "listen")) one.descriptor = true;
    return result;
}

std::string SimTarget::observe(Handle handle) {
    const SimConnection& one = connection(handle);
    return one.descriptor ? one.signal : "";
}

std::optional<std::string> SimTarget::state(const Peer& peer) {
    const auto found = by_peer_.find(key_of(peer.address, peer.port));
    if (found == by_peer_.end()) return "CLOSED";
    return profile_.states[static_cast<std::size_t>(connection(found->second).end.state)].name;
}

void SimTarget::discard(Handle, const Peer& peer) {
    const auto found = by_peer_.find(key_of(peer.address, peer.port));
    if (found == by_peer_.end()) return;
    connections_.erase(found->second);
    by_peer_.erase(found);
}

}  // namespace

bool has_choices(const Profile& profile) {
    const auto may = [](const Rule& rule) { return rule.may; };
    const auto in_step = [&](const Step& step) { return std::any_of(step.rules.begin(), step.rules.end(), may); };
    return std::any_of(profile.handlers.begin(), profile.handlers.end(), [&](const Handler& handler) {
        return std::any_of(handler.steps.begin(), handler.steps.end(), in_step);
    });
}

std::unique_ptr<Target> make_sim_target(const Profile& profile, const Limits& limits, const SimPlay& play,
                                        int unit_bytes) {
    return std::make_unique<SimTarget>(profile, limits, play, unit_bytes);
}

}  // namespace lastack
