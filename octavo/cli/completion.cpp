// octavo completion: the program's commands and options for bash, zsh and fish.
//
// Written from the same tree that reads the command line, so it cannot fall behind it. The script
// of each shell finds the command that is being typed and offers its options, the values of an
// option that has choices, and names of files elsewhere. Install with, for bash,
//   octavo completion bash > ~/.local/share/bash-completion/completions/octavo
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

#include "octavo/cli/command.h"

namespace octavo {
namespace {

struct CompletionCommand {
  std::string shell;
};

/// Visits every command of the tree with its path: "octavo", "octavo bench train".
void for_each_command(const CLI::App& app, const std::string& path,
                      const std::function<void(const CLI::App&, const std::string&)>& visit) {
  visit(app, path);
  for (const CLI::App* sub : app.get_subcommands({}))
    for_each_command(*sub, path + " " + sub->get_name(), visit);
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// "fp32|bf16" → "fp32 bf16"; empty if the option takes anything or nothing.
std::string choices_of(const CLI::Option& option) {
  std::string choices = option.get_type_name();
  if (!takes_value(option) || choices.find('|') == std::string::npos) return "";
  std::replace(choices.begin(), choices.end(), '|', ' ');
  return choices;
}

std::vector<std::string> spellings_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

/// What may follow a command: its subcommands, the choices of its argument, its options.
std::string words_of(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* sub : app.get_subcommands({})) words.push_back(sub->get_name());
  for (const CLI::Option* option : app.get_options())
    if (!option->nonpositional() && !choices_of(*option).empty())
      words.push_back(choices_of(*option));
  for (const CLI::Option* option : options_of(app))
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return fmt::format("{}", fmt::join(words, " "));
}

std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

// Walks the words typed so far to the innermost command, then offers what it takes; where that is
// nothing, the shell offers files.
constexpr const char* kBash = R"(# bash completion for octavo
_octavo() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local typed=octavo i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$typed ${{COMP_WORDS[i]}}" in
      {commands}) typed="$typed ${{COMP_WORDS[i]}}" ;;
    esac
  done
  COMPREPLY=()
  case "$typed $previous" in
{values}  esac
  case "$typed" in
{words}  esac
}}
complete -o default -F _octavo octavo
)";

std::string bash_script(const CLI::App& program) {
  std::string values, words;
  std::vector<std::string> commands;
  for_each_command(program, "octavo", [&](const CLI::App& app, const std::string& path) {
    if (app.get_parent()) commands.push_back(single_quoted(path));
    words += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$current\")) ;;\n",
                         single_quoted(path), single_quoted(words_of(app)));
    for (const CLI::Option* option : options_of(app)) {
      if (!takes_value(*option)) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : spellings_of(*option))
        patterns.push_back(single_quoted(path + " " + name));
      const std::string choices = choices_of(*option);
      values += fmt::format("    {}) {}return ;;\n", fmt::join(patterns, "|"),
                            choices.empty()
                                ? ""
                                : fmt::format("COMPREPLY=($(compgen -W {} -- \"$current\")); ",
                                              single_quoted(choices)));
    }
  });
  return fmt::format(kBash, fmt::arg("commands", fmt::join(commands, "|")),
                     fmt::arg("values", values), fmt::arg("words", words));
}

// zsh runs bash's completions through its own emulation.
std::string zsh_script(const CLI::App& program) {
  return "#compdef octavo\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(program);
}

std::string fish_script(const CLI::App& program) {
  std::string script = "# fish completion for octavo\n";
  for_each_command(program, "octavo", [&](const CLI::App& app, const std::string&) {
    // Every word of the path was typed, and no subcommand yet.
    std::string condition;
    const auto both = [&](const std::string& test) {
      condition += (condition.empty() ? "" : "; and ") + test;
    };
    for (const CLI::App* command = &app; command->get_parent(); command = command->get_parent())
      both("__fish_seen_subcommand_from " + command->get_name());
    std::string subs;
    for (const CLI::App* sub : app.get_subcommands({})) subs += " " + sub->get_name();
    if (!subs.empty() && app.get_parent()) both("not __fish_seen_subcommand_from" + subs);
    if (!app.get_parent()) both("__fish_use_subcommand");
    const std::string start = fmt::format("complete -c octavo -n {}", single_quoted(condition));
    for (const CLI::App* sub : app.get_subcommands({}))
      script += fmt::format("{} -f -a {} -d {}\n", start, sub->get_name(),
                            single_quoted(sub->get_description()));
    for (const CLI::Option* option : app.get_options())
      if (!option->nonpositional() && !choices_of(*option).empty())
        script += fmt::format("{} -f -a {}\n", start, single_quoted(choices_of(*option)));
    for (const CLI::Option* option : options_of(app)) {
      script += start;
      for (const std::string& name : option->get_lnames()) script += " -l " + name;
      for (const std::string& name : option->get_snames()) script += " -s " + name;
      if (takes_value(*option)) script += " -r";
      if (const std::string choices = choices_of(*option); !choices.empty())
        script += " -f -a " + single_quoted(choices);
      script += fmt::format(" -d {}\n", single_quoted(option->get_description()));
    }
  });
  return script;
}

}  // namespace

void add_completion(CLI::App& program, CommonOptions& common) {
  const auto command = std::make_shared<CompletionCommand>();
  CLI::App& app = *program.add_subcommand("completion", "Completion for your shell");
  const std::string shells[] = {"bash", "zsh", "fish"};
  add_choice(app, "SHELL", command->shell, shells, "The shell")->required();
  finish_command(app, common,
                 {"octavo completion bash > ~/.local/share/bash-completion/completions/octavo",
                  "octavo completion zsh > ~/.zfunc/_octavo",
                  "octavo completion fish > ~/.config/fish/completions/octavo.fish"},
                 [command, &program] {
                   put(command->shell == "bash"  ? bash_script(program)
                       : command->shell == "zsh" ? zsh_script(program)
                                                 : fish_script(program));
                 });
}

}  // namespace octavo
