// What the readers of weight files share: the tensors of one mapped file, found by name, and of the
// files that together are one model.
//
// Tested through them (tests/weights/safetensors_test.cpp, gguf_test.cpp, weight_set_test.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tensor/tensor.h"

namespace octavo {

/// A tensor without its numbers.
struct TensorInfo {
  std::string name;
  DataType type = DataType::f32;
  Shape shape;

  int64_t bytes() const { return row_bytes(type, shape.elements()); }
};

/// The type of most of the tensors' numbers; there must be a tensor.
DataType type_of_most(std::span<const TensorInfo> tensors);

class TensorTable {
 public:
  /// Takes the tensors of the file `name`, each with the place of its bytes in what `owner` keeps
  /// alive. Throws `data` if two have one name.
  TensorTable(std::string name, std::vector<TensorInfo> tensors,
              std::vector<const std::byte*> places, std::shared_ptr<const void> owner);

  const std::string& name() const { return name_; }  ///< of the file, for messages
  /// In the order of the file.
  std::span<const TensorInfo> tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return find(name) != tensors_.size(); }
  /// Throws `data` if there is no such tensor, like tensor().
  const TensorInfo& info(std::string_view name) const { return tensors_[require_index(name)]; }
  /// A view of the file's bytes, which it keeps alive: no copy, not to be written to. A tensor that
  /// lies misaligned for its type is copied.
  Tensor tensor(std::string_view name) const;

 protected:
  explicit TensorTable(std::string name) : name_(std::move(name)) {}  ///< to be assigned to

  std::string name_;

 private:
  size_t find(std::string_view name) const;  // tensors_.size() if there is none
  size_t require_index(std::string_view name) const;

  std::vector<TensorInfo> tensors_;
  std::vector<const std::byte*> places_;
  std::vector<uint32_t> by_name_;  // indices of tensors_, sorted by name
  std::shared_ptr<const void> owner_;
};

/// One logical set of named tensors over the files that hold them, whatever their format.
class TensorFiles {
 public:
  /// `name` stands for the whole in messages.
  TensorFiles(std::string name, std::vector<TensorTable> files);

  /// All tensors, in the order of the files and of the tensors within.
  std::span<const TensorInfo> tensors() const { return tensors_; }
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// Throws `data` if there is no such tensor, like the two below.
  const TensorInfo& info(std::string_view name) const { return require_file(name).info(name); }
  /// A view of the map (TensorTable::tensor).
  Tensor tensor(std::string_view name) const { return require_file(name).tensor(name); }
  /// The file that holds a tensor, for messages.
  const std::string& file_of(std::string_view name) const { return require_file(name).name(); }

  std::span<const TensorTable> files() const { return files_; }
  int64_t bytes() const;  ///< of all tensors

 private:
  const TensorTable* find(std::string_view name) const;
  const TensorTable& require_file(std::string_view name) const;

  std::string name_;
  std::vector<TensorTable> files_;
  std::vector<TensorInfo> tensors_;
};

}  // namespace octavo
