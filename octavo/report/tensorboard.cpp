#include "octavo/report/tensorboard.h"

#include <unistd.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <span>
#include <system_error>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/hash.h"

namespace octavo {
namespace {

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 && *name ? name : "localhost";
}

// The two encodings of the format: fixed-width little-endian words and protobuf's varints.
template <class Word>
void append_fixed(std::string& out, Word word) {
  for (size_t i = 0; i < sizeof word; ++i) out += static_cast<char>(word >> (8 * i) & 0xFF);
}

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// A protobuf field begins with its number and the type of what follows.
enum class Wire { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };
void append_key(std::string& out, int field, Wire wire) {
  append_varint(out, static_cast<uint64_t>(field << 3 | static_cast<int>(wire)));
}

void append_bytes(std::string& out, int field, std::string_view bytes) {
  append_key(out, field, Wire::bytes);
  append_varint(out, bytes.size());
  out += bytes;
}

// message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary =
// 5; SessionLog session_log = 7; }
std::string event_at(double wall_time, int64_t step) {
  std::string event;
  append_key(event, 1, Wire::fixed64);
  append_fixed(event, std::bit_cast<uint64_t>(wall_time));
  append_key(event, 2, Wire::varint);
  append_varint(event, static_cast<uint64_t>(step));
  return event;
}

// A CRC of data that holds CRCs is weak, so records store a rotated and shifted one.
uint32_t masked_crc(std::string_view bytes) {
  const uint32_t crc = crc32c(std::as_bytes(std::span(bytes)));
  return std::rotr(crc, 15) + 0xA282EAD8u;
}

}  // namespace

// message SessionLog { enum SessionStatus { START = 1; } SessionStatus status = 1; }
TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& folder, int64_t first_step) {
  static std::atomic<int> number{0};
  const double now = wall_seconds();
  path_ = folder / fmt::format("events.out.tfevents.{}.{}.{}.{}", static_cast<int64_t>(now),
                               host_name(), ::getpid(), number++);
  file_.reset(std::fopen(path_.c_str(), "wbe"));
  const int code = errno;
  require(ErrorKind::io, file_ != nullptr, "{}: cannot create: {}", path_.string(),
          std::generic_category().message(code));
  write_event(event_at(now, 0), 3, "brain.Event:2");
  std::string session;
  append_key(session, 1, Wire::varint);
  append_varint(session, 1);
  write_event(event_at(now, first_step), 7, session);
  flush();
}

void TensorBoardWriter::scalar(std::string_view tag, int64_t step, double value) {
  scalar(tag, step, value, wall_seconds());
}

// message Summary { repeated Value value = 1; }, message Value { string tag = 1; float simple_value
// = 2; }
void TensorBoardWriter::scalar(std::string_view tag, int64_t step, double value, double wall_time) {
  std::string entry, summary;
  append_bytes(entry, 1, tag);
  append_key(entry, 2, Wire::fixed32);
  append_fixed(entry, std::bit_cast<uint32_t>(static_cast<float>(value)));
  append_bytes(summary, 1, entry);
  write_event(event_at(wall_time, step), 5, summary);
}

void TensorBoardWriter::write_event(std::string event, int field, std::string_view content) {
  append_bytes(event, field, content);
  write_record(event);
}

void TensorBoardWriter::write_record(std::string_view payload) {
  std::string record;
  append_fixed(record, static_cast<uint64_t>(payload.size()));
  append_fixed(record, masked_crc(record));
  record += payload;
  append_fixed(record, masked_crc(payload));
  const size_t written = std::fwrite(record.data(), 1, record.size(), file_.get());
  require(ErrorKind::io, written == record.size(), "{}: cannot write: {}", path_.string(),
          std::generic_category().message(errno));
}

void TensorBoardWriter::flush() {
  require(ErrorKind::io, std::fflush(file_.get()) == 0, "{}: cannot write: {}", path_.string(),
          std::generic_category().message(errno));
}

}  // namespace octavo
