#include "generators/json_tree.h"

#include <nlohmann/json.hpp>

namespace lastack {

struct JsonTree::Body {
    nlohmann::ordered_json value;
};

JsonTree::JsonTree() : body_(std::make_unique<Body>()) {}
JsonTree::JsonTree(const std::string& text) : JsonTree() { body_->value = text; }
JsonTree::JsonTree(const char* text) : JsonTree() { body_->value = text; }
JsonTree::JsonTree(bool value) : JsonTree() { body_->value = value; }
JsonTree::JsonTree(int value) : JsonTree() { body_->value = value; }
JsonTree::JsonTree(std::int64_t value) : JsonTree() { body_->value = value; }
JsonTree::JsonTree(std::uint64_t value) : JsonTree() { body_->value = value; }
JsonTree::JsonTree(double value) : JsonTree() { body_->value = value; }
JsonTree::JsonTree(JsonTree&&) noexcept = default;
JsonTree& JsonTree::operator=(JsonTree&&) noexcept = default;
JsonTree::~JsonTree() = default;

JsonTree JsonTree::object() {
    JsonTree tree;
    tree.body_->value = nlohmann::ordered_json::object();
    return tree;
}

JsonTree JsonTree::array() {
    JsonTree tree;
    tree.body_->value = nlohmann::ordered_json::array();
    return tree;
}

JsonTree JsonTree::list(const std::vector<std::string>& texts) {
    JsonTree list = array();
    for (const std::string& text : texts) list.add(text);
    return list;
}

JsonTree JsonTree::parsed(const std::string& json) {
    JsonTree tree;
    tree.body_->value = nlohmann::ordered_json::parse(json);
    return tree;
}

JsonTree& JsonTree::set(const std::string& name, JsonTree value) {
    body_->value[name] = std::move(value.body_->value);
    return *this;
}

JsonTree& JsonTree::add(JsonTree value) {
    body_->value.push_back(std::move(value.body_->value));
    return *this;
}

std::string JsonTree::text_at(const std::string& name) const {
    const auto& value = body_->value;
    return value.contains(name) && value[name].is_string() ? value[name].get<std::string>() : "";
}

bool JsonTree::flag_at(const std::string& name) const {
    const auto& value = body_->value;
    return value.contains(name) && value[name].is_boolean() && value[name].get<bool>();
}

bool JsonTree::has_list(const std::string& name) const {
    return body_->value.contains(name) && body_->value[name].is_array();
}

std::vector<JsonTree> JsonTree::take_list(const std::string& name) {
    std::vector<JsonTree> elements;
    for (auto& value : body_->value[name]) {
        elements.push_back(JsonTree());
        elements.back().body_->value = std::move(value);
    }
    body_->value[name] = nlohmann::ordered_json::array();
    return elements;
}

// Text from a spec may hold any bytes in its strings; what is not UTF-8 is replaced rather than refused.
std::string JsonTree::text() const {
    return body_->value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lastack
