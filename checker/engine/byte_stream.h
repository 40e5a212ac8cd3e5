// Numbers as bytes, least significant first, and back: what a checkpoint (checkpoint.h) consists of.
//
// A reader never trusts what it reads: past the end it throws, and it never makes a list longer than the bytes that are
// left.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastack {

// A file that is no checkpoint, not a whole one, or one of something else. The message names the file.
class CheckpointError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class ByteWriter {
public:
    using Sink = std::function<void(const std::string& bytes)>;

    ByteWriter() = default;
    // Hands the bytes over in large pieces, the last ones at flush().
    explicit ByteWriter(Sink sink) : sink_(std::move(sink)) {}

    template <std::unsigned_integral T>
    void put(T value) {
        char bytes[sizeof(T)];
        for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> 8 * i);
        append({bytes, sizeof(T)});
    }
    void put(std::string_view text) {
        put(std::uint64_t{text.size()});
        append(text);
    }
    // Bytes as they are, without their number.
    void append(std::string_view bytes) {
        bytes_ += bytes;
        if (sink_ && bytes_.size() >= piece) flush();
    }
    void put(const std::vector<bool>& bits) {
        put(std::uint64_t{bits.size()});
        for (std::size_t i = 0; i < bits.size(); i += 8) {
            std::uint8_t byte = 0;
            for (std::size_t j = i; j < std::min(i + 8, bits.size()); ++j)
                byte = static_cast<std::uint8_t>(byte | unsigned{bits[j]} << (j - i));
            put(byte);
        }
    }
    void flush() {
        sink_(bytes_);
        bytes_.clear();
    }
    std::string take() { return std::exchange(bytes_, {}); }

private:
    static constexpr std::size_t piece = std::size_t{1} << 20U;

    Sink sink_;
    std::string bytes_;
};

class ByteReader {
public:
    // Of these bytes of this file; they must outlive the reader.
    ByteReader(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {}

    template <std::unsigned_integral T>
    T get() {
        const std::string_view bytes = next(sizeof(T));
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            value =
                static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << 8 * i));
        return value;
    }
    // A number below `limit`.
    template <std::unsigned_integral T>
    T get_below(std::uint64_t limit) {
        const T value = get<T>();
        if (value >= limit) fail();
        return value;
    }
    // How many items follow, of so many bytes each at least.
    std::uint64_t get_count(std::uint64_t bytes_each) { return get_below<std::uint64_t>(left() / bytes_each + 1); }
    std::string get_text() { return std::string(next(get_count(1))); }
    std::vector<bool> get_bits() {
        const auto count = get_below<std::uint64_t>(std::uint64_t{left()} * 8 + 1);
        std::vector<bool> bits(count);
        for (std::size_t i = 0; i < count; i += 8) {
            const auto byte = get<std::uint8_t>();
            for (std::size_t j = i; j < std::min<std::size_t>(i + 8, count); ++j) bits[j] = byte >> (j - i) & 1;
        }
        return bits;
    }
    std::size_t left() const { return bytes_.size(); }

    // What was read makes no sense, although it is whole.
    [[noreturn]] void fail() const { throw CheckpointError(file_ + ": damaged: its parts contradict each other"); }
    void require(bool condition) const {
        if (!condition) fail();
    }

private:
    std::string_view next(std::uint64_t count) {
        require(count <= bytes_.size());
        const std::string_view bytes = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return bytes;
    }

    std::string_view bytes_;
    std::string file_;
};

}  // namespace lastack
