#include "octavo/cli/tensor_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "octavo/base/text.h"
#include "octavo/checkpoint/convert.h"
#include "octavo/ops/quantize.h"

namespace octavo {
namespace {

constexpr size_t kBins = 16;

struct Summary {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  double mean = 0, deviation = 0;
  int64_t not_finite = 0;
  std::array<int64_t, kBins> bins{};  // from least to most
};

Summary summarize(const Tensor& tensor) {
  const Tensor numbers = tensor.type() == DataType::f32 ? tensor : dequantize(tensor);
  const std::span<const float> values = numbers.as<const float>();
  Summary summary;
  double sum = 0, squares = 0;
  int64_t count = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) {
      ++summary.not_finite;
      continue;
    }
    const auto x = static_cast<double>(value);
    summary.least = std::min(summary.least, x), summary.most = std::max(summary.most, x);
    sum += x, squares += x * x, ++count;
  }
  if (count == 0) return summary;
  const auto n = static_cast<double>(count);
  summary.mean = sum / n;
  summary.deviation = std::sqrt(std::max(squares / n - summary.mean * summary.mean, 0.0));
  const double width = (summary.most - summary.least) / kBins;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double place = width > 0 ? (static_cast<double>(value) - summary.least) / width : 0;
    ++summary.bins[std::min(static_cast<size_t>(place), kBins - 1)];
  }
  return summary;
}

std::string picture(const Summary& summary) {
  static constexpr std::string_view kHeights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const int64_t highest = std::max<int64_t>(1, *std::ranges::max_element(summary.bins));
  std::string text;
  for (const int64_t count : summary.bins)
    text += kHeights[static_cast<size_t>((8 * count + highest - 1) / highest)];
  return text;
}

void add_histogram(const Tensor& tensor, Json& json, std::string& text) {
  const Summary summary = summarize(tensor);
  json.set("least", summary.least).set("most", summary.most).set("mean", summary.mean);
  json.set("deviation", summary.deviation).set("not_finite", summary.not_finite);
  json.set("bins", Json::array_of(summary.bins));
  text += fmt::format("  {:>9.3g} {} {:<9.3g} mean {:.2g}, deviation {:.2g}", summary.least,
                      picture(summary), summary.most, summary.mean, summary.deviation);
  if (summary.not_finite > 0) text += fmt::format(", {} NaN or Inf", summary.not_finite);
}

}  // namespace

std::string types_of(std::span<const TensorInfo> tensors) {
  std::map<std::string_view, int64_t> counts;
  for (const TensorInfo& tensor : tensors) ++counts[name_of(tensor.type)];
  std::string text;
  for (const auto& [type, count] : counts) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", type);
    if (counts.size() > 1) text += fmt::format(" ({})", count);
  }
  return text;
}

void add_tensors(Facts& facts, std::span<const TensorInfo> tensors, const TensorFiles& files,
                 TensorDetail detail) {
  if (!detail.list && !detail.histogram) return;
  size_t width = 0;
  for (const TensorInfo& tensor : tensors) width = std::max(width, display_width(tensor.name));
  for (const TensorInfo& tensor : tensors) {
    Json shape = Json::array();
    for (int axis = 0; axis < tensor.shape.rank(); ++axis) shape.append(tensor.shape[axis]);
    Json json = Json::object({{"name", tensor.name},
                              {"type", name_of(tensor.type)},
                              {"shape", std::move(shape)},
                              {"bytes", tensor.bytes()}});
    std::string text =
        fmt::format("{:<{}}  {:<4} {:<16} {:>8}", tensor.name, width, name_of(tensor.type),
                    tensor.shape.text(), human_bytes(static_cast<double>(tensor.bytes())));
    if (detail.histogram && is_weight_type(tensor.type))
      add_histogram(files.tensor(tensor.name), json, text);
    facts.add_row("tensor_list", std::move(json), std::move(text));
  }
}

}  // namespace octavo
