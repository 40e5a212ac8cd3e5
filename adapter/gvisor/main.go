// gVisor's netstack as a target: Debian's golang-gvisor-gvisor-dev, unmodified, in virtual time.
//
// Idea: packets go in and out by a link/channel endpoint, and time is a faketime.ManualClock. netstack works in
// goroutines of its own: after each packet, call and expiry the adapter waits until none of them has anything left to
// do (settle), so that what comes out does not depend on how Go schedules. docs/adapters.md has the protocol.
// Cost: a packet is two switches of goroutines, an expiry of any timer one more.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

const (
	version      = 1
	longest      = 70000 // bytes of a frame behind its length
	nic          = 1
	port         = 5001
	firstPort    = 10000
	lastPort     = 60000
	backlog      = 4096
	capabilities = "name=gVisor netstack 20221219\ntime=virtual\nip4=192.0.2.1\nip6=2001:db8::1\n" +
		"tester4=198.51.100.1\ntester6=2001:db8:1::1\nport=5001\nstate=yes\nobserve=yes\nsockets=yes\n" +
		"calls=send recv close abort shutdown_wr shutdown_rd shutdown_rdwr open listen\n"
)

func (a *adapter) frame(kind byte, body []byte) {
	var head [5]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(body)+1))
	head[4] = kind
	a.out.Write(head[:])
	a.out.Write(body)
}

// One frame; false: it is none that a tester sends.
func (a *adapter) take(kind byte, body []byte) bool {
	named := len(body) >= 4
	var handle uint32
	if named {
		handle = binary.BigEndian.Uint32(body)
	}
	switch {
	case kind == 'H' && len(body) == 4:
		a.frame('h', append([]byte{0, version}, capabilities...))
	case kind == 'R' && len(body) == 0:
		a.reset()
		a.frame('r', nil)
	case kind == 'S':
		name, value, _ := strings.Cut(string(body), "=")
		a.frame('s', []byte(a.setting(name, value)))
	case kind == 'P':
		a.packet(append([]byte(nil), body...))
	case kind == 'T' && len(body) == 8:
		now := a.advance(time.Duration(binary.BigEndian.Uint64(body)) * time.Microsecond)
		a.frame('t', binary.BigEndian.AppendUint64(nil, uint64(now/time.Microsecond)))
	case kind == 'A' && (len(body) == 11 || len(body) == 23):
		there := byte(1)
		if a.handles[handle] == nil { // it may be asked for once more
			if c := a.peer(body, port); a.accept(c) {
				a.handles[handle] = c
			} else {
				there = 0
			}
		}
		a.frame('a', []byte{there})
	case kind == 'O' && (len(body) == 11 || len(body) == 23):
		if a.lastPort++; a.lastPort > lastPort {
			a.lastPort = firstPort
		}
		a.handles[handle] = a.peer(body, a.lastPort)
		a.frame('o', binary.BigEndian.AppendUint16(nil, a.lastPort))
	case kind == 'C' && len(body) > 8:
		result := word(a.call(a.of(handle), string(body[8:]), binary.BigEndian.Uint32(body[4:])))
		a.settle()
		a.frame('c', []byte(result))
	case kind == 'E' && named:
		a.frame('e', []byte(a.of(handle).observe()))
	case kind == 'Q' && named:
		a.frame('q', []byte(a.stateOf(a.of(handle))))
	case kind == 'F' && named:
		a.forget(handle)
	default:
		return false
	}
	return true
}

func serve(in io.Reader, out io.Writer) error {
	a := newAdapter(out)
	from := bufio.NewReaderSize(in, 1<<18)
	body := make([]byte, longest)
	fill := func(bytes []byte) error {
		if from.Buffered() < len(bytes) { // it may be for an answer of ours that the rest is not sent
			a.out.Flush()
		}
		_, err := io.ReadFull(from, bytes)
		return err
	}
	for {
		var head [4]byte
		if err := fill(head[:]); err == io.EOF {
			return a.out.Flush()
		} else if err != nil {
			return err
		}
		length := binary.BigEndian.Uint32(head[:])
		if length == 0 || length > longest {
			return fmt.Errorf("a frame of %d bytes", length)
		}
		if err := fill(body[:length]); err != nil {
			return err
		}
		if !a.take(body[0], body[1:length]) {
			return fmt.Errorf("a frame that is none of version %d", version)
		}
	}
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "adapter:", err)
		os.Exit(1)
	}
}
