// Fuzzes the config.json reader: any bytes are refused with an Error, or give a model that passes
// its own checks and whose config reads back as the same model.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/checkpoint/family.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace octavo;
  ModelConfig config;
  const Family* family = nullptr;
  try {
    const Json json = Json::parse({reinterpret_cast<const char*>(data), size}, "config.json");
    family = &family_of(json);
    config = family->read_config(json);
    config.validate();
  } catch (const Error&) {
    return 0;
  }
  ModelConfig again = family->read_config(family->write_config(config, DataType::f32));
  if (!config.has_bands()) {  // bands as wide as the context are none, and are not written
    again.attention = config.attention;
    again.band_width = config.band_width;
  }
  if (again == config) return 0;
  std::fputs("config_fuzz: the config that was written reads back as another model\n", stderr);
  std::abort();
}
