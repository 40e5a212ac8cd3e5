// What the target `linux` makes is its own, and goes with it.
#include "harness/netns.h"

#include <doctest/doctest.h>
#include <net/if.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/sysctls.h"
#include "tests/harness/kernel.h"

using namespace lastack;

namespace {

std::vector<std::string> interfaces() {
    std::vector<std::string> names;
    struct if_nameindex* const all = ::if_nameindex();
    for (auto* one = all; one != nullptr && one->if_index != 0; ++one) names.emplace_back(one->if_name);
    ::if_freenameindex(all);
    return names;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// Whether any process on this machine still lives in that network namespace.
bool somebody_lives_in(const std::string& space) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::error_code ignored;
        if (std::filesystem::read_symlink(entry.path() / "ns" / "net", ignored).string() == space) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a target leaves the process in its old namespace, with its old interfaces and settings" *
          hand::needs_kernel()) {
    const std::string before = current_network_namespace();
    const auto links = interfaces();
    const std::string timeout = text_of("/proc/sys/net/ipv4/tcp_fin_timeout");
    {
        const auto target = make_linux_target();
        CHECK(current_network_namespace() != before);
        CHECK(interfaces() == std::vector<std::string>{"lo", "lastack0"});
        Setup setup;
        setup.settings = {{"tcp_fin_timeout", "7"}};
        CHECK(target->configure(setup).empty());
        CHECK(text_of("/proc/sys/net/ipv4/tcp_fin_timeout") == "7\n");
    }
    CHECK(current_network_namespace() == before);
    CHECK(interfaces() == links);
    CHECK(text_of("/proc/sys/net/ipv4/tcp_fin_timeout") == timeout);
}

TEST_CASE("two targets live one after the other and neither sees the other's device" * hand::needs_kernel()) {
    const auto first = make_linux_target();
    const std::string space = current_network_namespace();
    const auto second = make_linux_target();
    CHECK(current_network_namespace() != space);
    CHECK(interfaces() == std::vector<std::string>{"lo", "lastack0"});
}

TEST_CASE("no sysctl is written from outside of the namespace" * hand::needs_kernel()) {
    NetworkNamespace outer;
    NamespaceSysctls sysctls(outer);
    const NetworkNamespace inner;
    CHECK(sysctls.set("tcp_fin_timeout", "7").find("not written outside") != std::string::npos);
}

TEST_CASE("a process that dies with a target leaves no namespace, device or process behind" * hand::needs_kernel()) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const auto links = interfaces();
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {  // dies as a crash does: no destructor runs
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::signal(SIGABRT, SIG_DFL);
        const auto target = make_linux_target();
        const std::string space = current_network_namespace();
        static_cast<void>(!::write(pipe[1], space.data(), space.size()));
        ::abort();
    }
    ::close(pipe[1]);
    std::array<char, 512> buffer{};
    const ssize_t length = ::read(pipe[0], buffer.data(), buffer.size());
    ::close(pipe[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(length > 0);
    const std::string said(buffer.data(), static_cast<std::size_t>(length));
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
    CHECK(said.starts_with("net:["));
    CHECK_FALSE(somebody_lives_in(said));
    CHECK(interfaces() == links);
}
