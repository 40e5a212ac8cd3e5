#include "harness/connections.h"

#include <algorithm>
#include <cstring>

namespace lastack {

namespace {

// Copies of a segment without an identification that come within this time were doubled on their way, or by the
// capture. No stack sends anything again as soon as that.
constexpr std::int64_t copy_ns = 2'000'000;

std::int64_t position_of(std::uint32_t number, std::uint32_t reference, std::int64_t near) {
    const auto there = static_cast<std::uint32_t>(reference + static_cast<std::uint64_t>(near));
    return near + static_cast<std::int32_t>(number - there);
}

bool says_the_same(const Passing& a, const Passing& b) {
    return a.from == b.from && a.ack == b.ack && a.zero_window == b.zero_window && a.has_ack == b.has_ack;
}

// Has the end that sent this text sent something else that is kept? Its number lies before what comes now.
bool spoke_since(const std::vector<Passing>& kept, int text) {
    return std::any_of(kept.begin() + text + 1, kept.end(), [&](const Passing& later) {
        return later.from == kept[static_cast<std::size_t>(text)].from && later.needs_reason;
    });
}

// -1 where the list has come to its end.
int last_kept(const Connection& connection) {
    return connection.too_long ? -1 : static_cast<int>(connection.passings.size()) - 1;
}

}  // namespace

std::size_t Connections::HashKey::operator()(const Key& key) const {
    const auto mix = [](std::uint64_t hash, std::uint64_t value) {
        hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
        return hash ^ hash >> 29;
    };
    std::uint64_t hash = std::uint64_t{key.low.port} << 16 | key.high.port;
    for (const SeenAddress* address : {&key.low, &key.high}) {
        std::uint64_t words[2];
        std::memcpy(words, address->bytes.data(), sizeof words);
        hash = mix(mix(hash, words[0]), words[1]);
    }
    return hash;
}

void Connections::add(const SeenSegment& segment, std::uint64_t packet, std::int64_t at_ns) {
    now_ns_ = std::max(now_ns_, at_ns);
    const bool swapped = segment.destination < segment.source;
    const Key key = swapped ? Key{segment.destination, segment.source} : Key{segment.source, segment.destination};
    Tracked& one = tracked(key, segment, packet, at_ns);
    const int from = segment.source == one.connection.end[0] ? 0 : 1;
    Connection& connection = one.connection;
    connection.last_packet = packet;
    one.before_ns = connection.last_ns;
    connection.last_ns = at_ns;
    ++connection.packets;
    if (is_copy(one, from, segment, at_ns)) {
        ++connection.doubled;
    } else {
        take(one, from, segment, packet, at_ns);
        connection.seen[from] = true;
    }
    note_end(one, key);
    let_go(at_ns);
}

// A SYN with another number than the last one begins another connection of the same ports.
Connections::Tracked& Connections::tracked(const Key& key, const SeenSegment& segment, std::uint64_t packet,
                                           std::int64_t at_ns) {
    auto place = all_.find(key);
    if (place != all_.end() && segment.syn && !segment.has_ack) {
        const Tracked& before = place->second;
        const Side& side = before.side[segment.source == before.connection.end[0] ? 0 : 1];
        if (side.numbered && side.reference != segment.seq) {
            hand_out(key);
            place = all_.end();
        }
    }
    if (place == all_.end()) {
        place = all_.try_emplace(key).first;
        Connection& fresh = place->second.connection;
        fresh.number = ++count_;
        // Who answers a SYN did not open, even if the SYN is missing.
        const bool answers = segment.syn && segment.has_ack;
        fresh.end[0] = answers ? segment.destination : segment.source;
        fresh.end[1] = answers ? segment.source : segment.destination;
        fresh.first_packet = packet;
        fresh.first_ns = fresh.last_ns = fresh.began_ns = at_ns;
        place->second.place = open_.insert(open_.end(), key);
    }
    return place->second;
}

// An identification is not used again for what is sent again; where there is none, time tells.
bool Connections::is_copy(Tracked& one, int from, const SeenSegment& segment, std::int64_t at_ns) {
    Side& side = one.side[from];
    const Side::Print print{segment.ip_id, segment.checksum, segment.window, segment.seq, segment.ack, segment.length};
    for (int i = 0; i < 2; ++i) {
        const bool at_once = at_ns - side.print_ns[i] <= copy_ns;
        if (one.connection.seen[from] && side.prints[i] == print && (segment.ip_id != 0 || at_once)) return true;
    }
    side.prints[1] = side.prints[0];
    side.print_ns[1] = side.print_ns[0];
    side.prints[0] = print;
    side.print_ns[0] = at_ns;
    return false;
}

void Connections::take(Tracked& one, int from, const SeenSegment& segment, std::uint64_t packet, std::int64_t at_ns) {
    Connection& connection = one.connection;
    Side &own = one.side[from], &other = one.side[1 - from];
    if (!own.numbered) {
        // A reset that answers the first SYN has the number before the first one.
        const bool zero = segment.syn || (segment.rst && connection.opening_seen);
        own.numbered = true;
        own.reference = segment.seq - (zero ? 0 : 1);
        own.next = zero ? 0 : 1;
    }
    // A listener that a reset has sent back to LISTEN answers a late copy of the SYN by another number.
    if (segment.syn && segment.has_ack && !connection.established && own.reference != segment.seq) {
        own.reference = segment.seq;
        own.next = 0;
    }
    if (segment.has_ack && !other.numbered) {
        other.numbered = true;
        other.reference = segment.ack - 1;
    }
    Passing passing;
    passing.from = from;
    passing.syn = segment.syn;
    passing.fin = segment.fin;
    passing.rst = segment.rst;
    passing.has_ack = segment.has_ack;
    passing.zero_window = segment.window == 0 && !segment.rst;
    passing.seq = position_of(segment.seq, own.reference, own.next);
    passing.length = segment.rst ? 0 : segment.length;
    if (segment.has_ack) passing.ack = position_of(segment.ack, other.reference, other.next);
    passing.packet = packet;
    passing.at_ns = at_ns;
    if (segment.syn)
        take_syn(one, from, segment, passing);
    else
        take_numbers(one, passing);
    own.shut = passing.zero_window;
}

void Connections::take_syn(Tracked& one, int from, const SeenSegment& segment, Passing& passing) {
    Connection& connection = one.connection;
    Side& own = one.side[from];
    if (!segment.has_ack && !connection.opening_seen && !connection.established) {
        connection.opening_seen = connection.from_opening = one.keeps = true;
    }
    connection.sack = connection.sack && segment.offers_sack;
    connection.again[from] += connection.seen[from] && own.next >= 1;
    own.next = std::max<std::int64_t>(own.next, 1);
    own.opened = true;
    passing.fin = false;
    passing.length = 0;
    if (segment.has_ack) own.acked = std::max(own.acked, passing.ack);
    if (!connection.opening_seen) connection.established = true;  // the SYN itself is missing
    if (one.keeps && connection.from_opening) keep(one, passing);
}

void Connections::take_numbers(Tracked& one, Passing& passing) {
    Connection& connection = one.connection;
    Side &own = one.side[passing.from], &other = one.side[1 - passing.from];
    const bool ends = passing.fin || passing.rst;
    if (!connection.opening_seen) connection.established = true;
    if (!connection.established && passing.from == 0 && passing.has_ack && !passing.rst) {
        connection.established = true;
        // What it acknowledges may have been missed. A FIN that passed before is a part of the close.
        if ((!ends || !other.opened) && own.fin < 0 && other.fin < 0) {
            one.keeps = connection.from_opening = false;
            connection.passings.clear();
        }
    }
    if (ends && !one.keeps) begin_close(one, passing);
    if (one.keeps) {
        infer(one, passing);
        take_text(one, passing);
        return;
    }
    const std::int64_t end = passing.seq + passing.length;
    // One number more than passed is a FIN that was lost, most likely: the close will tell.
    const auto jumps = [](std::int64_t upto, const Side& side) { return upto > side.next && upto != side.next + 1; };
    if (passing.length > 0 ? end > own.next : jumps(end, own)) {
        if (own.next <= other.acked) connection.began_ns = one.before_ns;
        connection.text[passing.from] += static_cast<std::uint64_t>(end - own.next);
        own.next = end;
    } else if (passing.length > 1) {
        ++connection.again[passing.from];
    }
    if (passing.has_ack) {
        own.acked = std::max(own.acked, passing.ack);
        const bool unseen = !connection.seen[1 - passing.from];
        if (jumps(passing.ack, other) || unseen) other.next = std::max(other.next, passing.ack);
    }
}

// What is outstanding now counts as text that passes now; a window that is shut is told.
void Connections::begin_close(Tracked& one, const Passing& passing) {
    Connection& connection = one.connection;
    one.keeps = true;
    connection.begins_inside =
        !connection.opening_seen && (!connection.seen[passing.from] || !connection.seen[1 - passing.from]);
    bool outstanding = false;
    for (int end = 0; end < 2; ++end) {
        const Side &side = one.side[end], &peer = one.side[1 - end];
        connection.base[end] = peer.acked < 1 ? (connection.opening_seen ? 1 : side.next) : peer.acked;
        connection.base[end] = std::min(connection.base[end], side.next);
        // It may have been overtaken by acknowledgments that are newer.
        if (end != passing.from && passing.has_ack && passing.ack >= 1)
            connection.base[end] = std::min(connection.base[end], passing.ack);
        connection.earlier_text[end] = connection.base[end] > 1 || !connection.opening_seen;
    }
    for (int end = 0; end < 2; ++end) {
        Side& side = one.side[end];
        Passing text;
        text.from = end;
        text.has_ack = true;
        text.ack = connection.base[1 - end];
        text.seq = connection.base[end];
        text.length = side.next - text.seq;
        text.before = true;
        text.packet = passing.packet;
        text.at_ns = passing.at_ns;
        text.zero_window = side.shut;
        text.needs_reason = text.length > 0;
        if (text.length > 0) side.open_text = static_cast<int>(connection.passings.size());
        outstanding = outstanding || text.length > 0;
        if (text.length > 0 || side.shut) connection.passings.push_back(text);
    }
    // What was lost on its way to the capture point may have left at any moment since the last segment passed.
    if (!outstanding) connection.began_ns = one.before_ns;
}

// What was acknowledged, or stands before what passes, and never passed itself: the capture has missed it.
void Connections::infer(Tracked& one, const Passing& passing) {
    const auto missed = [&](int end, std::int64_t upto, bool nothing_behind) {
        Side& side = one.side[end];
        if (upto <= side.next) return;
        one.connection.missing = true;
        Passing missing;
        missing.from = end;
        missing.inferred = true;
        missing.has_ack = true;
        missing.ack = std::max<std::int64_t>(side.acked, one.connection.base[1 - end]);
        missing.seq = side.next;
        missing.fin = nothing_behind && upto == side.next + 1 && side.fin < 0;
        missing.length = missing.fin ? 0 : upto - side.next;
        missing.packet = passing.packet;
        missing.at_ns = passing.at_ns;
        if (missing.fin) side.fin = side.next;
        side.next = upto;
        keep(one, missing);
        if (!missing.fin) side.open_text = last_kept(one.connection);
    };
    if (!passing.rst) missed(passing.from, passing.seq, passing.length == 0 && !passing.fin);
    if (passing.has_ack) missed(1 - passing.from, passing.ack, true);
}

void Connections::take_text(Tracked& one, Passing& passing) {
    Connection& connection = one.connection;
    std::vector<Passing>& kept = connection.passings;
    Side& own = one.side[passing.from];
    const std::int64_t end = passing.seq + passing.length;
    bool told = false;  // what is kept has the ACK of this segment
    if (passing.length > 0 && end > own.next) {
        connection.text[passing.from] += static_cast<std::uint64_t>(end - own.next);
        // Text, the acknowledgment of all of it, and now more text: it is one piece of text.
        const std::size_t size = kept.size();
        if (own.open_text < 0 && size >= 2 && kept[size - 2].from == passing.from && kept[size - 2].length > 0 &&
            !kept[size - 2].with_next && kept[size - 1].from != passing.from && kept[size - 1].ack == own.next &&
            !kept[size - 1].fin && !kept[size - 1].rst && kept[size - 1].length == 0) {
            kept.pop_back();
            own.open_text = static_cast<int>(size - 2);
        }
        if (own.open_text >= 0 && !spoke_since(kept, own.open_text)) {
            kept[own.open_text].length += end - own.next;
        } else {
            Passing text = passing;
            text.seq = own.next;
            text.length = end - own.next;
            text.fin = false;
            text.with_next = passing.fin;
            keep(one, text);
            own.open_text = last_kept(connection);
            told = true;
        }
        own.next = end;
    } else if (passing.length > 1 && !passing.fin) {
        ++connection.again[passing.from];
    }
    if (passing.fin) {
        connection.again[passing.from] += own.fin >= 0;
        if (own.fin < 0) own.fin = end;
        own.next = std::max(own.next, end + 1);
        Passing fin = passing;
        if (passing.length > 0 && !told) fin.text_from = passing.seq;
        fin.seq = end;
        fin.length = 0;
        keep(one, fin);
        told = true;
    }
    connection.resets[passing.from] += passing.rst;
    if ((passing.fin || passing.rst) && !connection.closed_first) {
        connection.closed_first = passing.from;
        connection.first_was_reset = passing.rst;
    }
    if (passing.rst) {
        keep_cause(one, passing);
        keep(one, passing);
        return;
    }
    const bool completes = take_ack(one, passing);
    if (told) return;
    if (completes) {
        Passing bare = passing;
        if (passing.length > 0) bare.seq = own.next;  // with text again: its number says nothing
        bare.length = 0;
        keep(one, bare);
    } else if (passing.has_ack && passing.zero_window != own.shut) {
        passing.needs_reason = false;
        keep(one, passing);
    } else {
        passing.needs_reason = false;
        // It may have been overtaken by one that says more.
        if (own.idle && own.idle->ack > passing.ack) keep_idle(one);
        own.idle = passing;
    }
}

// A reset without ACK has the number that some segment acknowledged. Which one did is not kept of those that passed
// before; any of them may have come late.
void Connections::keep_cause(Tracked& one, const Passing& reset) {
    const Side &own = one.side[reset.from], &other = one.side[1 - reset.from];
    // It may count a FIN of which nothing was seen.
    if (!reset.has_ack && own.fin < 0 && reset.seq == own.next + 1) one.connection.missing = true;
    if (reset.has_ack || reset.seq < 1 || other.acked < reset.seq) return;
    keep_idle(one);
    for (const Passing& kept : one.connection.passings) {
        if (kept.from != reset.from && !kept.rst && kept.has_ack && kept.ack == reset.seq) return;
    }
    Passing cause;
    cause.from = 1 - reset.from;
    cause.has_ack = true;
    cause.ack = reset.seq;
    cause.seq = other.next;
    cause.needs_reason = false;
    cause.before = true;
    cause.packet = reset.packet;
    cause.at_ns = reset.at_ns;
    keep(one, cause);
}

// Does it acknowledge all that passed, for the first time?
bool Connections::take_ack(Tracked& one, const Passing& passing) {
    Side &own = one.side[passing.from], &other = one.side[1 - passing.from];
    if (!passing.has_ack || passing.ack <= own.acked) return false;
    own.acked = passing.ack;
    if (passing.ack < other.next) return false;
    const bool news = passing.ack > one.connection.base[1 - passing.from];
    other.open_text = -1;
    return news;
}

void Connections::keep(Tracked& one, const Passing& passing) {
    keep_idle(one);
    if (one.connection.passings.size() >= limits_.passings) {
        one.connection.too_long = true;
        return;
    }
    one.connection.passings.push_back(passing);
}

// What came last and said nothing new may still be what the next segment answers.
void Connections::keep_idle(Tracked& one) {
    std::vector<Passing>& kept = one.connection.passings;
    for (Side& side : one.side) {
        if (!side.idle) continue;
        const int from = side.idle->from;
        const auto last = std::find_if(kept.rbegin(), kept.rend(),
                                       [&](const Passing& each) { return each.from == from && each.has_ack; });
        const bool news =
            last == kept.rend() ? side.idle->ack > one.connection.base[1 - from] : !says_the_same(*last, *side.idle);
        if (news && kept.size() < limits_.passings) kept.push_back(*side.idle);
        side.idle.reset();
    }
}

// Closed connections wait at the end of a list of their own, the others at the end of theirs.
void Connections::note_end(Tracked& one, const Key& key) {
    const Connection& connection = one.connection;
    const auto heard = [&](int end) { return one.side[end].fin >= 0 && one.side[1 - end].acked > one.side[end].fin; };
    const bool was = one.closed;
    one.closed = connection.resets[0] + connection.resets[1] > 0 || (heard(0) && heard(1));
    static_cast<void>(key);
    std::list<Key>& now = one.closed ? closed_ : open_;
    now.splice(now.end(), was ? closed_ : open_, one.place);
}

void Connections::hand_out(const Key& key) {
    const auto place = all_.find(key);
    Tracked one = std::move(place->second);
    (one.closed ? closed_ : open_).erase(one.place);
    all_.erase(place);
    keep_idle(one);
    sink_(std::move(one.connection));
}

void Connections::let_go(std::int64_t at_ns) {
    while (!closed_.empty()) {
        const Key key = closed_.front();
        if (at_ns - all_.find(key)->second.connection.last_ns < limits_.quiet_ns) break;
        hand_out(key);
    }
    while (all_.size() > limits_.connections) {
        const bool closed = !closed_.empty();
        const Key key = closed ? closed_.front() : open_.front();
        all_.find(key)->second.connection.given_up = !closed;
        hand_out(key);
    }
}

void Connections::finish() {
    std::vector<std::pair<std::uint64_t, Key>> left;
    for (const auto& [key, one] : all_) left.emplace_back(one.connection.number, key);
    std::sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [number, key] : left) hand_out(key);
}

}  // namespace lastack
