#include "checker/engine/checkpoint.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <filesystem>

#include "checker/engine/snapshot.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "lastack checkpoint\n";
constexpr std::uint32_t format = 2;  // of all that the file says or takes for granted, the order of numbers included
constexpr std::string_view closing = "complete";
constexpr std::size_t crc_bytes = 4;
constexpr int writes_take_at_most = 10;  // percent of the time

[[noreturn]] void fail(const char* what, const std::string& path) {
    throw fs::filesystem_error(what, path, std::error_code(errno, std::generic_category()));
}

// A file descriptor that is closed in the end.
class Descriptor {
public:
    Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    explicit operator bool() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

// Writes a file in pieces and brings it to the disk.
class Output {
public:
    explicit Output(std::string path) : path_(std::move(path)), to_(path_, O_WRONLY | O_CREAT | O_TRUNC) {
        if (!to_) fail("cannot write", path_);
    }
    void write(const std::string& bytes) {
        crc_.process_bytes(bytes.data(), bytes.size());
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t count = ::write(to_.number(), bytes.data() + done, bytes.size() - done);
            if (count < 0 && errno != EINTR) fail("cannot write", path_);
            done += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        }
    }
    void finish() {
        ByteWriter end;
        end.put(static_cast<std::uint32_t>(crc_.checksum()));
        write(end.take() + std::string(closing));
        if (::fsync(to_.number()) != 0) fail("cannot write", path_);
    }

private:
    std::string path_;
    Descriptor to_;
    boost::crc_32_type crc_;
};

// A renamed file is there for certain once its directory is on the disk. Not all file systems know how; those that do
// not need not.
void sync_directory_of(const std::string& path) {
    const fs::path parent = fs::path(path).parent_path();
    const Descriptor directory(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
    if (directory) ::fsync(directory.number());
}

}  // namespace

std::uint64_t fingerprint_of(const Spec& spec, const Question& question) {
    boost::crc_optimal<64, 0x42F0E1EBA9EA3693, ~0ull, ~0ull, true, true> crc;
    const auto add = [&](const std::string& text) {
        ByteWriter bytes;
        bytes.put(std::string_view(text));
        const std::string told = bytes.take();
        crc.process_bytes(told.data(), told.size());
    };
    add(question.version);
    add(question.symmetry ? "symmetry" : "");
    for (const auto& source : spec.sources) add(source->text);
    add(spec.subject);
    for (const Profile& profile : spec.profiles) {
        for (const Setting& setting : profile.settings) add(setting.name + "=" + setting.value);
    }
    const auto among = [](const std::vector<std::string>& names, const std::string& name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const Claim& claim : spec.claims) {
        if (among(question.claims, claim.id) && among(question.systems, claim.system)) add(claim.id);
    }
    return crc.checksum();
}

Checkpoint::Checkpoint(std::string file, double seconds, std::uint64_t fingerprint)
    : file_(std::move(file)), every_(seconds), fingerprint_(fingerprint) {
    try {
        read();
        check_writable();
    } catch (...) {
        forget();
        throw;
    }
}

Checkpoint::~Checkpoint() { forget(); }

void Checkpoint::forget() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
    bytes_ = {};
}

// The file is judged as a whole before anything in it is believed.
void Checkpoint::read() {
    const auto refuse = [&](const char* why) { throw CheckpointError(file_ + ": " + why); };
    const fs::file_status status = fs::status(file_);
    if (!fs::exists(status)) return;
    if (!fs::is_regular_file(status)) refuse("not a checkpoint");
    const Descriptor from(file_, O_RDONLY);
    struct stat about {};
    if (!from || ::fstat(from.number(), &about) != 0) fail("cannot read", file_);
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size == 0) refuse("torn: ends early");
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, from.number(), 0);
    if (at == MAP_FAILED) fail("cannot read", file_);
    bytes_ = {static_cast<const char*>(at), size};

    if (bytes_.substr(0, magic.size()) != magic.substr(0, size)) refuse("not a checkpoint");
    if (size < magic.size() + closing.size() + crc_bytes || !bytes_.ends_with(closing)) refuse("torn: ends early");
    const std::string_view checked = bytes_.substr(0, size - closing.size() - crc_bytes);
    boost::crc_32_type crc;
    crc.process_bytes(checked.data(), checked.size());
    if (ByteReader(bytes_.substr(checked.size(), crc_bytes), file_).get<std::uint32_t>() != crc.checksum())
        refuse("damaged: its checksum is wrong");

    ByteReader in(checked.substr(magic.size()), file_);
    if (in.get<std::uint32_t>() != format || in.get<std::uint64_t>() != fingerprint_)
        refuse("belongs to another spec, question or version");
    Head head;
    head.system = in.get_text();
    head.form = in.get<std::uint8_t>();
    head.depth = static_cast<int>(in.get_below<std::uint32_t>(1u << 31));
    head.states = in.get<std::uint64_t>();
    tables_at_ = checked.size() - in.left();
    found_ = std::move(head);
    waiting_ = true;
}

void Checkpoint::check_writable() const {
    if (!Descriptor(partial(), O_WRONLY | O_CREAT)) fail("cannot write", file_);
    ::unlink(partial().c_str());
}

std::optional<ByteReader> Checkpoint::take(const std::string& system, std::uint8_t form) {
    if (!waiting_ || system != found_->system || form != found_->form) return std::nullopt;
    waiting_ = false;
    last_ = Clock::now();
    const std::string_view checked = bytes_.substr(0, bytes_.size() - closing.size() - crc_bytes);
    return ByteReader(checked.substr(tables_at_), file_);
}

void Checkpoint::note(Head head, std::string tables, const Levels& levels, const StripStore& store) {
    noted_ = std::move(head);
    tables_ = std::move(tables);
    is_written_ = false;
    if (every_.count() > 0 &&
        Clock::now() - last_ < std::max<std::chrono::duration<double>>(every_, cost_ * (100 / writes_take_at_most)))
        return;
    write(levels, store);
}

void Checkpoint::keep(const Levels& levels, const StripStore& store) {
    if (waiting_) return;
    write(levels, store);
    kept_ = true;
}

// A check of days is worth more than the file that it would go on from.
void Checkpoint::write(const Levels& levels, const StripStore& store) {
    if (lost_ || is_written_ || noted_.depth == 0) return;  // from its initial state it starts without a file, too
    const auto start = Clock::now();
    forget();
    try {
        replace_file(levels, store);
    } catch (const fs::filesystem_error& error) {
        lost_ = true;
        ::unlink(partial().c_str());
        if (when_lost) when_lost(error.code().message());
        return;
    }
    is_written_ = true;
    last_ = Clock::now();
    cost_ = last_ - start;
}

void Checkpoint::replace_file(const Levels& levels, const StripStore& store) {
    Output file(partial());
    ByteWriter out([&](const std::string& bytes) { file.write(bytes); });
    out.append(magic);
    out.put(format);
    out.put(fingerprint_);
    out.put(std::string_view(noted_.system));
    out.put(noted_.form);
    out.put(static_cast<std::uint32_t>(noted_.depth));
    out.put(noted_.states);
    out.append(tables_);
    const std::size_t parts = levels.first_part(noted_.depth + 1);
    out.put(std::uint64_t{parts});
    for (std::size_t i = 0; i < parts; ++i) save_part(levels.parts()[i], store, out);
    out.flush();
    file.finish();
    fs::rename(partial(), file_);
    sync_directory_of(file_);
}

void Checkpoint::remove() {
    std::error_code gone;
    fs::remove(partial(), gone);
    fs::remove(file_);
}

}  // namespace lastack
