#include "checker/engine/snapshot.h"

#include <bit>
#include <vector>

namespace lastack {

namespace {

constexpr std::uint32_t no_segment = 0xFFFFFFFF;

void save(const SegmentTable& segments, ByteWriter& out) {
    out.put(std::uint64_t{segments.size()});
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Segment& segment = segments[static_cast<SegmentId>(i)];
        out.put(segment.seq);
        out.put(segment.ack);
        out.put(segment.len);
        out.put(static_cast<std::uint8_t>(segment.fin | segment.syn << 1 | segment.rst << 2 | segment.has_ack << 3 |
                                          segment.zero_window << 4));
        out.put(segment.era);
    }
}

void load(SegmentTable& segments, ByteReader& in) {
    const std::uint64_t count = in.get_count(5);
    for (std::uint64_t i = 0; i < count; ++i) {
        Segment segment;
        segment.seq = in.get<std::uint8_t>();
        segment.ack = in.get<std::uint8_t>();
        segment.len = in.get<std::uint8_t>();
        const auto flags = in.get<std::uint8_t>();
        segment.fin = flags & 1;
        segment.syn = flags >> 1 & 1;
        segment.rst = flags >> 2 & 1;
        segment.has_ack = flags >> 3 & 1;
        segment.zero_window = flags >> 4 & 1;
        segment.era = in.get<std::uint8_t>();
        in.require(segments.intern(segment) == i);
    }
}

void save(const BagTable& bags, ByteWriter& out) {
    out.put(std::uint64_t{bags.size()});
    for (BagId bag = 0; bag < bags.size(); ++bag) {
        const std::vector<SegmentId>& content = bags.content(bag);
        out.put(static_cast<std::uint16_t>(content.size()));
        for (const SegmentId segment : content) out.put(segment);
    }
}

void load(BagTable& bags, std::size_t capacity, std::size_t segments, ByteReader& in) {
    const std::uint64_t count = in.get_count(2);
    for (std::uint64_t i = 0; i < count; ++i) {
        std::vector<SegmentId> content(in.get_below<std::uint16_t>(capacity + 1));
        for (SegmentId& segment : content) segment = in.get_below<SegmentId>(segments);
        in.require(bags.intern(content) == i);
    }
}

void save(const Machine& machine, ByteWriter& out) {
    const std::vector<Machine::Evaluation> evaluated = machine.evaluated();
    out.put(std::uint64_t{evaluated.size()});
    for (const Machine::Evaluation& one : evaluated) {
        out.put(one.local);
        out.put(one.segment ? *one.segment : no_segment);
    }
    out.put(std::uint64_t{machine.size()});
    out.put(std::uint64_t{machine.outcome_count()});
}

void load(Machine& machine, const SegmentTable& in_table, ByteReader& in) {
    const std::uint64_t count = in.get_count(8);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto local = in.get_below<LocalId>(machine.size());
        const auto segment = in.get<std::uint32_t>();
        in.require(segment == no_segment || segment < in_table.size());
        if (segment == no_segment)
            machine.spontaneous(local);
        else
            machine.receive(local, static_cast<SegmentId>(segment), in_table);
    }
    in.require(in.get<std::uint64_t>() == machine.size());
    in.require(in.get<std::uint64_t>() == machine.outcome_count());
}

// What both ends share stands there once; what is in flight in the packed form has no table.
int tables(const System& system) { return system.shares_tables() ? 1 : 2; }
int bag_tables(const System& system) { return system.packed() ? 0 : tables(system); }

// How many of the halves of a block there are: the first ones. Any where nothing in flight has a number in a table, if
// the local state is one.
std::size_t present(const Halves& halves, const System& system, int end, std::uint64_t block, const ByteReader& in) {
    if (!system.packed()) {
        in.require(block < halves.blocks());
        return halves.used(block);
    }
    in.require(block >> (64 - half_block_bits) == 0 &&
               halves.local(block << half_block_bits) < system.machine(end).size());
    return std::size_t{1} << half_block_bits;
}

}  // namespace

void save_system(const System& system, ByteWriter& out) {
    for (int end = 0; end < tables(system); ++end) save(system.sent_by(end), out);
    for (int end = 0; end < bag_tables(system); ++end) save(system.bags(end), out);
    for (int end = 0; end < tables(system); ++end) save(system.machine(end), out);
}

void load_system(System& system, ByteReader& in) {
    const auto capacity = static_cast<std::size_t>(system.network().capacity);
    for (int end = 0; end < tables(system); ++end) load(system.sent_by(end), in);
    for (int end = 0; end < bag_tables(system); ++end) load(system.bags(end), capacity, system.sent_by(end).size(), in);
    const std::size_t segments[2] = {system.sent_by(0).size(), system.sent_by(1).size()};
    for (int end = 0; end < tables(system); ++end) load(system.machine(end), system.sent_by(1 - end), in);
    for (int end = 0; end < tables(system); ++end) in.require(system.sent_by(end).size() == segments[end]);
}

void save_halves(const Halves& halves, const System& system, int end, ByteWriter& out) {
    const std::size_t segments = system.sent_by(1 - end).size();
    out.put(std::uint64_t{halves.blocks()});
    for (std::uint64_t block = 0; block < halves.blocks(); ++block) {
        const Half first = block << half_block_bits;
        const std::size_t used = halves.used(block);
        out.put(halves.local(first));
        out.put(static_cast<std::uint8_t>(used));
        for (Half half = first; half < first + used; ++half) out.put(static_cast<std::uint32_t>(halves.bag(half)));
        out.put(halves.known(block));
        std::uint32_t received = 0;
        for (std::size_t id = 0; id < segments; ++id)
            received += halves.known_receive(block, static_cast<SegmentId>(id)) != 0;
        out.put(received);
        for (std::size_t id = 0; id < segments; ++id) {
            const std::uint64_t known = halves.known_receive(block, static_cast<SegmentId>(id));
            if (known == 0) continue;
            out.put(static_cast<SegmentId>(id));
            out.put(known);
        }
    }
}

// First all halves, because the lists lead to them.
void load_halves(Halves& halves, const System& system, int end, ByteReader& in) {
    struct Known {
        std::uint64_t block, bits;
        std::optional<SegmentId> segment;
    };
    const std::size_t segments = system.sent_by(1 - end).size();
    const std::uint64_t blocks = in.get_count(17);
    std::vector<Known> known;
    for (std::uint64_t block = 0; block < blocks; ++block) {
        const auto local = in.get_below<LocalId>(system.machine(end).size());
        const auto used = in.get_below<std::uint8_t>(65);
        in.require(used > 0);
        const Half first = block << half_block_bits;
        for (Half half = first; half < first + used; ++half)
            in.require(halves.find_or_add(local, in.get_below<std::uint32_t>(system.bags(end).size())) == half);
        const auto within = [&] {
            const auto bits = in.get<std::uint64_t>();
            in.require(used == 64 || bits >> used == 0);
            return bits;
        };
        known.push_back({block, within(), {}});
        const auto received = in.get<std::uint32_t>();
        for (std::uint32_t i = 0; i < received; ++i) {
            const auto segment = in.get_below<SegmentId>(segments);
            known.push_back({block, within(), segment});
        }
    }
    const std::size_t size = halves.size();
    for (const Known& one : known) {
        for (std::uint64_t bits = one.bits; bits != 0; bits &= bits - 1) {
            const Half half = one.block << half_block_bits | static_cast<unsigned>(std::countr_zero(bits));
            if (one.segment)
                halves.fill_receive(half, *one.segment);
            else
                halves.fill(half);
        }
    }
    in.require(halves.size() == size && halves.blocks() == blocks);
}

void save_part(const Levels::Part& part, const StripStore& store, ByteWriter& out) {
    out.put(static_cast<std::uint32_t>(part.level));
    out.put(std::uint64_t{part.entries.size()});
    for (const Levels::Entry& entry : part.entries) {
        const StripKey& key = store.key(entry.strip);
        out.put(key.rows);
        out.put(key.block);
        out.put(key.layer);
        out.put(entry.rows);
        const int words = std::popcount(entry.rows);
        for (int i = 0; i < words; ++i) out.put(part.words[entry.word + static_cast<unsigned>(i)]);
    }
}

Levels::Part load_part(StripStore& store, const Halves& rows, const Halves& columns, const System& system,
                       std::uint32_t layers, ByteReader& in) {
    Levels::Part part;
    part.level = static_cast<int>(in.get_below<std::uint32_t>(std::uint64_t{1} << 31));
    const std::uint64_t count = in.get_count(29);
    part.entries.reserve(count);
    StripId spare = StripStore::none;
    for (std::uint64_t i = 0; i < count; ++i) {
        const StripKey key = {in.get<std::uint64_t>(), in.get<std::uint64_t>(), in.get_below<std::uint32_t>(layers)};
        const std::size_t first_row = key.rows % (64 / Strip::rows) * Strip::rows;
        const std::size_t rows_used = present(rows, system, 0, key.rows / (64 / Strip::rows), in);
        const std::size_t columns_used = present(columns, system, 1, key.block, in);
        if (store.full()) store.grow();
        Levels::Entry entry;
        entry.strip = store.find_or_add<false>(key, spare);
        entry.before = static_cast<std::uint32_t>(part.states);
        entry.word = static_cast<std::uint32_t>(part.words.size());
        entry.rows = in.get<std::uint8_t>();
        in.require(entry.rows != 0);
        for (unsigned rest = entry.rows; rest != 0; rest &= rest - 1) {
            const auto row = static_cast<unsigned>(std::countr_zero(rest));
            const auto word = in.get<std::uint64_t>();
            in.require(word != 0 && (columns_used == 64 || word >> columns_used == 0));
            in.require(first_row + row < rows_used);
            std::uint64_t& seen = store[entry.strip].row[row].seen;
            in.require((seen & word) == 0);
            seen |= word;
            part.words.push_back(word);
            part.states += static_cast<unsigned>(std::popcount(word));
        }
        part.entries.push_back(entry);
    }
    in.require(part.states > 0 && part.states <= std::numeric_limits<std::uint32_t>::max());
    return part;
}

}  // namespace lastack
