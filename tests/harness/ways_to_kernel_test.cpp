// The kernel without a TUN device: a veth pair and a packet socket, as root, and as a user in a user namespace.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "generators/vector_json.h"
#include "tests/cli/other_user.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"

using command::Outcome;
using lastack::testing::run;

namespace {

// Closes of both sides, of both families, a JSON file each.
void write_vectors(const command::OtherUser& user) {
    int number = 0;
    for (const int ip : {4, 6}) {
        for (const auto& vector : {hand::active_close(ip), hand::passive_close(ip), hand::half_close(ip),
                                   hand::abort_call(ip), hand::peer_reset(ip)})
            user.write(std::to_string(number++) + ".json", to_json(vector));
    }
}

void check_all_confirmed(const std::string& out, const std::string& way) {
    INFO(out);
    const std::string first = std::regex_replace(out.substr(0, 300), std::regex("\\s+"), " ");  // it is wrapped
    CHECK(first.starts_with("Target: Linux "));
    CHECK(first.find(way) != std::string::npos);
    CHECK(first.find("not TUN: /dev/net/tun: ") != std::string::npos);
    CHECK(out.find("10 vectors: 10 confirmed") != std::string::npos);
}

}  // namespace

TEST_CASE("where /dev/net/tun is hidden the kernel is driven through a veth pair, and the first line says so" *
          hand::needs_kernel()) {
    const command::OtherUser files;
    write_vectors(files);
    const std::string hidden = "unshare -m sh -c 'mount -t tmpfs none /dev/net && exec \"$@\"' - ";
    int code = 1;
    if (run(hidden + "true", &code); code != 0) {
        MESSAGE("SKIPPED: where /dev/net/tun is hidden: no mount namespace");
        return;
    }
    const std::string out = run(hidden + lastack::testing::quoted(lastack::testing::command_path()) +
                                    " run --target linux " + lastack::testing::quoted(files.path().string()),
                                &code);
    check_all_confirmed(out, "veth and AF_PACKET in a network namespace of its own, not TUN");
    CHECK(code == 0);
}

TEST_CASE("a user without privileges and without TUN drives the kernel in a user namespace") {
    const command::OtherUser other;
    int opened = 1, namespaces = 1;
    run(other.as() + "sh -c 'exec 3<>/dev/net/tun'", &opened);
    run(other.as() + "unshare -Urn true", &namespaces);
    if (opened == 0 || namespaces != 0 || !other.reason().empty()) {
        MESSAGE(
            "SKIPPED: a user without privileges and without TUN: TUN is open to all, or there is no user namespace");
        return;
    }
    write_vectors(other);
    const Outcome driven = other.invoke("run --target linux " + other.path().string());
    check_all_confirmed(driven.out + driven.err,
                        "veth and AF_PACKET in a network namespace of its own (and a user namespace)");
    CHECK(driven.code == 0);
}

TEST_CASE("once the devices stand no capabilities are left but those for the network, namespaces and files" *
          hand::needs_kernel()) {
    const command::OtherUser files;
    auto vector = hand::active_close();
    vector.steps.push_back(hand::then(hand::wait("pause", {1'000'000, 1'000'000}, -1), {}, "TIME_WAIT"));
    files.write("pause.json", to_json(vector));
    const std::string seen =
        run(lastack::testing::quoted(lastack::testing::command_path()) + " run --target linux " +
            lastack::testing::quoted((files.path() / "pause.json").string()) +
            " >/dev/null & for i in $(seq 100); do grep CapPrm /proc/$!/status; sleep 0.02; done; wait");
    // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER; CAP_NET_ADMIN; CAP_SYS_ADMIN.
    CHECK_MESSAGE(seen.find("CapPrm:\t000000000020100e\n") != std::string::npos, seen);
}
