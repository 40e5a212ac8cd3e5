#include "harness/adapter_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "generators/wire.h"
#include "harness/targets.h"

namespace lastack {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t answer_us = 200'000;         // in which what is due at once is there in real time
constexpr std::int64_t repeat_us = 10 * second_us;  // in which a segment that nobody acknowledges is sent again
constexpr int many = 40;
const std::vector<std::string> states_of_tcp = {"CLOSED",      "LISTEN",     "SYN_SENT",   "SYN_RCVD",
                                                "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                                "CLOSING",     "LAST_ACK",   "TIME_WAIT"};
const std::set<std::string> results = {"ok",      "eof",  "would_block",   "reset",  "timeout",
                                       "refused", "pipe", "not_connected", "closing"};

// What a step found wrong; what() says what came.
class Wrong : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

std::string shown(const TcpPacket& packet) {
    std::string flags;
    for (const auto& [is, name] :
         {std::pair{packet.syn, "SYN"}, {packet.fin, "FIN"}, {packet.rst, "RST"}, {packet.has_ack, "ACK"}})
        if (is) flags += (flags.empty() ? "" : ",") + std::string(name);
    return fmt::format("{} seq={} ack={} len={}", flags.empty() ? "no flag" : flags, packet.seq, packet.ack,
                       packet.payload.size());
}

// The tester's end of one connection.
class Line {
public:
    Line(Target& target, int ip) : target_(target), peer_(target.fresh_peer(ip)) {
        const Endpoints ends = target.endpoints();
        shape_.ip = ip;
        shape_.source = peer_.address;
        shape_.destination = ip == 6 ? ends.iut6 : ends.iut4;
        shape_.source_port = peer_.port;
        shape_.destination_port = ends.port;
        shape_.window = 65'535;
        shape_.seq = 0xfffffff0;  // wraps in the first text
    }

    TcpPacket packet() const {
        TcpPacket made = shape_;
        made.has_ack = true;
        return made;
    }
    TcpPacket syn() const {
        TcpPacket made = shape_;
        made.syn = true;
        made.options = syn_options(1400, {});
        return made;
    }
    // Sends it; SYN, FIN and text count.
    void send(const TcpPacket& sent) {
        target_.inject(encode(sent));
        shape_.seq += static_cast<std::uint32_t>(sent.payload.size()) + sent.syn + sent.fin;
    }
    // All that comes for this connection within the time; what cannot be decoded is wrong.
    std::vector<TcpPacket> read(std::int64_t for_us) {
        std::vector<TcpPacket> came;
        const std::int64_t until = target_.now_us() + for_us;
        do {
            for (const Packet& one : target_.wait(until)) {
                const auto decoded = decode(one.bytes);
                if (!decoded)
                    throw Wrong(fmt::format("a packet of {} bytes that is no TCP segment with right lengths "
                                            "and checksums came",
                                            one.bytes.size()));
                if (decoded->destination == peer_.address && decoded->destination_port == peer_.port)
                    came.push_back(*decoded);
            }
        } while (came.empty() && target_.now_us() < until);
        return came;
    }
    // The first segment, which must be like this; its text and FIN are taken as read.
    TcpPacket expect(const std::function<bool(const TcpPacket&)>& fits, std::int64_t for_us = answer_us) {
        const std::vector<TcpPacket> came = read(for_us);
        if (came.empty()) throw Wrong("nothing came");
        if (!fits(came.front())) throw Wrong(shown(came.front()) + " came");
        const TcpPacket& first = came.front();
        shape_.ack = first.seq + static_cast<std::uint32_t>(first.payload.size()) + first.syn + first.fin;
        return first;
    }
    void take_syn_ack() {
        expect([this](const TcpPacket& one) {
            return one.syn && one.has_ack && !one.rst && one.ack == shape_.seq && one.source == shape_.destination &&
                   one.source_port == shape_.destination_port;
        });
    }
    // The handshake, and the application's end of it.
    void open() {
        send(syn());
        take_syn_ack();
        send(packet());
        accept();
    }
    void accept() {
        const std::int64_t until = target_.now_us() + second_us;
        std::optional<Handle> got;
        while (!(got = target_.accept(peer_)) && target_.now_us() < until) read(1'000);
        if (!got) throw Wrong("ACCEPT found nothing after the handshake");
        handle_ = *got;
    }
    void make_socket() {
        const FreshSocket fresh = target_.fresh_socket(peer_);
        handle_ = fresh.handle;
        shape_.destination_port = peer_.iut_port = fresh.port;
    }
    void call(const std::string& name, const std::string& expected, int bytes = 0) {
        const std::string got = target_.call(handle_, name, bytes);
        if (got != expected) throw Wrong(fmt::format("{} returned {:?}", name, got));
    }
    std::string call_any(const std::string& name) { return target_.call(handle_, name, 0); }
    // Where states can be read; in real time they may lag.
    void in_state(const std::string& expected) {
        if (!target_.abilities().states) return;
        const std::int64_t until = target_.now_us() + answer_us;
        std::string got;
        do got = target_.state(peer_).value_or("nothing");
        while (got != expected && !target_.virtual_time() && target_.now_us() < until);
        if (got != expected) throw Wrong(fmt::format("the state is {:?}, not {}", got, expected));
    }
    void sees(const std::string& expected) {
        if (!target_.abilities().signals) return;
        const std::string got = target_.observe(handle_);
        if (got != expected) throw Wrong(fmt::format("the application sees {:?}, not {:?}", got, expected));
    }
    void forget() { target_.discard(handle_, peer_); }
    // From the tester's side as if nothing had been.
    void begin_anew() { shape_.ack = 0; }
    TcpPacket& shape() { return shape_; }
    const Peer& peer() const { return peer_; }

private:
    Target& target_;
    Peer peer_;
    TcpPacket shape_;
    Handle handle_ = -1;
};

bool is_fin(const TcpPacket& one) { return one.fin && one.has_ack && !one.rst; }
bool is_reset(const TcpPacket& one) { return one.rst; }
bool is_ack(const TcpPacket& one) { return one.has_ack && !one.rst && !one.syn && !one.fin; }
bool is_text(const TcpPacket& one) { return is_ack(one) && one.payload.size() == 10; }

TcpPacket with_text(TcpPacket one) {
    one.payload.assign(10, 'a');
    one.psh = true;
    return one;
}

TcpPacket with_fin(TcpPacket one) {
    one.fin = true;
    return one;
}

struct Trial {
    AdapterStep step;
    std::vector<std::string> needs;                      // names of steps
    std::function<std::string(const Abilities&)> lacks;  // may be empty
    std::function<void(Target&, int ip)> run;
};

std::string no_call(const Abilities& abilities, const std::string& name) {
    return abilities.calls && !abilities.calls->contains(name) ? "no call " + name : "";
}

std::function<std::string(const Abilities&)> wants(const std::string& call) {
    return [call](const Abilities& abilities) { return no_call(abilities, call); };
}

std::string wants_sockets(const Abilities& abilities) {
    return abilities.begins_closed ? "" : "no sockets that no call has opened";
}

std::string wants_state(const Abilities& abilities) { return abilities.states ? "" : "no state"; }

// ---- the steps; each throws what it finds wrong

void try_clock(Target& target, int) {
    const std::int64_t before = target.now_us();
    target.wait(before + second_us / 10);
    if (target.now_us() < before + second_us / 10) throw Wrong("after 0.1 s it is not 0.1 s later");
}

void try_setting(Target& target, int) {
    Setup setup;
    setup.settings = {{"no_such_setting", "1"}};
    if (target.configure(setup).empty()) throw Wrong("a setting that does not exist was taken");
    if (!target.configure({}).empty()) throw Wrong("no settings were refused");
}

void try_syn(Target& target, int ip) {
    Line line(target, ip);
    line.send(line.syn());
    line.take_syn_ack();
}

void try_bad_checksum(Target& target, int ip) {
    Line line(target, ip);
    std::vector<std::uint8_t> spoilt = encode(line.syn());
    spoilt[spoilt.size() - 1] ^= 0x55;
    target.inject(spoilt);
    if (const auto came = line.read(answer_us); !came.empty()) throw Wrong(shown(came.front()) + " came");
}

void try_accept(Target& target, int ip) {
    Line line(target, ip);
    line.send(line.syn());
    line.take_syn_ack();
    if (target.accept(line.peer())) throw Wrong("ACCEPT found a connection before the ACK of the SYN,ACK");
    line.send(line.packet());
    line.accept();
    line.in_state("ESTABLISHED");
    line.sees("");
}

void try_recv(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("recv", "would_block", 10);
    line.send(with_text(line.packet()));
    line.read(answer_us);
    line.sees("data");
    line.call("recv", "ok", 10);
    line.sees("");
    line.call("recv", "would_block", 10);
}

void try_send(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("send", "ok", 10);
    line.expect(is_text);
}

void try_repeat(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("send", "ok", 10);
    line.expect(is_text);
    const std::int64_t before = target.now_us();
    line.expect(is_text, repeat_us);
    if (target.now_us() - before < second_us / 100) throw Wrong("it came again at once");
}

void try_close(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("close", "ok");
    line.expect(is_fin);
    line.in_state("FIN_WAIT_1");
    line.send(line.packet());
    line.read(answer_us);
    line.in_state("FIN_WAIT_2");
    line.send(with_fin(line.packet()));
    line.expect(is_ack);
    line.in_state("TIME_WAIT");
}

void try_peer_closes(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.send(with_fin(line.packet()));
    line.read(answer_us);
    line.in_state("CLOSE_WAIT");
    line.sees("eof");
    line.call("recv", "eof", 10);
    line.call("close", "ok");
    line.expect(is_fin);
    line.in_state("LAST_ACK");
    line.send(line.packet());
    line.read(answer_us);
    line.in_state("CLOSED");
}

void try_reset_by_peer(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    TcpPacket reset = line.packet();
    reset.rst = true;
    line.send(reset);
    line.read(answer_us);
    line.in_state("CLOSED");
    line.sees("reset");
    const std::string got = line.call_any("recv");
    if (got != "reset") throw Wrong(fmt::format("recv returned {:?}", got));
}

void try_half_close(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("shutdown_wr", "ok");
    line.expect(is_fin);
    line.send(line.packet());
    line.read(answer_us);
    line.send(with_text(line.packet()));
    line.read(answer_us);
    line.call("recv", "ok", 10);
    line.in_state("FIN_WAIT_2");
}

void try_abort(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("abort", "ok");
    line.expect(is_reset);
    line.in_state("CLOSED");
}

void try_words(Target& target, int ip) {
    const Abilities abilities = target.abilities();
    for (const std::string& name : *abilities.calls) {
        if (name == "open" || name == "listen") continue;
        Line line(target, ip);
        line.open();
        const std::string got = line.call_any(name);
        const bool errno_word = got.starts_with("errno ") && got != "errno ENOSYS";
        if (!results.contains(got) && !errno_word) throw Wrong(fmt::format("{} returned {:?}", name, got));
    }
}

void try_state_words(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    const std::string got = target.state(line.peer()).value_or("");
    if (std::find(states_of_tcp.begin(), states_of_tcp.end(), got) == states_of_tcp.end())
        throw Wrong(fmt::format("the state is {:?}", got));
}

void open_again(Line& line) {
    line.begin_anew();
    line.send(line.syn());
    line.take_syn_ack();
}

void try_forget(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    line.call("close", "ok");
    line.expect(is_fin);
    line.send(line.packet());
    line.send(with_fin(line.packet()));
    line.read(answer_us);
    line.forget();
    target.wait(target.now_us());
    open_again(line);
}

void try_reset(Target& target, int ip) {
    Line line(target, ip);
    line.open();
    target.configure({});
    open_again(line);
}

void try_open(Target& target, int ip) {
    Line line(target, ip);
    line.make_socket();
    line.call("open", "ok");
    line.expect([](const TcpPacket& one) { return one.syn && !one.has_ack && !one.rst; });
    line.in_state("SYN_SENT");
    TcpPacket answer = line.packet();
    answer.syn = true;
    answer.options = syn_options(1400, {});
    line.send(answer);
    line.expect(is_ack);
    line.in_state("ESTABLISHED");
}

void try_listen(Target& target, int ip) {
    Line line(target, ip);
    line.make_socket();
    line.in_state("CLOSED");
    line.call("listen", "ok");
    line.in_state("LISTEN");
    line.send(line.syn());
    line.take_syn_ack();
    line.send(line.packet());
    line.read(answer_us);
    line.in_state("ESTABLISHED");
    line.call("close", "ok");
    line.expect(is_fin);
}

void try_many(Target& target, int ip) {
    const int at_once = target.abilities().at_once;
    std::vector<Line> lines;
    for (int i = 0; i < (at_once > 0 ? std::min(many, at_once) : many); ++i) lines.emplace_back(target, ip);
    for (Line& line : lines) line.send(line.syn());
    std::set<std::uint16_t> answered;
    const std::int64_t until = target.now_us() + second_us;
    while (answered.size() < lines.size() && target.now_us() < until)
        for (const Packet& one : target.wait(until))
            if (const auto decoded = decode(one.bytes); decoded && decoded->syn)
                answered.insert(decoded->destination_port);
    if (answered.size() < lines.size())
        throw Wrong(fmt::format("{} of {} SYNs in one message were answered", answered.size(), lines.size()));
}

std::vector<Trial> trials() {
    const auto step = [](const char* name, const char* expected, const char* section) {
        return AdapterStep{name, expected, section, AdapterStep::Outcome::not_tried, ""};
    };
    return {
        {step("clock", "the clock goes as far as it is told, and not back", "the-clock"), {}, {}, try_clock},
        {step("setting", "a setting that does not exist is refused with a reason", "settings"), {}, {}, try_setting},
        {step("syn", "a SYN is answered by SYN,ACK", "packets"), {}, {}, try_syn},
        {step("checksum", "a SYN with a wrong checksum is not answered", "packets"), {"syn"}, {}, try_bad_checksum},
        {step("accept", "the application gets the connection once the handshake is over, not before", "connections"),
         {"syn"},
         {},
         try_accept},
        {step("many", "all SYNs of one message are answered", "packets"), {"syn"}, {}, try_many},
        {step("state", "the state has a name of RFC 9293, with underscores", "states"),
         {"accept"},
         wants_state,
         try_state_words},
        {step("send", "the call send sends a segment of text", "calls"), {"accept"}, wants("send"), try_send},
        {step("again", "what nobody acknowledges is sent again when its time has come", "the-clock"),
         {"send"},
         {},
         try_repeat},
        {step("recv", "the call recv reads text, and returns would_block where there is none", "calls"),
         {"accept"},
         wants("recv"),
         try_recv},
        {step("close", "the call close sends a FIN, and the states follow", "calls"),
         {"accept"},
         wants("close"),
         try_close},
        {step("peer-closes", "a FIN is shown to the application as the end of the stream", "calls"),
         {"close", "recv"},
         {},
         try_peer_closes},
        {step("peer-resets", "a reset is shown to the application, and told by its next call", "calls"),
         {"recv"},
         {},
         try_reset_by_peer},
        {step("half-close", "after shutdown_wr the application still reads", "calls"),
         {"recv"},
         wants("shutdown_wr"),
         try_half_close},
        {step("abort", "the call abort sends a reset", "calls"), {"accept"}, wants("abort"), try_abort},
        {step("words", "every call that is declared returns a word of the protocol", "calls"),
         {"accept"},
         [](const Abilities& abilities) { return abilities.calls ? "" : std::string("no list of calls"); },
         try_words},
        {step("open", "a socket connects", "sockets"), {"syn"}, wants_sockets, try_open},
        {step("listen", "a socket listens, and the connection takes its place", "sockets"),
         {"close"},
         wants_sockets,
         try_listen},
        {step("forget", "after FORGET the same ports may be used again", "connections"), {"close"}, {}, try_forget},
        {step("reset", "after RESET there is no connection", "connections"), {"accept"}, {}, try_reset}};
}

// What comes before there is a target: the line, HELLO, the capabilities.
AdapterStep first_step() {
    return {"hello", "the adapter starts and answers HELLO with its version and capabilities", "hello",
            AdapterStep::Outcome::right, ""};
}

class Check {
public:
    Check(const AdapterPlace& place, const AdapterPatience& patience) : place_(place), patience_(patience) {}

    std::vector<AdapterStep> run() {
        AdapterStep hello = first_step();
        try {
            target_ = make_adapter_target(place_, patience_);
        } catch (const std::runtime_error& problem) {
            hello.outcome = AdapterStep::Outcome::wrong;
            hello.came = problem.what();
        }
        steps_.push_back(hello);
        std::vector<Trial> all = trials();
        for (Trial& one : all) run_one(one, "");
        if (target_ && !target_->endpoints().iut6.empty() && !target_->endpoints().iut4.empty())
            for (Trial& one : all)
                if (one.step.section == "packets" || one.step.name == "accept" || one.step.name == "close")
                    run_one(one, "-ipv6");
        return std::move(steps_);
    }

private:
    void run_one(const Trial& trial, const std::string& suffix) {
        AdapterStep step = trial.step;
        for (const std::string& needed : trial.needs)
            if (const AdapterStep* wrong = not_right(needed + suffix, needed)) step.came = "needs " + wrong->name;
        if (!target_) step.came = "needs hello";
        step.name += suffix;
        if (!step.came.empty()) return steps_.push_back(step);
        const std::string lacks = trial.lacks ? trial.lacks(target_->abilities()) : "";
        step.outcome = lacks.empty() ? AdapterStep::Outcome::right : AdapterStep::Outcome::lacking;
        step.came = lacks;
        if (lacks.empty()) {
            try {
                target_->configure({});
                const bool four = suffix.empty() && !target_->endpoints().iut4.empty();
                trial.run(*target_, four ? 4 : 6);
            } catch (const TargetLost& loss) {
                step.outcome = AdapterStep::Outcome::wrong;
                step.came = loss.what();
                revive();
            } catch (const std::exception& problem) {
                step.outcome = AdapterStep::Outcome::wrong;
                step.came = problem.what();
            }
        }
        steps_.push_back(step);
    }

    const AdapterStep* not_right(const std::string& name, const std::string& otherwise) const {
        const auto find = [&](const std::string& wanted) {
            return std::find_if(steps_.begin(), steps_.end(),
                                [&](const AdapterStep& one) { return one.name == wanted; });
        };
        const auto found = find(name) != steps_.end() ? find(name) : find(otherwise);
        return found != steps_.end() && found->outcome != AdapterStep::Outcome::right ? &*found : nullptr;
    }

    void revive() {
        try {
            target_->restart();
        } catch (const std::runtime_error&) {
            target_.reset();
        }
    }

    const AdapterPlace& place_;
    const AdapterPatience& patience_;
    std::unique_ptr<Target> target_;
    std::vector<AdapterStep> steps_;
};

}  // namespace

std::vector<AdapterStep> check_adapter(const AdapterPlace& place, const AdapterPatience& patience) {
    return Check(place, patience).run();
}

}  // namespace lastack
