// Two algorithms, which tests compare.
//
// refine: partition refinement by signatures. Start with one block; in each round the signature of a state is its block
// and the set of its (label, block of the target); states with equal signatures form the new blocks, until a round
// makes none. S. Blom and S. Orzan, "Distributed state space minimization", STTT 7(3), 2005, here on one core.
// Deviation: every state is looked at in every round, and the rounds are kept, since they say after how many inputs two
// states come apart. A state answers thousands of segments in a dozen ways: its signature has for each way the set of
// inputs that are answered so, and a set of inputs is one number. Cost: ways times states times rounds; an endpoint
// needs as many rounds as its longest wait for a difference, a few dozen.
//
// bisimilar_inside: the greatest bisimulation over the pairs that are reachable together, refuted on the fly. J.-C.
// Fernandez and L. Mounier, "On the fly verification of behavioural equivalences and preorders", CAV 1991. Deviation:
// instead of a depth-first search per assumption, pairs start as equal and a refuted pair has its predecessors looked
// at again; inputs that lead either state outside its ranges are passed over, which no partition can express. Cost:
// pairs times edges.
#include "checker/compare/bisimulation.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "checker/compare/joint_inputs.h"

namespace lastack {

namespace {

// Sets of inputs: equal sets have equal numbers.
class InputSets {
public:
    explicit InputSets(std::size_t inputs) : words_((inputs + 63) / 64) {}

    // What the classes of a control state stand for, by their first inputs.
    std::vector<std::uint32_t> of_classes(const EndpointLts::Classes& classes) {
        std::map<std::uint32_t, Bits> members;
        for (std::uint32_t input = 0; input < classes.size(); ++input) {
            Bits& bits = members.try_emplace(classes[input], words_).first->second;
            bits[input / 64] |= std::uint64_t{1} << (input % 64);
        }
        std::vector<std::uint32_t> sets(classes.size(), 0);
        for (const auto& [first, bits] : members) sets[first] = number(bits);
        return sets;
    }

    // Of disjoint sets; they are sorted.
    std::uint32_t united(std::vector<std::uint32_t>& sets) {
        if (sets.size() == 1) return sets.front();
        std::sort(sets.begin(), sets.end());
        const auto [place, fresh] = united_.try_emplace(sets, 0);
        if (!fresh) return place->second;
        Bits all(words_);
        for (const std::uint32_t set : sets)
            for (std::size_t i = 0; i < words_; ++i) all[i] |= (*bits_of_[set])[i];
        return place->second = number(all);
    }

private:
    using Bits = std::vector<std::uint64_t>;

    std::uint32_t number(const Bits& bits) {
        const auto [place, fresh] = numbers_.try_emplace(bits, static_cast<std::uint32_t>(bits_of_.size()));
        if (fresh) bits_of_.push_back(&place->first);
        return place->second;
    }

    std::size_t words_;
    std::map<Bits, std::uint32_t> numbers_;
    std::vector<const Bits*> bits_of_;
    std::map<std::vector<std::uint32_t>, std::uint32_t> united_;
};

// The ways in which a local state answers, each with the inputs that are answered so.
struct Way {
    std::uint32_t inputs = 0;                        // a set
    const LtsEdge *begin = nullptr, *end = nullptr;  // of one of them, by observation and target
};

class Ways {
public:
    Ways(const EndpointLts& lts, InputSets& sets) {
        std::map<const EndpointLts::Classes*, std::vector<std::uint32_t>> sets_of;  // by first input of a class
        std::vector<std::pair<std::uint32_t, std::uint32_t>> reaction;
        for (std::uint32_t vertex = 0; vertex < lts.size(); ++vertex) {
            const auto [of_classes, fresh] = sets_of.try_emplace(&lts.classes(vertex));
            if (fresh) of_classes->second = sets.of_classes(lts.classes(vertex));
            std::map<std::vector<std::pair<std::uint32_t, std::uint32_t>>, std::pair<Way, std::vector<std::uint32_t>>>
                ways;
            const std::span<const LtsEdge> edges = lts.edges(vertex);
            for (std::size_t i = 0, j = 0; i < edges.size(); i = j) {
                reaction.clear();
                for (j = i; j < edges.size() && edges[j].input == edges[i].input; ++j)
                    reaction.emplace_back(edges[j].observation, edges[j].to);
                auto& [way, inputs] = ways[reaction];
                way = {0, edges.data() + i, edges.data() + j};
                inputs.push_back(of_classes->second[edges[i].input]);
            }
            first_.push_back(ways_.size());
            for (auto& [key, way] : ways) {
                ways_.push_back(way.first);
                ways_.back().inputs = sets.united(way.second);
            }
        }
        first_.push_back(ways_.size());
    }

    std::span<const Way> of(std::uint32_t vertex) const {
        return {ways_.data() + first_[vertex], ways_.data() + first_[vertex + 1]};
    }

private:
    std::vector<std::size_t> first_;
    std::vector<Way> ways_;
};

// Signatures as bytes, so that equal means equal and not just equally hashed.
class Signing {
public:
    explicit Signing(InputSets& sets) : sets_(sets) {}

    std::string signature(std::uint32_t own_block, std::span<const Way> ways, const std::uint32_t* blocks) {
        seen_.clear();
        for (const Way& way : ways) seen_.emplace_back(answer(way, blocks), way.inputs);
        std::sort(seen_.begin(), seen_.end());
        words_.assign(1, own_block);
        for (std::size_t i = 0, j = 0; i < seen_.size(); i = j) {
            alike_.clear();
            for (j = i; j < seen_.size() && seen_[j].first == seen_[i].first; ++j) alike_.push_back(seen_[j].second);
            words_.push_back(seen_[i].first);
            words_.push_back(sets_.united(alike_));
        }
        return {reinterpret_cast<const char*>(words_.data()), words_.size() * sizeof(std::uint64_t)};
    }

private:
    // Observation and block; where there is a choice, the number of the set of these.
    std::uint64_t answer(const Way& way, const std::uint32_t* blocks) {
        const auto one = [&](const LtsEdge& edge) { return std::uint64_t{edge.observation} << 32 | blocks[edge.to]; };
        if (way.end - way.begin == 1) return one(*way.begin);
        choice_.clear();
        for (const LtsEdge* edge = way.begin; edge != way.end; ++edge) choice_.push_back(one(*edge));
        std::sort(choice_.begin(), choice_.end());
        choice_.erase(std::unique(choice_.begin(), choice_.end()), choice_.end());
        if (choice_.size() == 1) return choice_.front();
        return std::uint64_t{1} << 63 | choices_.try_emplace(choice_, choices_.size()).first->second;
    }

    InputSets& sets_;
    std::map<std::vector<std::uint64_t>, std::uint64_t> choices_;
    std::vector<std::uint64_t> words_, choice_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> seen_;
    std::vector<std::uint32_t> alike_;
};

std::size_t distinct(const std::uint32_t* begin, const std::uint32_t* end) {
    return std::unordered_set<std::uint32_t>(begin, end).size();
}

}  // namespace

int Partition::separated(std::uint32_t vertex_a, std::uint32_t vertex_b) const {
    // Rounds only split, so the first one that separates is found by halving.
    std::size_t low = 0, high = rounds.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (block_of_a(middle, vertex_a) != block_of_b(middle, vertex_b)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low == rounds.size() ? -1 : static_cast<int>(low);
}

namespace {

// One system after the other: their vertices are numbered on.
Partition refine_all(const std::vector<const EndpointLts*>& systems, const std::function<bool()>& stop) {
    Patience patience(stop);
    Partition partition;
    partition.of_a = systems.front()->size();
    std::size_t all = 0;
    for (const EndpointLts* system : systems) all += system->size();
    partition.rounds.emplace_back(all, 0);
    std::size_t blocks = 1;
    InputSets sets(systems.front()->alphabet().inputs.size());
    std::vector<Ways> ways_of;
    for (const EndpointLts* system : systems) ways_of.emplace_back(*system, sets);
    Signing signing(sets);
    while (true) {
        const std::vector<std::uint32_t>& old = partition.rounds.back();
        std::vector<std::uint32_t> fresh(all);
        std::unordered_map<std::string, std::uint32_t> numbers;
        for (std::size_t v = 0; v < all; ++v) {
            patience();
            const bool left = v < partition.of_a;
            const std::size_t before = left ? 0 : partition.of_a;
            const std::span<const Way> ways = ways_of[left ? 0 : 1].of(static_cast<std::uint32_t>(v - before));
            const auto number = static_cast<std::uint32_t>(numbers.size());
            fresh[v] = numbers.try_emplace(signing.signature(old[v], ways, old.data() + before), number).first->second;
        }
        if (numbers.size() == blocks) break;  // the same blocks under other numbers
        blocks = numbers.size();
        partition.rounds.push_back(std::move(fresh));
    }
    const std::uint32_t* last = partition.rounds.back().data();
    partition.blocks_a = distinct(last, last + partition.of_a);
    partition.blocks_b = distinct(last + partition.of_a, last + all);
    return partition;
}

}  // namespace

Partition refine(const EndpointLts& a, const EndpointLts& b, const std::function<bool()>& stop) {
    return refine_all({&a, &b}, stop);
}

Partition refine(const EndpointLts& system, const std::function<bool()>& stop) { return refine_all({&system}, stop); }

namespace {

// Pairs that may still be equal, and who relies on them.
class PairGame {
public:
    // `allowed`: observations of which only B's have to be answered (simulated); null: both sides' (bisimilar).
    PairGame(const EndpointLts& a, const EndpointLts& b, std::size_t max_pairs, const std::function<bool()>& stop,
             const Observations* allowed = nullptr)
        : a_(a), b_(b), joint_(a, b), max_pairs_(max_pairs), patience_(stop), allowed_(allowed) {}

    std::optional<bool> play() {
        find(0, 0);
        for (std::size_t next = 0; next < pairs_.size(); ++next) {
            if (pairs_.size() > max_pairs_) return std::nullopt;
            if (!pairs_[next].refuted) expand(static_cast<std::uint32_t>(next));
            settle();
            if (pairs_[0].refuted) return false;
        }
        return true;
    }

    // All pairs, then rounds: a pair is refuted in round k where some move has no answer into a pair that was not
    // refuted in an earlier round.
    std::optional<Play> shortest() {
        find(0, 0);
        for (std::size_t next = 0; next < pairs_.size(); ++next) {
            if (pairs_.size() > max_pairs_) return std::nullopt;
            expand(static_cast<std::uint32_t>(next));
        }
        for (Pair& pair : pairs_) pair.refuted = false;
        for (int round = 1; !pairs_[0].refuted; ++round) {
            std::vector<std::uint32_t> now;
            for (std::uint32_t pair = 0; pair < pairs_.size(); ++pair) {
                if (!pairs_[pair].refuted && !all_answered(pair)) now.push_back(pair);
            }
            if (now.empty()) return std::nullopt;
            for (const std::uint32_t pair : now) {
                pairs_[pair].refuted = true;
                pairs_[pair].round = round;
            }
        }
        return play_from_root();
    }

private:
    struct Pair {
        std::uint32_t a = 0, b = 0;
        bool refuted = false;
        int round = 0;                                               // in which it was refuted
        std::vector<std::pair<std::uint32_t, std::uint32_t>> users;  // pair, input
    };

    std::uint32_t find(std::uint32_t a, std::uint32_t b) {
        const std::uint64_t key = std::uint64_t{a} << 32 | b;
        const auto [place, fresh] = ids_.try_emplace(key, static_cast<std::uint32_t>(pairs_.size()));
        if (fresh) pairs_.push_back({a, b, false, 0, {}});
        return place->second;
    }

    // Calls `visit(input, edges of A, edges of B)` for one input of each class that neither state is taken outside by.
    template <class Visit>
    void each_input(std::uint32_t pair, Visit visit) {
        const std::uint32_t a = pairs_[pair].a, b = pairs_[pair].b;
        for (const JointInputs::Class& alike : joint_.of({&a, 1}, {&b, 1})) {
            const std::uint32_t input = alike.front();
            const auto of_a = a_.edges(a, input), of_b = b_.edges(b, input);
            const bool a_outside = !of_a.empty() && of_a[0].observation == Observations::outside;
            const bool b_outside = !of_b.empty() && of_b[0].observation == Observations::outside;
            const bool outside = a_outside || (b_outside && !allowed_);
            const bool unsaid = allowed_ && of_a.empty() && input < a_.alphabet().calls;
            if (!outside && !unsaid && !visit(input, of_a, of_b)) return;
        }
    }

    // Is what is seen of B what is seen of A, or, where that is asked, no more than A allows?
    bool alike(const LtsEdge& of_a, const LtsEdge& of_b) {
        if (of_a.observation == of_b.observation || !allowed_) return of_a.observation == of_b.observation;
        const auto [place, fresh] = covers_.try_emplace({of_a.observation, of_b.observation}, false);
        if (!fresh) return place->second;
        Observation wide = (*allowed_)[of_a.observation];
        const Observation& narrow = (*allowed_)[of_b.observation];
        if (wide.earliest_us > narrow.earliest_us || wide.latest_us < narrow.latest_us) return false;
        wide.earliest_us = narrow.earliest_us;
        wide.latest_us = narrow.latest_us;
        return place->second = wide == narrow;
    }

    // Every edge of each side, or only of B where its choices may be fewer, has one of the other side with the same
    // label into a pair that is not refuted.
    bool answered(std::span<const LtsEdge> of_a, std::span<const LtsEdge> of_b) {
        const auto equal = [&](const LtsEdge& x, const LtsEdge& y) {
            if (!alike(x, y)) return false;
            const auto known = ids_.find(std::uint64_t{x.to} << 32 | y.to);
            return known == ids_.end() || !pairs_[known->second].refuted;
        };
        if (allowed_ && !of_a.empty() && of_b.empty()) return false;
        for (const LtsEdge& x : of_a) {
            if (allowed_) break;
            if (std::none_of(of_b.begin(), of_b.end(), [&](const LtsEdge& y) { return equal(x, y); })) return false;
        }
        for (const LtsEdge& y : of_b)
            if (std::none_of(of_a.begin(), of_a.end(), [&](const LtsEdge& x) { return equal(x, y); })) return false;
        return true;
    }

    bool all_answered(std::uint32_t pair) {
        patience_();
        bool good = true;
        each_input(pair, [&](std::uint32_t, auto of_a, auto of_b) { return good = answered(of_a, of_b); });
        return good;
    }

    // Against this move, the answer that lasts longest; its round, or 0 where nothing answers. A pair of round k has a
    // move against which this is less than k.
    int best_answer(const LtsEdge& move, std::span<const LtsEdge> answers, bool a_moves, LtsEdge& best) const {
        int longest = 0;
        for (const LtsEdge& answer : answers) {
            if (answer.observation != move.observation) continue;
            const std::uint64_t key = a_moves ? std::uint64_t{move.to} << 32 | answer.to  //
                                              : std::uint64_t{answer.to} << 32 | move.to;
            const Pair& next = pairs_[ids_.at(key)];
            const int round = next.refuted ? next.round : std::numeric_limits<int>::max();
            if (round > longest) {
                longest = round;
                best = answer;
            }
        }
        return longest;
    }

    Play play_from_root() {
        Play play;
        std::uint32_t pair = 0;
        while (pairs_[pair].round > 1) {
            Play::Step step;
            bool found = false;
            each_input(pair, [&](std::uint32_t input, auto of_a, auto of_b) {
                // The side with more ways is the one that has something to choose.
                const bool a_first = of_a.size() >= of_b.size();
                for (const bool a_moves : {a_first, !a_first}) {
                    for (const LtsEdge& move : a_moves ? of_a : of_b) {
                        LtsEdge answer;
                        const int round = best_answer(move, a_moves ? of_b : of_a, a_moves, answer);
                        if (round == 0 || round >= pairs_[pair].round) continue;
                        step = a_moves ? Play::Step{true, move, answer} : Play::Step{false, answer, move};
                        step.of_a.input = step.of_b.input = input;
                        found = true;
                        return false;
                    }
                }
                return true;
            });
            assert(found);
            play.steps.push_back(step);
            pair = find(step.of_a.to, step.of_b.to);
        }
        play.vertex_a = pairs_[pair].a;
        play.vertex_b = pairs_[pair].b;
        each_input(pair, [&](std::uint32_t input, auto of_a, auto of_b) {
            play.input = input;
            return same_observations(of_a, of_b);
        });
        return play;
    }

    static bool same_observations(std::span<const LtsEdge> of_a, std::span<const LtsEdge> of_b) {
        const auto seen = [](std::span<const LtsEdge> edges, const LtsEdge& edge) {
            return std::any_of(edges.begin(), edges.end(),
                               [&](const LtsEdge& other) { return other.observation == edge.observation; });
        };
        return std::all_of(of_a.begin(), of_a.end(), [&](const LtsEdge& edge) { return seen(of_b, edge); }) &&
               std::all_of(of_b.begin(), of_b.end(), [&](const LtsEdge& edge) { return seen(of_a, edge); });
    }

    void refute(std::uint32_t pair) {
        pairs_[pair].refuted = true;
        refuted_.push_back(pair);
    }

    void expand(std::uint32_t pair) {
        if (!all_answered(pair)) return refute(pair);
        each_input(pair, [&](std::uint32_t input, auto of_a, auto of_b) {
            for (const LtsEdge& x : of_a) {
                for (const LtsEdge& y : of_b) {
                    if (!alike(x, y)) continue;
                    const std::uint32_t next = find(x.to, y.to);
                    if (next != pair) pairs_[next].users.emplace_back(pair, input);
                }
            }
            return true;
        });
    }

    // A pair that lost an equal successor is looked at again, and so on backwards.
    void settle() {
        while (!refuted_.empty()) {
            const std::uint32_t pair = refuted_.front();
            refuted_.pop_front();
            for (const auto& [user, input] : pairs_[pair].users) {
                if (pairs_[user].refuted) continue;
                if (!answered(a_.edges(pairs_[user].a, input), b_.edges(pairs_[user].b, input))) refute(user);
            }
        }
    }

    const EndpointLts& a_;
    const EndpointLts& b_;
    JointInputs joint_;
    std::size_t max_pairs_;
    Patience patience_;
    const Observations* allowed_ = nullptr;
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> covers_;  // by observations of A and B that differ
    std::unordered_map<std::uint64_t, std::uint32_t> ids_;
    std::vector<Pair> pairs_;
    std::deque<std::uint32_t> refuted_;
};

}  // namespace

std::optional<bool> bisimilar_inside(const EndpointLts& a, const EndpointLts& b, std::size_t max_pairs,
                                     const std::function<bool()>& stop) {
    return PairGame(a, b, max_pairs, stop).play();
}

std::optional<bool> simulated(const EndpointLts& a, const EndpointLts& b, const Observations& observations,
                              std::size_t max_pairs, const std::function<bool()>& stop) {
    return PairGame(a, b, max_pairs, stop, &observations).play();
}

std::optional<Play> shortest_play(const EndpointLts& a, const EndpointLts& b, std::size_t max_pairs,
                                  const std::function<bool()>& stop) {
    return PairGame(a, b, max_pairs, stop).shortest();
}

}  // namespace lastack
