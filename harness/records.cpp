// Each struct is taken apart once, by a structured binding, for both directions: one that has got another field does
// not compile. Numbers have eight bytes in network order; texts, lists and maps have their length before them.
#include "harness/records.h"

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/adapter_frames.h"

namespace lastack {
namespace {

constexpr std::size_t number_size = 8;

template <class Value>
concept Number = std::integral<Value> || std::is_enum_v<Value>;

// Hands the fields of a struct to the archive.
template <class Archive>
void fields(Archive& archive, auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, WireSegment>) {
        auto& [seq, ack, len, fin, syn, rst, has_ack, zero_window, from_right, ack_from_right] = value;
        archive(seq, ack, len, fin, syn, rst, has_ack, zero_window, from_right, ack_from_right);
    } else if constexpr (std::is_same_v<Value, Anchor>) {
        auto& [event, step] = value;
        archive(event, step);
    } else if constexpr (std::is_same_v<Value, Window>) {
        auto& [earliest, latest, since] = value;
        archive(earliest, latest, since);
    } else if constexpr (std::is_same_v<Value, Expected>) {
        auto& [segment, window, rule, optional] = value;
        archive(segment, window, rule, optional);
    } else if constexpr (std::is_same_v<Value, Alternative>) {
        auto& [segment, window, then, rule] = value;
        archive(segment, window, then, rule);
    } else if constexpr (std::is_same_v<Value, VectorClaim>) {
        auto& [id, sense, sentence] = value;
        archive(id, sense, sentence);
    } else if constexpr (std::is_same_v<Value, VectorStep>) {
        auto& [kind, call, result, other_results, bytes, returned, returned_optional, segment, timer, window, expect,
               alternatives, states, other_states, signals, signals_optional, note, rules] = value;
        archive(kind, call, result, other_results, bytes, returned, returned_optional, segment, timer, window, expect,
                alternatives, states, other_states, signals, signals_optional, note, rules);
    } else if constexpr (std::is_same_v<Value, TestVector>) {
        auto& [begin, id, goal, claims, refuted_expected, clauses, rules, profile, subject, system, endpoint, limits,
               unproduced, settings, ip, unit_bytes, window, options, tester_isn, settle_us, settled_states, steps] =
            value;
        archive(begin, id, goal, claims, refuted_expected, clauses, rules, profile, subject, system, endpoint, limits,
                unproduced, settings, ip, unit_bytes, window, options, tester_isn, settle_us, settled_states, steps);
    } else if constexpr (std::is_same_v<Value, Observed>) {
        auto& [at_us, step, kind, segment, text] = value;
        archive(at_us, step, kind, segment, text);
    } else {
        static_assert(std::is_same_v<Value, TestRun>);
        auto& [vector_id, verdict, reason, failed_step, left_path, went_on_as, tries_before, observed, duration_us] =
            value;
        archive(vector_id, verdict, reason, failed_step, left_path, went_on_as, tries_before, observed, duration_us);
    }
}

class Writer {
public:
    explicit Writer(std::string& bytes) : bytes_(bytes) {}
    template <class... Values>
    void operator()(const Values&... values) {
        (put(values), ...);
    }

private:
    template <Number Value>
    void put(Value value) {
        put_number(bytes_, static_cast<std::uint64_t>(value), number_size);
    }
    void put(const std::string& text) {
        put(text.size());
        bytes_ += text;
    }
    template <class Value>
    void put(const std::vector<Value>& list) {
        put(list.size());
        for (const Value& value : list) put(value);
    }
    template <class Key, class Value>
    void put(const std::map<Key, Value>& map) {
        put(map.size());
        for (const auto& pair : map) put(pair);
    }
    template <class First, class Second>
    void put(const std::pair<First, Second>& pair) {
        (*this)(pair.first, pair.second);
    }
    template <class Container>
    void put(const Shared<Container>& shared) {
        put(shared.get());
    }
    template <class Struct>
    requires(!Number<Struct>) void put(const Struct& value) { fields(*this, value); }

    std::string& bytes_;
};

class Reader {
public:
    explicit Reader(std::string_view& bytes) : bytes_(bytes) {}
    template <class... Values>
    void operator()(Values&... values) {
        (take(values), ...);
    }

private:
    template <Number Value>
    void take(Value& value) {
        if (bytes_.size() < number_size) throw RecordError("a record ends inside of a number");
        const std::uint64_t number = number_in(bytes_, number_size);
        bytes_.remove_prefix(number_size);
        value = static_cast<Value>(number);
        if (static_cast<std::uint64_t>(value) != number) throw RecordError("a number in a record is out of its range");
    }
    std::size_t take_count() {
        std::uint64_t count = 0;
        take(count);
        if (count > bytes_.size()) throw RecordError("something in a record is longer than the record");
        return count;
    }
    template <class Container>
    void take(Shared<Container>& shared) {
        take(shared.edit());
    }
    void take(std::string& text) {
        const std::size_t size = take_count();
        text = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
    }
    template <class Value>
    void take(std::vector<Value>& list) {
        list.clear();
        for (std::size_t count = take_count(); count > 0; --count) take(list.emplace_back());
    }
    template <class Key, class Value>
    void take(std::map<Key, Value>& map) {
        map.clear();
        for (std::size_t count = take_count(); count > 0; --count) {
            std::pair<Key, Value> pair;
            take(pair);
            map.insert(std::move(pair));
        }
    }
    template <class First, class Second>
    void take(std::pair<First, Second>& pair) {
        (*this)(pair.first, pair.second);
    }
    template <class Struct>
    requires(!Number<Struct>) void take(Struct& value) { fields(*this, value); }

    std::string_view& bytes_;
};

}  // namespace

void put_record(std::string& bytes, const TestVector& vector) { Writer{bytes}(vector); }
void put_record(std::string& bytes, const TestRun& run) { Writer{bytes}(run); }

TestVector take_vector(std::string_view& bytes) {
    TestVector vector;
    Reader{bytes}(vector);
    return vector;
}

TestRun take_run(std::string_view& bytes) {
    TestRun run;
    Reader{bytes}(run);
    if (run.verdict > Verdict::skipped) throw RecordError("a verdict in a record is none");
    for (const Observed& one : run.observed)
        if (one.kind > Observed::Kind::silence) throw RecordError("what was seen in a record is none of the kinds");
    return run;
}

}  // namespace lastack
