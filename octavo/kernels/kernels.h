// The kernel contract: what a machine must provide, on plain memory and sizes.
//
// `Kernels` is one implementation with a name: "reference" (readable loops that define right, in
// double precision), one per CPU instruction set, "planned" (does nothing: for predicting memory)
// and "compared" (runs two and fails where they differ). Each operation is a struct that documents
// its shapes; its `arrays` lists its memory once, which is what `compared` and the tests walk.
//
// Conventions. Arrays are row-major; T is the type of activations: f32 or bf16 (f64 in the
// reference only). Statistics, biases, norm parameters and their gradients are f32 when T is bf16,
// else T. Kernels never allocate: scratch comes from the caller. No result depends on the number of
// threads or on which other rows are in the same call: a row's numbers are a function of that row;
// sums over rows run over fixed blocks in a fixed order. Sizes are checked by ops/, asserted here.
// Tested by tests/kernels (every implementation against the reference, odd sizes, misalignment).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "octavo/device/data_type.h"

namespace octavo {

/// A matrix in plain memory: rows × columns numbers, consecutive rows `stride` numbers apart.
struct Array {
  void* data = nullptr;
  DataType type = DataType::f32;
  int64_t rows = 0, columns = 0, stride = 0;

  explicit operator bool() const { return data != nullptr; }
  template <class T>
  T* row(int64_t r) const {
    return static_cast<T*>(data) + r * stride;
  }
};

struct ConstArray {
  const void* data = nullptr;
  DataType type = DataType::f32;
  int64_t rows = 0, columns = 0, stride = 0;

  ConstArray() = default;
  ConstArray(const void* data, DataType type, int64_t rows, int64_t columns, int64_t stride)
      : data(data), type(type), rows(rows), columns(columns), stride(stride) {}
  ConstArray(const Array& a)
      : data(a.data), type(a.type), rows(a.rows), columns(a.columns), stride(a.stride) {}

  explicit operator bool() const { return data != nullptr; }
  template <class T>
  const T* row(int64_t r) const {
    return static_cast<const T*>(data) + r * stride;
  }
};

enum class Write { overwrite, accumulate };

/// Pointwise nonlinearity at the end of a product.
enum class Activation { none, gelu_tanh, gelu_exact };

// ---- Matrix products ----------------------------------------------------------------------------

enum class MatrixOrder { plain, transposed };

/// A [k, n] matrix in the layout that an implementation's `product` reads best.
struct PackedMatrix {
  const void* data = nullptr;
  DataType type = DataType::f32;
  int64_t k = 0, n = 0;

  explicit operator bool() const { return data != nullptr; }
};

/// Brings a matrix into the packed layout, rounding to `type`.
struct Pack {
  ConstArray source;  ///< [k, n], or [n, k] when transposed
  MatrixOrder order = MatrixOrder::plain;
  DataType type = DataType::f32;
  void* packed = nullptr;  ///< Kernels::packed_bytes(k, n, type) bytes, 64-byte aligned

  int64_t k() const { return order == MatrixOrder::plain ? source.rows : source.columns; }
  int64_t n() const { return order == MatrixOrder::plain ? source.columns : source.rows; }
};

/// out [m, n] = activation(left [m, k] · right [k, n] + bias), or out += … . Every element is one
/// chain of multiply-adds over k in ascending order, whatever m, n and the threads are.
struct Product {
  ConstArray left;               ///< [m, k] T; or, in its place,
  PackedMatrix left_transposed;  ///< packed [k, m], used transposed (weight gradients)
  PackedMatrix right;            ///< [k, ≥ first_column + n]
  int64_t first_column = 0;      ///< of `right`; a multiple of kPackedColumns
  ConstArray bias;               ///< [1, n], may be absent
  Activation activation = Activation::none;
  Array pre_activation;  ///< [m, n] T, may be absent: the value before the activation
  Array out;             ///< [m, n] T or f32
  Write write = Write::overwrite;

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(left), visit(bias), visit(pre_activation), visit(out);
  }
};
inline constexpr int64_t kPackedColumns = 64;

// ---- Products with quantized weights ------------------------------------------------------------

/// A matrix of a quantized type: rows of blocks, one behind the other, as they lie in a file.
struct QuantizedMatrix {
  const void* data = nullptr;
  DataType type = DataType::q8_0;
  int64_t rows = 0, columns = 0;  ///< columns: whole blocks

  explicit operator bool() const { return data != nullptr; }
  const std::byte* row(int64_t r) const {
    return static_cast<const std::byte*>(data) + r * row_bytes(type, columns);
  }
};

/// What becomes of a row of activations before it meets quantized weights.
enum class LeftRounding {
  none,   ///< It stays as it is. With f32 the bits are those of `product` of the decoded matrix.
  bytes,  ///< It becomes integers of −127 … 127, kByteBlock of them with one scale.
};

/// out [m, n] = activation(left [m, k] · rightᵀ + bias). With `bytes`, x of a block becomes
/// q = x · (127 / M) to the nearest integer, ties to even, which stands for q · (M / 127), M the
/// largest magnitude in the block, in f32. Products of integers are then summed exactly over each
/// part of a row that shares a scale, and the parts added up in ascending order in f32. Neither
/// rounds weights: with bf16 their integers, which it holds, are multiplied, and the sum of each
/// part is scaled. So an element is a function of its row and its column, whatever m, n and the
/// threads are.
struct QuantizedProduct {
  ConstArray left;  ///< [m, k] T, f32 or bf16
  LeftRounding rounding = LeftRounding::none;
  QuantizedMatrix right;  ///< [n, k]
  ConstArray bias;        ///< [1, n], may be absent
  Activation activation = Activation::none;
  Array out;                ///< [m, n] T or f32
  void* scratch = nullptr;  ///< quantized_product_scratch(*this) bytes, 64-byte aligned

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(left), visit(bias), visit(out);
  }
};
inline constexpr int64_t kByteBlock = 32;

// ---- Embedding ----------------------------------------------------------------------------------

/// out[r] = tokens_table[token[r]] + positions_table[position[r]], in out's type.
struct Embedding {
  ConstArray tokens;                  ///< [1, R] i32
  ConstArray positions;               ///< [1, R] i32
  ConstArray token_table;             ///< [V, C], quantized or not
  ConstArray position_table;          ///< [P, C], quantized or not, may be absent
  DataType rounding = DataType::f32;  ///< of the rows of both tables, before they are added
  Array out;                          ///< [R, C]

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(tokens), visit(positions), visit(token_table), visit(position_table), visit(out);
  }
};

/// Adds each row of dout to the table rows it came from, in the order of the rows.
struct EmbeddingBackward {
  ConstArray tokens, positions;  ///< [1, R] i32
  ConstArray dout;               ///< [R, C]
  Array dtoken_table;            ///< [V, C], accumulated
  Array dposition_table;         ///< [P, C], accumulated, may be absent

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(tokens), visit(positions), visit(dout), visit(dtoken_table), visit(dposition_table);
  }
};

// ---- LayerNorm (Ba et al. 2016) -----------------------------------------------------------------

/// out = (x − mean) · rstd · weight + bias over each row; rstd = 1 / sqrt(variance + epsilon).
struct LayerNorm {
  double epsilon = 1e-5;
  ConstArray x;             ///< [R, C]
  ConstArray weight, bias;  ///< [1, C]
  Array out;                ///< [R, C]
  Array mean, rstd;         ///< [1, R], may be absent

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(weight), visit(bias), visit(out), visit(mean), visit(rstd);
  }
};

struct LayerNormBackward {
  ConstArray x, weight;            ///< [R, C], [1, C]
  ConstArray mean, rstd;           ///< [1, R]
  ConstArray dout;                 ///< [R, C]
  Array dx;                        ///< [R, C]
  Write write = Write::overwrite;  ///< for dx
  Array dweight, dbias;            ///< [1, C], accumulated
  Array scratch;                   ///< f32 [2 · ⌈R / kSumRows⌉, C] (f64 where T is)

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(weight), visit(mean), visit(rstd), visit(dout), visit(dx), visit(dweight);
    visit(dbias);
  }
};
// ---- RMSNorm (Zhang & Sennrich 2019) ------------------------------------------------------------

/// out = x · rstd · weight over each row; rstd = 1 / sqrt(mean of x² + epsilon).
struct RmsNorm {
  double epsilon = 1e-5;
  ConstArray x;       ///< [R, C]
  ConstArray weight;  ///< [1, C]
  Array out;          ///< [R, C]
  Array rstd;         ///< [1, R], may be absent

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(weight), visit(out), visit(rstd);
  }
};

struct RmsNormBackward {
  ConstArray x, weight, rstd;      ///< [R, C], [1, C], [1, R]
  ConstArray dout;                 ///< [R, C]
  Array dx;                        ///< [R, C]
  Write write = Write::overwrite;  ///< for dx
  Array dweight;                   ///< [1, C], accumulated
  Array scratch;                   ///< f32 [⌈R / kSumRows⌉, C] (f64 where T is)

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(weight), visit(rstd), visit(dout), visit(dx), visit(dweight);
  }
};

/// Sums over rows: blocks of this many rows, each summed from its first row, then block after
/// block.
inline constexpr int64_t kSumRows = 64;

/// out[c] += Σ_r x[r, c]
struct SumRows {
  ConstArray x;   ///< [R, C]
  Array out;      ///< [1, C], accumulated
  Array scratch;  ///< f32 [⌈R / kSumRows⌉, C] (f64 where x is)

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(out);
  }
};

// ---- Rotary positions (Su et al. 2021) ----------------------------------------------------------

enum class Turn {
  forward,
  back,  ///< by the negative angles: the gradient of `forward`
};
/// In each of the first `heads` heads of a row, columns i and i + n turn as a point of the plane by
/// the angle i of the row's position, i = 0 … n − 1; the other columns are copied.
struct Rotary {
  Turn turn = Turn::forward;
  int64_t heads = 1, head_size = 1;
  ConstArray positions;       ///< [1, R] i32
  ConstArray cosines, sines;  ///< [positions, n] of the angles, f32 (f64 where T is)
  ConstArray x;               ///< [R, C], C ≥ heads · head_size
  Array out;                  ///< [R, C], may be x

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(positions), visit(cosines), visit(sines), visit(x), visit(out);
  }
};

// ---- Attention ----------------------------------------------------------------------------------

/// Which keys a query sees, as an interval of positions; segments narrow it further.
struct AttentionMask {
  enum class Kind { causal, banded, full, prefix };
  Kind kind = Kind::causal;
  int64_t width = 0;  ///< banded: keys seen, the query's own included; prefix: length seen by all
};

/// Keys and values of a sequence's positions, kept for the queries to come in the layout that an
/// implementation's `attention` reads best.
struct KeyValues {
  void* data = nullptr;  ///< Kernels::key_value_bytes(*this) bytes, 64-byte aligned
  DataType type = DataType::f32;
  int64_t heads = 1, head_size = 1, capacity = 0;

  explicit operator bool() const { return data != nullptr; }
};

/// One sequence's rows. Queries are positions first … first + queries − 1 of `keys` positions.
/// q, k, v, out hold all heads side by side: column h · head_size + i. A sequence whose keys and
/// values are kept has positions 0 … first − 1 there; k and v of the queries' positions are put
/// behind them, or are there already and absent here. G key heads serve H / G query heads each.
struct AttentionSequence {
  int64_t first = 0;
  ConstArray q;                       ///< [queries, H·D] T
  ConstArray k, v;                    ///< [keys, G·D] T; with `kept` [queries, G·D]
  KeyValues kept;                     ///< or null
  Array out;                          ///< [queries, H·D] T
  Array log_sum;                      ///< [H, queries] f32, may be absent: log Σ exp of the scores
  const int32_t* segments = nullptr;  ///< [keys] where each position's segment starts, or null
  int64_t number = 0;                 ///< of the sequence in the whole step: dropout's index

  int64_t keys() const { return kept ? first + q.rows : k.rows; }
};

/// Dropout drawn by counter, so that the backward pass draws the same mask.
struct DropoutMask {
  double probability = 0;  ///< 0 is off
  uint64_t seed = 0;
  uint32_t stream = 0, step = 0;
};

/// out = softmax(scale · q · kᵀ, masked) · v. Keys are walked in blocks of kKeyBlock from position
/// 0 with a running maximum (Milakov & Gimelshein 2018; Dao et al. 2022), so a query's numbers
/// depend neither on how many queries come with it nor on how the keys got there.
struct Attention {
  int64_t heads = 1, head_size = 1;
  int64_t key_heads = heads;  ///< G, divides H (Ainslie et al. 2023)
  double scale = 1;
  AttentionMask mask;
  DropoutMask dropout;  ///< of the probabilities
  std::span<AttentionSequence> sequences;

  int64_t key_head(int64_t head) const { return head / (heads / key_heads); }

  template <class Visitor>
  void arrays(Visitor&& visit) {
    for (auto& s : sequences) visit(s.q), visit(s.k), visit(s.v), visit(s.out), visit(s.log_sum);
  }
};
inline constexpr int64_t kKeyBlock = 64;
inline constexpr int64_t kMaximumHeadSize = 256;

struct AttentionGradient {
  ConstArray dout;   ///< [queries, H·D] T
  Array dq, dk, dv;  ///< [queries, H·D], [keys, G·D] T
};

/// The gradient of whole sequences (queries = keys), the scores recomputed from log_sum.
struct AttentionBackward {
  Attention forward;
  std::span<AttentionGradient> gradients;  ///< one per sequence
  void* scratch = nullptr;                 ///< attention_backward_scratch(forward) bytes

  template <class Visitor>
  void arrays(Visitor&& visit) {
    for (auto& s : forward.sequences) {
      ConstArray out = s.out, log_sum = s.log_sum;
      visit(s.q), visit(s.k), visit(s.v), visit(out), visit(log_sum);
    }
    for (auto& g : gradients) visit(g.dout), visit(g.dq), visit(g.dk), visit(g.dv);
  }
};

// ---- Softmax cross-entropy, a chunk of the vocabulary at a time ---------------------------------

/// Folds the logits of columns [first, first + n) into running statistics, in column order. The
/// last chunk (first + n = vocabulary) turns them into the loss.
struct CrossEntropy {
  int64_t first = 0, vocabulary = 0;
  ConstArray logits;   ///< [R, n] f32
  ConstArray targets;  ///< [1, R] i32; −1: no loss
  Array maximum, sum;  ///< [1, R] f32 running max and Σ exp(logit − max); set when first = 0
  Array target_logit;  ///< [1, R] f32, set by the chunk that has the target
  Array log_sum,
      loss;  ///< [1, R] f32: log Σ exp, and log_sum − target logit; set by the last chunk

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(logits), visit(targets), visit(maximum), visit(sum), visit(target_logit);
    visit(log_sum), visit(loss);
  }
};

/// dlogits = (exp(logit − log_sum) − [column = target]) · dloss
struct CrossEntropyBackward {
  int64_t first = 0;
  ConstArray logits;   ///< [R, n] f32
  ConstArray targets;  ///< [1, R] i32
  ConstArray log_sum;  ///< [1, R] f32
  ConstArray dloss;    ///< [1, R] f32
  Array dlogits;       ///< [R, n] T

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(logits), visit(targets), visit(log_sum), visit(dloss), visit(dlogits);
  }
};

// ---- SwiGLU (Shazeer 2020) ----------------------------------------------------------------------

/// out = silu(gate) · up, silu(x) = x · sigmoid(x); gates lie before ups in a row.
struct SwiGlu {
  ConstArray x;  ///< [R, 2n]
  Array out;     ///< [R, n]

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(out);
  }
};

struct SwiGluBackward {
  ConstArray x, dout;  ///< [R, 2n], [R, n]
  Array dx;            ///< [R, 2n], may be x

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(dout), visit(dx);
  }
};

// ---- Elementwise --------------------------------------------------------------------------------

enum class Unary {
  copy,
  negate,
  exp,
  log,
  sigmoid,
  log_sigmoid,
  tanh,
  square,
  gelu_tanh,
  gelu_exact
};
/// out = function(x) · scale, between any two of the types, f16 too (a copy with scale 1 is a
/// cast).
struct Map {
  Unary function = Unary::copy;
  double scale = 1;
  ConstArray x;  ///< [R, C]
  Array out;     ///< [R, C]
  Write write = Write::overwrite;

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(out);
  }
};

enum class Binary {
  add,
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  less,                ///< 1 where a < b, else 0
  gelu_tanh_gradient,  ///< a · gelu'(b)
  gelu_exact_gradient
};
/// out = function(a, b). An operand with one row or one column is repeated.
struct Combine {
  Binary function = Binary::add;
  ConstArray a, b;  ///< [R, C]
  Array out;        ///< [R, C]

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(a), visit(b), visit(out);
  }
};

/// out = x · keep / (1 − probability), keep drawn for the elements first, first + 1, …
struct Dropout {
  DropoutMask mask;
  uint64_t first = 0;
  ConstArray x;  ///< [R, C]
  Array out;     ///< [R, C]

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(out);
  }
};

/// out[r] = Σ_c x[r, c]
struct SumColumns {
  ConstArray x;  ///< [R, C]
  Array out;     ///< [1, R]

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(out);
  }
};

// ---- Optimizer ----------------------------------------------------------------------------------

/// partials[i] = Σ x² over the i-th block of kNormBlock numbers.
struct SquaredNorm {
  ConstArray x;    ///< [1, n] f32
  Array partials;  ///< [1, ⌈n / kNormBlock⌉] f64

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(x), visit(partials);
  }
};
inline constexpr int64_t kNormBlock = 1 << 14;

/// AdamW (Loshchilov & Hutter 2019) as PyTorch computes it; step counts from 1.
struct AdamW {
  double learning_rate = 0, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weight_decay = 0;
  double gradient_scale = 1;  ///< the clip, applied to the gradient first
  int64_t step = 1;
  ConstArray gradient;                           ///< [1, n] f32
  Array parameter, first_moment, second_moment;  ///< [1, n] f32

  template <class Visitor>
  void arrays(Visitor&& visit) {
    visit(gradient), visit(parameter), visit(first_moment), visit(second_moment);
  }
};

// ---- The contract -------------------------------------------------------------------------------

class Kernels {
 public:
  virtual ~Kernels() = default;
  virtual std::string_view name() const = 0;         ///< what OCTAVO_KERNELS names it by
  virtual std::string_view description() const = 0;  ///< one line for people
  virtual bool supported() const { return true; }    ///< by the processor we run on
  /// True where the machine multiplies bf16 numbers in hardware.
  virtual bool has_bf16_arithmetic() const { return false; }

  virtual size_t packed_bytes(int64_t k, int64_t n, DataType type) const = 0;
  virtual void pack(const Pack&) const = 0;
  virtual void product(const Product&) const = 0;
  /// Depends on the number of threads in use.
  virtual size_t quantized_product_scratch(const QuantizedProduct&) const = 0;
  virtual void quantized_product(const QuantizedProduct&) const = 0;
  virtual void embedding(const Embedding&) const = 0;
  virtual void embedding_backward(const EmbeddingBackward&) const = 0;
  virtual void layernorm(const LayerNorm&) const = 0;
  virtual void layernorm_backward(const LayerNormBackward&) const = 0;
  virtual void rmsnorm(const RmsNorm&) const = 0;
  virtual void rmsnorm_backward(const RmsNormBackward&) const = 0;
  virtual void sum_rows(const SumRows&) const = 0;
  virtual void sum_columns(const SumColumns&) const = 0;
  virtual void rotary(const Rotary&) const = 0;
  virtual size_t key_value_bytes(const KeyValues&) const = 0;
  virtual void attention(const Attention&) const = 0;
  /// Depends on the number of threads in use.
  virtual size_t attention_backward_scratch(const Attention&) const = 0;
  virtual void attention_backward(const AttentionBackward&) const = 0;
  virtual void cross_entropy(const CrossEntropy&) const = 0;
  virtual void cross_entropy_backward(const CrossEntropyBackward&) const = 0;
  virtual void swiglu(const SwiGlu&) const = 0;
  virtual void swiglu_backward(const SwiGluBackward&) const = 0;
  virtual void map(const Map&) const = 0;
  virtual void combine(const Combine&) const = 0;
  virtual void dropout(const Dropout&) const = 0;
  virtual void squared_norm(const SquaredNorm&) const = 0;
  virtual void adamw(const AdamW&) const = 0;

  /// Multiply-adds on registers alone, on all threads, as products of this type do them: some
  /// milliseconds of work. Returns the FLOPs done; the time they took gives the machine's peak.
  virtual double spin(DataType type) const = 0;
};

/// Implementations compiled in and supported by this processor, the fastest first.
std::vector<const Kernels*> available_kernels();

/// The implementation in use: OCTAVO_KERNELS when set ("reference", "portable", "avx2", "avx512",
/// "avx512_bf16", or "compared" and "compared:NAME"), else the first available one.
const Kernels& kernels();

/// The available implementation of this name; a usage error lists the names there are.
const Kernels& kernels_named(std::string_view name);

/// Makes `kernels()` return another implementation until destroyed (tests, planning). Not nested
/// across threads.
class UseKernels {
 public:
  explicit UseKernels(const Kernels& use);
  ~UseKernels();
  UseKernels(const UseKernels&) = delete;
  UseKernels& operator=(const UseKernels&) = delete;

 private:
  const Kernels* previous_;
};

const Kernels& reference_kernels();
/// Does nothing, with the layouts (sizes) of `like`: a run on it allocates what the real one would.
std::unique_ptr<Kernels> planned_kernels(const Kernels& like);
/// Runs `fast`, then `reference` on a copy, and throws where an output differs by more than the
/// type's tolerance. Returns fast's numbers.
std::unique_ptr<Kernels> compared_kernels(const Kernels& fast, const Kernels& reference);

/// The keys [begin, end) that the query at position `query` of `keys` sees.
struct KeyRange {
  int64_t begin, end;
};
inline KeyRange key_range(const AttentionMask& mask, const int32_t* segments, int64_t keys,
                          int64_t query) {
  KeyRange range{0, query + 1};
  switch (mask.kind) {
    case AttentionMask::Kind::causal:
      break;
    case AttentionMask::Kind::banded:
      range.begin = query + 1 - mask.width;
      break;
    case AttentionMask::Kind::full:
      range.end = keys;
      break;
    case AttentionMask::Kind::prefix:
      if (mask.width > range.end) range.end = mask.width;
      break;
  }
  if (range.begin < 0) range.begin = 0;
  if (range.end > keys) range.end = keys;
  if (segments) {
    if (segments[query] > range.begin) range.begin = segments[query];
    while (range.end > query + 1 && segments[range.end - 1] != segments[query]) --range.end;
  }
  return range;
}

}  // namespace octavo
