// Plots that take their time: gardens, snow, wishes in bottles, help that comes back. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// A seed, a place, a year.
constexpr std::string_view kGardenYear = R"(
!child A B C
!kin G
!season spring
!choose
!text s pumpkin
!text g a long green plant with yellow flowers
!text f pumpkins
!or
!text s sunflower
!text g a plant taller than a man
!text f sunflowers
!or
!text s bean
!text g a plant that climbed up a stick
!text f long beans
!or
!text s melon
!text g a plant with big round leaves
!text f melons
!or
!text s corn
!text g a tall plant with long leaves
!text f ears of corn
!or
!text s tomato
!text g a bush with small yellow flowers
!text f tomatoes
!or
!text s pepper
!text g a bush as high as a chair
!text f red peppers
!end
!pick x beside the old wall / behind the shed / by the gate / next to the well / under the kitchen window / near the hen house
!pick n four / five / six / seven / eight
!title The [s] seed / From spring to autumn / [A.ns] garden / One seed
!open A
# In spring [G.n] gave [A.o] a [s] seed. «{Plant it|Put it in the earth}, {give it water|water it well}, and {wait|be patient},» [G.he] said.
| [A] got a [s] seed from [G.n] in spring. It was {so small that it nearly got lost|no bigger than a fingernail}.
| «{What is that|Is that a stone}?» asked [A.n] one spring day. «A [s] seed,» said [G.n]. «{It is yours|Take it}. {Everything is already in it|It needs only earth, water and time}.»
+ [A] {dug a hole|made a little hole} [x] and {put|planted} the seed there.
| [A] planted it [x], where {the sun shone all day|the earth was soft and dark}.
| After looking for the best place, [A] planted the seed [x].
+ Every {morning|evening} [A.he] gave it water. {For a long time nothing happened.|Day after day there was only brown earth.} «{Is it dead|Will it ever grow}?» {thought
  [A.n]|[A.he] asked}. «{Wait|Be patient},» said [G.n].
| [A] watered it {every day|and watched}. {A week went by, and then another.|There was nothing to see.} «{Is it asleep|When will it come}?» [A.he] asked. «{Soon|Give it time},» said [G.n].
# Then, one morning, {a green tip looked out of the earth|there was a little green leaf}. [A] {ran to tell [G.o]|danced with joy}.
| After three weeks {something green|a small green point} came out of the earth. «{It lives|There it is}!» {cried|called} [A.n].
!choose
+ In summer it was very dry. {The leaves hung down.|The plant grew weak.} So [A.n] carried water from the {well|river}, bucket after bucket, and the plant {lived|stood up again}.
!or
+ In summer the snails came and {ate|wanted to eat} the leaves. [A] {picked them off one by one|carried them to the meadow}, and the plant {lived|grew on}.
!or
+ In summer a goat got into the garden. [A] {chased it away just in time|saw it just in time} and built a {small|strong} fence around the plant.
!or
+ In summer a storm broke the plant {almost in two|on one side}. [A] tied it to a stick with {a ribbon|a string}, and {it healed|it lived}.
!end
+ It grew {higher and higher|and grew}, until it was [g].
| By {the end of summer|August} it was [g].
# In autumn there were [n] [f] [x]! «[n] [f] from one seed!» said [G.n].
| And in autumn [A] {counted|picked} them: [n] [f], all from one small seed.
| When the leaves fell, [A] could {count|pick} [n] [f]. «{And it all began with one seed|So much from one seed},» said [G.n].
+ [A] gave one to [B.n], one to [C.n], and {the rest went into the kitchen|kept the rest for winter}. {They all|Everyone} said that {nothing had ever tasted so good|it was the best that year}.
| One was for [B.n], one for [C.n], and the others {were for the winter|were eaten at home}.
+ But [A] kept {a few seeds|one seed} in a {box|paper bag}, and when spring came again, [A.he] went out and planted something [x].
| [A.n] kept {the best seeds|some seeds} for the next spring. And {where did they go into the earth|where do you think they were planted}? [x], {of course|where else}.
| The next spring [A] gave a [s] seed to a small child next door. «{Plant it|Put it in the earth},» [A.he] said, «{and be patient|and wait}. Mine grew [x].»
!fact [x] / where did it grow / [x]
!fact [s] / what did you plant / a [s] seed
)";

// Who gave what to the snowman; in spring the things lie in the grass.
constexpr std::string_view kSnowman = R"(
!child A B
!kin G
!pair P A B
!season winter
!pick c red / blue / green / yellow / purple
!pick h hat / cap
!pick d gray / white / brown / orange
!pick e two black buttons / two round stones / two pieces of coal / two nuts
!pick i in the yard / in front of the school / beside the barn / next to the well / at the end of the road
!pick z Old Frost / Uncle Ice / Captain Snow / King Cold / Grandfather Winter
!title The snowman / [z] / A man of snow
+ It had snowed {all night|for three days}, and {the village was white|everything was white and still}. «{Let us make|We will make} a snowman!» said [A.n] to [B.n].
| When [A.n] looked out of the window one winter morning, everything was white. [A.he] ran to get [B.n]. «{Come out|Come quickly}! We can make a snowman!»
| «Snow!» cried [A.n]. «{At last|Look, [B.n]}!» The two {put on their boots|could hardly wait} and {ran out|went outside}.
+ They {rolled|made} three big balls of snow [i] and put one on top of the other.
| They rolled the snow into balls, a big one, a smaller one and a small one, and built a snowman [i].
| [i] the snow was deep and soft. They {rolled|pushed} and lifted, and soon there stood a snowman.
# «A snowman needs a {face|nose},» said [B.n], and brought a carrot and [e].
| [B.n] ran home and came back with a carrot for the nose and [e] for the eyes.
| «{But it cannot see|Now the eyes},» said [A.n]. [B.n] had [e], and a carrot for the nose.
+ [A.n] gave the snowman an old [c] [h] that had {belonged to|come from} [G.n], and {[B.n] put|they tied} a [d] scarf around the neck.
| «It must be cold without clothes,» said [A.n], and {fetched|brought} a [c] [h] from [G.n] and a [d] scarf.
# «{What shall we call it|What is its name}?» asked [B.n]. «[z],» said [A.n].
| «Every snowman must have a name,» said [B.n]. «{Then its name is|This is} [z],» said [A.n].
| They {named|called} the snowman [z]{, because it was so very cold that day|, and [G.n] laughed at the name}.
# All winter [z] {stood [i]|kept watch [i]}. {Birds sat on the [c] [h].|People said good morning as they went by.|The children told [z] all their secrets.}
| Week after week [z] {stood there|looked down the road} with the [c] [h] and the [d] scarf.
+ Then {the days grew warm|the spring sun came}. Every day [z] grew {smaller|a little thinner}, and one morning there was {only water|no more snow}.
| But in March {it rained|a warm wind blew}, and one morning [z] was gone.
!feel A sad
# In the wet grass [i] lay the [c] [h], the [d] scarf and [e]. {A rabbit had eaten the carrot.|Only the carrot was gone, for a rabbit had been there.}
| What was left of [z]? The [c] [h], the [d] scarf, and [e] in the grass. {And the carrot?|But no carrot.} A fat rabbit sat {under the hedge|not far away}.
# «We will keep {them|the things} in a box,» said [B.n], «{and when the snow comes back, [z] will come back too|until next winter}.»
| «[z] has only gone {away|north},» said [B.n]. «{Next winter we will need|We must keep} the [c] [h] and the [d] scarf.»
? And so it was. When the first snow fell, they opened the box, and soon [z] {stood [i] again|was back}.
| They put everything into a box, and on the box [A] wrote: «[z].»
!fact [c] [h]
!fact [d] scarf
!fact [e]
)";

// Help is given without a thought of reward, and one day it comes back.
constexpr std::string_view kKindness = R"(
!child A
!stranger E old {woman|man}
!pick c red / blue / green / yellow / white
!pick o scarf / hat / coat / umbrella
!pick f half of the bread / two apples / a piece of cheese / a sweet bun / a warm potato / a cup of milk
!pick y by the old bridge / by the stone bridge / under the big oak / at the crossing / by the well
!title The [c] [o] / [A.n] and the [E.k] / In the fog / One good turn
!open A
!later
# One day, [y], [A] met [E.a] with a [c] [o]. The [E.k] {looked tired and hungry|had walked a long way and was tired}.
| [E.a] with a [c] [o] sat [y]. «{I have come a long way|I have not eaten today},» said the [E.k].
| When [A] came home from school, [E.a] was sitting [y]. {People went by and did not look.|Nobody stopped.} But [A.n] saw the [c] [o] and stopped.
+ [A.n] had {some food|something to eat} in a bag, and gave the [E.k] [f]. {They sat together and talked.|It was not much, but it was given gladly.}
| «Here,» said [A.n], and gave the [E.k] [f]. «{I have enough|Take it}.»
| «{Are you hungry|Would you like this}?» asked [A.n], and held out [f].
# «{I will not forget this|You have a good heart},» said the [E.k]. «{What is your name|Who are you}?» «[A.n],» said [A.n].
| «And what is your name, child?» asked the [E.k]. «[A.n].» «{Then I will remember [A.n]|[A.n]. I will not forget that name}.»
# {Some weeks|Two months|A few days} later [A] was {in the forest|on the hill} when {a thick fog came|it grew dark much too soon}. {Every tree looked the same.|The path was gone.} [A] {walked and
  walked|went this way and that way}, but {the village was nowhere|there was no house to be seen}.
| {Not long after that|One evening in the cold season}, [A] was looking for {sticks|mushrooms|nuts} and lost the way. {The fog was so thick that there was no path any more.|It was dark, and the wind
  was cold.}
!feel A afraid
+ «{Help|Hello}!» [A.he] called. «{Is anybody there|Can anybody hear me}?»
| [A] sat down under a tree. [A.he] was cold, and nobody knew where [A.he] was.
# Then something [c] moved between the trees. It was a [o], a [c] [o]! «[A.n]?» said a voice. «{Is that you|What are you doing here}?» It was the [E.k].
| Then a voice {answered|called}, and out of the dark came the [E.k] with the [c] [o]. «{I know you|I remember you},» said the [E.k]. «You are [A.n].»
# «You gave me [f] [y],» said the [E.k]. «{Now I can do something for you|Now it is my turn}. Come, I know {the way|every path here}.»
| «{I have not forgotten|I said that I would remember},» said the [E.k]. «[f], [y]. {Take my hand|Come with me}.»
# They walked {hand in hand|slowly} until {the lights of the village shone|they heard the village bell}. {At [A.ns] door there was hot soup for both of them.|[A] was home.}
| [A] {held on to|never let go of} the [c] [o], and before long they {stood at [A.ns] door|saw the lights of the village}.
? What you give away comes back to you{.| one day.}
| From then on the [E.k] with the [c] [o] was always welcome in [A.ns] house.
| «Thank you,» said [A.n]. «{No, I thank you|It was only a little way},» said the [E.k].
!fact [c] [o] / how did you know who it was / by the [c] [o]
!fact [f] / what did you give the [E.k] / [f]
!close A 0.5
)";

// A message goes down the river, and somebody answers.
constexpr std::string_view kBottle = R"(
!child A B
!warm
!pick c green / brown / blue / white
!pick h mill / red barn / church / old oak / school
!pick v ride a pony / see the sea / bake bread / swim / build a boat / play the flute / catch fish
!pick o small feather / blue button / dried flower / white shell / bright penny
!title The bottle / A letter on the water / Who will find it?
!open A
# {One day|One afternoon} [A] found a {good|clean} [c] bottle. [A.he] {took|fetched} a piece of paper and wrote: «{My name is|I am} [A.n]. I live near the [h]. I want to [v]. {Who are you?|What do you
  want?}»
| [A] wrote on a piece of paper: «{I am|My name is} [A.n], and my house is near the [h]. {One day I will|I would like to} [v]. {Please answer.|Who are you?}» [A.n] {pushed|put} it into a [c]
  bottle.
+ A [o] went into the bottle as well. Then [A] {closed the bottle well|put in the cork} and {threw the bottle into|let the bottle go on} the river.
| Then [A] put in a [o], {pushed in the cork|put the cork in} and {gave the bottle to the river|threw the bottle into the water}.
+ The bottle {turned around twice|danced on the water} and {swam away|was soon out of sight}.
| [A] {looked after it|waved} until it {was gone|went around the bend}.
!later
# Far down the river lived [B.n]. {One morning|Some days later} [B.n] {saw something [c] in the reeds|was fishing and caught a [c] bottle}. There was a [o] in it, and a letter. «I want to [v],» [B.n]
  read {aloud|slowly}.
| {Three days later|A week later}, a [c] bottle lay {in the sand|between two stones}, far away. [B.n] {found it|picked it up}, took out the [o], and read: «I live near the [h]. I want to [v].»
+ «{So do I|I can do that}!» said [B.n]. [B.he] {looked at the map|asked the fishers}. «Near the [h]. {That is only an hour from here|I will find it}!»
| «Near the [h],» thought [B.n]. «{I know where that is|My uncle goes there every week}.» 
# {So one Sunday|On the next fine day} there was a knock at [A.ns] door. There stood {somebody|a child} that [A.he] had never seen, with a [c] bottle. «{I am looking for [A.n]|You must be [A.n]},» [say>B]. «I am [B.n]. I have
  {come to answer|brought your bottle back}.»
| {Some days later|On Sunday} [A] {was sitting|sat} on the step when somebody came up the road. «{This must be the house near the [h]|I am looking for [A.n]},» said a {voice|friendly voice}. «{My name is
  [B.n], and|I am [B.n], and} this is yours.» It was the [o]!
+ «{You found it|You read it}!» {cried|said} [A.n]. «{Yes|I did},» said [B.n], «and if you still want to [v], {we can do it together|come with me}.»
| «{And what do you want|And what do you wish for}?» asked [A.n]. «To [v], {just like you|the same as you},» said [B.n]. «{We could|Let us} do it together.»
? And that summer they did. The [c] bottle {stood in [A.ns] window|stayed with [A.n]}, and the [o] {lay beside it|went home with [B.n]}.
| They became friends, and {every month|now and then} a [c] bottle {went down the river|came down to [B.n]} with a letter in it.
!fact [v] / what did you write / that I want to [v]
!fact / what did you throw into the river / a [c] bottle
!fact [o] / what was in the bottle / a letter and a [o]
!close A 0.5
)";

// Found things are kept in order: what came from where.
constexpr std::string_view kCollection = R"(
!child A B
!place p forest hill
!place q river pond
!place r meadow garden orchard
!pick 123 round stone / striped feather / rusty nail / snail shell / pine cone / piece of blue glass / old coin / bird's egg shell / acorn / dry leaf like a hand / white bone / broken
  key / wooden button
!pick o shoe box / tin box / cigar box / wooden tray / blue jar
!title The little museum / What came from where / [A.ns] box of treasures
!open A
# [A] collected things. From the [p.n] [A.he] had a [1], from the [q.n] a [2], and from the [r.n] a [3]. {They lay side by side|All of them lay} in a [o].
| [A] had a [o] full of treasures. The [1] came from the [p.n], the [2] from the [q.n], and the [3] from the [r.n].
| {Other children had toys|Some people keep money}, but [A.n] had a [o]. In it was a [1] that [A.he] had found [p.in], a [2] from the [q.n], and a [3] from the [r.n].
? «{Why do you keep such things|Is that not only rubbish}?» people asked. «{Each of them is a day|They are my days},» said [A.n].
| To others it was nothing. To [A.o] it was {gold|a whole world}.
# One day [B.n] {came to visit|saw the [o]}. «{What is this|May I look}?» asked [B.n], and {took up|held up} the [2]. «{That is|This is} the [2] from the [q.n],» said [A.n].
| «{May I see what you have|What is in there}?» asked [B.n] one day. [A] {opened|took out} the [o]. [B.n] {pointed to|touched} the [1]. «Where {is that from|did you find it}?» «[p.in],» said [A.n].
# «And the [3]?» «{It lay|I found it} [r.in],» said [A.n], «{on a day when it rained|last spring|on my birthday}.»
| «Do you know {of each thing|of every one} where it comes from?» «{Of course|Yes},» said [A.n]. «The [1]: [p.in]. The [2]: [q.in]. The [3]: [r.in].»
!choose
# Then {the cat jumped on the table|[B.n] turned around too fast}, and everything fell {down|on the floor}. «{I am so sorry|Oh no}!» said [B.n]. «{Now it is all mixed up|I hope that nothing is broken}.»
| But when [B.n] {put it back|wanted to close it}, the [o] {fell|slipped}, and all the things rolled over the floor.
# «{Nothing is lost|It does not matter},» said [A.n]. They {looked under the bed and behind the door|went down on their knees}. «Here is the [1], that is from the [p.n],» said [B.n]. «{The [2] from the [q.n]
  is here|Here is the [2] from the [q.n]},» said [A.n]. «And the [3] from the [r.n]!»
!or
# «{Would you give me one|May I have one of them}?» asked [B.n]. [A] {thought for a while|looked at them all}. «{You can have|Take} the [2],» [A.he] said. «But {do not forget|you must know}: it is from
  the [q.n].»
| [A] gave [B.o] the [2]. «{Now you have a beginning|Start with this one},» [A.he] said. «{If someone asks|Remember}, it is from the [q.n].»
# «The [2], from the [q.n],» said [B.n] {slowly|and put it in a pocket}. The next day [B.he] had a box {too|as well}, {and one thing in it|with the [2] in it}.
!end
!fact / where is the [1] from / from the [p.n]
!fact [2] / where did you find the [2] / [q.in]
!fact / where is the [3] from / from the [r.n]
!close A
)";

constexpr Plot kPlots[] = {{"garden year", kGardenYear},
                           {"snowman", kSnowman},
                           {"kindness", kKindness},
                           {"bottle", kBottle},
                           {"collection", kCollection}};

}  // namespace

std::span<const Plot> plots_of_seasons() { return kPlots; }

}  // namespace octavo
