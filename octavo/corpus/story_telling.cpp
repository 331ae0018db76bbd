// See story_telling.h. Text goes out through put(), which alone knows about capitals.
#include "octavo/corpus/story_telling.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace octavo {
namespace {

struct PronounForms {
  std::string_view subject, object, possessive, self;
};
constexpr PronounForms kForms[] = {{"he", "him", "his", "himself"},
                                   {"she", "her", "her", "herself"},
                                   {"it", "it", "its", "itself"},
                                   {"they", "them", "their", "themselves"}};

const PronounForms& forms(const Referent& referent) {
  return kForms[static_cast<size_t>(referent.pronoun)];
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// By sound, for the words of these stories.
bool takes_an(std::string_view word) {
  if (word.starts_with("one") || word.starts_with("once") || word.starts_with("use")) return false;
  if (word.starts_with("hour") || word.starts_with("honest")) return true;
  return std::string_view("aeiouAEIOU").find(word[0]) != std::string_view::npos;
}

// Patterns say "a"; here it becomes "an" where it must.
std::string with_articles(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 32);
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    const bool article = (text[i] == 'a' || text[i] == 'A') && i + 2 < text.size() &&
                         text[i + 1] == ' ' && (i == 0 || !is_letter(text[i - 1])) &&
                         (i == 0 || text[i - 1] != '\'');
    if (article && takes_an(text.substr(i + 2))) out += 'n';
  }
  return out;
}

}  // namespace

void Telling::bind(char role, const Referent& referent) {
  slots_[static_cast<size_t>(role)] = {&referent, {}};
}

void Telling::bind(char role, std::string text) {
  slots_[static_cast<size_t>(role)] = {nullptr, std::move(text)};
}

void Telling::title(Options options) {
  if (!dice_.chance(1.0 / 3)) return;
  std::string line = phrase(dice_.one_of(options));
  bool start = true;
  for (size_t i = 0; i < line.size(); ++i) {
    if (start) {
      const std::string_view word = std::string_view(line).substr(i, line.find(' ', i) - i);
      const bool small = word == "the" || word == "a" || word == "of" || word == "and" ||
                         word == "in" || word == "to" || word == "for" || word == "at" ||
                         word == "by" || word == "on";
      if (i == 0 || !small) line[i] = upper(line[i]);
    }
    start = line[i] == ' ';
  }
  title_ = std::move(line);
}

void Telling::say(Options options) {
  const std::string_view* pattern = &dice_.one_of(options);
  for (int attempt = 0; attempt < 4; ++attempt) {
    if (std::find(used_.begin(), used_.end(), pattern->data()) == used_.end()) break;
    pattern = &dice_.one_of(options);
  }
  if (options.size() > 1) used_.push_back(pattern->data());
  if (pattern->empty()) return;
  if (!text_.empty() && text_.back() != '\n') text_ += ' ';
  ++sentence_;
  capital_ = true;
  ended_ = false;
  expand(*pattern);
}

void Telling::paragraph() {
  if (text_.empty() || text_.back() == '\n') return;
  text_ += "\n\n";
  // A new paragraph names people anew.
  for (Mention& mention : mentions_) mention.sentence = std::min(mention.sentence, sentence_ - 2);
}

void Telling::paragraph_if_long() {
  constexpr size_t kLong = 320;
  const size_t start = text_.rfind("\n\n");
  if (text_.size() - (start == std::string::npos ? 0 : start) > kLong) paragraph();
}

std::string Telling::phrase(std::string_view pattern) {
  const auto mentions = mentions_;
  const auto [sentence, capital, ended] = std::tuple(sentence_, capital_, ended_);
  const size_t start = text_.size();
  capital_ = ended_ = false;
  expand(pattern);
  std::string out = text_.substr(start);
  text_.resize(start);
  mentions_ = mentions;
  sentence_ = sentence;
  capital_ = capital;
  ended_ = ended;
  return out;
}

std::string Telling::finish() {
  while (!text_.empty() && text_.back() == '\n') text_.pop_back();
  return with_articles(title_.empty() ? text_ + "\n" : title_ + "\n\n" + text_ + "\n");
}

void Telling::expand(std::string_view pattern) {
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '{') {
      i += expand_choice(pattern.substr(i));
    } else if (c == '[') {
      const size_t end = pattern.find(']', i);
      assert(end != std::string_view::npos);
      expand_reference(pattern.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (c == '\xC2') {  // « is C2 AB, » is C2 BB
      if (pattern[i + 1] == '\xAB') open_quote();
      if (pattern[i + 1] == '\xBB') close_quote();
      i += 2;
    } else if (c == '\n') {
      i = std::min(pattern.find_first_not_of(" \n", i), pattern.size());
      put(' ');
    } else {
      put(c);
      ++i;
    }
  }
}

// The pattern begins with a brace; gives the length up to and with its partner.
size_t Telling::expand_choice(std::string_view pattern) {
  std::array<uint32_t, 65> bounds;  // the places of '{', each '|' of this choice, and '}'
  size_t count = 0;
  bounds[0] = 0;
  int depth = 0;
  size_t end = 0;
  for (;; ++end) {
    assert(end < pattern.size());
    const char c = pattern[end];
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) break;
    if (c == '|' && depth == 1) bounds[++count] = static_cast<uint32_t>(end);
    assert(count + 1 < bounds.size());
  }
  bounds[++count] = static_cast<uint32_t>(end);
  const size_t choice = dice_.below(count);
  expand(pattern.substr(bounds[choice] + 1, bounds[choice + 1] - bounds[choice] - 1));
  return end + 1;
}

void Telling::expand_reference(std::string_view reference) {
  std::string_view form, verb;
  if (const size_t arrow = reference.find('>'); arrow != std::string_view::npos) {
    verb = reference.substr(0, arrow);
    reference.remove_prefix(arrow + 1);
  } else if (reference.size() > 1) {
    assert(reference[1] == '.');
    form = reference.substr(2);
  }
  const Slot& slot = slots_[static_cast<size_t>(reference[0])];
  if (!slot.referent) {
    assert(!slot.text.empty());
    const std::string text = slot.text;  // the expansion may bind anew
    return expand(text);
  }
  if (!verb.empty()) return speech_tag(verb, *slot.referent);
  for (const Referent::Word& own : slot.referent->words) {
    if (!form.empty() && own.form == form) return put(own.word);
  }
  if (slot.referent->pronoun == Pronoun::it && slot.referent->naming == Naming::common) {
    return refer_to_thing(*slot.referent, form);
  }
  refer(*slot.referent, form);
}

void Telling::refer(const Referent& referent, std::string_view form) {
  const PronounForms& pronoun = forms(referent);
  if (form == "was") return put(referent.pronoun == Pronoun::they ? "were" : "was");
  if (form == "k") return put(referent.kind);
  const bool clear = clear_pronoun(referent) && dice_.chance(0.92);
  mention(referent);
  if (form == "he") return put(pronoun.subject);
  if (form == "him") return put(pronoun.object);
  if (form == "his") return put(pronoun.possessive);
  if (form == "self") return put(pronoun.self);
  if (form == "a" || form == "b") {
    if (form == "a") put("a ");
    if (!referent.adjective.empty()) put(referent.adjective), put(' ');
    return put(referent.kind);
  }
  if (clear && form.empty()) return put(pronoun.subject);
  if (clear && form == "o") return put(pronoun.object);
  if (clear && form == "s") return put(pronoun.possessive);
  put_name(referent);
  if (form == "s" || form == "ns") put("'s");
}

void Telling::refer_to_thing(const Referent& referent, std::string_view form) {
  mention(referent);
  if (form == "it") return put("it");
  if (form == "its") return put("its");
  if (form == "n") return put(referent.name);
  if (form == "c") return put(referent.adjective);
  if (form == "in") put(referent.at), put(' ');
  if (form == "a") put("a ");
  if (form.empty() || form == "the" || form == "in" || form == "s") put("the ");
  assert(form.empty() || form == "a" || form == "b" || form == "the" || form == "in" ||
         form == "s");
  const bool full = form == "b" || form == "a" || form == "the" || dice_.chance(0.5);
  if (full && !referent.adjective.empty()) put(referent.adjective), put(' ');
  put(referent.name);
  if (form == "s") put("'s");
}

void Telling::speech_tag(std::string_view verb, const Referent& referent) {
  static constexpr std::string_view replies[] = {"said", "said", "answered"};
  static constexpr std::string_view cries[] = {"cried", "called", "shouted"};
  std::string_view word = "said";
  if (verb == "ask") word = "asked";
  if (verb == "whisper") word = "whispered";
  if (verb == "reply") word = dice_.one_of(replies);
  if (verb == "cry") word = dice_.one_of(cries);
  const bool clear = clear_pronoun(referent) && dice_.chance(0.92);
  mention(referent);
  if (clear) {
    put(forms(referent).subject), put(' '), put(word);
  } else if (dice_.chance(0.7)) {
    put(word), put(' '), put_name(referent);
  } else {
    put_name(referent), put(' '), put(word);
  }
}

void Telling::open_quote() {
  // After a comma the pattern decides: «I think,» said Tom, «that …» or Tom said, «That …»
  if (!text_.ends_with(", ")) capital_ = true;
  text_ += '"';
  in_quote_ = true;
  quote_start_ = text_.size();
}

void Telling::close_quote() {
  // After "?" or "!" a speech tag follows; after "." a new sentence.
  ended_ = text_.back() == '.';
  text_ += '"';
  in_quote_ = false;
}

void Telling::put(char c) {
  if (c == ' ') {
    if (ended_) {
      capital_ = true;
      if (!in_quote_) ++sentence_;
    }
    ended_ = false;
  } else if (capital_ && is_letter(c)) {
    c = upper(c);
    capital_ = false;
  }
  if (c == '.' || c == '?' || c == '!') ended_ = true;
  text_ += c;
}

void Telling::put_name(const Referent& referent) {
  if (referent.naming == Naming::common) put("the ");
  put(referent.name);
}

void Telling::mention(const Referent& referent) {
  for (const Referent* member : referent.members) {
    if (member) mention(*member);
  }
  Mention& last = mentions_[static_cast<size_t>(referent.pronoun)];
  if (last.who != &referent) {
    last.other = last.sentence;
    last.who = &referent;
  }
  last.sentence = sentence_;
  last.place = text_.size();
}

// "He" is clear if the last one spoken of, lately, is the one meant and nobody else was near.
bool Telling::clear_pronoun(const Referent& referent) const {
  const Mention& last = mentions_[static_cast<size_t>(referent.pronoun)];
  if (last.who != &referent || last.other >= sentence_ - 1) return false;
  if (in_quote_) return last.place >= quote_start_;
  return last.sentence >= sentence_ - 1;
}

}  // namespace octavo
