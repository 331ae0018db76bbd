#include "octavo/template/renderer.h"

#include "octavo/base/text.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {

const Value* Scope::find(Runtime& runtime, std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->outer_) {
    runtime.spend();
    if (const auto found = scope->variables_.find(name); found != scope->variables_.end())
      return &found->second.value;
  }
  return nullptr;
}

void Scope::set(Runtime& runtime, std::string_view name, Value value) {
  runtime.spend();
  Variable& variable = variables_[name];
  if (variable.value.is_missing()) variable.charge = runtime.charge(sizeof(Variable) + 64);
  variable.value = std::move(value);
}

Renderer::Renderer(const Tree& tree, const Json& globals, const RenderOptions& options)
    : tree_(tree), runtime_(tree.source, tree.limits, options.now) {
  if (!globals.is_object())
    runtime_.fail("expected an object of values for names, found another value");
  globals_ = runtime_.from_json(globals);
}

std::string Renderer::render() {
  Scope here(nullptr);
  std::string text;
  out_ = &text;
  run(tree_.body, here);
  return text;
}

void Renderer::write(std::string_view text) {
  runtime_.spend_bytes(text.size());
  written_ += text.size();
  if (written_ > runtime_.limits.output_bytes)
    runtime_.fail("expected at most {} of text, found more",
                  human_bytes(static_cast<double>(runtime_.limits.output_bytes)));
  *out_ += text;
}

// What a body writes, as a text.
Value Renderer::captured(const Body& body, Scope& here) {
  std::string text;
  std::string* const outer = std::exchange(out_, &text);
  const size_t written = written_;
  run(body, here);
  out_ = outer;
  written_ = written;
  return runtime_.text(std::move(text));
}

Renderer::Flow Renderer::run(const Body& body, Scope& here) {
  const Nesting nesting(runtime_);
  for (const Statement& statement : body) {
    runtime_.spend();
    const Flow flow = std::visit([&](const auto& one) { return run(one, here); }, statement);
    if (flow != Flow::on) return flow;
  }
  return Flow::on;
}

Renderer::Flow Renderer::run(const Data& data, Scope&) {
  write(data.text);
  return Flow::on;
}

Renderer::Flow Renderer::run(const Print& print, Scope& here) {
  const Value value = evaluate(*print.expression, here);
  write(value.text() ? value.view() : std::string_view(to_text(runtime_, value)));
  return Flow::on;
}

Renderer::Flow Renderer::run(const Jump& jump, Scope&) {
  return jump == Jump::break_loop ? Flow::break_loop : Flow::continue_loop;
}

Renderer::Flow Renderer::run(const std::unique_ptr<If>& statement, Scope& here) {
  for (const If::Branch& branch : statement->branches)
    if (truth(evaluate(*branch.condition, here))) return run(branch.body, here);
  return run(statement->otherwise, here);
}

Renderer::Flow Renderer::run(const std::unique_ptr<Assignment>& statement, Scope& here) {
  assign(*statement->target, evaluate(*statement->value, here), here);
  return Flow::on;
}

Renderer::Flow Renderer::run(const std::unique_ptr<Capture>& statement, Scope& here) {
  Scope inner(&here);
  assign(*statement->target, captured(statement->body, inner), here);
  return Flow::on;
}

Renderer::Flow Renderer::run(const std::unique_ptr<Generation>& statement, Scope& here) {
  Scope inner(&here);
  return run(statement->body, inner);
}

void Renderer::assign(const Expression& target, const Value& value, Scope& here) {
  if (target.operation == Operation::tuple) return unpack(target, value, here);
  if (target.operation == Operation::name) return here.set(runtime_, target.value.view(), value);
  runtime_.at(target.line);
  const Value space = evaluate(*target.operands[0], here);
  reject_undefined(runtime_, space);
  if (!space.as<Namespace>())
    runtime_.fail("expected a namespace to assign to, found {}", describe(space));
  space.as<Namespace>()->set(runtime_, target.value.view(), value);
}

void Renderer::unpack(const Expression& target, const Value& value, Scope& here) {
  runtime_.at(target.line);
  const std::vector<Value> parts = items_of(runtime_, value);
  if (parts.size() != target.operands.size())
    runtime_.fail("expected {} to unpack, found {}",
                  counted(static_cast<int64_t>(target.operands.size()), "value"), parts.size());
  for (size_t i = 0; i < parts.size(); ++i) assign(*target.operands[i], parts[i], here);
}

}  // namespace octavo::jinja
