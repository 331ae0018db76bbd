// A set of weights: written as one file or as shards it reads back the same, and an index that
// disagrees with its shards is refused.
#include "octavo/weights/weight_set.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "tests/base/resident_peak.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class WeightSetTest : public testing::Test {
 protected:
  WeightSetTest() { fs::create_directories(folder); }
  ~WeightSetTest() override { fs::remove_all(folder); }

  // Ten tensors of 400 bytes, each filled with its number.
  static std::vector<TensorInfo> infos() {
    std::vector<TensorInfo> result;
    for (int i = 0; i < 10; ++i)
      result.push_back({fmt::format("h.{}.w", i), DataType::f32, {10, 10}});
    return result;
  }
  static Tensor produce(const TensorInfo& info) {
    Tensor tensor(info.shape, info.type);
    for (float& value : tensor.as<float>()) value = static_cast<float>(info.name[2] - '0');
    return tensor;
  }
  std::vector<WeightFile> write(int64_t limit) {
    return write_weights(folder, infos(), produce, {.bytes = limit});
  }
  void expect_refused(std::string_view reason) {
    try {
      WeightSet::open(folder);
      ADD_FAILURE() << "opened, expected: " << reason;
    } catch (const Error& error) {
      EXPECT_NE(std::string_view(error.what()).find(reason), std::string_view::npos)
          << error.what();
    }
  }
  void edit_index(const std::function<void(std::string&)>& edit) {
    std::string text = read_file(folder / "model.safetensors.index.json");
    edit(text);
    write_file(folder / "model.safetensors.index.json", text);
  }

  const fs::path folder = fs::temp_directory_path() / fmt::format("octavo-weights-{}", getpid());
};

void replace(std::string& text, std::string_view from, std::string_view to) {
  const size_t found = text.find(from);
  ASSERT_NE(found, std::string::npos);
  text.replace(found, from.size(), to);
}

TEST_F(WeightSetTest, one_file) {
  const auto files = write(4000);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].name, "model.safetensors");
  EXPECT_EQ(files[0].hash, hash_file(folder / files[0].name));
  const WeightSet set = WeightSet::open(folder);
  EXPECT_EQ(set.tensors().size(), 10u);
  EXPECT_EQ(set.bytes(), 4000);
  EXPECT_EQ(set.tensor("h.7.w").as<float>()[99], 7);
  EXPECT_EQ(set.metadata().at("format"), "pt");
  EXPECT_FALSE(set.contains("h.10.w"));
  EXPECT_THROW(set.tensor("h.10.w"), Error);
  EXPECT_EQ(WeightSet::open(folder / "model.safetensors").tensors().size(), 10u);
}

TEST_F(WeightSetTest, shards_of_every_size) {
  for (const int64_t limit : {1, 400, 799, 800, 1300, 3999}) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    const auto files = write(limit);
    const int64_t per_shard = std::max<int64_t>(1, limit / 400);
    const auto shards = static_cast<size_t>((10 + per_shard - 1) / per_shard);
    ASSERT_EQ(files.size(), shards + 1) << limit;
    EXPECT_EQ(files[0].name, fmt::format("model-00001-of-{:05}.safetensors", shards));
    EXPECT_EQ(files.back().name, "model.safetensors.index.json");
    for (const WeightFile& file : files) {
      EXPECT_EQ(file.hash, hash_file(folder / file.name));
      EXPECT_EQ(file.bytes, static_cast<int64_t>(fs::file_size(folder / file.name)));
    }
    const Json index = Json::parse(read_file(folder / files.back().name), "index");
    EXPECT_EQ(index.at("metadata").at("total_size").integer(), 4000);
    const WeightSet set = WeightSet::open(folder);
    EXPECT_EQ(set.files().size(), shards);
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(set.tensors()[static_cast<size_t>(i)].name, fmt::format("h.{}.w", i));
      EXPECT_EQ(set.tensor(fmt::format("h.{}.w", i)).as<float>()[50], static_cast<float>(i));
    }
    EXPECT_EQ(WeightSet::open(folder / files.back().name).bytes(), 4000);
  }
}

TEST_F(WeightSetTest, a_missing_shard) {
  write(1200);
  fs::remove(folder / "model-00002-of-00004.safetensors");
  expect_refused("model-00002-of-00004.safetensors is missing");
}

TEST_F(WeightSetTest, a_tensor_that_the_index_does_not_know) {
  write(1200);
  edit_index([](std::string& text) {
    replace(text, "\"h.1.w\": \"model-00001-of-00004.safetensors\",", "");
  });
  expect_refused("\"h.1.w\" is not in");
}

TEST_F(WeightSetTest, an_entry_without_its_tensor) {
  write(1200);
  edit_index([](std::string& text) {
    replace(text, "\"h.1.w\"", "\"ghost\": \"model-00001-of-00004.safetensors\", \"h.1.w\"");
  });
  expect_refused("\"ghost\" is missing");
}

TEST_F(WeightSetTest, an_entry_in_the_wrong_shard) {
  write(1200);
  edit_index([](std::string& text) {
    replace(text, "\"h.1.w\": \"model-00001", "\"h.1.w\": \"model-00002");
  });
  expect_refused("\"h.1.w\" belongs to");
}

TEST_F(WeightSetTest, an_index_that_points_elsewhere) {
  write(1200);
  edit_index([](std::string& text) { replace(text, "model-00001", "../model-00001"); });
  expect_refused("no file name");
}

TEST_F(WeightSetTest, a_damaged_shard) {
  write(1200);
  const fs::path shard = folder / "model-00003-of-00004.safetensors";
  fs::resize_file(shard, fs::file_size(shard) - 1);
  expect_refused("model-00003-of-00004.safetensors");
}

TEST_F(WeightSetTest, an_index_of_very_many_shards_is_refused_in_little_memory) {
  const fs::path file = folder / "model.safetensors.index.json";
  std::string index = "{\"weight_map\": {\"0\": \"0\"";
  for (int i = 1; i < 90'000; ++i) index += fmt::format(",\"{0}\":\"{0}\"", i);
  write_file(file, index + "}}");
  std::string().swap(index);
  const size_t rise = resident_rise([&] { expect_refused("its shard 0 is missing"); });
  EXPECT_LE(rise, fs::file_size(file) + (size_t{16} << 20));
}

TEST_F(WeightSetTest, nothing_there) {
  expect_refused("holds neither");
  EXPECT_THROW(WeightSet::open(folder / "absent"), Error);
}

TEST_F(WeightSetTest, the_other_layout_is_not_written_beside) {
  write(4000);
  try {
    write(1200);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::conflict);
  }
  EXPECT_EQ(WeightSet::open(folder).tensors().size(), 10u);
}

TEST_F(WeightSetTest, a_full_disk_leaves_the_last_good_file) {
  write(4000);
  const std::string before = hash_file(folder / "model.safetensors");
  for (const FileOperation operation :
       {FileOperation::open, FileOperation::write, FileOperation::sync, FileOperation::rename}) {
    FileFaults faults({.operation = operation, .at = 1, .effect = FaultEffect::no_space});
    EXPECT_THROW(write(4000), Error);
    EXPECT_EQ(hash_file(folder / "model.safetensors"), before);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);  // no temporary is left
}

}  // namespace
}  // namespace octavo
