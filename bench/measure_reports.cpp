// `./dev measure reports`: what people and their CI get, each beside its target.
//
// Part `formats`: a gate on specs/linux.spec writes every form of report, and a program of somebody else reads each:
// xmllint with our schema for JUnit, Python's json and jsonschema, tap-parser where it is installed. The schema of
// SARIF is not ours to ship: name a copy in LASTACK_SARIF_SCHEMA, else that line is left out. Part `html`: the page
// that opens in Chromium, where there is such a report and such a program. Part `newcomer`: a gate on a machine without
// TUN, and on one without namespaces, ends with exit 0 and says what was driven; needs root. Part `package`: the Debian
// package works where it is unpacked. Part `judge` is `./dev measure judge`. Exit code 0 only where every target is
// met.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;
using testing::installed;
using testing::quoted;
using testing::run;
namespace fs = std::filesystem;

const fs::path build = fs::path(testing::command_path()).parent_path();

// What a command says that others use to read a file: nothing to complain of.
bool accepted(const std::string& what, const std::string& command) {
    int code = -1;
    const std::string said = run(command, &code);
    if (code != 0) std::cout << said;
    return line(what, code == 0 ? "accepted" : "refused", "accepted", code == 0);
}

// Whether --report has this form.
bool has_form(const std::string& form) {
    const std::string help = run(quoted(testing::command_path()) + " gate --help");
    const std::size_t at = help.find("--report");
    return at != std::string::npos && help.substr(at, 160).find(form) != std::string::npos;
}

std::string gate(const std::string& more) {
    return quoted(testing::command_path()) + " gate " + quoted(testing::source_dir() + "/specs/linux.spec") + " " +
           more;
}

bool measure_formats() {
    const testing::TemporaryDirectory here;
    const auto file = [&](const char* name) { return quoted((here.path() / name).string()); };
    // One claim is left open, so that every kind of answer is written.
    run(gate("--target sim --longest 5 --max-states 200000 --json --report junit=" + file("junit") +
             " --report sarif=" + file("sarif") + " --report tap=" + file("tap") +
             " --report github=" + file("github") + " >" + file("json")));
    bool met = accepted("JUnit, by xmllint and our schema",
                        "xmllint --noout --schema " + quoted(testing::source_dir() + "/tests/report/junit.xsd") + " " +
                            file("junit") + " 2>&1");
    met &= accepted("JSON, by Python's json", "/usr/bin/python3 -m json.tool " + file("json") + " >/dev/null");
    const std::string read_tap = installed("tap-parser")
                                     ? "tap-parser " + file("tap") + " -t | grep -q '# time\\|^ok\\|# '"
                                     : "[ \"$(sed -n 's/^1\\.\\.//p' " + file("tap") +
                                           ")\" = \"$(grep -c '^\\(not \\)\\?ok ' " + file("tap") + ")\" ]";
    met &= accepted(installed("tap-parser") ? "TAP, by tap-parser" : "TAP, its plan counts its lines", read_tap);
    met &= accepted("GitHub, only commands", "! grep -v '^::\\(error\\|notice\\) .*::' " + file("github"));
    const char* const schema = std::getenv("LASTACK_SARIF_SCHEMA");
    if (schema == nullptr) {
        std::cout << "left out: SARIF against its schema; name a copy in LASTACK_SARIF_SCHEMA\n";
        return met;
    }
    return met & accepted("SARIF, by jsonschema",
                          "/usr/bin/python3 -c 'import json, jsonschema, sys; jsonschema.validate(*[json.load(open(f)) "
                          "for f in sys.argv[1:]])' " +
                              file("sarif") + " " + quoted(schema));
}

bool measure_html() {
    if (!has_form("html")) throw TargetUnavailable("this version writes no HTML");
    if (!installed("chromium")) throw TargetUnavailable("no chromium here");
    const testing::TemporaryDirectory here;
    const std::string file = (here.path() / "report.html").string();
    run(gate("--target sim --longest 5 --report html=" + quoted(file) + " >/dev/null"));
    const auto bytes = static_cast<double>(fs::exists(file) ? fs::file_size(file) : 0);
    bool met = line("size, MB", fmt::format("{:.2f}", bytes / 1e6), "< 3", bytes > 0 && bytes < 3e6);
    const std::string page = testing::read_file(file);
    const std::size_t begin = page.find("lastackPacked = \""), end = page.find('\n', begin);
    std::cout << (begin == std::string::npos
                      ? "the explorer walks through a part of each graph (./dev setup page: through all)\n"
                      : fmt::format("the explorer runs the model: {:.2f} MB of it are that, compressed\n",
                                    static_cast<double>(end - begin) / 1e6));
    const std::string said =
        run("chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr --dump-dom file://" + file +
            " 2>&1 >/dev/null | grep CONSOLE || true");
    std::cout << said;
    return met & line("complaints of Chromium's console", said.empty() ? "none" : "some", "none", said.empty());
}

// A gate where something is taken away: `without` is a shell's words that end with what runs the gate.
bench::Took gate_without(const std::string& without) {
    return bench::run_measured({"/bin/sh", "-c", "exec " + without + " " + gate("--report junit=/dev/null")});
}

bool measure_newcomer() {
    if (geteuid() != 0) throw TargetUnavailable("only root can hide /dev/net/tun");
    // Without the device the kernel is driven another way, and the report says so.
    const std::string hidden = fs::exists("/dev/net/tun") ? "mount --bind /dev/null /dev/net/tun && " : "";
    const bench::Took veth = gate_without("unshare --mount sh -c '" + hidden + "exec \"$@\"' -");
    const std::size_t target = veth.output.find("Target: ");
    const std::size_t end = veth.output.find("\n\n", target);
    std::cout << (target == std::string::npos ? veth.output : veth.output.substr(target, end - target)) << "\n";
    bool met = line("exit code of a gate without TUN", std::to_string(veth.code), "0", veth.code == 0);
    const bool told = veth.output.find("veth") < end;
    met &= line("it says what took its place", told ? "yes" : "no", "yes", told);
    // Nor a network namespace: no kernel can be driven.
    const bench::Took sim = gate_without(
        "unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all \"$@\"' -");
    const std::string first = sim.output.substr(0, sim.output.find('\n'));
    std::cout << first << "\n";
    met &= line("exit code of a gate without namespaces", std::to_string(sim.code), "0", sim.code == 0);
    const bool said = first.find("NOT the running kernel") != std::string::npos;
    met &= line("its first line says what was not driven", said ? "yes" : "no", "yes", said);
    return met & line("processor seconds to its verdict", fmt::format("{:.1f}", sim.cpu), "<= 60", sim.cpu <= 60);
}

bool measure_package() {
    if (!installed("dpkg-deb") || !installed("cpack")) throw TargetUnavailable("no dpkg-dev or cmake here");
    const testing::TemporaryDirectory here;
    const std::string place = quoted(here.path().string());
    bool met = accepted("a package is made", "cpack --config " + quoted((build / "CPackConfig.cmake").string()) +
                                                 " -B " + place + " -D CPACK_COMPONENTS_ALL=runtime");
    met &= accepted("its command runs where it is unpacked",
                    "cd / && dpkg-deb -x " + place + "/lastack_*.deb " + place + "/unpacked && " + place +
                        "/unpacked/usr/bin/lastack gate linux --target sim --claim W05-one --quiet");
    return met;
}

bool measure_judge() {
    const bench::Took took = bench::run_measured({(build / "bench" / "measure_judge").string()});
    std::cout << took.output;
    return took.code == 0;
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run_parts({{"formats", measure_formats},
                             {"html", measure_html},
                             {"newcomer", measure_newcomer},
                             {"package", measure_package},
                             {"judge", measure_judge}},
                            {argv + 1, argv + argc});
}
