#include "octavo/checkpoint/convert.h"

#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

TEST(ConvertWeights, transposes_odd_shapes) {
  const int64_t rows = 67, columns = 130;
  Tensor tensor({rows, columns}, DataType::f32);
  for (size_t i = 0; i < tensor.as<float>().size(); ++i)
    tensor.as<float>()[i] = static_cast<float>(i);
  const Tensor turned = convert_weights(tensor, DataType::f32, StoredOrder::transposed);
  EXPECT_EQ(turned.shape(), Shape({columns, rows}));
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c)
      ASSERT_EQ(turned.as<float>()[static_cast<size_t>(c * rows + r)],
                static_cast<float>(r * columns + c));
  EXPECT_TRUE(same_bits(convert_weights(turned, DataType::f32, StoredOrder::transposed), tensor));
}

TEST(ConvertWeights, narrow_types_survive_the_way_through_f32) {
  Tensor all({256, 256}, DataType::bf16);
  for (size_t i = 0; i < 65536; ++i) all.as<bf16>()[i].bits = static_cast<uint16_t>(i);
  const Tensor wide = convert_weights(all, DataType::f32, StoredOrder::same);
  const Tensor back = convert_weights(wide, DataType::bf16, StoredOrder::same);
  for (size_t i = 0; i < 65536; ++i) {
    const float value = all.as<bf16>()[i];
    if (value != value) continue;  // a NaN may become another
    ASSERT_EQ(back.as<bf16>()[i].bits, i);
  }
}

TEST(ConvertWeights, integers_are_refused) {
  error_of(ErrorKind::data,
           [] { convert_weights(Tensor({2}, DataType::i32), DataType::f32, StoredOrder::same); });
}

}  // namespace
}  // namespace octavo
