// Templates: a safe subset of Jinja2, for chat templates and prompts.
//
// A template renders as Hugging Face's transformers renders a folder's chat_template.jinja: Jinja's
// immutable sandbox with trim_blocks, lstrip_blocks and loop controls, no escaping, a `tojson` that
// leaves HTML alone, `raise_exception`, `strftime_now` and {% generation %}. The subset is what
// chat templates in common use are written in; docs/templates.md lists it, and anything else is an
// error that names it and its line.
//
// Neither a template nor what it is given need be trusted: nothing it does reaches outside, and
// size, nesting, work, output and memory have limits. The way of a template through this folder:
// lexer → parser (syntax.h) → renderer, whose values, operators, filters, tests and methods are
// Python's. Tested by tests/template, with Jinja2's own renderings, and fuzzed by
// tests/fuzz/template_fuzz.cpp. Format: https://jinja.palletsprojects.com/en/3.1.x/templates/
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {

namespace jinja {
struct Tree;
}

/// What a template may cost. Past any of them is an error of kind `data`.
struct TemplateLimits {
  size_t template_bytes = size_t{1} << 20;  ///< of the text
  size_t template_nodes = 100'000;          ///< of its syntax tree, about 200 bytes each
  int syntax_depth = 200;                   ///< blocks and expressions within each other
  int evaluation_depth = 1000;              ///< the same while rendering, through calls
  int64_t steps = 10'000'000;               ///< parts evaluated, items visited; or 256 bytes moved
  size_t output_bytes = size_t{32} << 20;   ///< of the result, or of blocks being captured
  size_t memory_bytes = size_t{256} << 20;  ///< of the values alive at one time
  int64_t range_items = 100'000;            ///< of one range(), as Jinja's sandbox has it
};

struct RenderOptions {
  std::tm now{};  ///< the local time, for strftime_now
};

/// What render() throws where the template called raise_exception.
class RaisedByTemplate : public Error {
 public:
  RaisedByTemplate(const std::string& what, std::string message)
      : Error(ErrorKind::data, what), message_(std::move(message)) {}
  const std::string& message() const { return message_; }  ///< as the template gave it

 private:
  std::string message_;
};

/// A parsed template. Rendering changes nothing in it, so that threads may share one.
class Template {
 public:
  /// `source` names it in messages (a path). Throws `data` with the line of what is wrong.
  static Template parse(std::string_view text, std::string_view source,
                        const TemplateLimits& limits = {});

  /// `globals`: an object; its members are the names that the template sees. Throws `data`, or
  /// RaisedByTemplate, with the line that was being evaluated.
  std::string render(const Json& globals, const RenderOptions& options = {}) const;

 private:
  explicit Template(std::shared_ptr<const jinja::Tree> tree) : tree_(std::move(tree)) {}
  std::shared_ptr<const jinja::Tree> tree_;
};

}  // namespace octavo
