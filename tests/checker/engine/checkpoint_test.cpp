// An exploration that goes on from a checkpoint is the one that was never stopped, number by number; and no file that
// is anything else is believed.
#include "checker/engine/checkpoint.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <limits>

#include "checker/claims/watch.h"
#include "model/language/read_spec.h"
#include "tests/places.h"
#include "tests/spec_support.h"
#include "tests/support.h"

namespace lastack {

namespace {

using namespace testing;

// The shipped claims, and two that must see every state and every step.
const Spec& spec_with_all_needs() {
    static const Spec spec = spec_from(std::string("use \"") + lastack::testing::source_dir() + R"(/specs/rfc9293.spec"
claim quiet_end "every state is looked at" cites "none" on lossy
  invariant quiet implies not (A in LAST_ACK and B in CLOSE_WAIT)
claim both_close "every step is looked at" cites "none" on lossy
  step not (A in FIN_WAIT_1 and B calls close and B in FIN_WAIT_1)
)");
    return spec;
}

SystemDecl lossy_over(const Network& network, int data = 0) {
    SystemDecl decl = system_named(spec_with_all_needs(), "lossy");
    decl.network = network;
    decl.limits["data"] = data;
    decl.limits["retries"] = 1;
    return decl;
}

// Capacity, then: loses, duplicates, reorders, at most how many losses and duplications.
constexpr Network bag = {2, true, true, true, -1, -1};
constexpr Network cutting_queue = {2, false, false, false, -1, -1};
constexpr Network budgets = {2, true, true, true, 1, 1};

enum class Watching { by_outcome, every_step };

std::vector<const Claim*> claims_for(System& system, Watching watching) {
    std::vector<const Claim*> claims;
    for (const Claim& claim : spec_with_all_needs().claims) {
        if (claim.system != "lossy" || needs_monitor(system, claim)) continue;
        if (watching == Watching::every_step || (claim.id != "quiet_end" && claim.id != "both_close"))
            claims.push_back(&claim);
    }
    return claims;
}

constexpr int never = std::numeric_limits<int>::max();

// Claims, watched by a process that is gone as soon as it sees a state of this depth.
struct Mortal : WatchHooks {
    Mortal(System& system, const Explorer& explorer_, Watching watching, int last_)
        : WatchHooks(system, claims_for(system, watching)), explorer(explorer_), last(last_) {}
    // Whoever is to die wants to see each level; others look at what they need.
    Needs needs() const {
        Needs needs = WatchHooks::needs();
        needs.every_state |= last != never;
        return needs;
    }
    bool state(std::uint64_t index, const SystemState& state) {
        return WatchHooks::state(index, state) && explorer.depth_of(index) < last;
    }
    const Explorer& explorer;
    int last;
};

struct Run {
    Run(const SystemDecl& decl, Watching watching, const Bounds& bounds, int last = never, bool packed = false)
        : system(spec_with_all_needs(), decl, packed), explorer(system), hooks(system, explorer, watching, last),
          coverage(explorer.run(bounds, hooks)) {}
    System system;
    Explorer explorer;
    Mortal hooks;
    Coverage coverage;
};

void check_same(const Run& one, const Run& other) {
    CHECK(one.coverage.complete == other.coverage.complete);
    CHECK(one.coverage.states == other.coverage.states);
    CHECK(one.coverage.transitions == other.coverage.transitions);
    CHECK(one.coverage.expanded == other.coverage.expanded);
    CHECK(one.coverage.cuts == other.coverage.cuts);
    CHECK(one.coverage.depth == other.coverage.depth);
    CHECK(one.coverage.mirrored == other.coverage.mirrored);
    REQUIRE(one.explorer.size() == other.explorer.size());
    std::uint64_t different = 0;
    for (std::uint64_t i = 0; i < one.explorer.size(); ++i)
        different += one.explorer.state(i) != other.explorer.state(i) || !other.explorer.find(one.explorer.state(i));
    CHECK(different == 0);
    for (int end = 0; end < 2; ++end) {
        CHECK(one.system.sent_by(end).size() == other.system.sent_by(end).size());
        CHECK(one.system.bags(end).size() == other.system.bags(end).size());
        CHECK(one.system.machine(end).size() == other.system.machine(end).size());
        REQUIRE(one.system.machine(end).outcome_count() == other.system.machine(end).outcome_count());
        for (std::size_t i = 0; i < one.system.machine(end).outcome_count(); ++i) {
            const Outcome& outcome = one.system.machine(end).outcome(i);
            different += outcome.after != other.system.machine(end).outcome(i).after ||
                         outcome.label != other.system.machine(end).outcome(i).label;
        }
        CHECK(one.hooks.labels_used(end) == other.hooks.labels_used(end));
    }
    CHECK(different == 0);
    for (std::size_t i = 0; i < one.hooks.watches().size(); ++i) {
        const auto& found = one.hooks.watches()[i]->found;
        const auto& again = other.hooks.watches()[i]->found;
        CAPTURE(one.hooks.watches()[i]->claim->id);
        REQUIRE(found.has_value() == again.has_value());
        if (found) CHECK((found->index == again->index && found->at == again->at && found->next == again->next));
    }
}

Bounds bounds_with(Checkpoint& checkpoint) {
    Bounds bounds;
    bounds.checkpoint = &checkpoint;
    return bounds;
}

constexpr std::uint64_t print = 0x0123456789ABCDEF;

// How a system is explored in the test below.
struct Manner {
    Watching watching = Watching::by_outcome;
    int threads = 1;
    bool mirrored = false, packed = false;
    int every_which = 1;  // level
};

Bounds bounds_for(const Manner& manner, Checkpoint* checkpoint) {
    Bounds bounds;
    bounds.threads = manner.threads;
    bounds.mirrored = manner.mirrored;
    bounds.checkpoint = checkpoint;
    return bounds;
}

// Dies before each depth in turn, goes on from what is left, and ends as the run that nobody disturbed.
void dies_before_each_level(const SystemDecl& decl, const Manner& manner) {
    const Run whole(decl, manner.watching, bounds_for(manner, nullptr), never, manner.packed);
    REQUIRE(whole.coverage.complete);
    REQUIRE(whole.coverage.depth > 8);
    for (int depth = 2; depth <= whole.coverage.depth; depth += manner.every_which) {
        CAPTURE(depth);
        const TemporaryDirectory here;
        const std::string file = (here.path() / "run.ckpt").string();
        {
            Checkpoint checkpoint(file, 0, print);
            CHECK_FALSE(checkpoint.found());
            const Run dies(decl, manner.watching, bounds_for(manner, &checkpoint), depth, manner.packed);
            CHECK_FALSE(dies.coverage.complete);
        }
        Checkpoint checkpoint(file, 0, print);
        REQUIRE(checkpoint.found());
        CHECK(checkpoint.found()->system == "lossy");
        CHECK(checkpoint.found()->depth == depth - 1);
        CHECK(checkpoint.found()->states < whole.coverage.states);
        const Run goes_on(decl, manner.watching, bounds_for(manner, &checkpoint), never, manner.packed);
        check_same(whole, goes_on);
    }
}

// The file that a run leaves which dies before depth 6.
std::string left_behind(const TemporaryDirectory& here) {
    const std::string file = (here.path() / "run.ckpt").string();
    Checkpoint checkpoint(file, 0, print);
    const Run dies(lossy_over(budgets), Watching::by_outcome, bounds_with(checkpoint), 6);
    return file;
}

// What Checkpoint says of a file with these bytes; empty where it takes them.
std::string complaint(const std::string& bytes, std::uint64_t fingerprint = print) {
    const TemporaryDirectory here;
    try {
        const Checkpoint checkpoint(here.write("run.ckpt", bytes), 0, fingerprint);
        return "";
    } catch (const CheckpointError& error) {
        const std::string text = error.what();
        return text.substr(text.rfind(": ") == std::string::npos ? 0 : text.find(": ") + 2);
    }
}

}  // namespace

TEST_CASE("A run that died before any level goes on to the same states, in the same order, with the same answers") {
    dies_before_each_level(lossy_over(bag), {});
    dies_before_each_level(lossy_over(budgets), {});
}

TEST_CASE("The same over a queue where steps are cut") {
    const SystemDecl decl = lossy_over(cutting_queue);
    CHECK(Run(decl, Watching::by_outcome, {}).coverage.cuts > 0);
    dies_before_each_level(decl, {});
}

TEST_CASE("The same where the ends are not alike, and have tables of their own") {
    SystemDecl decl = lossy_over(budgets);
    decl.calls[1] = {"close"};
    REQUIRE_FALSE(System(spec_with_all_needs(), decl).shares_tables());
    dies_before_each_level(decl, {.every_which = 3});
}

TEST_CASE("The same where claims look at every state and every step") {
    dies_before_each_level(lossy_over(budgets), {.watching = Watching::every_step, .every_which = 3});
}

TEST_CASE("The same where two threads share the levels") {
    dies_before_each_level(lossy_over(budgets, 1), {.threads = 2, .every_which = 12});
}

TEST_CASE("The same where mirror images count once, and where what is in flight has no tables") {
    dies_before_each_level(lossy_over(bag), {.mirrored = true, .every_which = 2});
    dies_before_each_level(lossy_over(budgets), {.packed = true, .every_which = 4});
}

TEST_CASE("An exploration in another form does not go on from the file, and leaves it alone") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "run.ckpt").string();
    {
        Checkpoint checkpoint(file, 0, print);
        const Run dies(lossy_over(budgets), Watching::by_outcome, bounds_with(checkpoint), 6, true);
    }
    const std::string bytes = read_file(file);
    Checkpoint checkpoint(file, 0, print);
    const Run other(lossy_over(budgets), Watching::by_outcome, bounds_with(checkpoint));
    CHECK(other.coverage.complete);
    CHECK(read_file(file) == bytes);
}

TEST_CASE("A run that is stopped in the middle of a level is kept as it was at the level's beginning") {
    const SystemDecl decl = lossy_over(budgets, 1);
    const Run whole(decl, Watching::by_outcome, {});
    for (const std::uint64_t most : {2'000U, 20'000U, 60'000U}) {
        CAPTURE(most);
        REQUIRE(most < whole.coverage.states);
        const TemporaryDirectory here;
        const std::string file = (here.path() / "run.ckpt").string();
        {
            Checkpoint checkpoint(file, 1e9, print);  // never before the end
            Bounds bounds = bounds_with(checkpoint);
            bounds.max_states = most;
            const Run stopped(decl, Watching::by_outcome, bounds);
            CHECK(stopped.coverage.limited);
            CHECK(stopped.coverage.states < whole.coverage.states);
            CHECK_FALSE(checkpoint.wants_notes());
        }
        Checkpoint checkpoint(file, 1e9, print);
        REQUIRE(checkpoint.found());
        CHECK(checkpoint.found()->states <= most);
        check_same(whole, Run(decl, Watching::by_outcome, bounds_with(checkpoint)));
    }
}

TEST_CASE("A file that is cut off anywhere is refused, and so is one with anything after its end") {
    const TemporaryDirectory here;
    const std::string bytes = read_file(left_behind(here));
    REQUIRE(complaint(bytes) == "");
    REQUIRE(bytes.size() > 2000);
    for (std::size_t size = 0; size < bytes.size(); size += 97) {
        CAPTURE(size);
        CHECK(complaint(bytes.substr(0, size)) == "torn: ends early");
    }
    CHECK(complaint(bytes.substr(0, bytes.size() - 1)) == "torn: ends early");
    CHECK(complaint(bytes + "x") != "");
    CHECK(complaint(bytes + bytes) != "");
}

TEST_CASE("A file with a flipped bit is refused") {
    const TemporaryDirectory here;
    const std::string bytes = read_file(left_behind(here));
    for (std::size_t at = 0; at < bytes.size(); at += 97) {
        CAPTURE(at);
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 1 << at % 8);
        CHECK(complaint(flipped) != "");
    }
}

TEST_CASE("Something else is no checkpoint, and one of something else is not taken") {
    const TemporaryDirectory here;
    const std::string bytes = read_file(left_behind(here));
    CHECK(complaint("profile a \"b\"") == "not a checkpoint");
    CHECK(complaint(bytes, print + 1) == "belongs to another spec, question or version");
    CHECK_THROWS_AS(Checkpoint(here.path().string(), 0, print), CheckpointError);
    Checkpoint checkpoint((here.path() / "run.ckpt").string(), 0, print);
    CHECK_FALSE(checkpoint.take("polite", 0));
    CHECK_FALSE(checkpoint.wants_notes());  // what is in the file is still to come
    CHECK(checkpoint.take("lossy", 0));
    CHECK_FALSE(checkpoint.take("lossy", 0));
}

TEST_CASE("A whole file of another system with the same fingerprint ends in a refusal, not in wrong numbers") {
    const TemporaryDirectory here;
    const std::string file = left_behind(here);
    Checkpoint checkpoint(file, 0, print);
    CHECK_THROWS_AS(Run(lossy_over(cutting_queue), Watching::by_outcome, bounds_with(checkpoint)), CheckpointError);
}

TEST_CASE("The fingerprint tells texts, profiles, questions and versions apart") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    const std::uint64_t all = fingerprint_of(spec, {{}, {}, false, "1"});
    CHECK(all == fingerprint_of(spec, {{}, {}, false, "1"}));
    CHECK(all != fingerprint_of(spec, {{}, {}, false, "2"}));
    CHECK(all != fingerprint_of(spec, {{}, {}, true, "1"}));
    CHECK(all != fingerprint_of(spec, {{"W01"}, {}, false, "1"}));
    CHECK(all != fingerprint_of(spec, {{}, {"lossy"}, false, "1"}));
    const std::vector<std::string> some{"W01", "W05-one"}, turned{"W05-one", "W01"};
    CHECK(fingerprint_of(spec, {some, {}, false, "1"}) == fingerprint_of(spec, {turned, {}, false, "1"}));
    CHECK(all != fingerprint_of(spec_with_all_needs(), {{}, {}, false, "1"}));
    Spec other = spec;
    other.subject = "linux";
    CHECK(all != fingerprint_of(other, {{}, {}, false, "1"}));
}

TEST_CASE("The fingerprint covers the files that a spec uses") {
    const TemporaryDirectory here;
    const auto print_with = [&](const std::string& used) {
        here.write("used.spec", used);
        return fingerprint_of(read_spec(here.write("main.spec", "use \"used.spec\"\n")), {{}, {}, false, "1"});
    };
    const std::string profile = "profile p \"p\" cites \"none\" {\nstates ESTABLISHED initial, CLOSED final\n}\n";
    CHECK(print_with(profile) == print_with(profile));
    CHECK(print_with(profile) != print_with(profile + "# said otherwise\n"));
}

TEST_CASE("A file whose directory is not there is refused before anything is explored, and nothing is left behind") {
    const TemporaryDirectory here;
    CHECK_THROWS_AS(Checkpoint((here.path() / "no" / "run.ckpt").string(), 0, print),
                    std::filesystem::filesystem_error);
    { const Checkpoint unused((here.path() / "run.ckpt").string(), 0, print); }
    CHECK(std::filesystem::is_empty(here.path()));
}

}  // namespace lastack
