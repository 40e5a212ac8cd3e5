// Small specs for the tests of the language: a profile that is complete, and what comes back from a bad one.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "model/diagnostic.h"
#include "model/language/read_spec.h"
#include "model/spec.h"

namespace lastack::test {

// Every kind of declaration once. Tests put their own line at the end of the profile.
inline std::string tiny(const std::string& items = "") {
    return "profile tiny \"one side closes\" cites \"RFC 9293 3.6\" {\n"
           "states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSED final forgets\n"
           "limit retries = 3 in 0..15 \"before giving up\" cites \"RFC 9293 3.8.3\"\n"
           "timer rto = 1 s to 1.5 s doubling to 60 s\n"
           "timer idle = 200 ms while state == FIN_WAIT_2\n"
           "var tries : 0..retries\n"
           "var mode : {quick, slow} = slow\n"
           "var closed : flag\n"
           "history seen : flag\n"
           "let last = tries == retries\n"
           "segment FIN { seq 0; ack tries; fin }\n"
           "on call close\n"
           "  rule close \"CLOSE sends the FIN\" cites \"3.10.4\"\n"
           "    ESTABLISHED [not closed] -> FIN_WAIT_1 { set closed; send FIN; start rto }\n"
           "on timer rto\n"
           "  rule again \"the FIN goes out again\" cites \"3.8.1\"\n"
           "    FIN_WAIT_1 [not last] { tries += 1; send FIN with seq 0, ack 1; start rto }\n"
           "on segment\n"
           "  step fifth \"check the ACK field\"\n"
           "    rule acked \"our FIN is acknowledged\" cites \"3.10.7.4 fifth\"\n"
           "      FIN_WAIT_1 [seg.has_ack and seg.ack == 1] -> FIN_WAIT_2 { stop all; if seg.fin { set seen } else { "
           "signal acked }; drop }\n" +
           items + "\n}\n";
}

inline const char* tiny_system() {
    return "system pair ends subject A, subject B network 2 loses duplicates at most 3 calls A { close } B { }\n";
}

inline std::vector<Diagnostic> mistakes(const std::string& text) {
    try {
        parse_spec(text, "test.spec");
    } catch (const SpecError& error) {
        return error.diagnostics();
    }
    return {};
}

// The single mistake of a text, as "message | suggestion", and that its place is on the marked word.
inline std::string mistake(const std::string& text) {
    const std::vector<Diagnostic> all = mistakes(text);
    if (all.empty()) return "none";
    std::string told = all[0].message + (all[0].suggestion.empty() ? "" : " | " + all[0].suggestion);
    for (std::size_t i = 1; i < all.size(); ++i) told += " || " + all[i].message;
    return told;
}

// The text under the caret of the first mistake.
inline std::string marked(const std::string& text) {
    const std::vector<Diagnostic> all = mistakes(text);
    if (all.empty()) return "";
    const Where& where = all[0].where;
    std::size_t begin = 0;
    for (int line = 1; line < where.line; ++line) begin = where.source->text.find('\n', begin) + 1;
    return where.source->text.substr(begin + static_cast<std::size_t>(where.column) - 1,
                                     static_cast<std::size_t>(where.length));
}

}  // namespace lastack::test
