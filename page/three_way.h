// operator<=> of strings, vectors and arrays, which emscripten 3.1.6's standard library (libc++ 14) lacks and the model
// compares by. Included in front of every file that is compiled for a page, and nowhere else: see CMakeLists.txt.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 15000

// Defaulted comparisons find these beside the types that they compare, so they stand in their namespace.
namespace std {

template <class List>
constexpr auto lastack_three_way(const List& a, const List& b) -> decltype(a[0] <=> b[0]) {
    const size_t both = a.size() < b.size() ? a.size() : b.size();
    for (size_t i = 0; i < both; ++i)
        if (const auto order = a[i] <=> b[i]; order != 0) return order;
    return a.size() <=> b.size();
}

inline strong_ordering operator<=>(const string& a, const string& b) { return a.compare(b) <=> 0; }

template <class T, size_t size>
constexpr auto operator<=>(const array<T, size>& a, const array<T, size>& b) -> decltype(a[0] <=> b[0]) {
    return lastack_three_way(a, b);
}

template <class T, class Allocator>
constexpr auto operator<=>(const vector<T, Allocator>& a, const vector<T, Allocator>& b) -> decltype(a[0] <=> b[0]) {
    return lastack_three_way(a, b);
}

}  // namespace std

#endif
