// Scripts: a plot as prose with stage directions between the lines, read like a play. A line begins
// with its mark; a line without one continues the line above.
//
//   # text    a beat that begins a paragraph
//   + text    a beat that goes on in the paragraph
//   ? text    the same, told half the time
//   | text    another way to tell the beat above
//   !word …   a stage direction: it changes the scene or calls a passage
//
// Who and what. A role is one letter; what is chosen for it is bound in the telling.
//
//   !child A B    !kin G    !relative H    !animal D    !stranger E old {man|woman}    !pair P A B
//   !villager V [name]      also binds the place 'v', the work 'w' and the need 'n'
//   !thing k toy precious   good for one of these; [k.use] and [k.used] are what one does with it
//   !place q [names]        !season names    !warm (any season but winter)
//   !spot x q [k]           a place where things lie (where k fits); !hide x q, where animals hide
//   !deed d q               what children do there: [d], and in the infinitive the next letter, [e]
//   !pick x a / b           one of the patterns; !pick xy a / b / c gives each role another one
//   !text x pattern
//
// What happens.
//
//   !take A k    !give A k B    !lay A k    !move A q    !join B A (to where A is)
//   !journey k A B C        k is passed on by chance between the places 'p', 'q' and 'r'
//   !later                  days go by: the weather is not the same any more
//
// Passages and the rest.
//
//   !open A, or !open A B P for two whose pair is P    !go A q    !feel A happy    !thank A B
//   !close A [chance]       the evening, which may ask for the facts
//   !play name              a passage by its name    !sky (the weather)
//   !fact phrase / question / answer     the phrase stands in the story twice or more; either the
//                                        phrase or question and answer may be missing
//   !title a / b            one story in three has a title
//   !choose … !or … !end    one of the branches is played
//
// Tested by tests/corpus/stories_test.cpp.
#pragma once

#include <string_view>

#include "octavo/corpus/story_scene.h"

namespace octavo {

void perform(Scene& scene, std::string_view script);

/// The scripts that all plots share (story_passages.cpp).
std::string_view passage(std::string_view name);

}  // namespace octavo
