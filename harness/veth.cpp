#include "harness/veth.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/rtnetlink.h"
#include "harness/target.h"

namespace lastack {
namespace {

// 16,384 packets: more than a thousand connections send before we look.
constexpr unsigned block_size = 1U << 16U, block_count = 512, frame_size = 2048;
constexpr unsigned frame_count = block_size / frame_size * block_count;
constexpr std::size_t ring_size = std::size_t{block_size} * block_count;

[[noreturn]] void unavailable(const std::string& what) {
    throw TargetUnavailable(fmt::format("{}: {}", what, std::strerror(errno)));
}

ifreq request_for(const std::string& name) {
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    return request;
}

// What a card would do with a packet later has to be done before it is read here: its checksum, and the cutting of long
// ones.
void do_all_at_once(int control, const std::string& name) {
    for (const std::uint32_t command : {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO}) {
        ethtool_value off{command, 0};
        ifreq request = request_for(name);
        request.ifr_data = reinterpret_cast<char*>(&off);
        if (::ioctl(control, SIOCETHTOOL, &request) != 0 && command == ETHTOOL_STXCSUM)
            unavailable(name + ": checksums cannot be asked for");
    }
}

int set_up(int control, const std::string& name, bool up) {
    do_all_at_once(control, name);
    ifreq request = request_for(name);
    if (::ioctl(control, SIOCGIFFLAGS, &request) != 0) unavailable(name + ": SIOCGIFFLAGS");
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_NOARP | (up ? IFF_UP : 0));
    if (::ioctl(control, SIOCSIFFLAGS, &request) != 0) unavailable(name + ": SIOCSIFFLAGS");
    if (::ioctl(control, SIOCGIFINDEX, &request) != 0) unavailable(name + ": SIOCGIFINDEX");
    return request.ifr_ifindex;
}

}  // namespace

VethPair::VethPair(const std::string& name) {
    const std::string far = name + "-far";
    RouteSocket().add_veth_pair(name, far);
    const Descriptor control(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    near_ = set_up(control.get(), name, false);
    far_ = set_up(control.get(), far, true);
    ifreq request = request_for(name);
    if (::ioctl(control.get(), SIOCGIFHWADDR, &request) != 0) unavailable(name + ": SIOCGIFHWADDR");
    std::memcpy(address_.data(), request.ifr_hwaddr.sa_data, ETH_ALEN);
    open_ring();
}

void VethPair::open_ring() {
    // Nothing is received before it is bound.
    socket_ = Descriptor(::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_.open()) unavailable("socket(AF_PACKET)");
    const tpacket_req ring{block_size, block_count, frame_size, frame_count};
    const int version = TPACKET_V2;
    if (::setsockopt(socket_.get(), SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
        ::setsockopt(socket_.get(), SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0)
        unavailable("PACKET_RX_RING");
    ring_ = ::mmap(nullptr, ring_size, PROT_READ | PROT_WRITE, MAP_SHARED, socket_.get(), 0);
    if (ring_ == MAP_FAILED) unavailable("the ring of packets");
    sockaddr_ll place{};
    place.sll_family = AF_PACKET;
    place.sll_protocol = htons(ETH_P_ALL);
    place.sll_ifindex = far_;
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0)
        unavailable("bind(AF_PACKET)");
}

VethPair::~VethPair() {
    ::munmap(ring_, ring_size);
    try {
        RouteSocket().remove_link(near_);
    } catch (const TargetUnavailable&) {  // the namespace takes it with it
    }
}

void VethPair::write(const std::vector<std::uint8_t>& datagram) {
    const bool six = !datagram.empty() && datagram[0] >> 4U == 6;
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(six ? ETH_P_IPV6 : ETH_P_IP);
    to.sll_ifindex = far_;
    to.sll_halen = ETH_ALEN;
    std::memcpy(to.sll_addr, address_.data(), ETH_ALEN);
    if (::sendto(socket_.get(), datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to) != static_cast<ssize_t>(datagram.size()))
        throw std::system_error(errno, std::generic_category(), "send to the packet socket");
}

// The ring has a hole where a frame was not for us: what we have sent ourselves, and what is no IP.
bool VethPair::read(std::vector<std::uint8_t>& datagram) {
    for (;;) {
        char* const frame = static_cast<char*>(ring_) + std::size_t{next_} * frame_size;
        auto& head = *reinterpret_cast<tpacket2_hdr*>(frame);
        std::atomic_ref<std::uint32_t> status(head.tp_status);
        if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
        const auto& from = *reinterpret_cast<const sockaddr_ll*>(frame + TPACKET_ALIGN(sizeof(tpacket2_hdr)));
        const bool ours = from.sll_pkttype == PACKET_OUTGOING;
        const bool ip = from.sll_protocol == htons(ETH_P_IP) || from.sll_protocol == htons(ETH_P_IPV6);
        if (!ours && ip) datagram.assign(frame + head.tp_net, frame + head.tp_net + head.tp_snaplen);
        status.store(TP_STATUS_KERNEL, std::memory_order_release);
        next_ = next_ + 1 == frame_count ? 0 : next_ + 1;
        if (!ours && ip) return true;
    }
}

}  // namespace lastack
