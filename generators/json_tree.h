// A JSON document under construction, with members in the order they were set. The library behind it stays in this
// folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lastack {

class JsonTree {
public:
    static JsonTree object();
    static JsonTree array();
    static JsonTree list(const std::vector<std::string>& texts);
    static JsonTree
    parsed(const std::string& json);  // a document that another writer made; throws what the library throws
    JsonTree(const std::string& text);
    JsonTree(const char* text);
    JsonTree(bool value);
    JsonTree(int value);
    JsonTree(std::int64_t value);
    JsonTree(std::uint64_t value);
    JsonTree(double value);
    JsonTree(JsonTree&&) noexcept;
    JsonTree& operator=(JsonTree&&) noexcept;
    ~JsonTree();

    JsonTree& set(const std::string& name, JsonTree value);  // a member of an object
    JsonTree& add(JsonTree value);                           // an element of an array

    // Of a document that was parsed: a member that is a text, or true, or a list; else empty, false. A list that is
    // taken is empty from then on.
    std::string text_at(const std::string& name) const;
    bool flag_at(const std::string& name) const;
    bool has_list(const std::string& name) const;
    std::vector<JsonTree> take_list(const std::string& name);

    std::string text() const;  // indented by two, newline at the end

private:
    JsonTree();
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace lastack
