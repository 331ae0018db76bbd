// Operators as Python's: arithmetic on int, float and bool (arithmetic.cpp), on texts and lists
// where Python has it; membership; attributes, items and slices. A result past 64 bits is an error.
// Tested by tests/template/operators_test.cpp.
#pragma once

#include "octavo/template/runtime.h"
#include "octavo/template/syntax.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

/// One of add … power.
Value arithmetic(Runtime& runtime, Operation operation, const Value& a, const Value& b);
/// One of negative and positive.
Value signed_number(Runtime& runtime, Operation operation, const Value& value);

bool compare(Runtime& runtime, Operation comparison, const Value& a, const Value& b);

/// `object.name`: the method or attribute if there is one, else the item of a dict.
Value attribute_of(Runtime& runtime, const Value& object, const Value& name);
/// `object[key]`: the item if there is one, else, for a text, the attribute.
Value item_of(Runtime& runtime, const Value& object, const Value& key);
/// `object[start:stop:step]`; each of them an integer, None or missing.
Value slice_of(Runtime& runtime, const Value& object, const Value& start, const Value& stop,
               const Value& step);

}  // namespace octavo::jinja
