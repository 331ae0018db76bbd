// A model in splits reads as one, whichever split is named, and splits that disagree are refused.
#include "octavo/weights/gguf_set.h"

#include <gtest/gtest.h>

#include <csignal>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class GgufSetTest : public testing::Test {
 protected:
  // Ten tensors of 128 bytes, each filled with its number.
  static std::vector<TensorInfo> infos() {
    std::vector<TensorInfo> result;
    for (int i = 0; i < 10; ++i)
      result.push_back({fmt::format("blk.{}.w", i), DataType::f32, {4, 8}});
    return result;
  }
  static Tensor produce(const TensorInfo& info) {
    Tensor tensor(info.shape, info.type);
    for (float& value : tensor.as<float>()) value = static_cast<float>(info.name[4] - '0');
    return tensor;
  }
  static GgufMetadata metadata() {
    return GgufMetadata().set("general.architecture", "gpt2").set("general.alignment", 64u);
  }
  std::vector<WeightFile> write(int64_t limit, const GgufMetadata& values = metadata()) {
    return write_gguf(folder / "m.gguf", values, infos(), produce, {.bytes = limit});
  }
  fs::path split(int number, int count) const {
    return folder / fmt::format("m-{:05}-of-{:05}.gguf", number, count);
  }
  // Another split in the place of number `number` of four.
  void replace(int number, const GgufMetadata& values, const std::vector<TensorInfo>& tensors) {
    GgufWriter writer(split(number, 4), values, tensors);
    for (const TensorInfo& tensor : tensors) writer.write(produce(tensor));
    writer.finish();
  }
  static GgufMetadata split_keys(int number, int count, int tensors) {
    return GgufMetadata()
        .set("split.no", static_cast<uint16_t>(number))
        .set("split.count", static_cast<uint16_t>(count))
        .set("split.tensors.count", tensors);
  }
  void expect_refused(std::string_view reason, int opened = 1) {
    const std::string message = error_of(ErrorKind::data, [&] { GgufSet::open(split(opened, 4)); });
    EXPECT_NE(message.find(reason), std::string::npos) << message;
  }

  std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      result.insert(entry.path().filename());
    return result;
  }

  const TemporaryFolder folder;
};

TEST_F(GgufSetTest, one_file) {
  const auto files = write(1280);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].name, "m.gguf");
  EXPECT_EQ(files[0].hash, hash_file(folder / "m.gguf"));
  const GgufSet set = GgufSet::open(folder / "m.gguf");
  EXPECT_EQ(set.tensors().size(), 10u);
  EXPECT_EQ(set.bytes(), 1280);
  EXPECT_EQ(set.metadata().encoded(), metadata().encoded());
  EXPECT_EQ(set.tensor("blk.7.w").as<float>()[31], 7);
  EXPECT_FALSE(set.contains("blk.10.w"));
  EXPECT_THROW(set.tensor("blk.10.w"), Error);
}

TEST_F(GgufSetTest, splits_of_every_size) {
  for (const int64_t limit : {1, 128, 255, 256, 400, 1279}) {
    for (const auto& entry : fs::directory_iterator(folder.path())) fs::remove(entry);
    const auto files = write(limit);
    const int64_t per_split = std::max<int64_t>(1, limit / 128);
    const auto count = static_cast<int>((10 + per_split - 1) / per_split);
    ASSERT_EQ(files.size(), static_cast<size_t>(count)) << limit;
    for (int number = 1; number <= count; ++number) {
      const WeightFile& file = files[static_cast<size_t>(number - 1)];
      EXPECT_EQ(file.name, split(number, count).filename());
      EXPECT_EQ(file.hash, hash_file(folder / file.name));
      const GgufSet set = GgufSet::open(split(number, count));
      EXPECT_EQ(set.files().size(), static_cast<size_t>(count));
      EXPECT_EQ(set.metadata().at("general.architecture").text(), "gpt2");
      EXPECT_EQ(set.bytes(), 1280);
      for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(set.tensors()[static_cast<size_t>(i)].name, fmt::format("blk.{}.w", i));
        EXPECT_EQ(set.tensor(fmt::format("blk.{}.w", i)).as<float>()[5], static_cast<float>(i));
      }
    }
    // Joined again, it is no split any more.
    const GgufSet set = GgufSet::open(split(1, count));
    EXPECT_EQ(set.metadata().at("split.count").integer(), count);
    write(1280, set.metadata());
    EXPECT_EQ(GgufSet::open(folder / "m.gguf").metadata().encoded(), metadata().encoded());
  }
}

TEST_F(GgufSetTest, splits_appear_all_of_them_or_none) {
  const std::string foreign = "m-00001-of-00004.gguf.part";
  write_file(folder / foreign, "another's");
  for (const FileOperation operation :
       {FileOperation::open, FileOperation::write, FileOperation::sync, FileOperation::rename}) {
    int at = 1;
    for (bool failed = true; failed; ++at) {
      failed = false;
      try {
        const FileFaults faults({operation, at, FaultEffect::no_space});
        write(400);
      } catch (const Error&) {
        failed = true;
        EXPECT_EQ(names(), std::set<std::string>{foreign}) << at;
      }
    }
    EXPECT_GT(at, 4);  // each of four splits was hit
    EXPECT_EQ(GgufSet::open(split(2, 4)).tensors().size(), 10u);
    for (int number = 1; number <= 4; ++number) fs::remove(split(number, 4));
  }
  EXPECT_EQ(read_file(folder / foreign), "another's");
}

TEST_F(GgufSetTest, who_loses_a_race_leaves_the_winner_its_files) {
  int produced = 0;
  const auto slow = [&](const TensorInfo& info) {
    if (++produced == 10) write(400);  // another program is done before us
    return produce(info);
  };
  const std::string message = error_of(ErrorKind::conflict, [&] {
    write_gguf(folder / "m.gguf", metadata().set("general.name", "late"), infos(), slow,
               {.bytes = 400});
  });
  EXPECT_NE(message.find("is there already and is not overwritten"), std::string::npos) << message;
  EXPECT_EQ(names().size(), 4u);
  EXPECT_FALSE(GgufSet::open(split(1, 4)).metadata().find("general.name"));
}

// Splits that another wrote meanwhile stop us after some of ours have their names.
TEST_F(GgufSetTest, only_what_was_written_is_removed) {
  int produced = 0;
  const auto slow = [&](const TensorInfo& info) {
    if (++produced == 10) write_file(split(2, 4), "another's");
    return produce(info);
  };
  error_of(ErrorKind::conflict,
           [&] { write_gguf(folder / "m.gguf", metadata(), infos(), slow, {.bytes = 400}); });
  EXPECT_EQ(names(), std::set<std::string>{split(2, 4).filename()});
  EXPECT_EQ(read_file(split(2, 4)), "another's");
}

TEST_F(GgufSetTest, a_kill_while_splits_are_renamed_leaves_no_model) {
  for (int at = 5; at <= 8; ++at) {  // after four that end the writing of each
    EXPECT_EXIT(
        {
          const FileFaults faults({FileOperation::rename, at, FaultEffect::kill});
          write(400);
        },
        testing::KilledBySignal(SIGKILL), "");
    EXPECT_FALSE(fs::exists(split(1, 4))) << at;
    for (int number = 2; number <= 4; ++number) {
      if (!fs::exists(split(number, 4))) continue;
      expect_refused("is missing", number);
      fs::remove(split(number, 4));
    }
  }
}

TEST_F(GgufSetTest, a_missing_split) {
  write(400);
  fs::remove(split(3, 4));
  expect_refused("m-00003-of-00004.gguf is missing");
}

TEST_F(GgufSetTest, a_name_that_belies_the_keys) {
  write(400);
  fs::rename(split(2, 4), folder / "other.gguf");
  const std::string message =
      error_of(ErrorKind::data, [&] { GgufSet::open(folder / "other.gguf"); });
  EXPECT_NE(message.find("must end in -00002-of-00004.gguf"), std::string::npos) << message;
  fs::rename(folder / "other.gguf", split(3, 4));
  expect_refused("must end in -00002-of-00004.gguf", 3);
}

TEST_F(GgufSetTest, splits_that_disagree) {
  write(400);
  const std::vector<TensorInfo> none;
  replace(3, split_keys(3, 4, 10), none);
  expect_refused("\"split.no\": expected 2, found 3");
  replace(3, split_keys(2, 5, 10), none);
  expect_refused("\"split.count\": expected 4, found 5");
  replace(3, split_keys(2, 4, 11), none);
  expect_refused("\"split.tensors.count\": expected 10, found 11");
  replace(3, GgufMetadata(), none);
  expect_refused("there is no key \"split.no\"");
  replace(3, split_keys(2, 4, 10), none);
  expect_refused("claims 10 tensors, the splits hold 7");
  replace(3, split_keys(2, 4, 10), {infos()[0], infos()[7], infos()[8]});
  expect_refused("tensor \"blk.0.w\" is in two splits");
  replace(3, split_keys(4, 4, 10), none);
  expect_refused("\"split.no\": expected 0 to 3, found 4", 3);
  replace(3, GgufMetadata().set("split.count", "four"), none);
  expect_refused("\"split.count\": expected an integer, found text", 3);
}

}  // namespace
}  // namespace octavo
