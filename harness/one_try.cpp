#include "harness/one_try.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <unordered_map>
#include <utility>

#include "generators/vector_reading.h"
#include "harness/company.h"
#include "harness/conversation.h"
#include "harness/courses.h"
#include "harness/descriptor.h"

namespace lastack {
namespace {

constexpr std::int64_t stop_poll_us = 40'000;
constexpr std::size_t read_after = 16;  // packets that are looked at
constexpr int most_losses = 20;         // of the implementation as a whole, in one run
constexpr const char* stopped = "stopped before it was over";

constexpr int most_that_block = 200;  // each has a thread that wants its turn when it is woken

bool has_blocking(const TestVector& vector) {
    return std::any_of(vector.steps.begin(), vector.steps.end(),
                       [](const VectorStep& step) { return step.result == "blocked"; });
}

// The step in which the application listens; -1 where it has its listener from elsewhere.
int listening_step(const TestVector& vector) {
    const auto step = std::find_if(vector.steps.begin(), vector.steps.end(), [](const VectorStep& one) {
        return one.kind == VectorStep::Kind::call && one.call == "listen" && one.result == "ok";
    });
    return step == vector.steps.end() ? -1 : static_cast<int>(step - vector.steps.begin());
}

// The limits of a profile that does not stand for the IUT are not the IUT's.
Setup setup_of(const TestVector& vector) {
    Setup setup{vector.settings, {}, vector.unit_bytes, {}};
    if (vector.profile == vector.subject) {
        setup.limits = vector.limits;
        setup.unproduced = vector.unproduced;
    }
    return setup;
}

// The same setup as that vector's?
bool alike(const TestVector& one, const TestVector& other) {
    const bool played = one.profile == one.subject;
    return played == (other.profile == other.subject) && one.unit_bytes == other.unit_bytes &&
           one.settings == other.settings &&
           (!played || (one.limits == other.limits && one.unproduced == other.unproduced));
}

// Why an implementation that can do no more than this cannot be driven by the vector; empty where it can.
std::string what_lacks(const Abilities& abilities, const TestVector& vector) {
    if (vector.begin == TestVector::Begin::closed && !abilities.begins_closed)
        return "the target makes no sockets: it only accepts";
    for (const VectorStep& step : vector.steps) {
        const bool call = step.kind == VectorStep::Kind::call;
        if (call && abilities.calls && !abilities.calls->contains(step.call))
            return fmt::format("the target has no call {}", step.call);
        if (!step.signals.empty() && !abilities.signals)
            return "what its application sees without a call cannot be read";
        // Of an expiry that sends nothing only the state tells.
        const bool silent = step.kind == VectorStep::Kind::wait && step.expect.empty() && step.signals.empty();
        if (silent && !step.states.empty() && !abilities.states) return "the target's state cannot be read";
    }
    return "";
}

// How long the calling thread has waited for a processor since it began, in microseconds: the second number of its
// schedstat (Documentation/scheduler/sched-stats.rst of Linux). 0 where there is none.
class RunDelay {
public:
    std::int64_t now_us() const {
        std::array<char, 96> text{};
        if (!file_.open() || ::pread(file_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
        char* rest = nullptr;
        std::strtoll(text.data(), &rest, 10);
        return std::strtoll(rest, nullptr, 10) / 1000;
    }

private:
    Descriptor file_{::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)};
};

bool is_decided(const TestRun& run) { return run.verdict == Verdict::pass || run.verdict == Verdict::fail; }

// Of two runs of one vector: a refutation counts more than a confirmation, and that more than none of the two.
void take_clearer(TestRun& kept, TestRun other) {
    const auto rank = [](const TestRun& run) {
        return run.verdict == Verdict::fail ? 2 : run.verdict == Verdict::pass ? 1 : 0;
    };
    if (kept.vector_id.empty() || rank(other) > rank(kept)) kept = std::move(other);
}

class Session {
public:
    Session(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options)
        : target_(target), vectors_(vectors), options_(options), runs_(vectors.size()) {
        const std::size_t all = vectors.size() * static_cast<std::size_t>(1 + options.company);
        live_.resize(all);
        if (options.company > 0) beside_.resize(vectors.size());
    }

    std::vector<TestRun> run();

private:
    using Deadline = std::pair<std::int64_t, std::size_t>;  // when, whose

    std::vector<std::pair<Setup, std::vector<std::size_t>>> groups();
    void run_setup(const Setup& setup, const std::vector<std::size_t>& ids);
    void run_group(const std::vector<std::size_t>& ids, std::size_t at_once);
    std::vector<std::size_t> lose(const std::vector<std::size_t>& ids);
    std::size_t at_once(const std::vector<std::size_t>& ids) const;
    bool stop_asked();
    std::string why_not(const TestVector& vector) const;
    void start(std::size_t id);
    void start_one(std::size_t id, const TestVector& vector, std::uint16_t iut_port = 0);
    void start_neighbours(std::size_t id, std::uint16_t iut_port);
    bool waits_for_company(std::size_t id) const;
    bool is_neighbour(std::size_t id) const { return id >= vectors_.size(); }
    std::vector<std::size_t> neighbours(std::size_t id) const;
    void neighbour_waits(std::size_t neighbour);
    void release_neighbours(std::size_t id);
    void finish_neighbour(std::size_t neighbour, TestRun run);
    void settle(std::size_t id);
    void give_up(std::size_t id, const std::string& why);
    void act(std::size_t id);
    void act_all();
    void wake_all(std::int64_t now);
    std::vector<Packet> read(std::int64_t until_us);
    void deliver(std::vector<Packet> packets);
    void wake_due();
    std::int64_t next_wake();
    void after_event(std::size_t id, bool acted = false);
    void finish(std::size_t id);
    void keep(std::size_t id, TestRun run);
    OtherCourses other_courses();
    void leave_out(std::size_t id, Verdict verdict, const std::string& reason);
    void abandon(const std::vector<std::size_t>& ids, Verdict verdict, const std::string& reason);
    template <class Work>
    void guarded(std::size_t id, Work work);

    Target& target_;
    const std::vector<TestVector>& vectors_;
    const DriveOptions& options_;
    std::vector<TestRun> runs_;
    std::map<std::size_t, TestRun> went_its_course_;  // of vectors that are in progress themselves: how others ended
    std::optional<Courses> courses_;  // of the group that is driven; not where each connection has its company
    // Null before the start and after the end. By the vector's index; behind them all the neighbours of each, and once
    // more.
    std::vector<std::unique_ptr<Conversation>> live_;
    struct Beside {
        TestVector vector;   // of each neighbour
        int behind = -1;     // the step of the vector, a call of `listen`, behind which they come; -1: before all
        bool begun = false;  // they were started
        std::set<std::size_t> open;  // once all are, the vector's own connection is opened, or goes on
        bool released = false;       // the vector is over, they may act
        std::vector<TestRun> runs;   // of those that are over
        bool counted = false;        // the vector has its verdict
    };
    std::vector<Beside> beside_;  // by the vector's index
    std::size_t live_count_ = 0, done_ = 0;
    int losses_ = 0;
    std::int64_t last_poll_us_ = 0;
    RunDelay run_delay_;
    std::int64_t looked_us_ = 0;  // when packets were last asked for
    std::unordered_map<std::string, std::size_t> by_peer_;
    std::deque<std::size_t> ready_;
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

// Groups in the order in which their setup first appears.
std::vector<std::pair<Setup, std::vector<std::size_t>>> Session::groups() {
    std::vector<std::pair<Setup, std::vector<std::size_t>>> result;
    std::size_t last = 0;  // the group of the vector before, which most share
    for (std::size_t id = 0; id < vectors_.size(); ++id) {
        if (const std::string reason = why_not(vectors_[id]); !reason.empty()) {
            leave_out(id, Verdict::skipped, reason);
            continue;
        }
        if (!result.empty() && alike(vectors_[result[last].second.front()], vectors_[id])) {
            result[last].second.push_back(id);
            continue;
        }
        const Setup setup = setup_of(vectors_[id]);
        auto group = std::find_if(result.begin(), result.end(), [&](const auto& g) { return g.first == setup; });
        if (group == result.end()) group = result.insert(result.end(), {setup, {}});
        group->second.push_back(id);
        last = static_cast<std::size_t>(group - result.begin());
    }
    return result;
}

// Reasons to leave a vector out that need no connection to be found.
std::string Session::why_not(const TestVector& vector) const {
    const Endpoints ends = target_.endpoints();
    // Where the spec says that implementations do otherwise than that profile, they are asked.
    if (vector.profile != vector.subject && !vector.refuted_expected)
        return fmt::format("end {} is played by profile {}, not by {}", vector.endpoint, vector.profile,
                           vector.subject);
    if (vector.ip == 6 && ends.iut6.empty()) return "the target has no IPv6";
    if (std::string lacks = what_lacks(target_.abilities(), vector); !lacks.empty()) return lacks;
    const std::int64_t bound = duration_bound_us(vector);
    if (bound > options_.longest_us)
        return fmt::format("needs up to {} s, longest is {} s", seconds(bound), seconds(options_.longest_us));
    return "";
}

std::vector<TestRun> Session::run() {
    for (auto& [setup, ids] : groups()) {
        if (options_.stop && options_.stop()) {
            abandon(ids, Verdict::skipped, stopped);
            continue;
        }
        try {
            run_setup(setup, ids);
        } catch (const std::exception& problem) {  // the target as a whole has failed
            abandon(ids, Verdict::error, problem.what());
        }
    }
    return std::move(runs_);
}

std::size_t Session::at_once(const std::vector<std::size_t>& ids) const {
    const bool blocks = std::any_of(ids.begin(), ids.end(), [&](std::size_t id) { return has_blocking(vectors_[id]); });
    const auto wanted =
        static_cast<std::size_t>(std::max(blocks ? std::min(options_.at_once, most_that_block) : options_.at_once, 1));
    const int most = target_.abilities().at_once;
    const std::size_t connections = most > 0 ? std::min(wanted, static_cast<std::size_t>(most)) : wanted;
    // A vector is begun where there is room for one connection, and takes room for its neighbours as well.
    const auto company = static_cast<std::size_t>(options_.company);
    return connections > company ? connections - company : 1;
}

// Where the implementation is lost, it is made anew, and those that were in progress are driven one by one: the one
// that does it has an error, the others have their verdicts.
void Session::run_setup(const Setup& setup, const std::vector<std::size_t>& ids) {
    std::vector<std::size_t> rest = ids;
    std::size_t alone = 0;  // of the rest, so many one by one
    while (!rest.empty()) {
        const std::size_t count = alone > 0 ? 1 : rest.size();
        const std::vector<std::size_t> now(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
        try {
            std::string refused;
            for (const std::string& why : target_.configure(setup)) refused += (refused.empty() ? "" : "; ") + why;
            if (!refused.empty()) return abandon(rest, Verdict::skipped, "the target cannot be set up: " + refused);
            run_group(now, at_once(now));
            alone -= alone > 0;
            rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
        } catch (const TargetLost& loss) {
            const std::vector<std::size_t> suspects = lose(now);
            if (suspects.size() <= 1)
                leave_out(suspects.empty() ? now.front() : suspects[0], Verdict::error, loss.what());
            std::erase_if(rest, [&](std::size_t id) { return !runs_[id].vector_id.empty(); });
            if (suspects.size() > 1) {
                alone = suspects.size();
                std::stable_partition(rest.begin(), rest.end(), [&](std::size_t id) {
                    return std::find(suspects.begin(), suspects.end(), id) != suspects.end();
                });
            } else {
                alone -= alone > 0;
            }
            if (++losses_ > most_losses)
                return abandon(rest, Verdict::error,
                               fmt::format("the target was lost {} times, at last so: {}", losses_, loss.what()));
            target_.restart();
        }
    }
}

// Forgets all conversations; returns whose they were.
std::vector<std::size_t> Session::lose(const std::vector<std::size_t>& ids) {
    std::vector<std::size_t> lost;
    for (const std::size_t id : ids) {
        bool was_live = std::exchange(live_[id], nullptr) != nullptr;
        for (const std::size_t one : neighbours(id)) was_live |= std::exchange(live_[one], nullptr) != nullptr;
        if (!was_live) continue;
        runs_[id] = {};  // also where only its neighbours were left
        lost.push_back(id);
    }
    live_count_ = 0;
    by_peer_.clear();
    ready_.clear();
    deadlines_ = {};
    return lost;
}

// Acting goes before starting: the conversations in progress have windows that run, the waiting ones have not.
void Session::run_group(const std::vector<std::size_t>& ids, std::size_t at_once) {
    if (options_.company == 0) courses_.emplace(vectors_, ids);
    const bool batches = target_.batches();
    std::size_t started = 0;
    looked_us_ = last_poll_us_ = target_.now_us();
    while (live_count_ > 0 || started < ids.size()) {
        if (stop_asked()) {
            abandon(ids, Verdict::skipped, stopped);
            return;
        }
        if (!ready_.empty() && batches) {
            act_all();
        } else if (!ready_.empty()) {
            const std::size_t id = ready_.front();
            ready_.pop_front();
            act(id);
        } else if (started < ids.size() && live_count_ < at_once) {
            start(ids[started++]);
            while (batches && started < ids.size() && live_count_ < at_once) start(ids[started++]);
            deliver(read(target_.now_us()));
        } else {
            deliver(read(next_wake()));
        }
        wake_due();
    }
}

// The question may be dear, so it is asked when there is nothing to do, or after a while.
bool Session::stop_asked() {
    if (!options_.stop || (!ready_.empty() && target_.now_us() - last_poll_us_ < stop_poll_us)) return false;
    last_poll_us_ = target_.now_us();
    return options_.stop();
}

// Whatever goes wrong in the target ends the one run that it happened to.
template <class Work>
void Session::guarded(std::size_t id, Work work) {
    try {
        work(*live_[id]);
    } catch (const TargetLost&) {
        throw;
    } catch (const std::exception& problem) {
        live_[id]->end(Verdict::error, problem.what());
    }
}

// The handshake is done before the next one is started, so the accept queue stays short. Neighbours come first, unless
// the vector itself opens the listener that they come to.
void Session::start(std::size_t id) {
    if (!runs_[id].vector_id.empty()) return;  // another one's connection went its course
    if (options_.company == 0) return start_one(id, vectors_[id]);
    Beside& beside = beside_[id] = {};
    beside.vector = neighbour_of(vectors_[id]);
    beside.behind = target_.shares_listeners() ? listening_step(vectors_[id]) : -1;
    if (beside.behind >= 0) return start_one(id, vectors_[id]);
    start_neighbours(id, 0);
}

// Those that have no verdict yet first: what is spared is a connection.
OtherCourses Session::other_courses() {
    if (!courses_) return {};
    return [this](const TestVector& vector, int step) {
        std::vector<const TestVector*> others = courses_->beside(vector, step);
        std::stable_partition(others.begin(), others.end(), [&](const TestVector* other) {
            const auto id = static_cast<std::size_t>(other - vectors_.data());
            return runs_[id].vector_id.empty() && !live_[id];
        });
        return others;
    };
}

void Session::start_neighbours(std::size_t id, std::uint16_t iut_port) {
    beside_[id].begun = true;
    for (const std::size_t one : neighbours(id)) start_one(one, beside_[id].vector, iut_port);
}

// Its listener is there now, and nobody has come to it.
bool Session::waits_for_company(std::size_t id) const {
    if (is_neighbour(id) || options_.company == 0) return false;
    const Beside& beside = beside_[id];
    return beside.behind >= 0 && live_[id]->at_step() == beside.behind + 1 &&
           beside.open.size() < neighbours(id).size();
}

void Session::start_one(std::size_t id, const TestVector& vector, std::uint16_t iut_port) {
    try {
        Peer peer = target_.fresh_peer(vector.ip);
        peer.iut_port = iut_port;
        live_[id] = std::make_unique<Conversation>(target_, vector, std::move(peer), options_, other_courses());
    } catch (const std::exception& problem) {
        return give_up(id % vectors_.size(), problem.what());
    }
    ++live_count_;
    const Peer& peer = live_[id]->peer();
    by_peer_[key_of(peer.address, peer.port)] = id;
    guarded(id, [](Conversation& one) { one.open(); });
    after_event(id);
}

std::vector<std::size_t> Session::neighbours(std::size_t id) const {
    std::vector<std::size_t> all;
    for (int i = 1; i <= options_.company; ++i) all.push_back(id + vectors_.size() * static_cast<std::size_t>(i));
    return all;
}

// Once all neighbours are there, the vector's own connection is opened, or its vector goes on.
void Session::neighbour_waits(std::size_t neighbour) {
    const std::size_t id = neighbour % vectors_.size();
    const bool is_new = beside_[id].open.insert(neighbour).second;
    if (!is_new || beside_[id].open.size() < neighbours(id).size()) return;
    if (beside_[id].behind < 0)
        start_one(id, vectors_[id]);
    else if (live_[id])
        after_event(id);
}

// The vector is over: now they are asked whether they are as they were.
void Session::release_neighbours(std::size_t id) {
    if (options_.company == 0) return;
    beside_[id].released = true;
    for (const std::size_t one : neighbours(id))
        if (live_[one] && live_[one]->ready()) ready_.push_back(one);
}

// An id may stand in the queue twice when packets came meanwhile; the second time finds nothing to do.
void Session::act(std::size_t id) {
    if (!live_[id] || !live_[id]->ready()) return;
    guarded(id, [](Conversation& one) { one.act(); });
    deliver(read(target_.now_us()));
    if (!live_[id]) return;  // an answer has ended it
    guarded(id, [](Conversation& one) { one.settle_action(); });
    after_event(id, true);
}

// All that are ready at once: their actions and what will be looked at go out in one message. For targets in virtual
// time, where it is the same instant for all of them.
void Session::act_all() {
    std::vector<std::size_t> acting;
    for (const std::size_t id : std::exchange(ready_, {}))
        if (live_[id] && live_[id]->ready()) {
            guarded(id, [](Conversation& one) {
                one.act();
                one.foresee();
            });
            acting.push_back(id);
        }
    std::vector<Packet> answers = read(target_.now_us());
    for (const std::size_t id : acting) guarded(id, [](Conversation& one) { one.take_result(); });
    deliver(std::move(answers));
    for (const std::size_t id : acting) {
        if (!live_[id]) continue;
        guarded(id, [](Conversation& one) { one.settle_action(); });
        after_event(id);
    }
}

// Asks the target for packets, and measures for how long it was not asked: whoever was not looking cannot say when
// something came, or that it did not. A packet may wake a wait at any time, so of that only what the kernel counts is
// known. What the conversations in progress then fail for, proves nothing.
std::vector<Packet> Session::read(std::int64_t until_us) {
    if (target_.virtual_time()) return target_.wait(until_us);
    const std::int64_t asked_us = target_.now_us();
    const bool blocks = until_us > asked_us + options_.slack_us;
    const std::int64_t delayed_us = blocks ? run_delay_.now_us() : 0;
    std::vector<Packet> packets = target_.wait(until_us);
    const std::int64_t now = target_.now_us();
    std::int64_t held_us = std::max(asked_us - looked_us_, now - std::max(asked_us, until_us));
    if (blocks && now - asked_us > options_.slack_us) held_us = std::max(held_us, run_delay_.now_us() - delayed_us);
    looked_us_ = now;
    if (held_us > options_.slack_us)
        for (const auto& one : live_)
            if (one) one->note_held_up(held_us);
    return packets;
}

// By the tester's address and port, in the order in which the packets were read. A packet has the time at which it was
// read, so those that come while many others are looked at are read in between.
void Session::deliver(std::vector<Packet> packets) {
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (i % read_after == read_after - 1) {
            std::vector<Packet> more = read(target_.now_us());
            std::move(more.begin(), more.end(), std::back_inserter(packets));
        }
        const auto segment = decode(packets[i].bytes);
        if (!segment) continue;  // not TCP: multicast listener reports and the like
        const auto found = by_peer_.find(key_of(segment->destination, segment->destination_port));
        if (found == by_peer_.end()) continue;  // of a run that is over
        const std::size_t id = found->second;
        guarded(id, [&](Conversation& one) { one.on_packet(*segment, packets[i].at_us); });
        after_event(id);
    }
}

void Session::wake_due() {
    const std::int64_t now = target_.now_us();
    if (deadlines_.empty() || deadlines_.top().first > now) return;
    // A packet that came before the deadline must be seen before it.
    deliver(read(now));
    if (target_.batches()) return wake_all(now);
    while (!deadlines_.empty() && deadlines_.top().first <= now) {
        const auto [when, id] = deadlines_.top();
        deadlines_.pop();
        if (!live_[id] || live_[id]->ready() || live_[id]->deadline_us() != when) continue;
        guarded(id, [](Conversation& one) { one.on_deadline(); });
        // A call that was tried again may have answers under way.
        deliver(read(target_.now_us()));
        if (!live_[id]) continue;
        guarded(id, [](Conversation& one) { one.settle_action(); });
        after_event(id);
    }
}

// The same, for a target that takes a batch.
void Session::wake_all(std::int64_t now) {
    std::vector<Deadline> due;
    for (; !deadlines_.empty() && deadlines_.top().first <= now; deadlines_.pop()) {
        const auto [when, id] = deadlines_.top();
        if (!live_[id] || live_[id]->ready() || live_[id]->deadline_us() != when) continue;
        guarded(id, [](Conversation& one) { one.foresee(); });
        due.emplace_back(when, id);
    }
    std::sort(due.begin(), due.end());  // one may stand there twice with the same deadline
    due.erase(std::unique(due.begin(), due.end()), due.end());
    deliver(read(now));
    std::erase_if(due, [&](const Deadline& one) {
        const auto& [when, id] = one;
        return !live_[id] || live_[id]->ready() || live_[id]->deadline_us() != when;
    });
    for (const auto& [when, id] : due) guarded(id, [](Conversation& one) { one.on_deadline(); });
    deliver(read(now));
    for (const auto& [when, id] : due) {
        if (!live_[id]) continue;
        guarded(id, [](Conversation& one) { one.settle_action(); });
        after_event(id);
    }
}

// A stop must be noticed also while nothing happens.
std::int64_t Session::next_wake() {
    const std::int64_t now = target_.now_us();
    std::int64_t wake = deadlines_.empty() ? now + stop_poll_us : deadlines_.top().first;
    if (options_.stop && !target_.virtual_time()) wake = std::min(wake, now + stop_poll_us);
    return wake;
}

// Each event leaves the conversation in exactly one place: a queue, a heap, or beside others. One that acts goes on
// until it has to wait: of many that a tick of the kernel wakes at once none has its own timers run meanwhile.
void Session::after_event(std::size_t id, bool acted) {
    const Conversation& one = *live_[id];
    if (one.finished()) return finish(id);
    if (!one.ready()) {
        deadlines_.emplace(one.deadline_us(), id);
    } else if (waits_for_company(id)) {
        if (!beside_[id].begun) start_neighbours(id, one.peer().iut_port);
    } else if (is_neighbour(id) && !beside_[id % vectors_.size()].released) {
        neighbour_waits(id);
    } else {
        acted ? ready_.push_front(id) : ready_.push_back(id);
    }
}

// The tuple is forgotten before the connection is discarded: the reset of the discard must find nobody.
void Session::finish(std::size_t id) {
    std::unique_ptr<Conversation> one = std::move(live_[id]);
    --live_count_;
    by_peer_.erase(key_of(one->peer().address, one->peer().port));
    TestRun run;
    try {
        run = one->take_run();
    } catch (const std::exception& problem) {  // the connection could not be freed; the verdict would be hollow
        run.vector_id = vectors_[id % vectors_.size()].id;
        run.verdict = Verdict::error;
        run.reason = problem.what();
    }
    if (is_neighbour(id)) return finish_neighbour(id, std::move(run));
    if (std::optional<TestRun> left = one->left()) {
        left->observed = run.observed;
        if (is_decided(run)) left->went_on_as = run.vector_id;
        keep(static_cast<std::size_t>(&one->course() - vectors_.data()), std::exchange(run, std::move(*left)));
    }
    runs_[id] = std::move(run);
    if (const auto other = went_its_course_.find(id); other != went_its_course_.end())
        take_clearer(runs_[id], std::move(other->second));
    release_neighbours(id);
    settle(id);
}

// What a connection that was another vector's has shown of this one, which then need not have its own.
void Session::keep(std::size_t id, TestRun run) {
    if (!is_decided(run)) return;
    if (live_[id]) return take_clearer(went_its_course_[id], std::move(run));
    if (!runs_[id].vector_id.empty()) return take_clearer(runs_[id], std::move(run));
    runs_[id] = std::move(run);
    settle(id);
}

// One that could not be opened leaves nothing to stand beside.
void Session::finish_neighbour(std::size_t neighbour, TestRun run) {
    const std::size_t id = neighbour % vectors_.size();
    const bool was_open = beside_[id].open.contains(neighbour);
    beside_[id].runs.push_back(std::move(run));
    if (!was_open && runs_[id].vector_id.empty()) {
        return give_up(id, "a neighbour could not be opened: " + beside_[id].runs.back().reason);
    }
    settle(id);
}

// The vector has no verdict but this, whether its own connection is there or not.
void Session::give_up(std::size_t id, const std::string& why) {
    if (live_[id]) {
        live_[id]->end(Verdict::error, why);
        return finish(id);
    }
    leave_out(id, Verdict::error, why);
    release_neighbours(id);
}

// Where the vector and all that stood beside it are over.
void Session::settle(std::size_t id) {
    if (options_.company > 0) {
        Beside& beside = beside_[id];
        const std::size_t company = beside.begun ? neighbours(id).size() : 0;
        if (beside.counted || runs_[id].vector_id.empty() || beside.runs.size() < company) return;
        for (const TestRun& one : beside.runs) take_neighbour(one, runs_[id]);
        beside.counted = true;
    }
    ++done_;
    if (options_.progress) options_.progress(done_, vectors_.size());
}

void Session::leave_out(std::size_t id, Verdict verdict, const std::string& reason) {
    runs_[id].vector_id = vectors_[id].id;
    runs_[id].verdict = verdict;
    runs_[id].reason = reason;
    if (options_.company > 0) beside_[id].counted = true;
    ++done_;
    if (options_.progress) options_.progress(done_, vectors_.size());
}

// Ends every run of the group that has no result yet.
void Session::abandon(const std::vector<std::size_t>& ids, Verdict verdict, const std::string& reason) {
    for (const std::size_t id : ids) {
        if (live_[id]) {
            live_[id]->end(verdict, reason);
            finish(id);
        } else if (runs_[id].vector_id.empty()) {
            leave_out(id, verdict, reason);
        }
        for (const std::size_t one : neighbours(id)) {
            if (!live_[one]) continue;
            live_[one]->end(verdict, reason);
            finish(one);
        }
    }
    ready_.clear();
    deadlines_ = {};
}

}  // namespace

std::vector<TestRun> drive_once(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options) {
    return Session(target, vectors, options).run();
}

}  // namespace lastack
