// The renderer: walks a template's tree and writes its text. Statements are in renderer.cpp, loops
// and macros, which are objects of the language too, in loops_and_macros.cpp, and expressions in
// evaluator.cpp. Tested by tests/template.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/template/objects.h"
#include "octavo/template/runtime.h"
#include "octavo/template/syntax.h"

namespace octavo::jinja {

/// The variables of a part of a template. Each turn of a loop, each call of a macro and each
/// captured block has its own, and forgets them at its end: names are assigned to in the innermost
/// scope, and looked up from there outwards. Names are those of the syntax tree.
class Scope {
 public:
  explicit Scope(const Scope* outer) : outer_(outer) {}
  const Value* find(Runtime& runtime, std::string_view name) const;  ///< null if it is not there
  void set(Runtime& runtime, std::string_view name, Value value);

 private:
  struct Variable {
    Value value;
    Charge charge;
  };
  const Scope* outer_;  // null: the template's
  std::map<std::string_view, Variable> variables_;
};

class Loop;

class Renderer {
 public:
  Renderer(const Tree& tree, const Json& globals, const RenderOptions& options);
  std::string render();

  /// What a macro comes back for: the text of its body.
  Value call_macro(const Macro& macro, const Scope& outer, Arguments& arguments);

 private:
  enum class Flow { on, break_loop, continue_loop };

  // Statements.
  Flow run(const Body& body, Scope& here);
  Flow run(const Data& data, Scope& here);
  Flow run(const Print& print, Scope& here);
  Flow run(const Jump& jump, Scope& here);
  Flow run(const std::unique_ptr<If>& statement, Scope& here);
  Flow run(const std::unique_ptr<For>& statement, Scope& here);
  Flow run(const std::unique_ptr<Assignment>& statement, Scope& here);
  Flow run(const std::unique_ptr<Capture>& statement, Scope& here);
  Flow run(const std::unique_ptr<Generation>& statement, Scope& here);
  Flow run(const std::unique_ptr<Macro>& statement, Scope& here);
  /// Whether a turn went through to its end; as in Jinja, `break` and `continue` do not count.
  enum class Turns { some, none };
  Turns run_turns(const For& statement, const std::shared_ptr<Loop>& loop, Scope& outer);
  void assign(const Expression& target, const Value& value, Scope& here);
  void unpack(const Expression& target, const Value& value, Scope& here);
  Value captured(const Body& body, Scope& here);
  void write(std::string_view text);

  // Expressions.
  Value evaluate(const Expression& expression, const Scope& here);
  Value variable(const Expression& expression, const Scope& here);
  Value logical(const Expression& expression, const Scope& here);
  Value conditional(const Expression& expression, const Scope& here);
  Value compared(const Expression& expression, const Scope& here);
  Value concatenated(const Expression& expression, const Scope& here);
  Value dict(const Expression& expression, const Scope& here);
  Value slice(const Expression& expression, const Scope& here);
  Value call(const Expression& expression, const Scope& here);
  Value filtered(const Expression& expression, const Scope& here);
  Value operated(const Expression& expression, const Scope& here);
  std::vector<Value> evaluate_all(const Expression& expression, const Scope& here);
  Arguments arguments(const CallArguments& arguments, const Scope& here);

  const Tree& tree_;
  Runtime runtime_;
  Value globals_;
  std::string* out_ = nullptr;
  size_t written_ = 0;  // to all that is being captured
};

/// What `{% macro %}` makes.
class MacroObject : public Object {
 public:
  MacroObject(Renderer& renderer, const Macro& macro, const Scope& outer)
      : renderer_(renderer), macro_(macro), outer_(outer) {}
  std::string_view type_name() const override { return "macro"; }
  bool is_callable() const override { return true; }
  Value call(Runtime&, Arguments& arguments) override {
    return renderer_.call_macro(macro_, outer_, arguments);
  }

 private:
  Renderer& renderer_;
  const Macro& macro_;
  const Scope& outer_;  // the template's, which outlives all
};

/// `loop` in the body of a loop.
class Loop : public Object {
 public:
  /// Of the items, those that are accepted, which is found out no sooner than needed: what happens
  /// in the loop may change it.
  using Accepts = std::function<bool(const Value& item)>;
  Loop(std::vector<Value> items, Accepts accepts)
      : items_(std::move(items)), accepts_(std::move(accepts)) {}

  Value next();  ///< the item of the next turn, or missing at the end
  void end();    ///< whoever still has this afterwards finds no items

  std::string_view type_name() const override { return "loop"; }
  Value attribute(Runtime& runtime, std::string_view name) override;

 private:
  const Value& look_ahead();
  int64_t length();

  std::vector<Value> items_;
  Accepts accepts_;  // empty: all
  bool rest_is_accepted_ = false;
  size_t looked_at_ = 0;  // of the items
  int64_t index0_ = -1;
  Value before_, current_, after_;  // missing: none, or not looked for
};

}  // namespace octavo::jinja
