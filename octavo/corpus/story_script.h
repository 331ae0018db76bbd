// Scripts: a plot as prose with stage directions between the lines, read like a play. A line begins
// with its mark; a line without one continues the line above.
//
//   # text    a beat that begins a paragraph
//   + text    a beat that goes on in the paragraph
//   ? text    the same, told half the time
//   | text    another way to tell the beat above
//   !word …   a stage direction: it changes the scene or calls a passage
//
// Directions: who and what (a role is one letter; "x = a / b" binds a text):
//   !child A B   !kin G   !relative H   !animal D   !villager V [name]   !stranger E old
//   {man|woman} !thing k toy precious   !place q [names]   !spot x q [k]   !hide x q   !deed d q
//   !pair P A B !pick x a / b / c   !pick xyz a / b / c / d (all different)   !text x pattern
//   !season winter !warm (any season but winter) A villager also binds the place 'v', the work 'w'
//   and the need 'n'; deeds come as "[d]" and, in the infinitive, as the next letter "[e]"; [k.use]
//   and [k.used] are what one does with a thing.
// Events: !take A k   !give A k B   !lay A k   !move A q   !join B A   !later (the weather is over)
//   !journey k A B C (the thing is passed on by chance between the places 'p', 'q', 'r')
// Passages: !open A [B P]   !go A q   !feel A happy   !thank A B   !close A [chance]
// What comes back: !fact phrase / question / answer   (phrase and question may be empty)
// Branches, one of which is played: !choose … !or … !end
// A title for one story in three: !title a / b / c
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
