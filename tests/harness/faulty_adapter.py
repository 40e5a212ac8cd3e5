"""adapter/example.py with one mistake, for tests: `faulty_adapter.py FAULT [ADAPTER_DIRECTORY]`.

Those of break_down() happen when the application calls shutdown_wr; the others are there from the start.
"""
import os
import signal
import struct
import sys
import time

sys.path.insert(0, sys.argv[2])
import example  # noqa: E402

FAULT = sys.argv[1]


def write_all(data):
    while data:
        data = data[os.write(1, data):]


def break_down():
    if FAULT == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if FAULT == "exit":
        sys.exit(3)
    if FAULT == "hang":
        time.sleep(1000)
    while FAULT == "flood":
        write_all(b"\0\0\xff\xffp" + b"x" * 65534)
    while FAULT == "drip":
        write_all(b"\0\0\0\5pabcd")
        time.sleep(0.05)
    if FAULT == "lie":
        write_all(b"\xff\xff\xff\xffc")
        time.sleep(1000)
    if FAULT == "short":
        write_all(b"\0\0\1\0cok")
        time.sleep(1000)
    if FAULT == "babble":
        write_all(b"Segmentation fault\n")
        time.sleep(1000)
    if FAULT == "other":
        write_all(b"\0\0\0\1q")
        time.sleep(1000)


class Faulty(example.Adapter):
    def emit(self, datagram):
        if FAULT == "checksum":
            datagram = datagram[:37] + bytes([datagram[37] ^ 1]) + datagram[38:]
        if FAULT != "mute":
            super().emit(datagram)

    def take(self, kind, body):
        if kind == b"C" and body[8:] == b"shutdown_wr":
            break_down()
        if FAULT == "version" and kind == b"H":
            self.frame(b"h", struct.pack("!H", 7) + example.CAPABILITIES)
        elif FAULT == "state" and kind == b"Q":
            self.frame(b"q", b"FIN-WAIT-1")
        elif FAULT == "nothing" and kind == b"A":
            self.frame(b"a", b"\0")
        elif FAULT == "back" and kind == b"T":
            self.frame(b"t", struct.pack("!Q", 0))
        elif FAULT == "settings" and kind == b"S":
            self.frame(b"s")
        elif FAULT == "stateless" and kind == b"H":
            self.frame(b"h", struct.pack("!H", 1) + example.CAPABILITIES + b"state=no\nobserve=no\nconnections=2\n")
        else:
            super().take(kind, body)

    def clock(self, until):
        if FAULT != "stuck":
            super().clock(until)


Faulty().serve()
