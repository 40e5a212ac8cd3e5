// The running kernel as a target, for tests that are skipped, visibly, where it may not be driven.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

#include "harness/targets.h"

namespace hand {

// Why the kernel cannot be driven here; empty where it can. Tried once, in a child, so that nothing of it stays.
inline const std::string& no_kernel() {
    static const std::string reason = []() -> std::string {
        if (::geteuid() != 0) return "not root, and the test program could not leave a user namespace again";
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return "no pipe";
        const pid_t child = ::fork();
        if (child == 0) {
            std::string said;
            try {
                if (lastack::make_linux_target()->description().find("user namespace") != std::string::npos)
                    said = "only in a user namespace, which the test program could not leave again";
            } catch (const std::exception& problem) {
                said = problem.what();
            }
            static_cast<void>(!::write(ends[1], said.data(), said.size()));
            ::_exit(0);
        }
        ::close(ends[1]);
        std::array<char, 512> text{};
        const ssize_t length = ::read(ends[0], text.data(), text.size());
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
        return {text.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
    }();
    return reason;
}

// A decorator for test cases: doctest counts them as skipped.
inline doctest::skip needs_kernel() { return doctest::skip(!no_kernel().empty()); }

}  // namespace hand
