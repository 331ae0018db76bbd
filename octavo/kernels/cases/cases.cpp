#include "octavo/kernels/cases/cases.h"

#include <cmath>

#include "octavo/kernels/cases/case_of.h"
#include "octavo/kernels/element.h"

namespace octavo {
namespace {

constexpr DataType kF32 = DataType::f32;
constexpr CaseSizes kNone = {0, 0, 0};

/// Around the widths of vectors, of panels and of blocks.
constexpr int64_t kOdd[] = {1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 129};

std::vector<CaseSizes> odd_products() {
  std::vector<CaseSizes> sizes = {{130, 131, 67}, {13, 200, 130}};
  for (int64_t n : kOdd) {
    sizes.push_back({n, 17, 9});
    sizes.push_back({5, n, 33});
    sizes.push_back({7, 19, n});
  }
  return sizes;
}

// More numbers than one task of an elementwise operation takes.
constexpr CaseSizes kSeveralTasks = {67, 1033};

std::vector<CaseSizes> odd_matrices() {
  std::vector<CaseSizes> sizes = {{200, 131}};
  for (int64_t n : kOdd) {
    sizes.push_back({n, 19});
    sizes.push_back({6, n});
  }
  return sizes;
}

std::vector<CaseSizes> odd_vectors() {
  std::vector<CaseSizes> sizes;
  for (int64_t n : kOdd) sizes.push_back({n});
  for (int64_t n : {kNormBlock - 1, kNormBlock, kNormBlock + 1, 2 * kNormBlock + 77})
    sizes.push_back({n});
  return sizes;
}

/// Every head size up to 80, and one or a few positions around the block of keys.
std::vector<CaseSizes> odd_attentions() {
  std::vector<CaseSizes> sizes = {{66, 128, 1}, {150, 12, 1}, {200, 5, 1}};
  for (int64_t n : kOdd) sizes.push_back({n, 6, 2});
  for (int64_t size = 1; size <= 80; ++size) sizes.push_back({5, size, 2});
  return sizes;
}

template <class Operation, class Build>
CaseDeclaration declare(std::string name, void (Kernels::*function)(const Operation&) const,
                        std::vector<CaseSizes> odd, CaseSizes typical, CaseSizes divided,
                        const Build& build) {
  return {std::move(name),
          [function, build](CaseSizes sizes, DataType type, Placement placement) {
            auto result = std::make_unique<CaseOf<Operation>>(function, sizes, type, placement);
            build(*result);
            return std::unique_ptr<KernelCase>(std::move(result));
          },
          std::move(odd), typical, divided};
}

// ---- Matrix products ----------------------------------------------------------------------------

struct ProductVariant {
  const char* name;
  MatrixOrder order;
  Activation activation = Activation::none;
  bool bias = false;
  Write write = Write::overwrite;
  bool out_in_f32 = false;
  CaseSizes typical = kNone;
};

CaseDeclaration product(const ProductVariant& v) {
  return declare(v.name, &Kernels::product, odd_products(), v.typical, {131, 193, 75},
                 [v](CaseOf<Product>& c) {
                   const int64_t m = c.rows, n = c.columns, k = c.inner;
                   Product& p = c.operation;
                   p.left = c.memory.numbers(c.type, m, k);
                   // From the f32 masters of the weights, as in training.
                   const bool plain = v.order == MatrixOrder::plain;
                   const Array weights = c.memory.numbers(kF32, plain ? k : n, plain ? n : k);
                   c.use_packed(&Product::right, weights, v.order);
                   if (v.bias) p.bias = c.memory.numbers(kF32, 1, n);
                   if (v.activation != Activation::none)
                     p.pre_activation = c.memory.numbers(c.type, m, n);
                   p.activation = v.activation;
                   p.out = c.memory.numbers(v.out_in_f32 ? kF32 : c.type, m, n);
                   p.write = v.write;
                 });
}

/// out [m, n] += left [k, m]ᵀ · right [k, n]: a weight gradient over k rows.
CaseDeclaration product_of_transposed() {
  return declare(
      "product transposed", &Kernels::product, odd_products(), {768, 3072, 1024}, kNone,
      [](CaseOf<Product>& c) {
        const int64_t m = c.rows, n = c.columns, k = c.inner;
        c.use_packed(&Product::left_transposed, c.memory.numbers(c.type, k, m), MatrixOrder::plain);
        c.use_packed(&Product::right, c.memory.numbers(c.type, k, n), MatrixOrder::plain);
        c.operation.out = c.memory.numbers(kF32, m, n);
        c.operation.write = Write::accumulate;
      });
}

void add_products(std::vector<CaseDeclaration>& all) {
  using A = Activation;
  const auto plain = MatrixOrder::plain, transposed = MatrixOrder::transposed;
  const auto overwrite = Write::overwrite, accumulate = Write::accumulate;
  all.push_back(
      product({"product", transposed, A::none, true, overwrite, false, {1024, 2304, 768}}));
  all.push_back(
      product({"product one row", transposed, A::none, true, overwrite, false, {1, 3072, 768}}));
  all.push_back(product(
      {"product gelu_tanh", transposed, A::gelu_tanh, true, overwrite, false, {1024, 3072, 768}}));
  all.push_back(
      product({"product gelu_exact", transposed, A::gelu_exact, false, overwrite, false}));
  all.push_back(
      product({"product plain", plain, A::none, false, overwrite, false, {1024, 768, 3072}}));
  all.push_back(
      product({"product to f32", transposed, A::none, false, overwrite, true, {512, 8192, 768}}));
  all.push_back(product({"product accumulate", plain, A::none, false, accumulate, false}));
  all.push_back(product({"product accumulate f32", plain, A::none, false, accumulate, true}));
  all.push_back(product_of_transposed());
}

/// The blocks are the hard part: every type, with sizes around those of panels and stretches. Types
/// of 256 numbers take their columns in such blocks.
CaseDeclaration quantized_product(DataType type, LeftRounding rounding, CaseSizes typical) {
  const int64_t block = block_of(type).numbers;
  std::vector<CaseSizes> sizes = {{13, 130, 3 * block}, {130, 67, 2 * block}};
  for (const int64_t n : kOdd) {
    sizes.push_back({n, 17, block});
    sizes.push_back({2, n, block});
  }
  for (const int64_t blocks : {2, 3, 7, 8, 9, 17})
    if (block == 32 || blocks < 4) sizes.push_back({7, 19, blocks * block});
  const std::string with = rounding == LeftRounding::bytes ? " of bytes" : "";
  const std::string rows = typical.rows == 1 ? " one row" : "";
  return declare("quantized_product " + std::string(name_of(type)) + with + rows,
                 &Kernels::quantized_product, sizes, typical, {131, 67, 3 * block},
                 [type, rounding](CaseOf<QuantizedProduct>& c) {
                   QuantizedProduct& p = c.operation;
                   p.left = c.memory.numbers(c.type, c.rows, c.inner);
                   p.rounding = rounding;
                   p.right = c.memory.blocks(type, c.columns, c.inner);
                   if (c.columns % 2) p.bias = c.memory.numbers(kF32, 1, c.columns);
                   if (c.columns % 3 == 0) p.activation = Activation::gelu_tanh;
                   p.out = c.memory.numbers(c.columns % 5 ? c.type : kF32, c.rows, c.columns);
                 });
}

void add_quantized_products(std::vector<CaseDeclaration>& all) {
  for (const DataType type :
       {DataType::q8_0, DataType::q4_0, DataType::q4_1, DataType::q5_0, DataType::q5_1,
        DataType::q2_k, DataType::q3_k, DataType::q4_k, DataType::q5_k, DataType::q6_k})
    for (const LeftRounding rounding : {LeftRounding::none, LeftRounding::bytes}) {
      const bool typical =
          type == DataType::q8_0 || type == DataType::q4_0 || type == DataType::q4_k;
      all.push_back(quantized_product(type, rounding, typical ? CaseSizes{512, 3072, 768} : kNone));
      if (typical) all.push_back(quantized_product(type, rounding, {1, 3072, 768}));
    }
}

// ---- Embedding and LayerNorm --------------------------------------------------------------------

constexpr int64_t kVocabulary = 11, kPositions = 23;  // unlike any size that is divided

void add_embeddings(std::vector<CaseDeclaration>& all) {
  all.push_back(declare("embedding", &Kernels::embedding, odd_matrices(), {1024, 768},
                        kSeveralTasks, [](CaseOf<Embedding>& c) {
                          Embedding& e = c.operation;
                          e.tokens = c.memory.indices(c.rows, kVocabulary);
                          e.positions = c.memory.indices(c.rows, kPositions);
                          e.token_table = c.memory.numbers(kF32, kVocabulary, c.columns);
                          e.position_table = c.memory.numbers(kF32, kPositions, c.columns);
                          e.rounding = c.type;
                          e.out = c.memory.numbers(kF32, c.rows, c.columns);
                        }));
  all.push_back(declare("embedding of tokens alone", &Kernels::embedding, odd_matrices(), kNone,
                        kSeveralTasks, [](CaseOf<Embedding>& c) {
                          Embedding& e = c.operation;
                          e.tokens = c.memory.indices(c.rows, kVocabulary);
                          e.token_table = c.memory.numbers(c.type, kVocabulary, c.columns);
                          e.rounding = c.type;
                          e.out = c.memory.numbers(c.type, c.rows, c.columns);
                        }));
  // Columns in whole blocks, of which the sizes are the numbers.
  for (const DataType type : {DataType::q8_0, DataType::q6_k})
    all.push_back(declare(
        "embedding of " + std::string(name_of(type)), &Kernels::embedding,
        {{1, 1}, {2, 3}, {65, 2}, {5, 4}}, kNone, {67, 5}, [type](CaseOf<Embedding>& c) {
          Embedding& e = c.operation;
          const int64_t columns = c.columns * block_of(type).numbers;
          const auto table = [&](int64_t rows) -> ConstArray {
            return {c.memory.blocks(type, rows, columns).data, type, rows, columns, columns};
          };
          e.tokens = c.memory.indices(c.rows, kVocabulary);
          e.positions = c.memory.indices(c.rows, kPositions);
          e.token_table = table(kVocabulary);
          const bool blocks = c.rows % 2 == 0;
          e.position_table =
              blocks ? table(kPositions) : ConstArray(c.memory.numbers(kF32, kPositions, columns));
          e.rounding = c.type;
          e.out = c.memory.numbers(c.type, c.rows, columns);
        }));
  all.push_back(declare("embedding_backward", &Kernels::embedding_backward, odd_matrices(),
                        {1024, 768}, kNone, [](CaseOf<EmbeddingBackward>& c) {
                          EmbeddingBackward& e = c.operation;
                          e.tokens = c.memory.indices(c.rows, kVocabulary);
                          e.positions = c.memory.indices(c.rows, kPositions);
                          e.dout = c.memory.numbers(kF32, c.rows, c.columns);
                          e.dtoken_table = c.memory.numbers(kF32, kVocabulary, c.columns);
                          e.dposition_table = c.memory.numbers(kF32, kPositions, c.columns);
                        }));
  all.push_back(declare("embedding_backward of tokens alone", &Kernels::embedding_backward,
                        odd_matrices(), kNone, kNone, [](CaseOf<EmbeddingBackward>& c) {
                          EmbeddingBackward& e = c.operation;
                          e.tokens = c.memory.indices(c.rows, kVocabulary);
                          e.dout = c.memory.numbers(c.type, c.rows, c.columns);
                          e.dtoken_table = c.memory.numbers(kF32, kVocabulary, c.columns);
                        }));
}

void add_layernorms(std::vector<CaseDeclaration>& all) {
  all.push_back(declare("layernorm", &Kernels::layernorm, odd_matrices(), {1024, 768},
                        kSeveralTasks, [](CaseOf<LayerNorm>& c) {
                          LayerNorm& l = c.operation;
                          l.x = c.memory.numbers(kF32, c.rows, c.columns, -1, 2);
                          l.weight = c.memory.numbers(kF32, 1, c.columns);
                          l.bias = c.memory.numbers(kF32, 1, c.columns);
                          l.out = c.memory.numbers(c.type, c.rows, c.columns);
                          l.mean = c.memory.numbers(kF32, 1, c.rows);
                          l.rstd = c.memory.numbers(kF32, 1, c.rows);
                        }));
  all.push_back(declare("layernorm of T alone", &Kernels::layernorm, odd_matrices(), kNone,
                        kSeveralTasks, [](CaseOf<LayerNorm>& c) {
                          LayerNorm& l = c.operation;
                          l.x = c.memory.numbers(c.type, c.rows, c.columns);
                          l.weight = c.memory.numbers(kF32, 1, c.columns);
                          l.bias = c.memory.numbers(kF32, 1, c.columns);
                          l.out = c.memory.numbers(c.type, c.rows, c.columns);
                        }));
  for (const Write write : {Write::overwrite, Write::accumulate}) {
    const bool residual = write == Write::accumulate;
    all.push_back(declare(
        residual ? "layernorm_backward accumulate" : "layernorm_backward",
        &Kernels::layernorm_backward, odd_matrices(), residual ? CaseSizes{1024, 768} : kNone,
        {67, 33}, [write, residual](CaseOf<LayerNormBackward>& c) {
          LayerNormBackward& l = c.operation;
          const DataType x = residual ? kF32 : c.type;
          l.x = c.memory.numbers(x, c.rows, c.columns);
          l.weight = c.memory.numbers(kF32, 1, c.columns);
          l.mean = c.memory.numbers(kF32, 1, c.rows, -0.1, 0.1);
          l.rstd = c.memory.numbers(kF32, 1, c.rows, 0.5, 2);
          l.dout = c.memory.numbers(c.type, c.rows, c.columns);
          l.dx = c.memory.numbers(x, c.rows, c.columns);
          l.write = write;
          l.dweight = c.memory.numbers(kF32, 1, c.columns);
          l.dbias = c.memory.numbers(kF32, 1, c.columns);
          l.scratch = c.memory.scratch(kF32, 2 * ((c.rows + kSumRows - 1) / kSumRows), c.columns);
        }));
  }
  for (const bool residual : {false, true})
    all.push_back(declare(residual ? "rmsnorm" : "rmsnorm of T alone", &Kernels::rmsnorm,
                          odd_matrices(), residual ? CaseSizes{1024, 768} : kNone, kSeveralTasks,
                          [residual](CaseOf<RmsNorm>& c) {
                            RmsNorm& n = c.operation;
                            n.x = c.memory.numbers(residual ? kF32 : c.type, c.rows, c.columns);
                            n.weight = c.memory.numbers(kF32, 1, c.columns);
                            n.out = c.memory.numbers(c.type, c.rows, c.columns);
                            if (residual) n.rstd = c.memory.numbers(kF32, 1, c.rows);
                          }));
  for (const Write write : {Write::overwrite, Write::accumulate}) {
    const bool residual = write == Write::accumulate;
    all.push_back(
        declare(residual ? "rmsnorm_backward accumulate" : "rmsnorm_backward",
                &Kernels::rmsnorm_backward, odd_matrices(), residual ? CaseSizes{1024, 768} : kNone,
                {67, 33}, [write, residual](CaseOf<RmsNormBackward>& c) {
                  RmsNormBackward& n = c.operation;
                  const DataType x = residual ? kF32 : c.type;
                  n.x = c.memory.numbers(x, c.rows, c.columns);
                  n.weight = c.memory.numbers(kF32, 1, c.columns);
                  n.rstd = c.memory.numbers(kF32, 1, c.rows, 0.5, 2);
                  n.dout = c.memory.numbers(c.type, c.rows, c.columns);
                  n.dx = c.memory.numbers(x, c.rows, c.columns);
                  n.write = write;
                  n.dweight = c.memory.numbers(kF32, 1, c.columns);
                  n.scratch = c.memory.scratch(kF32, (c.rows + kSumRows - 1) / kSumRows, c.columns);
                }));
  }
  all.push_back(declare(
      "sum_rows", &Kernels::sum_rows, odd_matrices(), {1024, 3072}, kNone, [](CaseOf<SumRows>& c) {
        c.operation.x = c.memory.numbers(c.type, c.rows, c.columns);
        c.operation.out = c.memory.numbers(kF32, 1, c.columns);
        c.operation.scratch = c.memory.scratch(kF32, (c.rows + kSumRows - 1) / kSumRows, c.columns);
      }));
  all.push_back(declare("sum_columns", &Kernels::sum_columns, odd_matrices(), kNone, {67, 33},
                        [](CaseOf<SumColumns>& c) {
                          c.operation.x = c.memory.numbers(c.type, c.rows, c.columns);
                          c.operation.out = c.memory.numbers(kF32, 1, c.rows);
                        }));
}

// ---- Rotary positions and SwiGLU ----------------------------------------------------------------

/// Rows of three heads of `columns`, two of which turn, a quarter of the columns left out or none.
CaseDeclaration rotary(const char* name, Turn turn, bool partial, CaseSizes typical) {
  return declare(name, &Kernels::rotary, odd_matrices(), typical, kSeveralTasks,
                 [turn, partial](CaseOf<Rotary>& c) {
                   Rotary& r = c.operation;
                   const int64_t half = partial ? c.columns * 3 / 8 : c.columns / 2;
                   r.turn = turn;
                   r.heads = 2;
                   r.head_size = c.columns;
                   r.positions = c.memory.indices(c.rows, kPositions);
                   r.cosines = c.memory.numbers(kF32, kPositions, half);
                   r.sines = c.memory.numbers(kF32, kPositions, half);
                   r.x = c.memory.numbers(c.type, c.rows, 3 * c.columns);
                   r.out = c.memory.numbers(c.type, c.rows, 3 * c.columns);
                 });
}

void add_rotary_and_swiglu(std::vector<CaseDeclaration>& all) {
  all.push_back(rotary("rotary", Turn::forward, false, {1024, 768}));
  all.push_back(rotary("rotary partial", Turn::forward, true, kNone));
  all.push_back(rotary("rotary back", Turn::back, false, kNone));
  all.push_back(declare("swiglu", &Kernels::swiglu, odd_matrices(), {1024, 2048}, kSeveralTasks,
                        [](CaseOf<SwiGlu>& c) {
                          c.operation.x = c.memory.numbers(c.type, c.rows, 2 * c.columns, -4, 4);
                          c.operation.out = c.memory.numbers(c.type, c.rows, c.columns);
                        }));
  all.push_back(declare("swiglu_backward", &Kernels::swiglu_backward, odd_matrices(), {1024, 2048},
                        kSeveralTasks, [](CaseOf<SwiGluBackward>& c) {
                          SwiGluBackward& s = c.operation;
                          s.x = c.memory.numbers(c.type, c.rows, 2 * c.columns, -4, 4);
                          s.dout = c.memory.numbers(c.type, c.rows, c.columns);
                          s.dx = c.memory.numbers(c.type, c.rows, 2 * c.columns);
                        }));
}

// ---- Attention ----------------------------------------------------------------------------------

struct AttentionVariant {
  std::string name;
  AttentionMask mask;
  bool segments = false;
  double dropout = 0;
  bool typical = false;
  int64_t sharing = 1;  ///< heads that share a key head
};

std::vector<AttentionVariant> attention_variants() {
  using Kind = AttentionMask::Kind;
  std::vector<AttentionVariant> variants = {
      {"causal", {Kind::causal}, false, 0, true},
      {"causal segments", {Kind::causal}, true},
      {"causal dropout", {Kind::causal}, false, 0.3, true},
      {"full", {Kind::full}},
      {"full segments", {Kind::full}, true},
      {"prefix", {Kind::prefix, 40}},
      {"prefix segments", {Kind::prefix, 40}, true},
      {"banded 9 segments dropout", {Kind::banded, 9}, true, 0.1},
      {"banded 256", {Kind::banded, 256}, false, 0, true},
      {"causal shared", {Kind::causal}, false, 0, false, 3},
      {"banded 9 segments dropout shared", {Kind::banded, 9}, true, 0.1, false, 2},
  };
  for (int64_t width : {1, 7, 64, 65})
    variants.push_back({"banded " + std::to_string(width), {Kind::banded, width}});
  return variants;
}

/// Where the segment of each position starts; they have 1, 2, 3, … positions.
std::vector<int32_t> growing_segments(int64_t positions) {
  std::vector<int32_t> starts;
  for (int32_t start = 0, size = 1; static_cast<int64_t>(starts.size()) < positions;
       start += size++)
    starts.insert(starts.end(), static_cast<size_t>(size), start);
  starts.resize(static_cast<size_t>(positions));
  return starts;
}

/// Three sequences of T, ⌈T/2⌉ and 1 positions: their rows lie below each other in [rows, …] with
/// queries [H·D], keys and values [inner·D] side by side, as a model's do.
template <class Operation>
void make_sequences(CaseOf<Operation>& c, Attention& a, const AttentionVariant& variant) {
  const int64_t T = c.rows, key_width = c.inner * c.columns, width = variant.sharing * key_width;
  const int64_t lengths[] = {T, (T + 1) / 2, 1};
  const int64_t rows = T + (T + 1) / 2 + 1;
  const Array qkv = c.memory.numbers(c.type, rows, width + 2 * key_width);
  const Array out = c.memory.numbers(c.type, rows, width);
  a.heads = variant.sharing * c.inner;
  a.key_heads = c.inner;
  a.head_size = c.columns;
  a.scale = 4 / std::sqrt(static_cast<double>(c.columns));
  a.mask = variant.mask;
  a.dropout = {variant.dropout, 7, 8, 9};

  int64_t first = 0, number = 3;
  for (const int64_t length : lengths) {
    const Array here = CaseMemory::rows_of(qkv, first, length);
    AttentionSequence& s = c.sequences.emplace_back();
    s.q = CaseMemory::columns_of(here, 0, width);
    s.k = CaseMemory::columns_of(here, width, key_width);
    s.v = CaseMemory::columns_of(here, width + key_width, key_width);
    s.out = CaseMemory::rows_of(out, first, length);
    s.log_sum = c.memory.numbers(kF32, a.heads, length);
    s.number = number++;
    if (variant.segments) s.segments = c.segments.emplace_back(growing_segments(length)).data();
    first += length;
  }
  a.sequences = c.sequences;
}

CaseDeclaration attention(const AttentionVariant& variant) {
  return declare("attention " + variant.name, &Kernels::attention, odd_attentions(),
                 variant.typical ? CaseSizes{1024, 64, 12} : kNone, {150, 40, 2},
                 [variant](CaseOf<Attention>& c) { make_sequences(c, c.operation, variant); });
}

/// The last query of each sequence over kept keys and values: a token that is decoded.
CaseDeclaration attention_kept(const AttentionVariant& variant) {
  return declare("attention " + variant.name, &Kernels::attention, odd_attentions(),
                 variant.typical ? CaseSizes{1024, 64, 12} : kNone, kNone,
                 [variant](CaseOf<Attention>& c) {
                   make_sequences(c, c.operation, variant);
                   c.keeps = true;
                   for (AttentionSequence& s : c.sequences) {
                     s.first = s.q.rows - 1;
                     take_rows(s.q, s.q.rows, s.first, s.first + 1);
                     take_rows(s.out, s.out.rows, s.first, s.first + 1);
                     s.log_sum = CaseMemory::columns_of(s.log_sum, s.first, 1);
                   }
                 });
}

CaseDeclaration attention_backward(const AttentionVariant& variant) {
  return declare(
      "attention_backward " + variant.name, &Kernels::attention_backward, odd_attentions(),
      variant.typical ? CaseSizes{1024, 64, 12} : kNone, kNone,
      [variant](CaseOf<AttentionBackward>& c) {
        make_sequences(c, c.operation.forward, variant);
        const int64_t key_width = c.inner * c.columns;
        const int64_t width = variant.sharing * key_width;
        int64_t rows = 0;
        for (const AttentionSequence& s : c.sequences) rows += s.q.rows;
        const Array dout = c.memory.numbers(c.type, rows, width);
        const Array dqkv = c.memory.numbers(c.type, rows, width + 2 * key_width);
        int64_t first = 0;
        for (const AttentionSequence& s : c.sequences) {
          const Array here = CaseMemory::rows_of(dqkv, first, s.q.rows);
          c.gradients.push_back({CaseMemory::rows_of(dout, first, s.q.rows),
                                 CaseMemory::columns_of(here, 0, width),
                                 CaseMemory::columns_of(here, width, key_width),
                                 CaseMemory::columns_of(here, width + key_width, key_width)});
          first += s.q.rows;
        }
        c.operation.gradients = c.gradients;
      });
}

void add_attentions(std::vector<CaseDeclaration>& all) {
  const auto add = [&all](CaseDeclaration declaration, const AttentionVariant& variant) {
    if (variant.name == "causal") declaration.long_context = {8192, 64, 12};
    all.push_back(std::move(declaration));
  };
  for (const AttentionVariant& variant : attention_variants()) add(attention(variant), variant);
  all.push_back(attention_kept({.name = "kept", .mask = {}, .typical = true}));
  all.push_back(attention_kept({.name = "kept shared", .mask = {}, .sharing = 3}));
  for (const AttentionVariant& variant : attention_variants())
    add(attention_backward(variant), variant);
}

// ---- Cross-entropy ------------------------------------------------------------------------------

/// Targets below `vocabulary`, every fifth −1.
template <class Operation>
Array targets(CaseOf<Operation>& c, int64_t vocabulary) {
  const Array targets = c.memory.indices(c.rows, vocabulary);
  for (int64_t r = 4; r < c.rows; r += 5) set(targets, 0, r, -1);
  c.memory.keep();
  return targets;
}

/// One chunk of a vocabulary: with columns before it, behind it, both, or neither.
CaseDeclaration cross_entropy(const char* name, int64_t before, int64_t behind, CaseSizes typical) {
  return declare(name, &Kernels::cross_entropy, odd_matrices(), typical, {67, 33},
                 [before, behind](CaseOf<CrossEntropy>& c) {
                   CrossEntropy& e = c.operation;
                   e.first = before;
                   e.vocabulary = before + c.columns + behind;
                   e.logits = c.memory.numbers(kF32, c.rows, c.columns, -8, 8);
                   e.targets = targets(c, e.vocabulary);
                   e.maximum = c.memory.numbers(kF32, 1, c.rows, -8, 8);
                   e.sum = c.memory.numbers(kF32, 1, c.rows, 1, 4);
                   e.target_logit = c.memory.numbers(kF32, 1, c.rows);
                   e.log_sum = c.memory.numbers(kF32, 1, c.rows);
                   e.loss = c.memory.numbers(kF32, 1, c.rows);
                 });
}

void add_cross_entropies(std::vector<CaseDeclaration>& all) {
  all.push_back(cross_entropy("cross_entropy", 0, 0, kNone));
  all.push_back(cross_entropy("cross_entropy first chunk", 0, 100, {512, 8192}));
  all.push_back(cross_entropy("cross_entropy middle chunk", 64, 100, kNone));
  all.push_back(cross_entropy("cross_entropy last chunk", 64, 0, kNone));
  for (const int64_t first : {0, 64})
    all.push_back(declare(first == 0 ? "cross_entropy_backward" : "cross_entropy_backward chunk",
                          &Kernels::cross_entropy_backward, odd_matrices(),
                          first == 0 ? CaseSizes{512, 8192} : kNone, {67, 33},
                          [first](CaseOf<CrossEntropyBackward>& c) {
                            CrossEntropyBackward& e = c.operation;
                            e.first = first;
                            e.logits = c.memory.numbers(kF32, c.rows, c.columns, -8, 8);
                            e.targets = targets(c, first + c.columns);
                            e.log_sum = c.memory.numbers(kF32, 1, c.rows, 8, 9);
                            e.dloss = c.memory.numbers(kF32, 1, c.rows);
                            e.dlogits = c.memory.numbers(c.type, c.rows, c.columns);
                          }));
}

// ---- Elementwise --------------------------------------------------------------------------------

struct MapVariant {
  const char* name;
  Unary function;
  double low = -5, high = 5;
};

CaseDeclaration map(const MapVariant& v) {
  return declare(v.name, &Kernels::map, odd_matrices(), kNone, kSeveralTasks, [v](CaseOf<Map>& c) {
    c.operation.function = v.function;
    c.operation.scale = 0.75;
    c.operation.x = c.memory.numbers(c.type, c.rows, c.columns, v.low, v.high);
    c.operation.out = c.memory.numbers(c.type, c.rows, c.columns);
  });
}

void add_maps(std::vector<CaseDeclaration>& all) {
  const MapVariant variants[] = {
      {"map copy", Unary::copy},
      {"map negate", Unary::negate},
      {"map exp", Unary::exp},
      {"map exp far", Unary::exp, -100, 85},
      {"map log", Unary::log, 0.01, 9},
      {"map sigmoid", Unary::sigmoid},
      {"map log_sigmoid", Unary::log_sigmoid},
      {"map log_sigmoid far", Unary::log_sigmoid, -200, 200},
      {"map tanh", Unary::tanh},
      {"map tanh near", Unary::tanh, -0.2, 0.2},
      {"map tanh far", Unary::tanh, -200, 200},
      {"map square", Unary::square},
      {"map gelu_tanh", Unary::gelu_tanh},
      {"map gelu_exact", Unary::gelu_exact},
  };
  for (const MapVariant& v : variants) all.push_back(map(v));
  for (const Write write : {Write::overwrite, Write::accumulate})
    for (const bool to_f32 : {false, true}) {
      const bool accumulate = write == Write::accumulate;
      const std::string name = accumulate ? "map accumulate " : "map cast ";
      all.push_back(declare(name + (to_f32 ? "T to f32" : "f32 to T"), &Kernels::map,
                            odd_matrices(), accumulate ? kNone : CaseSizes{1024, 3072},
                            kSeveralTasks, [write, to_f32](CaseOf<Map>& c) {
                              c.operation.x =
                                  c.memory.numbers(to_f32 ? c.type : kF32, c.rows, c.columns);
                              c.operation.out =
                                  c.memory.numbers(to_f32 ? kF32 : c.type, c.rows, c.columns);
                              c.operation.write = write;
                            }));
    }
  for (const bool to_f16 : {false, true})
    all.push_back(declare(
        to_f16 ? "map cast T to f16" : "map cast f16 to T", &Kernels::map, odd_matrices(), kNone,
        kSeveralTasks, [to_f16](CaseOf<Map>& c) {
          const DataType f16 = DataType::f16;
          c.operation.x = c.memory.numbers(to_f16 ? c.type : f16, c.rows, c.columns, -1e-4, 1e-4);
          c.operation.out = c.memory.numbers(to_f16 ? f16 : c.type, c.rows, c.columns);
        }));
}

struct CombineVariant {
  const char* name;
  Binary function;
  enum Repeat { none, row, column, number } repeat_a = none, repeat_b = none;
  bool typical = false;
};

CaseDeclaration combine(const CombineVariant& v) {
  return declare(v.name, &Kernels::combine, odd_matrices(),
                 v.typical ? CaseSizes{1024, 768} : kNone, kSeveralTasks, [v](CaseOf<Combine>& c) {
                   using V = CombineVariant;
                   const auto operand = [&](V::Repeat repeat, double low, double high) {
                     return c.memory.numbers(
                         c.type, repeat == V::row || repeat == V::number ? 1 : c.rows,
                         repeat == V::column || repeat == V::number ? 1 : c.columns, low, high);
                   };
                   const bool divides = v.function == Binary::divide;
                   c.operation.function = v.function;
                   c.operation.a = operand(v.repeat_a, -3, 3);
                   c.operation.b = operand(v.repeat_b, divides ? 0.5 : -3, 3);
                   c.operation.out = c.memory.numbers(c.type, c.rows, c.columns);
                 });
}

void add_combines(std::vector<CaseDeclaration>& all) {
  using V = CombineVariant;
  const V variants[] = {
      {"combine add", Binary::add, V::none, V::none, true},
      {"combine add row", Binary::add, V::none, V::row},
      {"combine subtract column", Binary::subtract, V::none, V::column},
      {"combine multiply number", Binary::multiply, V::none, V::number},
      {"combine row subtract", Binary::subtract, V::row, V::none},
      {"combine column divide", Binary::divide, V::column, V::none},
      {"combine column multiply row", Binary::multiply, V::column, V::row},
      {"combine divide", Binary::divide},
      {"combine minimum", Binary::minimum},
      {"combine maximum", Binary::maximum},
      {"combine less", Binary::less},
      {"combine gelu_tanh_gradient", Binary::gelu_tanh_gradient, V::none, V::none, true},
      {"combine gelu_exact_gradient", Binary::gelu_exact_gradient},
  };
  for (const V& v : variants) all.push_back(combine(v));
}

void add_dropouts(std::vector<CaseDeclaration>& all) {
  for (const double probability : {0.2, 0.9})
    all.push_back(declare("dropout " + std::to_string(probability).substr(0, 3), &Kernels::dropout,
                          odd_matrices(), probability < 0.5 ? CaseSizes{1024, 768} : kNone,
                          kSeveralTasks, [probability](CaseOf<Dropout>& c) {
                            c.operation.mask = {probability, 1, 2, 3};
                            c.operation.first = (uint64_t{1} << 33) - 5;
                            c.operation.x = c.memory.numbers(c.type, c.rows, c.columns);
                            c.operation.out = c.memory.numbers(c.type, c.rows, c.columns);
                          }));
}

// ---- Optimizer ----------------------------------------------------------------------------------

void add_optimizers(std::vector<CaseDeclaration>& all) {
  all.push_back(declare("squared_norm", &Kernels::squared_norm, odd_vectors(), {7'000'000}, kNone,
                        [](CaseOf<SquaredNorm>& c) {
                          const int64_t blocks = (c.rows + kNormBlock - 1) / kNormBlock;
                          c.operation.x = c.memory.numbers(kF32, 1, c.rows);
                          c.operation.partials = c.memory.numbers(DataType::f64, 1, blocks);
                        }));
  all.push_back(declare("adamw", &Kernels::adamw, odd_vectors(), {7'000'000}, {3 * kNormBlock + 5},
                        [](CaseOf<AdamW>& c) {
                          AdamW& a = c.operation;
                          a.learning_rate = 1e-2;
                          a.weight_decay = 0.1;
                          a.gradient_scale = 0.7;
                          a.step = 3;
                          a.gradient = c.memory.numbers(kF32, 1, c.rows);
                          a.parameter = c.memory.numbers(kF32, 1, c.rows);
                          a.first_moment = c.memory.numbers(kF32, 1, c.rows, -0.1, 0.1);
                          a.second_moment = c.memory.numbers(kF32, 1, c.rows, 0, 0.1);
                        }));
}

}  // namespace

const std::vector<CaseDeclaration>& kernel_cases() {
  static const std::vector<CaseDeclaration> cases = [] {
    std::vector<CaseDeclaration> all;
    add_products(all);
    add_quantized_products(all);
    add_embeddings(all);
    add_layernorms(all);
    add_rotary_and_swiglu(all);
    add_attentions(all);
    add_cross_entropies(all);
    add_maps(all);
    add_combines(all);
    add_dropouts(all);
    add_optimizers(all);
    return all;
  }();
  return cases;
}

}  // namespace octavo
