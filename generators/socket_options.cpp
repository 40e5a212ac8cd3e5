#include "generators/socket_options.h"

#include <string_view>

namespace lastack {

bool is_socket_option(const std::string& setting) { return setting.starts_with("TCP_"); }

SocketOption socket_option(const std::string& setting, const std::string& value) {
    constexpr std::string_view below = "_BELOW_0";
    if (!setting.ends_with(below)) return {setting, value};
    return {setting.substr(0, setting.size() - below.size()), value == "0" ? "0" : "-1"};
}

}  // namespace lastack
