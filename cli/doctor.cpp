#include "cli/doctor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "cli/provenance.h"
#include "cli/session.h"
#include "cli/shipped_specs.h"
#include "cli/verbs.h"
#include "generators/json_tree.h"
#include "harness/targets.h"
#include "report/check_text.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

struct Finding {
    std::string name, use;
    bool there = false;
    std::string what;    // where it is, or what is wrong
    std::string remedy;  // what to install or to do; empty where it is there
};

// A program that others wrote, and what it is for here.
struct Tool {
    const char *name, *program, *package, *use;
};

constexpr Tool tools[] = {
    {"spin", "spin", "spin", "counts the states of exported models"},
    {"rumur", "rumur", "rumur", "counts the states of exported models"},
    {"tshark", "tshark", "tshark", "reads the packet files that are written"},
    {"tcpdump", "tcpdump", "tcpdump", "captures what `judge` reads"},
    {"graphviz", "dot", "graphviz", "draws what `graph` and `export --as dot` write"},
    {"qemu", "qemu-system-x86_64", "qemu-system-x86", "another kernel in an emulator"},
    {"packetdrill", "packetdrill", "", "plays what `generate --as packetdrill` writes"},
};

std::string program_on_path(const std::string& program) {
    const char* const path = std::getenv("PATH");
    std::istringstream places(path == nullptr ? "" : path);
    for (std::string place; std::getline(places, place, ':');) {
        const std::string file = (place.empty() ? "." : place) + "/" + program;
        if (::access(file.c_str(), X_OK) == 0) return file;
    }
    return "";
}

Finding tool_there(const Tool& tool) {
    Finding found{tool.name, tool.use, false, program_on_path(tool.program), ""};
    found.there = !found.what.empty();
    if (found.there) return found;
    found.what = fmt::format("no program {}", tool.program);
    found.remedy =
        *tool.package == '\0' ? "Debian has no package of it" : std::string("apt-get install ") + tool.package;
    return found;
}

// An adapter that was built with the command, or installed with it.
Finding adapter_there(const std::string& name, const std::string& package, const std::string& use) {
    Finding found{name, use, false, "", ""};
    const fs::path here = command_directory();
    std::error_code unknown;
    for (const char* place : {"adapter", "../libexec/lastack"}) {
        const fs::path file = (here / place / name).lexically_normal();
        if (!fs::exists(file, unknown)) continue;
        found.there = true;
        found.what = "--target exec:" + file.string();
        return found;
    }
    found.what = "its adapter was not built";
    found.remedy = fmt::format("apt-get install {}, and build again", package);
    return found;
}

Finding tun_there() {
    Finding found{"tun", "packets in and out of the kernel", false, "", ""};
    const char* const device = "/dev/net/tun";
    const int opened = ::open(device, O_RDWR | O_CLOEXEC);
    found.there = opened >= 0;
    const std::string trouble = std::error_code(errno, std::generic_category()).message();
    if (opened >= 0) ::close(opened);
    found.what = found.there ? device : fmt::format("{}: {}", device, trouble);
    if (!found.there)
        found.remedy =
            "modprobe tun; in a container: --device /dev/net/tun; as another user: chmod 666 " + std::string(device);
    return found;
}

Finding kernel_there(const Finding& tun) {
    Finding found{"linux", "drive the running kernel (--target linux)", false, "", ""};
    try {
        found.what = make_linux_target()->description();
        found.there = true;
    } catch (const TargetUnavailable& error) {
        found.what = error.what();
        found.remedy = !tun.there ? tun.remedy
                       : ::geteuid() == 0
                           ? "in a container: --cap-add NET_ADMIN --cap-add SYS_ADMIN"
                           : "run as root, or allow user namespaces: sysctl user.max_user_namespaces=1000 "
                             "kernel.unprivileged_userns_clone=1";
    }
    return found;
}

// What of the three it lacks is said: an image of a kernel, the emulator, the first process of the machine.
Finding machine_there() {
    Finding found{"linux-vm", "drive a kernel in a virtual machine", false, "", ""};
    try {
        found.what = make_vm_target("")->description();
        found.there = true;
    } catch (const TargetUnavailable& error) {
        found.what = error.what();
        found.remedy = "in a checkout: ./dev setup vm; elsewhere a kernel's package, and qemu-system-x86";
    }
    return found;
}

Finding specs_there() {
    Finding found{"specs", "the profiles that come with it", true, shipped_specs(), ""};
    found.there = !found.what.empty();
    if (found.there) return found;
    found.what = "neither in a checkout nor installed";
    found.remedy = "install with `cmake --install`, or name spec files by their paths";
    return found;
}

std::vector<Finding> findings() {
    std::vector<Finding> all{specs_there()};
    all.push_back(adapter_there("lwip", "liblwip-dev", "drive lwIP"));
    all.push_back(adapter_there("slirp", "libslirp-dev", "drive libslirp"));
    all.push_back(adapter_there("gvisor", "golang-go golang-gvisor-gvisor-dev", "drive gVisor's netstack"));
    all.push_back(machine_there());
    for (const Tool& tool : tools) all.push_back(tool_there(tool));
    const Finding tun = tun_there();
    all.insert(all.begin(), tun);
    all.insert(all.begin(), kernel_there(tun));  // the last look: it may leave this process in a user namespace
    return all;
}

std::string text_of(const std::vector<Finding>& all) {
    std::string text;
    for (const Finding& one : all) {
        const std::string head = fmt::format("  {:<4} {:<12} ", one.there ? "yes" : "no", one.name);
        const std::string words = one.there ? fmt::format("{}: {}", one.use, one.what)
                                            : fmt::format("{}: {}; {}", one.use, one.what, one.remedy);
        text += head + wrapped(words, head.size(), head.size()) + "\n";
    }
    return text;
}

JsonTree json_of(const std::vector<Finding>& all) {
    JsonTree list = JsonTree::array();
    for (const Finding& one : all) {
        JsonTree tree = JsonTree::object();
        tree.set("name", one.name).set("there", one.there).set("for", one.use).set("what", one.what);
        if (!one.remedy.empty()) tree.set("remedy", one.remedy);
        list.add(std::move(tree));
    }
    JsonTree tree = JsonTree::object();
    set_provenance(tree, nullptr);
    return std::move(tree.set("findings", std::move(list)));
}

}  // namespace

std::vector<std::string> doctor_names() {
    std::vector<std::string> names{"linux", "tun", "specs", "lwip", "slirp", "gvisor", "linux-vm"};
    for (const Tool& tool : tools) names.emplace_back(tool.name);
    return names;
}

int doctor_verb(const DoctorArguments& arguments) {
    const std::vector<Finding> all = findings();
    std::vector<std::string> missing;
    for (const Finding& one : all) {
        const auto& required = arguments.required;
        const bool wanted = std::find(required.begin(), required.end(), one.name) != required.end();
        if (wanted && !one.there) missing.push_back(one.name);
    }
    const bool kernel = all.front().there;
    if (arguments.json) {
        std::fputs(json_of(all).text().c_str(), stdout);
    } else {
        fmt::print("lastack {} on {}\n{}", version, running_kernel(), text_of(all));
        if (!kernel) fmt::print("Without a kernel to drive, `gate` plays the profile itself (sim) and says so.\n");
    }
    if (!missing.empty()) {
        std::fflush(stdout);
        complain(fmt::format("lastack: required, and not here: {}", fmt::join(missing, ", ")));
        return exit_limit;
    }
    return kernel || !arguments.required.empty() ? exit_ok : exit_skipped;
}

}  // namespace lastack
