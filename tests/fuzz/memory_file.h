// A file in memory, for readers that want a path: its content is replaced for each input.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

class MemoryFile {
 public:
  const std::string& path() const { return path_; }
  void set(const uint8_t* data, size_t size) const {
    const auto length = static_cast<ssize_t>(size);
    if (ftruncate(descriptor_, length) != 0 || pwrite(descriptor_, data, size, 0) != length)
      std::abort();
  }

 private:
  const int descriptor_ = memfd_create("fuzz", 0);
  const std::string path_ = "/proc/self/fd/" + std::to_string(descriptor_);
};
