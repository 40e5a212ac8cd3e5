// A profile beside the running kernel, cell by cell: a scene leads a connection into a state, then one segment comes,
// and what the kernel answers, the state it is in and what its application is told are looked for among what the
// profile allows.
//
// Idea: the plain interpreter plays along. Where the profile leaves a choice, all states that fit what was seen are
// kept; a cell disagrees when none is left. One connection a cell, because the kernel limits the rate of its answers.
// Positions: a unit of text is `block` bytes; the kernel's window is the profile's, so what lies at the right edge of
// the one is put at the right edge of the other. Text sent in the place of a SYN or a FIN has one byte.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "generators/wire.h"
#include "harness/byte_units.h"
#include "harness/target.h"
#include "model/plain.h"

namespace cells {

using lastack::EndState;
using lastack::Segment;

constexpr int block = 100;
constexpr std::uint32_t tester_isn = 4'294'967'000U;  // the numbers wrap on the way
constexpr std::int64_t patience_us = 1'000'000;

// How a connection comes into a state: moves, parted by blanks. Calls by their names; segments of the tester, in order:
// text, fin and ack, which acknowledges all; +text and +fin do so too; early and early_fin leave a hole of one unit,
// old is text that adds nothing.
inline const std::vector<std::string> scenes{
    // ESTABLISHED: nothing or something acknowledged, on its way, unread, owed, kept behind a hole
    "", "send ack", "send", "send send", "send ack send ack", "text", "text recv", "text text", "text recv text",
    "send +text", "send ack text", "shutdown_rd", "text shutdown_rd", "early", "early_fin", "old send",
    // FIN-WAIT-1 and FIN-WAIT-2, with the descriptor and without
    "shutdown_wr", "close", "send ack shutdown_wr", "send ack close", "send shutdown_wr", "send close",
    "text shutdown_wr", "text recv close", "shutdown_rdwr", "shutdown_rd shutdown_wr", "send +text shutdown_wr",
    "early shutdown_wr", "shutdown_wr ack", "close ack", "send ack shutdown_wr ack", "text shutdown_wr ack",
    "shutdown_wr ack shutdown_rd", "shutdown_wr ack close", "early close ack",
    // CLOSING and TIME-WAIT
    "shutdown_wr fin", "close fin", "text shutdown_wr fin", "send ack shutdown_wr fin", "fin shutdown_wr recv",
    "shutdown_wr +fin", "close +fin", "close fin ack", "shutdown_wr fin ack", "text shutdown_wr +fin",
    "send ack close +fin", "shutdown_wr +fin close",
    // CLOSE-WAIT and LAST-ACK
    "fin", "fin recv", "text fin", "text recv fin", "text fin recv", "send ack fin", "send fin", "send +fin",
    "fin send", "fin shutdown_wr", "fin close", "send ack fin close", "text fin shutdown_wr", "text recv fin close",
    "fin send shutdown_wr", "fin send close", "send +fin shutdown_wr"};

// A segment that arrives at the end of a scene, by its place in sequence units.
struct Cell {
    bool syn = false, fin = false, rst = false, has_ack = false;
    int len = 0;
    int seq_from_next = 0;  // `window`: the right edge
    int ack = 0;            // from the SYN of the kernel's stream
};

// What is looked at behind the answer and the state: calls of the application, a read or a write first, or what it can
// see without a call. An error is told once, so one connection can only show one of them.
enum class Probe { read_first, write_first, look };

inline std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> all;
    std::string word;
    for (const char c : text + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            all.push_back(std::exchange(word, ""));
        }
    }
    return all;
}

// One connection, at the kernel and in the profile.
class Pair {
public:
    Pair(lastack::Target& target, const lastack::Profile& profile, const lastack::Limits& limits,
         const std::vector<std::string>& options = {})
        : target_(target), profile_(profile), limits_(limits), peer_(target.fresh_peer(4)) {
        open(options);
    }
    ~Pair() {
        if (handle_ >= 0) target_.discard(handle_, peer_);
        target_.wait(0);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    // "" or what went wrong.
    std::string play(const std::string& moves) {
        for (const std::string& move : words(moves)) {
            const std::string wrong = is_call(move) ? call(move) : send(segment_of(move), move);
            if (!wrong.empty()) return move + ": " + wrong;
        }
        return "";
    }

    std::string send(const Segment& segment, const std::string& what, bool looks = false) {
        const std::string before = state_name();
        const std::string told_before = looks ? look() : "";
        inject(segment);
        const std::vector<lastack::TcpPacket> answers = read();
        std::string state = target_.state(peer_).value_or("?");
        // The place of a connection in TIME-WAIT may go to a new one: the old one is no more.
        lost_ = before == "TIME_WAIT" && state == "SYN_RCVD";
        if (lost_) state = "CLOSED";
        const std::string seen = looks ? look() : "";
        std::string offered;
        std::vector<EndState> next;
        for (const EndState& end : ends_) {
            for (const lastack::Reaction& way : ways(end, {lastack::Trigger::segment, "", segment})) {
                const std::string told = way.signals.empty() || !looks ? told_before : way.signals.back();
                const bool fits =
                    same(answers, way.sent, end, way.after, segment) && state == name(way.after) && seen == told;
                offer(offered, way.sent, name(way.after), told);
                if (fits) keep(next, way.after);
            }
        }
        const std::string kernel = describe(answers, state, seen);
        if (next.empty()) return fail(what, kernel, offered);
        take(std::move(next));
        return "";
    }

    std::string call(const std::string& name_of_call) {
        const std::string result = target_.call(handle_, name_of_call, block);
        const std::vector<lastack::TcpPacket> answers = read();
        const std::string state = target_.state(peer_).value_or("?");
        std::string offered;
        std::vector<EndState> next;
        for (const EndState& end : ends_) {
            const auto possible = ways(end, {lastack::Trigger::call, name_of_call, {}});
            if (possible.empty()) {
                offered += " not enabled;";
                if (result == "would_block" && answers.empty()) keep(next, end);
            }
            for (const lastack::Reaction& way : possible) {
                offer(offered, way.sent, name(way.after), way.result);
                if (way.result == result && same(answers, way.sent, end, way.after, {}) &&
                    (state == name(way.after) || lost_))
                    keep(next, way.after);
            }
        }
        if (next.empty()) return fail(name_of_call + "()", describe(answers, state, result), offered);
        ends_ = std::move(next);
        settle_streams();
        return "";
    }

    // Nobody answers: the kernel sends again until it gives up, as the profile does at its bound. False where it does
    // not.
    bool give_up() {
        for (EndState& end : ends_) {
            for (int i = 0; i < 40 && name(end) != "CLOSED"; ++i) {
                const auto expiry = plain_react(profile_, limits_, end, {lastack::Trigger::timer, "rto", {}});
                if (expiry.empty()) return false;
                end = expiry.front().after;
            }
        }
        const std::int64_t until = target_.now_us() + 10 * patience_us;
        while (target_.now_us() < until) {
            target_.wait(target_.now_us() + patience_us / 100);
            if (target_.state(peer_) == "CLOSED") return true;
        }
        return false;
    }

    // What the application is told afterwards, one call after the other.
    std::string calls_afterwards(bool write_first) {
        std::string wrong;
        if (closed()) return "";
        if (write_first && can("send")) wrong = call("send");
        for (int i = 0; i < 5 && wrong.empty() && can("recv"); ++i) wrong = call("recv");
        if (wrong.empty() && !write_first && can("send")) wrong = call("send");
        if (wrong.empty() && can("shutdown_wr")) wrong = call("shutdown_wr");
        if (wrong.empty() && !closed()) wrong = call("close");
        return wrong;
    }

    const std::vector<EndState>& ends() const { return ends_; }
    const EndState& end() const { return ends_.front(); }
    int value(const EndState& end, const char* variable) const { return end.values[profile_.variable(variable)]; }
    std::uint16_t port() const { return peer_.port; }
    std::string state_name() const { return name(ends_.front()); }
    bool closed() const { return value(ends_.front(), "closed") != 0; }
    Segment segment_of(const Cell& cell) const {
        Segment segment;
        segment.seq = static_cast<std::uint8_t>(value(end(), "rcv_nxt") + cell.seq_from_next);
        segment.len = static_cast<std::uint8_t>(cell.len);
        segment.syn = cell.syn;
        segment.fin = cell.fin;
        segment.rst = cell.rst;
        segment.has_ack = cell.has_ack;
        segment.ack = static_cast<std::uint8_t>(cell.has_ack ? cell.ack : 0);
        return segment;
    }

private:
    static bool is_call(const std::string& move) {
        static const std::set<std::string> calls{"send",        "recv",          "close", "shutdown_wr",
                                                 "shutdown_rd", "shutdown_rdwr", "abort"};
        return calls.contains(move);
    }
    // Every call but those that the profile has run out of text for: a recv that would block is one, too.
    bool can(const std::string& name_of_call) const {
        return !closed() &&
               (name_of_call == "recv" ||
                !plain_react(profile_, limits_, end(), {lastack::Trigger::call, name_of_call, {}}).empty());
    }
    const std::string& name(const EndState& end) const { return profile_.states[end.state].name; }

    Segment segment_of(const std::string& move) const {
        Cell cell;
        cell.has_ack = true;
        const bool all = move.starts_with("+") || move == "ack";
        cell.ack = value(end(), all ? "snd_nxt" : "snd_una");
        const std::string plain = move.starts_with("+") ? move.substr(1) : move;
        cell.len = plain == "text" || plain == "early" || plain == "old" ? 1 : 0;
        cell.fin = plain == "fin" || plain == "early_fin";
        cell.seq_from_next = plain.starts_with("early") ? 1 : plain == "old" ? -1 : 0;
        return segment_of(cell);
    }

    // An acknowledgment that is owed may go out before the input, or after it.
    std::vector<lastack::Reaction> ways(const EndState& end, const lastack::Input& input) const {
        std::vector<lastack::Reaction> all = plain_react(profile_, limits_, end, input);
        const lastack::Input owed{lastack::Trigger::timer, "delack", {}};
        const std::size_t plain = all.size();
        for (std::size_t i = 0; i < plain; ++i) {
            for (const lastack::Reaction& late : plain_react(profile_, limits_, all[i].after, owed)) {
                lastack::Reaction both = all[i];
                both.after = late.after;
                both.sent.insert(both.sent.end(), late.sent.begin(), late.sent.end());
                all.push_back(std::move(both));
            }
        }
        for (const lastack::Reaction& early : plain_react(profile_, limits_, end, owed)) {
            for (lastack::Reaction way : plain_react(profile_, limits_, early.after, input)) {
                way.sent.insert(way.sent.begin(), early.sent.begin(), early.sent.end());
                all.push_back(std::move(way));
            }
        }
        return all;
    }

    lastack::TcpPacket blank() const {
        const lastack::Endpoints ends = target_.endpoints();
        lastack::TcpPacket packet;
        packet.source = peer_.address;
        packet.source_port = peer_.port;
        packet.destination = ends.iut4;
        packet.destination_port = ends.port;
        packet.window = 65535;
        return packet;
    }
    void open(const std::vector<std::string>& options) {
        ends_ = {plain_initial(profile_)};
        lastack::TcpPacket packet = blank();
        packet.syn = true;
        packet.seq = tester_isn;
        packet.options = lastack::syn_options(1460, options);
        target_.inject(encode(packet));
        const std::vector<lastack::TcpPacket> answers = read(true);
        if (answers.empty() || !answers.front().syn) throw std::runtime_error("the SYN is not answered");
        isn_ = answers.front().seq;
        packet.syn = false;
        packet.has_ack = true;
        packet.options.clear();
        packet.seq = tester_isn + 1;
        packet.ack = isn_ + 1;
        target_.inject(encode(packet));
        const std::int64_t until = target_.now_us() + patience_us;
        while (target_.now_us() < until) {
            if (const auto handle = target_.accept(peer_)) {
                handle_ = *handle;
                return;
            }
        }
        throw std::runtime_error("nothing was accepted");
    }

    // Packets of other connections, whose end was discarded, are passed over.
    std::vector<lastack::TcpPacket> read(bool wait = false) {
        std::vector<lastack::TcpPacket> mine;
        const std::int64_t until = wait ? target_.now_us() + patience_us : 0;
        for (const lastack::Packet& one : target_.wait(until)) {
            const auto packet = lastack::decode(one.bytes);
            if (!packet || packet->destination != peer_.address || packet->destination_port != peer_.port) continue;
            mine.push_back(*packet);
            if (packet->has_ack && !packet->rst) edge_ = number(packet->ack, tester_isn) + packet->window;
        }
        return mine;
    }
    static std::int64_t number(std::uint32_t wire, std::uint32_t isn) {
        return static_cast<std::int32_t>(wire - isn - 1);
    }

    void inject(const Segment& segment) {
        const int rcv_nxt = value(end(), "rcv_nxt"), window = limits_.at("window");
        const int beyond = segment.seq - (rcv_nxt + window);
        std::int64_t seq = theirs_.byte_at(segment.seq);
        std::int64_t length = segment.len == 0 ? 0 : theirs_.byte_at(segment.seq + segment.len) - seq;
        // What has no text lies in the last byte before what is expected, or before the edge.
        if (segment.seq + 1 == rcv_nxt && segment.len == 0) seq = theirs_.byte_at(rcv_nxt) - 1;
        if (value(end(), "held_fin") != 0 && segment.seq == value(end(), "fin_at") + 1)
            seq = theirs_.byte_at(segment.seq - 1) + 1;  // right behind a FIN that came early
        if (beyond >= -1) {
            length = segment.len * block;
            seq = beyond >= 0 ? edge_ + beyond : edge_ - (segment.len == 0 ? 1 : length);
        }
        lastack::TcpPacket packet = blank();
        packet.seq = tester_isn + 1 + static_cast<std::uint32_t>(seq);
        packet.ack = segment.has_ack ? isn_ + 1 + static_cast<std::uint32_t>(ours_.byte_at(segment.ack)) : 0;
        packet.syn = segment.syn;
        packet.fin = segment.fin;
        packet.rst = segment.rst;
        packet.has_ack = segment.has_ack;
        packet.payload.assign(static_cast<std::size_t>(length), std::uint8_t{'x'});
        injected_seq_ = seq;
        injected_length_ = length;
        target_.inject(encode(packet));
    }

    // The segments of a reaction in bytes. `after` and the arriving segment say where the peer's FIN stands.
    bool same(const std::vector<lastack::TcpPacket>& seen, const std::vector<Segment>& wanted, const EndState& before,
              const EndState& after, const Segment& arrived) const {
        if (seen.size() != wanted.size()) return false;
        lastack::ByteUnits theirs = theirs_, ours = ours_;
        if (heard_fin(after) && !heard_fin(before)) theirs.fin_at(theirs.byte_at(value(after, "rcv_nxt") - 1));
        for (const Segment& one : wanted) {
            if (one.fin) ours.fin_at(ours.byte_at(one.seq + one.len));
        }
        for (std::size_t i = 0; i < seen.size(); ++i) {
            const lastack::TcpPacket& packet = seen[i];
            const Segment& segment = wanted[i];
            if (packet.syn != segment.syn || packet.fin != segment.fin || packet.rst != segment.rst ||
                packet.has_ack != segment.has_ack)
                return false;
            // A connection that takes the place of an old one has numbers of its own.
            // A reset for a segment without ACK has number 0, RFC 9293 3.10.7.1.
            const bool numberless = packet.rst && packet.has_ack && packet.seq == 0 && segment.seq == 0;
            if (!packet.syn && !numberless && number(packet.seq, isn_) != ours.byte_at(segment.seq)) return false;
            if (packet.has_ack && !same_ack(packet, segment, theirs, arrived)) return false;
            if (static_cast<int>(packet.payload.size()) != segment.len * block) return false;
        }
        return true;
    }
    // What acknowledges the arriving segment itself, wherever it stood, is counted from it.
    bool same_ack(const lastack::TcpPacket& packet, const Segment& wanted, const lastack::ByteUnits& theirs,
                  const Segment& arrived) const {
        const std::int64_t got = number(packet.ack, tester_isn);
        if (got == theirs.byte_at(wanted.ack)) return true;
        if (wanted.syn) return got == injected_seq_ + 1;
        const int behind = wanted.ack - arrived.seq - arrived.len;
        return behind >= 0 && behind <= 2 && wanted.rst && got == injected_seq_ + injected_length_ + behind;
    }
    bool heard_fin(const EndState& end) const {
        static const std::set<std::string> states{"CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"};
        return states.contains(name(end));
    }

    void take(std::vector<EndState> next) {
        const bool was = heard_fin(end());
        ends_ = std::move(next);
        if (heard_fin(end()) && !was) {
            theirs_.fin_at(theirs_.byte_at(value(end(), "rcv_nxt") - 1));
            theirs_.taken(value(end(), "rcv_nxt"));
        }
        settle_streams();
    }
    void settle_streams() {
        static const std::set<std::string> states{"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT"};
        if (ours_ended_ || !states.contains(state_name())) return;
        ours_ended_ = true;
        ours_.fin_at(ours_.byte_at(value(end(), "snd_nxt") - 1));
        ours_.taken(value(end(), "snd_nxt"));
    }
    // What the application can see without a call; text and nothing look alike.
    std::string look() {
        const std::string seen = target_.observe(handle_);
        return seen == "data" ? "" : seen;
    }
    static void keep(std::vector<EndState>& ends, const EndState& end) {
        if (std::find(ends.begin(), ends.end(), end) == ends.end()) ends.push_back(end);
    }

    void offer(std::string& text, const std::vector<Segment>& sent, const std::string& state,
               const std::string& told) const {
        std::string one;
        for (const Segment& segment : sent) one += lastack::to_string(segment, {}) + ", ";
        one += state + (told.empty() ? "" : " " + told) + "; ";
        if (text.find(one) == std::string::npos) text += one;
    }
    std::string describe(const std::vector<lastack::TcpPacket>& answers, const std::string& state,
                         const std::string& told) const {
        std::string text;
        for (const lastack::TcpPacket& packet : answers) {
            Segment segment;
            segment.syn = packet.syn;
            segment.fin = packet.fin;
            segment.rst = packet.rst;
            segment.has_ack = packet.has_ack;
            segment.len = packet.payload.empty() ? 0 : 1;
            text += lastack::flags_of(segment, {}) +
                    fmt::format(" seq={} ack={}", ours_.unit_at(number(packet.seq, isn_)),
                                packet.has_ack ? theirs_.unit_at(number(packet.ack, tester_isn)) : 0) +
                    ", ";
        }
        return text + state + (told.empty() || told == "data" ? "" : " " + told);
    }
    static std::string fail(const std::string& what, const std::string& kernel, const std::string& profile) {
        return what + ": the kernel: " + kernel + "; the profile: " + profile;
    }

    lastack::Target& target_;
    const lastack::Profile& profile_;
    const lastack::Limits& limits_;
    lastack::Peer peer_;
    lastack::Handle handle_ = -1;
    std::uint32_t isn_ = 0;
    std::int64_t edge_ = 0;  // of the kernel's window, in bytes of our stream
    std::int64_t injected_seq_ = 0, injected_length_ = 0;
    lastack::ByteUnits theirs_{block, 1}, ours_{block, 1};  // the tester's stream, the kernel's
    bool ours_ended_ = false;
    bool lost_ = false;  // another connection has its place
    std::vector<EndState> ends_;
};

// Every set of flags, without text and with one unit, at each place in and around the window, with each acknowledgment
// that the kernel could tell apart from its neighbours.
inline std::vector<Cell> cells_at(const Pair& pair, int window) {
    const int una = pair.value(pair.end(), "snd_una"), nxt = pair.value(pair.end(), "snd_nxt");
    std::set<int> acks{0, una - 1, una, nxt, nxt + 1};
    if (nxt > una + 1) acks.insert(una + 1);
    std::vector<Cell> all;
    for (int flags = 0; flags < 16; ++flags) {
        for (const int len : {0, 1}) {
            for (const int seq : {-1, 0, 1, 2, window - 1, window, window + 1}) {
                for (const int ack : acks) {
                    Cell cell{(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0, len, seq, ack};
                    if (cell.has_ack || ack == 0) all.push_back(cell);
                }
            }
        }
    }
    return all;
}

// "" or how the profile and the kernel differ. What was seen twice is told: a busy machine may be late once.
inline std::string difference(lastack::Target& target, const lastack::Profile& profile, const lastack::Limits& limits,
                              const std::string& scene, const Cell& cell, Probe probe,
                              const std::vector<std::string>& options = {}) {
    std::string wrong;
    for (int attempt = 0; attempt < 3; ++attempt) {
        Pair pair(target, profile, limits, options);
        wrong = pair.play(scene);
        if (!wrong.empty()) continue;
        const Segment segment = pair.segment_of(cell);
        wrong = pair.send(segment, lastack::to_string(segment, {}), probe == Probe::look);
        if (wrong.empty() && probe != Probe::look) wrong = pair.calls_afterwards(probe == Probe::write_first);
        if (wrong.empty()) return "";
    }
    return "after '" + scene + "', " + wrong;
}

}  // namespace cells
