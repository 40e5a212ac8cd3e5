// A vector as a Python program that drives one host over the network with scapy (https://scapy.net).
//
// The program has the vector itself, as JSON, and one way to run any: it opens the connection, sends what the vector
// sends, and judges what comes by the rules of docs/vectors.md, alternatives included. Calls are made by somebody at
// the target: a command (--app), or a person who is asked; states and signals are not looked at. A host that does not
// know the connection would reset it, so a rule of its packet filter is asked for. With --dry-run it only prints the
// packets of the plan: those of the pcapng file (generators/pcapng.cpp), byte for byte.
// Needs Python 3.5 and scapy 2.4.4 there; neither here. Cost: linear in the vector.
#include <string>

#include "generators/vector_json.h"
#include "generators/vector_reading.h"

namespace lastack {
namespace {

// A comment to the end of the line, whatever is in the text.
std::string comment(const std::string& words) {
    std::string line = "# ";
    for (const char c : words) line += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    return line + "\n";
}

// In a raw string of Python between three quotes: a quote occurs in texts of the document only, where JSON has another
// name for it.
std::string raw_string(const std::string& json) {
    std::string out;
    for (const char c : json) out += c == '\'' ? std::string("\\u0027") : std::string(1, c);
    return "r'''" + out + "'''";
}

// Whole but for the vector.
constexpr const char* runner = R"python(

import argparse
import os
import queue
import random
import shutil
import subprocess
import sys
import time

PASS, FAIL, INCONCLUSIVE, UNAVAILABLE = 0, 20, 21, 77  # exit codes, those of lastack
MADE_UP_ISN, MADE_UP_WINDOW = 1000000, 65535  # of the target, with --dry-run
SYN = {"flags": "SYN", "seq": -1, "ack": 0, "len": 0}
SYN_ACK = {"flags": "SYN,ACK", "seq": -1, "ack": 0, "len": 0}
ACK = {"flags": "ACK", "seq": 0, "ack": 0, "len": 0}


class Verdict(Exception):
    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


def signed(number):
    """RFC 9293 3.4: a difference modulo 2^32, by its sign on one side or the other."""
    number &= 0xFFFFFFFF
    return number - 2**32 if number & 0x80000000 else number


def text(segment):
    words = segment["flags"] + " seq=%d" % segment["seq"]
    return words + (" ack=%d" % segment["ack"] if "ACK" in segment["flags"] else "") + " len=%d" % segment["len"]


def mss():
    return 1460 if VECTOR["ip"] == 4 else 1440


class Tester:
    """The tester's end: from relative numbers to packets and back."""

    def __init__(self, options, source):
        self.options, self.source = options, source
        self.iut_isn, self.right_edge, self.counted_from, self.shift, self.clock = 0, 0, 0, 0, 1
        self.timestamps = False

    def layers(self, from_tester):
        from scapy.all import IP, IPv6

        ends = (self.source, self.options.target) if from_tester else (self.options.target, self.source)
        if VECTOR["ip"] == 4:
            return IP(src=ends[0], dst=ends[1], id=0, flags="DF", ttl=64)
        return IPv6(src=ends[0], dst=ends[1], hlim=64)

    def packet(self, segment, at_ms, from_tester=True, opening=False):
        """A segment of the vector as a packet; with from_tester=False one of the target, as --dry-run shows it."""
        from scapy.all import TCP, Raw

        own, other = VECTOR["tester_isn"], self.iut_isn
        ports = (self.options.sport, self.options.port)
        if not from_tester:
            own, other, ports = other, own, ports[::-1]
        if segment.get("from_right"):
            self.counted_from = self.right_edge
        base = self.right_edge if segment.get("from_right") else own + 1
        acked = self.counted_from if segment.get("ack_from_right") else other + 1
        seq = (base + segment["seq"]) & 0xFFFFFFFF
        has_ack = "ACK" in segment["flags"]
        flags = ("P" if segment["len"] else "") + "".join(name[0] for name in segment["flags"].split(",") if name)
        window = VECTOR["window"] if from_tester else MADE_UP_WINDOW
        options = []
        if opening:
            options = self.offered()
        elif self.timestamps and "RST" not in segment["flags"]:
            options = [("NOP", None), ("NOP", None), ("Timestamp", (1 + at_ms, self.clock if has_ack else 0))]
        tcp = TCP(sport=ports[0], dport=ports[1], seq=seq, flags=flags, options=options,
                  ack=(acked + segment["ack"]) & 0xFFFFFFFF if has_ack else 0,
                  window=0 if segment.get("zero_window") else window)
        packet = self.layers(from_tester) / tcp
        if segment["len"]:  # each byte says where it stands in its stream
            packet /= Raw(bytes(ord("a") + (segment["seq"] + i) % 26 for i in range(segment["len"])))
        return packet

    def offered(self):
        options = [("MSS", mss())]
        for name in VECTOR["options"]:
            if name == "sack":
                options += [("NOP", None), ("NOP", None), ("SAckOK", b"")]
            if name == "timestamps":
                options += [("NOP", None), ("NOP", None), ("Timestamp", (1, 0))]
            if name == "window_scale":
                options += [("NOP", None), ("WScale", 0)]
        return options

    def take_syn_ack(self, tcp):
        self.iut_isn = tcp.seq
        got = dict((option[0], option[1]) for option in tcp.options)
        self.timestamps = "timestamps" in VECTOR["options"] and "Timestamp" in got
        self.note(tcp)
        self.shift = min(got["WScale"], 14) if "window_scale" in VECTOR["options"] and "WScale" in got else 0

    def note(self, tcp):
        """The window that the target announces, and its clock."""
        if "A" in tcp.flags and "R" not in tcp.flags:
            self.right_edge = tcp.ack + (tcp.window << (0 if "S" in tcp.flags else self.shift))
        for option in tcp.options:
            if option[0] == "Timestamp":
                self.clock = option[1][0]

    def relative(self, tcp):
        self.note(tcp)
        names = [name for name in ("SYN", "FIN", "RST", "ACK") if name[0] in tcp.flags]
        below = tcp.underlayer  # what the link adds to short frames is no text
        length = below.plen if VECTOR["ip"] == 6 else below.len - 4 * below.ihl
        return {"flags": ",".join(names), "seq": signed(tcp.seq - self.iut_isn - 1), "len": length - 4 * tcp.dataofs,
                "ack": signed(tcp.ack - VECTOR["tester_isn"] - 1) if "A" in tcp.flags else 0,
                "ack_from_edge": signed(tcp.ack - self.counted_from) if "A" in tcp.flags else 0,
                "zero_window": tcp.window == 0 and "R" not in tcp.flags}


def fits(allowed, seen):
    """A vector that says nothing of the window takes any; the window of a RST has no meaning."""
    if allowed.get("zero_window") and "RST" not in allowed["flags"] and not seen["zero_window"]:
        return False
    ack = seen["ack_from_edge" if allowed.get("ack_from_right") else "ack"]
    same_ack = "ACK" not in allowed["flags"] or allowed["ack"] == ack
    return same_ack and all(allowed[name] == seen[name] for name in ("flags", "seq", "len"))


class Run:
    """One run of the vector, judged as docs/vectors.md of lastack says. Instants are pairs: when an action began and
    when it was over, which is the same moment but for calls that somebody else makes."""

    def __init__(self, options, tester, send, packets):
        self.options, self.tester, self.send, self.packets = options, tester, send, packets
        self.opened, self.actions, self.completions = None, [], []
        self.let_pass = ""

    def say(self, words):
        print("%9.4f  %s" % (time.time() - self.started, words), flush=True)

    def run(self):
        self.started = time.time()
        self.say("tester  SYN")
        self.send(self.tester.packet(SYN, 0, opening=True))
        packet = self.next_packet(self.started + 1)
        if packet is None or packet.flags & 0x17 != 0x12 or packet.ack != (VECTOR["tester_isn"] + 1) & 0xFFFFFFFF:
            raise Verdict(UNAVAILABLE, "the opening failed: no SYN-ACK; does somebody listen, is a filter in between?")
        self.tester.take_syn_ack(packet)
        self.send(self.tester.packet(ACK, 0))
        self.call("accept", 0)
        self.opened = (time.time(), time.time())
        for index, step in enumerate(VECTOR["steps"]):
            self.step(index, step)
        self.settle()

    def next_packet(self, until):
        from scapy.all import TCP

        while True:
            try:
                packet = self.packets.get(timeout=max(0.0, until - time.time()))
            except queue.Empty:
                return None
            if packet[TCP].flags & 0x17 == 0x12 and self.opened:
                continue  # the SYN-ACK again
            packet[TCP].time = packet.time
            return packet[TCP]

    def call(self, name, count):
        """At the target; its result, or an empty text where nobody says."""
        if self.options.app:
            done = subprocess.run([*self.options.app.split(), name, str(count)], stdout=subprocess.PIPE, check=False,
                                  universal_newlines=True)
            if done.returncode != 0:
                raise Verdict(UNAVAILABLE, "--app failed for %s: exit code %d" % (name, done.returncode))
            return done.stdout.strip()
        return input("           at the target now: %s(%s); then press Enter, or type its result: "
                     % (name, count or "")).strip()

    def step(self, index, step):
        began = time.time()
        if step["kind"] == "call":
            result = self.call(step["call"], step.get("bytes", 0))
            self.actions.append((began, time.time()))
            self.say("target  %s() = %s" % (step["call"], result or step["result"] + ", taken for granted"))
            if result and result != step["result"] and (result, step["result"]) != ("pipe", "closing"):
                code = INCONCLUSIVE if result in step.get("other_results", []) else FAIL
                raise Verdict(code, "%s() returned %s, planned was %s" % (step["call"], result, step["result"]))
        else:
            self.actions.append((began, began))
            if step["kind"] == "send":
                self.say("tester  " + text(step["segment"]))
                self.send(self.tester.packet(step["segment"], int((began - self.started) * 1000)))
        completed = self.actions[index]
        expected = 0
        while expected < len(step["expect"]):
            wanted = step["expect"][expected]
            closes = self.interval(wanted, index)[1] + self.options.slack
            packet = self.next_packet(closes)
            if packet is None:
                words = "%s did not come by %.3f s" % (text(wanted["segment"]), closes - self.started)
                raise Verdict(INCONCLUSIVE if wanted.get("optional") or self.let_pass else FAIL, words)
            if self.judge(packet, index, wanted):
                expected += 1
                completed = (float(packet.time), float(packet.time))
        if step["kind"] == "wait" and not step["expect"]:
            self.watch(self.interval(step, index)[1] + self.options.slack, index)
            completed = (time.time(), time.time())
        self.completions.append(completed)
        for what in ("states", "signals"):
            if step[what]:
                self.say("        not looked at: %s %s" % (what, " or ".join(step[what])))

    def interval(self, window, index):
        since = window.get("since")
        if since is None:
            anchor = self.actions[index]
        elif since["event"] == "opening":
            anchor = self.opened
        else:
            anchor = (self.actions if since["event"] == "action" else self.completions)[since["step"]]
        return anchor[0] + window["earliest_us"] / 1e6, anchor[1] + window["latest_us"] / 1e6

    def inside(self, window, index, at):
        opens, closes = self.interval(window, index)
        return opens - self.options.slack <= at <= closes + self.options.slack

    def judge(self, packet, index, wanted=None, settling=False):
        """True for the expected segment. What came before the step's action is judged by the step before."""
        seen, at = self.tester.relative(packet), float(packet.time)
        self.say("target  " + text(seen))
        if wanted and fits(wanted["segment"], seen) and self.inside(wanted, index, at):
            return True
        ways = []
        for of in (index, index - 1) if at < self.actions[index][1] + self.options.slack else (index,):
            ways += [(way, of) for way in VECTOR["steps"][of]["alternatives"]] if of >= 0 else []
        found = [way for way, of in ways if fits(way["segment"], seen) and self.inside(way, of, at)]
        if any(way["then"] == "go_on" for way in found):
            self.let_pass = text(seen)
            return False
        if found and not settling:
            raise Verdict(INCONCLUSIVE, text(seen) + " is allowed, but leaves the planned path")
        if not found:
            raise Verdict(FAIL, "%s came, which is not allowed at step %d" % (text(seen), index))
        return False

    def watch(self, until, index, settling=False):
        while True:
            packet = self.next_packet(until)
            if packet is None:
                return
            self.judge(packet, index, settling=settling)

    def settle(self):
        self.watch(time.time() + VECTOR["settle_us"] / 1e6, len(VECTOR["steps"]) - 1, settling=True)


def show(tester):
    """Every packet of the plan in hexadecimal, each window at its earliest moment; nothing is sent."""
    now, actions, completions = 0, [], []

    def print_packet(segment, from_tester, at_us, opening=False):
        made = tester.packet(segment, at_us // 1000, from_tester, opening)
        print("%s %s" % ("tester" if from_tester else "target", bytes(made).hex()))
        if not from_tester and "ACK" in segment["flags"] and "RST" not in segment["flags"]:
            acked = tester.counted_from if segment.get("ack_from_right") else VECTOR["tester_isn"] + 1
            tester.right_edge = acked + segment["ack"] + MADE_UP_WINDOW

    def anchor(since, action):
        if since is None:
            return action
        if since["event"] == "opening":
            return 0
        return (actions if since["event"] == "action" else completions)[since["step"]]

    tester.iut_isn = MADE_UP_ISN
    print_packet(SYN, True, 0, opening=True)
    print_packet(SYN_ACK, False, 0, opening=True)
    tester.timestamps = "timestamps" in VECTOR["options"]
    print_packet(ACK, True, 0)
    for step in VECTOR["steps"]:
        action = now
        if step["kind"] == "send":
            print_packet(step["segment"], True, now)
        for expected in step["expect"]:
            now = max(now, anchor(expected.get("since"), action) + expected["earliest_us"])
            print_packet(expected["segment"], False, now)
        if step["kind"] == "wait" and not step["expect"]:
            now = max(now, anchor(step.get("since"), action) + step["latest_us"])
        actions.append(action)
        completions.append(now)


def without_resets(options, source):
    """The kernel of this host knows nothing of the connection and would reset it: a rule drops that. What scapy sends
    does not pass through it. Returns what takes the rule away again."""
    command = shutil.which("iptables" if VECTOR["ip"] == 4 else "ip6tables")
    rule = ["OUTPUT", "-p", "tcp", "-s", source, "-d", options.target, "--sport", str(options.sport), "--dport",
            str(options.port), "--tcp-flags", "RST", "RST", "-j", "DROP"]
    if command is None or subprocess.run([command, "-A", *rule], check=False).returncode != 0:
        raise Verdict(UNAVAILABLE, "this host would reset the connection, and iptables cannot be asked to drop that: "
                      "see to it yourself and give --no-filter")
    return lambda: subprocess.run([command, "-D", *rule], check=False)


def read_arguments():
    parser = argparse.ArgumentParser(description="Drives one host with the test vector " + VECTOR["id"])
    parser.add_argument("target", help="address of the host whose TCP is tested, IPv%d" % VECTOR["ip"])
    parser.add_argument("port", type=int, help="on which its application listens")
    parser.add_argument("--source", help="the tester's address (default: the one of the route)")
    parser.add_argument("--sport", type=int, default=random.randint(20000, 60000), help="the tester's port")
    parser.add_argument("--app", help="command that makes a call at the target; gets its name and a number of bytes, "
                        "prints its result or nothing (default: a person is asked)")
    parser.add_argument("--slack", type=float, default=0.03, help="seconds added to each window")
    parser.add_argument("--no-filter", action="store_true", help="do not ask iptables to drop resets of this host")
    parser.add_argument("--dry-run", action="store_true", help="print the packets of the plan, send none")
    return parser.parse_args()


def drive(options, source):
    from scapy.all import TCP, AsyncSniffer, conf, send

    packets = queue.Queue()
    tester = Tester(options, source)

    def ours(packet):
        return (TCP in packet and packet[TCP].sport == options.port and packet[TCP].dport == options.sport
                and packet[TCP].underlayer.src == options.target)

    interface = (conf.route if VECTOR["ip"] == 4 else conf.route6).route(options.target)[0]
    ready = queue.Queue()
    sniffer = AsyncSniffer(iface=interface, lfilter=ours, prn=packets.put, store=False,
                           started_callback=lambda: ready.put(True))
    sniffer.start()
    ready.get(timeout=60)
    undo = None if options.no_filter else without_resets(options, source)
    try:
        Run(options, tester, lambda packet: send(packet, verbose=False), packets).run()
    finally:
        if undo:
            undo()
        sniffer.stop()


def main():
    options = read_arguments()
    try:
        import scapy.all
    except ImportError:
        print("scapy is missing: python3-scapy on Debian", file=sys.stderr)
        return UNAVAILABLE
    routes = scapy.all.conf.route if VECTOR["ip"] == 4 else scapy.all.conf.route6
    source = options.source or routes.route(options.target)[1]
    if options.dry_run:
        show(Tester(options, source))
        return PASS
    if os.geteuid() != 0:
        print("raw packets need root", file=sys.stderr)
        return UNAVAILABLE
    for setting in VECTOR["settings"]:
        print("needed at the target: %s = %s" % (setting["name"], setting["value"]))
    try:
        drive(options, source)
    except Verdict as verdict:
        names = {FAIL: "FAIL", INCONCLUSIVE: "INCONCLUSIVE", UNAVAILABLE: "NOT RUN"}
        print("%s %s: %s" % (names[verdict.code], VECTOR["id"], verdict))
        return verdict.code
    print("PASS %s" % VECTOR["id"])
    return PASS


if __name__ == "__main__":
    sys.exit(main())
)python";

}  // namespace

std::string to_scapy(const TestVector& vector) {
    std::string out = "#!/usr/bin/env python3\n" + comment(vector.id + ": " + vector.goal);
    for (const std::string& clause : vector.clauses) out += comment(clause);
    for (const VectorClaim& claim : vector.claims)
        out += comment(sense_text(claim.sense) + " of " + claim.id + ": " + claim.sentence);
    if (vector.refuted_expected) out += comment("The spec expects that implementations do otherwise: then this fails.");
    out += comment("As root, on a host that reaches the target: python3 THIS-FILE ADDRESS PORT; --help says more.");
    return out + "import json\n\nVECTOR = json.loads(" + raw_string(to_json(vector)) + ")\n" + runner;
}

}  // namespace lastack
