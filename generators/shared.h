// A container that its copies share until one of them is changed.
//
// Idea: the vectors of a suite have most of what stands before their steps in common. A copy costs a count, a
// comparison of two that share costs that of two addresses. Reading is that of the container; who changes it says so
// with edit(), which makes a container of its own where it is shared. Thread-safe as the container itself is.
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>

namespace lastack {

template <class Container>
class Shared {
public:
    Shared() = default;
    Shared(Container value) : value_(std::make_shared<Container>(std::move(value))) {}
    Shared(std::initializer_list<typename Container::value_type> values) : Shared(Container(values)) {}

    const Container& get() const { return value_ ? *value_ : nothing(); }
    operator const Container&() const { return get(); }
    auto begin() const { return get().begin(); }
    auto end() const { return get().end(); }
    bool empty() const { return get().empty(); }
    auto size() const { return get().size(); }
    template <class Key>
    auto find(const Key& key) const {
        return get().find(key);
    }
    template <class Key>
    bool contains(const Key& key) const {
        return get().contains(key);
    }
    template <class Key>
    const auto& at(const Key& key) const {
        return get().at(key);
    }

    Container& edit() {
        if (!value_ || value_.use_count() > 1) value_ = std::make_shared<Container>(get());
        return *value_;
    }

    bool operator==(const Shared& other) const { return value_ == other.value_ || get() == other.get(); }

private:
    static const Container& nothing() {
        static const Container empty;
        return empty;
    }
    std::shared_ptr<Container> value_;
};

}  // namespace lastack
