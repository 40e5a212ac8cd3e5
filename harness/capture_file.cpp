#include "harness/capture_file.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lastack {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;  // libpcap reads each packet by itself

}  // namespace

struct CaptureFile::Body {
    std::string name;
    pcap_t* capture = nullptr;
    std::uint64_t frames = 0;
    long behind = 0;  // the last whole frame; -1: a pipe, which has no positions

    ~Body() {
        if (capture) pcap_close(capture);
    }
};

CaptureFile::CaptureFile(const std::string& path) : body_(std::make_unique<Body>()) {
    body_->name = path == "-" ? "standard input" : path;
    std::array<char, PCAP_ERRBUF_SIZE> problem{};
    std::FILE* const file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
    if (!file) throw CaptureError(fmt::format("{}: {}", body_->name, std::strerror(errno)));
    std::setvbuf(file, nullptr, _IOFBF, buffer_bytes);
    body_->capture = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, problem.data());
    if (!body_->capture) {
        if (file != stdin) std::fclose(file);
        throw CaptureError(fmt::format("{}: no capture: {}", body_->name, problem.data()));
    }
    body_->behind = std::ftell(file);
}

CaptureFile::~CaptureFile() = default;

int CaptureFile::link_type() const { return pcap_datalink(body_->capture); }

std::string CaptureFile::link_type_name() const {
    const char* const name = pcap_datalink_val_to_name(link_type());
    return name ? name : std::to_string(link_type());
}

bool CaptureFile::next(CapturedFrame& frame) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int got = pcap_next_ex(body_->capture, &header, &bytes);
    if (got == PCAP_ERROR_BREAK) return false;
    if (got != 1) {
        const std::string place = body_->behind < 0 ? "" : fmt::format(", byte {}", body_->behind);
        throw CaptureError(fmt::format("{}: damaged behind packet {}{}: {}", body_->name, body_->frames, place,
                                       pcap_geterr(body_->capture)));
    }
    frame.number = ++body_->frames;
    // With nanoseconds asked for, tv_usec holds them (pcap_open_offline(3PCAP)).
    frame.at_ns = std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec;
    frame.wire_length = header->len;
    frame.bytes = {bytes, header->caplen};
    if (body_->behind >= 0) body_->behind = std::ftell(pcap_file(body_->capture));
    return true;
}

}  // namespace lastack
