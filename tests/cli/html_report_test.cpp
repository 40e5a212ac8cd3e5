// The HTML report: XHTML that is whole by itself; readable without its script; in a browser, where there is one, the
// script does what its buttons say.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "tests/cli/command.h"

using command::has;
using command::invoke;
using command::shipped;
using lastack::testing::installed;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;

namespace {

// Of a gate on three claims, in this directory.
std::string report_in(const TemporaryDirectory& here) {
    const std::string file = (here.path() / "report.html").string();
    const auto gate = invoke("gate --target sim --claim W01 --claim W05-one --claim W09 --report html=" + quoted(file) +
                             " " + shipped("linux.spec"));
    CHECK(gate.code == 0);
    return file;
}

// The page as a browser has it once this script has run behind its own; what `tell` was given is in <pre id="told">,
// errors of any script before it.
std::string in_browser(const TemporaryDirectory& here, const std::string& page, const std::string& script,
                       const std::string& fragment = "") {
    std::string text = read_file(page);
    text.insert(text.find("<style>"), "<script>window.wrong = [];"
                                      "window.addEventListener('error', e => wrong.push(e.message));"
                                      "console.error = text => wrong.push(text);</script>");
    const std::string frame =
        "<script>//<![CDATA[\nconst told = []; const tell = text => told.push(text);\n"
        "const by = id => document.getElementById(id);\nsetTimeout(() => { try {\n" +
        script +
        "\n} catch (error) { tell(String(error)); }\nconst pre = document.createElement('pre'); pre.id = 'told';\n"
        "pre.textContent = wrong.concat(told).join('\\n'); document.body.append(pre); }, 50);\n"
        "//]]></script>";
    text.insert(text.rfind("</body>"), frame);
    const std::string copy = here.write("copy.html", text);
    const TemporaryDirectory browser;  // of its own: one that still ends would be asked to open the page
    const std::string dom =
        run("timeout 120 chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=2000 "
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

TEST_CASE("in a browser the explorer follows a claim's run, goes back, and its address leads to the same place") {
    if (!installed("chromium")) {
        MESSAGE("SKIPPED: in a browser the explorer follows a claim's run, goes back, and its address leads to the "
                "same place: chromium is missing");
        return;
    }
    const TemporaryDirectory here;
    const std::string page = report_in(here);
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
        "Step 1 in polite: A is in FIN-WAIT-1, B in ESTABLISHED\n1 of 3\n2");
    std::smatch found;
    REQUIRE_MESSAGE(std::regex_match(shown, found, expected), shown);
    CHECK(in_browser(here, page, "tell(by('walk-told').textContent);", found[1]) ==
          "Step 6 in polite: A is in TIME-WAIT, B in TIME-WAIT.");
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
