// See story_script.h.
#include "octavo/corpus/story_script.h"

#include "octavo/base/text.h"
#include "octavo/corpus/story_journey.h"

#include <algorithm>
#include <cassert>

namespace octavo {
namespace {

using Words = std::vector<std::string_view>;

Words split(std::string_view text, char separator) {
  Words parts;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && (text[i] == '{' || text[i] == '[')) ++depth;
    if (i < text.size() && (text[i] == '}' || text[i] == ']')) --depth;
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      parts.push_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  return parts;
}

// A marked line with the lines that continue it.
struct Line {
  char mark;
  std::string_view text;
};

// Takes the first line off the script; mark 0 at the end.
Line next_line(std::string_view& script) {
  const size_t start = script.find_first_not_of(" \n");
  if (start == std::string_view::npos) return {0, {}};
  assert(std::string_view("#+?|!").find(script[start]) != std::string_view::npos);
  size_t end = start;
  do {
    end = std::min(script.find('\n', end + 1), script.size());
  } while (end + 1 < script.size() && script[end + 1] == ' ');
  const Line line{script[start], trimmed(script.substr(start + 1, end - start - 1))};
  script.remove_prefix(end);
  return line;
}

class Performance {
 public:
  explicit Performance(Scene& scene) : s_(scene) {}

  void run(std::string_view script) {
    for (Line line = next_line(script); line.mark; line = next_line(script)) {
      if (line.mark != '|') tell();
      if (line.mark == '#' || line.mark == '+' || line.mark == '?') mark_ = line.mark;
      if (line.mark != '!') {
        beat_.push_back(line.text);
      } else if (line.text == "choose") {
        choose(script);
      } else {
        direct(line.text);
      }
    }
    tell();
  }

 private:
  struct Direction;
  static const Direction kDirections[];

  void tell() {
    if (!beat_.empty() && (mark_ != '?' || s_.dice.chance(0.5))) {
      if (mark_ == '#') s_.t.paragraph();
      s_.t.say(beat_);
    }
    beat_.clear();
  }

  void choose(std::string_view& script);
  void direct(std::string_view text);

  char role(size_t word) const { return words_[word][0]; }
  void cast_villager();
  void find_spot();
  void find_deed();
  void pick();
  void remember();
  void sky();
  void open();
  void go();
  void feel();
  void thank();
  void close();
  void recall();
  void play(std::string_view name) { Performance(s_).run(passage(name)); }

  Scene& s_;
  Words beat_;  // the ways to tell the present beat
  char mark_ = '+';
  Words words_;            // of the present direction
  std::string_view rest_;  // and its text behind the first word
};

struct Performance::Direction {
  std::string_view word;
  void (*act)(Performance&);
};

// The script begins behind !choose; what is left of it begins behind the matching !end.
void Performance::choose(std::string_view& script) {
  Words branches;
  const char* start = script.data();
  for (int depth = 1; depth > 0;) {
    const char* here = script.data();
    const Line line = next_line(script);
    assert(line.mark);
    if (line.mark != '!') continue;
    if (line.text == "choose") ++depth;
    if (line.text == "end") --depth;
    if (depth == 0 || (depth == 1 && line.text == "or")) {
      branches.emplace_back(start, here - start);
      start = script.data();
    }
  }
  Performance(s_).run(s_.dice.one_of(branches));
}

unsigned uses_of(const Words& words) {
  static constexpr std::string_view names[] = {"toy",      "tool",      "wearable",
                                               "precious", "breakable", "small"};
  unsigned uses = 0;
  for (size_t use = 0; use < std::size(names); ++use) {
    if (std::find(words.begin(), words.end(), names[use]) != words.end()) uses |= 1u << use;
  }
  assert(uses);
  return uses;
}

void Performance::cast_villager() {
  const Villager& villager =
      s_.villager(role(0), words_.size() > 1 ? words_[1] : std::string_view());
  s_.place('v', villager.place);
  s_.t.bind('w', std::string(villager.work));
  s_.t.bind('n', std::string(villager.needs));
}

// "x q": any spot of the place; "x q k": one where the thing fits.
void Performance::find_spot() {
  const Place& place = s_.place_of(role(1));
  Words spots(place.spots.begin(), place.spots.end());
  if (words_.size() > 2 && (s_.thing(role(2)).kind->uses & small)) {
    spots.insert(spots.end(), place.nooks.begin(), place.nooks.end());
  }
  s_.t.bind(role(0), std::string(s_.fresh(spots)));
}

void Performance::find_deed() {
  const auto deeds = s_.place_of(role(1)).deeds;
  const Deed* deed = &s_.dice.one_of(deeds);
  while (!s_.take_word(deed->past)) deed = &s_.dice.one_of(deeds);
  s_.t.bind(role(0), std::string(deed->past));
  s_.t.bind(static_cast<char>(role(0) + 1), std::string(deed->infinitive));
}

void Performance::pick() {
  const std::string_view roles = words_[0];
  const auto chosen = s_.dice.some_of(split(rest_.substr(roles.size()), '/'), roles.size());
  for (size_t i = 0; i < chosen.size(); ++i) s_.text(roles[i], chosen[i]);
}

void Performance::remember() {
  const Words parts = split(rest_, '/');
  if (!parts[0].empty()) s_.facts.push_back(s_.t.phrase(parts[0]));
  if (parts.size() > 2) s_.memories.push_back({parts[1], parts[2]});
}

void Performance::sky() {
  const bool told = s_.weather_holds && s_.dice.chance(0.75);
  Performance(s_).run(told ? s_.weather.opening : passage("season"));
}

// Of one hero, or of two: "A B P" makes P the pair of them.
void Performance::open() {
  s_.t.bind('@', s_.person(role(0)));
  if (words_.size() == 1) return play("open");
  s_.t.bind('&', s_.person(role(1)));
  s_.pair(role(2), role(0), role(1));
  play("open two");
}

void Performance::go() {
  s_.moves(role(0), role(1));
  s_.t.paragraph_if_long();
  s_.t.bind('^', s_.place_of(role(1)));
  s_.t.bind('W', s_.walkers(role(0)));
  if (s_.weather_holds && s_.has(role(0)) && !s_.met_somebody && s_.dice.chance(0.12)) {
    s_.met_somebody = true;
    s_.t.bind('@', s_.person(role(0)));
    return play("encounter");
  }
  if (s_.weather_holds && s_.dice.chance(0.25)) {
    Performance(s_).run(s_.weather.path);
    return play("arrive");
  }
  play("go");
  if (s_.weather_holds && s_.place_of(role(1)).shelter == Shelter::outdoors &&
      s_.dice.chance(0.15)) {
    play(s_.season == "summer" ? "spring" : s_.season);
  }
}

void Performance::feel() {
  s_.t.bind('@', s_.person(role(0)));
  play(words_[1]);
}

void Performance::thank() {
  s_.t.bind('@', s_.person(role(0)));
  s_.t.bind('&', s_.person(role(1)));
  play("thank");
}

// The evening asks for what happened, or ends the day, or both; or the story ends as it is.
void Performance::close() {
  if (words_.size() > 1 && !s_.dice.chance(std::stod(std::string(words_[1])))) return;
  s_.t.bind('@', s_.person(role(0)));
  const bool asked = !s_.memories.empty() && s_.dice.chance(0.55);
  if (asked) recall();
  if (!s_.dice.chance(asked ? 0.35 : 0.75)) return;
  s_.t.paragraph();
  if (s_.weather_holds && s_.dice.chance(0.5)) Performance(s_).run(s_.weather.evening);
  play("evening");
}

// Asked by somebody who was not there; the answers are what was told before.
void Performance::recall() {
  s_.kin('Z');
  play("listener");
  s_.dice.shuffle(s_.memories);
  const size_t count = std::min<size_t>(s_.memories.size(), 1 + s_.dice.below(3));
  for (size_t i = 0; i < count; ++i) {
    s_.t.bind('~', std::string(s_.memories[i].question));
    s_.t.bind('=', std::string(s_.memories[i].answer));
    play(i == 0 ? "first question" : "next question");
  }
  if (s_.dice.chance(0.4)) play("heard");
}

const Performance::Direction Performance::kDirections[] = {
    {"child",
     [](Performance& p) {
       for (const auto each : p.words_) p.s_.child(each[0]);
     }},
    {"kin", [](Performance& p) { p.s_.kin(p.role(0)); }},
    {"relative", [](Performance& p) { p.s_.relative(p.role(0)); }},
    {"animal",
     [](Performance& p) {
       for (const auto each : p.words_) p.s_.animal(each[0]);
     }},
    {"villager", [](Performance& p) { p.cast_villager(); }},
    {"stranger", [](Performance& p) { p.s_.stranger(p.role(0), trimmed(p.rest_.substr(1))); }},
    {"thing", [](Performance& p) { p.s_.thing(p.role(0), uses_of(p.words_)); }},
    {"place",
     [](Performance& p) {
       if (p.words_.size() == 1)
         p.s_.place(p.role(0));
       else
         p.s_.place(p.role(0), p.words_[1 + p.s_.dice.below(p.words_.size() - 1)]);
     }},
    {"pair", [](Performance& p) { p.s_.pair(p.role(0), p.role(1), p.role(2)); }},
    {"spot", [](Performance& p) { p.find_spot(); }},
    {"hide",
     [](Performance& p) {
       p.s_.t.bind(p.role(0), std::string(p.s_.fresh(p.s_.place_of(p.role(1)).hides)));
     }},
    {"deed", [](Performance& p) { p.find_deed(); }},
    {"pick", [](Performance& p) { p.pick(); }},
    {"text", [](Performance& p) { p.s_.text(p.role(0), trimmed(p.rest_.substr(1))); }},
    {"season", [](Performance& p) { p.s_.set_season(p.s_.dice.one_of(p.words_)); }},
    {"warm",
     [](Performance& p) {
       if (p.s_.season == "winter") p.s_.set_season("summer");
     }},
    {"title", [](Performance& p) { p.s_.t.title(split(p.rest_, '/')); }},
    {"fact", [](Performance& p) { p.remember(); }},
    {"take", [](Performance& p) { p.s_.takes(p.role(0), p.role(1)); }},
    {"give", [](Performance& p) { p.s_.gives(p.role(0), p.role(1), p.role(2)); }},
    {"lay", [](Performance& p) { p.s_.lays(p.role(0), p.role(1)); }},
    {"move", [](Performance& p) { p.s_.moves(p.role(0), p.role(1)); }},
    {"join", [](Performance& p) { p.s_.person(p.role(0)).place = p.s_.person(p.role(1)).place; }},
    {"journey",
     [](Performance& p) {
       Journey(p.s_, p.role(0), {p.role(1), p.role(2), p.role(3)}).tell();
     }},
    {"later", [](Performance& p) { p.s_.weather_holds = false; }},
    {"play", [](Performance& p) { p.play(p.words_[0]); }},
    {"sky", [](Performance& p) { p.sky(); }},
    {"open", [](Performance& p) { p.open(); }},
    {"go", [](Performance& p) { p.go(); }},
    {"feel", [](Performance& p) { p.feel(); }},
    {"thank", [](Performance& p) { p.thank(); }},
    {"close", [](Performance& p) { p.close(); }},
};

void Performance::direct(std::string_view text) {
  const size_t space = std::min(text.find(' '), text.size());
  rest_ = trimmed(text.substr(space));
  words_ = split(rest_, ' ');
  for (const Direction& direction : kDirections) {
    if (direction.word == text.substr(0, space)) return direction.act(*this);
  }
  assert(!"a direction of this name");
}

}  // namespace

void perform(Scene& scene, std::string_view script) { Performance(scene).run(script); }

}  // namespace octavo
