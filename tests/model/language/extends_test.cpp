// `extends` and `use`: a profile as a list of changes.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string child(const std::string& items) { return tiny() + "profile child extends tiny { " + items + " }\n"; }

std::vector<std::string> rules_of(const Step& step) {
    std::vector<std::string> names;
    for (const Rule& rule : step.rules) names.push_back(rule.name);
    return names;
}

std::vector<std::string> steps_of(const Profile& profile) {
    std::vector<std::string> names;
    for (const Step& step : profile.handler(Trigger::segment, "segment")->steps) names.push_back(step.name);
    return names;
}

// A folder of its own, with one in it.
struct Folder {
    testing::TemporaryDirectory here;
    std::filesystem::path path = here.path();
    Folder() { std::filesystem::create_directories(path / "sub"); }
    std::string write(const std::string& name, const std::string& text) const { return here.write(name, text); }
};

std::string message_of(const std::string& file) {
    try {
        read_spec(file);
        return "none";
    } catch (const SpecError& error) {
        return error.diagnostics()[0].message;
    }
}

}  // namespace

TEST_CASE("a child has all that its parent has, and what it adds") {
    const Spec spec = parse_spec(
        child("limit more = 1 in 0..1 on call abort rule abort \"a\" cites \"b\" ESTABLISHED -> CLOSED"), "t");
    const Profile* profile = spec.profile("child");
    REQUIRE(profile);
    CHECK(spec.subject == "child");
    CHECK(profile->parent == "tiny");
    CHECK(profile->states.size() == 4);
    CHECK(profile->rule("close"));
    CHECK(profile->rule("abort"));
    CHECK(profile->limits.size() == 2);
    CHECK_FALSE(spec.profile("tiny")->rule("abort"));
}

TEST_CASE("a replaced rule keeps its place, wherever the new one is written") {
    const std::string two = "on segment step fifth rule second \"a\" cites \"b\" CLOSED { }";
    for (const char* changed : {"replace may rule acked \"new\" cites \"c\" CLOSED { drop }",
                                "on call close replace may rule acked \"new\" cites \"c\" CLOSED { drop }"}) {
        const Spec spec = parse_spec(child(two + " " + std::string(changed)), "t");
        const Profile* profile = spec.profile("child");
        const Step& fifth = profile->handler(Trigger::segment, "segment")->steps[0];
        CHECK(rules_of(fifth) == std::vector<std::string>{"acked", "second"});
        CHECK(fifth.rules[0].sentence == "new");
        CHECK(fifth.rules[0].may);
        CHECK(spec.profile("tiny")->rule("acked")->sentence == "our FIN is acknowledged");
    }
}

TEST_CASE("a replaced rule without cases keeps those it had, as the child reads them") {
    const Spec spec =
        parse_spec(child("replace let last = tries == 1 replace may rule again \"once more\" cites \"other\""), "t");
    const Rule& old = *spec.profile("tiny")->rule("again");
    const Rule& fresh = *spec.profile("child")->rule("again");
    CHECK(fresh.sentence == "once more");
    CHECK(fresh.cites == "other");
    CHECK(fresh.may);
    REQUIRE(fresh.cases.size() == 1);
    CHECK(fresh.cases[0].effects.size() == old.cases[0].effects.size());
    CHECK(fresh.cases[0].where.line == old.cases[0].where.line);
    CHECK(old.cases[0].guard->args.at(0).args.at(1).op == Op::limit);
    CHECK(fresh.cases[0].guard->args.at(0).args.at(1).op == Op::constant);

    CHECK(mistake(child("replace rule again for n in 1..2 \"a\" cites \"b\"")) ==
          "a rule that keeps its cases keeps their 'for', too");
    CHECK(mistake(child("on call x rule y \"a\" cites \"b\"")).find("expected ") == 0);
}

TEST_CASE("limits, timers and segments are replaced in place") {
    const Spec spec = parse_spec(child("replace limit retries = 5 in 0..7 replace timer rto = 200 ms replace segment "
                                       "FIN { seq 1; fin } replace let last = closed"),
                                 "t");
    const Profile* profile = spec.profile("child");
    CHECK(profile->limits[0].value == 5);
    CHECK(profile->timers[0].earliest_us == 200'000);
    CHECK_FALSE(profile->segments[0].ack.has_value());
    CHECK(profile->rule("again")->cases[0].guard->args[0].op == Op::variable);
}

TEST_CASE("drops, also between the steps of 'on segment'") {
    const Spec spec = parse_spec(child("on segment step fifth drop rule acked step later rule acked \"a\" cites \"b\" "
                                       "CLOSED { } drop timer rto drop call close"),
                                 "t");
    const Profile* profile = spec.profile("child");
    CHECK(steps_of(*profile) == std::vector<std::string>{"fifth", "later"});
    CHECK(profile->handler(Trigger::segment, "segment")->steps[0].rules.empty());
    CHECK(profile->rule("acked"));
}

TEST_CASE("several of one kind are dropped at once") {
    const std::string parent = tiny("on call abort rule abort \"a\" cites \"b\" ESTABLISHED -> CLOSED");
    const Spec spec = parse_spec(parent + "profile child extends tiny { drop rule close, abort }", "t");
    CHECK_FALSE(spec.profile("child")->rule("close"));
    CHECK_FALSE(spec.profile("child")->rule("abort"));
    CHECK(spec.profile("child")->rule("again"));
    CHECK(mistake(child("on segment drop rule again, clos")) ==
          "there is no rule 'clos' to drop | did you mean 'close'?");
    CHECK(mistake(child("drop rule close, close")) == "there is no rule 'close' to drop");
}

TEST_CASE("what a drop leaves without a meaning is told where it stands") {
    const std::string text = child("drop timer rto");
    CHECK(mistake(text) == "unknown timer 'rto' | seen in profile 'child', which extends 'tiny'");
    CHECK(mistakes(text)[0].where.line == 14);
}

TEST_CASE("new steps stand at the end or where they are told to") {
    const Spec spec = parse_spec(child("on segment step last step first before fifth \"t\" step second after first "
                                       "step fifth rule x \"a\" cites \"b\" CLOSED { }"),
                                 "t");
    CHECK(steps_of(*spec.profile("child")) == std::vector<std::string>{"first", "second", "fifth", "last"});
    CHECK(mistake(child("on segment step fifth before fifth")) == "step 'fifth' already has its place");
}

TEST_CASE("a parent may follow its child") {
    const Spec spec = parse_spec("profile child extends tiny { drop rule acked }\n" + tiny(), "t");
    CHECK(spec.profiles[0].name == "child");
    CHECK(spec.subject == "tiny");
    CHECK_FALSE(spec.profile("child")->rule("acked"));
}

TEST_CASE("what is not there is neither replaced nor dropped") {
    CHECK(mistake(child("replace rule akced \"a\" cites \"b\" CLOSED { }")) ==
          "there is no rule 'akced' to replace | did you mean 'acked'?");
    CHECK(mistake(child("drop rule agian")) == "there is no rule 'agian' to drop | did you mean 'again'?");
    CHECK(mistake(child("replace limit retry = 1 in 0..1")).find("there is no limit 'retry' to replace") == 0);
    CHECK(mistake(child("drop call clos")) == "there is no call 'clos' to drop | did you mean 'close'?");
    CHECK(mistake(child("drop segment FINN")).find("there is no segment 'FINN' to drop") == 0);
    CHECK(mistake(child("replace timer rt0 = 1 s")).find("there is no timer 'rt0' to replace") == 0);
}

TEST_CASE("a loop of 'extends' is named") {
    CHECK(mistake("profile a extends b { } profile b extends c { } profile c extends a { }") ==
          "a loop of 'extends': a -> b -> c -> a");
    CHECK(mistake("profile a extends a { }") == "a loop of 'extends': a -> a");
    CHECK(mistake(tiny() + "profile b extends tiy { }") == "unknown profile 'tiy' | did you mean 'tiny'?");
}

TEST_CASE("a spec uses others, by paths of their own, each once") {
    const Folder folder;
    folder.write("base.spec", "use \"sub/pair.spec\"\n" + tiny());
    folder.write("sub/pair.spec", "use \"../base.spec\"\n" + std::string(tiny_system()));
    const std::string top =
        folder.write("top.spec", "use \"base.spec\" use \"sub/pair.spec\"\nprofile mine extends tiny { }");
    const Spec spec = read_spec(top);
    CHECK(spec.profiles.size() == 2);
    CHECK(spec.systems.size() == 1);
    CHECK(spec.subject == "mine");
    CHECK(read_spec((folder.path / "sub/pair.spec").string()).subject == "tiny");
}

TEST_CASE("files that cannot be read") {
    const Folder folder;
    const std::string top = folder.write("top.spec", "\n  use \"gone.spec\"\n" + tiny());
    try {
        read_spec(top);
        FAIL("a missing file was accepted");
    } catch (const SpecError& error) {
        CHECK(error.diagnostics()[0].message.find("cannot read '") == 0);
        CHECK(error.diagnostics()[0].where.line == 2);
        CHECK(error.diagnostics()[0].where.column == 7);
    }
    CHECK_THROWS_AS(read_spec((folder.path / "gone.spec").string()), SpecError);
    CHECK_THROWS_AS(read_spec(folder.path.string()), SpecError);
}

TEST_CASE("a directory and a missing file are told apart, also where another file uses them") {
    const Folder folder;
    CHECK(message_of((folder.path / "gone.spec").string()) == "cannot read the file: No such file or directory");
    CHECK(message_of(folder.path.string()) == "cannot read the file: Is a directory");
    const std::string sub = (folder.path / "sub").string();
    CHECK(message_of(folder.write("top.spec", "use \"sub\"\n" + tiny())) ==
          "cannot read '" + sub + "': Is a directory");
}

TEST_CASE("a pipe that another file uses is refused at once, with the place of its name") {
    const Folder folder;
    const std::string fifo = (folder.path / "fifo.spec").string();
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    const std::string top = folder.write("top.spec", "\n  use \"fifo.spec\"\n" + tiny());
    CHECK(message_of(top) == "cannot read '" + fifo + "': not a regular file");
    CHECK(message_of(folder.write("zero.spec", "use \"/dev/zero\"\n" + tiny())) ==
          "cannot read '/dev/zero': not a regular file");
}

TEST_CASE("a spec behind a symbolic link uses what is beside the link, else what is beside the file itself") {
    const Folder folder;
    folder.write("sub/base.spec", tiny());
    folder.write("sub/top.spec", "use \"base.spec\"\nprofile mine extends tiny { }");
    const std::filesystem::path link = folder.path / "link.spec";
    std::filesystem::create_symlink("sub/top.spec", link);
    CHECK(read_spec(link.string()).subject == "mine");
    folder.write("base.spec", tiny() + "profile other extends tiny { }");
    CHECK(read_spec(link.string()).profile("other"));

    // A link to the folder, and a way up out of it.
    std::filesystem::create_directories(folder.path / "sub/below");
    folder.write("sub/below/leaf.spec", "use \"../base.spec\"\nprofile leaf extends tiny { }");
    std::filesystem::create_directory_symlink("sub/below", folder.path / "short");
    std::filesystem::remove(folder.path / "base.spec");
    CHECK(read_spec((folder.path / "short" / "leaf.spec").string()).subject == "leaf");
}

TEST_CASE("lines that end with CR alone get a hint, since a comment would swallow the rest of the file") {
    std::string text = "# a comment\n" + tiny();
    for (char& c : text) c = c == '\n' ? '\r' : c;
    try {
        parse_spec(text, "t");
        FAIL("it was accepted");
    } catch (const SpecError& error) {
        CHECK(error.diagnostics()[0].message == "a line ends with CR alone, which would not end a comment");
        CHECK(error.diagnostics()[0].suggestion.find("tr '\\r' '\\n'") != std::string::npos);
        CHECK(error.diagnostics()[0].where.line == 1);
        CHECK(error.diagnostics()[0].where.column == 12);
    }
}
