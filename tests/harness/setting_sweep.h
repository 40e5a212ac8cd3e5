// A sweep over settings: for each set of values the profile linux says what happens, and the kernel, configured to the
// same values, is driven to see it.
//
// Each configuration has a process and a network namespace of its own, so all of them wait at the same time: the sweep
// takes as long as its longest vector. Waiting for ends: a child ends when its vectors have verdicts.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "generators/suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/places.h"

namespace lastack::testing {

using Settings = std::vector<std::string>;  // NAME=VALUE

// What the first issue on settings asks for.
inline std::vector<Settings> settings_to_sweep() {
    return {{"tcp_orphan_retries=1"},
            {"tcp_orphan_retries=0"},
            {"tcp_orphan_retries=2"},
            {"tcp_orphan_retries=3"},
            {"tcp_orphan_retries=8"},
            {"tcp_retries2=3"},
            {"tcp_fin_timeout=5"},
            {"tcp_fin_timeout=90"},
            {"tcp_rfc1337=1"},
            {"tcp_sack=1"},
            {"tcp_sack=1", "tcp_orphan_retries=2"},
            {"tcp_timestamps=1"},
            {"tcp_sack=1", "tcp_timestamps=1", "tcp_retries2=2"}};
}

// Each way to give up, FIN-WAIT-2 and TIME-WAIT: what settings have a part in. A claim that ends in `-early` is the
// other way to keep the one without it: the kernel takes one of the two.
inline const char* sweep_text() {
    return R"(use "specs/linux.spec"
system vanish "nobody hears A"
  ends linux A, linux B
  network 1 loses
  calls A { close shutdown_wr } B { close }
  limit data = 0 limit buffer = 0 limit repack = 0 limit uto = 0
system twice "a FIN may come twice"
  ends linux A, linux B
  network 1 duplicates
  calls A { close } B { close }
  limit data = 0 limit buffer = 0 limit repack = 0 limit uto = 0
claim orphan "a FIN of a closed descriptor is given up" on vanish
  assuming not B gets [seg.fin] and not A calls shutdown_wr
  reachable A in FIN_WAIT_1 and A fires give_up
claim orphan-early "the same, one expiry sooner" on vanish
  assuming not B gets [seg.fin] and not A calls shutdown_wr
  reachable A in FIN_WAIT_1 and A fires give_up_early
claim user "a FIN of an application that is there is given up" on vanish
  assuming not B gets [seg.fin] and not A calls close
  reachable A in FIN_WAIT_1 and A fires give_up
claim user-early "the same, one expiry sooner" on vanish
  assuming not B gets [seg.fin] and not A calls close
  reachable A in FIN_WAIT_1 and A fires give_up_early
claim last "the passive side gives up" on vanish
  assuming not B gets [seg.fin] and not A calls shutdown_wr
  reachable A in LAST_ACK and A fires give_up
claim last-early "the same, one expiry sooner" on vanish
  assuming not B gets [seg.fin] and not A calls shutdown_wr
  reachable A in LAST_ACK and A fires give_up_early
claim fin_wait_2 "FIN-WAIT-2 of an orphan ends" on vanish
  assuming not A calls shutdown_wr
  reachable A in FIN_WAIT_2 then A fires orphan_over
claim assassin "an exact reset comes in TIME-WAIT" on twice
  reachable A in TIME_WAIT and A gets [seg.rst and seg.seq == rcv_nxt]
)";
}

struct SweepRow {
    Settings settings;
    std::string claim;
    int ip = 4;
    Verdict verdict = Verdict::error;
    double seconds = 0;
    std::string reason;
    int attempt = 1;
};

inline std::vector<TestVector> sweep_vectors(const Settings& settings) {
    const std::string place = lastack::testing::source_dir() + "/sweep.spec";
    const Spec spec = parse_spec(sweep_text(), place, "linux", settings);
    SuiteOptions options;
    options.iut = "A";
    return make_suite(spec, check(spec, {}), options).vectors;
}

// Those that may take no longer than `longest` seconds; the others are skipped.
inline std::vector<SweepRow> drive_sweep(Target& target, const Settings& settings,
                                         const std::vector<TestVector>& vectors, double longest) {
    DriveOptions options;
    options.longest_us = static_cast<std::int64_t>(longest * 1e6);
    const std::vector<TestRun> runs = drive(target, vectors, options);
    std::vector<SweepRow> rows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const VectorClaim& claim : vectors[i].claims) {
            rows.push_back({settings, claim.id, vectors[i].ip, runs[i].verdict,
                            static_cast<double>(runs[i].duration_us) / 1e6, runs[i].reason});
        }
    }
    return rows;
}

// One row as a line, for the pipe from a child.
inline std::string to_line(const SweepRow& row) {
    return fmt::format("{}\t{}\t{}\t{}\t{:.2f}\t{}\n", fmt::join(row.settings, " "), row.claim, row.ip,
                       static_cast<int>(row.verdict), row.seconds, row.reason);
}

inline SweepRow from_line(const std::string& line) {
    std::vector<std::string> parts;
    std::istringstream in(line);
    for (std::string part; std::getline(in, part, '\t');) parts.push_back(part);
    parts.resize(6);
    SweepRow row;
    std::istringstream words(parts[0]);
    for (std::string word; words >> word;) row.settings.push_back(word);
    row.claim = parts[1];
    row.ip = parts[2] == "6" ? 6 : 4;
    row.verdict = parts[3].empty() ? Verdict::error : static_cast<Verdict>(std::stoi(parts[3]));
    row.seconds = parts[4].empty() ? 0 : std::stod(parts[4]);
    row.reason = parts[5];
    return row;
}

// Every configuration against the running kernel, all at once. A child that cannot drive it gives one row of an error.
inline std::vector<SweepRow> sweep_once(const std::vector<Settings>& configurations, double longest) {
    std::vector<std::vector<TestVector>> vectors;  // made before anything is timed
    for (const Settings& settings : configurations) vectors.push_back(sweep_vectors(settings));
    std::vector<std::pair<pid_t, int>> children;
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        const Settings& settings = configurations[i];
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) break;
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            std::string text;
            try {
                const auto target = make_linux_target();
                for (const SweepRow& row : drive_sweep(*target, settings, vectors[i], longest)) text += to_line(row);
            } catch (const std::exception& error) {
                SweepRow row{settings, "none", 4, Verdict::error, 0, error.what()};
                std::replace(row.reason.begin(), row.reason.end(), '\n', ' ');
                text += to_line(row);
            }
            for (std::size_t sent = 0; sent < text.size();) {
                const ssize_t some = ::write(ends[1], text.data() + sent, text.size() - sent);
                if (some <= 0) break;
                sent += static_cast<std::size_t>(some);
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        children.emplace_back(child, ends[0]);
    }
    std::vector<SweepRow> rows;
    for (const auto& [child, from] : children) {
        std::string text;
        std::array<char, 4096> part{};
        for (ssize_t some = 0; (some = ::read(from, part.data(), part.size())) > 0;)
            text.append(part.data(), static_cast<std::size_t>(some));
        ::close(from);
        ::waitpid(child, nullptr, 0);
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) rows.push_back(from_line(line));
    }
    return rows;
}

// What is not as the profile with these settings says: a failure, an error, and a claim of which no way was taken. What
// takes longer than was allowed for is no fault where the other way passed.
inline std::vector<std::string> faults_of(const std::vector<SweepRow>& rows) {
    std::vector<std::string> faults;
    std::map<std::string, bool> kept;
    for (const SweepRow& row : rows) {
        std::string claim = row.claim;
        if (claim.ends_with("-early")) claim.resize(claim.size() - 6);
        const std::string name = fmt::format("{}: {} over IPv{}", fmt::join(row.settings, " "), claim, row.ip);
        if (row.verdict == Verdict::fail || row.verdict == Verdict::error)
            faults.push_back(fmt::format("{}: {}: {}", name, to_string(row.verdict), row.reason));
        kept[name] |= row.verdict == Verdict::pass;
    }
    for (const auto& [name, passed] : kept) {
        if (!passed) faults.push_back(name + ": no way of it was confirmed");
    }
    return faults;
}

// The same; a configuration with a fault is driven again, up to `tries` times in all, and the last try counts. A tester
// that did not get the processor for some hundredths of a second takes a segment for late, and the next one for early.
inline std::vector<SweepRow> sweep(const std::vector<Settings>& configurations, double longest, int tries = 3) {
    std::vector<SweepRow> rows = sweep_once(configurations, longest);
    for (int attempt = 2; attempt <= tries; ++attempt) {
        std::vector<Settings> again;
        for (const Settings& settings : configurations) {
            std::vector<SweepRow> own = rows;
            std::erase_if(own, [&](const SweepRow& row) { return row.settings != settings; });
            if (!faults_of(own).empty()) again.push_back(settings);
        }
        if (again.empty()) break;
        std::erase_if(rows, [&](const SweepRow& row) {
            return std::find(again.begin(), again.end(), row.settings) != again.end();
        });
        for (SweepRow& row : sweep_once(again, longest)) {
            row.attempt = attempt;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

inline std::string sweep_table(const std::vector<SweepRow>& rows) {
    std::string text;
    for (const SweepRow& row : rows) {
        text += fmt::format("  {:<44} {:<13} IPv{} {:<12} {:>7.2f} s  {}{}\n",
                            fmt::format("{}", fmt::join(row.settings, " ")), row.claim, row.ip, to_string(row.verdict),
                            row.seconds, row.attempt > 1 ? fmt::format("(try {}) ", row.attempt) : "", row.reason);
    }
    return text;
}

}  // namespace lastack::testing
