#include "octavo/weights/tensor_writer.h"

#include <algorithm>

#include "octavo/base/error.h"

namespace octavo {

TensorWriter::TensorWriter(std::filesystem::path path, std::vector<TensorInfo> tensors,
                           int64_t alignment)
    : file_(std::move(path)), tensors_(std::move(tensors)), alignment_(alignment) {
  std::vector<std::string_view> names;
  for (const TensorInfo& tensor : tensors_) names.push_back(tensor.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  require(ErrorKind::usage, twice == names.end(), "{}: two tensors are called \"{}\"",
          file_.path().string(), twice == names.end() ? "" : *twice);
}

void TensorWriter::fill_up() {
  const int64_t past = file_.bytes_written() % alignment_;
  if (past > 0) file_.write(std::string(static_cast<size_t>(alignment_ - past), '\0'));
}

void TensorWriter::write(const Tensor& tensor) {
  require(ErrorKind::internal, next_ < tensors_.size(), "{}: a tensor more than announced",
          file_.path().string());
  const TensorInfo& info = tensors_[next_++];
  require(ErrorKind::internal, tensor.type() == info.type && tensor.shape() == info.shape,
          "{}: tensor \"{}\" was announced as {} {}, given as {} {}", file_.path().string(),
          info.name, name_of(info.type), info.shape, name_of(tensor.type()), tensor.shape());
  file_.write(std::span(static_cast<const std::byte*>(tensor.data()), tensor.bytes()));
  fill_up();
}

std::string TensorWriter::finish() {
  require(ErrorKind::internal, next_ == tensors_.size(), "{}: {} tensors announced, {} written",
          file_.path().string(), tensors_.size(), next_);
  return file_.finish();
}

std::vector<std::vector<TensorInfo>> in_shards(std::span<const TensorInfo> tensors,
                                               ShardLimit limit) {
  std::vector<std::vector<TensorInfo>> shards(1);
  int64_t bytes = 0;
  for (const TensorInfo& tensor : tensors) {
    if (!shards.back().empty() && bytes + tensor.bytes() > limit.bytes) {
      shards.emplace_back();
      bytes = 0;
    }
    shards.back().push_back(tensor);
    bytes += tensor.bytes();
  }
  return shards;
}

}  // namespace octavo
