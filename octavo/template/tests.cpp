// Tests: `value is defined`.
#include "octavo/template/characters.h"
#include "octavo/template/objects.h"
#include "octavo/template/operators.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

using Subject = const Value&;
using Given = Arguments&;

template <bool (Value::*is)() const>
Value is_kind(Runtime&, Subject subject, Given) {
  return (subject.*is)();
}

template <Operation comparison>
Value compared(Runtime& runtime, Subject subject, Given given) {
  return compare(runtime, comparison, subject, given[0]);
}

template <bool wanted>
Value is_boolean(Runtime&, Subject subject, Given) {
  return subject.is_boolean() && subject.boolean() == wanted;
}

template <int remainder>
Value has_remainder(Runtime& runtime, Subject subject, Given) {
  return equal(runtime, arithmetic(runtime, Operation::modulo, subject, 2), remainder);
}

Value divisibleby(Runtime& runtime, Subject subject, Given given) {
  return equal(runtime, arithmetic(runtime, Operation::modulo, subject, given[0]), 0);
}

Value defined(Runtime&, Subject subject, Given) { return !subject.undefined(); }
Value undefined(Runtime&, Subject subject, Given) { return subject.undefined() != nullptr; }
Value string(Runtime&, Subject subject, Given) { return subject.text() != nullptr; }
Value mapping(Runtime&, Subject subject, Given) { return subject.dict() != nullptr; }
Value iterable(Runtime&, Subject subject, Given) { return is_iterable(subject); }
Value sameas(Runtime&, Subject subject, Given given) { return subject.same(given[0]); }

Value sequence(Runtime&, Subject subject, Given) {
  return subject.sequence() || subject.text() || subject.dict() || subject.undefined();
}

Value callable(Runtime&, Subject subject, Given) {
  return subject.undefined() || (subject.object() && subject.object()->is_callable());
}

template <Case which>
Value is_cased(Runtime& runtime, Subject subject, Given) {
  const std::string text = to_text(runtime, subject);
  runtime.spend_characters(text.size());
  return has_case(text, which);
}

constexpr Builtin kTable[] = {
    {"defined", "", defined},
    {"undefined", "", undefined},
    {"none", "", is_kind<&Value::is_none>},
    {"boolean", "", is_kind<&Value::is_boolean>},
    {"integer", "", is_kind<&Value::is_integer>},
    {"float", "", is_kind<&Value::is_real>},
    {"number", "", is_kind<&Value::is_number>},
    {"true", "", is_boolean<true>},
    {"false", "", is_boolean<false>},
    {"string", "", string},
    {"mapping", "", mapping},
    {"sequence", "", sequence},
    {"iterable", "", iterable},
    {"callable", "", callable},
    {"sameas", "other", sameas},
    {"odd", "", has_remainder<1>},
    {"even", "", has_remainder<0>},
    {"divisibleby", "num", divisibleby},
    {"lower", "", is_cased<Case::lower>},
    {"upper", "", is_cased<Case::upper>},
    {"in", "seq", compared<Operation::in>},
    {"eq", "/ other", compared<Operation::equal>},
    {"equalto", "/ other", compared<Operation::equal>},
    {"==", "/ other", compared<Operation::equal>},
    {"ne", "/ other", compared<Operation::not_equal>},
    {"!=", "/ other", compared<Operation::not_equal>},
    {"lt", "/ other", compared<Operation::less>},
    {"lessthan", "/ other", compared<Operation::less>},
    {"<", "/ other", compared<Operation::less>},
    {"le", "/ other", compared<Operation::less_equal>},
    {"<=", "/ other", compared<Operation::less_equal>},
    {"gt", "/ other", compared<Operation::greater>},
    {"greaterthan", "/ other", compared<Operation::greater>},
    {">", "/ other", compared<Operation::greater>},
    {"ge", "/ other", compared<Operation::greater_equal>},
    {">=", "/ other", compared<Operation::greater_equal>},
};

}  // namespace

std::span<const Builtin> tests() { return kTable; }

}  // namespace octavo::jinja
