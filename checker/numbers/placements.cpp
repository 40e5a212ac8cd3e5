#include "checker/numbers/placements.h"

#include <z3++.h>

#include <map>
#include <random>

namespace lastack {

namespace {

constexpr unsigned window_bits = 16, number_bits = 32;

}  // namespace

struct Placements::Solver {
    explicit Solver(std::uint32_t seed) : dice(seed) {}

    z3::expr number(std::uint32_t value) { return context.bv_val(static_cast<std::uint64_t>(value), number_bits); }
    z3::expr size(std::uint32_t value) { return context.bv_val(static_cast<std::uint64_t>(value), window_bits); }

    z3::expr placed(const Placement& wanted) {
        const z3::expr border = number(wanted.border == Placement::Border::sign ? 0x80000000U : 0U);
        const z3::expr next = first + number(wanted.length);
        switch (wanted.place) {
            case Placement::Place::first_below: return first == border - 1;
            case Placement::Place::first_at: return first == border;
            case Placement::Place::first_above: return first == border + 1;
            case Placement::Place::next_below: return next == border - 1;
            case Placement::Place::next_at: return next == border;
            case Placement::Place::next_above: return next == border + 1;
            case Placement::Place::across: break;
        }
        return z3::ult(border - first, number(wanted.length)) && border != first;
    }

    z3::expr sized(const Placement& wanted) {
        const z3::expr enough = z3::uge(window, size(wanted.least_window));
        switch (wanted.size) {
            case Placement::Size::least: return window == size(wanted.least_window);
            case Placement::Size::below_sign: return enough && window == size(0x7fff);
            case Placement::Size::at_sign: return enough && window == size(0x8000);
            case Placement::Size::most: return enough && window == size(0xffff);
            case Placement::Size::any: break;
        }
        return enough;
    }

    // What the formula leaves open is decided by the dice, where it can be: a border that is crossed somewhere, a
    // window of some size.
    std::optional<Placed> solve(const Placement& wanted) {
        solver.push();
        solver.add(placed(wanted) && sized(wanted));
        std::optional<Placed> answer;
        for (const bool thrown : {true, false}) {
            if (thrown) {
                const auto low = static_cast<std::uint32_t>(dice());
                const auto high = static_cast<std::uint32_t>(dice());
                solver.push();
                if (wanted.place == Placement::Place::across && wanted.length > 2)
                    solver.add(first + number(1 + low % (wanted.length - 1)) ==
                               number(wanted.border == Placement::Border::sign ? 0x80000000U : 0U));
                if (wanted.size == Placement::Size::any)
                    solver.add(z3::ult(window ^ size(high & 0xffff), size(0x1000)));
            }
            if (solver.check() == z3::sat) {
                const z3::model model = solver.get_model();
                const auto value = [&](const z3::expr& of) {
                    return static_cast<std::uint32_t>(model.eval(of, true).get_numeral_uint64());
                };
                answer = Placed{value(first), static_cast<std::uint16_t>(value(window))};
            }
            if (thrown) solver.pop();
            if (answer) break;
        }
        solver.pop();
        return answer;
    }

    z3::context context;
    z3::solver solver{context};
    z3::expr first = context.bv_const("first", number_bits);
    z3::expr window = context.bv_const("window", window_bits);
    std::mt19937 dice;
    std::map<Placement, std::optional<Placed>> known;
};

Placements::Placements(std::uint32_t seed) : solver_(std::make_unique<Solver>(seed)) {}
Placements::~Placements() = default;

std::optional<Placed> Placements::at(const Placement& wanted) {
    const auto [place, fresh] = solver_->known.try_emplace(wanted);
    if (fresh && wanted.least_window <= 0xffff) place->second = solver_->solve(wanted);
    return place->second;
}

std::size_t Placements::solved() const { return solver_->known.size(); }

}  // namespace lastack
