#include "report/explained.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "checker/compare/endpoint_lts.h"
#include "report/check_text.h"
#include "report/ladder.h"
#include "report/run_text.h"

namespace lastack {

namespace {

struct Picture {
    const char* claim;
    const char* words;  // what a reader should see in it
};

struct Chapter {
    const char* heading;
    const char* words;
    std::vector<Picture> pictures;
};

const std::vector<Chapter>& chapters() {
    static const std::vector<Chapter> all{
        {"The usual close",
         "TCP carries two streams, and each is closed by itself: a FIN says that its sender sends no more, and the FIN "
         "is acknowledged as text is. Two FINs and two ACKs are four segments. Who closes first goes through "
         "FIN-WAIT-1 and FIN-WAIT-2 into TIME-WAIT; the other one through CLOSE-WAIT and LAST-ACK to CLOSED. Between "
         "CLOSE-WAIT and LAST-ACK stands the application: the kernel acknowledges a FIN by itself, but its own FIN "
         "waits until the application closes.",
         {{"usual", ""}}},
        {"What if the first segment is lost?",
         "A hears nothing, so its retransmission timer ends, and it sends the FIN again. B has seen nothing of the "
         "loss. Each further interval is twice as long as the one before.",
         {{"lost_1", ""},
          {"gives_up",
           "Where no answer ever comes, A waits once more after the last FIN, and is CLOSED without another word. B "
           "may be established still: nobody told it."},
          {"counted",
           "How often that is, is often said to be `tcp_orphan_retries` times. The kernel does it otherwise: "
           "`tcp_orphan_retries` sets a time, that of so many doublings, and the FIN is sent again until it has "
           "passed. With 1, that is twice."}}},
        {"What if the second segment is lost?",
         "An ACK is never retransmitted. A cannot tell this loss from the first one, and does the same: it sends its "
         "FIN again. To B that FIN is old, and it acknowledges it at once, from CLOSE-WAIT.",
         {{"lost_2", ""}}},
        {"What if the third segment is lost?",
         "B has sent its FIN and is in LAST-ACK. A waits in FIN-WAIT-2 and knows of nothing. It is B's retransmission "
         "timer that ends, and the bound on how often is that of any end whose application has closed.",
         {{"lost_3", ""}}},
        {"What if the fourth segment is lost?",
         "A is in TIME-WAIT, B in LAST-ACK. B sends its FIN again, and A must still be there to answer it: that is the "
         "first of the two reasons for TIME-WAIT. (The other one is that old segments of this connection must be gone "
         "before a new one may have the same two addresses and ports.)",
         {{"lost_4", ""}}},
        {"close() against shutdown()",
         "Both send a FIN. After shutdown(SHUT_WR) the application still has the socket, and reads what the peer goes "
         "on sending. After close() nobody can read any more.",
         {{"close_waits",
           "So FIN-WAIT-2 after close() need not last: Linux ends it after `tcp_fin_timeout`, and RFC 9293 has no such "
           "timer."},
          {"shutdown_waits",
           "After shutdown() it lasts as long as the peer likes. That FIN-WAIT-2 is always left in the end is false, "
           "and nothing can happen any more behind this run:"},
          {"close_text", "And text that comes for a socket that was closed is answered by a reset."}}},
        {"TIME-WAIT",
         "It lasts twice the maximum segment lifetime (2 MSL). On Linux that is a constant, 60 s; no sysctl changes "
         "it.",
         {{"waits", ""}, {"waits_anew", "Each FIN that comes again is acknowledged, and the wait begins anew."}}},
        {"Are there always four? Two readings",
         "Read as *each direction needs a FIN and an ACK*, the account holds. Read as *four segments, in this order*, "
         "it does not: three are enough, and both may close at once.",
         {{"always_four", "Where B's application closes before its delayed ACK is due, one segment is both ACK and "
                          "FIN: three in all."},
          {"never_cross", "Where both close before the other's FIN has come, the FINs cross. Both go through CLOSING."},
          {"one_waits",
           "And then both wait in TIME-WAIT. That *only a side that closed before the peer's FIN came* has TIME-WAIT "
           "is true; that *at most one* has it is false."}}},
    };
    return all;
}

std::string paragraph(const std::string& text) { return text.empty() ? "" : wrapped(text, 0, 0) + "\n\n"; }

const CheckResult& result_of(const CheckReport& report, const std::string& claim) {
    for (const CheckResult& result : report.claims)
        if (result.claim->id == claim) return result;
    throw std::logic_error("the spec of the page has no claim " + claim);
}

// A vector of this claim that no earlier picture has shown; IPv4 stands for both.
std::string runs_of(const ExplainedClose& close, const std::string& claim, std::set<std::string>& shown) {
    std::string text;
    for (std::size_t i = 0; i < close.runs.size(); ++i) {
        const TestVector& vector = close.vectors[i];
        const bool decides = std::any_of(vector.claims.begin(), vector.claims.end(),
                                         [&](const VectorClaim& one) { return one.id == claim; });
        if (vector.ip != 4 || !decides || !shown.insert(vector.id).second) continue;
        const std::string played = vector.endpoint == "A" ? "A, with the tester as B" : "B, with the tester as A";
        text += fmt::format("As {}, the stack *{}*.\n\n", played, deed_of(vector, close.runs[i], false));
        const bool driven = close.runs[i].verdict != Verdict::skipped;
        text += "```measured\n" + (driven ? comparison_text(vector, close.runs[i]) : close.runs[i].reason + "\n") +
                "```\n\n";
    }
    return text;
}

std::string picture_text(const ExplainedClose& close, const Picture& picture, std::set<std::string>& shown) {
    const CheckResult& result = result_of(close.report, picture.claim);
    const PlainSystem system(close.spec, *close.spec.system(result.claim->system));
    std::string text =
        paragraph(picture.words) + paragraph(fmt::format("*{}* is **{}** of profile `{}`.", result.claim->sentence,
                                                         verdict_words(result), system.profile(0).name));
    if (result.trace) text += "```text\n" + ladder(system, *result.trace) + "```\n\n";
    return text + runs_of(close, picture.claim, shown);
}

std::string times_text(const Profile& profile) {
    std::string text =
        "## Times and settings\n\n"
        "Timers of the profile, each with the interval in which it ends; a doubling one is twice as long "
        "each time.\n\n| timer | ends after | doubles up to | source |\n|---|---|---|---|\n";
    for (const TimerDecl& timer : profile.timers) {
        static const std::set<std::string> of_the_close{"rto", "delack", "fin_wait_2", "time_wait"};
        if (!of_the_close.contains(timer.name)) continue;
        text += fmt::format("| `{}` | {} to {} | {} | {} |\n", timer.name, duration_text(timer.earliest_us),
                            duration_text(timer.latest_us), timer.cap_us == 0 ? "" : duration_text(timer.cap_us),
                            timer.cites);
    }
    text +=
        "\nThe profile is made for these settings, and the stack was configured to them. They are small, so that the "
        "bounds are reached within seconds.\n\n| setting | value | for |\n|---|---|---|\n";
    for (const char* const name : {"tcp_orphan_retries", "tcp_fin_timeout", "tcp_retries2", "tcp_rfc1337"})
        if (const Setting* setting = profile.setting(name))
            text += fmt::format("| `{}` | {} | {} |\n", setting->name, setting->value, setting->text);
    return text;
}

}  // namespace

std::string four_way_close_text(const ExplainedClose& close) {
    std::string text =
        "# The four-way close, and what may go wrong with it\n\n" +
        paragraph("Written by `lastack explain four-way-close`. Each picture is a run of two endpoints as the profile "
                  "`linux` has them (`specs/linux.spec`): A on the left, B on the right, time downward. It is one of "
                  "those with the least loss and the fewest segments among all that show what is said, found by going "
                  "through all states. Below it stands what one end of it was when a real stack played it: the plan, "
                  "with the times that the profile allows, beside what was observed. `<` is a segment to the stack, "
                  "`>` one from it.") +
        paragraph("Numbers are relative, as Wireshark shows them: the SYN is 0, so all begins at 1. A FIN has a number "
                  "of its own.") +
        wrapped("Driven: " + close.target, 0, 0) + "\n\n";
    std::set<std::string> shown;
    for (const Chapter& chapter : chapters()) {
        text += fmt::format("## {}\n\n", chapter.heading) + paragraph(chapter.words);
        for (const Picture& picture : chapter.pictures) text += picture_text(close, picture, shown);
    }
    return text + times_text(*close.spec.profile(close.spec.subject));
}

}  // namespace lastack
