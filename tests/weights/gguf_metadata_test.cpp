// GGUF's metadata: every type there and back, typed access that says what it found, and values that
// lie about themselves.
#include "octavo/weights/gguf_metadata.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "octavo/base/error.h"
#include "octavo/weights/gguf_cursor.h"
#include "tests/base/temporary_folder.h"
#include "tests/weights/gguf_bytes.h"

namespace octavo {
namespace {

GgufMetadata read_back(const GgufMetadata& metadata) {
  auto owner = std::make_shared<const std::string>(metadata.encoded());
  GgufCursor cursor("x.gguf", *owner);
  GgufMetadata result = GgufMetadata::read(cursor, metadata.values().size(), owner);
  EXPECT_EQ(cursor.left(), 0u);
  return result;
}

// The metadata of a file with this one value under "k".
GgufMetadata with_value(GgufType type, const GgufBytes& value) {
  GgufBytes file;
  file.header(0, 1).key("k", type).bytes += value.bytes;
  return file.file().metadata();
}

void expect_refused(GgufType type, const GgufBytes& value, std::string_view reason) {
  const std::string message =
      error_of(ErrorKind::data, [&] { static_cast<void>(with_value(type, value)); });
  EXPECT_NE(message.find("x.gguf: key \"k\": "), std::string::npos) << message;
  EXPECT_NE(message.find(reason), std::string::npos) << message;
}

TEST(GgufMetadata, every_type_comes_back) {
  GgufMetadata built;
  built.set("u8", uint8_t{255}).set("i8", int8_t{-128});
  built.set("u16", uint16_t{65535}).set("i16", int16_t{-32768});
  built.set("u32", uint32_t{4294967295}).set("i32", int32_t{-2147483647 - 1});
  built.set("u64", uint64_t{1} << 62).set("i64", std::numeric_limits<int64_t>::min());
  built.set("f32", 1e-5f).set("f64", 0.1).set("yes", true).set("no", false);
  built.set("text", "häßlich\n").set("empty", "");
  built.set_array("ints", std::vector<int32_t>{1, -2, 3});
  built.set_array("bytes", std::string("ab"));
  built.set_array("scores", std::vector<float>{0.5f, -INFINITY});
  built.set_array("flags", std::vector<bool>{true, false});
  built.set_array("tokens", std::vector<std::string>{"a", "", "b c"});
  built.set_array("none", std::vector<std::string_view>{});

  const GgufMetadata read = read_back(built);
  ASSERT_EQ(read.values().size(), built.values().size());
  for (size_t i = 0; i < read.values().size(); ++i) {
    EXPECT_EQ(read.values()[i].key(), built.values()[i].key());
    EXPECT_EQ(read.values()[i].type(), built.values()[i].type());
  }
  EXPECT_EQ(read.at("u8").integer(), 255);
  EXPECT_EQ(read.at("i8").integer(), -128);
  EXPECT_EQ(read.at("u16").integer(), 65535);
  EXPECT_EQ(read.at("i16").integer(), -32768);
  EXPECT_EQ(read.at("u32").integer(), 4294967295);
  EXPECT_EQ(read.at("i32").integer(), -2147483648);
  EXPECT_EQ(read.at("u64").integer(), int64_t{1} << 62);
  EXPECT_EQ(read.at("i64").integer(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(read.at("f32").number(), 1e-5f);
  EXPECT_EQ(read.at("f64").number(), 0.1);
  EXPECT_EQ(read.at("u8").number(), 255);
  EXPECT_TRUE(read.at("yes").boolean());
  EXPECT_FALSE(read.at("no").boolean());
  EXPECT_EQ(read.at("text").text(), "häßlich\n");
  EXPECT_EQ(read.at("empty").text(), "");
  EXPECT_EQ(read.at("ints").integers(), (std::vector<int64_t>{1, -2, 3}));
  EXPECT_EQ(read.at("ints").item_type(), GgufType::i32);
  EXPECT_EQ(read.at("bytes").integers(), (std::vector<int64_t>{'a', 'b'}));
  EXPECT_EQ(read.at("scores").numbers(), (std::vector<float>{0.5f, -INFINITY}));
  EXPECT_EQ(read.at("flags").size(), 2u);
  EXPECT_EQ(read.at("tokens").texts(), (std::vector<std::string_view>{"a", "", "b c"}));
  EXPECT_EQ(read.at("none").size(), 0u);
  EXPECT_EQ(read.find("nothing"), nullptr);
  EXPECT_EQ(read.encoded(), built.encoded());
}

TEST(GgufMetadata, a_set_key_keeps_its_place_and_copies_live_on_their_own) {
  GgufMetadata copy;
  {
    GgufMetadata first;
    first.set("a", uint32_t{1}).set("b", "two").set("a", "one");
    copy.set(first.at("b")).set("c", 3.0f);
    EXPECT_EQ(first.values()[0].text(), "one");
    EXPECT_EQ(first.values().size(), 2u);
  }
  const GgufMetadata again = copy;
  copy.set("b", "else");
  EXPECT_EQ(again.at("b").text(), "two");
  EXPECT_EQ(again.values()[1].key(), "c");
}

TEST(GgufMetadata, arrays_of_arrays) {
  GgufBytes value;
  value.array(GgufType::array, 3);
  value.array(GgufType::i32, 2).put(int32_t{1}).put(int32_t{2});
  value.array(GgufType::text, 1).text("deep");
  value.array(GgufType::f32, 0);
  const GgufMetadata metadata = with_value(GgufType::array, value);
  std::vector<size_t> sizes;
  std::string text;
  metadata.at("k").each([&](const GgufValue& item) {
    sizes.push_back(item.size());
    if (item.item_type() == GgufType::text) text = item.texts()[0];
  });
  EXPECT_EQ(sizes, (std::vector<size_t>{2, 1, 0}));
  EXPECT_EQ(text, "deep");
}

TEST(GgufMetadata, access_says_what_it_found) {
  GgufMetadata metadata;
  metadata.set("n", uint64_t{1} << 63).set("t", "x").set("five", uint8_t{5});
  metadata.set_array("list", std::vector<float>{1});
  const auto message = [&](auto access) { return error_of(ErrorKind::data, access); };
  EXPECT_EQ(message([&] { metadata.at("t").integer(); }),
            "metadata: key \"t\": expected an integer, found text");
  EXPECT_EQ(message([&] { metadata.at("list").text(); }),
            "metadata: key \"list\": expected a text, found an array of f32");
  EXPECT_EQ(message([&] { metadata.at("five").size(); }),
            "metadata: key \"five\": expected an array, found u8");
  EXPECT_EQ(message([&] { metadata.at("five").integer(1, 4); }),
            "metadata: key \"five\": expected 1 to 4, found 5");
  EXPECT_EQ(message([&] { metadata.at("gone"); }), "metadata: there is no key \"gone\"");
  message([&] { metadata.at("n").integer(); });
  message([&] { metadata.at("t").number(); });
  message([&] { metadata.at("five").boolean(); });
  message([&] { metadata.at("list").texts(); });
  error_of(ErrorKind::usage, [&] { metadata.set("", 1); });
}

TEST(GgufMetadata, values_that_lie) {
  expect_refused(static_cast<GgufType>(13), GgufBytes().put(uint8_t{0}), "there is no type 13");
  expect_refused(GgufType::u32, GgufBytes().put(uint16_t{0}),
                 "its value takes 4 bytes, 2 are left");
  expect_refused(GgufType::boolean, GgufBytes().put(uint8_t{2}), "a boolean is 0 or 1, not 2");
  expect_refused(GgufType::text, GgufBytes().put(uint64_t{1} << 60),
                 "its text takes 1152921504606846976 bytes, 0 are left");
  expect_refused(GgufType::text, GgufBytes().put(~uint64_t{0}), "0 are left");
  expect_refused(GgufType::array, GgufBytes().array(static_cast<GgufType>(99), 0),
                 "there is no type 99");
  for (const uint64_t count : {uint64_t{3}, uint64_t{1} << 61, ~uint64_t{0}})
    expect_refused(GgufType::array, GgufBytes().array(GgufType::f64, count).data(23, 1),
                   fmt::format("its array claims {} values of type f64, 23 bytes", count));
  expect_refused(GgufType::array, GgufBytes().array(GgufType::text, 3).data(20, 1), "3 values");
  expect_refused(GgufType::array, GgufBytes().array(GgufType::text, 2).text("good").put(~0ull),
                 "its text takes");
  expect_refused(GgufType::array, GgufBytes().array(GgufType::boolean, 2).put(true).put(uint8_t{7}),
                 "not 7");
  expect_refused(GgufType::array, GgufBytes().array(GgufType::array, 2).data(20, 1), "2 values");

  GgufBytes deep;
  for (int level = 0; level < GgufMetadata::kMaximumDepth; ++level) deep.array(GgufType::array, 1);
  expect_refused(GgufType::array, deep.array(GgufType::u8, 0), "more than 4 deep");
}

TEST(GgufMetadata, keys_that_lie) {
  const auto refused = [](const GgufBytes& file, std::string_view reason) {
    const std::string message = error_of(ErrorKind::data, [&] { file.file(); });
    EXPECT_NE(message.find(reason), std::string::npos) << message;
  };
  const auto with_keys = [](std::initializer_list<std::string_view> keys) {
    GgufBytes file;
    file.header(0, keys.size());
    for (const std::string_view key : keys) file.key(key, GgufType::u8).put(uint8_t{1});
    file.put(uint8_t{0});
    return file;
  };
  EXPECT_EQ(with_keys({"a", "c", "b"}).file().metadata().values()[1].key(), "c");
  refused(with_keys({"a", "b", "a"}), "key \"a\" is there twice");
  refused(with_keys({""}), "x.gguf: key number 1: its name has 0 bytes");
  refused(with_keys({std::string(70'000, 'k')}), "its name has 70000 bytes");
  refused(GgufBytes().header(0, 1).put(~uint64_t{0}).data(64, 1), "key number 1: its name takes");
  for (const uint64_t count : {uint64_t{2}, uint64_t{1} << 40, ~uint64_t{0}}) {
    GgufBytes file;
    file.header(0, count).key("a", GgufType::u8).put(uint8_t{1});
    refused(file, fmt::format("{} keys are claimed", count));
  }
  GgufBytes many;
  many.header(0, GgufMetadata::kMaximumKeys + 1).data(size_t{1} << 20, 1);
  refused(many, "at most 16384 are allowed");
}

}  // namespace
}  // namespace octavo
