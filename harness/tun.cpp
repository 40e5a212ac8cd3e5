// See Documentation/networking/tuntap.rst of Linux.
#include "harness/tun.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/target.h"

namespace lastack {
namespace {

constexpr const char* device_file = "/dev/net/tun";
constexpr std::size_t largest_datagram = 65536;

Descriptor open_device() {
    Descriptor file(::open(device_file, O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!file.open()) throw TargetUnavailable(fmt::format("{}: {}", device_file, std::strerror(errno)));
    return file;
}

}  // namespace

void Tun::probe() { open_device(); }

Tun::Tun(const std::string& name) : file_(open_device()), room_(largest_datagram) {
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (::ioctl(file_.get(), TUNSETIFF, &request) != 0)
        throw TargetUnavailable(fmt::format("{}: TUNSETIFF: {}", device_file, std::strerror(errno)));

    const Descriptor control(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (::ioctl(control.get(), SIOCGIFINDEX, &request) != 0)
        throw TargetUnavailable(fmt::format("{}: SIOCGIFINDEX: {}", name, std::strerror(errno)));
    index_ = request.ifr_ifindex;
}

void Tun::write(const std::vector<std::uint8_t>& datagram) {
    if (::write(file_.get(), datagram.data(), datagram.size()) != static_cast<ssize_t>(datagram.size()))
        throw std::system_error(errno, std::generic_category(), "write to the TUN device");
}

bool Tun::read(std::vector<std::uint8_t>& datagram) {
    const ssize_t length = ::read(file_.get(), room_.data(), room_.size());
    if (length < 0) {
        if (errno == EAGAIN || errno == EINTR) return false;
        throw std::system_error(errno, std::generic_category(), "read from the TUN device");
    }
    datagram.assign(room_.begin(), room_.begin() + length);
    return true;
}

}  // namespace lastack
