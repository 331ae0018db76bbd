// Loops and macros (renderer.h).
#include "octavo/base/text.h"
#include "octavo/template/renderer.h"

namespace octavo::jinja {

Renderer::Flow Renderer::run(const std::unique_ptr<For>& statement, Scope& here) {
  const Value iterable = evaluate(*statement->iterable, here);
  runtime_.at(statement->line);
  std::vector<Value> items = items_of(runtime_, iterable);
  const Charge paid = runtime_.charge(items.size() * sizeof(Value));
  Loop::Accepts accepts;
  if (statement->condition)
    accepts = [&](const Value& item) {
      Scope scope(&here);
      assign(*statement->target, item, scope);
      return truth(evaluate(*statement->condition, scope));
    };
  const auto loop = runtime_.object<Loop>(iterable.depth(), std::move(items), std::move(accepts));
  const Turns turns = run_turns(*statement, loop, here);
  loop->end();
  if (turns == Turns::some) return Flow::on;
  Scope scope(&here);
  return run(statement->otherwise, scope);
}

Renderer::Turns Renderer::run_turns(const For& statement, const std::shared_ptr<Loop>& loop,
                                    Scope& outer) {
  Turns turns = Turns::none;
  for (Value item; !(item = loop->next()).is_missing();) {
    Scope scope(&outer);
    scope.set(runtime_, "loop", loop);
    assign(*statement.target, item, scope);
    const Flow flow = run(statement.body, scope);
    if (flow == Flow::break_loop) break;
    if (flow == Flow::on) turns = Turns::some;
  }
  return turns;
}

Value Loop::next() {
  look_ahead();
  if (after_.is_missing()) return {};
  ++index0_;
  before_ = std::exchange(current_, std::exchange(after_, {}));
  return current_;
}

void Loop::end() {
  items_.clear();
  accepts_ = nullptr;
  looked_at_ = 0;
  before_ = current_ = after_ = Value();
}

const Value& Loop::look_ahead() {
  while (after_.is_missing() && looked_at_ < items_.size()) {
    const Value item = items_[looked_at_++];
    if (!accepts_ || rest_is_accepted_ || accepts_(item)) after_ = item;
  }
  return after_;
}

// Asks about all that are left, now. (Who is asked may come back here, and finds none left.)
int64_t Loop::length() {
  look_ahead();
  if (accepts_ && !std::exchange(rest_is_accepted_, true)) {
    const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(looked_at_);
    std::vector<Value> rest(begin, items_.end());
    items_.erase(begin, items_.end());
    std::erase_if(rest, [&](const Value& item) { return !accepts_(item); });
    items_.insert(items_.end(), rest.begin(), rest.end());
  }
  const auto left = static_cast<int64_t>(items_.size() - looked_at_);
  return index0_ + 1 + !after_.is_missing() + left;
}

Value Loop::attribute(Runtime& runtime, std::string_view name) {
  if (name == "index") return index0_ + 1;
  if (name == "index0") return index0_;
  if (name == "first") return index0_ == 0;
  if (name == "last") return look_ahead().is_missing();
  if (name == "length") return length();
  if (name == "revindex") return length() - index0_;
  if (name == "revindex0") return length() - index0_ - 1;
  if (name == "previtem")
    return before_.is_missing() ? runtime.undefined("there is no previous item") : before_;
  if (name != "nextitem") return {};
  const Value& ahead = look_ahead();
  return ahead.is_missing() ? runtime.undefined("there is no next item") : ahead;
}

Renderer::Flow Renderer::run(const std::unique_ptr<Macro>& statement, Scope& here) {
  here.set(runtime_, statement->name, runtime_.object<MacroObject>(0, *this, *statement, here));
  return Flow::on;
}

Value Renderer::call_macro(const Macro& macro, const Scope& outer, Arguments& arguments) {
  const Nesting nesting(runtime_);
  const int line = runtime_.line();
  Scope here(&outer);
  const size_t count = macro.parameters.size(), without_default = count - macro.defaults.size();
  for (size_t i = 0; i < count; ++i) {
    Value value = i < arguments.positional.size() ? arguments.positional[i]
                                                  : arguments.take(macro.parameters[i]);
    if (value.is_missing())
      value = i >= without_default
                  ? evaluate(*macro.defaults[i - without_default], here)
                  : runtime_.undefined(fmt::format("{}: expected a value for {}, found none",
                                                   macro.name, macro.parameters[i]));
    here.set(runtime_, macro.parameters[i], std::move(value));
  }
  if (arguments.positional.size() > count)
    runtime_.fail("{}: expected at most {}, found {}", macro.name,
                  counted(static_cast<int64_t>(count), "argument"), arguments.positional.size());
  if (!arguments.named.empty())
    runtime_.fail("{}: expected no argument {}, found one", macro.name,
                  in_quotes(arguments.named[0].first));
  Value text = captured(macro.body, here);
  runtime_.at(line);
  return text;
}

}  // namespace octavo::jinja
