// The HTML report: XHTML that is whole by itself; readable without its script; in a browser, where there is one, the
// script does what its buttons say.
#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "checker/trace/plain_system.h"
#include "model/plain.h"
#include "page/walked_system.h"
#include "tests/cli/command.h"
#include "tests/spec_support.h"

using command::has;
using command::invoke;
using command::shipped;
using lastack::testing::installed;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;

namespace {

namespace fs = std::filesystem;

// Of a gate on three claims, in this directory. `command`: another one than the one under test.
std::string report_in(const TemporaryDirectory& here, const std::string& command = lastack::testing::command_path()) {
    const std::string file = (here.path() / "report.html").string();
    int code = -1;
    run(quoted(command) + " gate --target sim --claim W01 --claim W05-one --claim W09 --report html=" + quoted(file) +
            " " + shipped("linux.spec"),
        &code);
    CHECK(code == 0);
    return file;
}

// Whether the model was compiled for a page.
bool has_model() {
    return fs::exists(fs::path(lastack::testing::command_path()).parent_path() / "page" / "lastack-explorer.js");
}

// The same command where it finds no model: its reports embed graphs.
std::string command_without_model(const TemporaryDirectory& here) {
    const fs::path copy = here.path() / "lastack";
    fs::copy_file(lastack::testing::command_path(), copy);
    return copy.string();
}

// The page as a browser has it once this script has run behind its own, and the explorer has started; what `tell` was
// given is in <pre id="told">, errors of any script before it. Time is virtual: it goes on by ticks, in which what the
// browser does elsewhere (it compiles the model) comes to its end.
std::string in_browser(const TemporaryDirectory& here, const std::string& page, const std::string& script,
                       const std::string& fragment = "") {
    std::string text = read_file(page);
    text.insert(text.find("<style>"), "<script>window.wrong = [];"
                                      "window.addEventListener('error', e => wrong.push(e.message));"
                                      "window.addEventListener('unhandledrejection', e => wrong.push(e.reason));"
                                      "console.error = text => wrong.push(text);</script>");
    const std::string frame =
        "<script>//<![CDATA[\nconst told = []; const tell = text => told.push(text);\n"
        "const by = id => document.getElementById(id);\n"
        "const until = async done => { for (let i = 0; i !== 50000 && !done(); ++i)"
        " await new Promise(go => setTimeout(go, 1)); };\n"
        "(async () => { try { let started = false; explorerStarted.then(() => { started = true; });\n"
        "await until(() => started);\n" +
        script +
        "\n} catch (error) { tell(String(error)); }\nconst pre = document.createElement('pre'); pre.id = 'told';\n"
        "pre.textContent = wrong.concat(told).join('\\n'); document.body.append(pre); })();\n"
        "//]]></script>";
    text.insert(text.rfind("</body>"), frame);
    const std::string copy = here.write("copy.html", text);
    const TemporaryDirectory browser;  // of its own: one that still ends would be asked to open the page
    const std::string dom =
        run("timeout 120 chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=100000 "
            "--user-data-dir=" +
            quoted(browser.path().string()) + " --dump-dom " + quoted("file://" + copy + fragment) + " 2>/dev/null");
    const std::size_t begin = dom.find("<pre id=\"told\">");
    return begin == std::string::npos ? "the script did not come to its end"
                                      : dom.substr(begin + 15, dom.find("</pre>", begin) - begin - 15);
}

}  // namespace

TEST_CASE("the HTML report is well-formed, small, and needs nothing from outside") {
    const TemporaryDirectory here;
    const std::string file = report_in(here), text = read_file(file);
    CHECK(text.size() > 100'000);
    CHECK(text.size() < 3'000'000);
    const std::regex outside(R"((src|href)="(?!#)|@import|url\((?!#)|<link)");
    CHECK_FALSE(std::regex_search(text, outside));
    if (!installed("xmllint")) {
        MESSAGE("SKIPPED: the HTML report is well-formed, small, and needs nothing from outside: xmllint is missing");
        return;
    }
    CHECK(run("xmllint --noout " + quoted(file) + " 2>&1") == "");
}

TEST_CASE("without its script the HTML report has verdicts, sentences, citations, ladders, plans and the matrix") {
    const TemporaryDirectory here;
    const std::string text = read_file(report_in(here));
    for (const std::string part :
         {"As expected: 11 claims and runs", "<details class=\"item k-false\" id=\"claim-W05-one\">",
          "<span class=\"verdict\">false, as expected</span> <code>W05-one</code> at most one side reaches TIME-WAIT",
          "four-way-close.spec:", "<dt>cites</dt><dd>W01; RFC 9293 3.6, figure 12</dd>",
          "<title>a trace of system polite</title>", "<span class=\"verdict\">breaks it</span>",
          "planned (&lt; to the stack, &gt; from it)", "Answers to single segments", "<noscript>",
          "</span></div><div><b>sim</b> \u2192 FIN-WAIT-2"})
        CHECK_MESSAGE(has(text, part), part);
    // Every place that the navigation leads to is there, and each section is named by its heading.
    const std::regex link(R"x(<li><a href="#(\w+)">)x");
    std::size_t sections = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at, ++sections)
        CHECK(has(text, "<section id=\"" + (*at)[1].str() + "\" aria-labelledby=\"" + (*at)[1].str() + "-h\">"));
    CHECK(sections == 6);
}

namespace {

// Drives the explorer of a report along the run of a claim, back, and to where its address leads; `tell` more than
// once.
void drive_along_a_run(const TemporaryDirectory& here, const std::string& page) {
    const std::string shown = in_browser(here, page, R"(
        by("walk-run").value = "W05-one";
        by("walk-run").dispatchEvent(new Event("change"));
        for (let i = 0; i !== 6; ++i) by("walk-along").click();
        tell(by("walk-told").textContent);
        tell(by("walk-along").disabled);
        tell(location.hash);
        by("walk-undo").click();
        tell(by("walk-told").textContent.split(".")[0]);
        by("walk-restart").click();
        document.querySelector("#walk-next button").click();
        tell(by("walk-told").textContent.split(".")[0]);
        tell(document.activeElement === document.querySelector("#walk-next button"));
        const search = document.querySelector("#claims input[type=search]");
        search.value = "time-wait";
        search.dispatchEvent(new Event("input"));
        document.querySelector("#vectors input.f-false").click();
        const seen = list => [...document.querySelectorAll(list)].filter(one => one.offsetParent !== null).length;
        tell(seen("#claims .item") + " of " + document.querySelectorAll("#claims .item").length);
        tell(seen("#vectors .item"));)");
    const std::regex expected(
        "Step 6 in polite: A is in TIME-WAIT, B in TIME-WAIT\\. The run shows W05-one: at most one "
        "side reaches TIME-WAIT\\.\ntrue\n(#explore=polite/[0-9.]+)\n"
        "Step 5 in polite: A is in CLOSING, B in TIME-WAIT\n"
        "Step 1 in polite: A is in FIN-WAIT-1, B in ESTABLISHED\ntrue\n1 of 3\n2");
    std::smatch found;
    REQUIRE_MESSAGE(std::regex_match(shown, found, expected), shown);
    CHECK(in_browser(here, page, "tell(by('walk-told').textContent);", found[1]) ==
          "Step 6 in polite: A is in TIME-WAIT, B in TIME-WAIT.");
}

}  // namespace

TEST_CASE("in a browser the explorer follows a claim's run, goes back, and its address leads to the same place" *
          doctest::test_suite("slow")) {
    if (!installed("chromium")) {
        MESSAGE("SKIPPED: in a browser the explorer follows a claim's run, goes back, and its address leads to the "
                "same place: chromium is missing");
        return;
    }
    const TemporaryDirectory here;
    drive_along_a_run(here, report_in(here, command_without_model(here)));
}

namespace {

// A long walk to choose: the places of its steps, the state at its end. Whatever can happen is taken in turn, but for
// what ends all.
std::string long_walk(const lastack::PlainSystem& system, std::size_t length, lastack::Snapshot& here) {
    std::string address;
    here = system.initial();
    for (std::size_t i = 0; i < length; ++i) {
        const std::vector<lastack::TraceStep> steps = system.steps(here);
        std::size_t choice = 0;
        for (std::size_t k = 0; k < steps.size(); ++k) {
            choice = (i * 5 + k) % steps.size();
            if (system.steps(steps[choice].after).size() > 3) break;
        }
        address += (i == 0 ? "" : ".") + std::to_string(choice);
        here = steps[choice].after;
    }
    return address;
}

// What the explorer shows of a state, one thing a line.
std::string shown_of(const lastack::PlainSystem& system, const lastack::Snapshot& state) {
    std::string text, flights, steps;
    for (int end = 0; end < 2; ++end) {
        text += lastack::describe(system.profile(end), system.limits(end), state.end[end]) + "\n";
        std::string flight;
        for (const lastack::Segment& segment : state.flight[end])
            flight += (flight.empty() ? "" : "; ") + to_string(segment, system.vocabulary());
        flights += (flight.empty() ? "nothing" : flight) + "\n";
    }
    for (const lastack::TraceStep& step : system.steps(state)) steps += to_string(step, system.vocabulary()) + "\n";
    return text + flights + steps;
}

constexpr const char* tell_state = R"(
    for (const id of ["walk-a", "walk-b", "walk-ab", "walk-ba"]) tell(by(id).textContent);
    for (const one of document.querySelectorAll("#walk-next button")) tell(one.firstChild.textContent);)";

}  // namespace

TEST_CASE("in a browser the model itself runs: any state of any system, as the plain interpreter has it" *
          doctest::test_suite("slow")) {
    const std::string name = "in a browser the model itself runs: any state of any system, as the plain interpreter "
                             "has it: ";
    if (!has_model() || !installed("chromium")) {
        MESSAGE("SKIPPED: " << name << (has_model() ? "chromium is missing" : "emscripten was missing"));
        return;
    }
    const TemporaryDirectory here;
    const std::string page = report_in(here);
    CHECK_FALSE(has(read_file(page), "\"states\":["));  // no graph
    drive_along_a_run(here, page);
    const lastack::Spec& spec = lastack::testing::shipped_spec("linux.spec");
    const lastack::PlainSystem system(spec, lastack::testing::system_named(spec, "lossy"));
    lastack::Snapshot far, farther;
    const std::string way = long_walk(system, 40, far), on = long_walk(system, 41, farther);
    lastack::WalkedSystem near(spec, system.decl());  // no part of it that a page without the model would have
    for (std::size_t i = 0; near.size() < 5'000; ++i)
        for (const lastack::TraceStep& step : near.steps(i)) near.add(step.after);
    CHECK_FALSE(near.known(far).has_value());
    CHECK(in_browser(here, page, tell_state, "#explore=lossy/" + way) + "\n" == shown_of(system, far));
    const std::string click =
        "document.querySelectorAll('#walk-next button')[" + on.substr(on.rfind('.') + 1) + "].click();";
    CHECK(in_browser(here, page, click + tell_state, "#explore=lossy/" + way) + "\n" == shown_of(system, farther));
    CHECK(in_browser(here, page, click + "by('walk-undo').click();" + tell_state + "tell(location.hash);",
                     "#explore=lossy/" + way) == shown_of(system, far) + "#explore=lossy/" + way);
    const std::string counted = in_browser(here, page, R"(
        by("walk-system").value = [...by("walk-system").options].findIndex(one => one.text.startsWith("polite"));
        by("walk-system").dispatchEvent(new Event("change"));
        by("walk-count").click();
        await until(() => !by("walk-count").disabled);
        tell(by("walk-counted").textContent);)");
    CHECK_MESSAGE(counted.starts_with("polite: 57,264 states, 460,614 transitions, depth 17: all of them, in "),
                  counted);
}

TEST_CASE("a page that walks through every shipped spec, without a walk in the terminal" *
          doctest::test_suite("slow")) {
    const std::string skipped =
        "SKIPPED: a page that walks through every shipped spec, without a walk in the terminal: ";
    const TemporaryDirectory here;
    const std::string page = (here.path() / "walk.html").string();
    if (!has_model()) {
        const auto none = invoke("step " + shipped("linux.spec") + " --report html=" + quoted(page));
        CHECK(none.code == 77);
        CHECK(has(none.err, "lastack-explorer.js"));
        MESSAGE(skipped << "emscripten was missing");
        return;
    }
    const command::SpecFile own(command::one_way(command::heard));
    const auto made = invoke("step " + own.word() + " --report html=" + quoted(page));
    CHECK(made.code == 0);
    CHECK(made.out == "");
    CHECK_FALSE(has(read_file(page), lastack::testing::source_dir() + "/specs"));  // the same bytes wherever they lie
    if (installed("xmllint")) CHECK(run("xmllint --noout " + quoted(page) + " 2>&1") == "");
    if (!installed("chromium")) {
        MESSAGE(skipped << "chromium is missing");
        return;
    }
    const std::string shown = in_browser(here, page, R"(
        tell(by("walk-told").textContent);
        const names = [...by("walk-spec").options].map(one => one.text);
        tell(["linux", "rfc9293", "lwip"].every(one => names.includes(one)));
        for (let i = 0; i !== names.length; ++i) {
          by("walk-spec").value = i;
          by("walk-spec").dispatchEvent(new Event("change"));
          if (!document.querySelector("#walk-next button")) tell(names[i]);
        }
        by("walk-spec").value = names.indexOf("linux");
        by("walk-spec").dispatchEvent(new Event("change"));
        by("walk-next").querySelector("button").click();
        tell(location.hash);
        tell(by("walk-told").textContent);)");
    CHECK(shown == "Step 0 in lossy: A is in ESTABLISHED, B in ESTABLISHED.\ntrue\n#explore=linux:lossy/0\n"
                   "Step 1 in lossy: A is in ESTABLISHED, B in ESTABLISHED.");
    const std::string there = in_browser(here, page,
                                         "tell(by('walk-spec').selectedOptions[0].text);"
                                         "tell(by('walk-told').textContent);",
                                         "#explore=linux:polite/0");
    CHECK(there == "linux\nStep 1 in polite: A is in FIN-WAIT-1, B in ESTABLISHED.");
}

namespace {

// The verb writes a page, which is well-formed as far as that can be seen here.
std::string page_of(const TemporaryDirectory& here, const std::string& command, int code) {
    const std::string file = (here.path() / "page.html").string();
    const auto done = invoke(command + " --report html=" + quoted(file));
    CHECK_MESSAGE(done.code == code, done.err);
    if (installed("xmllint")) CHECK(run("xmllint --noout " + quoted(file) + " 2>&1") == "");
    return read_file(file);
}

}  // namespace

TEST_CASE("two stacks that are driven with the same vectors stand side by side") {
    const TemporaryDirectory here;
    const command::SpecFile spec(command::one_way(command::heard));
    const std::string made = (here.path() / "made").string();
    CHECK(invoke("generate " + spec.word() + " -o " + quoted(made)).code == 0);
    const std::string drive = "run " + quoted(made) + " --target sim --beside sim --spec " + spec.word();
    const std::string page = page_of(here, drive, 0);
    for (const std::string part : {"<dt>beside it</dt><dd>sim (2)</dd>",
                                   "<th scope=\"col\">observed on sim</th><th scope=\"col\">observed on sim (2)</th>",
                                   "Nothing was refuted, and no two sides"})
        CHECK_MESSAGE(has(page, part), part);
    CHECK_FALSE(has(page, "id=\"explorer\""));  // nothing was explored
}

TEST_CASE("two profiles stand side by side: their answers, their graphs, and what diff prints") {
    const TemporaryDirectory here;
    const std::string both =
        "diff " + shipped("rfc9293.spec") + " " + shipped("rfc793.spec") + " --call close --units 3";
    const std::string page = page_of(here, both, 20);
    for (const std::string part :
         {"profiles A, rfc9293, and B, rfc793", "<div class=\"apart\">\u2260 differs</div>", "<div><b>rfc793</b> ",
          "id=\"endpoint-A\"", "id=\"endpoint-B\"", "class=\"arrow own\"", "A: rfc9293 "})
        CHECK_MESSAGE(has(page, part), part);
    const auto other = invoke(both + " --report junit=x");
    CHECK(other.code == 64);
    CHECK(has(other.err, "'junit' is no form of a report here: html"));
}

TEST_CASE("a mutation score as a page: the graph shows which rules have mutants that nobody notices") {
    const TemporaryDirectory here;
    const command::SpecFile spec(command::one_way(command::heard));
    const std::string page = page_of(here, "mutate " + spec.word(), 0);
    for (const std::string part : {"mutants that could be noticed are", "class=\"arrow survives\"",
                                   "<code>drop rule close</code>", "survived (", "<dt>judged by</dt><dd>heard</dd>"})
        CHECK_MESSAGE(has(page, part), part);
    const auto suite = invoke("mutate " + spec.word() + " --suite states --report html=x");
    CHECK(suite.code == 64);
    CHECK(has(suite.err, "--report is of mutants that claims judge"));
}
