#!/usr/bin/env python3
"""An adapter in Python, with a TCP stack of a page inside: the protocol of docs/adapters.md from the other side.

Idea: whoever has a stack in Python replaces Endpoint and keeps Adapter. The stack here does the handshake, text, the
four-way close and resets over IPv4, and sends again what nobody acknowledges, each second. It is small, not right:
a suite of rfc9293 refutes it, which is what suites are for.
"""
import os
import socket
import struct

FIN, SYN, RST, ACK = 1, 2, 4, 16
OURS, PORT = socket.inet_aton("192.0.2.1"), 5001
CAPABILITIES = (b"name=a stack of a page\ntime=virtual\nport=5001\nip4=192.0.2.1\ntester4=198.51.100.1\n"
                b"sockets=no\ncalls=send recv close abort shutdown_wr\n")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Endpoint:
    """One connection. `out` takes what it sends; time comes in microseconds."""

    def __init__(self, out, peer, seq):
        self.out, self.peer, self.state = out, peer, "SYN_RCVD"
        self.una = self.nxt = 1000
        self.rcv = seq + 1 & 0xffffffff
        self.unacked, self.unread, self.ended, self.error, self.closed, self.due = [], 0, False, "", False, None

    def put(self, flags, data=b"", seq=None):
        address, port = self.peer
        tcp = struct.pack("!HHIIBBHHH", PORT, port, self.nxt if seq is None else seq, self.rcv, 0x50, flags | ACK,
                          65535, 0, 0) + data
        pseudo = OURS + address + struct.pack("!HH", 6, len(tcp))
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + OURS + address
        self.out(head[:10] + struct.pack("!H", checksum(head)) + head[12:] + tcp)

    def send(self, now, flags, data=b""):
        self.put(flags, data)
        self.unacked.append((self.nxt, flags, data))
        self.nxt += len(data) + (1 if flags & (SYN | FIN) else 0)
        self.due = self.due or now + 1_000_000

    def timer(self, now):
        if self.state == "TIME_WAIT":
            self.state = "CLOSED"
        for seq, flags, data in self.unacked:
            self.put(flags, data, seq)
        self.due = now + 1_000_000 if self.unacked else None

    def take(self, now, flags, seq, ack, data):
        if flags & SYN:
            return self.put(SYN, seq=1000) if self.state == "SYN_RCVD" else self.put(0)
        if seq != self.rcv:
            return None if flags & RST else self.put(0)
        if flags & RST:
            self.state, self.error, self.unacked, self.due = "CLOSED", "reset", [], None
            return None
        if flags & ACK and self.una < ack <= self.nxt:
            self.una = ack
            self.unacked = [one for one in self.unacked if one[0] + len(one[2]) + (one[1] & 3 > 0) > ack]
            self.due = now + 1_000_000 if self.unacked else None
            if self.state == "SYN_RCVD":
                self.state = "ESTABLISHED"
            elif not self.unacked:
                self.state = {"FIN_WAIT_1": "FIN_WAIT_2", "CLOSING": "TIME_WAIT",
                              "LAST_ACK": "CLOSED"}.get(self.state, self.state)
        if self.state in ("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"):
            self.unread += len(data)
            self.rcv += len(data)
            if flags & FIN:
                self.rcv, self.ended = self.rcv + 1, True
                self.state = {"ESTABLISHED": "CLOSE_WAIT", "FIN_WAIT_1": "CLOSING"}.get(self.state, "TIME_WAIT")
        if self.state == "TIME_WAIT":
            self.due = now + 240_000_000
        return self.put(0) if data or flags & FIN else None

    def call(self, now, name, count):
        if name in ("close", "shutdown_wr"):
            self.closed |= name == "close"
            if self.state in ("ESTABLISHED", "CLOSE_WAIT"):
                self.state = "FIN_WAIT_1" if self.state == "ESTABLISHED" else "LAST_ACK"
                self.send(now, FIN)
            return "ok"
        if name == "abort":
            if self.state != "CLOSED":
                self.put(RST)
            self.state, self.unacked, self.due, self.closed = "CLOSED", [], None, True
            return "ok"
        if self.error:
            told, self.error = self.error, ""
            return told
        if name == "recv" and self.unread:
            self.unread -= min(count, self.unread)
            return "ok"
        if name == "recv":
            return "eof" if self.ended or self.state == "CLOSED" else "would_block"
        if self.state not in ("ESTABLISHED", "CLOSE_WAIT"):
            return "pipe"
        self.send(now, 0, b"a" * count)
        return "ok"

    def seen(self):
        return "" if self.closed else self.error or ("eof" if self.ended else "data" if self.unread else "")


class Adapter:
    """Frames in, frames out; answers are written when the input is exhausted."""

    def __init__(self):
        self.now, self.out, self.sent, self.by_peer, self.by_handle = 0, b"", 0, {}, {}

    def frame(self, kind, body=b""):
        self.out += struct.pack("!I", 1 + len(body)) + kind + body

    def emit(self, datagram):
        self.sent += 1
        self.frame(b"p", datagram)

    def packet(self, data):
        tcp = data[20:]
        if len(tcp) < 20 or checksum(data[12:20] + struct.pack("!HH", 6, len(tcp)) + tcp) != 0:
            return
        port, _, seq, ack, offset, flags = struct.unpack("!HHIIBB", tcp[:14])
        peer = data[12:16], port
        if peer in self.by_peer and self.by_peer[peer].state != "CLOSED":
            self.by_peer[peer].take(self.now, flags, seq, ack, tcp[offset >> 4 << 2:])
        elif flags & (SYN | ACK | RST) == SYN:
            self.by_peer[peer] = Endpoint(self.emit, peer, seq)
            self.by_peer[peer].send(self.now, SYN)

    def clock(self, until):
        self.sent = 0
        while not self.sent:
            due = [one for one in self.by_peer.values() if one.due is not None and one.due <= until]
            if not due:
                self.now = max(self.now, until)
                break
            first = min(due, key=lambda one: one.due)
            self.now = max(self.now, first.due)
            first.timer(self.now)

    def take(self, kind, body):
        handle = struct.unpack("!I", body[:4])[0] if len(body) >= 4 else None
        one = self.by_handle.get(handle)
        if kind == b"H":
            self.frame(b"h", struct.pack("!H", 1) + CAPABILITIES)
        elif kind == b"R":
            self.by_peer, self.by_handle = {}, {}
            self.frame(b"r")
        elif kind == b"S":
            self.frame(b"s", b"there is no such setting")
        elif kind == b"P":
            self.packet(body)
        elif kind == b"T":
            self.clock(struct.unpack("!Q", body)[0])
            self.frame(b"t", struct.pack("!Q", self.now))
        elif kind == b"A":
            found = self.by_peer.get((body[7:], struct.unpack("!H", body[5:7])[0]))
            there = found is not None and found.state != "SYN_RCVD"
            if there:
                self.by_handle[handle] = found
            self.frame(b"a", b"\1" if there else b"\0")
        elif kind == b"C":
            self.frame(b"c", one.call(self.now, body[8:].decode(), struct.unpack("!I", body[4:8])[0]).encode())
        elif kind == b"E":
            self.frame(b"e", one.seen().encode())
        elif kind == b"Q":
            self.frame(b"q", one.state.encode())
        elif kind == b"F" and one is not None:
            self.by_peer.pop(self.by_handle.pop(handle).peer, None)

    def serve(self):
        data = b""
        while more := os.read(0, 1 << 16):
            data += more
            while len(data) >= 5 and len(data) >= 4 + (length := struct.unpack("!I", data[:4])[0]):
                self.take(data[4:5], data[5:4 + length])
                data = data[4 + length:]
            while self.out:
                self.out = self.out[os.write(1, self.out):]


if __name__ == "__main__":
    Adapter().serve()
