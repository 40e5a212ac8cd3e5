package main

import (
	"container/heap"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/faketime"
)

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
