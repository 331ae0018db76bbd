// The first names of the built-in corpus: short, common, each with its pronoun, so that stories and
// tasks speak of the same people.
#pragma once

#include <array>
#include <string_view>

namespace octavo {

enum class Pronoun { he, she, it, they };

struct FirstName {
  std::string_view name;
  Pronoun pronoun;
};

/// None ends in "s" (so "'s" always fits), none is a word of the stories.
inline constexpr std::array<FirstName, 48> kFirstNames = {{
    {"Tom", Pronoun::he},   {"Anna", Pronoun::she},  {"Ben", Pronoun::he},   {"Mia", Pronoun::she},
    {"Sam", Pronoun::he},   {"Eva", Pronoun::she},   {"Max", Pronoun::he},   {"Lily", Pronoun::she},
    {"Leo", Pronoun::he},   {"Rosa", Pronoun::she},  {"Jack", Pronoun::he},  {"Emma", Pronoun::she},
    {"Finn", Pronoun::he},  {"Nora", Pronoun::she},  {"Noah", Pronoun::he},  {"Ella", Pronoun::she},
    {"Hugo", Pronoun::he},  {"Clara", Pronoun::she}, {"Paul", Pronoun::he},  {"Ida", Pronoun::she},
    {"Adam", Pronoun::he},  {"Jane", Pronoun::she},  {"Carl", Pronoun::he},  {"Kate", Pronoun::she},
    {"Dan", Pronoun::he},   {"Lucy", Pronoun::she},  {"Eli", Pronoun::he},   {"Maya", Pronoun::she},
    {"Fred", Pronoun::he},  {"Nina", Pronoun::she},  {"Ivan", Pronoun::he},  {"Olga", Pronoun::she},
    {"Luke", Pronoun::he},  {"Ruth", Pronoun::she},  {"Otto", Pronoun::he},  {"Sara", Pronoun::she},
    {"Nick", Pronoun::he},  {"Tina", Pronoun::she},  {"Omar", Pronoun::he},  {"Vera", Pronoun::she},
    {"Peter", Pronoun::he}, {"Zoe", Pronoun::she},   {"Theo", Pronoun::he},  {"Ada", Pronoun::she},
    {"Jim", Pronoun::he},   {"Beth", Pronoun::she},  {"Oscar", Pronoun::he}, {"Dora", Pronoun::she},
}};

}  // namespace octavo
