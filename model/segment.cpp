// Segments for people, as in the figures of RFC 9293 3.6: the flags first, then the numbers.
#include "model/segment.h"

namespace lastack {

namespace {

std::string own_words(const Segment& segment, const Vocabulary& vocabulary) {
    const Vocabulary::Kind& kind = vocabulary.kind_at(segment.kind);
    std::string text = kind_label(kind.name);
    for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
        const Vocabulary::Field& field = vocabulary.fields[i];
        if (!kind.has[i] || (field.flag && segment.own[i] == 0)) continue;
        text += " " + field.name;
        if (!field.flag) text += "=" + std::to_string(segment.own[i]);
    }
    return text;
}

}  // namespace

std::string flags_of(const Segment& segment, const Vocabulary& vocabulary) {
    if (segment.kind > 0) return kind_label(vocabulary.kind_at(segment.kind).name);
    std::string flags;
    const auto add = [&flags](const char* flag) { flags += (flags.empty() ? "" : ",") + std::string(flag); };
    if (segment.syn) add("SYN");
    if (segment.rst) add("RST");
    if (segment.len > 0) add("DATA");
    if (segment.fin) add("FIN");
    if (segment.has_ack) add("ACK");
    return flags.empty() ? "EMPTY" : flags;
}

std::string to_string(const Segment& segment, const Vocabulary& vocabulary) {
    if (segment.kind > 0) return own_words(segment, vocabulary);
    std::string text = flags_of(segment, vocabulary) + " seq=" + std::to_string(segment.seq);
    if (segment.has_ack) text += " ack=" + std::to_string(segment.ack);
    if (segment.len > 0) text += " len=" + std::to_string(segment.len);
    if (segment.zero_window) text += " wnd=0";
    if (segment.era > 0) text += " era=" + std::to_string(segment.era);
    return text;
}

}  // namespace lastack
