// Chat templates: renderings that Jinja2's sandbox made, set up as transformers does it, of
// templates in golden/chat-templates, and of some that are here, each with what a family of models
// is fond of.
#include <filesystem>
#include <map>

#include "octavo/base/files.h"
#include "tests/base/test_data.h"
#include "tests/template/support.h"

namespace octavo {
namespace {

TEST(ChatTemplates, render_as_jinja2_does) {
  const std::filesystem::path folder = test_data() / "golden" / "chat-templates";
  if (!exists(folder)) GTEST_SKIP() << folder << " is absent";
  const Json golden = Json::parse(read_file(folder / "cases.json"), "cases.json");
  std::map<std::string, int> ends;
  for (const Json& one : golden.at("cases").items()) {
    const std::string file = one.at("template").text();
    SCOPED_TRACE(one.dump());
    const Template chat = Template::parse(read_file(folder / file), file);
    try {
      const std::string text = chat.render(one);
      ASSERT_NE(one.find("output"), nullptr) << text;
      EXPECT_EQ(text, one.at("output").text());
      ++ends["output"];
    } catch (const RaisedByTemplate& error) {
      ASSERT_NE(one.find("raises"), nullptr) << error.what();
      EXPECT_EQ(error.message(), one.at("raises").text());
      ++ends["raises"];
    } catch (const Error& error) {
      EXPECT_NE(one.find("error"), nullptr) << error.what();
      EXPECT_EQ(error.kind(), ErrorKind::data);
      ++ends["error"];
    }
  }
  EXPECT_EQ(ends, (std::map<std::string, int>{{"output", 44}, {"raises", 4}, {"error", 1}}));
}

void expect_chat(std::string_view text, std::string_view globals, std::string_view expected) {
  EXPECT_EQ(rendered(text, Json::parse(globals, "globals")), expected);
}

TEST(ChatTemplates, plain_turns) {
  expect_chat(
      R"x({% for message in messages %}
{% if message['role'] == 'assistant' %}
{{ '<|assistant|>\n' }}{% generation %}{{ message['content'] + '<|end|>\n' }}{% endgeneration %}
{% else %}
{{ '<|' ~ message['role'] ~ '|>\n' ~ message['content'] ~ '<|end|>\n' }}
{% endif %}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|assistant|>\n' }}
{% else %}
{{ eos_token }}
{% endif %}
)x",
      R"x({"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": "Yo"}], "eos_token": "</s>"})x",
      R"x(<|system|>
Be kind.<|end|>

<|user|>
Hi<|end|>

<|assistant|>
Yo<|end|>
</s>
)x");
}

TEST(ChatTemplates, tools_and_their_calls) {
  expect_chat(R"x({%- if tools %}
    {{- '<|system|>' ~ (messages[0].content if messages[0].role == 'system' else 'Be of help.') }}
    {{- "\nTools:" }}
    {%- for tool in tools %}
        {{- "\n" ~ (tool.function | tojson) }}
    {%- endfor %}
    {{- '\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'assistant' and message.tool_calls %}
        {{- '<|assistant|>' ~ (message.content or '') }}
        {%- for call in message.tool_calls %}
            {%- if call.function is defined %}
                {%- set call = call.function %}
            {%- endif %}
            {{- '<call>{"name": "' ~ call.name ~ '", "arguments": ' ~ (call.arguments | tojson) ~ '}</call>' }}
        {%- endfor %}
        {{- '\n' }}
    {%- elif message.role == 'tool' %}
        {%- if loop.first or loop.previtem.role != 'tool' %}
            {{- '<|tool|>' }}
        {%- endif %}
        {{- '<result>' ~ message.content ~ '</result>' }}
        {%- if loop.last or loop.nextitem.role != 'tool' %}
            {{- '\n' }}
        {%- endif %}
    {%- elif not (tools and loop.first and message.role == 'system') %}
        {{- '<|' ~ message.role ~ '|>' ~ message.content ~ '\n' }}
    {%- endif %}
{%- endfor %}
{{- '<|assistant|>' if add_generation_prompt }})x",
              R"x({"add_generation_prompt": true,
  "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
             "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
  "messages": [{"role": "system", "content": "Sys"}, {"role": "user", "content": "Paris?"},
               {"role": "assistant", "content": null, "tool_calls": [
                 {"id": "1", "function": {"name": "weather", "arguments": {"city": "Paris é", "days": 2}}},
                 {"name": "now", "arguments": {}}]},
               {"role": "tool", "content": "21.5"}, {"role": "tool", "content": "<noon>"},
               {"role": "assistant", "content": "Warm."}]})x",
              R"x(<|system|>Sys
Tools:
{"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
<|user|>Paris?
<|assistant|><call>{"name": "weather", "arguments": {"city": "Paris é", "days": 2}}</call><call>{"name": "now", "arguments": {}}</call>
<|tool|><result>21.5</result><result><noon></result>
<|assistant|>Warm.
<|assistant|>)x");
}

TEST(ChatTemplates, turns_that_must_alternate) {
  expect_chat(
      R"x({%- set system = messages[0].content ~ "\n\n" if messages[0].role == "system" else "" -%}
{%- set turns = messages | rejectattr("role", "eq", "system") | list -%}
{%- set ns = namespace(turn=0) -%}
{{ bos_token }}
{%- for message in turns %}
    {%- if (message.role == "user") != (ns.turn % 2 == 0) %}
        {{- raise_exception("expected user, then assistant, and so on; turn " ~ loop.index ~ " is " ~ message.role) }}
    {%- endif %}
    {%- set ns.turn = ns.turn + 1 %}
    {%- if message is sameas turns[-1] or message == turns[-1] %}
        {{- "[INST] " ~ system ~ message.content ~ "[/INST]" }}
    {%- elif message.role == "user" %}
        {{- "[INST] " ~ message.content ~ "[/INST]" }}
    {%- else %}
        {{- " " ~ message.content | trim ~ eos_token }}
    {%- endif %}
{%- endfor %})x",
      R"x({"bos_token": "<s>", "eos_token": "</s>", "messages": [
    {"role": "system", "content": "Sys"}, {"role": "user", "content": "a"},
    {"role": "assistant", "content": " b "}, {"role": "user", "content": "c"}]})x",
      R"x(<s>[INST] a[/INST] b</s>[INST] Sys

c[/INST])x");
}

TEST(ChatTemplates, thoughts_that_are_left_out) {
  expect_chat(R"x({%- set ns = namespace(system='', last=-1) -%}
{%- for message in messages -%}
    {%- if message['role'] == 'system' -%}
        {%- set ns.system = ns.system + ('\n' if ns.system else '') + message['content'] -%}
    {%- elif message['role'] == 'user' -%}
        {%- set ns.last = loop.index0 -%}
    {%- endif -%}
{%- endfor -%}
{{ bos_token ~ ns.system }}
{%- for message in messages -%}
    {%- set content = message['content'] -%}
    {%- if message['role'] == 'user' -%}
        {{ '<|User|>' + content }}
    {%- elif message['role'] == 'assistant' -%}
        {%- if '</think>' in content and loop.index0 < ns.last -%}
            {%- set content = content.split('</think>')[-1].lstrip('\n') -%}
        {%- endif -%}
        {{ '<|Assistant|>' + content + '<|end|>' }}
    {%- endif -%}
{%- endfor -%}
{{- '<|Assistant|><think>\n' if add_generation_prompt and messages[-1].role == 'user' -}})x",
              R"x({"bos_token": "<s>", "add_generation_prompt": true, "messages": [
    {"role": "system", "content": "A"}, {"role": "system", "content": "B"},
    {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "<think>hm</think>\n\nYo"},
    {"role": "user", "content": "?"}]})x",
              R"x(<s>A
B<|User|>Hi<|Assistant|>Yo<|end|><|User|>?<|Assistant|><think>
)x");
}

TEST(ChatTemplates, parts_of_content) {
  expect_chat(R"x({{ bos_token }}
{%- for message in messages -%}
    {{ '<start>' + ('model' if message['role'] == 'assistant' else message['role']) + '\n' }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is mapping -%}
        {{ message['content'] | tojson(indent=1) }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {{ '<image>' if item['type'] == 'image' else item['text'] | trim }}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception('Invalid content type') }}
    {%- endif -%}
    {{ '<end>\n' }}
{%- endfor -%})x",
              R"x({"bos_token": "<s>", "messages": [
    {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": " what? "}]},
    {"role": "assistant", "content": "\n A dog. "}, {"role": "tool", "content": {"a": [1, {}]}}]})x",
              R"x(<s><start>user
<image>what?<end>
<start>model
A dog.<end>
<start>tool
{
 "a": [
  1,
  {}
 ]
}<end>
)x");
}

TEST(ChatTemplates, macros_documents_and_dates) {
  expect_chat(R"x({%- macro type_of(spec) -%}
    {%- set names = {"string": "str", "integer": "int", "number": "float"} -%}
    {%- if spec.type is string -%}
        {{ names.get(spec.type, "Any") if spec.type != "array" else "list[" ~ type_of(spec["items"]) ~ "]" }}
    {%- else -%}
        {%- for one in spec.type -%}
            {{ type_of({"type": one}) }}{{ " | " if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{%- macro signature(tool) -%}
    {{ tool.name }}(
    {%- for name, spec in tool.parameters.properties | dictsort -%}
        {{ name }}: {{ type_of(spec) }}{{ " = None" if name not in tool.parameters.required | default([]) }}
        {{- ", " if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro -%}
# {{ strftime_now("%d %B %Y") }}
{% for tool in tools %}
def {{ signature(tool) }}:
{{ tool.description | indent(4, first=true) }}
{% endfor %}
{% for document in documents | default([]) %}
Document {{ loop.index0 }}: {% for key, value in document.items() if key != 'id' %}{{ key }}={{ value }}{{ "; " if not loop.last }}{% endfor +%}
{% endfor %}
{{ messages | map(attribute="role") | unique | join(", ") | upper }})x",
              R"x({
  "tools": [{"name": "find", "description": "Finds\nthings.", "parameters": {
      "properties": {"words": {"type": "array", "items": {"type": "string"}},
                     "limit": {"type": ["integer", "null"]}}, "required": ["words"]}}],
  "documents": [{"id": 1, "title": "T", "text": "é"}, {"title": "U"}],
  "messages": [{"role": "user"}, {"role": "assistant"}, {"role": "user"}]})x",
              R"x(# 23 November 2026
def find(limit: int | Any = None, words: list[str]):
    Finds
    things.
Document 0: title=T; text=é
Document 1: title=U
USER, ASSISTANT)x");
}

// The caller can tell that it was the template that refused, and with what words.
TEST(ChatTemplates, refuse_with_a_message) {
  try {
    rendered("{% if t %}\n{{ raise_exception('roles must ' ~ a) }}{% endif %}");
    FAIL();
  } catch (const RaisedByTemplate& error) {
    EXPECT_EQ(error.message(), "roles must 1");
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_STREQ(error.what(), "chat.jinja:2: the template refuses: roles must 1");
  }
}

}  // namespace
}  // namespace octavo
