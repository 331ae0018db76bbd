// See story_world.h.
#include "octavo/corpus/story_world.h"

#include <cassert>

namespace octavo {
namespace {

using Words = std::string_view[];

constexpr Words kHouseSpots = {"under the bed",      "behind the clock",  "in the blue jar",
                               "under the stairs",   "in the big drawer", "behind the stove",
                               "on the top shelf",   "in the old chest",  "under the rug",
                               "behind the curtain", "in the brown pot",  "under the pillow"};
constexpr Deed kHouseDeeds[] = {{"swept the floor", "sweep the floor"},
                                {"drew a picture", "draw a picture"},
                                {"washed the cups", "wash the cups"},
                                {"built a tower of blocks", "build a tower of blocks"},
                                {"helped to set the table", "help to set the table"},
                                {"read a book", "read a book"}};
constexpr Words kGardenSpots = {
    "under the flat stone", "behind the rose bush", "under the bench",
    "in the green bucket",  "behind the old wall",  "under the cabbage leaves",
    "behind the shed",      "in the flower pot",    "under the bean plants"};
constexpr Deed kGardenDeeds[] = {{"watered the beans", "water the beans"},
                                 {"pulled some weeds", "pull some weeds"},
                                 {"picked a bowl of peas", "pick a bowl of peas"},
                                 {"dug a deep hole", "dig a deep hole"},
                                 {"chased a butterfly", "chase a butterfly"},
                                 {"planted a row of beans", "plant a row of beans"}};
constexpr Words kBarnSpots = {
    "under the hay",     "behind the ladder",    "in the old cart",
    "in the brown sack", "under the feed box",   "behind the big door",
    "in the milk can",   "behind the hen house", "under the pile of straw"};
constexpr Deed kBarnDeeds[] = {{"fed the hens", "feed the hens"},
                               {"looked for eggs", "look for eggs"},
                               {"climbed on the hay", "climb on the hay"},
                               {"brushed the pony", "brush the pony"},
                               {"swept up the straw", "sweep up the straw"}};
constexpr Words kMillSpots = {"behind the flour sacks", "under the stone steps",
                              "in the empty barrel",    "behind the mill wheel",
                              "under the long table",   "in the wooden bin"};
constexpr Deed kMillDeeds[] = {{"watched the big wheel", "watch the big wheel"},
                               {"helped to carry a sack", "help to carry a sack"},
                               {"swept up the flour", "sweep up the flour"},
                               {"listened to the water", "listen to the water"}};
constexpr Words kRiverSpots = {"under the bridge",      "in the old boat",
                               "under the flat rock",   "behind the tall reeds",
                               "under the willow tree", "in the fishing net"};
constexpr Deed kRiverDeeds[] = {{"threw stones into the water", "throw stones into the water"},
                                {"looked for shells", "look for shells"},
                                {"watched the little fish", "watch the little fish"},
                                {"built a small dam", "build a small dam"},
                                {"caught a fish and let it go", "catch a fish and let it go"}};
constexpr Words kMarketSpots = {"under the fruit stand", "behind the apple barrel",
                                "under the egg cart",    "in the empty basket",
                                "behind the well",       "under the wooden bench"};
constexpr Deed kMarketDeeds[] = {{"looked at the apples", "look at the apples"},
                                 {"counted the pumpkins", "count the pumpkins"},
                                 {"listened to the music", "listen to the music"},
                                 {"smelled the fresh bread", "smell the fresh bread"}};
constexpr Words kSchoolSpots = {"in the teacher's desk", "behind the big map",
                                "under the last bench",  "on the window sill",
                                "in the paper box",      "behind the coat rack"};
constexpr Deed kSchoolDeeds[] = {{"read a story", "read a story"},
                                 {"did some sums", "do some sums"},
                                 {"sang a song", "sing a song"},
                                 {"painted a picture", "paint a picture"}};
constexpr Words kForestSpots = {
    "in the hollow tree",  "under the old oak",   "behind the mossy log", "under the fern leaves",
    "in the old fox hole", "behind the big rock", "under the pine tree",  "in the blackberry bush"};
constexpr Deed kForestDeeds[] = {{"gathered some sticks", "gather some sticks"},
                                 {"picked berries", "pick berries"},
                                 {"listened to the birds", "listen to the birds"},
                                 {"looked for mushrooms", "look for mushrooms"},
                                 {"climbed a tree", "climb a tree"}};
constexpr Words kHillSpots = {"under the stone wall", "behind the old gate", "in the tall grass",
                              "under the thorn bush", "behind the gray rock"};
constexpr Deed kHillDeeds[] = {{"rolled down the slope", "roll down the slope"},
                               {"watched the clouds", "watch the clouds"},
                               {"ran races", "run races"},
                               {"counted the sheep", "count the sheep"}};
constexpr Words kMeadowSpots = {"under the hay wagon", "in the long grass", "behind the fence",
                                "under the old tree stump", "behind the water trough"};
constexpr Deed kMeadowDeeds[] = {{"picked flowers", "pick flowers"},
                                 {"played tag", "play tag"},
                                 {"made a crown of daisies", "make a crown of daisies"},
                                 {"looked for snails", "look for snails"}};
constexpr Words kPondSpots = {"under the little dock", "behind the duck house", "in the wet reeds",
                              "under the round stone", "behind the willow"};
constexpr Deed kPondDeeds[] = {{"fed the ducks", "feed the ducks"},
                               {"sailed boats made of leaves", "sail boats made of leaves"},
                               {"watched the frogs", "watch the frogs"},
                               {"threw bread to the ducks", "throw bread to the ducks"}};
constexpr Words kOrchardSpots = {"under the plum tree", "in the apple basket", "behind the ladder",
                                 "in the hole in the wall", "under the wheelbarrow"};
constexpr Deed kOrchardDeeds[] = {{"picked up apples", "pick up apples"},
                                  {"climbed the pear tree", "climb the pear tree"},
                                  {"ate a sweet plum", "eat a sweet plum"},
                                  {"filled a basket with pears", "fill a basket with pears"}};
constexpr Words kBakerySpots = {"behind the oven", "under the bread shelf", "in the last flour bin",
                                "under the counter"};
constexpr Deed kBakeryDeeds[] = {{"smelled the warm rolls", "smell the warm rolls"},
                                 {"looked at the cakes", "look at the cakes"}};
constexpr Words kShopSpots = {"behind the counter", "in the button box", "under the step ladder",
                              "on the middle shelf"};
constexpr Deed kShopDeeds[] = {{"looked at the ribbons", "look at the ribbons"},
                               {"counted the jars", "count the jars"}};
constexpr Words kWorkshopSpots = {"under the work table", "in the tool box", "behind the wood pile",
                                  "under the wood chips"};
constexpr Deed kWorkshopDeeds[] = {{"picked up nails", "pick up nails"},
                                   {"watched the saw", "watch the saw"}};

const Place kPlaces[] = {
    {{"house", {}, "in"}, Shelter::indoors, kHouseSpots, kHouseDeeds},
    {{"garden", {}, "in"}, Shelter::outdoors, kGardenSpots, kGardenDeeds},
    {{"barn", {}, "in"}, Shelter::indoors, kBarnSpots, kBarnDeeds},
    {{"mill", {}, "at"}, Shelter::indoors, kMillSpots, kMillDeeds},
    {{"river", {}, "by"}, Shelter::outdoors, kRiverSpots, kRiverDeeds},
    {{"market", {}, "at"}, Shelter::indoors, kMarketSpots, kMarketDeeds},
    {{"school", {}, "at"}, Shelter::indoors, kSchoolSpots, kSchoolDeeds},
    {{"forest", {}, "in"}, Shelter::outdoors, kForestSpots, kForestDeeds},
    {{"hill", {}, "on"}, Shelter::outdoors, kHillSpots, kHillDeeds},
    {{"meadow", {}, "in"}, Shelter::outdoors, kMeadowSpots, kMeadowDeeds},
    {{"pond", {}, "by"}, Shelter::outdoors, kPondSpots, kPondDeeds},
    {{"orchard", {}, "in"}, Shelter::outdoors, kOrchardSpots, kOrchardDeeds},
    {{"bakery", {}, "at"}, Shelter::indoors, kBakerySpots, kBakeryDeeds},
    {{"shop", {}, "in"}, Shelter::indoors, kShopSpots, kShopDeeds},
    {{"workshop", {}, "in"}, Shelter::indoors, kWorkshopSpots, kWorkshopDeeds},
};

constexpr Words kPaints = {"red",   "blue",  "green",  "yellow", "white",
                           "black", "brown", "orange", "purple"};
constexpr Words kMetals = {"silver", "golden", "small", "old", "shiny", "little"};
constexpr Words kCloths = {"red",  "blue", "green", "yellow", "white", "soft",
                           "gray", "pink", "warm",  "purple", "brown"};
constexpr Words kWoods = {"wooden", "small", "old", "little", "brown", "round", "painted"};
constexpr Words kBooks = {"thick", "old", "little", "red", "green", "blue", "new"};
constexpr Words kStones = {"white", "round", "smooth", "green", "blue", "black", "shiny"};

const ThingKind kThingKinds[] = {
    {"ball", kPaints, toy, "threw it high into the air", "throw it high into the air"},
    {"kite", kPaints, toy | breakable, "flew it in the wind", "fly it in the wind"},
    {"boat", kPaints, toy | breakable, "sailed it in a tub of water", "sail it in a tub of water"},
    {"doll", kCloths, toy | breakable, "rocked it to sleep", "rock it to sleep"},
    {"drum", kPaints, toy | breakable, "played it very loudly", "play it very loudly"},
    {"whistle", kMetals, toy | precious, "blew it three times", "blow it three times"},
    {"flute", kWoods, toy | precious, "played a tune on it", "play a tune on it"},
    {"top", kPaints, toy, "made it spin on the floor", "make it spin on the floor"},
    {"wagon", kPaints, toy | breakable, "pulled it up and down the road",
     "pull it up and down the road"},
    {"puppet", kCloths, toy | breakable, "made it dance", "make it dance"},
    {"key", kMetals, tool | precious, "hung it on a string", "hang it on a string"},
    {"bell", kMetals, toy | precious, "rang it at the door", "ring it at the door"},
    {"coin", kMetals, precious, "turned it over in the light", "turn it over in the light"},
    {"ring", kMetals, precious, "turned it round and round", "turn it round and round"},
    {"button", kPaints, precious, "rubbed it until it was bright", "rub it until it was bright"},
    {"shell", kStones, precious, "held it to one ear", "hold it to one ear"},
    {"feather", kPaints, precious, "blew it into the air", "blow it into the air"},
    {"marble", kPaints, toy | precious, "rolled it along the floor", "roll it along the floor"},
    {"book", kBooks, tool | precious, "read it again and again", "read it again and again"},
    {"lamp", kMetals, tool | breakable, "lit it every night", "light it every night"},
    {"cup", kPaints, tool | breakable, "drank warm milk from it", "drink warm milk from it"},
    {"basket", kWoods, tool | breakable, "filled it with flowers", "fill it with flowers"},
    {"spoon", kMetals, tool, "stirred the soup with it", "stir the soup with it"},
    {"brush", kWoods, tool, "painted with it", "paint with it"},
    {"box", kWoods, tool | precious | breakable, "kept small things in it",
     "keep small things in it"},
    {"bag", kCloths, tool, "carried apples in it", "carry apples in it"},
    {"hat", kCloths, wearable, "wore it every day", "wear it every day"},
    {"scarf", kCloths, wearable, "wore it in the cold", "wear it in the cold"},
    {"coat", kCloths, wearable, "wore it to school", "wear it to school"},
    {"blanket", kCloths, wearable | breakable, "slept under it", "sleep under it"},
    {"umbrella", kPaints, tool | breakable, "opened it in the rain", "open it in the rain"},
};

const Villager kVillagers[] = {
    {"baker", "bakery", "was taking bread out of the oven", "carry the flour"},
    {"miller", "mill", "was filling sacks with flour", "sweep the steps"},
    {"farmer", "barn", "was feeding the cows", "bring in the hay"},
    {"teacher", "school", "was cleaning the board", "stack the books"},
    {"fisher", "river", "was mending a net", "carry the fish"},
    {"gardener", "orchard", "was cutting dry branches", "gather the branches"},
    {"shopkeeper", "shop", "was counting buttons", "wash the window"},
    {"carpenter", "workshop", "was making a chair", "hold the boards"},
    {"shepherd", "hill", "was watching the sheep", "count the sheep"},
};

constexpr Words kFurs = {"gray", "brown", "white", "black", "small", "young", "fat", "little"};
const AnimalKind kPetKinds[] = {
    {"cat", kFurs, "fish", "a little fish", "meowed", "crept"},
    {"kitten", kFurs, "cheese", "a bit of cheese", "meowed", "jumped"},
    {"dog", kFurs, "old bones", "an old bone", "barked", "ran"},
    {"puppy", kFurs, "bread", "a piece of bread", "barked", "ran"},
    {"rabbit", kFurs, "carrots", "a carrot", "squeaked", "hopped"},
    {"duck", kFurs, "corn", "some corn", "quacked", "waddled"},
    {"hen", kFurs, "corn", "some corn", "clucked", "ran"},
    {"goat", kFurs, "cabbage", "a cabbage leaf", "bleated", "jumped"},
    {"lamb", kFurs, "sweet hay", "some sweet hay", "bleated", "jumped"},
};
constexpr Words kPetNames = {"Dot",  "Patch",  "Pip",    "Biscuit", "Coco",  "Rusty",
                             "Moss", "Ginger", "Button", "Pepper",  "Daisy", "Honey",
                             "Nut",  "Star",   "Socks",  "Toffee"};

constexpr Words kCold = {"winter"};
constexpr Words kMild = {"spring", "autumn"};
constexpr Words kWarm = {"spring", "summer"};
constexpr Words kLong = {"spring", "summer", "autumn"};
constexpr Words kAny = {"spring", "summer", "autumn", "winter"};

constexpr Words kRainOpening = {
    "It had rained all night, and the path was {muddy|wet|full of puddles}.",
    "It had rained until {breakfast|sunrise}, and {water ran down the road|big drops fell from the "
    "trees|every leaf was shining}.",
    "{Gray|Dark|Heavy} clouds hung over the {village|hill|river}, and {the road was wet|there were "
    "puddles everywhere}.",
    "After three days of rain, {the sky was clear at last|the sun came out again|the river was "
    "high and brown}."};
constexpr Words kRainPath = {
    "The path was muddy after the rain, so {[W] walked slowly|every step made a wet sound|[W.s] "
    "shoes were soon brown}.",
    "There were puddles on the road because it had rained.",
    "The grass was still wet from the rain."};
constexpr Words kRainEvening = {
    "{In the evening|After supper} it rained again, but it was warm inside.",
    "Rain {fell|tapped} on the roof, but it was warm inside.",
    "The clouds were gone now, and {the stars came out|the moon was bright}."};
constexpr Words kSunOpening = {
    "The sun {was shining|was already high|shone on the roofs of the village}.",
    "It was {a bright|a warm|a fine|a sunny} day, and {the birds were singing|the sky was "
    "blue|there was not a cloud in the sky}.",
    "{The morning was clear and warm|The sky was clear and blue}, and {everyone|the whole village} "
    "was {outside|in a good mood}.",
    "The air {was warm and smelled of flowers|was sweet and still|smelled of grass and warm "
    "bread}."};
constexpr Words kSunPath = {
    "The sun was warm, and {bees hummed in the flowers|the road was dry and white}.",
    "Birds sang in the trees along the way.", "It was a good day for walking."};
constexpr Words kSunEvening = {
    "The sun went down, and the sky turned {red|pink|gold}.", "The evening was warm and still.",
    "{The first stars came out|The moon rose} over the {hill|mill|roofs}."};
constexpr Words kWindOpening = {
    "A strong wind blew {from the hill|over the roofs|through the village}.",
    "It was a windy day, and {the leaves flew about|the trees bent low|the clouds ran across the "
    "sky}.",
    "The wind {shook the windows|rattled the door|sang in the trees} all morning."};
constexpr Words kWindPath = {
    "The wind pushed at {every door|the trees}, and leaves flew over the road.",
    "It was hard to walk against the wind.", "Dust and leaves danced in the wind."};
constexpr Words kWindEvening = {
    "The wind had grown tired, and {the night was still|all was quiet}.",
    "Outside, the wind still blew, but {the fire was warm|nobody minded}."};
constexpr Words kSnowOpening = {
    "Snow had fallen in the night, and {the whole village was white|every roof was white|the road "
    "was gone}.",
    "It was {a cold winter day|a cold, clear day}, and {snow lay on the roofs|the pond was covered "
    "with ice|the snow was deep}.",
    "Snow fell {softly|slowly} on the {village|hill|fields}."};
constexpr Words kSnowPath = {"The snow was deep, so it was a slow walk.",
                             "[W.s] breath made little clouds in the cold air.",
                             "The snow cracked under [W.s] shoes."};
constexpr Words kSnowEvening = {
    "Outside, snow began to fall{| again}.",
    "It was a cold night, but {the house|the kitchen} was warm.",
    "The fire was bright, and {the snow|the night} shone outside the window."};
constexpr Words kFogOpening = {
    "A thick fog lay over the {village|river|fields}.",
    "The morning was {gray|foggy}, and {nobody could see the hill|even the mill was hard to see}."};
constexpr Words kFogPath = {"The fog was thick, and the trees looked like tall people.",
                            "It was hard to see the road in the fog."};
constexpr Words kFogEvening = {"The fog was gone, and {the moon|a single star} was shining.",
                               "Fog lay on the fields again, but inside the lamp was bright."};

const Weather kWeathers[] = {
    {"rainy", kMild, kRainOpening, kRainPath, kRainEvening},
    {"rainy", kLong, kRainOpening, kRainPath, kRainEvening},
    {"sunny", kWarm, kSunOpening, kSunPath, kSunEvening},
    {"sunny", kWarm, kSunOpening, kSunPath, kSunEvening},
    {"windy", kMild, kWindOpening, kWindPath, kWindEvening},
    {"snowy", kCold, kSnowOpening, kSnowPath, kSnowEvening},
    {"foggy", kMild, kFogOpening, kFogPath, kFogEvening},
};

}  // namespace

std::span<const Place> places() { return kPlaces; }
const Place& place_named(std::string_view name) {
  for (const Place& place : kPlaces) {
    if (place.name == name) return place;
  }
  assert(false);
  return kPlaces[0];
}
std::span<const ThingKind> thing_kinds() { return kThingKinds; }
std::span<const Villager> villagers() { return kVillagers; }
std::span<const AnimalKind> pet_kinds() { return kPetKinds; }
std::span<const std::string_view> pet_names() { return kPetNames; }
std::span<const Weather> weathers() { return kWeathers; }

std::string_view season_name(Season season) {
  static constexpr std::string_view names[] = {"spring", "summer", "autumn", "winter"};
  return names[static_cast<size_t>(season)];
}

}  // namespace octavo
