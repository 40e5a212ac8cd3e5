// The target behind an adapter: any stack that speaks the protocol of docs/adapters.md.
//
// Idea: requests are put into one buffer and their answers come in the same order, so one message may ask for many
// things. In virtual time nothing is sent before an answer is needed: packets, calls and looks of a thousand
// conversations share a round trip of some ten microseconds. What was looked at stays known until its connection is
// touched or the clock moves. In real time everything is sent at once, and nothing stays known.
// Cost: a hash look-up for what is sent to or asked of a connection.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "harness/adapter_link.h"
#include "harness/targets.h"

namespace lastack {
namespace {

std::string key_of(const Peer& peer) {
    std::string key;
    put_peer(key, peer);
    return key;
}

// The same, of whoever has sent the datagram, which is one of ours: no IP options.
std::string sender_of(const std::vector<std::uint8_t>& datagram) {
    const bool six = !datagram.empty() && datagram[0] >> 4U == 6;
    const std::size_t address = six ? 8 : 12, length = six ? 16 : 4, port = six ? 40 : 20;
    if (datagram.size() < port + 2) return "";
    std::string key(1, six ? '\6' : '\4');
    key.append({static_cast<char>(datagram[port]), static_cast<char>(datagram[port + 1])});
    for (std::size_t i = 0; i < length; ++i) key += static_cast<char>(datagram[address + i]);
    return key;
}

// A word that an adapter says: no more than people can read.
std::string checked_word(const std::string& word, const char* of) {
    constexpr std::size_t longest = 64;
    const auto odd = [](char c) { return c < ' ' || c > '~'; };
    if (word.size() > longest || std::any_of(word.begin(), word.end(), odd))
        throw AdapterFault(fmt::format("the adapter's {} is no word: {:?}", of, word.substr(0, longest)));
    return word;
}

class AdapterTarget final : public Target {
public:
    AdapterTarget(const AdapterPlace& place, const AdapterPatience& patience) : place_(place), patience_(patience) {
        begin();
    }

    std::string name() const override { return place_.kind == AdapterPlace::Kind::exec ? "exec" : "unix"; }
    std::string description() const override {
        return fmt::format("{}, by an adapter in {} time ({}:{})", hello_.name,
                           hello_.virtual_time ? "virtual" : "real", name(), place_.what);
    }
    Endpoints endpoints() const override { return hello_.ends; }
    Abilities abilities() const override { return hello_.abilities; }
    bool virtual_time() const override { return hello_.virtual_time; }
    bool batches() const override { return hello_.virtual_time; }
    std::int64_t now_us() override { return hello_.virtual_time ? earlier_ + now_ : monotonic_us() - start_us_; }
    std::vector<std::string> configure(const Setup& setup) override;
    void restart() override;

    void inject(const std::vector<std::uint8_t>& packet) override;
    std::vector<Packet> wait(std::int64_t until_us) override;
    std::optional<Handle> accept(const Peer& peer) override;
    FreshSocket fresh_socket(const Peer& peer) override;
    std::optional<FreshSocket> own_listener(const Peer& peer, bool matters) override;
    std::string call(Handle handle, const std::string& call_name, int bytes) override {
        begin_call(handle, call_name, bytes);
        return end_call(handle);
    }
    std::string observe(Handle handle) override;
    std::optional<std::string> state(const Peer& peer) override;
    void discard(Handle handle, const Peer& peer) override;

    void begin_call(Handle handle, const std::string& call_name, int bytes) override;
    std::string end_call(Handle handle) override;
    void foresee_accept(const Peer& peer) override;
    void foresee(Handle handle) override;

private:
    // What is known of a connection; the state and what the application sees only as long as both stay as they are.
    struct Connection {
        std::string peer;
        std::optional<std::string> state, seen, result;
        bool accepted = false;
        bool listened = false;     // has taken the place of a listener of its own
        std::uint64_t looked = 0;  // the clock's turn in which it was
        void touch() {
            state.reset();
            seen.reset();
        }
    };

    void begin();
    void ask(char type, std::string_view body, Handle handle = -1);
    void ask_named(char type, Handle handle, std::string body = "");
    void settle();
    void take(const Frame& frame);
    void take_answer(const Frame& frame);
    void take_clock(std::uint64_t time);
    void look(Handle handle);
    std::vector<Packet> wait_virtually(std::int64_t until_us);
    std::vector<Packet> wait_really(std::int64_t until_us);
    void sync();

    const AdapterPlace place_;
    const AdapterPatience patience_;
    std::unique_ptr<AdapterLink> link_;
    AdapterHello hello_;
    const std::int64_t start_us_ = monotonic_us();
    std::int64_t earlier_ = 0;  // how long those before it had run
    std::int64_t now_ = 0;      // on the adapter's clock
    std::int64_t allowed_ = 0;  // the time that it may become
    std::uint64_t turn_ = 1;    // each time that the clock has moved
    bool unsynced_ = false;     // something was sent that no answer has followed
    std::deque<std::pair<char, Handle>> awaited_;
    std::string answer_;  // the last one that is nobody's
    std::vector<Packet> packets_;
    std::size_t timed_ = 0;  // of these, so many have their time
    std::unordered_map<Handle, Connection> connections_;
    std::unordered_map<std::string, Handle> by_peer_;
    Handle next_handle_ = 0;
};

// ---- the line

void AdapterTarget::begin() {
    link_ = std::make_unique<AdapterLink>(place_, patience_);
    awaited_.clear();
    packets_.clear();
    timed_ = 0;
    earlier_ += std::exchange(now_, 0);
    allowed_ = 0;
    ++turn_;
    std::string versions;
    put_number(versions, adapter_protocol, 2);
    put_number(versions, adapter_protocol, 2);
    ask('H', versions);
    settle();
    hello_ = hello_in(answer_);
}

void AdapterTarget::restart() {
    connections_.clear();
    by_peer_.clear();
    link_.reset();
    begin();
}

void AdapterTarget::ask(char type, std::string_view body, Handle handle) {
    link_->put(type, body);
    awaited_.emplace_back(type, handle);
}

void AdapterTarget::ask_named(char type, Handle handle, std::string body) {
    std::string whole;
    put_number(whole, static_cast<std::uint64_t>(handle), 4);
    ask(type, whole += body, handle);
}

// Until everything that was asked is answered.
void AdapterTarget::settle() {
    while (!awaited_.empty()) take(link_->next());
    unsynced_ = false;
}

// Until everything that was sent has had its effect.
void AdapterTarget::sync() {
    if (!unsynced_ && awaited_.empty()) return;
    std::string time;
    put_number(time, static_cast<std::uint64_t>(now_), 8);
    ask('T', time);
    settle();
}

void AdapterTarget::take(const Frame& frame) {
    if (frame.type == 'p') {
        packets_.push_back({now_us(), {frame.body.begin(), frame.body.end()}});
        return;
    }
    if (frame.type == 'x') throw AdapterFault(fmt::format("the adapter says: {:?}", frame.body.substr(0, 200)));
    if (awaited_.empty())
        throw AdapterFault(fmt::format("the adapter answers '{}' where nothing was asked", frame.type));
    const char asked = awaited_.front().first;
    if (frame.type != asked - 'A' + 'a')
        throw AdapterFault(fmt::format("the adapter answered '{}' by '{}'", asked, frame.type));
    take_answer(frame);
    awaited_.pop_front();
}

void AdapterTarget::take_answer(const Frame& frame) {
    const Handle handle = awaited_.front().second;
    const auto found = connections_.find(handle);
    if (frame.type == 't') {
        if (frame.body.size() != 8) throw AdapterFault("the adapter's answer to CLOCK is no time");
        return take_clock(number_in(frame.body, 8));
    }
    if (found == connections_.end()) {
        answer_ = frame.body;
        return;
    }
    Connection& one = found->second;
    switch (frame.type) {
        case 'a': one.accepted = frame.body == "\1"; break;
        case 'c': one.result = checked_word(frame.body, "result"); return;
        case 'e': one.seen = checked_word(frame.body, "observation"); break;
        case 'q': one.state = checked_word(frame.body, "state"); break;
        default: answer_ = frame.body; return;
    }
    one.looked = turn_;
}

// Packets that came while the clock moved came at the instant at which it stopped for them.
void AdapterTarget::take_clock(std::uint64_t time) {
    if (!hello_.virtual_time) return;
    if (time < static_cast<std::uint64_t>(now_) || time > static_cast<std::uint64_t>(allowed_))
        throw AdapterFault(
            fmt::format("the adapter's clock is at {} us; it was at {} and may be at {}", time, now_, allowed_));
    if (time > static_cast<std::uint64_t>(now_)) ++turn_;
    now_ = static_cast<std::int64_t>(time);
    for (; timed_ < packets_.size(); ++timed_) packets_[timed_].at_us = now_us();
}

// ---- setup

std::vector<std::string> AdapterTarget::configure(const Setup& setup) {
    std::vector<std::string> refused;
    for (const std::string& limit : setup.unproduced)
        refused.push_back(fmt::format("its system gives the limit '{}' a value that no settings make", limit));
    if (!refused.empty()) return refused;
    connections_.clear();
    by_peer_.clear();
    ask('R', "");
    settle();
    for (const auto& [name, value] : setup.settings) {
        if (value.empty()) continue;
        ask('S', name + "=" + value);
        settle();
        if (!answer_.empty())
            refused.push_back(fmt::format("{} = {}: {}", name, value, checked_word(answer_, "reason")));
    }
    packets_.clear();
    timed_ = 0;
    return refused;
}

// ---- packets and time

void AdapterTarget::inject(const std::vector<std::uint8_t>& packet) {
    link_->put('P', {reinterpret_cast<const char*>(packet.data()), packet.size()});
    unsynced_ = true;
    if (const auto found = by_peer_.find(sender_of(packet)); found != by_peer_.end())
        connections_.at(found->second).touch();
    if (!hello_.virtual_time) sync();
}

std::vector<Packet> AdapterTarget::wait(std::int64_t until_us) {
    return hello_.virtual_time ? wait_virtually(until_us) : wait_really(until_us);
}

// The clock stands still while something is there to be read.
std::vector<Packet> AdapterTarget::wait_virtually(std::int64_t until_us) {
    sync();
    const std::int64_t until = until_us - earlier_;
    while (packets_.empty() && until > now_) {
        const std::int64_t before = now_;
        allowed_ = until;
        std::string time;
        put_number(time, static_cast<std::uint64_t>(until), 8);
        ask('T', time);
        settle();
        if (now_ == before && packets_.empty())
            throw AdapterFault(
                fmt::format("the adapter's clock stays at {} us where it should become {}", now_, until));
    }
    allowed_ = now_;
    timed_ = 0;
    return std::exchange(packets_, {});
}

std::vector<Packet> AdapterTarget::wait_really(std::int64_t until_us) {
    sync();
    while (auto frame = link_->next_until(monotonic_us())) take(*frame);
    if (packets_.empty()) {
        if (auto frame = link_->next_until(start_us_ + until_us)) take(*frame);
    }
    return std::exchange(packets_, {});
}

// ---- the application

void AdapterTarget::foresee_accept(const Peer& peer) {
    std::string body = key_of(peer);
    const auto [at, fresh] = by_peer_.try_emplace(body, next_handle_);
    if (fresh) connections_[next_handle_++].peer = body;
    if (connections_.at(at->second).listened) return ask_named('Q', at->second);
    ask_named('A', at->second, std::move(body));
}

std::optional<Handle> AdapterTarget::accept(const Peer& peer) {
    const auto found = by_peer_.find(key_of(peer));
    if (found == by_peer_.end() || connections_.at(found->second).looked != turn_) {
        foresee_accept(peer);
        settle();
    }
    const Handle handle = by_peer_.at(key_of(peer));
    Connection& one = connections_.at(handle);
    if (one.listened && one.state && *one.state != "LISTEN" && *one.state != "SYN_RCVD") one.accepted = true;
    if (one.accepted) return handle;
    one.looked = 0;  // the next time it is asked again
    return std::nullopt;
}

FreshSocket AdapterTarget::fresh_socket(const Peer& peer) {
    const Handle handle = next_handle_++;
    std::string body = key_of(peer);
    by_peer_[body] = handle;
    connections_[handle].peer = body;
    ask_named('O', handle, std::move(body));
    settle();
    const std::uint64_t port = answer_.size() == 2 ? number_in(answer_, 2) : 0;
    if (port == 0) throw std::runtime_error("the adapter made no socket");
    return {handle, static_cast<std::uint16_t>(port)};
}

// Two more questions, each of them waited for: only where it matters, and where there is the call and the state.
std::optional<FreshSocket> AdapterTarget::own_listener(const Peer& peer, bool matters) {
    const Abilities& able = hello_.abilities;
    const bool can = able.begins_closed && able.states && (!able.calls || able.calls->contains("listen"));
    if (!matters || !can) return std::nullopt;
    const FreshSocket fresh = fresh_socket(peer);
    connections_[fresh.handle].listened = true;
    if (const std::string result = call(fresh.handle, "listen", 0); result != "ok")
        throw std::runtime_error("the adapter's call listen returns " + result);
    return fresh;
}

void AdapterTarget::begin_call(Handle handle, const std::string& call_name, int bytes) {
    std::string body;
    put_number(body, static_cast<std::uint64_t>(bytes), 4);
    ask_named('C', handle, body + call_name);
    connections_[handle].touch();
    unsynced_ = true;
}

std::string AdapterTarget::end_call(Handle handle) {
    Connection& one = connections_[handle];
    if (!one.result) settle();
    return std::exchange(one.result, std::nullopt).value_or("");
}

void AdapterTarget::foresee(Handle handle) {
    if (hello_.abilities.states) ask_named('Q', handle);
    if (hello_.abilities.signals) ask_named('E', handle);
}

void AdapterTarget::look(Handle handle) {
    Connection& one = connections_[handle];
    if (hello_.virtual_time && one.looked == turn_ && (one.state || one.seen)) return;
    foresee(handle);
    settle();
}

std::string AdapterTarget::observe(Handle handle) {
    look(handle);
    return connections_[handle].seen.value_or("");
}

std::optional<std::string> AdapterTarget::state(const Peer& peer) {
    const auto found = by_peer_.find(key_of(peer));
    if (found == by_peer_.end() || !hello_.abilities.states) return std::nullopt;
    look(found->second);
    return connections_[found->second].state;
}

void AdapterTarget::discard(Handle handle, const Peer& peer) {
    by_peer_.erase(key_of(peer));
    if (handle < 0) return;
    connections_.erase(handle);
    std::string body;
    put_number(body, static_cast<std::uint64_t>(handle), 4);
    link_->put('F', body);
    unsynced_ = true;
}

}  // namespace

std::unique_ptr<Target> make_adapter_target(const AdapterPlace& place, const AdapterPatience& patience) {
    return std::make_unique<AdapterTarget>(place, patience);
}

}  // namespace lastack
