// A JSON document (RFC 8259) as text, written from left to right without blanks: for documents of which there are very
// many. What puts commas, quotes and escapes is here; that the members make sense is for who writes them. An odd string
// goes through the library that also reads, so that both agree on escapes. Cost: that of appending.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace lastack {

class JsonText {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    // The name of a member; its value comes next.
    void name(std::string_view name) {
        string(name);
        text_ += ':';
        fresh_ = true;
    }
    void string(std::string_view value) {
        part();
        quote(value);
    }
    void number(std::int64_t value) {
        part();
        char digits[24];
        text_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void yes() {
        part();
        text_ += "true";
    }
    template <class Texts>
    void strings(const Texts& values) {
        begin_array();
        for (const std::string& value : values) string(value);
        end_array();
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

private:
    void part() {
        if (!fresh_) text_ += ',';
        fresh_ = false;
    }
    void open(char bracket) {
        part();
        text_ += bracket;
        fresh_ = true;
    }
    void close(char bracket) {
        text_ += bracket;
        fresh_ = false;
    }
    void quote(std::string_view value);  // throws where it is no UTF-8

    std::string text_;
    bool fresh_ = true;  // nothing stands before what comes next that a comma would part it from
};

}  // namespace lastack
