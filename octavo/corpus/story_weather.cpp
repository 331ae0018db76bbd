// The weather of the stories: how it opens a day, what it does to the way ('W' is who goes), and
// how it ends the day. See story_script.h for the notation.
#include "octavo/corpus/story_world.h"

namespace octavo {
namespace {

using Words = std::string_view[];

constexpr Words kCold = {"winter"};
constexpr Words kMild = {"spring", "autumn"};
constexpr Words kFair = {"spring", "summer"};
constexpr Words kLong = {"spring", "summer", "autumn"};

constexpr std::string_view kRainOpening = R"(
+ It had rained {all night|until {breakfast|sunrise}|the whole night}, and {the path was
  {muddy|wet|full of puddles}|water ran down the road|big drops fell from the trees|every leaf was
  shining}.
| {Gray|Dark|Heavy|Low} clouds hung over the {village|hill|river|fields}, and {the road was
  wet|there were puddles everywhere|the air smelled of rain}.
| After {three|two|many} days of rain, {the sky was clear at last|the sun came out again|the river
  was high and brown|everyone was glad to go outside}.
| The rain had just stopped, and {drops hung on every branch|the roofs were shining|a rainbow stood
  over the {hill|mill|forest}}.
)";
constexpr std::string_view kRainPath = R"(
+ The path was {muddy|wet and soft} after the rain, so [W] walked slowly.
| There were puddles on the road because it had rained, and [W] jumped over {each|every one} of
  them.
| The grass was still wet from the rain, {and soon [W.his] shoes were wet too|so [W.his] shoes were
  soon wet}.
| The road was full of mud, because it had rained{, and [W] had to look at every step|}.
)";
constexpr std::string_view kRainEvening = R"(
+ {In the evening|After supper} it rained again, but it was warm inside.
| Rain {fell|tapped} on the roof, {but it was warm inside|but nobody minded|like many small
  fingers}.
| The clouds were gone now, and {the stars came out|the moon was bright}.
)";
constexpr std::string_view kSunOpening = R"(
+ The sun {was shining|was already high|shone on the roofs of the village|had just come up}.
| It was {a bright|a warm|a fine|a sunny} day, and {the birds were singing|the sky was blue|there
  was not a cloud in the sky|all the windows were open}.
| {The morning was clear and warm|The sky was clear and blue}, and {everyone|the whole village} was
  {outside|in a good mood}.
| The air {was warm and smelled of flowers|was sweet and still|smelled of grass and warm bread}.
)";
constexpr std::string_view kSunPath = R"(
+ The sun was warm, and {bees hummed in the flowers|the road was dry and white|[W] took off [W.his]
  shoes}.
| Birds sang in the trees along the way{, and [W] whistled with them|}.
| It was a good day for walking, so [W] {took the long way|did not hurry}.
)";
constexpr std::string_view kSunEvening = R"(
+ The sun went down, and the sky turned {red|pink|gold}.
| The evening was warm and still{, and somewhere {a cricket|an owl|a frog} {sang|called}|}.
| {The first stars came out|The moon rose} over the {hill|mill|roofs}.
)";
constexpr std::string_view kWindOpening = R"(
+ A strong wind blew {from the hill|over the roofs|through the village|from the river}.
| It was a windy day, and {the leaves flew about|the trees bent low|the clouds ran across the
  sky|hats flew down the street}.
| The wind {shook the windows|rattled the door|sang in the trees|howled around the house} all
  morning.
)";
constexpr std::string_view kWindPath = R"(
+ The wind blew so hard that [W] had to {walk slowly|bend forward}.
| It was hard to walk against the wind, so it took a long time.
| Dust and leaves danced in the wind, and [W] {closed [W.his] eyes|looked down}.
)";
constexpr std::string_view kWindEvening = R"(
+ The wind had grown tired, and {the night was still|all was quiet}.
| Outside, the wind still blew, but {the fire was warm|nobody minded|the house was warm and safe}.
)";
constexpr std::string_view kSnowOpening = R"(
+ Snow had fallen in the night, and {the whole village was white|every roof was white|the road was
  gone|it was very quiet outside}.
| It was {a cold winter day|a cold, clear day}, and {snow lay on the roofs|the pond was covered with
  ice|the snow was deep}.
| Snow fell {softly|slowly|in big flakes} on the {village|hill|fields}.
| There were flowers of ice on the window, for it was {very cold|the coldest day of the winter}.
)";
constexpr std::string_view kSnowPath = R"(
+ The snow was deep, so it was a slow walk.
| It was so cold that [W.his] breath made little clouds in the air.
| The snow cracked under [W.his] shoes, and {there was no other sound|the air was clear and cold}.
)";
constexpr std::string_view kSnowEvening = R"(
+ Outside, snow began to fall{| again}.
| It was a cold night, but {the house|the kitchen} was warm.
| The fire was bright, and the snow shone outside the window.
)";
constexpr std::string_view kFogOpening = R"(
+ A thick fog lay over the {village|river|fields}.
| The morning was {gray|foggy}, and {nobody could see the hill|even the mill was hard to see|the
  church had no top}.
)";
constexpr std::string_view kFogPath = R"(
+ The fog was thick, and the trees looked like tall people.
| It was hard to see the road in the fog, so [W] {walked slowly|kept close to the fence}.
)";
constexpr std::string_view kFogEvening = R"(
+ The fog was gone, and {the moon|a single star} was shining.
| Fog lay on the fields again, but inside the lamp was bright.
)";

const Weather kWeathers[] = {
    {kLong, kRainOpening, kRainPath, kRainEvening}, {kMild, kRainOpening, kRainPath, kRainEvening},
    {kFair, kSunOpening, kSunPath, kSunEvening},    {kFair, kSunOpening, kSunPath, kSunEvening},
    {kLong, kSunOpening, kSunPath, kSunEvening},    {kMild, kWindOpening, kWindPath, kWindEvening},
    {kCold, kSnowOpening, kSnowPath, kSnowEvening}, {kMild, kFogOpening, kFogPath, kFogEvening},
};

}  // namespace

std::span<const Weather> weathers() { return kWeathers; }

}  // namespace octavo
