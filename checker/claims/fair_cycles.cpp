// Idea: the edges that a run uses for ever lie in one strongly connected component, and inside a component one loop can
// visit everything; so a component is judged as a whole. A weak requirement that is enabled everywhere and met nowhere
// in it rules it out, with all its parts. A strong one that is enabled somewhere and met nowhere rules out the vertices
// where it is enabled; what is left falls into smaller components, which are judged again.
//
// Source: E. A. Emerson, C.-L. Lei, Modalities for model checking, POPL 1985 (fairness as a condition on components);
// the recursion for strong fairness as in O. Lichtenstein, A. Pnueli, POPL 1985, and, for Streett automata,
// M. R. Henzinger, J. A. Telle, SWAT 1996. Deviation: components wait in a heap by their nearest vertex, so that the
// first one found fair is the nearest, and nothing behind it is looked at. Components are Boost.Graph's (Tarjan). Cost:
// (strong requirements + 1) x (vertices + edges) at worst; two or three rounds on the models here.
//
// A shortest fair loop is NP-hard to find (it contains set cover: E. M. Clarke, O. Grumberg, K. McMillan, X. Zhao, DAC
// 1995), so loops are grown greedily: breadth-first to the nearest edge that meets something still open, then back to
// the start. What turns out to be a needless detour is left out afterwards, and several starts are tried.
#include "checker/claims/fair_cycles.h"

#include <algorithm>
#include <boost/graph/strong_components.hpp>
#include <limits>
#include <span>

#include "checker/claims/csr_view.h"

namespace lastack {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
using Vertices = std::vector<std::uint32_t>;

// What a set of vertices with the edges among them offers.
struct Offer {
    explicit Offer(const FairGraph& graph)
        : somewhere(graph.weak), everywhere(graph.weak), met(graph.weak), graph_(graph) {
        somewhere -= graph.weak;
        met -= graph.weak;
        everywhere |= graph.strong;
    }
    void vertex(std::uint32_t v) { vertex_class(graph_.vertex_class[v]); }
    void edge(std::uint32_t e) { edge_class(graph_.edge_class[e]); }
    void vertex_class(std::uint32_t c) {
        somewhere |= graph_.enabled[c];
        everywhere &= graph_.enabled[c];
    }
    void edge_class(std::uint32_t c) { met |= graph_.met[c]; }

    RequirementSet open_weak() const { return open(everywhere, graph_.weak); }
    RequirementSet open_strong() const { return open(somewhere, graph_.strong); }

    RequirementSet somewhere, everywhere;  // enabled
    RequirementSet met;

private:
    RequirementSet open(RequirementSet asked, const RequirementSet& kind) const {
        asked &= kind;
        asked -= met;
        return asked;
    }
    const FairGraph& graph_;
};

// Marks that are all taken back at once.
class Marks {
public:
    explicit Marks(std::size_t size) : round_(size, 0) {}
    void clear() { ++now_; }
    bool mark(std::size_t i) {  // true the first time
        if (round_[i] == now_) return false;
        round_[i] = now_;
        return true;
    }

private:
    std::vector<std::uint32_t> round_;
    std::uint32_t now_ = 1;
};

struct Stopped {};  // thrown through Boost's search

// Where Boost notes the component of a vertex, when it comes to it and when it leaves it: in its search of a large
// graph, which takes seconds, the one place to ask whether to go on.
struct WatchedComponents {
    using key_type = std::uint32_t;
    using value_type = std::uint32_t;
    using reference = std::uint32_t;
    using category = boost::read_write_property_map_tag;
    Vertices* of;
    const std::function<bool()>* stop;
    std::uint32_t* notes;
};
std::uint32_t get(const WatchedComponents& map, std::uint32_t vertex) { return (*map.of)[vertex]; }
void put(const WatchedComponents& map, std::uint32_t vertex, std::uint32_t component) {
    constexpr std::uint32_t poll_interval = 65'536;
    (*map.of)[vertex] = component;
    if (++*map.notes % poll_interval == 0 && *map.stop && (*map.stop)()) throw Stopped{};
}

class ComponentSearch {
public:
    ComponentSearch(const FairGraph& graph, const std::function<bool()>& stop)
        : graph_(graph), stop_(stop), local_(graph.vertices(), none), vertex_classes_(graph.enabled.size()),
          edge_classes_(graph.met.size()) {}

    FairComponent run() {
        put_components({graph_.first, {}, graph_.target}, {});
        while (!waiting_.empty()) {
            if (stop_ && stop_()) return {false, {}};
            std::pop_heap(waiting_.begin(), waiting_.end(), later);
            const Vertices component = std::move(waiting_.back());
            waiting_.pop_back();
            const Offer offer = offer_of(component);
            if (!offer.open_weak().empty()) continue;
            const RequirementSet open = offer.open_strong();
            if (open.empty()) return {true, component};
            put_parts(component, open);
        }
        return {};
    }

private:
    static bool later(const Vertices& a, const Vertices& b) { return a.front() > b.front(); }

    // Many vertices share few classes: each class is looked at once.
    Offer offer_of(const Vertices& component) {
        Offer offer(graph_);
        vertex_classes_.clear();
        edge_classes_.clear();
        for (std::uint32_t i = 0; i < component.size(); ++i) local_[component[i]] = i;
        for (const std::uint32_t v : component) {
            if (vertex_classes_.mark(graph_.vertex_class[v])) offer.vertex(v);
            for (std::uint32_t e = graph_.first[v]; e < graph_.first[v + 1]; ++e) {
                if (local_[graph_.target[e]] != none && edge_classes_.mark(graph_.edge_class[e])) offer.edge(e);
            }
        }
        for (const std::uint32_t v : component) local_[v] = none;
        return offer;
    }

    // The components of what is left of a component without the vertices where an open requirement is enabled.
    void put_parts(const Vertices& component, const RequirementSet& open) {
        Vertices rest, first{0}, target;
        for (const std::uint32_t v : component) {
            if (graph_.enabled[graph_.vertex_class[v]].meets(open)) continue;
            local_[v] = static_cast<std::uint32_t>(rest.size());
            rest.push_back(v);
        }
        for (const std::uint32_t v : rest) {
            for (std::uint32_t e = graph_.first[v]; e < graph_.first[v + 1]; ++e) {
                if (local_[graph_.target[e]] != none) target.push_back(local_[graph_.target[e]]);
            }
            first.push_back(static_cast<std::uint32_t>(target.size()));
        }
        for (const std::uint32_t v : rest) local_[v] = none;
        put_components({first, {}, target}, rest);
    }

    // Puts each component of `view` that has an edge inside on the heap. `names` are its vertices' numbers in the whole
    // graph, ascending; empty: the view is the whole graph.
    void put_components(const CsrView& view, std::span<const std::uint32_t> names) {
        const std::uint32_t size = num_vertices(view);
        if (size == 0) return;
        Vertices component(size);
        std::uint32_t notes = 0;
        const std::uint32_t count = static_cast<std::uint32_t>(boost::strong_components(
            view, WatchedComponents{&component, &stop_, &notes}, boost::vertex_index_map(numbers())));
        std::vector<std::uint32_t> members(count, 0);
        for (const std::uint32_t c : component) ++members[c];
        std::vector<std::uint32_t> place(count, none);  // where a component with a cycle is put
        const std::size_t before = waiting_.size();
        for (std::uint32_t v = 0; v < size; ++v) {
            const std::uint32_t c = component[v];
            if (place[c] == none) {
                if (members[c] == 1 && !has_self_loop(view, v)) continue;
                place[c] = static_cast<std::uint32_t>(waiting_.size());
                waiting_.emplace_back().reserve(members[c]);
            }
            waiting_[place[c]].push_back(names.empty() ? v : names[v]);
        }
        for (std::size_t end = before + 1; end <= waiting_.size(); ++end) {
            std::push_heap(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(end), later);
        }
    }

    static bool has_self_loop(const CsrView& view, std::uint32_t v) {
        const auto begin = view.target.begin() + view.first[v];
        return std::find(begin, view.target.begin() + view.first[v + 1], v) != view.target.begin() + view.first[v + 1];
    }

    const FairGraph& graph_;
    const std::function<bool()>& stop_;
    std::vector<std::uint32_t> local_;  // scratch: a vertex' number in the part at hand
    Marks vertex_classes_, edge_classes_;
    std::vector<Vertices> waiting_;  // a heap: the component with the nearest vertex on top
};

class LoopSearch {
public:
    LoopSearch(const FairGraph& graph, const Vertices& component)
        : graph_(graph), inside_(graph.vertices()), seen_(graph.vertices()), by_(graph.vertices()),
          from_(graph.vertices()) {
        for (const std::uint32_t v : component) inside_[v] = true;
    }

    // A fair loop through `start`. Each round meets a requirement for good, so there are at most as many as
    // requirements.
    Vertices through(std::uint32_t start) {
        Vertices path;
        std::uint32_t at = start;
        while (true) {
            Vertices loop = path;
            if (path.empty() || at != start) {
                const Vertices back = way(at, [&](std::uint32_t e) { return graph_.target[e] == start; });
                loop.insert(loop.end(), back.begin(), back.end());
            }
            const Offer offer = offer_of(loop);
            const RequirementSet weak = offer.open_weak();
            RequirementSet open = offer.open_strong();
            open |= weak;
            if (open.empty()) return without_detours(std::move(loop));
            const Vertices on = way(at, [&](std::uint32_t e) {
                return graph_.met[graph_.edge_class[e]].meets(open) ||
                       !weak.within(graph_.enabled[graph_.vertex_class[graph_.target[e]]]);
            });
            path.insert(path.end(), on.begin(), on.end());
            at = graph_.target[path.back()];
        }
    }

    std::uint64_t effort() const { return effort_; }  // edges looked at

private:
    Offer offer_of(const Vertices& loop) const {
        Offer offer(graph_);
        for (const std::uint32_t e : loop) {
            offer.vertex(graph_.target[e]);
            offer.edge(e);
        }
        return offer;
    }

    // Leaves out what leads from a vertex back to it, where the loop is fair without; long ones first.
    Vertices without_detours(Vertices loop) {
        constexpr std::size_t longest = 100;
        if (loop.size() > longest) return loop;
        for (std::size_t length = loop.size() - 1; length > 0; --length) {
            for (std::size_t at = 0; at + length <= loop.size() && length < loop.size(); ++at) {
                const std::uint32_t before = graph_.target[at == 0 ? loop.back() : loop[at - 1]];
                if (graph_.target[loop[at + length - 1]] != before) continue;
                effort_ += loop.size();
                Vertices rest = loop;
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at),
                           rest.begin() + static_cast<std::ptrdiff_t>(at + length));
                const Offer offer = offer_of(rest);
                if (offer.open_weak().empty() && offer.open_strong().empty()) loop = std::move(rest);
            }
        }
        return loop;
    }

    // The edges of a shortest way from a vertex to, and over, an edge inside that is a goal. There always is one.
    template <class Goal>
    Vertices way(std::uint32_t from, Goal&& goal) {
        seen_.clear();
        seen_.mark(from);
        Vertices queue{from};
        for (std::size_t at = 0; at < queue.size(); ++at) {
            const std::uint32_t v = queue[at];
            for (std::uint32_t e = graph_.first[v]; e < graph_.first[v + 1]; ++e) {
                const std::uint32_t next = graph_.target[e];
                if (!inside_[next]) continue;
                ++effort_;
                if (goal(e)) return way_back(from, v, e);
                if (!seen_.mark(next)) continue;
                by_[next] = e;
                from_[next] = v;
                queue.push_back(next);
            }
        }
        return {};
    }
    Vertices way_back(std::uint32_t from, std::uint32_t v, std::uint32_t last) const {
        Vertices edges{last};
        for (; v != from; v = from_[v]) edges.push_back(by_[v]);
        return {edges.rbegin(), edges.rend()};
    }

    const FairGraph& graph_;
    std::vector<bool> inside_;
    Marks seen_;
    Vertices by_, from_;  // of the search at hand: the edge and the vertex by which a vertex was reached
    std::uint64_t effort_ = 0;
};

}  // namespace

bool RequirementSet::empty() const {
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

bool RequirementSet::meets(const RequirementSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
        if (words_[i] & other.words_[i]) return true;
    }
    return false;
}

bool RequirementSet::within(const RequirementSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
        if (words_[i] & ~other.words_[i]) return false;
    }
    return true;
}

RequirementSet& RequirementSet::operator|=(const RequirementSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
}

RequirementSet& RequirementSet::operator&=(const RequirementSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
}

RequirementSet& RequirementSet::operator-=(const RequirementSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
}

FairComponent nearest_fair_component(const FairGraph& graph, const std::function<bool()>& stop) {
    try {
        return ComponentSearch(graph, stop).run();
    } catch (const Stopped&) {
        return {false, {}};
    }
}

FairLoop short_fair_loop(const FairGraph& graph, const std::vector<std::uint32_t>& component,
                         const std::vector<std::uint32_t>& distance) {
    constexpr std::uint64_t most_effort = 50'000'000;
    LoopSearch search(graph, component);
    FairLoop best;
    std::uint64_t best_length = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint32_t start : component) {
        if (distance[start] + std::uint64_t{1} >= best_length || search.effort() > most_effort) break;
        Vertices edges = search.through(start);
        if (distance[start] + edges.size() >= best_length) continue;
        best_length = distance[start] + edges.size();
        best = {start, std::move(edges)};
    }
    return best;
}

}  // namespace lastack
