// What is installed works where it was installed: the command finds its specs, and a program of somebody else finds the
// library. And `doctor` says what is there.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/cli/other_user.h"
#include "tests/places.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using command::has;
using command::invoke;
using lastack::testing::installed;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;

namespace {

const std::string build_dir = fs::path(lastack::testing::command_path()).parent_path().string();

std::string install(const TemporaryDirectory& here, const std::string& component) {
    const std::string prefix = (here.path() / "prefix").string();
    int code = -1;
    const std::string printed = run("cmake --install " + quoted(build_dir) + " --strip --component " + component +
                                        " --prefix " + quoted(prefix),
                                    &code);
    CHECK_MESSAGE(code == 0, printed);
    return prefix;
}

}  // namespace

TEST_CASE("the installed command finds its specs, has a manual page and completions, and nothing else is needed") {
    const TemporaryDirectory here;
    const std::string prefix = install(here, "runtime"), command = quoted(prefix + "/bin/lastack");
    for (const std::string file :
         {"share/lastack/specs/linux.spec", "share/man/man1/lastack.1", "share/doc/lastack/LICENSE",
          "share/bash-completion/completions/lastack", "share/zsh/vendor-completions/_lastack",
          "share/fish/vendor_completions.d/lastack.fish"})
        CHECK_MESSAGE(fs::exists(prefix + "/" + file), file);
    CHECK_FALSE(fs::exists(prefix + "/include"));  // of the other component
    // The model for pages is there where it was built, and then in a report of the installed command.
    const bool has_model = fs::exists(build_dir + "/page/lastack-explorer.js");
    CHECK(fs::exists(prefix + "/share/lastack/lastack-explorer.js") == has_model);
    CHECK(has(run("cd / && " + command + " check linux --claim W05-one --report html=- 2>&1"), "lastackPacked") ==
          has_model);
    int code = -1;
    CHECK(
        has(run("cd / && " + command + " gate linux --quiet --target sim --claim W05-one", &code), "ok: linux on sim"));
    CHECK(code == 0);
    for (const std::string name : {"linux.spec", "specs/linux.spec"})
        CHECK(has(run("cd / && " + command + " step " + name + " --system polite </dev/null"),
                  "profiles linux and linux"));
    CHECK(has(run("cd / && " + command + " doctor"), "share/lastack/specs"));
    CHECK(has(run("cd / && " + command + " check nothing"), "nothing"));
}

TEST_CASE("the installed command has the first process of a virtual machine, and finds it from anywhere") {
    if (!fs::exists(build_dir + "/lastack_guest")) {
        MESSAGE(
            "SKIPPED: the installed command has the first process of a virtual machine, and finds it from anywhere: "
            "it is not built here");
        return;
    }
    const TemporaryDirectory here;
    const std::string prefix = install(here, "runtime");
    const std::string guest = prefix + "/libexec/lastack/lastack_guest";
    REQUIRE(fs::exists(guest));
    // What it needs else: an image, of which only the head is read before it is started, and an emulator.
    std::string head(0x300, '\0');
    head.replace(0x202, 4, "HdrS");
    head[0x20e] = 0x40;
    head.replace(0x240, 12, "9.8.7-tried ");
    fs::create_directories(here.path() / "kernels" / "boot");
    fs::create_directories(here.path() / "bin");
    here.write("kernels/boot/vmlinuz-9.8.7-tried", head);
    fs::permissions(here.write("bin/qemu-system-x86_64", "#!/bin/sh\n"), fs::perms::owner_all);
    const std::string asked = "cd / && LASTACK_KERNELS=" + quoted((here.path() / "kernels").string()) +
                              " PATH=" + quoted((here.path() / "bin").string()) + ":$PATH " +
                              quoted(prefix + "/bin/lastack") + " doctor --require linux-vm 2>&1";
    int code = -1;
    CHECK(has(run(asked, &code), "  yes  linux-vm "));
    CHECK(code == 0);
    fs::remove(guest);
    CHECK(has(run(asked, &code), "lastack_guest"));
    CHECK(code == 30);
}

TEST_CASE("a program in twenty lines finds the installed library: check, generate, run" * doctest::test_suite("slow")) {
    const TemporaryDirectory here;
    const std::string prefix = install(here, "dev");
    const std::string example = lastack::testing::source_dir() + "/examples/library";
    const std::string built = (here.path() / "built").string();
    int code = -1;
    const std::string printed = run("cmake -S " + quoted(example) + " -B " + quoted(built) +
                                        " -DCMAKE_PREFIX_PATH=" + quoted(prefix) + " && cmake --build " + quoted(built),
                                    &code);
    REQUIRE_MESSAGE(code == 0, printed);
    const command::SpecFile spec(command::one_way(command::heard));
    const std::string answer = run(quoted(built + "/close_checked") + " " + spec.word(), &code);
    CHECK(code == 0);
    CHECK(has(answer, "heard: holds\n"));
    CHECK(has(answer, "heard/A/ipv4: pass"));
    CHECK_FALSE(fs::exists(prefix + "/bin"));
}

TEST_CASE("what is shipped inside of a Debian package works where it is unpacked" * doctest::test_suite("slow")) {
    if (!installed("dpkg-deb") || !installed("dpkg-shlibdeps") || !installed("cpack")) {
        MESSAGE("SKIPPED: what is shipped inside of a Debian package works where it is unpacked: dpkg-dev is missing");
        return;
    }
    const TemporaryDirectory here;
    int code = -1;
    const std::string printed =
        run("cd " + quoted(here.path().string()) + " && cpack --config " + quoted(build_dir + "/CPackConfig.cmake") +
                " -B " + quoted(here.path().string()) + " -D CPACK_COMPONENTS_ALL=runtime",
            &code);
    REQUIRE_MESSAGE(code == 0, printed);
    const std::string package = run("ls " + quoted(here.path().string()) + "/lastack_*.deb | tr -d '\\n'");
    const std::string depends = run("dpkg-deb -f " + quoted(package) + " Depends");
    for (const std::string library : {"libc6 (>=", "libz3-4", "libfmt9", "libpcap0.8"}) CHECK(has(depends, library));
    run("dpkg-deb -x " + quoted(package) + " " + quoted(here.path().string() + "/unpacked"));
    CHECK(run("cd / && " + quoted(here.path().string() + "/unpacked/usr/bin/lastack") +
                  " gate linux --quiet --target sim --claim W05-one",
              &code) != "");
    CHECK(code == 0);
}

TEST_CASE("doctor names what is here and what to install for the rest, in 80 columns, and its exit code can be used") {
    const auto found = invoke("doctor");
    CHECK((found.code == 0 || found.code == 77));
    CHECK(command::too_wide(found.out) == "");
    CHECK(has(found.out, found.code == 0 ? "  yes  linux " : "  no   linux "));
    CHECK(has(found.out, "specs"));
    CHECK(invoke("doctor --require specs").code == 0);
    const auto nothing = invoke("doctor --require spin", "PATH=/nowhere");
    CHECK(nothing.code == 30);
    CHECK(has(nothing.out, "  no   spin "));
    CHECK(has(nothing.out, "apt-get install spin"));
    CHECK(has(nothing.err, "required, and not here: spin"));
    CHECK(invoke("doctor --require ghost").code == 64);
    CHECK(has(invoke("doctor --json").out, "\"name\": \"linux\",\n      \"there\": "));
}

TEST_CASE("doctor says why the kernel cannot be driven, and what to do") {
    const command::OtherUser other(command::OtherUser::Namespaces::denied);
    if (!other.reason().empty()) {
        MESSAGE("SKIPPED: doctor says why the kernel cannot be driven, and what to do: " << other.reason());
        return;
    }
    const auto found = other.invoke("doctor");
    CHECK(found.code == 77);
    CHECK(has(found.out, "  no   linux "));
    CHECK(has(found.out, "/dev/net/tun"));
    CHECK(has(found.out, "modprobe tun"));
}

TEST_CASE("the pages make a site whose links lead somewhere, headings included") {
    if (run("/usr/bin/python3 -c 'import markdown' 2>&1; echo $?") != "0\n") {
        MESSAGE("SKIPPED: the pages make a site whose links lead somewhere, headings included: no python3-markdown");
        return;
    }
    const TemporaryDirectory here;
    const std::string site = (here.path() / "site").string();
    int code = -1;
    const std::string source = lastack::testing::source_dir();
    const std::string printed = run(
        "/usr/bin/python3 " + quoted(source + "/packaging/site.py") + " " + quoted(source) + " " + quoted(site), &code);
    CHECK_MESSAGE(code == 0, printed);
    const std::string index = read_file(site + "/index.html");
    CHECK(has(index, "<a href=\"docs/judge.html\">"));
    CHECK(has(index, "<main>"));
    CHECK_FALSE(has(index, "<script"));

    fs::create_directories(here.path() / "bad" / "docs" / "ci");
    fs::create_directories(here.path() / "bad" / "examples");
    fs::create_directories(here.path() / "bad" / "editors");
    here.write("bad/README.md", "# Top\n[a](gone.md) [b](#not) [c](docs/page.md#here)\n");
    here.write("bad/docs/page.md", "# Here\n[d](../README.md#top)\n");
    const std::string wrong = run("/usr/bin/python3 " + quoted(source + "/packaging/site.py") + " " +
                                      quoted((here.path() / "bad").string()) + " " + quoted(site + "2"),
                                  &code);
    CHECK(code == 1);
    CHECK(has(wrong, "README.md: gone.md does not exist\nREADME.md: #not names no heading\n2 pages"));
}

TEST_CASE(
    "what is inside: each library that the command is linked with, by its package, and the same bytes each time") {
    if (!installed("readelf") || !installed("dpkg-query") || !fs::exists("/usr/bin/python3")) {
        MESSAGE("SKIPPED: what is inside: each library that the command is linked with, by its package, and the same "
                "bytes each time: no readelf, dpkg or python3");
        return;
    }
    const std::string command = quoted(lastack::testing::command_path());
    const std::string listing =
        "/usr/bin/python3 " + quoted(lastack::testing::source_dir() + "/packaging/sbom.py") + " 1.2.3 " + command;
    const std::string inside = run(listing);
    CHECK(has(inside, "\"bomFormat\": \"CycloneDX\""));
    for (const std::string package :
         {"libc6", "libz3-4", "libfmt9", "libpcap0.8", "libedit2", "libmd0", "tao-pegtl-dev"})
        CHECK_MESSAGE(has(inside, "\"name\": \"" + package + "\""), package);
    CHECK(run("readelf -d " + command + " | grep NEEDED | grep -vc 'libm\\.so'") ==
          run("grep -c '\"value\": \"shared\"' <<'END'\n" + inside +
              "END\n"));  // the C library is two of them, in one package
    CHECK(run(listing) == inside);
}
