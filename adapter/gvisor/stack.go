package main

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"io"
	"math/rand"
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
