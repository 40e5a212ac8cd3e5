// Frames of the adapter protocol: docs/adapters.md, "Frames" and "Hello".
#include <doctest/doctest.h>

#include <string>

#include "harness/adapter_frames.h"

using namespace lastack;
using namespace std::string_literals;

namespace {

std::string refused(const std::string& bytes) {
    FrameReader reader;
    reader.feed(bytes);
    try {
        reader.next();
    } catch (const AdapterFault& fault) {
        return fault.what();
    }
    return "";
}

std::string hello_refused(const std::string& capabilities, const std::string& version = "\0\1"s) {
    try {
        hello_in(version + capabilities);
    } catch (const AdapterFault& fault) {
        return fault.what();
    }
    return "";
}

const std::string least = "time=virtual\nport=5001\nip4=192.0.2.1\ntester4=198.51.100.1\n";

}  // namespace

TEST_CASE("a frame is its length, its type and its body, in network order") {
    std::string bytes;
    put_frame(bytes, 'T', "\0\0\0\0\0\0\1\0"s);
    CHECK(bytes == "\0\0\0\x09T\0\0\0\0\0\0\1\0"s);
    CHECK(number_in("\0\0\0\0\0\0\1\0"s, 8) == 256);
}

TEST_CASE("frames come whole, however the bytes are cut") {
    std::string bytes;
    put_frame(bytes, 'p', "datagram");
    put_frame(bytes, 'r', "");
    FrameReader reader;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        reader.feed(bytes.substr(i, 1));
        const auto frame = reader.next();
        CHECK(frame.has_value() == (i == 12));  // 4 + 1 + 8 bytes are there
        if (frame) CHECK(*frame == Frame{'p', "datagram"});
    }
    reader.feed(bytes.substr(bytes.size() - 1));
    CHECK(reader.next() == Frame{'r', ""});
    CHECK(!reader.next());
}

TEST_CASE("a length that no frame has, and a type that no adapter sends, are refused before the rest is there") {
    CHECK(refused("\0\0\0\0r"s) == "the adapter sent a frame of 0 bytes; frames have 1 to 70000");
    CHECK(refused("\xff\xff\xff\xffp"s) == "the adapter sent a frame of 4294967295 bytes; frames have 1 to 70000");
    CHECK(refused("\0\0\0\5Zabcd"s) == "the adapter sent a frame of type 'Z', which no adapter sends");
    CHECK(refused("\0\0\0\5\7abcd"s) == "the adapter sent a frame of type 0x07, which no adapter sends");
    CHECK(refused("\0\1\x11\x70p"s).empty());  // 70,000: the longest one
    CHECK(refused("Segm"s).empty());           // not enough to be judged
}

TEST_CASE("a peer is its family, its port and its address") {
    std::string four, six;
    put_peer(four, {4, "198.51.100.7", 2000, 0});
    CHECK(four == "\4\x07\xd0\xc6\x33\x64\x07"s);
    put_peer(six, {6, "2001:db8::1", 2000, 0});
    CHECK(six.size() == 19);
    CHECK_THROWS_AS(put_peer(six, {6, "198.51.100.7", 2000, 0}), std::invalid_argument);
}

TEST_CASE("capabilities are lines; what is not known is passed over") {
    const AdapterHello hello = hello_in(
        "\0\1"s + least + "name=a stack\nfuture=42\nsockets=no\nconnections=7\ncalls=close  send\nstate=yes\n");
    CHECK(hello.version == 1);
    CHECK(hello.name == "a stack");
    CHECK(hello.virtual_time);
    CHECK(hello.ends.iut4 == "192.0.2.1");
    CHECK(hello.ends.iut6.empty());
    CHECK(hello.ends.port == 5001);
    CHECK(hello.abilities.calls == std::set<std::string>{"close", "send"});
    CHECK(hello.abilities.at_once == 7);
    CHECK(hello.abilities.states);
    CHECK(!hello.abilities.begins_closed);
}

TEST_CASE("a HELLO that cannot be relied on is refused with the place of the mistake") {
    CHECK(hello_refused(least).empty());
    CHECK(hello_refused(least, "\0\2"s) == "the adapter speaks version 2 of the protocol; this is version 1");
    CHECK(hello_refused("", "\1"s) == "the adapter's answer to HELLO has no version");
    CHECK(hello_refused(least + "state=maybe\n") == "the adapter's capability state cannot be \"maybe\"");
    CHECK(hello_refused(least + "port=65536\n") == "the adapter's capability port cannot be \"65536\"");
    CHECK(hello_refused(least + "ip6=192.0.2.1\n") == "the adapter's capability ip6 cannot be \"192.0.2.1\"");
    CHECK(hello_refused(least + "hm\n") == "the adapter's answer to HELLO has a line without =: \"hm\"");
    CHECK(hello_refused("port=5001\nip4=192.0.2.1\ntester4=198.51.100.1\n") == "the adapter does not say 'time'");
    CHECK(hello_refused("time=real\nport=1\nip4=192.0.2.1\n") ==
          "the adapter needs ip4 and tester4, or ip6 and tester6, or all of them");
}
