// A capture as it is read, frame by frame: classic pcap and pcapng, by libpcap, which stays in the .cpp file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace lastack {

// The file cannot be opened, is no capture, or is damaged; what() names the file and, where something was read, the
// packet and the byte behind which the mistake lies.
class CaptureError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct CapturedFrame {
    std::uint64_t number = 0;  // from 1, as Wireshark counts
    std::int64_t at_ns = 0;
    std::uint32_t wire_length = 0;
    std::span<const std::uint8_t> bytes;  // valid until the next frame is read
};

class CaptureFile {
public:
    // "-" is standard input. Throws CaptureError.
    explicit CaptureFile(const std::string& path);
    ~CaptureFile();
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;

    int link_type() const;
    std::string link_type_name() const;
    // False at the end. Throws CaptureError.
    bool next(CapturedFrame& frame);

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace lastack
