// GGUF files: round trips, files of llama.cpp, and every way in which one can lie. Random damage
// must be refused or leave a file whose extents still hold.
#include "octavo/weights/gguf.h"

#include <gtest/gtest.h>

#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/random.h"
#include "tests/base/resident_peak.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/test_data.h"
#include "tests/weights/gguf_bytes.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kF32 = 0, kQ4_0 = 2;

void expect_refused(const GgufBytes& file, std::string_view reason) {
  const std::string message = error_of(ErrorKind::data, [&] { file.file(); });
  EXPECT_NE(message.find("x.gguf"), std::string::npos) << message;
  EXPECT_NE(message.find(reason), std::string::npos) << message;
}

Tensor random_tensor(const TensorInfo& info, uint64_t seed) {
  Tensor tensor(info.shape, info.type);
  const RandomStream random{seed};
  auto* bytes = static_cast<unsigned char*>(tensor.data());
  for (size_t i = 0; i < tensor.bytes(); ++i)
    bytes[i] = static_cast<unsigned char>(random.bits(i)[0]);
  return tensor;
}

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

TEST(Gguf, round_trip_of_every_type) {
  const TemporaryFolder folder;
  std::vector<TensorInfo> infos;
  for (const DataType type :
       {DataType::f64, DataType::f32, DataType::bf16, DataType::f16, DataType::i64, DataType::i32})
    infos.push_back({fmt::format("plain.{}", name_of(type)),
                     type,
                     {3, static_cast<int64_t>(infos.size())}});  // the first one is empty
  for (const DataType type :
       {DataType::q8_0, DataType::q4_0, DataType::q4_1, DataType::q5_0, DataType::q5_1,
        DataType::q2_k, DataType::q3_k, DataType::q4_k, DataType::q5_k, DataType::q6_k})
    infos.push_back({fmt::format("blocks.{}", name_of(type)), type, {2, 3, 256}});
  infos.push_back({"scalar", DataType::f32, {}});
  infos.push_back({"cube", DataType::f32, {2, 3, 4, 5}});

  for (const uint32_t alignment : {0u, 1u, 64u, 4096u}) {
    GgufMetadata metadata;
    metadata.set("general.architecture", "gpt2");
    if (alignment > 0) metadata.set(GgufFile::kAlignmentKey, alignment);
    const fs::path path = folder / "all.gguf";
    GgufWriter writer(path, metadata, infos);
    for (size_t i = 0; i < infos.size(); ++i) writer.write(random_tensor(infos[i], i));
    const std::string hash = writer.finish();
    EXPECT_EQ(hash, hash_file(path));
    EXPECT_EQ(fs::file_size(path) % (alignment > 0 ? alignment : 32), 0u);

    const GgufFile file(path);
    EXPECT_EQ(file.metadata().encoded(), metadata.encoded());
    ASSERT_EQ(file.tensors().size(), infos.size());
    for (size_t i = 0; i < infos.size(); ++i) {
      EXPECT_EQ(file.tensors()[i].name, infos[i].name);
      EXPECT_TRUE(same_bytes(file.tensor(infos[i].name), random_tensor(infos[i], i)))
          << infos[i].name;
    }
    EXPECT_THROW(file.tensor("plain"), Error);
  }
}

TEST(Gguf, tensors_are_views_that_keep_the_map) {
  const TemporaryFolder folder;
  GgufWriter writer(folder / "a.gguf", {}, {{"a", DataType::f32, {2}}});
  writer.write(Tensor::of<float>({2}, {1.5, -2}));
  writer.finish();
  Tensor tensor;
  {
    const GgufFile file(folder / "a.gguf");
    tensor = file.tensor("a");
    EXPECT_EQ(file.tensor("a").data(), tensor.data());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 32, 0u);
  }
  EXPECT_EQ(tensor.as<float>()[1], -2);
}

TEST(Gguf, the_writer_holds_its_caller_to_the_announcement) {
  const TemporaryFolder folder;
  const fs::path path = folder / "x.gguf";
  const TensorInfo a{"a", DataType::f32, {1}};
  const auto refused = [&](const std::vector<TensorInfo>& tensors) {
    return error_of(ErrorKind::usage, [&] { GgufWriter(path, {}, tensors); });
  };
  EXPECT_NE(refused({a, a}).find("two tensors are called \"a\""), std::string::npos);
  EXPECT_NE(refused({{"a", DataType::u16, {1}}}).find("no type u16"), std::string::npos);
  EXPECT_NE(refused({{std::string(64, 'n'), DataType::f32, {1}}}).find("64 bytes"),
            std::string::npos);
  EXPECT_THROW(GgufWriter(path, GgufMetadata().set(GgufFile::kAlignmentKey, 24), {}), Error);
  GgufWriter writer(path, {}, {a});
  EXPECT_THROW(writer.finish(), Error);
  EXPECT_THROW(writer.write(Tensor::zeros({2}, DataType::f32)), Error);
  EXPECT_FALSE(fs::exists(path));
}

TEST(Gguf, a_full_disk_leaves_the_last_good_file) {
  const TemporaryFolder folder;
  const auto write = [&](float value) {
    GgufWriter writer(folder / "m.gguf", {}, {{"a", DataType::f32, {1}}});
    writer.write(Tensor::of<float>({1}, {value}));
    return writer.finish();
  };
  const std::string before = write(1);
  for (const FileOperation operation :
       {FileOperation::open, FileOperation::write, FileOperation::sync, FileOperation::rename}) {
    FileFaults faults({.operation = operation, .at = 1, .effect = FaultEffect::no_space});
    EXPECT_THROW(write(2), Error);
    EXPECT_EQ(hash_file(folder / "m.gguf"), before);
  }
  EXPECT_EQ(folder.entries(), 1);
}

TEST(Gguf, shapes_are_the_files_dimensions_reversed) {
  const GgufFile file = GgufBytes()
                            .header(3, 0)
                            .tensor("matrix", {32, 2}, kQ4_0, 32)  // in any order of offsets
                            .tensor("vector", {3}, kF32, 0)
                            .tensor("none", {0, 7}, kF32, 32)
                            .data(68)
                            .file();
  EXPECT_EQ(file.info("matrix").shape, (Shape{2, 32}));
  EXPECT_EQ(file.tensors()[0].name, "matrix");
  EXPECT_EQ(static_cast<char*>(file.tensor("matrix").data())[0], 32);
  EXPECT_EQ(static_cast<char*>(file.tensor("vector").data())[0], 0);
  EXPECT_EQ(file.info("none").shape, (Shape{7, 0}));
}

TEST(Gguf, misaligned_tensors_are_copied) {
  for (const uint64_t offset : {1, 2, 3, 5}) {  // whichever way the string lies in memory
    GgufBytes bytes;
    bytes.header(1, 1).key(GgufFile::kAlignmentKey, GgufType::u32).put(uint32_t{1});
    bytes.tensor("f", {2}, kF32, offset).data(offset, 1).put(3.0f).put(4.0f);
    const Tensor tensor = bytes.file().tensor("f");
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 4, 0u);
    EXPECT_EQ(tensor.as<float>()[1], 4);
  }
}

TEST(Gguf, version_2_is_read_and_others_refused) {
  EXPECT_EQ(GgufBytes().header(0, 0, 2).file().tensors().size(), 0u);
  expect_refused(GgufBytes().header(0, 0, 1), "version 1, only 2 and 3");
  expect_refused(GgufBytes().header(0, 0, 4), "version 4, only 2 and 3");
  expect_refused(GgufBytes().header(0, 0, 0), "version 0, only 2 and 3");
  expect_refused(GgufBytes().header(0, 0, 0x03000000), "big-endian");
  GgufBytes other;
  other.bytes = "GGML" + std::string(60, '\0');
  expect_refused(other, "no GGUF file");
}

TEST(Gguf, every_cut_is_refused) {
  GgufBytes good;
  good.header(2, 2).key("general.name", GgufType::text).text("x");
  good.key("list", GgufType::array).array(GgufType::i16, 2).put(int32_t{7});
  good.tensor("a", {32}, kQ4_0, 0).tensor("b", {1}, kF32, 32).data(36);
  EXPECT_EQ(good.file().tensors().size(), 2u);
  for (size_t length = 0; length < good.bytes.size(); ++length) {
    GgufBytes cut;
    cut.bytes = good.bytes.substr(0, length);
    EXPECT_THROW(cut.file(), Error) << length;
  }
}

TEST(Gguf, counts_of_tensors_that_lie) {
  for (const uint64_t count : {uint64_t{2}, uint64_t{1} << 40, ~uint64_t{0}}) {
    GgufBytes file;
    file.header(count, 0).tensor("a", {1}, kF32, 0).bytes += "\1\2\3\4";
    expect_refused(file, fmt::format("{} tensors are claimed", count));
  }
  expect_refused(GgufBytes().header(GgufFile::kMaximumTensors + 1, 0).data(size_t{1} << 21, 1),
                 "at most 32768 are allowed");
}

TEST(Gguf, lists_of_tensors_that_lie) {
  const auto one = [](std::string_view name, std::initializer_list<uint64_t> dimensions,
                      uint32_t type, uint64_t offset) {
    return GgufBytes().header(1, 0).tensor(name, dimensions, type, offset).data(64);
  };
  EXPECT_EQ(one("w", {16}, kF32, 0).file().tensors().size(), 1u);
  expect_refused(one("", {16}, kF32, 0), "tensor number 1: its name has 0 bytes");
  expect_refused(one(std::string(128, 'w'), {16}, kF32, 0), "its name has 128 bytes");
  expect_refused(one("w", {1, 1, 1, 1, 1}, kF32, 0), "tensor \"w\": 5 dimensions");
  expect_refused(one("w", {17}, kF32, 0), "\"w\": bytes [0, 68) are not within the 64 bytes");
  expect_refused(one("w", {16}, kF32, 32), "bytes [32, 96) are not within");
  expect_refused(one("w", {0}, kF32, 96), "bytes [96, 96) are not within");
  expect_refused(one("w", {16}, kF32, 4),
                 "\"w\": its offset 4 is no multiple of the alignment, 32");
  expect_refused(one("w", {8}, kF32, ~uint64_t{31}), "its offset 18446744073709551584 overflows");
  expect_refused(one("w", {4}, kF32, uint64_t{1} << 63), "are not within");
  expect_refused(one("w", {uint64_t{1} << 63}, kF32, 0), "its shape overflows");
  expect_refused(one("w", {uint64_t{1} << 61}, kF32, 0), "its shape overflows");
  expect_refused(one("w", {uint64_t{1} << 32, uint64_t{1} << 32}, kF32, 0), "overflows");
  expect_refused(one("w", {16, 2}, kQ4_0, 0),
                 "rows of 16 numbers are no whole blocks of q4_0's 32");
  expect_refused(one("w", {}, kQ4_0, 0), "rows of 1 numbers");
  expect_refused(one("w", {16}, 4, 0), "there is no type 4 of tensors");
  expect_refused(one("w", {16}, 0xFFFFFFFF, 0), "there is no type 4294967295");
  expect_refused(one("w", {256}, 16, 0), "\"w\": type IQ2_XXS is not supported");
  expect_refused(GgufBytes().header(1, 0).put(~uint64_t{0}).data(64), "tensor number 1: its name");

  const auto two = [](std::string_view a, uint64_t a_at, std::string_view b, uint64_t b_at) {
    return GgufBytes()
        .header(2, 0)
        .tensor(a, {16}, kF32, a_at)
        .tensor(b, {8}, kF32, b_at)
        .data(128);
  };
  EXPECT_EQ(two("a", 32, "b", 0).file().tensors().size(), 2u);
  expect_refused(two("a", 0, "a", 64), "two tensors are called \"a\"");
  expect_refused(two("a", 0, "b", 32), "\"b\" begins at byte 32 of the data, inside \"a\"");
  expect_refused(two("a", 0, "b", 0), "inside");
  expect_refused(two("a", 64, "b", 64), "inside");
}

TEST(Gguf, alignments_that_lie) {
  const auto with = [](GgufType type, auto alignment) {
    return GgufBytes().header(0, 1).key("general.alignment", type).put(alignment);
  };
  EXPECT_EQ(with(GgufType::u32, uint32_t{1} << 20).file().tensors().size(), 0u);
  for (const uint32_t alignment : {0u, 1u << 21, 0xFFFFFFFFu})
    expect_refused(with(GgufType::u32, alignment), "\"general.alignment\": expected 1 to 1048576");
  for (const uint32_t alignment : {3u, 24u, 48u})
    expect_refused(with(GgufType::u32, alignment), "expected a power of two");
  expect_refused(with(GgufType::i32, int32_t{-32}), "found -32");
  expect_refused(with(GgufType::f32, 32.0f), "expected an integer, found f32");
}

// What the file claims costs nothing before it is found to be there; what is there costs little.
TEST(Gguf, refusing_costs_little_memory) {
  const TemporaryFolder folder;
  const fs::path path = folder / "big.gguf";
  const auto expect_cheap = [&](const GgufBytes& bytes) {
    write_file(path, bytes.bytes);
    const size_t size = bytes.bytes.size();
    const size_t rise = resident_rise([&] { EXPECT_THROW(GgufFile{path}, Error); });
    EXPECT_LE(rise, size + (size_t{16} << 20));
  };
  GgufBytes many;  // as much as the reader takes, all of it well but the end
  many.header(GgufFile::kMaximumTensors, GgufMetadata::kMaximumKeys);
  for (uint64_t i = 0; i < GgufMetadata::kMaximumKeys; ++i)
    many.key(fmt::format("{:04x}", i), GgufType::u8).put(uint8_t{1});
  for (uint64_t i = 0; i < GgufFile::kMaximumTensors; ++i)
    many.tensor(fmt::format("{:0127x}", i), {}, kF32, i * 32);
  expect_cheap(many);

  GgufBytes texts;  // a long list, nested lists, then a lie
  texts.header(0, 2).key("tokens", GgufType::array).array(GgufType::text, 4'000'000);
  for (int i = 0; i < 4'000'000; ++i) texts.text("");
  texts.key("nested", GgufType::array).array(GgufType::array, 1'000'000);
  for (int i = 0; i < 999'999; ++i) texts.array(GgufType::u8, 0);
  expect_cheap(texts.array(GgufType::f64, ~uint64_t{0}));

  for (const uint64_t lie : {uint64_t{1} << 32, uint64_t{1} << 62}) {
    expect_cheap(GgufBytes().header(lie, lie).data(1000));
    expect_cheap(GgufBytes().header(0, 1).key("k", GgufType::text).put(lie).data(1000));
    expect_cheap(
        GgufBytes().header(0, 1).key("k", GgufType::array).array(GgufType::u8, lie).data(1000));
    expect_cheap(GgufBytes().header(1, 0).tensor("t", {lie}, kF32, 0).data(1000));
  }
}

TEST(Gguf, random_damage_is_refused_or_harmless) {
  GgufBytes good;
  good.header(2, 2).key("general.alignment", GgufType::u32).put(uint32_t{8});
  good.key("list", GgufType::array).array(GgufType::text, 2).text("one").text("two");
  good.tensor("a", {32, 2}, kQ4_0, 0).tensor("b", {3}, kF32, 40);
  const size_t header_end = good.bytes.size();
  good.data(52, 8);
  const RandomStream random{3};
  int refused = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    GgufBytes damaged = good;
    for (uint64_t flip = 0; flip <= random.below(round * 8, 3); ++flip)
      damaged.bytes[random.below(round * 8 + 1 + flip, header_end)] =
          static_cast<char>(random.below(round * 8 + 5 + flip, 256));
    try {
      const GgufFile file = damaged.file();
      for (const TensorInfo& tensor : file.tensors())
        EXPECT_EQ(file.tensor(tensor.name).bytes(), static_cast<size_t>(tensor.bytes()));
      for (const GgufValue& value : file.metadata().values())
        if (value.is_array()) value.each([](const GgufValue&) {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      ++refused;
    }
  }
  EXPECT_GT(refused, 10'000);
}

TEST(GgufGolden, files_of_llama_cpp) {
  const fs::path golden = test_data() / "golden/gguf";
  const fs::path vocabularies = test_data() / "data/tokenizer-vectors";
  if (!fs::exists(golden)) GTEST_SKIP() << golden << " is not there (set OCTAVO_TEST_DATA)";
  int files = 0;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (entry.path().extension() != ".gguf") continue;
    ++files;
    const GgufFile file(entry.path());
    EXPECT_EQ(file.tensors().size(), 29u) << entry.path();
    EXPECT_EQ(file.metadata().at("general.architecture").text(), "gpt2");
    EXPECT_EQ(file.metadata().at("tokenizer.ggml.tokens").texts().size(), 258u);
    EXPECT_EQ(file.info("token_embd.weight").shape, (Shape{258, 256}));
    EXPECT_EQ(file.info("blk.0.ffn_down.weight").shape, (Shape{256, 1024}));
    // Written again, it is the same file: the same order, types, places and padding.
    const TemporaryFolder folder;
    GgufWriter writer(folder / "again.gguf", file.metadata(),
                      {file.tensors().begin(), file.tensors().end()});
    for (const TensorInfo& info : file.tensors()) writer.write(file.tensor(info.name));
    EXPECT_EQ(writer.finish(), hash_file(entry.path())) << entry.path();
  }
  EXPECT_EQ(files, 11);
  for (const auto& entry : fs::directory_iterator(vocabularies)) {
    if (entry.path().extension() != ".gguf") continue;
    const GgufFile file(entry.path());
    EXPECT_EQ(file.tensors().size(), 0u);
    EXPECT_GT(file.metadata().at("tokenizer.ggml.merges").size(), 1000u) << entry.path();
  }
}

}  // namespace
}  // namespace octavo
