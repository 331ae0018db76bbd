#include "octavo/cli/command.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <system_error>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/cli/help.h"

namespace octavo {
namespace {

constexpr const char* kCommonGroup = "Common options";

template <class Number>
bool parse(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

template <class Number>
struct Range {
  Number least, most;
  bool without_least = false;

  bool has(Number number) const {
    return number <= most && (without_least ? number > least : number >= least);
  }
  std::string text() const {
    const bool open = most >= std::numeric_limits<Number>::max();
    if (without_least) return fmt::format("above {} and at most {}", least, most);
    return open ? fmt::format("of at least {}", least) : fmt::format("from {} to {}", least, most);
  }
};

// The check decides the wording of the error. (CLI11's own conversion would read 010 as eight.)
template <class Number>
CLI::Option* add_ranged(CLI::App& command, const std::string& name, Number& value,
                        Range<Number> range, std::string_view kind, const std::string& help) {
  const auto check = [=](const std::string& text) {
    Number number{};
    const bool good = parse(text, number) && range.has(number);
    return good ? "" : fmt::format("expected {} {}, found \"{}\"", kind, range.text(), text);
  };
  const auto assign = [&value](const std::string& text) { parse(text, value); };
  return command.add_option_function<std::string>(name, assign, help)
      ->type_name("N")
      ->check(CLI::Validator(check, ""));
}

}  // namespace

// ---- Options ------------------------------------------------------------------------------------

CLI::Option* add_text(CLI::App& command, const std::string& name, std::string& value,
                      const std::string& value_name, const std::string& help) {
  return command.add_option(name, value, help)->type_name(value_name);
}

CLI::Option* add_texts(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                       const std::string& value_name, const std::string& help) {
  CLI::Option* option = command.add_option(name, values, help)->type_name(value_name);
  return option->get_positional() ? option : option->allow_extra_args(false);
}

CLI::Option* add_integer(CLI::App& command, const std::string& name, int64_t& value, int64_t least,
                         int64_t most, const std::string& help) {
  return add_ranged(command, name, value, {least, most}, "a whole number", help);
}

CLI::Option* add_number(CLI::App& command, const std::string& name, double& value, double least,
                        double most, const std::string& help) {
  return add_ranged(command, name, value, {least, most}, "a number", help);
}

CLI::Option* add_size(CLI::App& command, const std::string& name, int64_t& value, int64_t least,
                      int64_t most, const std::string& help) {
  const auto check = [=](const std::string& text) {
    const auto bytes = parse_bytes(text);
    if (bytes && *bytes >= least && *bytes <= most) return std::string();
    return fmt::format("expected a size from {} to {}, such as 20MB, found \"{}\"",
                       human_bytes(static_cast<double>(least)),
                       human_bytes(static_cast<double>(most)), text);
  };
  const auto assign = [&value](const std::string& text) { value = parse_bytes(text).value_or(0); };
  return command.add_option_function<std::string>(name, assign, help)
      ->type_name("SIZE")
      ->check(CLI::Validator(check, ""));
}

CLI::Option* add_positive(CLI::App& command, const std::string& name, double& value, double most,
                          const std::string& help) {
  return add_ranged(command, name, value, {0.0, most, true}, "a number", help);
}

CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        std::span<const std::string> choices, const std::string& help) {
  const std::vector<std::string> names(choices.begin(), choices.end());
  const auto check = [names](const std::string& text) {
    if (std::find(names.begin(), names.end(), text) != names.end()) return std::string();
    return fmt::format("expected {}, found \"{}\"{}", listed(names), text,
                       did_you_mean(text, names));
  };
  return command.add_option(name, value, help)
      ->type_name(fmt::format("{}", fmt::join(names, "|")))
      ->check(CLI::Validator(check, ""));
}

CLI::Option* add_precision(CLI::App& command, const std::string& name, std::string& value,
                           const std::string& help) {
  const std::string choices[] = {"fp32", "bf16"};
  return add_choice(command, name, value, choices, help);
}

void finish_command(CLI::App& command, CommonOptions& common,
                    std::initializer_list<std::string_view> examples, std::function<void()> run) {
  static int64_t threads = 0;  // CLI11 wants a place that lives as long as the tree
  command.add_flag("--json", common.json, "JSON on standard output, for programs")
      ->group(kCommonGroup);
  command.add_flag("-q,--quiet", common.quiet, "Nothing on standard error but errors")
      ->group(kCommonGroup);
  add_integer(command, "--threads", threads, 1, 4096,
              "Threads to compute with (default: OMP_NUM_THREADS, else all cores)")
      ->group(kCommonGroup)
      ->each([](const std::string& text) { set_threads(std::stoi(text)); });
  command.set_help_flag("-h,--help", "This help")->group(kCommonGroup);
  if (examples.size() > 0) {
    std::string footer = "Examples:";
    for (const std::string_view example : examples)
      footer += fmt::format("\n{}{}", example.empty() ? "" : "  ", example);
    command.footer(footer);
  }
  command.group("Commands");
  command.callback(std::move(run));
}

// ---- Output -------------------------------------------------------------------------------------

std::string shell_quoted(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) ||
             std::string_view("-_./=,:+@%").find(c) != std::string_view::npos;
    });
    if (!text.empty()) text += ' ';
    if (plain) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    text += '\'';
  }
  return text;
}

namespace {

void require_written(bool written) {
  require(ErrorKind::io, written, "standard output: cannot write: {}",
          std::generic_category().message(errno));
}

}  // namespace

void put(std::string_view text) {
  require_written(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void put_line(const Json& value) {
  put(value.dump() + "\n");
  flush_output();
}

void flush_output() { require_written(std::fflush(stdout) == 0); }

std::string harmless(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == '\r' && next == '\n') continue;  // the end of a line, as much text has it
    const bool wide = byte == 0xC2 && next >= 0x80 && next < 0xA0;  // U+0080 … U+009F
    const bool control = wide || byte == 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t');
    if (control)
      result += "\uFFFD";
    else
      result += text[i];
    if (wide) ++i;
  }
  return result;
}

std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  const ptrdiff_t first = number < 0 ? 1 : 0;
  for (auto i = static_cast<ptrdiff_t>(text.size()) - 3; i > first; i -= 3)
    text.insert(static_cast<size_t>(i), 1, ',');
  return text;
}

}  // namespace octavo
