// `lastack judge` as a user runs it: files of each kind, what is wrong with them, exit codes.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command.h"
#include "tests/harness/lossy_path.h"
#include "tests/harness/seen.h"

using command::has;
using command::invoke;
using hand::opened;
using hand::PcapText;
using hand::Sent;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

const std::vector<Sent> plain = opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'B', "FA", 1, 2}, {'A', "A", 2, 2}});
const std::vector<Sent> broken = opened({{'A', "FA", 1, 1}, {'B', "A", 1, 2}, {'A', "RA", 55, 1}});

std::string capture_of(const std::vector<Sent>& all, int ip = 4, std::uint32_t link_type = 101) {
    PcapText text(link_type);
    std::int64_t at_us = 1'700'000'000'000'000;
    for (const Sent& sent : all) text.add(at_us += 1000, hand::datagram_of(sent, ip));
    return text.text();
}

class CaptureFiles {
public:
    std::string add(const std::string& bytes) { return quoted(here_.write(std::to_string(++count_) + ".pcap", bytes)); }

private:
    TemporaryDirectory here_;
    int count_ = 0;
};

// The numbers of the headers in the other byte order.
std::string swapped(std::string text) {
    const auto swap4 = [&](std::size_t at) { std::reverse(text.begin() + at, text.begin() + at + 4); };
    for (std::size_t at = 0; at < 24; at += 4) swap4(at);
    std::reverse(text.begin() + 4, text.begin() + 8);
    std::reverse(text.begin() + 4, text.begin() + 6);
    std::reverse(text.begin() + 6, text.begin() + 8);
    for (std::size_t at = 24; at + 16 <= text.size();) {
        std::uint32_t length = 0;
        std::memcpy(&length, text.data() + at + 8, sizeof length);
        for (int i = 0; i < 4; ++i) swap4(at + 4 * static_cast<std::size_t>(i));
        at += 16 + length;
    }
    return text;
}

// pcapng with one interface: section header, interface description, enhanced packets.
std::string pcapng_of(const std::vector<Sent>& all) {
    std::string text;
    const auto put = [&](std::uint32_t word) { text.append(reinterpret_cast<const char*>(&word), 4); };
    for (const std::uint32_t word : {0x0a0d0d0aU, 28U, 0x1a2b3c4dU, 1U, ~0U, ~0U, 28U}) put(word);
    for (const std::uint32_t word : {1U, 20U, 101U, 0U, 20U}) put(word);
    std::uint32_t at_us = 0;
    for (const Sent& sent : all) {
        auto bytes = hand::datagram_of(sent);
        const auto length = static_cast<std::uint32_t>(bytes.size());
        bytes.resize((bytes.size() + 3) / 4 * 4);
        const auto whole = static_cast<std::uint32_t>(32 + bytes.size());
        for (const std::uint32_t word : {6U, whole, 0U, 0U, at_us += 1000, length, length}) put(word);
        text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        put(whole);
    }
    return text;
}

}  // namespace

TEST_CASE("judge: the exit code says what there was") {
    CaptureFiles files;
    auto outcome = invoke("judge " + files.add(capture_of(plain)));
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "ok      192.0.2.1:40000 > 198.51.100.7:80  A FIN  TIME-WAIT/CLOSED\n"));
    CHECK(has(outcome.out, "1 connection: 1 explained by linux, 0 not\n7 packets, 7 of TCP\n"));
    CHECK(command::too_wide(outcome.out) == "");
    outcome = invoke("judge -v " + files.add(capture_of(broken)));
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "packet 6, from A: RST,ACK seq=55 ack=1 is no behaviour of linux\n"));
    CHECK(has(outcome.out, "no behaviour|"));
    CHECK(command::too_wide(outcome.out) == "");
    CHECK(invoke("judge " + files.add(capture_of({{'A', "FA", 9, 9}, {'A', "FA", 99, 9}}))).code == 21);
    CHECK(invoke("judge " + files.add(capture_of({}))).code == 10);
}

TEST_CASE("judge: both byte orders, pcapng, IPv6 and standard input give the same answer") {
    CaptureFiles files;
    const std::string want = invoke("judge " + files.add(capture_of(plain))).out;
    CHECK(invoke("judge " + files.add(swapped(capture_of(plain)))).out == want);
    CHECK(invoke("judge " + files.add(pcapng_of(plain))).out == want);
    CHECK(lastack::testing::run(quoted(lastack::testing::command_path()) + " judge - <" +
                                files.add(capture_of(plain))) == want);
    const auto six = invoke("judge " + files.add(capture_of(plain, 6)));
    CHECK(six.code == 0);
    CHECK(has(six.out, "ok      [2001:db8::1]:40000 > [2001:db8::7]:80  A FIN  TIME-WAIT/CLOSED\n"));
}

TEST_CASE("judge: a damaged capture is judged up to there, and the place is told") {
    CaptureFiles files;
    std::string text = capture_of(plain);
    auto outcome = invoke("judge " + files.add(text.substr(0, text.size() - 5)));
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "damaged behind packet 6, byte "));
    CHECK(has(outcome.out, "A FIN  TIME-WAIT/LAST-ACK"));
    CHECK(has(outcome.out, "6 packets, 6 of TCP"));
    outcome = invoke("judge --json " + files.add(text.substr(0, text.size() - 5)));
    CHECK(outcome.code == 65);
    CHECK(has(nlohmann::json::parse(outcome.out)["ended"]["problem"].get<std::string>(), "behind packet 6"));
    outcome = invoke("judge " + files.add("no capture at all, but some text"));
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "no capture"));
    CHECK(invoke("judge /nowhere/at.pcap").code == 65);
    outcome = invoke("judge " + files.add(capture_of({}, 4, 105)));
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "IEEE802_11"));
}

TEST_CASE("judge: a profile by name, of a spec, or all of the family") {
    CaptureFiles files;
    const std::string file = files.add(capture_of(plain));
    CHECK(has(invoke("judge --profile rfc9293 " + file).out, "1 explained by rfc9293"));
    CHECK(has(invoke("judge " + file + " " + command::shipped("rfc5961.spec")).out, "1 explained by rfc5961"));
    const auto any = invoke("judge --profile any " + file);
    CHECK(any.code == 0);
    for (const char* name : {"linux", "rfc9293", "rfc793", "lwip"}) CHECK(has(any.out, name));
    CHECK(command::too_wide(any.out) == "");
    CHECK(invoke("judge --profile nonsense " + file).code == 65);
    const auto foreign = invoke("judge " + file + " " + quoted(lastack::testing::source_dir() + "/examples/sctp.spec"));
    CHECK(foreign.code == 65);
}

TEST_CASE("judge: JSON has what the lines have, and how it came") {
    CaptureFiles files;
    const auto outcome = invoke("judge --json --profile any " + files.add(capture_of(broken)));
    CHECK(outcome.code == 20);
    const auto report = nlohmann::json::parse(outcome.out);
    const auto& one = report["connections"].at(0);
    CHECK(one["A"] == "192.0.2.1:40000");
    CHECK(one["closed_first"] == "A");
    CHECK(one["verdict"] == "WRONG");
    CHECK(one["profiles"].size() >= 8);
    CHECK(one["profiles"][0]["A"]["no_behaviour"]["packet"] == 6);
    CHECK(one["profiles"][0]["B"]["explained"] == true);
    CHECK(report["tally"]["unexplained"] == 1);
}
