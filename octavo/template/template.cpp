#include "octavo/template/template.h"

#include "octavo/base/text.h"
#include "octavo/template/parser.h"
#include "octavo/template/renderer.h"

namespace octavo {

Template Template::parse(std::string_view text, std::string_view source,
                         const TemplateLimits& limits) {
  require(text.size() <= limits.template_bytes, "{}: expected a template of at most {}, found {}",
          source, human_bytes(static_cast<double>(limits.template_bytes)),
          human_bytes(static_cast<double>(text.size())));
  require(is_utf8(text), "{}: expected UTF-8, found {} of something else", source,
          counted(bytes_not_utf8(text), "byte"));
  const auto tree = std::make_shared<jinja::Tree>();
  tree->source = source;
  tree->limits = limits;
  const std::string lines = jinja::normalized_lines(text);
  tree->body = jinja::Parser(lines, tree->source, tree->limits).parse_template();
  return Template(tree);
}

std::string Template::render(const Json& globals, const RenderOptions& options) const {
  return jinja::Renderer(*tree_, globals, options).render();
}

}  // namespace octavo
