/* libslirp as a target: the TCP of user-mode networking (QEMU, rootless containers), unmodified, in virtual time.
 *
 * Idea: the tester is the guest; libslirp ends its connections and opens, for each, one of the host's, to a listener
 * of ours on loopback. The application is the host's end of that: its calls are those of the sockets interface. So a
 * call has its effect when libslirp has read its socket, which pump() lets it do at once. lastack starts an adapter in
 * a network namespace of its own, whose loopback device is set up here; nothing listens but on 127.0.0.1.
 * What cannot be had: sockets that no call has opened (the guest opens), IPv6 (the table of connections that the state
 * is read from has none), a shutdown for reading (libslirp does not see it).
 * Cost: libslirp looks at all its connections for each packet, so few at once are quicker.
 */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <slirp/libslirp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "lastack.h"

enum { STEP_US = 100 * 1000 /* how often libslirp may look at its clock; it counts in 500 ms */, SLOTS = 4096 };

/* A connection of the guest's: known from its SYN on, named by `accept`. */
struct connection {
    struct connection *next;
    uint32_t handle;
    uint8_t address[4];
    uint16_t port;
    int named, inner, outer; /* descriptors: libslirp's, the application's; -1: none, or closed */
    uint32_t seq;            /* of the guest that libslirp expects next */
};

static Slirp *slirp;
static struct connection *connections[SLOTS]; /* by the guest's port */
static struct connection *connecting;         /* its SYN is being handled */
static int listener, mute, guest_asked;
static uint16_t port; /* of the listener */
static uint64_t now_us;
static uint8_t asked[4]; /* an address of a guest that libslirp wants to know */
static char *table;      /* of connections, as libslirp prints it; NULL: to be asked for */

static const uint8_t HOST[4] = {198, 18, 0, 1}, TESTER[4] = {198, 18, 1, 1};
static const uint8_t GUEST_MAC[6] = {2, 0, 0, 0, 0, 1}, ANYBODY[6] = {255, 255, 255, 255, 255, 255};

static struct connection **slot(const uint8_t *address, uint16_t guest_port) {
    struct connection **at = &connections[guest_port % SLOTS];
    while (*at != NULL && ((*at)->port != guest_port || memcmp((*at)->address, address, 4) != 0)) at = &(*at)->next;
    return at;
}

static struct connection *of(uint32_t handle) {
    for (int i = 0; i < SLOTS; ++i)
        for (struct connection *one = connections[i]; one != NULL; one = one->next)
            if (one->named && one->handle == handle) return one;
    return NULL;
}

static uint16_t number16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

/* ---- frames between the guest and libslirp */

static void put_frame(uint16_t type, const uint8_t *body, size_t length) {
    uint8_t frame[14 + 65536];
    memcpy(frame, ANYBODY, 6);
    memcpy(frame + 6, GUEST_MAC, 6);
    frame[12] = (uint8_t)(type >> 8), frame[13] = (uint8_t)type;
    memcpy(frame + 14, body, length);
    slirp_input(slirp, frame, (int)(14 + length));
}

/* ARP: whose address that is. libslirp keeps sixteen, so it is told again and again. */
static void introduce(const uint8_t *address) {
    uint8_t body[28] = {0, 1, 8, 0, 6, 4, 0, 1};
    memcpy(body + 8, GUEST_MAC, 6);
    memcpy(body + 14, address, 4);
    memcpy(body + 24, address, 4);
    put_frame(0x0806, body, sizeof body);
}

static ssize_t from_slirp(const void *frame, size_t length, void *self) {
    const uint8_t *at = (const uint8_t *)frame + 14;
    (void)self;
    if (length < 34) return (ssize_t)length;
    if (number16(at - 2) == 0x0806 && number16(at + 6) == 1) {
        guest_asked = 1;
        memcpy(asked, at + 24, 4);
    }
    if (number16(at - 2) == 0x0800 && at[9] == 6) {
        const uint8_t *tcp = at + 4 * (at[0] & 15);
        struct connection *one = *slot(at + 16, number16(tcp + 2));
        if (one != NULL && (tcp[13] & 16) != 0) one->seq = lastack_number(tcp + 8, 4);
        if (!mute) lastack_send(at, number16(at + 2));
    }
    return (ssize_t)length;
}

/* ---- libslirp's turn */

static struct pollfd waiting[SLOTS];
static int waiting_count;

static int add_poll(int fd, int events, void *self) {
    static const struct {
        int theirs;
        short ours;
    } words[] = {{SLIRP_POLL_IN, POLLIN}, {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI}};
    (void)self;
    if (waiting_count == SLOTS) return -1;
    waiting[waiting_count] = (struct pollfd){fd, 0, 0};
    for (size_t i = 0; i < 3; ++i)
        if (events & words[i].theirs) waiting[waiting_count].events |= words[i].ours;
    return waiting_count++;
}

static int what_is_ready(int index, void *self) {
    const short found = index < 0 ? 0 : waiting[index].revents;
    (void)self;
    return (found & POLLIN ? SLIRP_POLL_IN : 0) | (found & POLLOUT ? SLIRP_POLL_OUT : 0) |
           (found & POLLPRI ? SLIRP_POLL_PRI : 0) | (found & POLLERR ? SLIRP_POLL_ERR : 0) |
           (found & POLLHUP ? SLIRP_POLL_HUP : 0);
}

/* Until nothing is left to be done at this instant. */
static void pump(void) {
    free(table);
    table = NULL;
    for (int turn = 0, ready = 1; turn < 16 && (ready > 0 || guest_asked); ++turn) {
        uint32_t timeout = 0;
        if (guest_asked) introduce(asked);
        guest_asked = waiting_count = 0;
        slirp_pollfds_fill(slirp, &timeout, add_poll, NULL);
        ready = poll(waiting, (nfds_t)waiting_count, 0);
        slirp_pollfds_poll(slirp, ready < 0, what_is_ready, NULL);
    }
}

static int64_t nanoseconds(void *self) { return (void)self, (int64_t)now_us * 1000; }
static void complain(const char *text, void *self) { (void)self, fprintf(stderr, "libslirp: %s\n", text); }
static void *new_timer(SlirpTimerCb call, void *of_call, void *self) {
    return (void)call, (void)of_call, (void)self, malloc(1); /* for router advertisements only */
}
static void free_timer(void *timer, void *self) { (void)self, free(timer); }
static void set_timer(void *timer, int64_t when, void *self) { (void)timer, (void)when, (void)self; }
static void opened(int fd, void *self) {
    (void)self;
    if (connecting != NULL) connecting->inner = fd;
}
static void closed(int fd, void *self) {
    (void)self;
    for (int i = 0; i < SLOTS; ++i)
        for (struct connection *one = connections[i]; one != NULL; one = one->next)
            if (one->inner == fd) one->inner = -1;
}
static void nothing(void *self) { (void)self; }

static void start(void) {
    static const SlirpCb callbacks = {.send_packet = from_slirp,
                                      .guest_error = complain,
                                      .clock_get_ns = nanoseconds,
                                      .timer_new = new_timer,
                                      .timer_free = free_timer,
                                      .timer_mod = set_timer,
                                      .register_poll_fd = opened,
                                      .unregister_poll_fd = closed,
                                      .notify = nothing};
    SlirpConfig config;
    memset(&config, 0, sizeof config);
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork.s_addr = htonl(0xc6120000);    /* 198.18.0.0/16 */
    config.vnetmask.s_addr = htonl(0xffff0000);
    config.vhost.s_addr = htonl(0xc6120001);
    config.vnameserver.s_addr = htonl(0xc6120003);
    config.vdhcp_start.s_addr = htonl(0xc612000f);
    slirp = slirp_new(&config, &callbacks, NULL);
    if (slirp == NULL) abort();
}

/* ---- packets and time */

static void packet(void *self, const uint8_t *datagram, size_t length) {
    const uint8_t *tcp = datagram + 4 * (datagram[0] & 15);
    (void)self;
    if (length < 40 || datagram[0] >> 4 != 4 || datagram[9] != 6) return;
    if ((tcp[13] & 2) != 0) {
        struct connection **at = slot(datagram + 12, number16(tcp));
        if (*at == NULL) {
            *at = (struct connection *)calloc(1, sizeof **at);
            if (*at == NULL) abort();
            memcpy((*at)->address, datagram + 12, 4);
            (*at)->port = number16(tcp);
            (*at)->inner = (*at)->outer = -1;
        }
        connecting = *at;
    }
    introduce(datagram + 12);
    put_frame(0x0800, datagram, length);
    connecting = NULL;
    pump();
}

static uint64_t advance(void *self, uint64_t until) {
    (void)self;
    while (now_us < until && lastack_sent() == 0) {
        const uint64_t next = (now_us / STEP_US + 1) * STEP_US;
        now_us = next < until ? next : until;
        pump();
    }
    return now_us;
}

/* ---- connections */

static uint16_t port_of(int fd, int theirs) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if ((theirs ? getpeername : getsockname)(fd, (struct sockaddr *)&address, &length) != 0) return 0;
    return ntohs(address.sin_port);
}

static const char *state_of(const struct connection *one) {
    static char word[32];
    char where[64], text[INET_ADDRSTRLEN];
    const char *at, *begin;
    if (table == NULL) table = slirp_connection_info(slirp);
    inet_ntop(AF_INET, one->address, text, sizeof text);
    snprintf(where, sizeof where, " %15s %5d ", text, one->port);
    at = strstr(table, where);
    if (at == NULL) return "CLOSED";
    while (at > table && at[-1] != '\n') --at;
    begin = strchr(at, '[');
    if (begin == NULL) return "CLOSED";
    snprintf(word, sizeof word, "%.*s", (int)strcspn(begin + 1, "]"), begin + 1);
    return word;
}

/* What the listener has is told apart by the ports of libslirp's ends. */
static void take_all(void) {
    for (;;) {
        const int fd = accept(listener, NULL, NULL);
        struct connection *owner = NULL;
        if (fd < 0) return;
        for (int i = 0; i < SLOTS && owner == NULL; ++i)
            for (struct connection *one = connections[i]; one != NULL; one = one->next)
                if (one->inner >= 0 && one->outer < 0 && port_of(one->inner, 0) == port_of(fd, 1)) owner = one;
        if (owner == NULL)
            close(fd);
        else
            owner->outer = fd;
    }
}

static int accept_one(void *self, uint32_t handle, const struct lastack_peer *peer) {
    struct connection *one = peer->ip == 4 ? *slot(peer->address, peer->port) : NULL;
    (void)self;
    if (one == NULL || strcmp(state_of(one), "SYN_RCVD") == 0) return 0;
    take_all();
    if (one->outer < 0) return 0;
    one->named = 1;
    one->handle = handle;
    return 1;
}

static const char *state(void *self, uint32_t handle) {
    const struct connection *one = of(handle);
    return (void)self, one == NULL ? "CLOSED" : state_of(one);
}

static const char *observe(void *self, uint32_t handle) {
    const struct connection *one = of(handle);
    char byte;
    ssize_t got;
    (void)self;
    if (one == NULL || one->outer < 0) return "";
    got = recv(one->outer, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got >= 0) return got > 0 ? "data" : "eof";
    return errno == ECONNRESET ? "reset" : "";
}

static const char *word_of(int error) {
    if (error == EAGAIN || error == EWOULDBLOCK) return "would_block";
    if (error == EPIPE) return "pipe";
    if (error == ECONNRESET) return "reset";
    return error == ENOTCONN || error == EBADF ? "not_connected" : "errno other";
}

static const char *do_call(struct connection *one, const char *name, uint32_t bytes) {
    static uint8_t text[65536];
    const struct linger at_once = {1, 0};
    ssize_t done = 0;
    if (bytes > sizeof text) bytes = sizeof text;
    if (strcmp(name, "send") == 0) {
        done = send(one->outer, text, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    } else if (strcmp(name, "recv") == 0) {
        done = recv(one->outer, text, bytes, MSG_DONTWAIT);
        if (done == 0) return "eof";
    } else if (strcmp(name, "shutdown_wr") == 0) {
        done = shutdown(one->outer, SHUT_WR);
    } else if (strcmp(name, "close") == 0 || strcmp(name, "abort") == 0) {
        if (name[0] == 'a') setsockopt(one->outer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        done = close(one->outer);
        one->outer = -1;
    } else {
        return "errno ENOSYS";
    }
    return done < 0 ? word_of(errno) : "ok";
}

static const char *call(void *self, uint32_t handle, const char *name, uint32_t bytes) {
    struct connection *one = of(handle);
    const char *result;
    (void)self;
    if (one == NULL) return "errno EBADF";
    result = do_call(one, name, bytes);
    pump();
    return result;
}

static uint16_t checksum(const uint8_t *at, size_t length, uint32_t sum) {
    for (size_t i = 0; i < length; i += 2) sum += number16(at + i);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void store(uint8_t *at, uint32_t value, int bytes) {
    for (; bytes > 0; value >>= 8) at[--bytes] = (uint8_t)value;
}

/* libslirp has no call that ends a connection: a reset of the guest's does. */
static void reset_by_guest(const struct connection *one) {
    uint8_t datagram[40] = {0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6};
    memcpy(datagram + 12, one->address, 4);
    memcpy(datagram + 16, HOST, 4);
    store(datagram + 10, checksum(datagram, 20, 0), 2);
    store(datagram + 20, one->port, 2);
    store(datagram + 22, port, 2);
    store(datagram + 24, one->seq, 4);
    datagram[32] = 0x50, datagram[33] = 4;
    store(datagram + 36, checksum(datagram + 12, 28, 6 + 20), 2);
    packet(NULL, datagram, sizeof datagram);
}

static void drop(struct connection **at) {
    struct connection *one = *at;
    const struct linger at_once = {1, 0};
    mute = 1;
    if (one->outer >= 0) {
        setsockopt(one->outer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(one->outer);
    }
    reset_by_guest(one);
    mute = 0;
    *at = one->next;
    free(one);
}

static void forget(void *self, uint32_t handle) {
    struct connection *one = of(handle);
    (void)self;
    if (one != NULL) drop(slot(one->address, one->port));
}

static void reset(void *self) {
    (void)self;
    take_all();
    for (int i = 0; i < SLOTS; ++i)
        while (connections[i] != NULL) drop(&connections[i]);
    mute = 1; /* also those in the middle of their opening */
    slirp_cleanup(slirp);
    mute = 0;
    start();
    pump();
}

/* ---- the listener */

/* In a new network namespace loopback is down. */
static void set_loopback_up(void) {
    struct ifreq request;
    const int any = socket(AF_INET, SOCK_DGRAM, 0);
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    if (any >= 0 && ioctl(any, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) == 0) {
        request.ifr_flags |= IFF_UP;
        if (ioctl(any, SIOCSIFFLAGS, &request) != 0) perror("adapter: loopback cannot be set up");
    }
    if (any >= 0) close(any);
}

static void listen_on_loopback(void) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 1024) != 0) {
        perror("adapter: no listener on loopback");
        exit(1);
    }
    port = port_of(listener, 0);
}

int main(void) {
    static char capabilities[512];
    const struct lastack_adapter adapter = {NULL,    capabilities, packet, advance, accept_one, NULL, call,
                                            observe, state,        forget, reset,   NULL,       NULL};
    set_loopback_up();
    listen_on_loopback();
    snprintf(capabilities, sizeof capabilities,
             "name=libslirp %s\ntime=virtual\nip4=198.18.0.1\ntester4=%d.%d.%d.%d\nport=%d\nstate=yes\nobserve=yes\n"
             "sockets=no\nconnections=50\ncalls=send recv close abort shutdown_wr\n",
             slirp_version_string(), TESTER[0], TESTER[1], TESTER[2], TESTER[3], port);
    start();
    return lastack_serve(&adapter, 0, 1);
}
