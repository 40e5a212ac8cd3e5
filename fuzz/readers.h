// Everything that reads what others wrote, one function each: it takes any bytes at all and returns, however they are,
// where the reader accepts them or refuses them as its header says. A crash, another exception, or an answer that
// contradicts another one of the same code is a finding.
//
// libFuzzer calls them without end (`./dev fuzz NAME`); the tests call them with the corpus and with a fixed number of
// mutations of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lastack::fuzz {

// What a reader says of itself that is not so; what() says where.
[[noreturn]] void contradiction(const std::string& what);

// The text of a spec. Each mistake has its place inside of a text.
void read_spec_text(std::string_view bytes);

// A vector file. What was accepted is written, read again, and equal.
void read_vector_file(std::string_view bytes);

// A trace of the system `pair` of fuzz/small_close.spec. What was accepted is written, read again, and equal; it is
// walked, and what a walk makes of it can be read, too.
void read_trace_file(std::string_view bytes);

// A script for `lastack step` on the same system; files are kept in memory. At the end the walk is saved, and loading
// it leads to the same place.
void read_step_script(std::string_view bytes);

// A datagram, as it is and with its checksums made right. What was decoded is encoded, decoded again, and equal.
void read_datagram(std::string_view bytes);

// What an adapter sends, as one message and byte by byte: the same frames, which are written as they were read; a HELLO
// among them is looked into.
void read_adapter_frames(std::string_view bytes);

// Frames of a capture, of any link layer: none says more than it holds, and no connection keeps more than it may.
void read_captured_frames(std::string_view bytes);

struct Reader {
    std::string name;  // of its corpus below fuzz/corpus/ and of its dictionary in fuzz/dictionaries/
    void (*read)(std::string_view bytes) = nullptr;
};

// All of them, by name.
const std::vector<Reader>& readers();

}  // namespace lastack::fuzz
