package main

import (
	"bytes"
	"io"
	"strings"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

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
		switch c.state() { // the peer's FIN is there, too
		case tcp.StateCloseWait, tcp.StateClosing, tcp.StateLastAck, tcp.StateTimeWait, tcp.StateClose:
			return "eof"
		}
		return "data"
	case *tcpip.ErrClosedForReceive:
		return "eof"
	}
	return ""
}
