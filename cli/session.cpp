#include "cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <new>

#include "checker/liveness.h"
#include "generators/itf.h"
#include "generators/vector_json.h"
#include "harness/target.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::atomic<bool> interrupt_seen{false};

void on_interrupt(int signal) {
    if (interrupt_seen.exchange(true)) std::_Exit(128 + signal);  // the second one does not wait
}

constexpr std::size_t terminal_columns = 79;  // a longer line would leave its beginning behind
constexpr auto redraw = std::chrono::milliseconds(100);

}  // namespace

void watch_for_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;  // reading the spec and writing the report must not fail half-way
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_seen.load(std::memory_order_relaxed); }

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::activity(const std::string& what) {
    activity_ = what;
    began_ = std::chrono::steady_clock::now();
    last_ = began_;
}

void ProgressLine::states(const Progress& so_far) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - last_ < redraw) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const auto millions = [](std::uint64_t count) { return static_cast<double>(count) / 1e6; };
    const std::string of = so_far.expected > so_far.states ? fmt::format(" of ~{:.0f}", millions(so_far.expected)) : "";
    show(clipped(fmt::format("{}: {:.1f}{} M states, {:.1f} M/s, {:.1f} M waiting, depth {}, {:.2f} GB", activity_,
                             millions(so_far.states), of, millions(so_far.states) / seconds, millions(so_far.waiting),
                             so_far.depth, static_cast<double>(so_far.bytes) / 1e9),
                 terminal_columns));
}

void ProgressLine::runs(std::size_t done, std::size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - last_ < redraw) return;
    last_ = now;
    show(fmt::format("driving: {} of {} vectors done", done, all));
}

void ProgressLine::clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
}

int guarded(const std::function<int()>& verb) {
    const auto complain = [](const std::string& text, int code) {
        std::fprintf(stderr, "%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
        return code;
    };
    try {
        const int code = verb();
        // A report that nobody got is no success: a full disk, a closed pipe that
        // is ignored.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
            return complain("lastack: standard output cannot be written", exit_bad_input);
        return code;
    } catch (const UsageError& error) {
        return complain(std::string("lastack: ") + error.what(), exit_usage);
    } catch (const SpecError& error) {
        return complain(error.what(), exit_bad_input);
    } catch (const ModelError& error) {
        return complain(std::string("lastack: the profile breaks its own declarations: ") + error.what(),
                        exit_bad_input);
    } catch (const TraceFormatError& error) {
        return complain(std::string("lastack: not a trace: ") + error.what(), exit_bad_input);
    } catch (const CheckpointError& error) {
        return complain(std::string("lastack: ") + error.what(), exit_bad_input);
    } catch (const VectorFormatError& error) {
        return complain(std::string("lastack: not a test vector: ") + error.what(), exit_bad_input);
    } catch (const TargetUnavailable& error) {
        return complain(std::string("lastack: skipped: ") + error.what(), exit_skipped);
    } catch (const std::length_error& error) {
        return complain(std::string("lastack: too large: ") + error.what(), exit_limit);
    } catch (const std::bad_alloc&) {
        return complain("lastack: out of memory", exit_limit);
    } catch (const std::filesystem::filesystem_error& error) {
        return complain(fmt::format("lastack: {}: {}", error.path1().string(), error.code().message()), exit_bad_input);
    } catch (const std::exception& error) {
        return complain(std::string("lastack: internal error: ") + error.what(), exit_internal);
    }
}

int exit_code_of(const CheckReport& report) {
    if (report.claims.empty()) return exit_vacuous;  // nothing was asked, so nothing was answered
    int code = exit_ok;
    for (const CheckResult& result : report.claims) {
        if (result.as_expected) continue;
        if (result.answer == Answer::unknown) {
            if (code == exit_ok) code = exit_limit;
        } else if (result.claim->kind == Claim::Kind::ends) {
            if (code != exit_safety) code = exit_deadlock;
        } else if (result.vacuous() && !result.trace) {
            if (code == exit_ok) code = exit_vacuous;
        } else if (result.claim->kind == Claim::Kind::recoverable || is_liveness(result.claim->kind)) {
            if (code != exit_safety && code != exit_deadlock) code = exit_liveness;
        } else {
            code = exit_safety;
        }
    }
    return code;
}

void write_file(const std::string& path, const std::string& content) {
    const std::string partial = path + ".partial";
    {
        std::ofstream out(partial, std::ios::binary);
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!out.flush()) {
            throw std::filesystem::filesystem_error("cannot write", path,
                                                    std::error_code(errno, std::generic_category()));
        }
    }
    std::filesystem::rename(partial, path);
}

}  // namespace lastack
