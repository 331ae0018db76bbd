// Arithmetic on values (operators.h).
#include <cmath>
#include <limits>

#include "octavo/template/operators.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

std::string_view symbol(Operation operation) {
  static constexpr std::string_view kSymbols[] = {"+", "-", "*", "/", "//", "%", "**"};
  return kSymbols[static_cast<int>(operation) - static_cast<int>(Operation::add)];
}

bool power_overflows(int64_t base, int64_t exponent, int64_t& result) {
  result = base == -1 && exponent % 2 == 0 ? 1 : base;
  if (exponent == 0) result = 1;
  if (base >= -1 && base <= 1) return false;
  for (; exponent > 1; --exponent)
    if (__builtin_mul_overflow(result, base, &result)) return true;
  return false;
}

Value whole_arithmetic(Runtime& runtime, Operation operation, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  switch (operation) {
    case Operation::add:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Operation::subtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Operation::multiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    case Operation::divide:  // long double holds 64 bits
      return static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b));
    case Operation::floor_divide:
      overflow = a == std::numeric_limits<int64_t>::min() && b == -1;
      if (!overflow) result = a / b - (a % b != 0 && (a < 0) != (b < 0));
      break;
    case Operation::modulo:
      result = b == -1 ? 0 : a % b;
      if (result != 0 && (result < 0) != (b < 0)) result += b;
      break;
    default:
      if (b < 0) return std::pow(static_cast<double>(a), static_cast<double>(b));
      overflow = power_overflows(a, b, result);
  }
  if (overflow)
    runtime.fail("expected an integer of 64 bits as the result of '{}', found more",
                 symbol(operation));
  return result;
}

// The remainder has the sign of the divisor, and the quotient is whole.
std::pair<double, double> floor_divided(double a, double b) {
  double remainder = std::fmod(a, b);
  if (remainder == 0)
    remainder = std::copysign(0.0, b);
  else if ((b < 0) != (remainder < 0))
    remainder += b;
  return {std::round((a - remainder) / b), remainder};
}

Value real_arithmetic(Runtime& runtime, Operation operation, double a, double b) {
  switch (operation) {
    case Operation::add:
      return a + b;
    case Operation::subtract:
      return a - b;
    case Operation::multiply:
      return a * b;
    case Operation::divide:
      return a / b;
    case Operation::floor_divide:
      return floor_divided(a, b).first;
    case Operation::modulo:
      return floor_divided(a, b).second;
    default:
      break;
  }
  const double result = std::pow(a, b);
  if (std::isnan(result) && !std::isnan(a) && !std::isnan(b))
    runtime.fail("expected a real number as the result of '**', found a complex one");
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
    runtime.fail("expected a number of 64 bits as the result of '**', found more");
  return result;
}

Value number_arithmetic(Runtime& runtime, Operation operation, const Value& a, const Value& b) {
  const bool divides = operation == Operation::divide || operation == Operation::floor_divide ||
                       operation == Operation::modulo;
  const bool inverts = operation == Operation::power && a.number() == 0 && b.number() < 0;
  if ((divides && b.number() == 0) || inverts)
    runtime.fail("expected no division by zero, found {} {} {}", to_text(runtime, a),
                 symbol(operation), to_text(runtime, b));
  if (a.is_whole() && b.is_whole())
    return whole_arithmetic(runtime, operation, a.whole(), b.whole());
  return real_arithmetic(runtime, operation, a.number(), b.number());
}

Value joined(Runtime& runtime, const Value& a, const Value& b) {
  if (a.text()) {
    TextBuilder out(runtime);
    out += a.view();
    out += b.view();
    return out.value();
  }
  runtime.allow((a.items().size() + b.items().size()) * sizeof(Value));
  std::vector<Value> items;
  items.reserve(a.items().size() + b.items().size());
  for (const Value* one : {&a, &b})
    items.insert(items.end(), one->items().begin(), one->items().end());
  return runtime.list(std::move(items), a.sequence()->kind);
}

Value repeated(Runtime& runtime, const Value& value, int64_t times) {
  const auto count = static_cast<size_t>(std::max<int64_t>(times, 0));
  if (value.text()) {
    TextBuilder out(runtime);
    if (!value.view().empty()) out.fill(count, value.view());
    return out.value();
  }
  std::vector<Value> items;
  if (!value.items().empty()) {
    runtime.allow(count);  // before the product, which could overflow
    runtime.allow(count * value.items().size() * sizeof(Value));
    items.reserve(count * value.items().size());
    for (size_t i = 0; i < count; ++i)
      items.insert(items.end(), value.items().begin(), value.items().end());
  }
  return runtime.list(std::move(items), value.sequence()->kind);
}

bool can_repeat(const Value& value, const Value& times) {
  return (value.text() || value.sequence()) && times.is_whole();
}

}  // namespace

Value arithmetic(Runtime& runtime, Operation operation, const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return number_arithmetic(runtime, operation, a, b);
  reject_undefined(runtime, a);
  reject_undefined(runtime, b);
  if (operation == Operation::modulo && a.text())
    runtime.fail("expected numbers for '%', found a text: its formatting is not supported");
  const bool are_alike =
      (a.text() && b.text()) || (a.is_list() && b.is_list()) || (a.is_tuple() && b.is_tuple());
  if (operation == Operation::add && are_alike) return joined(runtime, a, b);
  if (operation == Operation::multiply) {
    if (can_repeat(a, b)) return repeated(runtime, a, b.whole());
    if (can_repeat(b, a)) return repeated(runtime, b, a.whole());
  }
  runtime.fail("expected two values for '{}' that go together, found {} and {}", symbol(operation),
               describe(a), describe(b));
}

Value signed_number(Runtime& runtime, Operation operation, const Value& value) {
  reject_undefined(runtime, value);
  if (!value.is_number()) runtime.fail("expected a number after a sign, found {}", describe(value));
  if (operation == Operation::positive) return value.is_real() ? value : Value(value.whole());
  if (value.is_real()) return -value.real();
  return whole_arithmetic(runtime, Operation::subtract, 0, value.whole());
}

}  // namespace octavo::jinja
