#include "octavo/checkpoint/family.h"

#include <algorithm>
#include <array>

#include "octavo/base/error.h"

namespace octavo {

std::span<const Family* const> families() {
  static const std::array<const Family*, 1> all = {&gpt2_family()};
  return all;
}

const Family& family_of(const Json& config) {
  const std::string& type = config.at("model_type").text();
  std::string supported;
  for (const Family* family : families()) {
    for (const std::string_view known : family->model_types()) {
      if (type == known) return *family;
      supported += (supported.empty() ? "" : ", ") + std::string(known);
    }
  }
  fail(ErrorKind::data, "{}: \"{}\" is not supported; supported are {}",
       config.at("model_type").where(), type, supported);
}

const Family& family_for(const ModelConfig& config) {
  for (const Family* family : families())
    if (family->expresses(config)) return *family;
  fail(ErrorKind::internal, "[checkpoint] no family can write this model");
}

}  // namespace octavo
