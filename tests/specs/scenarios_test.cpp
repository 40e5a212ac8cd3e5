// Situations that test suites of TCP stacks check, found in the vectors that suites make of `rfc9293`: packetdrill's
// scripts, the unit and packet tests of gVisor, lwIP, smoltcp, FreeBSD, Zephyr, NetSem and others, in our own words. A
// situation is there where every one of its goals has a vector. What an endpoint after its handshake cannot show, or
// the model has no word for, is listed behind them with the reason.
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "generators/walk_suite.h"
#include "model/language/read_spec.h"
#include "tests/places.h"

using namespace lastack;

namespace {

struct Situation {
    std::string id, words;
    std::vector<std::string> goals;  // each matches a whole name, as "suite/goal"
};

// [^/]* is anything within one part of a name.
const std::vector<Situation> situations = {
    {"A01",
     "our close, its ACK, the peer's FIN",
     {"transitions/close/established/close_active/fin-wait-1",
      "transitions/ack/fin-wait-1/ack_new\\+fin_acked/fin-wait-2", "transitions/fin-ack/fin-wait-2/fin/time-wait"}},
    {"A05",
     "a segment after LAST-ACK gets a reset",
     {"transitions/ack/closed/refuse/closed", "ways/closed/from/last-ack/.*"}},
    {"A06", "the FIN that acknowledges ours", {"transitions/fin-ack/fin-wait-1/ack_new\\+fin_acked\\+fin/time-wait"}},
    {"A07", "FINs cross", {"transitions/fin-ack/fin-wait-1/fin/closing"}},
    {"A08", "CLOSING ends with the ACK of our FIN", {"transitions/ack/closing/ack_new\\+fin_acked/time-wait"}},
    {"A09", "FIN-WAIT-1 ends with the ACK of our FIN", {"transitions/ack/fin-wait-1/ack_new\\+fin_acked/fin-wait-2"}},
    {"A10", "the FIN in FIN-WAIT-2", {"transitions/fin-ack/fin-wait-2/fin/time-wait"}},
    {"A11", "LAST-ACK ends with the ACK of our FIN", {"transitions/ack/last-ack/ack_new\\+last_ack/closed"}},
    {"A12", "text and FIN in one segment", {"transitions/data-fin-ack/established/text\\+fin/close-wait"}},
    {"A13", "close behind text that waits for the window", {"ways/fin-wait-1/from/established/[^/]*fin_waits[^/]*"}},
    {"A14", "the window opens for text and FIN", {"transitions/ack/fin-wait-1/ack_new\\+window_open/fin-wait-1"}},
    {"A15",
     "text in CLOSE-WAIT, then close",
     {"transitions/send/close-wait/send/close-wait", "ways/last-ack/from/close-wait/[^/]*outstanding[^/]*"}},
    {"A16", "LAST-ACK: text is acknowledged, the FIN is not", {"transitions/ack/last-ack/ack_new/last-ack"}},
    {"A17", "FIN-WAIT-1: text is acknowledged, the FIN is not", {"transitions/ack/fin-wait-1/ack_new/fin-wait-1"}},
    {"A18", "FINs cross behind text", {"transitions/data-fin-ack/fin-wait-1/text\\+fin/closing"}},
    {"A19", "the peer's FIN comes while ours waits", {"ways/closing/from/fin-wait-1/[^/]*fin_waits[^/]*"}},
    {"B01",
     "text after SHUT_WR is taken and read",
     {"transitions/data-ack/fin-wait-2/text/fin-wait-2", "transitions/recv/fin-wait-2/read/fin-wait-2"}},
    {"B03", "send after SHUT_WR", {"calls/send/fin-wait-1/[^/]*/pipe", "calls/send/fin-wait-2/[^/]*/pipe"}},
    {"B04",
     "text after SHUT_RD",
     {"reactions/established/[0-9]*/data-ack.*", "ways/close-wait/from/established/[^/]*rd_shut[^/]*"}},
    {"B05",
     "SHUT_RDWR, then close",
     {"transitions/shutdown_rdwr/established/stop_both/fin-wait-1", "calls/close/fin-wait-1/[^/]*rd_shut[^/]*/ok"}},
    {"B07", "SHUT_RD, then SHUT_WR", {"calls/shutdown_wr/established/[^/]*rd_shut[^/]*/ok"}},
    {"B09", "SHUT_WR in CLOSE-WAIT", {"transitions/shutdown_wr/close-wait/half_close/last-ack"}},
    {"B10",
     "SHUT_WR and close in TIME-WAIT",
     {"transitions/shutdown_wr/time-wait/half_close_again/time-wait",
      "transitions/close/time-wait/close_half_closed/time-wait"}},
    {"C01", "close with unread text", {"transitions/close/established/close_unread/closed"}},
    {"C02",
     "close in CLOSE-WAIT when all was read",
     {"transitions/recv/close-wait/read/close-wait", "transitions/close/close-wait/close_passive/last-ack"}},
    {"C03",
     "SHUT_WR, unread text, close",
     {"transitions/close/fin-wait-1/close_unread/closed", "transitions/close/fin-wait-2/close_unread/closed"}},
    {"C04", "abort, as close with a linger time of 0", {"transitions/abort/established/abort/closed"}},
    {"C05", "SHUT_RDWR, then abort", {"calls/abort/fin-wait-1/[^/]*rd_shut[^/]*/ok"}},
    {"C09", "text after close in FIN-WAIT-1", {"transitions/data-ack/fin-wait-1/text_after_close/closed"}},
    {"C10", "text after close in FIN-WAIT-2", {"transitions/data-ack/fin-wait-2/text_after_close/closed"}},
    {"C11",
     "abort where there is no connection yet",
     {"handshake/transitions/abort/listen/abort_unopened/closed",
      "handshake/transitions/abort/syn-sent/abort_unopened/closed"}},
    {"C12", "a reset of an orphan in FIN-WAIT-2", {"matrix/rst-ack/fin-wait-2/left/[^/]*closed[^/]*"}},
    {"C13",
     "abort in each state",
     {"transitions/abort/close-wait/abort/closed", "transitions/abort/fin-wait-1/abort/closed",
      "transitions/abort/fin-wait-2/abort/closed", "transitions/abort/closing/abort_late/closed",
      "transitions/abort/last-ack/abort_late/closed", "transitions/abort/time-wait/abort_late/closed"}},
    {"C16", "abort in SYN-RECEIVED", {"handshake/transitions/abort/syn-received/abort/closed"}},
    {"C19", "close of a listener", {"handshake/transitions/close/listen/close_unopened/closed"}},
    {"C21", "a reset to no connection", {"transitions/rst-ack/closed/no_reset_to_reset/closed"}},
    {"D02",
     "LAST-ACK: the FIN is lost, and acknowledged when it comes again",
     {"loss/lost/rto/last-ack/outstanding/1/ack-[0-9]*"}},
    {"D05", "CLOSING: the FIN is lost to the bound and beyond", {"loss/lost/rto/closing/outstanding/[0-9]*/beyond"}},
    {"D07", "FIN-WAIT-2 with a reader has no limit", {"timers/quiet/fin-wait-2/[^/]*"}},
    {"D09", "2 MSL pass; then a reset", {"timers/after/time_wait/time-wait/[^/]*"}},
    {"D11",
     "the FIN again shortly before 2 MSL are over",
     {"timers/restarts/time_wait/time-wait/fin-ack/fin_in_time_wait"}},
    {"D12", "text and FIN are lost together", {"loss/lost/rto/fin-wait-1/outstanding/1/ack-[0-9]*"}},
    {"D13", "the FIN waits behind a shut window", {"transitions/persist/fin-wait-1/probe/fin-wait-1"}},
    {"D15", "the ACK of a FIN in the time of delayed ones", {"transitions/fin-ack/established/fin/close-wait"}},
    {"D17",
     "reading after the FIN opens no window",
     {"transitions/recv/close-wait/read/close-wait", "transitions/recv/time-wait/read/time-wait"}},
    {"E02",
     "the FIN that came early holds when the text comes",
     {"transitions/data-ack/established/text\\+fin_held/close-wait"}},
    {"E04",
     "text and FIN behind the FIN",
     {"matrix/data-ack/close-wait/left/[^/]*", "matrix/fin-ack/close-wait/left/[^/]*"}},
    {"E05", "the same FIN again in CLOSE-WAIT", {"loss/doubled/established/fin-ack/fin/1"}},
    {"E08", "text at the left edge in CLOSE-WAIT", {"matrix/data-ack/close-wait/left/[^/]*"}},
    {"E10", "a FIN that acknowledges too much", {"reactions/established/[0-9]*/fin-ack-[0-9]*-[0-9]*"}},
    {"E13",
     "a FIN with the last ACK of the handshake",
     {"handshake/transitions/fin-ack/syn-received/established\\+fin/close-wait"}},
    {"F01",
     "a reset at the left edge, in each state",
     {"transitions/rst-ack/established/rst_exact/closed", "transitions/rst-ack/fin-wait-1/rst_exact/closed",
      "transitions/rst-ack/closing/rst_exact/closed", "transitions/rst-ack/time-wait/rst_exact/closed"}},
    {"F03",
     "a reset outside of the window, in each state",
     {"matrix/rst/established/left-1/[^/]*", "matrix/rst/established/right\\+1/[^/]*",
      "matrix/rst/fin-wait-1/left-1/[^/]*", "matrix/rst/closing/left-1/[^/]*", "matrix/rst/last-ack/right\\+1/[^/]*"}},
    {"F04", "a SYN in the window", {"matrix/syn/established/middle/[^/]*|matrix/syn/established/right/[^/]*"}},
    {"F05", "a SYN outside of it", {"matrix/syn/established/left-1/[^/]*", "matrix/syn/established/right\\+1/[^/]*"}},
    {"F08",
     "a FIN without ACK, in each state",
     {"transitions/fin/established/no_ack/established", "transitions/fin/close-wait/no_ack/close-wait",
      "transitions/fin/fin-wait-1/no_ack/fin-wait-1", "transitions/fin/fin-wait-2/no_ack/fin-wait-2",
      "transitions/fin/closing/no_ack/closing", "transitions/fin/last-ack/no_ack/last-ack"}},
    {"F10",
     "a reset in the window, not at its edge",
     {"transitions/rst-ack/close-wait/rst_window/close-wait", "transitions/rst-ack/fin-wait-2/rst_window/fin-wait-2",
      "transitions/rst-ack/closing/rst_window/closing", "transitions/rst-ack/time-wait/rst_window/time-wait"}},
    {"F12",
     "a SYN in CLOSE-WAIT and FIN-WAIT-2",
     {"matrix/syn/close-wait/left/[^/]*", "matrix/syn/fin-wait-2/left/[^/]*"}},
    {"F13",
     "and outside of the window there",
     {"matrix/syn/close-wait/left-1/[^/]*", "matrix/syn/close-wait/right\\+1/[^/]*"}},
    {"F22",
     "text outside of the window",
     {"matrix/data-ack/fin-wait-1/left-1/[^/]*", "matrix/data-ack/fin-wait-2/right\\+1/[^/]*",
      "matrix/data-ack/closing/left-1/[^/]*", "matrix/data-ack/last-ack/right\\+1/[^/]*"}},
    {"F23",
     "an ACK of what was not sent",
     {"transitions/ack/fin-wait-1/ack_too_far/fin-wait-1", "transitions/ack/fin-wait-2/ack_too_far/fin-wait-2",
      "transitions/ack/last-ack/ack_too_far/last-ack"}},
    {"F45",
     "a SYN outside of the window in LAST-ACK",
     {"matrix/syn/last-ack/left-1/[^/]*", "matrix/syn/last-ack/right\\+1/[^/]*"}},
    {"F52",
     "a SYN in TIME-WAIT, inside and outside",
     {"matrix/syn/time-wait/left/[^/]*", "matrix/syn/time-wait/left-1/[^/]*"}},
    {"F56", "the last ACK again in TIME-WAIT", {"matrix/ack/time-wait/left/[^/]*"}},
    {"F58",
     "RST,ACK at four places in TIME-WAIT",
     {"matrix/rst-ack/time-wait/left-1/[^/]*", "matrix/rst-ack/time-wait/left/[^/]*",
      "matrix/rst-ack/time-wait/right/[^/]*", "matrix/rst-ack/time-wait/right\\+1/[^/]*"}},
    {"F59", "SYN,ACK in TIME-WAIT", {"matrix/syn-ack/time-wait/left/[^/]*"}},
    {"F60", "SYN,FIN in TIME-WAIT", {"matrix/syn-fin/time-wait/left/[^/]*"}},
    {"F68",
     "a reset sends a listener's child back to LISTEN",
     {"handshake/transitions/rst/syn-received/rst_opening/listen|"
      "handshake/transitions/rst-ack/syn-received/rst_opening/listen"}},
    {"F63",
     "old text in TIME-WAIT, and a reset",
     {"matrix/data-ack/time-wait/left-1/[^/]*", "matrix/rst/time-wait/left/[^/]*"}},
    {"F64", "an ACK in LAST-ACK that acknowledges nothing new", {"transitions/ack/last-ack/ignored/last-ack"}},
    {"G05",
     "the last ACK, and text behind it",
     {"ways/closed/from/last-ack/.*", "transitions/ack/closed/refuse/closed"}},
    {"G06", "read after a reset", {"transitions/recv/closed/read_error/closed"}},
    {"G07",
     "send after a reset",
     {"transitions/send/closed/send_error/closed", "transitions/send/closed/send_closed/closed"}},
};

// What is about calls that block and about descriptors, which the profile `linux` has rules for.
const std::vector<Situation> situations_of_calls = {
    {"C06",
     "close with a linger time: the ACK of the FIN comes in time",
     {"calls/close_linger/established/plain/blocked",
      "calls/returns/closed/ack/fin-wait-1/[^/]*lingers[^/]*/fin-wait-2",
      "calls/returns/closed/ack/last-ack/[^/]*lingers[^/]*/closed"}},
    {"C07",
     "close with a linger time: the peer is silent, and the FIN goes on being sent",
     {"calls/returns/closed/linger/fin-wait-1/[^/]*tries=2[^/]*lingers[^/]*/fin-wait-1"}},
    {"C07",
     "the same where text was not acknowledged, and after a shutdown",
     {"calls/close_linger/established/outstanding/blocked", "calls/close_linger/fin-wait-1/[^/]*outstanding/blocked"}},
    {"close with a linger time and unread text resets at once", "", {"calls/close_linger/established/unread/ok"}},
    {"a read that waits",
     "is woken by text, the end, a reset, and by giving up",
     {"calls/returns/text/data-ack/established/reads/established",
      "calls/returns/eof/fin-ack/established/reads/close-wait", "calls/returns/reset/rst-ack/established/reads/closed",
      "calls/returns/timeout/rto/established/[^/]*reads[^/]*/closed"}},
    {"poll",
     "in each state what is ready",
     {"calls/poll/established/plain/out", "calls/poll/established/unread/in_out",
      "calls/poll/close-wait/plain/in_out_rdhup", "calls/poll/fin-wait-2/plain/out",
      "calls/poll/last-ack/outstanding/in_out_rdhup_hup", "calls/poll/time-wait/plain/in_out_rdhup_hup",
      "calls/poll/closed/reset/in_out_rdhup_hup_err", "calls/poll/closed/broken\\+eof_first/in_out_rdhup_hup_err"}},
    {"dup",
     "the first close of two sends nothing, a shutdown does at once",
     {"calls/dup/established/plain/ok", "calls/close_one/established/doubled/ok",
      "calls/shutdown_wr/established/doubled/ok", "calls/close_one/fin-wait-2/doubled/ok"}},
};

const std::vector<std::pair<std::string, std::string>> not_there = {
    {"A20", "a vector's numbers wrap by the tester's first one, not by a goal"},
    {"C17 C18", "a listener beside its connections: a profile is one endpoint"},
    {"H01", "fast open"},
    {"C20", "two things at one instant"},
    {"D08", "a timer of its own that other stacks have"},
    {"E06", "no profile trims text that ends beyond the window"},
    {"E07", "text that comes again with a FIN behind it: no profile trims text"},
    {"E14 E15 G03", "timestamps"},
    {"F53 F62", "what takes the place of TIME-WAIT is another connection"},
    {"F70", "damaged segments"},
    {"G02 G04 G09", "other sockets, memory, and the length of a queue"},
};

std::set<std::string> goals_of(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options) {
    std::set<std::string> goals;
    for (const std::string& name : make_walk_suite(profile, suite, options).goal_names)
        goals.insert(suite + "/" + name);
    return goals;
}

// Those of the situations' goals that no name fits.
std::string missing_of(const std::vector<Situation>& all, const std::set<std::string>& goals) {
    std::string missing;
    for (const Situation& one : all) {
        for (const std::string& wanted : one.goals) {
            const std::regex form(wanted);
            const bool there = std::any_of(goals.begin(), goals.end(),
                                           [&](const std::string& goal) { return std::regex_match(goal, form); });
            if (!there) missing += one.id + ": " + wanted + "\n";
        }
    }
    return missing;
}

}  // namespace

TEST_CASE("situations that suites of TCP stacks check have vectors" * doctest::test_suite("slow")) {
    const Spec spec = read_spec(testing::source_dir() + "/specs/rfc9293.spec");
    const Profile& profile = *spec.profile("rfc9293");
    WalkSuiteOptions options;
    options.limits = {{"buffer", 0}, {"repack", 0}};
    options.take = [](const TestVector&) { return true; };
    std::set<std::string> goals;
    for (const std::string suite : {"transitions", "ways", "calls", "loss", "timers", "reactions", "handshake"})
        goals.merge(goals_of(profile, suite, options));
    options.waits = false;
    goals.merge(goals_of(profile, "matrix", options));
    CHECK(missing_of(situations, goals) == "");
    CHECK(situations.size() + not_there.size() > 75);
}

TEST_CASE("so have those of calls that block, and of descriptors" * doctest::test_suite("slow")) {
    const Spec spec = read_spec(testing::source_dir() + "/specs/linux.spec");
    WalkSuiteOptions options;
    options.limits = {{"buffer", 0}, {"repack", 0}};
    options.take = [](const TestVector&) { return true; };
    CHECK(missing_of(situations_of_calls, goals_of(*spec.profile("linux"), "calls", options)) == "");
}
