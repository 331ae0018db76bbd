// Which implementation runs: the fastest that this processor supports, or the one that is asked
// for.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/kernels/cpu/cpu.h"
#include "octavo/kernels/kernels.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

constexpr std::string_view kCompared = "compared";

const Kernels* find(std::string_view name) {
  for (const Kernels* k : available_kernels())
    if (k->name() == name) return k;
  return nullptr;
}

[[noreturn]] void fail_unknown(std::string_view name) {
  std::vector<std::string> names;
  for (const Kernels* k : available_kernels()) names.emplace_back(k->name());
  names.emplace_back(kCompared);
  std::string list;
  for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
  fail(ErrorKind::usage,
       "OCTAVO_KERNELS or --set: there is no \"{}\" on this processor{}; there are {} and {}:NAME",
       name, did_you_mean(name, names), list, kCompared);
}

/// `fast` beside the reference, made once and kept: references to it are handed out.
const Kernels& compared_once(const Kernels& fast) {
  static std::mutex mutex;
  static std::map<const Kernels*, std::unique_ptr<Kernels>> made;
  const std::lock_guard lock(mutex);
  std::unique_ptr<Kernels>& compared = made[&fast];
  if (!compared) compared = compared_kernels(fast, reference_kernels());
  return *compared;
}

const Kernels& default_kernels() {
  static const Kernels& chosen = [&]() -> const Kernels& {
    const char* wanted = std::getenv("OCTAVO_KERNELS");
    return wanted && *wanted ? kernels_named(wanted) : *available_kernels().front();
  }();
  return chosen;
}

const Kernels*& used_instead() {
  static const Kernels* use = nullptr;
  return use;
}

}  // namespace

const Kernels& reference_kernels() {
  static const ReferenceKernels reference;
  return reference;
}

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> available = cpu_kernels();
  std::erase_if(available, [](const Kernels* k) { return !k->supported(); });
  available.push_back(&reference_kernels());
  return available;
}

const Kernels& kernels_named(std::string_view name) {
  if (name == kCompared) return compared_once(*available_kernels().front());
  const bool compared = name.substr(0, kCompared.size() + 1) == "compared:";
  const Kernels* found = find(compared ? name.substr(kCompared.size() + 1) : name);
  if (!found) fail_unknown(name);
  return compared ? compared_once(*found) : *found;
}

const Kernels& kernels() { return used_instead() ? *used_instead() : default_kernels(); }

UseKernels::UseKernels(const Kernels& use) : previous_(used_instead()) { used_instead() = &use; }

UseKernels::~UseKernels() { used_instead() = previous_; }

}  // namespace octavo
