// The target `linux-vm`: a stock kernel in a virtual machine whose clock is virtual.
//
// Idea: QEMU counts instructions (-icount): each of them takes a fixed virtual time, and while the machine has nothing
// to do its clock jumps to the next timer. So a minute of TIME-WAIT costs a fraction of a second, no scheduling of the
// host can make an answer late, and two runs are the same to the byte, initial sequence numbers included. The driver
// runs inside (guest/init.cpp), as the first process, for a driver on the host would have no part in that clock:
// vectors and runs go through memory that both share (harness/vm_exchange.h). See docs/system/replay.rst and
// docs/devel/tcg-icount.rst of QEMU. Where there are many, those of each IP version have a machine of their own, and
// the two run side by side: by what there is to drive and not by the host, so that runs are the same everywhere.
// Safety: the machine has no network and no disk; its kernel, archive and shared memory are files without a name; it
// ends with this process.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>

#include "checker/compare/both_at_once.h"
#include "harness/descriptor.h"
#include "harness/driver.h"
#include "harness/records.h"
#include "harness/targets.h"
#include "harness/vm_exchange.h"
#include "harness/vm_image.h"

namespace lastack {
namespace {

constexpr const char* emulator = "qemu-system-x86_64";
constexpr int turn_ms = 50;
constexpr auto patience = std::chrono::minutes(5);  // of the host's time, without a run that ends
constexpr std::size_t worth_a_machine = 200;        // vectors
constexpr int most_at_once = 200;                   // an emulated processor is slow: more would be late by themselves
constexpr std::size_t megabyte = std::size_t{1} << 20U;
constexpr std::size_t room_of_all = 4 * megabyte, room_of_a_run = std::size_t{16} << 10U;
constexpr std::size_t console_kept = 4096;

std::string program_in_path(const std::string& name) {
    const char* const path = std::getenv("PATH");
    std::string rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        const std::string place = rest.substr(0, end) + "/" + name;
        if (::access(place.c_str(), X_OK) == 0) return place;
        rest.erase(0, end + 1);
    }
    throw TargetUnavailable(fmt::format("{} is not installed; ./dev setup vm installs it", name));
}

// Beside the command where it was built, and above the measurements; in libexec where it was installed.
std::string guest_program() {
    const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const char* const place : {"lastack_guest", "../lastack_guest", "../libexec/lastack/lastack_guest"})
        if (std::filesystem::exists(here / place)) return (here / place).string();
    throw TargetUnavailable("lastack_guest, the first process of the virtual machine, is not there");
}

std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) throw TargetUnavailable(file + ": cannot be read");
    return bytes;
}

// A file without a name, which a child finds as /proc/self/fd/N.
Descriptor nameless_file(const char* what, std::size_t size) {
    Descriptor file(::memfd_create(what, MFD_CLOEXEC));
    if (!file.open() || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0)
        throw std::runtime_error(fmt::format("no memory for {}: {}", what, std::strerror(errno)));
    return file;
}

// The file that the machine shares, mapped.
class SharedMemory {
public:
    SharedMemory(const std::string& vectors, std::size_t count, const DriveOptions& options);
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory() { ::munmap(at_, size_); }

    int descriptor() const { return file_.get(); }
    std::size_t size() const { return size_; }
    const VmExchange& head() const { return *head_; }
    std::string_view out() const;

private:
    std::size_t size_;
    Descriptor file_;
    void* at_ = nullptr;
    VmExchange* head_ = nullptr;
};

SharedMemory::SharedMemory(const std::string& vectors, std::size_t count, const DriveOptions& options)
    : size_(std::bit_ceil(sizeof(VmExchange) + vectors.size() + room_of_all + count * room_of_a_run)),
      file_(nameless_file("what lastack shares with its machine", size_)) {
    at_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    if (at_ == MAP_FAILED) throw std::runtime_error(fmt::format("mmap: {}", std::strerror(errno)));
    head_ = new (at_) VmExchange;
    head_->in_size = vectors.size();
    head_->out_at = sizeof(VmExchange) + vectors.size();
    head_->out_room = size_ - head_->out_at;
    head_->at_once = static_cast<std::uint64_t>(std::clamp(options.at_once, 1, most_at_once));
    head_->longest_us = static_cast<std::uint64_t>(options.longest_us);
    head_->slack_us = static_cast<std::uint64_t>(options.slack_us);
    head_->company = static_cast<std::uint64_t>(options.company);
    head_->tries = static_cast<std::uint64_t>(options.tries);
    std::memcpy(static_cast<void*>(head_ + 1), vectors.data(), vectors.size());
}

// What the guest says of its size is not trusted.
std::string_view SharedMemory::out() const {
    const std::size_t at = std::min<std::size_t>(head_->out_at, size_);
    return {static_cast<const char*>(at_) + at, std::min<std::size_t>(head_->out_size, size_ - at)};
}

// The emulator as a child. Its standard error is its own and the kernel's console.
class VirtualMachine {
public:
    explicit VirtualMachine(std::vector<std::string> words);
    VirtualMachine(const VirtualMachine&) = delete;
    VirtualMachine& operator=(const VirtualMachine&) = delete;
    ~VirtualMachine();

    bool turn();  // waits a little; false once it has ended
    std::string last_words() const;

private:
    pid_t child_ = -1;
    Descriptor ended_, console_;
    std::string said_;
};

VirtualMachine::VirtualMachine(std::vector<std::string> words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe for a virtual machine");
    console_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    child_ = ::_Fork();
    if (child_ < 0) throw std::runtime_error("no process for a virtual machine");
    if (child_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setpgid(0, 0);  // an interrupt of the terminal is for us; we end it then
        ::dup2(theirs.get(), 1);
        ::dup2(theirs.get(), 2);
        ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
        ::execv(arguments.front(), arguments.data());
        ::_exit(127);
    }
    ended_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)));
}

VirtualMachine::~VirtualMachine() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
}

bool VirtualMachine::turn() {
    std::array<pollfd, 2> events{{{ended_.get(), POLLIN, 0}, {console_.get(), POLLIN, 0}}};
    ::poll(events.data(), events.size(), turn_ms);
    std::array<char, console_kept> text{};
    for (ssize_t got = 0; (got = ::read(console_.get(), text.data(), text.size())) > 0;) {
        said_.append(text.data(), static_cast<std::size_t>(got));
        if (said_.size() > 2 * console_kept) said_.erase(0, said_.size() - console_kept);
    }
    if (events[1].revents != 0 && (events[1].revents & POLLIN) == 0) events[1].fd = -1;
    return (events[0].revents & POLLIN) == 0;
}

// The last line, as far as people can read it.
std::string VirtualMachine::last_words() const {
    std::string text = said_;
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
    text.erase(0, text.find_last_of("\r\n") + 1);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

class VmTarget final : public Target, public InsideDriver {
public:
    explicit VmTarget(const std::string& word)
        : kernel_(vm_kernel(word)), emulator_(program_in_path(emulator)), guest_(guest_program()) {}

    std::string name() const override { return "linux-vm"; }
    std::string description() const override {
        return fmt::format("Linux {}, in a virtual machine in virtual time ({})", kernel_.release, emulator);
    }
    bool virtual_time() const override { return true; }
    InsideDriver* inside() override { return this; }
    std::vector<TestRun> drive(const std::vector<TestVector>& vectors, const DriveOptions& options) override;

    Endpoints endpoints() const override { nobody_asks(); }
    std::int64_t now_us() override { nobody_asks(); }
    std::vector<std::string> configure(const Setup&) override { nobody_asks(); }
    void inject(const std::vector<std::uint8_t>&) override { nobody_asks(); }
    std::vector<Packet> wait(std::int64_t) override { nobody_asks(); }
    std::optional<Handle> accept(const Peer&) override { nobody_asks(); }
    FreshSocket fresh_socket(const Peer&) override { nobody_asks(); }
    std::string call(Handle, const std::string&, int) override { nobody_asks(); }
    std::string observe(Handle) override { nobody_asks(); }
    std::optional<std::string> state(const Peer&) override { nobody_asks(); }
    void discard(Handle, const Peer&) override { nobody_asks(); }

private:
    [[noreturn]] static void nobody_asks() { throw std::logic_error("a virtual machine is handed whole vectors"); }
    std::string archive() const;
    std::vector<std::string> command(int archive, const SharedMemory& shared) const;
    std::string run_machine(SharedMemory& shared, std::size_t count, const DriveOptions& options) const;
    std::vector<TestRun> drive_in_one(const std::vector<TestVector>& vectors, const DriveOptions& options) const;

    VmKernel kernel_;
    std::string emulator_, guest_;
};

std::string VmTarget::archive() const {
    std::vector<std::pair<std::string, std::string>> files{{"init", bytes_of(guest_)}, {"modules/", ""}};
    for (const std::string& module : kernel_.modules)
        files.emplace_back(
            fmt::format("modules/{}-{}", files.size(), std::filesystem::path(module).filename().string()),
            bytes_of(module));
    return initial_archive(files);
}

// One nanosecond an instruction. What is random in a processor and in the emulator is taken out or has a seed, and the
// clock of the board begins at a fixed day.
std::vector<std::string> VmTarget::command(int archive, const SharedMemory& shared) const {
    const std::size_t memory = 512 + 16 * shared.head().in_size / megabyte;
    return {emulator_,
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-no-reboot",
            "-machine",
            "pc",
            "-accel",
            "tcg,thread=single",
            "-smp",
            "1",
            "-m",
            fmt::format("{}M", memory),
            "-icount",
            "shift=0,sleep=off",
            "-rtc",
            "base=2026-01-01,clock=vm",
            "-seed",
            "1",
            "-cpu",
            "max,-rdrand,-rdseed",
            "-sandbox",
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
            "-kernel",
            kernel_.image,
            "-initrd",
            fmt::format("/proc/self/fd/{}", archive),
            "-append",
            "console=ttyS0 quiet panic=-1 nokaslr mitigations=off random.trust_bootloader=off",
            "-object",
            fmt::format("memory-backend-file,id=shared,share=on,mem-path=/proc/self/fd/{},size={}", shared.descriptor(),
                        shared.size()),
            "-device",
            "ivshmem-plain,memdev=shared",
            "-serial",
            "file:/proc/self/fd/2"};
}

// Until the machine is off. Returns what went wrong.
std::string VmTarget::run_machine(SharedMemory& shared, std::size_t count, const DriveOptions& options) const {
    const std::string start = archive();
    const Descriptor file = nameless_file("the archive of a virtual machine", 0);
    if (::write(file.get(), start.data(), start.size()) != static_cast<ssize_t>(start.size()))
        return fmt::format("the archive of the virtual machine: {}", std::strerror(errno));
    std::optional<VirtualMachine> machine;
    {
        static std::mutex starting;  // what one emulator opens, the other one does not inherit
        const std::lock_guard lock(starting);
        for (const int one : {file.get(), shared.descriptor()}) ::fcntl(one, F_SETFD, 0);
        machine.emplace(command(file.get(), shared));
        for (const int one : {file.get(), shared.descriptor()}) ::fcntl(one, F_SETFD, FD_CLOEXEC);
    }
    auto heard = std::chrono::steady_clock::now();
    std::uint64_t before = 0;
    while (machine->turn()) {
        if (options.stop && options.stop()) return "stopped before it was over";
        const std::uint64_t done = shared.head().runs_done + shared.head().state;
        const auto now = std::chrono::steady_clock::now();
        if (std::exchange(before, done) != done) {
            heard = now;
            if (options.progress) options.progress(std::min<std::size_t>(shared.head().runs_done, count), count);
        }
        if (now - heard > patience)
            return fmt::format("nothing came from the virtual machine for {} minutes", patience.count());
    }
    switch (shared.head().state) {
        case VmExchange::done: return "";
        case VmExchange::failed: return fmt::format("in the virtual machine: {}", shared.out().substr(0, console_kept));
        default: return fmt::format("the virtual machine ended before its runs were over: {:?}", machine->last_words());
    }
}

std::vector<TestRun> VmTarget::drive(const std::vector<TestVector>& vectors, const DriveOptions& options) {
    std::map<int, std::vector<std::size_t>> of_version;
    for (std::size_t i = 0; i < vectors.size(); ++i) of_version[vectors[i].ip].push_back(i);
    const bool many = std::all_of(of_version.begin(), of_version.end(),
                                  [](const auto& part) { return part.second.size() >= worth_a_machine; });
    if (of_version.size() < 2 || !many) return drive_in_one(vectors, options);

    std::vector<TestRun> runs(vectors.size());
    std::map<int, std::size_t> done;
    std::mutex telling;
    const auto work = [&](int version, const std::vector<std::size_t>& places) {
        std::vector<TestVector> part;
        for (const std::size_t place : places) part.push_back(vectors[place]);
        DriveOptions own = options;
        own.progress = [&](std::size_t here, std::size_t) {
            const std::lock_guard lock(telling);
            done[version] = here;
            std::size_t all = 0;
            for (const auto& [other, count] : done) all += count;
            if (options.progress) options.progress(all, vectors.size());
        };
        std::vector<TestRun> of_part = drive_in_one(part, own);
        for (std::size_t i = 0; i < places.size(); ++i) runs[places[i]] = std::move(of_part[i]);
    };
    both_at_once([&] { work(4, of_version[4]); }, [&] { work(6, of_version[6]); });
    return runs;
}

std::vector<TestRun> VmTarget::drive_in_one(const std::vector<TestVector>& vectors, const DriveOptions& options) const {
    std::string records;
    for (const TestVector& vector : vectors) put_record(records, vector);
    SharedMemory shared(records, vectors.size(), options);
    std::string problem = run_machine(shared, vectors.size(), options);
    std::vector<TestRun> runs;
    if (problem.empty()) {
        try {
            std::string_view bytes = shared.out();
            while (!bytes.empty()) runs.push_back(take_run(bytes));
        } catch (const RecordError& error) {
            problem = error.what();
        }
        if (runs.size() != vectors.size() && problem.empty()) problem = "the virtual machine has not told of all runs";
    }
    if (!problem.empty()) {
        const bool stopped = options.stop && options.stop();
        runs.assign(vectors.size(), {});
        for (std::size_t i = 0; i < runs.size(); ++i) {
            runs[i].vector_id = vectors[i].id;
            runs[i].verdict = stopped ? Verdict::skipped : Verdict::error;
            runs[i].reason = problem;
        }
    }
    return runs;
}

}  // namespace

std::optional<std::string> vm_kernel_word(const std::string& target) {
    const std::string name = "linux-vm";
    if (target == name) return "";
    if (!target.starts_with(name + ":") || target.size() == name.size() + 1) return std::nullopt;
    return target.substr(name.size() + 1);
}

std::unique_ptr<Target> make_vm_target(const std::string& kernel) { return std::make_unique<VmTarget>(kernel); }

}  // namespace lastack
