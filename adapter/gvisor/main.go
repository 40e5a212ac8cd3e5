// gVisor's netstack as a target: Debian's golang-gvisor-gvisor-dev, unmodified, in virtual time.
//
// Idea: packets go in and out by a link/channel endpoint, and time is a faketime.ManualClock. netstack works in
// goroutines of its own: after each packet, call and expiry the adapter waits until none of them has anything left to
// do (settle), so that what comes out does not depend on how Go schedules. docs/adapters.md has the protocol.
// Cost: a packet is two switches of goroutines, an expiry of any timer one more.
package main

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"gvisor.dev/gvisor/pkg/bufferv2"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/faketime"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
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

// ---- time

// A ManualClock that knows when its timers expire, also those that were stopped since: a step too many does no harm.
type steppedClock struct {
	*faketime.ManualClock
	steps steps
}

type steps []time.Duration

func (s steps) Len() int           { return len(s) }
func (s steps) Less(i, j int) bool { return s[i] < s[j] }
func (s steps) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *steps) Push(at any)       { *s = append(*s, at.(time.Duration)) }
func (s *steps) Pop() any {
	last := len(*s) - 1
	at := (*s)[last]
	*s = (*s)[:last]
	return at
}

func (c *steppedClock) since() time.Duration { return c.Now().Sub(time.Unix(0, 0)) }

func (c *steppedClock) note(d time.Duration) {
	if d > 0 && d < 1<<60 { // a timer that is only made is set to the end of all time
		heap.Push(&c.steps, c.since()+d)
	}
}

func (c *steppedClock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	c.note(d)
	return &notedTimer{c.ManualClock.AfterFunc(d, f), c}
}

type notedTimer struct {
	tcpip.Timer
	clock *steppedClock
}

func (t *notedTimer) Reset(d time.Duration) {
	t.clock.note(d)
	t.Timer.Reset(d)
}

// ---- the stack

// An application's end of a connection.
type connection struct {
	id        stack.TransportEndpointID
	proto     tcpip.NetworkProtocolNumber
	ep        tcpip.Endpoint // nil: no call has opened it
	listening bool
	closed    bool
	looked    bool
	failed    tcpip.Error // what the next call returns
	told      string      // what the application has seen
}

type adapter struct {
	clock     *steppedClock
	link      *channel.Endpoint
	stack     *stack.Stack
	listeners map[tcpip.NetworkProtocolNumber]tcpip.Endpoint
	accepted  map[stack.TransportEndpointID]tcpip.Endpoint
	handles   map[uint32]*connection
	waiting   map[uint16]*connection // those that listen, by their port
	lastPort  uint16
	patience  time.Duration // TCP_USER_TIMEOUT
	mute      bool
	sent      int
	out       *bufio.Writer
}

func must(err tcpip.Error) {
	if err != nil {
		panic(err.String())
	}
}

func newAdapter(out io.Writer) *adapter {
	runtime.GOMAXPROCS(1) // netstack starts as many processors
	a := &adapter{
		clock:     &steppedClock{ManualClock: faketime.NewManualClock()},
		link:      channel.New(1<<16, 1500, ""),
		listeners: map[tcpip.NetworkProtocolNumber]tcpip.Endpoint{},
		accepted:  map[stack.TransportEndpointID]tcpip.Endpoint{},
		handles:   map[uint32]*connection{},
		waiting:   map[uint16]*connection{},
		lastPort:  firstPort,
		out:       bufio.NewWriterSize(out, 1<<18),
	}
	a.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		Clock:              a.clock,
		RandSource:         rand.NewSource(1),
	})
	must(a.stack.CreateNIC(nic, a.link))
	for proto, address := range map[tcpip.NetworkProtocolNumber]tcpip.AddressWithPrefix{
		ipv4.ProtocolNumber: {Address: "\xc0\x00\x02\x01", PrefixLen: 24},
		ipv6.ProtocolNumber: {Address: "\x20\x01\x0d\xb8" + tcpip.Address(make([]byte, 11)) + "\x01", PrefixLen: 64},
	} {
		to := tcpip.ProtocolAddress{Protocol: proto, AddressWithPrefix: address}
		must(a.stack.AddProtocolAddress(nic, to, stack.AddressProperties{}))
	}
	a.stack.SetRouteTable([]tcpip.Route{
		{Destination: header.IPv4EmptySubnet, NIC: nic}, {Destination: header.IPv6EmptySubnet, NIC: nic}})
	for _, proto := range []tcpip.NetworkProtocolNumber{ipv4.ProtocolNumber, ipv6.ProtocolNumber} {
		a.listeners[proto] = a.endpoint(proto, port)
		must(a.listeners[proto].Listen(backlog))
	}
	return a
}

func (a *adapter) endpoint(proto tcpip.NetworkProtocolNumber, port uint16) tcpip.Endpoint {
	ep, err := a.stack.NewEndpoint(tcp.ProtocolNumber, proto, &waiter.Queue{})
	must(err)
	ep.SocketOptions().SetReuseAddress(true)
	ep.SocketOptions().SetV6Only(true)
	must(ep.Bind(tcpip.FullAddress{Port: port}))
	a.bePatient(ep)
	return ep
}

func (a *adapter) bePatient(ep tcpip.Endpoint) {
	option := tcpip.TCPUserTimeoutOption(a.patience)
	must(ep.SetSockOpt(&option))
}

// Waits until netstack has nothing left to do at this instant: what goes on by itself are callbacks of timers, which
// the clock waits for, and the processors, which are paused when their queues are empty.
func (a *adapter) settle() {
	a.clock.RunImmediatelyScheduledJobs()
	a.stack.Pause()
	a.stack.Resume()
	a.clock.RunImmediatelyScheduledJobs()
	for packet := a.link.Read(); !packet.IsNil(); packet = a.link.Read() {
		if !a.mute {
			buffer := packet.ToBuffer()
			a.frame('p', buffer.Flatten())
			buffer.Release()
			a.sent++
		}
		packet.DecRef()
	}
}

func (a *adapter) packet(datagram []byte) {
	proto := tcpip.NetworkProtocolNumber(ipv4.ProtocolNumber)
	if len(datagram) > 0 && datagram[0]>>4 == 6 {
		proto = ipv6.ProtocolNumber
	}
	packet := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: bufferv2.MakeWithData(datagram)})
	a.link.InjectInbound(proto, packet)
	packet.DecRef()
	a.settle()
	for _, one := range a.waiting { // a listener's first connection takes its place
		if ep, _, err := one.ep.Accept(nil); err == nil {
			one.ep.Close()
			one.ep = ep
			one.listening = false
			delete(a.waiting, one.id.LocalPort)
		}
	}
}

func (a *adapter) advance(until time.Duration) time.Duration {
	for a.sent = 0; a.sent == 0 && a.clock.steps.Len() > 0 && a.clock.steps[0] <= until; {
		if at := heap.Pop(&a.clock.steps).(time.Duration); at > a.clock.since() {
			a.clock.Advance(at - a.clock.since())
			a.settle()
		}
	}
	if now := a.clock.since(); a.sent == 0 && until > now {
		a.clock.Advance(until - now)
	}
	return a.clock.since()
}

// ---- the calls

func word(err tcpip.Error) string {
	switch err.(type) {
	case nil, *tcpip.ErrConnectStarted:
		return "ok"
	case *tcpip.ErrWouldBlock:
		return "would_block"
	case *tcpip.ErrClosedForReceive:
		return "eof"
	case *tcpip.ErrClosedForSend, *tcpip.ErrAborted: // as gVisor's pkg/syserr says it to applications
		return "pipe"
	case *tcpip.ErrConnectionReset, *tcpip.ErrConnectionAborted: // ECONNABORTED: netstack itself sent the reset
		return "reset"
	case *tcpip.ErrConnectionRefused:
		return "refused"
	case *tcpip.ErrTimeout:
		return "timeout"
	case *tcpip.ErrNotConnected:
		return "not_connected"
	}
	return "errno " + strings.ReplaceAll(err.String(), " ", "_")
}

func (c *connection) state() tcp.EndpointState {
	if c.ep == nil {
		return tcp.StateInitial
	}
	return tcp.EndpointState(c.ep.State())
}

// The error that the endpoint keeps, which LastError forgets: it is kept here, for observe and for the next call.
func (c *connection) look() {
	if c.ep == nil || c.closed || c.looked || c.state() != tcp.StateError {
		return
	}
	c.looked = true
	if c.failed = c.ep.LastError(); c.failed != nil {
		if c.told = word(c.failed); c.told != "timeout" && c.told != "refused" {
			c.told = "reset"
		}
	}
}

func (c *connection) fail() tcpip.Error {
	c.look()
	err := c.failed
	c.failed = nil
	return err
}

func (c *connection) send(size uint32) tcpip.Error {
	if c.ep == nil {
		return &tcpip.ErrClosedForSend{}
	}
	if err := c.fail(); err != nil {
		return err
	}
	_, err := c.ep.Write(bytes.NewReader(bytes.Repeat([]byte{'a'}, int(size))), tcpip.WriteOptions{})
	return err
}

func (c *connection) receive(size uint32) tcpip.Error {
	if c.ep == nil {
		return &tcpip.ErrNotConnected{}
	}
	read := func(opts tcpip.ReadOptions) tcpip.Error {
		_, err := c.ep.Read(&tcpip.LimitedWriter{W: io.Discard, N: int64(size)}, opts)
		return err
	}
	if err := read(tcpip.ReadOptions{Peek: true}); err == nil { // text first, then the error
		return read(tcpip.ReadOptions{})
	} else if failed := c.fail(); failed != nil {
		return failed
	} else {
		return err
	}
}

func (a *adapter) open(c *connection, listens bool) tcpip.Error {
	c.ep = a.endpoint(c.proto, c.id.LocalPort)
	c.listening, c.closed, c.looked, c.failed, c.told = listens, false, false, nil, ""
	if !listens {
		return c.ep.Connect(tcpip.FullAddress{NIC: nic, Addr: c.id.RemoteAddress, Port: c.id.RemotePort})
	}
	a.waiting[c.id.LocalPort] = c
	return c.ep.Listen(backlog)
}

func (a *adapter) end(c *connection, hard bool) {
	if c.ep != nil && !c.closed {
		if hard {
			c.ep.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true})
		}
		c.ep.Close()
	}
	delete(a.waiting, c.id.LocalPort)
	c.listening, c.closed, c.failed, c.told = false, true, nil, ""
}

func (a *adapter) call(c *connection, name string, size uint32) tcpip.Error {
	shutdown := map[string]tcpip.ShutdownFlags{"shutdown_wr": tcpip.ShutdownWrite, "shutdown_rd": tcpip.ShutdownRead,
		"shutdown_rdwr": tcpip.ShutdownRead | tcpip.ShutdownWrite}
	switch name {
	case "send":
		return c.send(size)
	case "recv":
		return c.receive(size)
	case "close", "abort":
		a.end(c, name == "abort")
		return nil
	case "open", "listen":
		return a.open(c, name == "listen")
	}
	if c.ep == nil {
		return &tcpip.ErrNotConnected{}
	}
	c.look()
	return c.ep.Shutdown(shutdown[name])
}

func (c *connection) observe() string {
	if c.ep == nil || c.closed || c.listening {
		return ""
	}
	if c.look(); c.told != "" {
		return c.told
	}
	switch _, err := c.ep.Read(&tcpip.LimitedWriter{W: io.Discard, N: 1}, tcpip.ReadOptions{Peek: true}); err.(type) {
	case nil:
		return "data"
	case *tcpip.ErrClosedForReceive:
		return "eof"
	}
	return ""
}

// ---- connections

func (a *adapter) of(handle uint32) *connection {
	if c := a.handles[handle]; c != nil {
		return c
	}
	return &connection{closed: true}
}

func (a *adapter) peer(body []byte, local uint16) *connection {
	c := &connection{proto: ipv4.ProtocolNumber, id: stack.TransportEndpointID{
		RemotePort: binary.BigEndian.Uint16(body[5:]), RemoteAddress: tcpip.Address(body[7:]), LocalPort: local}}
	if len(body) == 23 {
		c.proto = ipv6.ProtocolNumber
	}
	address, err := a.stack.GetMainNICAddress(nic, c.proto)
	must(err)
	c.id.LocalAddress = address.Address
	return c
}

func (a *adapter) accept(c *connection) bool {
	for {
		var from tcpip.FullAddress
		ep, _, err := a.listeners[c.proto].Accept(&from)
		if err != nil {
			break
		}
		id := stack.TransportEndpointID{LocalPort: port, RemoteAddress: from.Addr, RemotePort: from.Port}
		a.accepted[id] = ep
	}
	id := c.id
	id.LocalAddress = ""
	c.ep = a.accepted[id]
	delete(a.accepted, id)
	return c.ep != nil
}

// What netstack has under the addresses and ports of this connection, which may be one that nobody has accepted.
func (a *adapter) registered(c *connection) (stack.TransportEndpoint, tcp.EndpointState) {
	ep := a.stack.FindTransportEndpoint(c.proto, tcp.ProtocolNumber, c.id, nic)
	if ep == nil {
		return nil, tcp.StateClose
	}
	return ep, tcp.EndpointState(ep.(interface{ State() uint32 }).State())
}

func (a *adapter) stateOf(c *connection) string {
	state := c.state()
	if c.listening {
		_, state = a.registered(c)
	}
	switch state {
	case tcp.StateSynRecv:
		return "SYN_RCVD"
	case tcp.StateInitial, tcp.StateBound, tcp.StateError, tcp.StateClose:
		return "CLOSED"
	case tcp.StateConnecting:
		return "SYN_SENT"
	case tcp.StateFinWait1:
		return "FIN_WAIT_1"
	case tcp.StateFinWait2:
		return "FIN_WAIT_2"
	}
	return strings.ReplaceAll(state.String(), "-", "_")
}

func (a *adapter) forget(handle uint32) {
	c := a.handles[handle]
	if c == nil {
		return
	}
	a.mute = true
	if state := c.state(); c.ep != nil && state != tcp.StateClose && state != tcp.StateError {
		c.ep.Abort()
	}
	delete(a.waiting, c.id.LocalPort)
	a.settle()
	if ep, state := a.registered(c); ep != nil && state != tcp.StateListen {
		ep.Abort()
		a.settle()
	}
	a.mute = false
	delete(a.handles, handle)
}

func (a *adapter) reset() {
	for handle := range a.handles {
		a.forget(handle)
	}
	a.mute = true
	for _, ep := range a.stack.RegisteredEndpoints() { // those that nobody has accepted
		if tcp.EndpointState(ep.(interface{ State() uint32 }).State()) != tcp.StateListen {
			ep.Abort()
		}
	}
	a.settle()
	for _, listener := range a.listeners {
		for _, _, err := listener.Accept(nil); err == nil; _, _, err = listener.Accept(nil) {
		}
	}
	a.mute = false
	a.accepted = map[stack.TransportEndpointID]tcpip.Endpoint{}
}

// Why not, or nothing: options of the stack by their names in pkg/tcpip, times in milliseconds.
func (a *adapter) setting(name, text string) string {
	value, bad := strconv.ParseInt(text, 10, 64)
	if bad != nil || value < 0 {
		return "it is no number"
	}
	ms := time.Duration(value) * time.Millisecond
	options := map[string]tcpip.SettableTransportProtocolOption{}
	linger, timeWait := tcpip.TCPLingerTimeoutOption(ms), tcpip.TCPTimeWaitTimeoutOption(ms)
	least, most := tcpip.TCPMinRTOOption(ms), tcpip.TCPMaxRTOOption(ms)
	retries, nagle := tcpip.TCPMaxRetriesOption(value), tcpip.TCPDelayEnabled(value != 0)
	options["TCPLingerTimeout"], options["TCPTimeWaitTimeout"] = &linger, &timeWait
	options["TCPMinRTO"], options["TCPMaxRTO"] = &least, &most
	options["TCPMaxRetries"], options["TCPDelayEnabled"] = &retries, &nagle
	var err tcpip.Error
	switch {
	case options[name] != nil:
		err = a.stack.SetTransportProtocolOption(tcp.ProtocolNumber, options[name])
	case name == "TCPInvalidRateLimit":
		err = a.stack.SetOption(stack.TCPInvalidRateLimitOption(ms))
	case name == "TCPUserTimeout":
		a.patience = ms
	default:
		return "there is no such setting"
	}
	for _, listener := range a.listeners { // what comes from it inherits
		a.bePatient(listener)
		if name == "TCPLingerTimeout" {
			must(listener.SetSockOpt(&linger))
		}
	}
	if err != nil {
		return err.String()
	}
	return ""
}

// ---- frames

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
