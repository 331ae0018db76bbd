// Filters of numbers, int, float, abs and round; and `default`, which is of any value.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "octavo/template/characters.h"
#include "octavo/template/objects.h"
#include "octavo/template/operators.h"

namespace octavo::jinja {
namespace {

Value default_filter(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const bool also_false = truth(arguments.or_else(1, false));
  const bool is_absent = subject.undefined() || (also_false && !truth(subject));
  return is_absent ? arguments.or_else(0, runtime.text("")) : subject;
}

/// The number that a text is, but for white space around it and underscores in it, or nothing.
template <class Number>
std::optional<Number> parse(Runtime& runtime, std::string_view text) {
  runtime.spend_bytes(text.size());
  std::string digits(without_space(text, Side::both));
  std::erase(digits, '_');
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.erase(0, 1);
  Number number{};
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  if (read.ptr != end || digits.empty()) return {};
  if (read.ec != std::errc())
    runtime.fail("expected a number of 64 bits, found {}", describe(runtime.text(text)));
  return number;
}

// Towards zero.
Value truncated(Runtime& runtime, double value) {
  if (!(std::abs(value) < 0x1p63))
    runtime.fail("expected a number that fits an integer of 64 bits, found {}", value);
  return static_cast<int64_t>(value);
}

Value int_filter(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Value otherwise = arguments.or_else(0, 0);
  reject_undefined(runtime, subject);
  if (subject.is_whole()) return subject.whole();
  std::optional<double> real;
  if (subject.is_real()) real = subject.real();
  if (subject.text()) {
    if (const auto whole = parse<int64_t>(runtime, subject.view())) return *whole;
    real = parse<double>(runtime, subject.view());  // "42.23" is 42
  }
  return real && std::isfinite(*real) ? truncated(runtime, *real) : otherwise;
}

Value float_filter(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Value otherwise = arguments.or_else(0, 0.0);
  reject_undefined(runtime, subject);
  if (subject.is_number()) return subject.number();
  const auto real = subject.text() ? parse<double>(runtime, subject.view()) : std::nullopt;
  return real ? Value(*real) : otherwise;
}

const Value& number_of(Runtime& runtime, const Value& value, std::string_view what) {
  reject_undefined(runtime, value);
  if (!value.is_number()) runtime.fail("{}: expected a number, found {}", what, describe(value));
  return value;
}

Value abs_filter(Runtime& runtime, const Value& subject, Arguments&) {
  const Value& number = number_of(runtime, subject, "abs");
  return signed_number(runtime, number.number() < 0 ? Operation::negative : Operation::positive,
                       number);
}

// To the nearest of so many decimals, and of two as near to the even one, which is what printf
// does; or up or down.
Value round_filter(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const int64_t precision = whole_of(runtime, arguments.or_else(0, 0), "precision");
  if (precision < 0 || precision > 300)
    runtime.fail("round: expected a precision from 0 to 300, found {}", precision);
  const Value method = arguments.or_else(1, runtime.text("common"));
  const std::string_view name = text_of(runtime, method, "method").bytes;
  const Value& number = number_of(runtime, subject, "round");
  if (name == "common") {
    if (number.is_whole() || !std::isfinite(number.real())) return number;
    return std::strtod(fmt::format("{:.{}f}", number.real(), precision).c_str(), nullptr);
  }
  if (name != "ceil" && name != "floor")
    runtime.fail("round: expected \"common\", \"ceil\" or \"floor\", found {}", describe(method));
  const double unit = std::pow(10.0, static_cast<double>(precision));
  const double scaled = number.number() * unit;
  return (name == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / unit;
}

constexpr Builtin kTable[] = {
    {"default", "default_value? boolean?", default_filter},
    {"d", "default_value? boolean?", default_filter},
    {"int", "default?", int_filter},
    {"float", "default?", float_filter},
    {"abs", "", abs_filter},
    {"round", "precision? method?", round_filter},
};

}  // namespace

std::span<const Builtin> number_filters() { return kTable; }

}  // namespace octavo::jinja
