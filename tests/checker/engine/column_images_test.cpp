#include "checker/engine/column_images.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/checker/reachable.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

struct Led {
    std::uint64_t bits = 0;
    std::uint32_t steps = 0;
    bool operator==(const Led&) const = default;
};
using ByKind = std::map<StepKind, Led>;

void gather(ByKind& all, Half after, std::uint32_t cost, bool reaction, SegmentId segment) {
    Led& led = all[StepKind(after, cost, reaction, segment)];
    led.bits |= 1ull << (after & 63);
    ++led.steps;
}

template <class Visit>
void each_half(std::uint64_t block, std::uint64_t word, Visit&& visit) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        if (word >> bit & 1) visit(block << half_block_bits | bit);
    }
}

ByKind by_kind(std::span<const ImagePart> parts) {
    ByKind all;
    for (const ImagePart& part : parts) {
        CHECK_FALSE(all.contains(part.kind));  // one part for each kind
        all[part.kind] = {part.bits, part.steps};
    }
    return all;
}

// The halves of end 1 of a system, with the lists that its states need.
struct Columns {
    explicit Columns(const Small& small)
        : decl(decl_of(small)), system(shipped_spec(small.file), decl), halves(system, 1) {
        for (const SystemState& state : reachable_states(system)) {
            halves.fill(halves.find_or_add(state.end[1], state.bag[1]));
            for (const BagTable::Take& take : system.bags(0).takes(state.bag[0]))
                halves.fill_receive(*halves.find(state.end[1], state.bag[1]), take.segment);
        }
    }

    SystemDecl decl;
    System system;
    Halves halves;
};

// Some of the bits, few or many of them.
std::uint64_t some_of(std::uint64_t bits, std::mt19937_64& random) {
    return bits & random() & (random() % 2 == 0 ? ~0ull : random());
}

void check_image(const Halves& halves, const Image& image, std::uint64_t block, std::uint64_t word) {
    ByKind internal, emissions;
    each_half(block, word, [&](Half half) {
        for (const HalfStep step : halves.internal(half))
            gather(internal, step.after(), step.cost(), step.reaction(), 0);
        for (const Emission& sent : halves.emissions(half)) gather(emissions, sent.rest, 0, false, sent.segment);
    });
    CHECK(image.known);
    CHECK((by_kind(image.internal()) == internal));
    CHECK((by_kind(image.emissions()) == emissions));
}

// Returns how many parts stood for more than one step.
std::size_t check_received(const Halves& halves, ColumnImages& images, std::uint64_t block, std::uint64_t word,
                           SegmentId segment) {
    Image& image = images.of(block, word);
    const int place = images.received(image, segment);
    if ((word & ~halves.known_receive(block, segment)) != 0) {
        CHECK(place == -1);
        return 0;
    }
    ByKind wanted;
    each_half(block, word, [&](Half half) {
        for (const HalfStep step : halves.receive(half, segment))
            gather(wanted, step.after(), step.cost(), step.reaction(), 0);
    });
    REQUIRE(place >= 0);
    const auto parts = image.received(place);
    CHECK((by_kind(parts) == wanted));
    return static_cast<std::size_t>(
        std::count_if(parts.begin(), parts.end(), [](const auto& part) { return part.steps > 1; }));
}

void images_are_unions(const Small& small) {
    const Columns columns(small);
    const Halves& halves = columns.halves;
    ColumnImages images(halves);
    std::mt19937_64 random(11);
    std::size_t checked = 0, gathered = 0;
    for (int round = 0; round < 20; ++round) {
        for (std::uint64_t block = 0; block < halves.blocks(); ++block) {
            const std::uint64_t word = some_of(halves.known(block), random);
            if (word == 0) continue;
            ++checked;
            check_image(halves, images.of(block, word), block, word);
            for (SegmentId segment = 0; segment < columns.system.sent_by(0).size(); ++segment) {
                const std::uint64_t able = word & halves.known_receive(block, segment);
                if (able == 0) continue;
                gathered += check_received(halves, images, block, word, segment);
                gathered += check_received(halves, images, block, able, segment);
            }
            check_image(halves, images.of(block, word), block, word);  // once more: it may come from the cache
        }
    }
    CHECK(checked > 100);
    CHECK(gathered > 100);
}

}  // namespace

TEST_CASE("The image of a word is the union of what its halves' steps lead to, each step counted") {
    images_are_unions(small_rfc9293[3]);   // a queue that doubles at most one
    images_are_unions(small_rfc9293[6]);   // a bag with budgets for both
    images_are_unions(small_rfc9293[10]);  // a bag where nothing is lost: steps are cut
    images_are_unions(small_linux[6]);
    images_are_unions(small_tcpclose[0]);
}

TEST_CASE("An image is not known while a list is missing, and is once it is there") {
    SystemDecl decl = decl_of(small_tcpclose[0]);
    System system(shipped_spec("bench/tcpclose.spec"), decl);
    Halves halves(system, 1);
    const Half first = halves.find_or_add(0, 0);
    const std::uint64_t block = first >> half_block_bits, word = 1ull << (first & 63);
    ColumnImages images(halves);
    CHECK_FALSE(images.of(block, word).known);
    halves.fill(first);
    CHECK(images.of(block, word).known);
    CHECK_FALSE(images.of(block, word).internal().empty());
    const SegmentId segment = system.machine(0).spontaneous(0)[0].sent[0];
    CHECK(images.received(images.of(block, word), segment) == -1);
    halves.fill_receive(first, segment);
    CHECK(images.received(images.of(block, word), segment) == 0);
    CHECK(images.received(images.of(block, word), segment) == 0);
}

}  // namespace lastack
