// Quantizing: blocks mean what llama.cpp means by them, to the bit; what is made here loses less
// than what its quantizer makes; bad numbers are named, and threads change nothing.
#include "octavo/ops/quantize.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "octavo/base/error.h"
#include "octavo/base/hash.h"
#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/weights/gguf.h"
#include "octavo/weights/safetensors.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/test_data.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::array kAll{DataType::q8_0, DataType::q4_0, DataType::q4_1, DataType::q5_0,
                          DataType::q5_1, DataType::q2_k, DataType::q3_k, DataType::q4_k,
                          DataType::q5_k, DataType::q6_k};
constexpr std::array kWritten{DataType::q8_0, DataType::q4_0, DataType::q4_1, DataType::q5_0,
                              DataType::q5_1, DataType::q4_k, DataType::q5_k, DataType::q6_k};

Tensor random_numbers(Shape shape, float scale, uint64_t seed = 1) {
  Tensor x(shape, DataType::f32);
  RandomStream{seed}.normals(0, x.as<float>());
  for (float& number : x.as<float>()) number *= scale;
  return x;
}

std::string hash_of(const Tensor& x) {
  return hash_hex(std::span(static_cast<const std::byte*>(x.data()), x.bytes()));
}

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.bytes() == b.bytes() && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

/// Root mean squares of what quantizing loses of x: plainly, and with the weights by which
/// llama.cpp judges the type (its larger numbers count more).
struct Loss {
  double plain = 0, weighted = 0;
};

Loss loss_of(const Tensor& x, const Tensor& quantized) {
  const Tensor back = dequantize(quantized);
  const DataType type = quantized.type();
  const int64_t part = type == DataType::q6_k ? 16 : 32;
  const bool k = type == DataType::q4_k || type == DataType::q5_k;
  Loss loss;
  for (int64_t first = 0; first < x.elements(); first += part) {
    const auto given = x.as<float>().subspan(static_cast<size_t>(first), static_cast<size_t>(part));
    double squares = 0;
    for (const float number : given) squares += double{number} * number;
    const double spread = std::sqrt(squares / static_cast<double>(part));
    for (size_t i = 0; i < given.size(); ++i) {
      const double number = given[i];
      const double off = number - back.as<float>()[static_cast<size_t>(first) + i];
      loss.plain += off * off;
      loss.weighted += off * off *
                       (type == DataType::q6_k ? number * number
                        : k                    ? spread + std::abs(number)
                                               : 1);
    }
  }
  return {std::sqrt(loss.plain), std::sqrt(loss.weighted)};
}

// Eight blocks of bytes that mean nothing but finite numbers; hashes of what gguf-py 0.19 makes of
// them (gguf.quants.dequantize), so that types without a golden file are held to another's reading.
TEST(Dequantize, any_bytes_mean_what_gguf_py_says) {
  struct Case {
    DataType type;
    std::initializer_list<size_t> scales;  // where a block's f16 fields lie
    std::string_view hash;
  };
  for (const Case& c : {Case{DataType::q8_0, {0}, "3a2ce07529fc6e479975a05d7743e0ef"},
                        {DataType::q4_0, {0}, "c418f9afa9564cd25570153e9bc2f5d9"},
                        {DataType::q4_1, {0, 2}, "d302e1f9e2e22990e094c0af0fe40298"},
                        {DataType::q5_0, {0}, "3cddb4141c0043a9a90a02e4df98ae17"},
                        {DataType::q5_1, {0, 2}, "24fc75cb645e28bb1579e0de911faf59"},
                        {DataType::q2_k, {80, 82}, "d3adcd2039a713fc56a0f40601afe911"},
                        {DataType::q3_k, {108}, "2609787041fa7981b140dc46a9558f4f"},
                        {DataType::q4_k, {0, 2}, "2190152c47589bc9dc7fee77066d0a03"},
                        {DataType::q5_k, {0, 2}, "aa65b9a1cadc8f0c1b89e497a7b2e4ed"},
                        {DataType::q6_k, {208}, "13faf0f74253d9a5130663c4adcac8f7"}}) {
    const BlockLayout block = block_of(c.type);
    const Tensor x({8 * block.numbers}, c.type);
    auto* bytes = static_cast<uint8_t*>(x.data());
    for (size_t i = 0; i < x.bytes(); ++i)
      bytes[i] = static_cast<uint8_t>(i * i * 151 + 57 * i + 13);
    for (int b = 0; b < 8; ++b)
      for (const size_t at : c.scales)
        bytes[static_cast<size_t>(b * block.bytes) + at + 1] &= 0xBF;  // below 2
    EXPECT_EQ(hash_of(dequantize(x)), c.hash) << name_of(c.type);
  }
}

TEST(QuantizeGolden, rows_of_llama_cpps_files_are_exact) {
  const fs::path folder = test_data() / "golden/gguf";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
  const SafetensorsFile golden(folder / "dequantized-first-4-rows.safetensors");
  int compared = 0;
  for (const TensorInfo& info : golden.tensors()) {  // "Q4_0/blk.0.ffn_up.weight"
    const size_t slash = info.name.find('/');
    ASSERT_NE(slash, std::string::npos);
    const GgufFile file(folder / fmt::format("gpt2-{}.gguf", info.name.substr(0, slash)));
    const Tensor rows = dequantize(file.tensor(info.name.substr(slash + 1)));
    const Tensor expected = golden.tensor(info.name);
    EXPECT_TRUE(same_bytes(rows.slice(0, expected.shape()[0]), expected)) << info.name;
    ++compared;
  }
  EXPECT_GE(compared, 11);
}

TEST(QuantizeGolden, loses_no_more_than_llama_cpps_quantizer) {
  const fs::path folder = test_data() / "golden/gguf";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
  const GgufFile original(folder / "gpt2-f32.gguf");
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".gguf") continue;
    const GgufFile file(entry.path());
    for (const TensorInfo& info : file.tensors()) {
      if (!is_quantized(info.type)) continue;
      const Tensor x = original.tensor(info.name);
      const Loss ours = loss_of(x, quantize(x, info.type));
      const Loss theirs = loss_of(x, file.tensor(info.name));
      EXPECT_LE(ours.plain, theirs.plain) << entry.path() << " " << info.name;
      EXPECT_LE(ours.weighted, theirs.weighted) << entry.path() << " " << info.name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8 * 10);
}

// A number is off by half a step at most, but for the largest of a part, which may be cut a little.
TEST(Quantize, what_comes_back_is_near) {
  for (const DataType type : kWritten)
    for (const float scale : {1.0f, 1e-3f, 1e3f}) {
      const Tensor x = random_numbers({7, 512}, scale);
      const Tensor quantized = quantize(x, type);
      EXPECT_EQ(quantized.type(), type);
      EXPECT_EQ(quantized.shape(), x.shape());
      EXPECT_TRUE(std::ranges::all_of(dequantize(quantized).as<float>(),
                                      [](float number) { return std::isfinite(number); }));
      const double bits = static_cast<double>(8 * block_of(type).bytes) /
                          static_cast<double>(block_of(type).numbers);
      const double noise = loss_of(x, quantized).plain / scale / std::sqrt(x.elements());
      EXPECT_LT(noise, 1.6 * std::exp2(-(bits - 0.5))) << name_of(type) << " " << scale;
      EXPECT_GT(noise, 0.4 * std::exp2(-(bits - 0.5))) << name_of(type) << " " << scale;
    }
}

TEST(Quantize, numbers_that_a_type_holds_exactly_stay) {
  // Each part of 16 spans all levels, the same ones: no scale serves it better.
  for (const auto& [type, low, high] : {std::tuple{DataType::q8_0, -127, 127},
                                        {DataType::q4_0, -8, 7},
                                        {DataType::q4_1, 0, 15},
                                        {DataType::q5_0, -16, 15},
                                        {DataType::q5_1, 0, 31},
                                        {DataType::q4_k, 0, 15},
                                        {DataType::q5_k, 0, 31},
                                        {DataType::q6_k, -32, 31}}) {
    const bool line = type == DataType::q4_k || type == DataType::q5_k;
    const float unit =
        line ? 63.0f / 512 : 0.125f;  // the largest scale in a block is 63 times its own
    Tensor x({512}, DataType::f32);
    for (int i = 0; i < 512; ++i)
      x.as<float>()[static_cast<size_t>(i)] =
          unit * static_cast<float>(low + (i % 16 == 0   ? high - low
                                           : i % 16 == 1 ? 0
                                                         : i * 37 % (high - low + 1)));
    EXPECT_TRUE(same_bytes(dequantize(quantize(x, type)), x)) << name_of(type);
  }
}

TEST(Quantize, unusual_blocks) {
  for (const DataType type : kWritten) {
    const auto there_and_back = [&](auto value_at) {
      Tensor x({512}, DataType::f32);
      for (size_t i = 0; i < 512; ++i) x.as<float>()[i] = value_at(i);
      return dequantize(quantize(x, type));
    };
    const auto near = [&](float value, float tolerance) {
      for (const float number : there_and_back([&](size_t) { return value; }).as<float>())
        EXPECT_NEAR(number, value, tolerance) << name_of(type);
    };
    near(0, 0);
    near(-0.0f, 0);
    for (const float value : {1.0f, -3.0f, 1e-3f, -65504.0f, 65504.0f})
      near(value, std::abs(value) * 1e-2f);
    for (const float value : {1e-9f, -1e-20f, 1e-38f, 1e-45f}) near(value, 1e-7f);
    // One number far out leaves the others what precision there is.
    const Tensor one = there_and_back([](size_t i) { return i % 256 == 77 ? 60000.0f : 1e-3f; });
    EXPECT_NEAR(one.as<float>()[77], 60000, 600) << name_of(type);
    EXPECT_LT(std::abs(one.as<float>()[78]), 6000) << name_of(type);
    const Tensor zeros = there_and_back([](size_t i) { return i < 256 ? 0.0f : 1.0f; });
    EXPECT_EQ(zeros.as<float>()[100], 0) << name_of(type);
  }
}

TEST(Quantize, from_other_types_and_to_plain_ones) {
  const Tensor x = random_numbers({3, 256}, 1);
  const Tensor rounded = quantize(x, DataType::bf16);
  EXPECT_EQ(rounded.as<bf16>()[5].bits, bf16(x.as<float>()[5]).bits);
  EXPECT_EQ(quantize(x, DataType::f16).as<f16>()[5].bits, f16(x.as<float>()[5]).bits);
  EXPECT_TRUE(same_bytes(quantize(x, DataType::f32), x));
  EXPECT_TRUE(
      same_bytes(quantize(rounded, DataType::q4_k), quantize(dequantize(rounded), DataType::q4_k)));
  EXPECT_EQ(quantize(Tensor({0, 256}, DataType::f32), DataType::q4_k).elements(), 0);
}

// All 65,536 of them to f32, and from there back, and what lies between two neighbours.
TEST(Quantize, f16_is_exact) {
  Tensor all({65536}, DataType::f16);
  for (uint32_t i = 0; i < 65536; ++i) all.as<f16>()[i].bits = static_cast<uint16_t>(i);
  const Tensor wide = dequantize(all);
  for (uint32_t i = 0; i < 65536; ++i) {
    const float expected = all.as<f16>()[i];
    const float number = wide.as<float>()[i];
    ASSERT_TRUE(number == expected || (std::isnan(number) && std::isnan(expected))) << i;
    ASSERT_EQ(std::signbit(number), std::signbit(expected)) << i;
  }
  for (const float step : {0.0f, 0.25f, 0.5f, 0.75f}) {
    Tensor x({2 * 0x7BFF}, DataType::f32);
    for (uint32_t i = 0; i < 0x7BFF; ++i) {
      const float low = all.as<f16>()[i], high = all.as<f16>()[i + 1];
      x.as<float>()[2 * i] = low + (high - low) * step;
      x.as<float>()[2 * i + 1] = -low - (high - low) * step;
    }
    const Tensor rounded = quantize(x, DataType::f16);
    for (size_t i = 0; i < 2 * 0x7BFF; ++i)
      ASSERT_EQ(rounded.as<f16>()[i].bits, f16(x.as<float>()[i]).bits) << x.as<float>()[i];
  }
}

TEST(Quantize, threads_change_nothing) {
  const int before = threads();
  const Tensor x = random_numbers({37, 1024}, 0.02f);
  for (const DataType type : kWritten) {
    set_threads(1);
    const Tensor alone = quantize(x, type);
    const Tensor row = quantize(x.slice(30, 1), type);
    set_threads(5);
    EXPECT_TRUE(same_bytes(quantize(x, type), alone)) << name_of(type);
    EXPECT_TRUE(same_bytes(row, alone.slice(30, 1))) << name_of(type);
    EXPECT_TRUE(same_bytes(dequantize(row), dequantize(alone).slice(30, 1))) << name_of(type);
  }
  set_threads(before);
}

// The same blocks on every machine and for ever: a model quantized again has the same hash.
TEST(Quantize, bytes_are_fixed) {
  const Tensor x = random_numbers({64, 512}, 0.02f, 5);
  for (const auto& [type, hash] : {std::pair{DataType::q8_0, "57553595b105764bca5e8209a7c86467"},
                                   {DataType::q4_0, "f837be5a32ee8074f2b2f9056e2ac169"},
                                   {DataType::q4_1, "3f241b41182465cb188fa2f8d1d2eba1"},
                                   {DataType::q5_0, "71ba3a1eeb00099080402f440cac7c62"},
                                   {DataType::q5_1, "27894030c5739d2181ca98621781a645"},
                                   {DataType::q4_k, "2e4c6b1b990281a6e520c4b4cd93ec8f"},
                                   {DataType::q5_k, "21e34a4e05d16530e5f848bb29924c67"},
                                   {DataType::q6_k, "78cb0aad7c75b038c4828305e425b866"}})
    EXPECT_EQ(hash_of(quantize(x, type)), hash) << name_of(type);
}

TEST(Quantize, numbers_that_cannot_be_held_are_named) {
  Tensor x = random_numbers({40, 1024}, 1);
  const auto message = [&](DataType type) {
    return error_of(ErrorKind::data, [&] { quantize(x, type); });
  };
  x.as<float>()[39 * 1024 + 7] = -INFINITY;
  x.as<float>()[20 * 1024 + 1000] = NAN;
  EXPECT_EQ(message(DataType::q4_k),
            "[quantize] row 20, column 1000 is nan, which q4_k cannot hold");
  EXPECT_EQ(message(DataType::bf16),
            "[quantize] row 20, column 1000 is nan, which bf16 cannot hold");
  x.as<float>()[20 * 1024 + 1000] = 65505;
  EXPECT_EQ(message(DataType::q8_0),
            "[quantize] row 20, column 1000 is 65505, which q8_0 cannot hold");
  EXPECT_NE(message(DataType::f16).find("65505"), std::string::npos);
  EXPECT_NE(message(DataType::bf16).find("row 39, column 7 is -inf"), std::string::npos);
}

TEST(Quantize, what_cannot_be_asked) {
  const Tensor x = random_numbers({2, 96}, 1);
  EXPECT_NE(error_of(ErrorKind::data, [&] { quantize(x, DataType::q6_k); })
                .find("rows of 96 numbers are no whole blocks of q6_k"),
            std::string::npos);
  for (const DataType type : {DataType::q2_k, DataType::q3_k})
    error_of(ErrorKind::usage, [&] { quantize(x, type); });
  error_of(ErrorKind::data, [&] { quantize(quantize(x, DataType::q8_0), DataType::q4_0); });
}

TEST(Quantize, rows_that_blocks_do_not_divide_take_another_type) {
  for (const DataType type : kAll) EXPECT_EQ(type_for_rows(type, 768), type);
  EXPECT_EQ(type_for_rows(DataType::q4_k, 96), DataType::q5_0);
  EXPECT_EQ(type_for_rows(DataType::q5_k, 96), DataType::q5_1);
  EXPECT_EQ(type_for_rows(DataType::q6_k, 96), DataType::q8_0);
  for (const DataType type : kAll) EXPECT_EQ(type_for_rows(type, 100), DataType::f16);
  EXPECT_EQ(type_for_rows(DataType::q8_0, 96), DataType::q8_0);
  EXPECT_EQ(type_for_rows(DataType::f32, 5), DataType::f32);
}

TEST(Quantize, a_plan_counts_what_is_needed) {
  PlannedMemory plan;
  const Tensor x({1024, 1024}, DataType::f32);
  const size_t before = memory_use().current;
  const Tensor out = quantize(x, DataType::q4_0);
  EXPECT_EQ(out.data(), nullptr);
  EXPECT_EQ(memory_use().current - before, out.bytes());
  EXPECT_EQ(dequantize(out).data(), nullptr);
}

}  // namespace
}  // namespace octavo
