// Sequence units of the model to bytes of a vector, for one trace.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/trace/trace.h"
#include "generators/vector.h"

namespace lastack {

// One end's stream as byte offsets from its first byte of text: a unit of text is unit_bytes, the SYN before it and the
// FIN behind it are one each. Where the FIN is, the trace tells: it is the first one that the end sends.
class ByteStream {
public:
    // `first`: the first unit of text (Profile::stream_from).
    ByteStream(const Trace& trace, int sender, int unit_bytes, int first);

    std::int64_t offset(int unit) const;

private:
    void note(const std::vector<Segment>& sent);

    int unit_bytes_, first_;
    int fin_ = -1;  // the unit that is the FIN, counted from the first unit of text
};

WireSegment on_wire(const Segment& segment, const ByteStream& sender, const ByteStream& receiver, int unit_bytes);

}  // namespace lastack
