#include "octavo/cli/help.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "octavo/base/text.h"

namespace octavo {
namespace {

class HelpFormat : public CLI::Formatter {
 public:
  HelpFormat() {
    column_width(32);
    label("Positionals", "Arguments");
    label("OPTIONS", "options");
    label("SUBCOMMAND", "COMMAND");
  }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
    for (size_t at; (at = text.find("\n\n\n")) != text.npos;) text.erase(at, 1);
    return text;
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_items_expected_max() == 0) return "";  // a flag
    // An argument's own name says it already.
    return option->nonpositional() ? " " + option->get_type_name() : "";
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    const bool told = option->get_required() && option->nonpositional();
    return option->get_description() + (told ? " (required)" : "");
  }
};

const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  return *command;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

// CLI11's words for an option without its value or with too many, in ours.
std::string value_error(std::string_view message) {
  const std::string_view name = message.substr(0, message.find(':'));
  return message.ends_with("missing") ? fmt::format("{}: expected a value", name)
                                      : fmt::format("{}: given more than once", name);
}

}  // namespace

void set_help_format(CLI::App& program) {
  program.formatter(std::make_shared<HelpFormat>());
  program.set_help_flag("");  // each command adds its own, last
}

std::string typed_command(const CLI::App& program) {
  std::string path;
  for (const CLI::App* app = &innermost(program); app; app = app->get_parent())
    path = app->get_name() + (path.empty() ? "" : " " + path);
  return path;
}

std::string usage_error(const CLI::App& program, const CLI::ParseError& error) {
  // A word that was not understood explains more than whatever is missing because of it.
  const CLI::App& command = innermost(program);
  const std::vector<std::string> commands = command_names(command);
  for (std::string word : command.remaining()) {
    if (word.starts_with("-")) {
      word = word.substr(0, word.find('='));
      return fmt::format("there is no option {}{}", word,
                         did_you_mean(word, option_names(command)));
    }
    if (!commands.empty())
      return fmt::format("there is no command \"{}\"{}", word, did_you_mean(word, commands));
    return fmt::format("unexpected argument \"{}\"", word);
  }
  if (!commands.empty()) return fmt::format("expected a command: {}", listed(commands));
  if (error.get_name() == "ArgumentMismatch") return value_error(error.what());
  return error.what();
}

std::string listed(std::span<const std::string> names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

}  // namespace octavo
