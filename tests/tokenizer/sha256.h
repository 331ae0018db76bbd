// SHA-256 (FIPS 180-4), to compare with other people's sums; no defence is needed here.
#pragma once

#include <fmt/core.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace octavo {

/// 64 hex digits.
inline std::string sha256(std::string_view text) {
  // The first 32 bits of the fractions of roots of the first primes: square, and cube.
  std::array<uint32_t, 8> state;
  std::array<uint32_t, 64> constants;
  const auto fraction = [](long double root) {
    return static_cast<uint32_t>((root - std::floor(root)) * 0x1p32L);
  };
  for (uint32_t found = 0, prime = 2; found < 64; ++prime) {
    bool is_prime = true;
    for (uint32_t i = 2; i * i <= prime; ++i) is_prime = is_prime && prime % i != 0;
    if (!is_prime) continue;
    if (found < 8) state[found] = fraction(std::sqrt(static_cast<long double>(prime)));
    constants[found++] = fraction(std::cbrt(static_cast<long double>(prime)));
  }
  std::string message = std::string(text) + '\x80';
  message.append((119 - text.size() % 64) % 64, '\0');
  for (int shift = 56; shift >= 0; shift -= 8)
    message += static_cast<char>(uint64_t{text.size()} * 8 >> shift);
  for (size_t block = 0; block < message.size(); block += 64) {
    std::array<uint32_t, 64> w{};
    for (size_t i = 0; i < 64; ++i)
      w[i / 4] = w[i / 4] << 8 | static_cast<unsigned char>(message[block + i]);
    for (size_t i = 16; i < 64; ++i)
      w[i] = w[i - 16] + w[i - 7] +
             (std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3) +
             (std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10);
    auto [a, b, c, d, e, f, g, h] = state;
    for (size_t i = 0; i < 64; ++i) {
      const uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                           ((e & f) ^ (~e & g)) + constants[i] + w[i];
      const uint32_t two =
          (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    const std::array<uint32_t, 8> add{a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; ++i) state[i] += add[i];
  }
  std::string hex;
  for (const uint32_t word : state) hex += fmt::format("{:08x}", word);
  return hex;
}

}  // namespace octavo
