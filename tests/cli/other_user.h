// The command as a user without privileges runs it, from wherever the checkout lies and whatever its modes are.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/places.h"

namespace command {

// Where the tests run as root: another user, who gets a copy of the command and of the small spec. Else: who runs the
// tests.
class OtherUser {
public:
    enum class Namespaces { as_they_are, denied };

    explicit OtherUser(Namespaces namespaces = Namespaces::as_they_are) {
        namespace fs = std::filesystem;
        if (geteuid() == 0) as_ = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        if (namespaces == Namespaces::denied) deny_namespaces();
        fs::permissions(here_.path(), fs::perms::all);
        fs::copy_file(lastack::testing::command_path(), here_.path() / "lastack");
        fs::copy_file(lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec", here_.path() / "one_way.spec");
        for (const char* name : {"lastack", "one_way.spec"})
            fs::permissions(here_.path() / name, fs::perms::others_read | fs::perms::others_exec,
                            fs::perm_options::add);
        const Outcome tried = invoke("--version");
        if (tried.code != 0) reason_ = "another user cannot run the command: " + lines_of(tried.err + "?").front();
    }

    // Why there is no such user here; empty where there is.
    const std::string& reason() const { return reason_; }
    // A word in front of another command.
    const std::string& as() const { return as_; }
    // A file that this user can read, as a word of a shell command.
    std::string write(const std::string& name, const std::string& text) const {
        return lastack::testing::quoted(here_.write(name, text));
    }
    const std::filesystem::path& path() const { return here_.path(); }

    Outcome invoke(const std::string& arguments) const {
        const std::string errors = here_.write("err", "");
        Outcome outcome;
        outcome.out = lastack::testing::run(as_ + lastack::testing::quoted((here_.path() / "lastack").string()) + " " +
                                                arguments + " </dev/null 2>" + lastack::testing::quoted(errors),
                                            &outcome.code);
        outcome.err = lastack::testing::read_file(errors);
        return outcome;
    }

private:
    // A user namespace that lets no other be made inside, without capabilities in it. Where there are none at all that
    // is not needed.
    void deny_namespaces() {
        int made = 1;
        lastack::testing::run(as_ + "unshare -Ur true", &made);
        if (made == 0)
            as_ += "unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && "
                   "exec setpriv --bounding-set=-all \"$@\"' - ";
    }

    lastack::testing::TemporaryDirectory here_;
    std::string as_, reason_;
};

}  // namespace command
