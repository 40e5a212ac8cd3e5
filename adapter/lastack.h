/* The adapter protocol of lastack, for whoever has a TCP stack to be tested: one file of C99, no dependency.
 *
 * Idea: lastack starts the adapter as a child and speaks frames over its standard streams (or over a Unix socket):
 * packets in and out, calls of the application, the clock, the state. This header has the frames; the author fills a
 * table of functions and calls lastack_serve(). docs/adapters.md has the protocol, adapter/ has examples, and
 * `lastack adapter-check exec:CMD` says what an adapter does wrong.
 *
 * Cost: one write() for all that one read() has asked for, so that many packets and calls share a round trip.
 * What is not supported may be NULL, and must not be in the capabilities then. Not thread-safe: one adapter a process.
 */
#ifndef LASTACK_H
#define LASTACK_H

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LASTACK_VERSION = 1, LASTACK_LONGEST = 70000 /* bytes of a frame behind its length */ };

/* The tester's end of a connection. */
struct lastack_peer {
    int ip;              /* 4 or 6 */
    uint8_t address[16]; /* in network order; the first 4 bytes for IPv4 */
    uint16_t port;
};

struct lastack_adapter {
    void *self;               /* handed to each function */
    const char *capabilities; /* lines KEY=VALUE, docs/adapters.md has the keys */
    /* An IP datagram arrives. What the stack sends goes to lastack_send(), at any time. */
    void (*packet)(void *self, const uint8_t *datagram, size_t length);
    /* Virtual time: let it become `until`, in microseconds from the start, but stop at the first instant at which
     * something was sent (lastack_sent() tells). Returns the time that it is now. Called often with the time that it
     * is already. Real time: NULL. */
    uint64_t (*clock)(void *self, uint64_t until);
    /* Has the listener a connection that this peer has opened? It is called `handle` from now on. 1 or 0. */
    int (*accept)(void *self, uint32_t handle, const struct lastack_peer *peer);
    /* A socket that no call has opened, for the calls `open` (to this peer) and `listen`. Its port, 0: none. */
    uint16_t (*socket)(void *self, uint32_t handle, const struct lastack_peer *peer);
    /* A call of the application, never blocking: "ok", "eof", "would_block", "reset", "timeout", "refused", "pipe",
     * "not_connected", "closing" or "errno NAME". */
    const char *(*call)(void *self, uint32_t handle, const char *name, uint32_t bytes);
    /* What the application can see without a call: "eof", "reset", "timeout", "refused", "data" or "". */
    const char *(*observe)(void *self, uint32_t handle);
    /* "FIN_WAIT_1" ...; "CLOSED" where nothing is left; also after close(). */
    const char *(*state)(void *self, uint32_t handle);
    void (*forget)(void *self, uint32_t handle);                               /* end what is left of it */
    void (*reset)(void *self);                                                 /* forget all connections */
    const char *(*setting)(void *self, const char *name, const char *value); /* NULL: taken; else why not */
    /* Real time: called at least every 5 ms while nothing comes from lastack. */
    void (*turn)(void *self);
};

/* ---- what the stack sends */

struct lastack_buffer {
    uint8_t *bytes;
    size_t used, size;
};

static struct lastack_buffer lastack_out;
static unsigned lastack_packets;

static void lastack_put(struct lastack_buffer *buffer, const void *bytes, size_t length) {
    if (buffer->used + length > buffer->size) {
        size_t size = 2 * (buffer->used + length);
        uint8_t *more = (uint8_t *)realloc(buffer->bytes, size);
        if (more == NULL) abort();
        buffer->bytes = more;
        buffer->size = size;
    }
    if (length > 0) memcpy(buffer->bytes + buffer->used, bytes, length);
    buffer->used += length;
}

static void lastack_frame(char type, const void *head, size_t head_length, const void *rest, size_t rest_length) {
    const size_t length = 1 + head_length + rest_length;
    const uint8_t begin[5] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length,
                              (uint8_t)type};
    lastack_put(&lastack_out, begin, sizeof begin);
    lastack_put(&lastack_out, head, head_length);
    lastack_put(&lastack_out, rest, rest_length);
}

static void lastack_text(char type, const char *text) { lastack_frame(type, NULL, 0, text, strlen(text)); }

/* A datagram that the stack sends. */
static void lastack_send(const void *datagram, size_t length) {
    ++lastack_packets;
    lastack_frame('p', NULL, 0, datagram, length);
}

/* How many datagrams were sent since the clock began to advance: for the function `clock`. */
static unsigned lastack_sent(void) { return lastack_packets; }

static int lastack_flush(int out) {
    size_t done = 0;
    while (done < lastack_out.used) {
        const ssize_t wrote = write(out, lastack_out.bytes + done, lastack_out.used - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return 0;
        done += (size_t)wrote;
    }
    lastack_out.used = 0;
    return 1;
}

/* ---- what lastack asks for */

static uint32_t lastack_number(const uint8_t *at, int bytes) {
    uint32_t value = 0;
    while (bytes-- > 0) value = value << 8 | *at++;
    return value;
}

/* u32 handle, u8 4 or 6, u16 port, the address. */
static int lastack_read_peer(const uint8_t *at, size_t length, struct lastack_peer *peer) {
    const size_t address = length == 11 ? 4 : 16;
    if (length != 11 && length != 23) return 0;
    peer->ip = at[4];
    peer->port = (uint16_t)lastack_number(at + 5, 2);
    memcpy(peer->address, at + 7, address);
    return (peer->ip == 4) == (address == 4);
}

static void lastack_hello(const struct lastack_adapter *adapter) {
    const uint8_t version[2] = {0, LASTACK_VERSION};
    lastack_frame('h', version, 2, adapter->capabilities, strlen(adapter->capabilities));
}

static void lastack_clock(const struct lastack_adapter *adapter, const uint8_t *at) {
    uint64_t time = (uint64_t)lastack_number(at, 4) << 32 | lastack_number(at + 4, 4);
    uint8_t now[8];
    lastack_packets = 0;
    if (adapter->clock != NULL) time = adapter->clock(adapter->self, time);
    if (adapter->turn != NULL) adapter->turn(adapter->self);
    for (int i = 7; i >= 0; --i, time >>= 8) now[i] = (uint8_t)time;
    lastack_frame('t', now, sizeof now, NULL, 0);
}

/* The text of a frame that ends in it: lives until the next one. */
static const char *lastack_word(const uint8_t *at, size_t length) {
    static char word[256];
    if (length >= sizeof word) length = sizeof word - 1;
    memcpy(word, at, length);
    word[length] = '\0';
    return word;
}

static void lastack_setting(const struct lastack_adapter *adapter, const char *given) {
    char name[256];
    char *value;
    const char *refused = "there is no such setting";
    strcpy(name, given);
    value = strchr(name, '=');
    if (value != NULL) {
        *value++ = '\0';
        if (adapter->setting != NULL) refused = adapter->setting(adapter->self, name, value);
    }
    lastack_text('s', refused == NULL ? "" : refused);
}

/* One frame: `at` is its type, what follows its body. 0: it is none that a tester sends. */
static int lastack_take(const struct lastack_adapter *adapter, const uint8_t *at, size_t length) {
    const char type = (char)*at++;
    const uint32_t handle = --length >= 4 ? lastack_number(at, 4) : 0;
    const int named = length >= 4;
    struct lastack_peer peer;
    if (type == 'H' && length == 4) return lastack_hello(adapter), 1;
    if (type == 'R' && length == 0) return adapter->reset(adapter->self), lastack_text('r', ""), 1;
    if (type == 'P') return adapter->packet(adapter->self, at, length), 1;
    if (type == 'T' && length == 8) return lastack_clock(adapter, at), 1;
    if (type == 'S') return lastack_setting(adapter, lastack_word(at, length)), 1;
    if (type == 'A' && lastack_read_peer(at, length, &peer)) {
        const uint8_t there = (uint8_t)(adapter->accept(adapter->self, handle, &peer) != 0);
        return lastack_frame('a', &there, 1, NULL, 0), 1;
    }
    if (type == 'O' && lastack_read_peer(at, length, &peer)) {
        const uint16_t port = adapter->socket == NULL ? 0 : adapter->socket(adapter->self, handle, &peer);
        const uint8_t number[2] = {(uint8_t)(port >> 8), (uint8_t)port};
        return lastack_frame('o', number, 2, NULL, 0), 1;
    }
    if (type == 'C' && length > 8) {
        const uint32_t bytes = lastack_number(at + 4, 4);
        return lastack_text('c', adapter->call(adapter->self, handle, lastack_word(at + 8, length - 8), bytes)), 1;
    }
    if (type == 'E' && named)
        return lastack_text('e', adapter->observe == NULL ? "" : adapter->observe(adapter->self, handle)), 1;
    if (type == 'Q' && named)
        return lastack_text('q', adapter->state == NULL ? "" : adapter->state(adapter->self, handle)), 1;
    if (type == 'F' && named) return adapter->forget(adapter->self, handle), 1;
    return 0;
}

/* All whole frames at the beginning; how many bytes they have, or -1 where one is wrong. */
static ssize_t lastack_take_all(const struct lastack_adapter *adapter, const uint8_t *bytes, size_t used) {
    size_t done = 0;
    while (used - done >= 5) {
        const uint32_t length = lastack_number(bytes + done, 4);
        if (length == 0 || length > LASTACK_LONGEST) return -1;
        if (used - done < 4 + (size_t)length) break;
        if (!lastack_take(adapter, bytes + done + 4, length)) return -1;
        done += 4 + (size_t)length;
    }
    return (ssize_t)done;
}

/* Speaks the protocol until lastack ends it: the exit code that main() returns. Usually on descriptors 0 and 1; what
 * else is printed belongs on standard error. */
static int lastack_serve(const struct lastack_adapter *adapter, int in, int out) {
    static uint8_t bytes[1 << 18];
    size_t used = 0;
    for (;;) {
        struct pollfd from = {in, POLLIN, 0};
        ssize_t got;
        if (adapter->turn != NULL && poll(&from, 1, 5) == 0) {
            adapter->turn(adapter->self);
            if (!lastack_flush(out)) return 1;
            continue;
        }
        got = read(in, bytes + used, sizeof bytes - used);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got < 0;
        used += (size_t)got;
        got = lastack_take_all(adapter, bytes, used);
        if (got < 0) {
            fprintf(stderr, "adapter: a frame that is none of version %d\n", LASTACK_VERSION);
            return 1;
        }
        memmove(bytes, bytes + got, used - (size_t)got);
        used -= (size_t)got;
        if (!lastack_flush(out)) return 1;
    }
}

#endif
