#include "harness/close_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <queue>
#include <set>
#include <tuple>

namespace lastack {

namespace {

// What an explanation pays for. Only the order of the sums matters: losses are worse than expiries, these are worse
// than calls, and what one expects is free.
constexpr int cost_lost = 20, cost_on_its_way = 1, cost_skipped = 20, cost_late = 25, cost_expiry = 10, cost_owed = 1,
              cost_silent = 40;

// A timer may seem shorter by this, and a quarter, at the capture point than it is at its end: delays vary.
constexpr std::int64_t jitter_us = 50'000;

constexpr std::size_t most_nodes = 400'000;  // of one end, over all that passes

int cost_of_call(const std::string& call) {
    static const std::map<std::string, int> costs = {{"recv", 1},  {"send", 2},        {"open", 1}, {"listen", 1},
                                                     {"close", 5}, {"shutdown_wr", 8}, {"abort", 9}};
    const auto place = costs.find(call);
    return place == costs.end() ? 10 : place->second;
}

std::vector<std::string> calls_of(bool from_opening) {
    std::vector<std::string> calls = {"send", "recv", "close", "shutdown_wr", "shutdown_rd", "shutdown_rdwr", "abort"};
    if (from_opening) calls.insert(calls.end(), {"open", "listen"});
    return calls;
}

// The limits that a capture of unknown ends asks for: bounds that no connection meets, unless settings gave them.
Limits watching_limits(const Profile& profile, int text_units) {
    Limits limits = limits_of(profile);
    const auto set = [&](const std::string& name, int value) {
        if (limits.contains(name)) limits[name] = value;
    };
    set("data", text_units);
    set("window", text_units + 5);
    set("buffer", 0);
    set("repack", 1);
    for (const Limit& limit : profile.limits) {
        if (limit.name == "retries" && !limit.formula) limits["retries"] = limit.high;
    }
    return limits;
}

bool fits(const Segment& sent, const UnitPassing& seen) {
    const Segment& want = seen.segment;
    // What is sent again goes out in other pieces than at first; profiles send their units one by one.
    if (seen.text_from >= 0 && sent.len > 0 && sent.seq == seen.text_from && sent.ack == want.ack) return true;
    return sent.fin == want.fin && sent.syn == want.syn && sent.rst == want.rst && sent.len == want.len &&
           sent.has_ack == want.has_ack && (seen.any_seq || sent.seq == want.seq) &&
           (seen.any_ack || !want.has_ack || sent.ack == want.ack);
}

}  // namespace

struct CloseMonitor::Run {
    const std::vector<UnitPassing>& passings;
    int last_unit = 0;
    std::vector<Node> nodes;
    std::unordered_map<std::uint64_t, int> at;  // the best node of a local state and what is pending, at this moment
    std::vector<int> coming;                    // indices of passings that may arrive by now
    bool open = false;                          // somewhere the profile has no answer
    int lost = cost_lost;                       // what was sent and has not passed

    int whole(const Node& node) const {
        return node.cost + cost_skipped * (static_cast<int>(coming.size()) - node.heard);
    }
    static std::uint64_t key(const Node& node) { return std::uint64_t{node.local} << 32 | node.pending; }
    // Is it better than what there was?
    bool offer(const Node& node) {
        const auto [place, fresh] = at.try_emplace(key(node), static_cast<int>(nodes.size()));
        if (!fresh) {
            const Node& old = nodes[place->second];
            if (std::tuple(old.cost, -old.heard) <= std::tuple(node.cost, -node.heard)) return false;
            place->second = static_cast<int>(nodes.size());
        }
        if (nodes.size() >= most_nodes) throw std::length_error("too many states are possible");
        nodes.push_back(node);
        return true;
    }
};

std::string CloseMonitor::why_not(const Profile& profile) {
    if (!profile.vocabulary.kinds.empty()) return "its segments are not TCP's";
    for (const char* name : {"snd_una", "snd_nxt", "rcv_nxt"}) {
        if (profile.variable(name) < 0) return fmt::format("it has no variable '{}'", name);
    }
    for (const char* name : {"ESTABLISHED", "CLOSED"}) {
        if (profile.state(name) < 0) return fmt::format("it has no state '{}'", name);
    }
    if (profile.stream_from != 1) return "its streams do not begin with the SYN as unit 0";
    return "";
}

CloseMonitor::Beginning CloseMonitor::beginning(const Profile& profile, const Setup& setup) {
    Beginning made{profile, watching_limits(profile, setup.text_units), calls_of(setup.from_opening), "CLOSED", {}};
    if (setup.from_opening) return made;
    made.state = "ESTABLISHED";
    // Text of the other end that came before is delivered once more, so that it may be unread or not.
    const bool earlier = setup.other_base > 1;
    const auto begin_at = [&](const char* name, int unit) {
        made.profile.variables[static_cast<std::size_t>(profile.variable(name))].initial = unit;
    };
    begin_at("snd_una", setup.own_base);
    begin_at("snd_nxt", setup.own_base);
    begin_at("rcv_nxt", setup.other_base - earlier);
    if (!earlier) return made;
    Segment text;
    text.seq = static_cast<std::uint8_t>(setup.other_base - 1);
    text.ack = static_cast<std::uint8_t>(setup.own_base);
    text.len = 1;
    text.has_ack = true;
    made.earlier = text;
    return made;
}

CloseMonitor::CloseMonitor(const Profile& profile, const Setup& setup)
    : beginning_(beginning(profile, setup)), profile_(beginning_.profile) {
    machine_ = std::make_unique<Machine>(profile_, beginning_.limits, beginning_.calls, sent_,
                                         profile_.state(beginning_.state));
    seeds_.push_back(machine_->initial());
    if (!beginning_.earlier) return;
    seeds_.clear();
    for (const Outcome& outcome : machine_->react_to(machine_->initial(), {Trigger::segment, "", *beginning_.earlier}))
        seeds_.push_back(outcome.after);
}

const CloseMonitor::OutcomeList& CloseMonitor::own_steps(LocalId local) {
    const auto [place, fresh] = own_steps_.try_emplace(local);
    OutcomeList& list = place->second;
    if (!fresh) return list;
    try {
        const std::span<const Outcome> all = machine_->spontaneous(local);
        list.outcomes.assign(all.begin(), all.end());
    } catch (const ModelError&) {  // one input by which it leaves its ranges hides the others
        list.open = true;
        const auto add = [&](Trigger trigger, const std::string& name) {
            try {
                const std::vector<Outcome> some = machine_->react_to(local, {trigger, name, {}});
                list.outcomes.insert(list.outcomes.end(), some.begin(), some.end());
            } catch (const ModelError&) {
                list.open = true;
            }
        };
        for (const std::string& call : beginning_.calls) add(Trigger::call, call);
        for (const TimerDecl& timer : profile_.timers) add(Trigger::timer, timer.name);
    }
    return list;
}

const CloseMonitor::OutcomeList& CloseMonitor::arrivals(LocalId local, SegmentId segment) {
    const auto [place, fresh] = arrivals_.try_emplace(std::uint64_t{local} << 16 | segment);
    OutcomeList& list = place->second;
    if (!fresh) return list;
    try {
        list.outcomes = machine_->react_to(local, {Trigger::segment, "", arriving_[segment]});
    } catch (const ModelError&) {
        list.open = true;
    }
    return list;
}

int CloseMonitor::cost_of(std::uint32_t label) {
    if (label >= costs_.size()) costs_.resize(label + 64, -1);
    int& cost = costs_[label];
    if (cost >= 0) return cost;
    const Label& step = machine_->label(label);
    cost = 0;
    if (step.trigger == Trigger::call) cost = cost_of_call(step.name);
    if (step.trigger == Trigger::timer) {
        static const std::set<std::string> silent = {"time_wait", "user_timeout", "fin_wait_2", "last_ack", "overdue"};
        cost = step.name == "delack" ? cost_owed : silent.contains(step.name) ? cost_silent : cost_expiry;
    }
    return cost;
}

bool CloseMonitor::may_expire(std::uint32_t label, std::int64_t over_us) const {
    const Label& step = machine_->label(label);
    if (step.trigger != Trigger::timer) return true;
    const auto timer = static_cast<std::size_t>(profile_.timer(step.name));
    return profile_.timers[timer].earliest_us <= over_us;
}

bool CloseMonitor::may_be_over(std::int64_t earliest_us, std::int64_t elapsed_us) {
    return earliest_us - jitter_us <= elapsed_us + elapsed_us / 4;
}

// Text and FIN of one segment count as two that follow each other.
std::vector<Segment> CloseMonitor::sent_by(const Outcome& outcome) const {
    std::vector<Segment> all;
    for (int i = 0; i < outcome.sent_count; ++i) {
        Segment segment = sent_[outcome.sent[i]];
        segment.zero_window = false;
        if (segment.len > 0 && segment.fin) {
            Segment text = segment;
            text.fin = false;
            all.push_back(text);
            segment.seq = static_cast<std::uint8_t>(segment.seq + segment.len);
            segment.len = 0;
        }
        all.push_back(segment);
    }
    return all;
}

std::uint32_t CloseMonitor::pending_id(std::vector<Segment> rest) {
    if (rest.empty()) return 0;
    const auto [place, fresh] = pending_ids_.try_emplace(std::move(rest), static_cast<std::uint32_t>(pending_.size()));
    if (fresh) pending_.push_back(place->first);
    return place->second;
}

// Every step that the end can take in the state of a node, with its cost and the arrivals that are over after it.
template <typename Visit>
void CloseMonitor::each_step(Run& run, int at, std::int64_t over_us, const Visit& visit) {
    const Node node = run.nodes[at];
    const OutcomeList& own = own_steps(node.local);
    run.open = run.open || own.open;
    for (const Outcome& outcome : own.outcomes) {
        if (!may_expire(outcome.label, over_us)) continue;
        visit(node, outcome, cost_of(outcome.label), node.heard, Move{Move::Kind::own_step, false, outcome.label, -1});
    }
    const int ready = static_cast<int>(run.coming.size());
    for (int i = 0; i < ready; ++i) {
        const UnitPassing& one = run.passings[run.coming[i]];
        const auto deliver = [&](const Segment& segment, int after) {
            const OutcomeList& list = arrivals(node.local, arriving_.intern(segment));
            run.open = run.open || list.open;
            const int cost = i < node.heard ? cost_late : (i - node.heard) * cost_skipped;
            for (const Outcome& outcome : list.outcomes)
                visit(node, outcome, cost, std::max(node.heard, after),
                      Move{Move::Kind::arrival, false, outcome.label, run.coming[i]});
        };
        deliver(one.segment, i + 1);
        if (!one.with_next || i + 1 >= ready) continue;
        Segment both = run.passings[run.coming[i + 1]].segment;
        both.seq = one.segment.seq;
        both.len = one.segment.len;
        deliver(both, i + 2);
    }
}

// Text that nobody ever saw and nobody acknowledged is taken not to exist.
bool CloseMonitor::beyond(const Run& run, const Segment& segment) const {
    return segment.len > 0 && segment.seq > run.last_unit;
}

// What is sent here does not pass: it was lost before, or nobody looked.
void CloseMonitor::relax(Run& run, const Node& from, int at, const Outcome& outcome, int cost, int heard, Move move) {
    for (int i = 0; i < outcome.sent_count; ++i) {
        if (beyond(run, sent_[outcome.sent[i]])) return;
    }
    Node next;
    next.local = outcome.after;
    next.cost = from.cost + cost + run.lost * outcome.sent_count;
    next.heard = heard;
    next.parent = at;
    next.move = move;
    run.offer(next);
}

void CloseMonitor::close_over(Run& run, std::int64_t over_us) {
    using Entry = std::tuple<int, int, int>;  // cost, less of what was heard, node
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting;
    const auto push = [&](int node) { waiting.emplace(run.nodes[node].cost, -run.nodes[node].heard, node); };
    for (const auto& [key, node] : run.at) push(node);
    while (!waiting.empty()) {
        const int at = std::get<2>(waiting.top());
        waiting.pop();
        if (run.at.at(Run::key(run.nodes[at])) != at) continue;  // a better one came
        std::size_t known = run.nodes.size();
        if (run.nodes[at].pending != 0) {
            Node next = run.nodes[at];
            next.cost += run.lost * static_cast<int>(pending_[next.pending].size());
            next.pending = 0;
            next.parent = at;
            next.move = {Move::Kind::forget, false, 0, -1};
            next.passed = -1;
            run.offer(next);
        } else {
            each_step(run, at, over_us,
                      [&](const Node& from, const Outcome& outcome, int cost, int heard, const Move& move) {
                          relax(run, from, at, outcome, cost, heard, move);
                      });
        }
        for (; known < run.nodes.size(); ++known) push(static_cast<int>(known));
    }
}

// The segment that could have passed instead and is least different: flags first, then numbers, then the cheapest way.
EndJudgement::Near CloseMonitor::nearest_to(Run& run, const UnitPassing& passing) {
    const Segment& want = passing.segment;
    EndJudgement::Near best;
    std::tuple<int, int, std::string> least{std::numeric_limits<int>::max(), 0, ""};
    const auto compare = [&](const Node& node, const Outcome& outcome, int cost, int, const Move&) {
        for (const Segment& sent : sent_by(outcome)) {
            const int flags = (sent.fin != want.fin) + (sent.syn != want.syn) + (sent.rst != want.rst) +
                              (sent.has_ack != want.has_ack) + (sent.len != want.len);
            const int apart = 10 * flags + (sent.seq != want.seq) + (sent.ack != want.ack);
            std::tuple<int, int, std::string> here{apart, node.cost + cost, state_name(node.local)};
            if (here >= least) continue;
            least = std::move(here);
            best = {sent, state_name(node.local), machine_->label(outcome.label).rules};
        }
    };
    std::vector<int> now;
    for (const auto& [key, node] : run.at) now.push_back(node);
    std::sort(now.begin(), now.end());
    for (const int at : now) {
        if (run.nodes[at].pending == 0) each_step(run, at, passing.over_us, compare);
    }
    return best;
}

// Leaves the states in which the passing has just been sent. False where there is none.
bool CloseMonitor::let_pass(Run& run, std::size_t passing) {
    const UnitPassing& seen = run.passings[passing];
    std::vector<int> before;
    for (const auto& [key, node] : run.at) before.push_back(node);
    std::sort(before.begin(), before.end());
    std::vector<Node> after;
    const auto pass = [&](const std::vector<Segment>& sent, Node next, int at) {
        for (std::size_t i = 0; i < sent.size(); ++i) {
            if (!fits(sent[i], seen)) continue;
            Node passed = next;
            passed.cost += cost_lost * static_cast<int>(i);
            passed.pending = pending_id({sent.begin() + static_cast<std::ptrdiff_t>(i) + 1, sent.end()});
            passed.parent = at;
            passed.passed = static_cast<int>(passing);
            after.push_back(passed);
        }
    };
    for (const int at : before) {
        const Node node = run.nodes[at];
        if (node.pending != 0) {
            Node next = node;
            next.move = {Move::Kind::passes, true, 0, -1};
            pass(pending_[node.pending], next, at);
            continue;
        }
        each_step(run, at, seen.over_us, [&](const Node& from, const Outcome& outcome, int cost, int heard, Move move) {
            if (outcome.sent_count == 0) return;
            Node next;
            next.local = outcome.after;
            next.cost = from.cost + cost;
            next.heard = heard;
            move.passing_now = true;
            next.move = move;
            pass(sent_by(outcome), next, at);
        });
    }
    if (after.empty()) return false;
    run.at.clear();
    for (const Node& node : after) run.offer(node);
    return true;
}

void CloseMonitor::begin(Run& run) {
    for (const LocalId seed : seeds_) {
        Node node;
        node.local = seed;
        run.offer(node);
    }
}

EndJudgement CloseMonitor::judge(const std::vector<UnitPassing>& passings, int last_unit, std::int64_t quiet_us) {
    Run run{passings, last_unit, {}, {}, {}};
    EndJudgement out;
    begin(run);
    out.begins = state_name(seeds_.front());
    try {
        for (std::size_t i = 0; i < passings.size(); ++i) {
            if (!passings[i].own) {
                run.coming.push_back(static_cast<int>(i));
                continue;
            }
            if (!passings[i].needs_reason) continue;
            close_over(run, passings[i].over_us);
            if (let_pass(run, i)) continue;
            out.at = i;
            out.verdict = run.open ? EndJudgement::Verdict::unknown : EndJudgement::Verdict::unexplained;
            out.why_unknown = run.open ? "the profile has no answer to what may have happened" : "";
            out.nearest = nearest_to(run, passings[i]);
            tell(run, plainest(run), out);
            return out;
        }
        run.lost = cost_on_its_way;  // it may still pass
        close_over(run, passings.empty() ? 0 : passings.back().over_us);
    } catch (const std::length_error& error) {
        out.verdict = EndJudgement::Verdict::unknown;
        out.why_unknown = error.what();
        return out;
    }
    const int best = plainest(run);
    std::set<std::string> states;
    for (const auto& [key, node] : run.at) states.insert(state_name(run.nodes[node].local));
    tell(run, best, out);
    out.cost = run.whole(run.nodes[best]);
    let_time_pass(out, run.nodes[best].local, quiet_us);
    for (const std::string& state : states) {
        if (state != out.state) out.other_states.push_back(state);
    }
    return out;
}

std::set<Segment> CloseMonitor::may_send(const std::vector<UnitPassing>& passings, std::size_t count, int last_unit) {
    Run run{passings, last_unit, {}, {}, {}};
    std::set<Segment> all;
    try {
        begin(run);
        for (std::size_t i = 0; i < count; ++i) {
            if (!passings[i].own) run.coming.push_back(static_cast<int>(i));
            if (!passings[i].own || !passings[i].needs_reason) continue;
            close_over(run, passings[i].over_us);
            if (!let_pass(run, i)) return {};
        }
        const std::int64_t over_us = count < passings.size() ? passings[count].over_us : 0;
        close_over(run, over_us);
        std::vector<int> now;
        for (const auto& [key, node] : run.at)
            if (run.nodes[node].pending == 0) now.push_back(node);
        for (const int at : now) {
            each_step(run, at, over_us, [&](const Node&, const Outcome& outcome, int, int, const Move&) {
                for (const Segment& segment : sent_by(outcome))
                    if (!beyond(run, segment)) all.insert(segment);
            });
        }
    } catch (const std::length_error&) {
        return {};
    }
    return all;
}

// The node with the cheapest explanation, what never arrived included.
int CloseMonitor::plainest(const Run& run) {
    int best = -1;
    for (const auto& [key, node] : run.at) {
        const auto rank = [&](int at) { return std::tuple(run.whole(run.nodes[at]), at); };
        if (best < 0 || rank(node) < rank(best)) best = node;
    }
    return best;
}

// The way to a node, from the beginning.
void CloseMonitor::tell(const Run& run, int last, EndJudgement& out) const {
    std::vector<int> way;
    for (int at = last; at >= 0; at = run.nodes[at].parent) way.push_back(at);
    std::reverse(way.begin(), way.end());
    out.state = state_name(run.nodes[last].local);
    for (const int at : way) {
        const Node& node = run.nodes[at];
        if (node.move.kind == Move::Kind::passes && !out.steps.empty()) out.steps.back().sent.push_back(node.passed);
        if (node.move.kind != Move::Kind::own_step && node.move.kind != Move::Kind::arrival) continue;
        const Label& label = machine_->label(node.move.label);
        EndJudgement::Step step;
        step.trigger = label.trigger;
        step.name = label.name;
        step.arrived = node.move.passing;
        step.rules = label.rules;
        step.state = state_name(node.local);
        if (node.move.passing_now) step.sent.push_back(node.passed);
        out.steps.push_back(std::move(step));
    }
}

// Timers whose time is over by now, as nothing has passed since: where they end in silence they have ended.
void CloseMonitor::let_time_pass(EndJudgement& out, LocalId local, std::int64_t quiet_us) {
    for (int round = 0; round < 3; ++round) {
        const OutcomeList& list = own_steps(local);
        const auto over = std::find_if(list.outcomes.begin(), list.outcomes.end(), [&](const Outcome& outcome) {
            const Label& label = machine_->label(outcome.label);
            if (label.trigger != Trigger::timer || outcome.sent_count > 0) return false;
            const TimerDecl& timer = profile_.timers[static_cast<std::size_t>(profile_.timer(label.name))];
            return timer.cap_us == 0 && timer.latest_us < quiet_us;
        });
        if (over == list.outcomes.end()) return;
        const Label& label = machine_->label(over->label);
        out.steps.push_back({Trigger::timer, label.name, -1, {}, label.rules, state_name(over->after)});
        local = over->after;
        out.state = state_name(local);
    }
}

std::string CloseMonitor::state_name(LocalId local) const {
    return state_label(profile_.states[static_cast<std::size_t>(machine_->control_state(local))].name);
}

}  // namespace lastack
