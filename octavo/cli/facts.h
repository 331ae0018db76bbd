// Facts about something, said once: as a table for people and as JSON for programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"

namespace octavo {

class Facts {
 public:
  /// `kind` is what the thing is: "GPT-2 model".
  Facts(std::string kind, const std::string& path);

  /// A fact named like a JSON key ("training_step"); `text` is how people read it.
  Facts& add(std::string_view name, Json value, std::string text);
  Facts& add(std::string_view name, const std::string& text) { return add(name, text, text); }
  /// With thousands separated.
  Facts& add(std::string_view name, int64_t number);
  /// "442 MB (441,940,992 bytes)"
  Facts& add_bytes(std::string_view name, int64_t bytes);
  /// A row of the list below the facts, as JSON in an array of this name. One list at most.
  Facts& add_row(std::string_view list, Json value, std::string text);

  const std::string& kind() const { return kind_; }
  Json json() const;
  std::string text() const;

 private:
  std::string kind_, title_;
  std::vector<std::pair<std::string, std::string>> lines_;
  Json json_ = Json::object();
  std::string list_;
  std::vector<std::string> rows_;
  std::vector<Json> row_values_;
};

}  // namespace octavo
