#include "harness/adapter_frames.h"
#include "fuzz/readers.h"

namespace lastack::fuzz {

namespace {

// The frames until the first that is none, and what was said of that one.
struct Read {
    std::vector<Frame> frames;
    std::string refused;
    bool operator==(const Read&) const = default;
};

Read read_in_pieces(std::string_view bytes, std::size_t piece) {
    Read read;
    FrameReader reader;
    try {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            reader.feed(bytes.substr(at, piece));
            while (auto frame = reader.next()) read.frames.push_back(*std::move(frame));
        }
    } catch (const AdapterFault& fault) {
        read.refused = fault.what();
    }
    return read;
}

}  // namespace

void read_adapter_frames(std::string_view bytes) {
    const Read whole = read_in_pieces(bytes, bytes.size() + 1);
    if (whole != read_in_pieces(bytes, 1)) contradiction("frames that come byte by byte are others");
    std::string written;
    for (const Frame& frame : whole.frames) put_frame(written, frame.type, frame.body);
    if (!bytes.starts_with(written)) contradiction("frames are written otherwise than they were read");
    for (const Frame& frame : whole.frames) {
        if (frame.type != 'h') continue;
        try {
            static_cast<void>(hello_in(frame.body));
        } catch (const AdapterFault&) {  // refused, with a reason
        }
    }
}

}  // namespace lastack::fuzz
