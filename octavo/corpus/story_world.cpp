// See story_world.h.
#include "octavo/corpus/story_world.h"

#include <cassert>

namespace octavo {
namespace {

using Words = std::string_view[];

constexpr Words kHouseSpots = {"under the bed",    "behind the stove",   "under the stairs",
                               "in the old chest", "behind the curtain", "on the top shelf",
                               "under the table",  "behind the door",    "in the wardrobe"};
constexpr Words kHouseNooks = {"in the blue jar",   "behind the clock", "in the brown pot",
                               "under the pillow",  "under the rug",    "in the big drawer",
                               "in the sugar bowl", "in the old shoe"};
constexpr Words kHouseHides = {"under the bed",      "behind the stove", "under the stairs",
                               "behind the curtain", "in the wardrobe",  "under the table"};
constexpr Deed kHouseDeeds[] = {{"swept the floor", "sweep the floor"},
                                {"drew a picture", "draw a picture"},
                                {"washed the cups", "wash the cups"},
                                {"built a tower of blocks", "build a tower of blocks"},
                                {"set the table", "set the table"}};
constexpr Words kGardenSpots = {"behind the rose bush",     "under the bench",
                                "behind the old wall",      "behind the shed",
                                "under the cabbage leaves", "under the bean plants"};
constexpr Words kGardenNooks = {"under the flat stone", "in the flower pot", "in the green bucket",
                                "in the hole in the wall", "under the watering can"};
constexpr Words kGardenHides = {"behind the rose bush", "behind the shed", "behind the old wall",
                                "under the bench", "under the apple tree"};
constexpr Deed kGardenDeeds[] = {{"watered the beans", "water the beans"},
                                 {"pulled some weeds", "pull some weeds"},
                                 {"picked a bowl of peas", "pick a bowl of peas"},
                                 {"dug a deep hole", "dig a deep hole"},
                                 {"chased a butterfly", "chase a butterfly"},
                                 {"planted a row of beans", "plant a row of beans"}};
constexpr Words kBarnSpots = {"under the hay",       "behind the ladder",   "in the old cart",
                              "behind the feed box", "behind the big door", "under the straw",
                              "behind the hen house"};
constexpr Words kBarnNooks = {"in the brown sack", "in the milk can", "in the empty nest",
                              "on the wooden beam"};
constexpr Words kBarnHides = {"under the hay", "in the old cart", "behind the big door",
                              "behind the hen house", "under the straw"};
constexpr Deed kBarnDeeds[] = {{"fed the hens", "feed the hens"},
                               {"looked for eggs", "look for eggs"},
                               {"climbed on the hay", "climb on the hay"},
                               {"brushed the pony", "brush the pony"},
                               {"swept up the straw", "sweep up the straw"}};
constexpr Words kMillSpots = {"behind the flour sacks", "under the stone steps",
                              "in the empty barrel",    "behind the mill wheel",
                              "under the long table",   "in the wooden bin"};
constexpr Words kMillNooks = {"in the crack in the wall", "under the scales", "in the money box"};
constexpr Words kMillHides = {"behind the flour sacks", "under the stone steps",
                              "in the empty barrel", "under the long table"};
constexpr Deed kMillDeeds[] = {{"watched the big wheel", "watch the big wheel"},
                               {"helped to carry a sack", "help to carry a sack"},
                               {"swept up the flour", "sweep up the flour"},
                               {"listened to the water", "listen to the water"}};
constexpr Words kRiverSpots = {"under the bridge", "in the old boat", "behind the flat rock",
                               "in the tall reeds", "under the willow tree"};
constexpr Words kRiverNooks = {"under the flat stone", "in the fishing net", "between two roots"};
constexpr Words kRiverHides = {"under the bridge", "in the old boat", "behind the flat rock",
                               "in the tall reeds", "behind the willow tree"};
constexpr Deed kRiverDeeds[] = {{"threw stones into the water", "throw stones into the water"},
                                {"looked for shells", "look for shells"},
                                {"watched the little fish", "watch the little fish"},
                                {"built a small dam", "build a small dam"},
                                {"caught a fish and let it go", "catch a fish and let it go"}};
constexpr Words kMarketSpots = {"under the fruit stand", "behind the apple barrel",
                                "under the egg cart", "behind the well", "under the wooden bench"};
constexpr Words kMarketNooks = {"in the empty basket", "between two stones", "in the box of pears"};
constexpr Words kMarketHides = {"under the fruit stand", "behind the apple barrel",
                                "behind the well", "under the egg cart"};
constexpr Deed kMarketDeeds[] = {{"looked at the apples", "look at the apples"},
                                 {"counted the pumpkins", "count the pumpkins"},
                                 {"listened to the music", "listen to the music"},
                                 {"smelled the fresh bread", "smell the fresh bread"}};
constexpr Words kSchoolSpots = {"behind the big map", "under the last bench", "on the window sill",
                                "behind the coat rack", "behind the bookcase"};
constexpr Words kSchoolNooks = {"in the teacher's desk", "in the paper box", "in the chalk box",
                                "behind the globe"};
constexpr Words kSchoolHides = {"behind the big map", "under the last bench",
                                "behind the coat rack", "under the teacher's desk"};
constexpr Deed kSchoolDeeds[] = {{"read a story", "read a story"},
                                 {"did some sums", "do some sums"},
                                 {"sang a song", "sing a song"},
                                 {"painted a picture", "paint a picture"}};
constexpr Words kForestSpots = {"in the hollow tree",   "behind the old oak",
                                "behind the mossy log", "under the fern leaves",
                                "behind the big rock",  "under the pine tree"};
constexpr Words kForestNooks = {"in the old fox hole", "between the roots", "under the dry leaves"};
constexpr Words kForestHides = {"in the hollow tree", "behind the old oak", "behind the mossy log",
                                "behind the big rock", "under the fern leaves"};
constexpr Deed kForestDeeds[] = {{"gathered some sticks", "gather some sticks"},
                                 {"picked berries", "pick berries"},
                                 {"listened to the birds", "listen to the birds"},
                                 {"looked for mushrooms", "look for mushrooms"},
                                 {"climbed a tree", "climb a tree"}};
constexpr Words kHillSpots = {"behind the stone wall", "behind the old gate", "in the tall grass",
                              "under the thorn bush", "behind the gray rock"};
constexpr Words kHillNooks = {"in the old rabbit hole", "under the round stone",
                              "between two rocks"};
constexpr Words kHillHides = {"behind the stone wall", "behind the old gate", "in the tall grass",
                              "under the thorn bush", "behind the gray rock"};
constexpr Deed kHillDeeds[] = {{"rolled down the slope", "roll down the slope"},
                               {"watched the clouds", "watch the clouds"},
                               {"ran races", "run races"},
                               {"counted the sheep", "count the sheep"}};
constexpr Words kMeadowSpots = {"under the hay wagon", "in the long grass", "behind the fence",
                                "behind the tree stump", "behind the water trough"};
constexpr Words kMeadowNooks = {"in the old boot", "under the tree stump", "in the clover"};
constexpr Words kMeadowHides = {"under the hay wagon", "in the long grass", "behind the fence",
                                "behind the water trough"};
constexpr Deed kMeadowDeeds[] = {{"picked flowers", "pick flowers"},
                                 {"played tag", "play tag"},
                                 {"made a crown of daisies", "make a crown of daisies"},
                                 {"looked for snails", "look for snails"}};
constexpr Words kPondSpots = {"under the little dock", "behind the duck house", "in the wet reeds",
                              "behind the willow", "in the green boat"};
constexpr Words kPondNooks = {"under the round stone", "in the tin can", "in the old nest"};
constexpr Words kPondHides = {"under the little dock", "behind the duck house", "behind the willow",
                              "in the green boat"};
constexpr Deed kPondDeeds[] = {{"fed the ducks", "feed the ducks"},
                               {"sailed boats made of leaves", "sail boats made of leaves"},
                               {"watched the frogs", "watch the frogs"},
                               {"sat on the dock and talked", "sit on the dock and talk"}};
constexpr Words kOrchardSpots = {"under the plum tree", "behind the ladder",
                                 "under the wheelbarrow", "behind the old pear tree",
                                 "in the tool shed"};
constexpr Words kOrchardNooks = {"in the apple basket", "in the hole in the wall",
                                 "under the fallen leaves"};
constexpr Words kOrchardHides = {"behind the ladder", "behind the old pear tree",
                                 "in the tool shed", "behind the wheelbarrow"};
constexpr Deed kOrchardDeeds[] = {{"picked up apples", "pick up apples"},
                                  {"climbed the pear tree", "climb the pear tree"},
                                  {"ate a sweet plum", "eat a sweet plum"},
                                  {"filled a basket with pears", "fill a basket with pears"}};
constexpr Words kBakerySpots = {"behind the oven", "under the bread shelf", "under the counter",
                                "behind the flour bin"};
constexpr Words kBakeryNooks = {"in the cake tin", "in the last flour bin", "under the wet cloth"};
constexpr Words kBakeryHides = {"behind the oven", "under the bread shelf", "under the counter"};
constexpr Deed kBakeryDeeds[] = {{"smelled the warm rolls", "smell the warm rolls"},
                                 {"looked at the cakes", "look at the cakes"}};
constexpr Words kShopSpots = {"behind the counter", "under the step ladder", "on the middle shelf",
                              "behind the broom"};
constexpr Words kShopNooks = {"in the button box", "in the tea cup", "behind the candy jar"};
constexpr Words kShopHides = {"behind the counter", "under the step ladder",
                              "behind the potato sacks"};
constexpr Deed kShopDeeds[] = {{"looked at the ribbons", "look at the ribbons"},
                               {"counted the jars", "count the jars"}};
constexpr Words kWorkshopSpots = {"under the work table", "behind the wood pile", "in the tool box",
                                  "behind the tall boards"};
constexpr Words kWorkshopNooks = {"under the wood chips", "in the nail box", "in the glue pot"};
constexpr Words kWorkshopHides = {"under the work table", "behind the wood pile",
                                  "behind the tall boards"};
constexpr Deed kWorkshopDeeds[] = {{"picked up nails", "pick up nails"},
                                   {"watched the saw", "watch the saw"}};

constexpr Shelter in = Shelter::indoors, out = Shelter::outdoors;
const Place kPlaces[] = {
    {{"house", {}, "in"}, in, kHouseSpots, kHouseNooks, kHouseHides, kHouseDeeds},
    {{"garden", {}, "in"}, out, kGardenSpots, kGardenNooks, kGardenHides, kGardenDeeds},
    {{"barn", {}, "in"}, in, kBarnSpots, kBarnNooks, kBarnHides, kBarnDeeds},
    {{"mill", {}, "at"}, in, kMillSpots, kMillNooks, kMillHides, kMillDeeds},
    {{"river", {}, "by"}, out, kRiverSpots, kRiverNooks, kRiverHides, kRiverDeeds},
    {{"market", {}, "at"}, in, kMarketSpots, kMarketNooks, kMarketHides, kMarketDeeds},
    {{"school", {}, "at"}, in, kSchoolSpots, kSchoolNooks, kSchoolHides, kSchoolDeeds},
    {{"forest", {}, "in"}, out, kForestSpots, kForestNooks, kForestHides, kForestDeeds},
    {{"hill", {}, "on"}, out, kHillSpots, kHillNooks, kHillHides, kHillDeeds},
    {{"meadow", {}, "in"}, out, kMeadowSpots, kMeadowNooks, kMeadowHides, kMeadowDeeds},
    {{"pond", {}, "by"}, out, kPondSpots, kPondNooks, kPondHides, kPondDeeds},
    {{"orchard", {}, "in"}, out, kOrchardSpots, kOrchardNooks, kOrchardHides, kOrchardDeeds},
    {{"bakery", {}, "at"}, in, kBakerySpots, kBakeryNooks, kBakeryHides, kBakeryDeeds},
    {{"shop", {}, "in"}, in, kShopSpots, kShopNooks, kShopHides, kShopDeeds},
    {{"workshop", {}, "in"}, in, kWorkshopSpots, kWorkshopNooks, kWorkshopHides, kWorkshopDeeds},
};

constexpr Words kPaints = {"red",   "blue",  "green",  "yellow", "white",
                           "black", "brown", "orange", "purple"};
constexpr Words kMetals = {"silver", "golden", "small", "old", "shiny", "little", "iron"};
constexpr Words kCloths = {"red",  "blue",   "green", "yellow", "white",  "soft",
                           "gray", "purple", "pink",  "brown",  "striped"};
constexpr Words kWarm = {"red",  "blue", "green",  "yellow",  "white", "gray",
                         "pink", "warm", "purple", "striped", "brown"};
constexpr Words kWoods = {"wooden", "small", "old", "little", "brown", "round", "painted"};
constexpr Words kBooks = {"thick", "old", "little", "red", "green", "blue", "new"};
constexpr Words kStones = {"white", "round", "smooth", "green", "blue", "black", "shiny"};

const ThingKind kThingKinds[] = {
    {"ball", kPaints, toy, {"threw it high into the air", "throw it high into the air"}},
    {"kite",
     kPaints,
     toy | breakable,
     {"flew it in the wind", "fly it in the wind"},
     "its tail was torn off",
     "a needle and strong thread"},
    {"boat",
     kPaints,
     toy | breakable,
     {"sailed it in a tub of water", "sail it in a tub of water"},
     "its mast was broken",
     "a pot of glue"},
    {"doll",
     kCloths,
     toy | breakable,
     {"rocked it to sleep", "rock it to sleep"},
     "one arm had come off",
     "a needle and white thread"},
    {"drum",
     kPaints,
     toy | breakable,
     {"played it very loudly", "play it very loudly"},
     "there was a hole in its skin",
     "a piece of new leather"},
    {"whistle", kMetals, toy | precious | small, {"blew it three times", "blow it three times"}},
    {"flute", kWoods, toy | precious, {"played a tune on it", "play a tune on it"}},
    {"top", kPaints, toy | small, {"made it spin on the floor", "make it spin on the floor"}},
    {"wagon",
     kPaints,
     toy | breakable,
     {"pulled it up and down the road", "pull it up and down the road"},
     "one wheel was off",
     "a long nail"},
    {"puppet",
     kCloths,
     toy | breakable,
     {"made it dance", "make it dance"},
     "one leg had come off",
     "a needle and strong thread"},
    {"wooden horse",
     kPaints,
     toy | breakable,
     {"let it gallop over the table", "let it gallop over the table"},
     "one leg was broken",
     "a pot of glue"},
    {"teddy bear",
     kCloths,
     toy | breakable,
     {"told it every secret", "tell it every secret"},
     "one ear was torn off",
     "a needle and brown thread"},
    {"jump rope", kPaints, toy, {"jumped with it a hundred times", "jump with it a hundred times"}},
    {"hoop", kPaints, toy, {"rolled it down the hill", "roll it down the hill"}},
    {"key", kMetals, precious | small, {"hung it on a string", "hang it on a string"}},
    {"bell", kMetals, toy | precious | small, {"rang it at the door", "ring it at the door"}},
    {"coin",
     kMetals,
     precious | small,
     {"turned it over in the light", "turn it over in the light"}},
    {"ring", kMetals, precious | small, {"turned it round and round", "turn it round and round"}},
    {"button",
     kPaints,
     precious | small,
     {"rubbed it until it was bright", "rub it until it was bright"}},
    {"shell", kStones, precious | small, {"held it to one ear", "hold it to one ear"}},
    {"feather", kPaints, precious | small, {"blew it into the air", "blow it into the air"}},
    {"marble",
     kPaints,
     toy | precious | small,
     {"rolled it along the floor", "roll it along the floor"}},
    {"ribbon", kPaints, precious | small, {"tied it around a finger", "tie it around a finger"}},
    {"book", kBooks, tool | precious, {"read it again and again", "read it again and again"}},
    {"lamp",
     kMetals,
     tool | breakable,
     {"lit it every night", "light it every night"},
     "its handle was broken",
     "a piece of wire"},
    {"cup",
     kPaints,
     tool | breakable,
     {"drank warm milk from it", "drink warm milk from it"},
     "its handle was broken off",
     "a pot of glue"},
    {"basket",
     kWoods,
     tool | breakable,
     {"filled it with flowers", "fill it with flowers"},
     "there was a hole in the bottom",
     "three willow twigs"},
    {"spoon", kMetals, tool | small, {"stirred the soup with it", "stir the soup with it"}},
    {"brush", kWoods, tool | small, {"painted with it", "paint with it"}},
    {"box",
     kWoods,
     tool | precious | breakable,
     {"kept small things in it", "keep small things in it"},
     "its lid was broken",
     "two small nails"},
    {"bag", kCloths, tool, {"carried apples in it", "carry apples in it"}},
    {"hat", kWarm, wearable, {"wore it every day", "wear it every day"}},
    {"scarf", kWarm, wearable, {"wore it in the cold", "wear it in the cold"}},
    {"coat", kWarm, wearable, {"wore it to school", "wear it to school"}},
    {"blanket",
     kWarm,
     wearable | breakable,
     {"slept under it", "sleep under it"},
     "there was a long tear in it",
     "a needle and blue thread"},
    {"umbrella",
     kPaints,
     tool | breakable,
     {"opened it in the rain", "open it in the rain"},
     "its handle was broken",
     "a thin strip of wood"},
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
    {"beekeeper", "meadow", "was taking honey out of the hives", "fill the jars"},
};

const AnimalKind kAnimalKinds[] = {
    {"cat", "fish", "a little fish", "meowed"},
    {"kitten", "cheese", "a bit of cheese", "meowed"},
    {"dog", "old bones", "an old bone", "barked"},
    {"puppy", "bread", "a piece of bread", "barked"},
    {"rabbit", "carrots", "a carrot", "squeaked"},
    {"duck", "corn", "some corn", "quacked"},
    {"hen", "corn", "some corn", "clucked", Pronoun::she},
    {"goat", "cabbage", "a cabbage leaf", "bleated"},
    {"lamb", "sweet hay", "some sweet hay", "bleated"},
    {"goose", "wet bread", "some wet bread", "honked"},
};
constexpr Words kAnimalNames = {"Dot",  "Patch",  "Pip",    "Biscuit", "Coco",  "Rusty",
                                "Moss", "Ginger", "Button", "Pepper",  "Daisy", "Honey",
                                "Nut",  "Star",   "Toffee", "Snowy"};
constexpr Words kFurs = {"gray", "brown", "white", "black", "small", "young", "fat", "little"};

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
std::span<const AnimalKind> animal_kinds() { return kAnimalKinds; }
std::span<const std::string_view> animal_names() { return kAnimalNames; }
std::span<const std::string_view> animal_adjectives() { return kFurs; }

}  // namespace octavo
