#include "octavo/weights/tensor_table.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {

DataType type_of_most(std::span<const TensorInfo> tensors) {
  std::map<DataType, int64_t> numbers;
  for (const TensorInfo& tensor : tensors) numbers[tensor.type] += tensor.shape.elements();
  return std::ranges::max_element(numbers, {}, [](const auto& entry) { return entry.second; })
      ->first;
}

TensorTable::TensorTable(std::string name, std::vector<TensorInfo> tensors,
                         std::vector<const std::byte*> places, std::shared_ptr<const void> owner)
    : name_(std::move(name)),
      tensors_(std::move(tensors)),
      places_(std::move(places)),
      by_name_(tensors_.size()),
      owner_(std::move(owner)) {
  const auto name_of_index = [&](uint32_t i) -> const std::string& { return tensors_[i].name; };
  std::iota(by_name_.begin(), by_name_.end(), 0u);
  std::ranges::sort(by_name_, {}, name_of_index);
  const auto twice = std::ranges::adjacent_find(by_name_, {}, name_of_index);
  require(twice == by_name_.end(), "{}: two tensors are called {}", name_,
          twice == by_name_.end() ? "" : in_quotes(name_of_index(*twice)));
}

size_t TensorTable::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(
      by_name_, name, {}, [&](uint32_t i) { return std::string_view(tensors_[i].name); });
  const bool is_there = found != by_name_.end() && tensors_[*found].name == name;
  return is_there ? *found : tensors_.size();
}

size_t TensorTable::require_index(std::string_view name) const {
  const size_t index = find(name);
  require(index != tensors_.size(), "{}: there is no tensor \"{}\"", name_, name);
  return index;
}

Tensor TensorTable::tensor(std::string_view name) const {
  const size_t index = require_index(name);
  const TensorInfo& info = tensors_[index];
  const std::byte* data = places_[index];
  if (reinterpret_cast<uintptr_t>(data) % alignment_of(info.type) == 0)
    return Tensor(info.shape, info.type, const_cast<std::byte*>(data), owner_);
  Tensor copy(info.shape, info.type);
  if (copy.data()) std::memcpy(copy.data(), data, copy.bytes());
  return copy;
}

TensorFiles::TensorFiles(std::string name, std::vector<TensorTable> files)
    : name_(std::move(name)), files_(std::move(files)) {
  for (const TensorTable& file : files_)
    tensors_.insert(tensors_.end(), file.tensors().begin(), file.tensors().end());
}

const TensorTable* TensorFiles::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(files_, [&](const TensorTable& file) { return file.contains(name); });
  return found == files_.end() ? nullptr : &*found;
}

const TensorTable& TensorFiles::require_file(std::string_view name) const {
  const TensorTable* file = find(name);
  require(file != nullptr, "{}: there is no tensor \"{}\"", name_, name);
  return *file;
}

int64_t TensorFiles::bytes() const {
  int64_t sum = 0;
  for (const TensorInfo& tensor : tensors_) sum += tensor.bytes();
  return sum;
}

}  // namespace octavo
