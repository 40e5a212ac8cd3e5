/* lwIP as a target: Debian's liblwip, unmodified, in virtual time and without threads.
 *
 * Idea: lwip_init() alone starts no thread, so packets go straight into ip_input(), tcp_tmr() runs when the tester's
 * clock says so, and what the stack sends comes out of a netif of our own. The application is one of the raw API.
 * A pcb may be gone after any call into lwIP: connections are found again by their ports, never by a kept pointer.
 * Cost: a packet is a walk over lwIP's list of pcbs, as in lwIP itself, so few connections at once are quicker.
 */
#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>

#include "lastack.h"

enum { PORT = 5001, FIRST_OWN_PORT = 10000, LAST_OWN_PORT = 60000 };

/* An application's end of a connection. */
struct connection {
    struct connection *next;
    uint32_t handle;
    struct lastack_peer peer;
    ip_addr_t remote;
    uint16_t port;
    struct tcp_pcb *fresh;   /* no call has opened it */
    struct tcp_pcb *listener;
    unsigned unread;
    int ended, rd_shut, closed, connected;
    const char *error, *told; /* what the next call returns; what the application has seen */
};

static struct connection *connections[4096]; /* by handle, which lastack counts upwards */
static struct tcp_pcb *listeners;
static struct netif device;
static uint64_t now_us, next_tick_us = TCP_TMR_INTERVAL * 1000;
static uint16_t last_port = FIRST_OWN_PORT;
static int mute;

/* In place of the one in the library: the tester's clock. */
u32_t sys_now(void) { return (u32_t)(now_us / 1000); }

static struct connection **slot(uint32_t handle) {
    struct connection **at = &connections[handle % 4096];
    while (*at != NULL && (*at)->handle != handle) at = &(*at)->next;
    return at;
}

static struct connection *of(uint32_t handle) { return *slot(handle); }

static struct tcp_pcb *in_list(struct tcp_pcb *list, const ip_addr_t *remote, uint16_t remote_port, uint16_t port) {
    for (; list != NULL; list = list->next)
        if (list->remote_port == remote_port && list->local_port == port && ip_addr_cmp(&list->remote_ip, remote))
            return list;
    return NULL;
}

/* What lwIP has of it, if it is more than a listener. */
static struct tcp_pcb *pcb_of(const struct connection *one) {
    struct tcp_pcb *pcb = in_list(tcp_active_pcbs, &one->remote, one->peer.port, one->port);
    return pcb != NULL ? pcb : in_list(tcp_tw_pcbs, &one->remote, one->peer.port, one->port);
}

/* ---- what lwIP tells the application */

static err_t on_text(void *arg, struct tcp_pcb *pcb, struct pbuf *text, err_t error) {
    struct connection *one = (struct connection *)arg;
    (void)pcb, (void)error;
    if (text == NULL)
        one->ended = 1;
    else
        one->unread += text->tot_len, pbuf_free(text);
    return ERR_OK;
}

static void on_error(void *arg, err_t error) {
    struct connection *one = (struct connection *)arg;
    if (error == ERR_CLSD) return; /* both directions are over, as they should be */
    one->error = error != ERR_RST ? "timeout" : one->connected ? "reset" : "refused";
    one->told = one->error;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t error) {
    (void)pcb, (void)error;
    ((struct connection *)arg)->connected = 1;
    return ERR_OK;
}

static void attach(struct connection *one, struct tcp_pcb *pcb) {
    tcp_arg(pcb, one);
    tcp_recv(pcb, on_text);
    tcp_err(pcb, on_error);
    tcp_nagle_disable(pcb);
}

/* lwIP has no queue of accepted connections: accept_one() finds the pcb. No tester sends text before that. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t error) {
    struct connection *one = (struct connection *)arg;
    if (error != ERR_OK || pcb == NULL) return ERR_VAL;
    if (one != NULL) { /* a listener of the application's own: the connection takes its place */
        attach(one, pcb);
        one->connected = 1;
        tcp_close(one->listener);
        one->listener = NULL;
    }
    return ERR_OK;
}

/* ---- the calls */

static const char *word_of(err_t error) {
    switch (error) {
    case ERR_OK: return "ok";
    case ERR_CONN: return "not_connected";
    case ERR_MEM: return "would_block";
    default: return "errno other";
    }
}

static const char *tell_error(struct connection *one, const char *otherwise) {
    const char *word = one->error != NULL ? one->error : otherwise;
    one->error = NULL;
    return word;
}

static const char *call_send(struct connection *one, struct tcp_pcb *pcb, uint32_t bytes) {
    static uint8_t text[65536];
    err_t error;
    if (one->listener != NULL) return "not_connected";
    if (pcb == NULL) return tell_error(one, "pipe"); /* also where it was never opened */
    memset(text, 'a', sizeof text);
    error = tcp_write(pcb, text, (u16_t)bytes, TCP_WRITE_FLAG_COPY);
    if (error == ERR_OK) tcp_output(pcb);
    return word_of(error);
}

static const char *call_recv(struct connection *one, struct tcp_pcb *pcb, uint32_t bytes) {
    unsigned taken = bytes < one->unread ? bytes : one->unread;
    if (one->listener != NULL || (pcb != NULL && pcb->state < ESTABLISHED)) return "not_connected";
    if (pcb == NULL) return tell_error(one, "eof");
    if (taken == 0) return one->ended || one->rd_shut ? "eof" : "would_block";
    one->unread -= taken;
    tcp_recved(pcb, (u16_t)taken);
    return "ok";
}

static const char *call_shutdown(struct connection *one, struct tcp_pcb *pcb, int rd, int wr) {
    err_t error;
    if (pcb == NULL || one->listener != NULL) return "not_connected";
    error = tcp_shutdown(pcb, rd, wr);
    if (error == ERR_OK && rd) one->rd_shut = 1;
    return word_of(error);
}

/* A listener is closed, never aborted. What has no pcb any more is only let go. */
static const char *call_close(struct connection *one, struct tcp_pcb *pcb, int hard) {
    err_t error = ERR_OK;
    if (one->listener != NULL) {
        tcp_close(one->listener);
        one->listener = NULL;
    } else if (one->fresh != NULL) {
        tcp_close(one->fresh);
        one->fresh = NULL;
    } else if (pcb != NULL) {
        tcp_err(pcb, NULL);
        tcp_recv(pcb, NULL);
        if (hard)
            tcp_abort(pcb);
        else
            error = tcp_close(pcb);
    }
    one->closed = 1;
    one->error = NULL;
    return word_of(error);
}

static struct tcp_pcb *new_pcb(struct connection *one) {
    struct tcp_pcb *pcb = tcp_new_ip_type(one->peer.ip == 6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
    ip_set_option(pcb, SOF_REUSEADDR);
    if (tcp_bind(pcb, one->peer.ip == 6 ? IP6_ADDR_ANY : IP4_ADDR_ANY, one->port) != ERR_OK) return NULL;
    return pcb;
}

static const char *call_open(struct connection *one, int listens) {
    struct tcp_pcb *pcb = one->fresh != NULL ? one->fresh : new_pcb(one);
    err_t error = ERR_OK;
    if (pcb == NULL) return "errno EADDRINUSE";
    one->fresh = NULL;
    one->error = one->told = NULL;
    one->unread = 0;
    one->ended = one->rd_shut = one->closed = one->connected = 0;
    if (listens) {
        one->listener = tcp_listen(pcb);
        tcp_arg(one->listener, one);
        tcp_accept(one->listener, on_accept);
    } else {
        attach(one, pcb);
        error = tcp_connect(pcb, &one->remote, one->peer.port, on_connected);
    }
    return word_of(error);
}

static const char *call(void *self, uint32_t handle, const char *name, uint32_t bytes) {
    struct connection *one = of(handle);
    struct tcp_pcb *pcb;
    (void)self;
    if (one == NULL) return "errno EBADF";
    pcb = pcb_of(one);
    if (strcmp(name, "send") == 0) return call_send(one, pcb, bytes);
    if (strcmp(name, "recv") == 0) return call_recv(one, pcb, bytes);
    if (strcmp(name, "close") == 0) return call_close(one, pcb, 0);
    if (strcmp(name, "abort") == 0) return call_close(one, pcb, 1);
    if (strcmp(name, "shutdown_wr") == 0) return call_shutdown(one, pcb, 0, 1);
    if (strcmp(name, "shutdown_rd") == 0) return call_shutdown(one, pcb, 1, 0);
    if (strcmp(name, "shutdown_rdwr") == 0) return call_shutdown(one, pcb, 1, 1);
    if (strcmp(name, "open") == 0) return call_open(one, 0);
    return strcmp(name, "listen") == 0 ? call_open(one, 1) : "errno ENOSYS";
}

static const char *observe(void *self, uint32_t handle) {
    const struct connection *one = of(handle);
    (void)self;
    if (one == NULL || one->closed) return "";
    return one->told != NULL ? one->told : one->ended ? "eof" : one->unread > 0 ? "data" : "";
}

/* ---- connections */

static struct connection *make(uint32_t handle, const struct lastack_peer *peer, uint16_t port) {
    struct connection *one = (struct connection *)calloc(1, sizeof *one);
    if (one == NULL) abort();
    one->handle = handle;
    one->peer = *peer;
    one->port = port;
    if (peer->ip == 6) {
        IP_ADDR6(&one->remote, 0, 0, 0, 0);
        memcpy(ip_2_ip6(&one->remote)->addr, peer->address, 16);
    } else {
        IP_ADDR4(&one->remote, peer->address[0], peer->address[1], peer->address[2], peer->address[3]);
    }
    return one;
}

static int accept_one(void *self, uint32_t handle, const struct lastack_peer *peer) {
    struct connection *one = make(handle, peer, PORT);
    struct tcp_pcb *pcb = pcb_of(one);
    (void)self;
    if (pcb == NULL || pcb->state == SYN_RCVD) return free(one), 0;
    one->connected = 1;
    attach(one, pcb);
    *slot(handle) = one;
    return 1;
}

static uint16_t fresh_socket(void *self, uint32_t handle, const struct lastack_peer *peer) {
    struct connection *one;
    (void)self;
    last_port = last_port == LAST_OWN_PORT ? FIRST_OWN_PORT : last_port + 1;
    one = make(handle, peer, last_port);
    one->fresh = new_pcb(one);
    *slot(handle) = one;
    return one->fresh == NULL ? 0 : one->port;
}

static const char *state(void *self, uint32_t handle) {
    static const char *const names[] = {"CLOSED",     "LISTEN",     "SYN_SENT",
                                        "SYN_RCVD",   "ESTABLISHED", "FIN_WAIT_1",
                                        "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING",
                                        "LAST_ACK",   "TIME_WAIT"};
    const struct connection *one = of(handle);
    const struct tcp_pcb *pcb = one == NULL ? NULL : pcb_of(one);
    (void)self;
    if (pcb != NULL) return names[pcb->state];
    return one != NULL && one->listener != NULL ? "LISTEN" : "CLOSED";
}

static void forget(void *self, uint32_t handle) {
    struct connection **at = slot(handle), *one = *at;
    struct tcp_pcb *pcb = one == NULL ? NULL : pcb_of(one);
    (void)self;
    if (one == NULL) return;
    mute = 1;
    if (pcb != NULL) {
        tcp_err(pcb, NULL);
        tcp_abort(pcb);
    }
    if (one->listener != NULL) tcp_close(one->listener);
    if (one->fresh != NULL) tcp_close(one->fresh);
    mute = 0;
    *at = one->next;
    free(one);
}

static void reset(void *self) {
    for (int i = 0; i < 4096; ++i)
        while (connections[i] != NULL) forget(self, connections[i]->handle);
    mute = 1; /* those that nobody has accepted */
    while (tcp_active_pcbs != NULL) tcp_abort(tcp_active_pcbs);
    while (tcp_tw_pcbs != NULL) tcp_abort(tcp_tw_pcbs);
    mute = 0;
}

/* What the library was compiled to cannot be changed, but it can be compared. */
static const char *setting(void *self, const char *name, const char *value) {
    static const struct {
        const char *name;
        long value;
    } compiled[] = {{"TCP_MAXRTX", TCP_MAXRTX},
                    {"TCP_SYNMAXRTX", TCP_SYNMAXRTX},
                    {"TCP_MSL", TCP_MSL},
                    {"TCP_FIN_WAIT_TIMEOUT", TCP_FIN_WAIT_TIMEOUT},
                    {"TCP_TMR_INTERVAL", TCP_TMR_INTERVAL},
                    {"TCP_QUEUE_OOSEQ", TCP_QUEUE_OOSEQ},
                    {"TF_NODELAY", 1}};
    (void)self;
    for (size_t i = 0; i < sizeof compiled / sizeof *compiled; ++i)
        if (strcmp(compiled[i].name, name) == 0)
            return strtol(value, NULL, 10) == compiled[i].value ? NULL : "the library was compiled to another value";
    return "there is no such setting";
}

/* ---- packets and time */

static void packet(void *self, const uint8_t *datagram, size_t length) {
    struct pbuf *buffer = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
    (void)self;
    if (buffer == NULL) return;
    pbuf_take(buffer, datagram, (u16_t)length);
    if (device.input(buffer, &device) != ERR_OK) pbuf_free(buffer);
}

static err_t output(struct pbuf *buffer) {
    static uint8_t bytes[65536];
    if (!mute) lastack_send(bytes, pbuf_copy_partial(buffer, bytes, 65535, 0));
    return ERR_OK;
}

static err_t output4(struct netif *from, struct pbuf *buffer, const ip4_addr_t *to) {
    return (void)from, (void)to, output(buffer);
}

static err_t output6(struct netif *from, struct pbuf *buffer, const ip6_addr_t *to) {
    return (void)from, (void)to, output(buffer);
}

static err_t prepare(struct netif *one) {
    one->mtu = 1500;
    one->output = output4;
    one->output_ip6 = output6;
    return ERR_OK;
}

static uint64_t advance(void *self, uint64_t until) {
    (void)self;
    while (next_tick_us <= until && lastack_sent() == 0) {
        now_us = next_tick_us;
        next_tick_us += TCP_TMR_INTERVAL * 1000;
        tcp_tmr();
    }
    if (lastack_sent() == 0) now_us = until;
    return now_us;
}

int main(void) {
    static const char capabilities[] =
        "name=lwIP " LWIP_VERSION_STRING "\ntime=virtual\nip4=192.0.2.1\nip6=2001:db8::1\ntester4=198.51.100.1\n"
        "tester6=2001:db8:1::1\nport=5001\nstate=yes\nobserve=yes\nsockets=yes\nconnections=200\n"
        "calls=send recv close abort shutdown_wr shutdown_rd shutdown_rdwr open listen\n";
    const struct lastack_adapter adapter = {NULL,    capabilities, packet, advance, accept_one, fresh_socket, call,
                                            observe, state,        forget, reset,   setting,    NULL};
    ip4_addr_t address, mask, gateway;
    ip_addr_t six;
    const int out = dup(1); /* lwIP prints what it asserts on standard output */
    dup2(2, 1);
    lwip_init();
    IP4_ADDR(&address, 192, 0, 2, 1);
    IP4_ADDR(&mask, 0, 0, 0, 0);
    IP4_ADDR(&gateway, 198, 51, 100, 1);
    netif_add(&device, &address, &mask, &gateway, NULL, prepare, ip_input);
    IP_ADDR6_HOST(&six, 0x20010db8, 0, 0, 1);
    netif_ip6_addr_set(&device, 0, ip_2_ip6(&six));
    netif_ip6_addr_set_state(&device, 0, IP6_ADDR_PREFERRED);
    netif_set_default(&device);
    netif_set_up(&device);
    netif_set_link_up(&device);
    listeners = tcp_new_ip_type(IPADDR_TYPE_ANY);
    tcp_bind(listeners, IP_ANY_TYPE, PORT);
    listeners = tcp_listen(listeners);
    tcp_accept(listeners, on_accept);
    return lastack_serve(&adapter, 0, out);
}
