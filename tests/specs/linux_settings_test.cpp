// What the profile linux makes of the kernel's sysctls. The figures are of runs on Linux 6.18 and of net/ipv4.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "model/system.h"
#include "tests/places.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

Spec linux_with(const std::vector<std::string>& settings) {
    return read_spec(lastack::testing::source_dir() + "/specs/linux.spec", "linux", settings);
}

int limit_with(const std::vector<std::string>& settings, const std::string& limit) {
    return linux_with(settings).profile("linux")->fixed_value(limit).value();
}

std::pair<double, double> fin_wait_2_with(const std::string& setting) {
    const Spec spec = linux_with({setting});
    const Profile& profile = *spec.profile("linux");
    const TimerDecl& timer = profile.timers.at(static_cast<std::size_t>(profile.timer("fin_wait_2")));
    return {static_cast<double>(timer.earliest_us) / 1e6, static_cast<double>(timer.latest_us) / 1e6};
}

}  // namespace

TEST_CASE("how often an orphan of Linux sends its FIN again, for each tcp_orphan_retries") {
    // FINs that were seen, the first one not counted: N=1: 2, N=2: 3, N=3: 3 or 4, N=8: 8.
    struct Row {
        std::string setting;
        int least, most;
    };
    for (const Row& row :
         {Row{"tcp_orphan_retries=1", 2, 2}, Row{"tcp_orphan_retries=2", 2, 3}, Row{"tcp_orphan_retries=3", 3, 4},
          Row{"tcp_orphan_retries=8", 8, 9}, Row{"tcp_orphan_retries=0", 8, 9}, Row{"tcp_orphan_retries=15", 15, 16}}) {
        CAPTURE(row.setting);
        CHECK(limit_with({row.setting}, "orphan_least") == row.least);
        CHECK(limit_with({row.setting}, "orphan_n") + 1 == row.most);
        CHECK(limit_with({row.setting, "tcp_retries2=0"}, "retries") == row.most);
    }
}

TEST_CASE("while the application is there tcp_retries2 counts, and 0 does not mean 8") {
    CHECK(limit_with({"tcp_retries2=3"}, "user_least") == 3);
    CHECK(limit_with({"tcp_retries2=0"}, "user_least") == 1);
    CHECK(limit_with({"tcp_retries2=15"}, "retries") == 16);
}

TEST_CASE("a tail-loss probe counts as one more, where the kernel sends one") {
    CHECK(limit_with({"tcp_sack=1"}, "retries") == 3);
    CHECK(limit_with({"tcp_sack=1"}, "orphan_least") == 3);
    CHECK(limit_with({"tcp_sack=1", "tcp_early_retrans=0"}, "retries") == 2);
}

TEST_CASE("FIN-WAIT-2 lasts tcp_fin_timeout up to a minute, and above it what is more, twice") {
    // A late timer of the kernel is late by an eighth at most. Seen, both times: 5 s: 5.3, 61 s: 2.1, 70 s: 20.5, 90
    // s: 60.9.
    CHECK(fin_wait_2_with("tcp_fin_timeout=1").first == 1);
    CHECK(fin_wait_2_with("tcp_fin_timeout=5") == std::pair{5.0, 5.825});
    CHECK(fin_wait_2_with("tcp_fin_timeout=60") == std::pair{60.0, 67.7});
    CHECK(fin_wait_2_with("tcp_fin_timeout=61").first == 1);
    CHECK(fin_wait_2_with("tcp_fin_timeout=70").first == 10);
    CHECK(fin_wait_2_with("tcp_fin_timeout=90") == std::pair{30.0, 33.95});
    CHECK(fin_wait_2_with("tcp_fin_timeout=120").first == 60);
}

TEST_CASE("the account takes tcp_orphan_retries for a count") {
    const auto retries = [](const std::string& setting) {
        const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/account.spec", "account", {setting});
        return spec.profile("account")->fixed_value("retries").value();
    };
    CHECK(retries("tcp_orphan_retries=1") == 1);
    CHECK(retries("tcp_orphan_retries=3") == 3);
}

TEST_CASE("with tcp_rfc1337 a reset does not end TIME-WAIT") {
    const Spec spec = linux_with({});
    const Profile& profile = *spec.profile("linux");
    EndState end = plain_initial(profile);
    end.state = profile.state("TIME_WAIT");
    end.armed.at(static_cast<std::size_t>(profile.timer("time_wait"))) = true;
    const Input reset{Trigger::segment, "", testing::rst(1)};  // SEQ is RCV.NXT
    const auto state_after = [&](int rfc1337) {
        const std::vector<Reaction> ways =
            plain_react(profile, limits_of(profile, {{"tcp_rfc1337", rfc1337}}), end, reset);
        REQUIRE(ways.size() == 1);
        return profile.states.at(static_cast<std::size_t>(ways[0].after.state)).name;
    };
    CHECK(state_after(0) == "CLOSED");
    CHECK(state_after(1) == "TIME_WAIT");
}
