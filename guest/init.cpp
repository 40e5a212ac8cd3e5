// The first process of a virtual machine: drives the kernel that it runs on, and switches the machine off.
//
// Idea: the target `linux` and the driver as they are, linked statically, on a kernel whose clock is virtual: while
// nothing happens the emulator jumps to the next timer, so a minute of TIME-WAIT costs a fraction of a second. The host
// (harness/vm_target.cpp) has put vectors into memory that both share (harness/vm_exchange.h) and finds runs there.
// What goes wrong is told there, too. It is process 1: nobody can be hurt but the machine, which ends with it.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/module.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/descriptor.h"
#include "harness/driver.h"
#include "harness/records.h"
#include "harness/targets.h"
#include "harness/vm_exchange.h"

namespace lastack {
namespace {

constexpr rlim_t descriptors = 1U << 20U;  // the most that the kernel gives by default

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

void mount_at(const char* type, const char* place) {
    ::mkdir(place, 0755);
    if (::mount(type, place, type, 0, nullptr) != 0) give_up(fmt::format("mount {}", place));
}

std::vector<std::string> inside(const std::string& directory) {
    std::vector<std::string> names;
    DIR* open = ::opendir(directory.c_str());
    if (open == nullptr) return names;
    while (const dirent* entry = ::readdir(open))
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    ::closedir(open);
    std::sort(names.begin(), names.end());
    return names;
}

// In the order of their names, which the host has given them. One that is built in is not there.
void load_modules() {
    for (const std::string& name : inside("/modules")) {
        const Descriptor file(::open(("/modules/" + name).c_str(), O_RDONLY | O_CLOEXEC));
        const int how = name.ends_with(".ko") ? 0 : MODULE_INIT_COMPRESSED_FILE;
        if (::syscall(SYS_finit_module, file.get(), "", how) != 0 && errno != EEXIST) give_up("module " + name);
    }
}

std::string first_line(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

// The one PCI device of QEMU's vendor number for shared memory.
VmExchange* shared_memory() {
    const std::string devices = "/sys/bus/pci/devices";
    for (const std::string& name : inside(devices)) {
        const std::string place = devices + "/" + name;
        if (first_line(place + "/vendor") != "0x1af4" || first_line(place + "/device") != "0x1110") continue;
        std::ofstream(place + "/enable") << 1;
        const Descriptor file(::open((place + "/resource2").c_str(), O_RDWR | O_CLOEXEC));
        struct stat about {};
        if (!file.open() || ::fstat(file.get(), &about) != 0) give_up("shared memory");
        void* at =
            ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
        if (at == MAP_FAILED) give_up("shared memory");
        auto* exchange = static_cast<VmExchange*>(at);
        if (exchange->signature != VmExchange::sign) throw std::runtime_error("the shared memory is not the host's");
        return exchange;
    }
    throw std::runtime_error("no device with shared memory");
}

std::vector<TestVector> vectors_in(const VmExchange& exchange) {
    std::string_view bytes(reinterpret_cast<const char*>(&exchange + 1), exchange.in_size);
    std::vector<TestVector> vectors;
    while (!bytes.empty()) vectors.push_back(take_vector(bytes));
    return vectors;
}

void put_out(VmExchange& exchange, std::string bytes, VmExchange::State state) {
    if (bytes.size() > exchange.out_room) {
        bytes = "what was seen does not fit into the shared memory";
        state = VmExchange::failed;
    }
    std::memcpy(reinterpret_cast<char*>(&exchange) + exchange.out_at, bytes.data(), bytes.size());
    exchange.out_size = bytes.size();
    exchange.state = state;
}

void drive_all(VmExchange& exchange) {
    const std::vector<TestVector> vectors = vectors_in(exchange);
    const rlimit limit{descriptors, descriptors};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    DriveOptions options;
    options.at_once = static_cast<int>(exchange.at_once);
    options.longest_us = static_cast<std::int64_t>(exchange.longest_us);
    options.slack_us = static_cast<std::int64_t>(exchange.slack_us);
    options.company = static_cast<int>(exchange.company);
    options.tries = static_cast<int>(exchange.tries);
    options.progress = [&](std::size_t done, std::size_t) { exchange.runs_done = done; };
    const auto target = make_linux_target();
    exchange.state = VmExchange::driving;
    std::string bytes;
    for (const TestRun& run : drive(*target, vectors, options)) put_record(bytes, run);
    put_out(exchange, std::move(bytes), VmExchange::done);
}

void run_guest() {
    mount_at("devtmpfs", "/dev");
    mount_at("proc", "/proc");
    mount_at("sysfs", "/sys");
    VmExchange* const exchange = shared_memory();
    try {
        load_modules();
        drive_all(*exchange);
    } catch (const std::exception& problem) {
        put_out(*exchange, problem.what(), VmExchange::failed);
    }
}

}  // namespace
}  // namespace lastack

int main() {
    try {
        lastack::run_guest();
    } catch (const std::exception& problem) {  // the kernel's console is standard error
        fmt::print(stderr, "lastack: {}\n", problem.what());
    }
    ::reboot(RB_POWER_OFF);
    return 1;
}
