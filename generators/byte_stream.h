// Sequence units of the model to bytes of a vector, for one trace.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/trace/trace.h"
#include "generators/vector.h"

namespace lastack {

// One end's stream as byte offsets from its first byte of text: a unit of text is unit_bytes, the SYN before it and the
// FIN behind it are one each. Where the FIN is, the trace tells: it is the one that the receiver takes. A tester may
// send others, at any place, which are not; they are marks on other units. Where none is taken it is the first one that
// is sent; of a sender who may be anybody only where no other stands elsewhere, and no text at it or behind it.
class ByteStream {
public:
    // `receiver`: the profile of the other end. `first`: the first unit of text (Profile::stream_from). `anybody`: is
    // the sender one who does what no endpoint would?
    ByteStream(const Trace& trace, int sender, const Profile& receiver, int unit_bytes, int first, bool anybody);

    std::int64_t offset(int unit) const;
    // Bytes of a segment's text. What anybody sends at the place of the FIN that is taken has its length.
    int length(const Segment& segment) const;

    // The furthest unit that was asked for, counted from the first unit of text; at least this one from now on.
    int furthest() const { return furthest_; }
    void ask(int unit) { furthest_ = std::max(furthest_, unit); }
    // Are they the same in all units up to this one?
    bool is_alike(const ByteStream& other, int unit) const {
        const auto same = [&](const ByteStream& one) { return one.fin_ < 0 || unit <= one.fin_; };
        return fin_ == other.fin_ || (same(*this) && same(other));
    }

private:
    void find_sent(const Trace& trace, int sender, bool anybody);
    void find_taken(const Trace& trace, int receiver, const Profile& profile);

    int unit_bytes_, first_;
    bool anybody_;
    int fin_ = -1;  // the unit that is the FIN, counted from the first unit of text
    mutable int furthest_ = 0;
};

// A reset that answers a segment may acknowledge what that segment takes (RFC 9293 3.5.2): its number counts from the
// segment's own place, whatever the stream is. Is `answer` such a one?
bool acknowledges(const Segment& answer, const Segment& arriving);

// An answer to a SYN that another connection may begin with, of which nothing but the SYN is taken: one byte, wherever
// it stands.
bool takes_syn(const Segment& answer, const Segment& arriving);

// The unit that is the FIN which an endpoint takes with this segment: the segment's own, or one that came early and was
// kept. Nothing where it takes none, or where the profile has no variable rcv_nxt. What is expected next is told by the
// state after it and, where that has forgotten, by what was sent.
std::optional<int> fin_taken(const Profile& profile, const EndState& before, const EndState& after,
                             const Segment& segment, const std::vector<Segment>& sent);

// A probe of a shut window has nothing but the number before the oldest one that is not acknowledged, as the endpoint
// was before it sent this. Where that stands in a block of text, it is the block's last byte.
bool is_probe(const Profile& profile, const EndState& before, const Segment& segment);

WireSegment on_wire(const Segment& segment, const ByteStream& sender, const ByteStream& receiver);

}  // namespace lastack
