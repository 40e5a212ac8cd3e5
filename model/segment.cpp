// Segments for people, as in the figures of RFC 9293 3.6: the flags first, then the numbers.
#include "model/segment.h"

namespace lastack {

std::string flags_of(const Segment& segment) {
    std::string flags;
    const auto add = [&flags](const char* flag) { flags += (flags.empty() ? "" : ",") + std::string(flag); };
    if (segment.syn) add("SYN");
    if (segment.rst) add("RST");
    if (segment.len > 0) add("DATA");
    if (segment.fin) add("FIN");
    if (segment.has_ack) add("ACK");
    return flags.empty() ? "EMPTY" : flags;
}

std::string to_string(const Segment& segment) {
    std::string text = flags_of(segment) + " seq=" + std::to_string(segment.seq);
    if (segment.has_ack) text += " ack=" + std::to_string(segment.ack);
    if (segment.len > 0) text += " len=" + std::to_string(segment.len);
    if (segment.zero_window) text += " wnd=0";
    if (segment.era > 0) text += " era=" + std::to_string(segment.era);
    return text;
}

}  // namespace lastack
