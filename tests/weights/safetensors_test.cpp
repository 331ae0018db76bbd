// safetensors: round trips, files written by other programs, and every way in which a header can
// lie. Random damage must be refused or leave a file whose extents still hold.
#include "octavo/weights/safetensors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "octavo/base/error.h"
#include "octavo/base/random.h"
#include "tests/base/resident_peak.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

fs::path test_data() {
  const char* given = std::getenv("OCTAVO_TEST_DATA");
  return given ? fs::path(given) : fs::path(OCTAVO_SOURCE_DIR) / ".." / "shared";
}

class Safetensors : public testing::Test {
 protected:
  Safetensors() { fs::create_directories(folder); }
  ~Safetensors() override { fs::remove_all(folder); }
  const fs::path folder =
      fs::temp_directory_path() /
      fmt::format("octavo-{}-{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                  getpid());
};

// A file's bytes from its header's text and the number of bytes of data.
std::string file_of(std::string_view header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::string file(reinterpret_cast<const char*>(&length), 8);
  file += header;
  for (size_t i = 0; i < data_bytes; ++i) file += static_cast<char>(i);
  return file;
}

SafetensorsFile parse(const std::string& file) {
  auto owner = std::make_shared<const std::string>(file);
  const auto bytes = std::as_bytes(std::span(*owner));
  return SafetensorsFile("x.safetensors", bytes, owner);
}

void expect_refused(const std::string& file, std::string_view reason) {
  try {
    parse(file);
    ADD_FAILURE() << "accepted, though " << reason;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string_view(error.what()).find("x.safetensors"), std::string_view::npos)
        << error.what();
    EXPECT_NE(std::string_view(error.what()).find(reason), std::string_view::npos) << error.what();
  }
}

TEST_F(Safetensors, round_trip_of_every_type) {
  const fs::path path = folder / "all.safetensors";
  const RandomStream random{7};
  std::vector<TensorInfo> infos;
  std::vector<Tensor> tensors;
  for (const DataType type : {DataType::u8, DataType::f64, DataType::f32, DataType::bf16,
                              DataType::f16, DataType::i64, DataType::i32, DataType::u16}) {
    const Shape shape{3, static_cast<int64_t>(tensors.size())};  // the first one is empty
    Tensor& tensor = tensors.emplace_back(shape, type);
    auto* bytes = static_cast<unsigned char*>(tensor.data());
    for (size_t i = 0; i < tensor.bytes(); ++i)
      bytes[i] = static_cast<unsigned char>(random.bits(i)[0]);
    infos.push_back({fmt::format("layer.{}\"\\\u00fc", name_of(type)), type, shape});
  }
  infos.push_back({"scalar", DataType::f32, Shape{}});
  tensors.push_back(Tensor::of<float>(Shape{}, {NAN}));  // a value like others

  SafetensorsWriter writer(path, infos, {{"format", "pt"}, {"note", "one"}});
  for (const Tensor& tensor : tensors) writer.write(tensor);
  const std::string hash = writer.finish();
  EXPECT_EQ(hash, hash_file(path));

  const SafetensorsFile file(path);
  EXPECT_EQ(file.metadata(), (Metadata{{"format", "pt"}, {"note", "one"}}));
  ASSERT_EQ(file.tensors().size(), infos.size());
  for (size_t i = 0; i < infos.size(); ++i) {
    const Tensor read = file.tensor(infos[i].name);
    EXPECT_EQ(read.type(), infos[i].type);
    EXPECT_EQ(read.shape(), infos[i].shape);
    EXPECT_EQ(read.bytes(), tensors[i].bytes());
    EXPECT_TRUE(std::equal(static_cast<std::byte*>(read.data()),
                           static_cast<std::byte*>(read.data()) + read.bytes(),
                           static_cast<std::byte*>(tensors[i].data())));
  }
  EXPECT_THROW(file.tensor("layer"), Error);
}

TEST_F(Safetensors, data_is_aligned_and_shared_with_the_map) {
  const fs::path path = folder / "a.safetensors";
  SafetensorsWriter writer(path, {{"a", DataType::f64, {2}}});
  writer.write(Tensor::of<double>({2}, {1.5, -2}));
  writer.finish();
  Tensor tensor;
  {
    const SafetensorsFile file(path);
    tensor = file.tensor("a");
    EXPECT_EQ(file.tensor("a").data(), tensor.data());
  }
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 8, 0u);
  EXPECT_EQ(tensor.as<double>()[1], -2);  // the map lives on
}

TEST_F(Safetensors, misaligned_tensors_are_copied) {
  const std::string header = R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("f":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}})";
  std::string bytes = file_of(header, 9);
  const float values[] = {3, 4};
  std::memcpy(bytes.data() + 8 + header.size() + 1, values, 8);
  for (const size_t padding : {0, 1, 2, 3}) {  // whichever way the string lies in memory
    std::string padded = header + std::string(padding, ' ');
    const Tensor tensor = parse(file_of(padded, 0) + bytes.substr(8 + header.size())).tensor("f");
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % 4, 0u);
    EXPECT_EQ(tensor.as<float>()[0], 3);
    EXPECT_EQ(tensor.as<float>()[1], 4);
  }
}

TEST_F(Safetensors, the_writer_holds_its_caller_to_the_announcement) {
  const std::vector<TensorInfo> twice{{"a", DataType::f32, {1}}, {"a", DataType::f32, {1}}};
  EXPECT_THROW(SafetensorsWriter(folder / "x", twice), Error);
  SafetensorsWriter writer(folder / "y", {{"a", DataType::f32, {1}}});
  EXPECT_THROW(writer.finish(), Error);
  EXPECT_THROW(writer.write(Tensor::zeros({2}, DataType::f32)), Error);
  EXPECT_FALSE(fs::exists(folder / "y"));
}

TEST(SafetensorsHeader, accepts_what_the_format_allows) {
  EXPECT_EQ(parse(file_of("{}", 0)).tensors().size(), 0u);
  EXPECT_EQ(parse(file_of(R"({"__metadata__":{"k":"v"}}   )", 0)).metadata().at("k"), "v");
  const SafetensorsFile file = parse(file_of(
      R"({"late":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},)"
      R"("none":{"dtype":"F32","shape":[0,1000000000000,1000000000000],"data_offsets":[4,4]},)"
      R"("early":{"data_offsets":[0,4],"shape":[2,2,1,1],"dtype":"BOOL"}})",
      8));
  ASSERT_EQ(file.tensors().size(), 3u);
  EXPECT_EQ(file.tensors()[0].name, "early");
  EXPECT_EQ(file.tensors()[1].name, "none");
  EXPECT_EQ(file.tensor("none").elements(), 0);
  EXPECT_EQ(file.info("early").type, DataType::u8);
  EXPECT_TRUE(file.contains("late"));
  EXPECT_FALSE(file.contains("__metadata__"));
}

TEST(SafetensorsHeader, refuses_lying_lengths) {
  const std::string good = file_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4);
  EXPECT_EQ(parse(good).tensors().size(), 1u);
  for (size_t length = 0; length < good.size(); ++length)
    EXPECT_THROW(parse(good.substr(0, length)), Error) << length;
  expect_refused(good + "x", "end at byte 4 of 5");
  for (const uint64_t length : {uint64_t{0}, uint64_t{1} << 20, uint64_t{1} << 63, ~uint64_t{0}}) {
    std::string lying = good;
    std::memcpy(lying.data(), &length, 8);
    EXPECT_THROW(parse(lying), Error) << length;
  }
  expect_refused(file_of(" {}", 0), "begin with");
  expect_refused(file_of("{} x", 0), "expected the end");
}

TEST(SafetensorsHeader, refuses_lying_extents) {
  const auto entry = [](std::string_view name, int64_t begin, int64_t end) {
    return fmt::format(R"("{}":{{"dtype":"U8","shape":[{}],"data_offsets":[{},{}]}})", name,
                       end - begin, begin, end);
  };
  const auto file = [&](const std::string& a, const std::string& b) {
    return file_of("{" + a + "," + b + "}", 8);
  };
  EXPECT_EQ(parse(file(entry("a", 0, 4), entry("b", 4, 8))).tensors().size(), 2u);
  expect_refused(file(entry("a", 0, 5), entry("b", 4, 8)), "inside another");
  expect_refused(file(entry("a", 0, 8), entry("b", 2, 4)), "\"b\" begins at byte 2");
  expect_refused(file(entry("a", 0, 8), entry("b", 0, 8)), "inside another");
  expect_refused(file(entry("a", 0, 3), entry("b", 4, 8)), "hole");
  expect_refused(file(entry("a", 1, 4), entry("b", 4, 8)), "hole");
  expect_refused(file(entry("a", 0, 4), entry("b", 4, 7)), "end at byte 7 of 8");
  expect_refused(file(entry("a", 0, 4), entry("b", 4, 9)), "not within the 8 bytes");
  expect_refused(file(entry("a", 0, 4), entry("a", 4, 8)), "twice");
}

TEST(SafetensorsHeader, refuses_entries_that_contradict_themselves) {
  const auto file = [](std::string_view dtype, std::string_view shape, std::string_view offsets) {
    return file_of(fmt::format(R"({{"w":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype,
                               shape, offsets),
                   16);
  };
  EXPECT_EQ(parse(file("\"F32\"", "[4]", "[0,16]")).tensors().size(), 1u);
  expect_refused(file("\"F32\"", "[5]", "[0,16]"), "take 20 bytes, it has 16");
  expect_refused(file("\"F99\"", "[4]", "[0,16]"), "type F99 is not supported");
  expect_refused(file("7", "[4]", "[0,16]"), "dtype must be text");
  expect_refused(file("\"F32\"", "[1,1,1,1,4]", "[0,16]"), "5 axes");
  expect_refused(file("\"F32\"", "[-4]", "[0,16]"), "whole number");
  expect_refused(file("\"F32\"", "[4.0]", "[0,16]"), "whole number");
  expect_refused(file("\"F32\"", "[\"4\"]", "[0,16]"), "whole number");
  expect_refused(file("\"F32\"", "[4]", "[16,0]"), "not within");
  expect_refused(file("\"F32\"", "[4]", "[0,16,16]"), "list of two");
  expect_refused(file("\"F32\"", "[4]", "[-16,0]"), "whole number");
  expect_refused(file("\"F32\"", "[4611686018427387904,4]", "[0,16]"), "overflows");
  expect_refused(file("\"U8\"", "[4294967296,4294967296,0]", "[0,0]"), "overflows");
  expect_refused(file("\"F32\"", "4", "[0,16]"), "shape a list");
  expect_refused(file_of(R"({"w":{"dtype":"U8","shape":[0]}})", 0), "\"w\"");
  expect_refused(file_of(R"({"w":3})", 0), "\"w\"");
  expect_refused(file_of(R"({"__metadata__":{"k":3}})", 0), "\"k\"");
}

// Peak memory of a refused header of `{"a":[[…` or many tiny values stays near the file's size.
TEST_F(Safetensors, refusing_costs_little_memory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer keeps freed memory";
#endif
  const fs::path path = folder / "big.safetensors";
  std::string header = "{\"a\":[";
  while (header.size() < (size_t{40} << 20)) header += "0,[],{},\"\",";
  write_file(path, file_of(header, 0));
  const size_t file_bytes = fs::file_size(path);
  header = {};
  const size_t rise = resident_rise([&] { EXPECT_THROW(SafetensorsFile{path}, Error); });
  EXPECT_LE(rise, file_bytes + (size_t{16} << 20));
}

TEST(SafetensorsHeader, random_damage_is_refused_or_harmless) {
  const std::string good = file_of(
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
      R"("b":{"dtype":"BF16","shape":[8],"data_offsets":[16,32]}})",
      32);
  const size_t header_end = good.size() - 32;
  const RandomStream random{3};
  int refused = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    std::string damaged = good;
    for (uint64_t flip = 0; flip <= random.below(round * 8, 3); ++flip)
      damaged[random.below(round * 8 + 1 + flip, header_end)] =
          static_cast<char>(random.below(round * 8 + 5 + flip, 256));
    try {
      const SafetensorsFile file = parse(damaged);
      int64_t sum = 0;
      for (const TensorInfo& tensor : file.tensors()) {
        EXPECT_EQ(file.tensor(tensor.name).bytes(), static_cast<size_t>(tensor.bytes()));
        sum += tensor.bytes();
      }
      EXPECT_EQ(sum, 32);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      ++refused;
    }
  }
  EXPECT_GT(refused, 15'000);
}

TEST(SafetensorsGolden, files_of_other_programs) {
  const fs::path golden = test_data() / "golden";
  if (!fs::exists(golden)) GTEST_SKIP() << golden << " is not there (set OCTAVO_TEST_DATA)";
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(golden)) {
    if (entry.path().extension() != ".safetensors") continue;
    const SafetensorsFile file(entry.path());
    ++files;
    EXPECT_GT(file.tensors().size(), 0u) << entry.path();
    int64_t sum = 0;
    for (const TensorInfo& info : file.tensors()) {
      sum += info.bytes();
      const Tensor tensor = file.tensor(info.name);
      if (info.type != DataType::f32) continue;
      for (const float value : tensor.as<float>()) ASSERT_TRUE(std::isfinite(value)) << info.name;
    }
    EXPECT_LT(sum, static_cast<int64_t>(fs::file_size(entry.path())));
  }
  EXPECT_GE(files, 6);
}

}  // namespace
}  // namespace octavo
