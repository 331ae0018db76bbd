// Plots between friends: promises, someone new, sharing, boasting, quarrels, secrets. See
// story_script.h for the notation.
#include "octavo/corpus/story_plots.h"

namespace octavo {
namespace {

// A promise, a temptation, and the promise kept.
constexpr std::string_view kPromise = R"(
!child A B
!kin G
!place q
!deed f q
!pick v feed the hens / bring in the wash / light the lamp at the gate / water the young plants /
  shut the gate of the barn / carry the soup to the old neighbor / bring in the wood / close the
  windows / fill the water trough
!pick w before dark / before supper / before the evening bell / before four o'clock / before the
  rain / before sunset
!title The promise / [A.n] keeps a promise / A promise is a promise / [A.ns] promise / Just in time
!open A
# {One day|That day|After breakfast} [G.n] had to {go to town|help a sick friend|work far away}.
  «Will you [v] [w]?» [G.he] asked.
| «I must go {away today|to town},» said [G.n]. «{Please [v] [w].|Can you [v] [w]?}»
| [G.n] put on [G.his] coat. «I will be back {tonight|late},» [G.he] said. «{Do not forget
  to|Please} [v] [w].»
# «I {promise|will},» {said|answered} [A.n]. «I will [v] [w].»
| «Yes, {I promise|I give you my word},» said [A.n]. «I will [v] [w].»
| «[w],» said [A.n]. «{I promise|You can be sure of it}.»
# {Later|In the afternoon|At noon} [B.n] came to the door. «Come to the [q.n]!» [B.he] {said|cried}.
  «{We can [g]|Everyone is there}!»
| {Then|Soon} [B.n] {called from the road|knocked at the window}. «Come with me to the [q.n]!»
| Not long after that, [B.n] came by. «I am going to the [q.n] to [g],» [B.he] said. «{Come with
  me|You must come too}!» {There was still time, so [A.n] went along.|It was early, so [A.n] said
  yes.}
!pair P A B
!go P q
+ They [f], and the {hours|time} {flew by|went by}.
| There they [f], and it was {great fun|so much fun|better than ever}.
| [q.in], they [f] and {told each other stories|laughed|talked} and {forgot the time|never looked at
  the sky}.
# {Suddenly|All at once} [A] saw that the sun was {low|going down}. «I promised to [v] [w]!» [A.he]
  {cried|said}. «I must go.»
| Then a {dog barked|bell rang} far away, and [A] {stood still|remembered}. «I must [v] [w],» [A.he]
  said. «I gave my word.»
| [A] looked up. The shadows were long. «{Oh no|Oh}!» [A.he] said. «I have to [v] [w]!»
# «{Stay a little longer|Only one more game|You can do it tomorrow},» said [B.n].
| «{Must you go now|Can it not wait}?» asked [B.n].
| «{Nobody will know if you are late|But it is so nice here},» said [B.n].
# «No,» said [A.n]. «{A promise is a promise|I said that I would, and I will|I have given my word}.»
| [A] {would have liked to stay|looked back once}. «{But I promised|I promised it},» [A.he] said,
  {and was already running|and that was that}.
!choose
# [A] ran home {as fast as [A.he] could|without stopping|over the fields}, and {there was still
  time|it was not too late}.
| [A] {ran|hurried} all the way home and {got there|came} just in time.
!or
# «Then I will help you,» said [B.n]. «{Two are faster than one|Together we will do it}.» {They ran
  home side by side.|So they both ran.}
!end
+ {So it was done|It was done} [w].
| When [G.n] came home, it was done, as [A.he] had promised.
+ [G.n] {was glad|smiled}. «You kept your {word|promise},» [G.he] said. «{Now I know that I can
  trust you|I knew that you would}.»
| «Did you [v]?» asked [G.n] at the door. «Yes,» said [A.n], «[w].» {[G.n] {nodded|smiled} and was
  pleased.|«Thank you,» said [G.n].}
!fact [v] / what did you promise / to [v] [w]
!fact [w] / when did it have to be done / [w]
!fact [q.n] / where were you with [B.n] / [q.in]
!feel A proud
!close A
)";

// What a new child says about home is needed to find the house.
constexpr std::string_view kNewChild = R"(
!child A B
!pick xyz red / blue / green / yellow / white / brown / black
!pick h mill / bakery / church / bridge / old oak / well
!pick o a town by the sea / a farm in the hills / a big city / a valley behind the hills / a land
  where it never snows / a village in the mountains / an island
!thing k toy precious
!title The new [B.k] / The [x] door / [B.n] is new here / A new friend
!open A
# One morning there was a new [B.k] in school. «This is [B.n],» said the teacher. «[B.he] comes from
  [o].»
| A new [B.k] came to the school. [B.his] name was [B.n], and [B.he] came from [o].
| «{We have a guest who will stay|Someone new has come to us},» said the teacher one day. «[B.his]
  name is [B.n], and [B.his] home was [o].»
+ In the break [B.n] stood alone by the wall. {Nobody spoke to [B.him].|The others played, but
  nobody called [B.him].}
| [B.n] {knew nobody|did not know anyone} and {ate [B.his] bread alone|looked at the floor}.
+ [A] {remembered how it is to be alone|saw it} and went {over|up} to [B.o]. «{I am|My name is}
  [A.n],» [A.he] said. «{Where do you live|Which house do you live in}?»
| «That must be {hard|strange},» thought [A.n], and sat down beside [B.o]. «I am [A.n]. Where is
  your house?»
# «In the house with the [x] door, near the [h],» said [B.n].
| «Near the [h],» said [B.n] {softly|shyly}. «Our door is [x].»
# «And what do you like {best|to do}?» «I have [k.a],» said [B.n]. «I like to [k.use]. {But it is no
  fun alone|But I have nobody to play with}.»
| «What do you have there?» «[k.a],» said [B.n]. «{Look at it if you like|You may hold it}.»
| «And did you bring something with you?» asked [A.n]. «Only [k.a],» said [B.n]. «{I will show it to
  you|It is my best thing}.»
# «{May I come and see you {on Sunday|tomorrow}|Can I visit you {on Sunday|tomorrow}}?» asked [A.n].
  [B.n] {nodded|smiled for the first time}.
| «I will come to you {on Sunday|tomorrow},» said [A.n]. «{Near the [h]|The [x] door}, I will not
  forget.»
!later
# So [A] {went to|walked to} the [h]. There were three houses. The first had a [y] door. «{Not this
  one|No},» said [A.n]. The second had a [z] door. The third door was [x].
| Near the [h] [A.n] stopped. A [z] door, a [y] door, and there, at the end, a [x] one. «[x],»
  [A.he] said. «{That is the one|This must be it}.»
| «Was it the [y] door?» [A.n] asked [A.self] when [A.he] came to the [h]. «Or the [z] one? No, it
  was [x].» {And there it was.|There, behind a tree, was a [x] door.}
+ [A] knocked, and [B.n] opened. {They played with the [k.b] all afternoon.|The [k.b] lay on the
  table, ready for two.}
| [B] was already at the window and ran down with the [k.b]. {They played until supper.|«You found
  it!» [B.he] said.}
| [A] knocked three times. «{Come in|I knew that you would come}!» said [B.n], and {brought|showed
  [A.him]} the [k.b].
+ From then on {they were friends|[B.n] was never alone in the break}.
| The next day, in school, {two children sat together|[B.n] had a friend}.
| «{Now I like it here|Now I am not new any more},» said [B.n].
!fact [x] / which door was it / the [x] one
!fact [h] / where does [B.n] live / near the [h]
!fact [k.b] / what did you play with / [B.ns] [k.b]
!close A
)";

// Mine alone is no fun.
constexpr std::string_view kSharing = R"(
!child A B
!place q
!thing k toy
!spot x q k
!take A k
!title Mine and yours / The [k.b] / [A.n] learns to share / A turn for [B.n]
!open A
# [A] had a new [k.b]. {[A.he] [k.used] all day.|[A.he] was very proud of it.|Nobody else in the
  village had one.}
| For [A.his] birthday [A] had got [k.a], and {all morning [A.he] [k.used]|[A.he] would not let go
  of it}.
| [A.s] uncle had brought [A.him] [k.a]. {It shone in the sun.|Every child in the street had heard
  of it.}
+ {That day|One day} [A.he] took it along.
| {That afternoon|That day} [A] wanted to show it to everyone.
!go A q
!join B A
+ [B.n] was there too. «{What a fine [k.n]|Oh, how fine it is}!» [B.he] said. «May I {have a
  turn|try it}? I would like to [k.use].»
| There [A] met [B.n]. «{Is that yours|Is it new}?» asked [B.n]. «{Please let me have a turn|I would
  like to hold it for a moment}.»
# «No,» said [A.n]. «{It is mine|It is new, and you might break it|Get one of your own}.»
| [A] {held it tight|put it behind [A.his] back}. «No! It is mine.»
# [B.n] {said nothing and went away|turned around and went to the others}. Soon there was
  {laughing|singing} not far away. {They played tag.|The others had a game with a rope.} [A] was
  alone with the [k.b], and {it was not so much fun any more|suddenly it was boring}.
| «All right,» said [B.n] {sadly|quietly}, and left. [A] [k.used]. [A.he] did it again, and again.
  {But it was no fun alone.|Then [A.he] looked up. Nobody was watching.}
!choose
# Then {[A] tripped|a dog ran by|somebody called}, and {the [k.b] was gone|the [k.b] slid away|the
  [k.b] fell and rolled away}. [A] {looked here and there|looked for it everywhere}, but {could not
  find it|it was not to be found}.
!or
# [A] put the [k.b] down and {went to get a drink of water. When [A.he] came back|fell asleep. When
  [A.he] woke up}, {it was gone|the [k.b] was not there any more}. {The wind had taken it.|Perhaps a
  dog had carried it off.}
!end
!lay A k
!feel A sad
+ [B.n] {saw it|heard it} and came back. «{I will help you|Let us look together},» [B.he] said.
  [B.he] looked [x]. «Here is your [k.b]!»
| «What is wrong?» asked [B.n]. «My [k.b] is gone,» said [A.n]. [B.n] {went down on hands and
  knees|searched everywhere} and looked [x]. There it was!
| All the children helped to look for it. It was [B.n] who {found it|saw it}, [x].
!take B k
!give B k A
!feel A ashamed
# «I did not give you a turn,» [say>A], «and {still you helped me|you helped me all the same}. {I am
  sorry|That was wrong of me}. Now you can have it.»
| «Why did you help me?» asked [A.n]. «{Because you were sad|You would help me too},» said [B.n].
  [A] gave [B.him] the [k.b]. «{Your turn|You may have it as long as you like}.»
| [A] held out the [k.b] to [B.n]. «{You first|Now it is your turn},» [A.he] said. «{I was wrong|It
  is no fun alone}.»
!give A k B
# They took turns{, first [B.n], then [A.n],|} until {the sun went down|it was time to go home}, and
  {it was twice as much fun|both were happy}.
| So they played together. {What is shared is twice as good.|The [k.b] was more fun for two.}
| [B.n] [k.used], and [A.n] {clapped|laughed}. Then they changed places{.|, again and again.}
!fact [k.b] / what did you play with / my [k.b], and [B.n] had a turn too
!fact / where did [B.n] find it / [x]
!close A
)";

// Big words, a small fall, and no more big words.
constexpr std::string_view kBoast = R"(
!child A B
!choose
!text v jump over the stream
!text f fell right into the water
!text z wet from head to foot
!or
!text v climb to the top of the old oak
!text f could not get down again
!text z sitting on a branch, as white as milk
!or
!text v carry three sacks at once
!text f fell over with all three
!text z covered with flour
!or
!text v walk on top of the wall
!text f slipped and landed in the bushes
!text z full of thorns
!or
!text v ride the wild pony
!text f flew off into the hay
!text z sitting in the hay with straw in both ears
!or
!text v eat ten plums at once
!text f felt very ill
!text z green in the face
!or
!text v walk over the fallen tree with closed eyes
!text f fell into the mud
!text z brown with mud from head to foot
!or
!text v carry an egg on a spoon and run
!text f dropped the egg on both shoes
!text z with yellow shoes
!end
!pick o a towel / a dry coat / a wet cloth / a cup of warm tea / a clean shirt
!title Big words / «I can do it!» / [A.n] and the big words / Easy to say
!open A
# [A] liked to {boast|use big words}. «I can do everything,» [A.he] said. «{I am the strongest [A.k]
  in the village|Nobody is as good as I am}.»
| «{I am better than all of you|I can do more than anyone here},» said [A.n] to the other children.
  [A.he] said such things {every day|all the time}.
| {Nobody liked to hear it, but|It was well known that} [A] thought [A.he] could do anything. «{For
  me nothing is hard|I can do it all},» [A.he] used to say.
| When somebody {ran|sang}, [A] said, «I can do it faster.» When somebody {jumped|laughed}, [A.he]
  said, «I can do it better.» {So it went every day.|It was hard to bear.}
| «{Who is the best of us all|Who is the bravest}?» [A] liked to ask, and [A.he] gave the answer
  [A.self]: «{I am|Me}!»
# «{Can you|Tell me, can you} [v]?» asked [B.n]. «{That is easy|Of course},» said [A.n]. «I can [v]
  any day.»
| «Yesterday you said that you can [v],» said [B.n]. «{Let us see it|Show us}!» «{Very well|Just
  look},» said [A.n].
| One day the children talked about {hard things|brave people}. «I can [v],» said [A.n].
  «{Really|Can you}?» asked [B.n]. «{Then do it|Show me}.»
| «{I bet|I am sure} that nobody here can [v],» said a big boy. «I can,» said [A.n] {at once|before
  anyone else could speak}. «{Then show us|Go on},» said [B.n].
# {All the children came to watch.|The children stood in a ring and watched.} [A.ns] heart beat
  {fast|loudly}, for [A.he] had never {done it|tried it} before. {But now it was too late.|But it
  was too late to say so.}
| Everyone {watched|came to see it}. Now [A.n] had to try, {though [A.he] was afraid|and [A.his]
  knees shook}.
| «{Go on|Now},» said the others. [A] looked {up|down|around}. {It had seemed easier from far
  away.|Suddenly it did not look so easy.} But {twenty|ten} eyes were watching.
+ [A] {took a deep breath|counted to three}, tried, and [f].
| [A.he] tried to [v] and [f].
| For a moment {it went well|it looked good}. Then [A.he] [f].
+ There was [A.n], [z]. {Some of the children laughed.|Everybody laughed, only [B.n] did not.}
| And so [A.he] was, a moment later, [z].
| And now everyone saw [A.him], [z]. {There was a long silence.|«Oh,» said somebody.}
!feel A ashamed
# But [B.n] {did not laugh and|ran up and} brought [o]. «Are you hurt?» [B.he] asked.
| But [B.n] came with [o] and said, «{Never mind|It is not so bad|It could happen to anyone}.»
| Then somebody put [o] into [A.ns] hands. It was [B.n]. «{Come, I will take you home|The others
  will forget it},» [B.he] said.
| The others went away. Only [B.n] stayed, with [o]. «{Here|Take this},» [B.he] said. «{Once I tried
  it too|The same thing happened to me once}.»
# «I cannot [v],» said [A.n]. «{I only said it|I wanted you all to like me}.» «{We like you without
  that|You do not need big words},» said [B.n].
| «{I should not have said it|How silly I was},» said [A.n]. «I cannot even [v].» «Neither can I,»
  said [B.n], and then they {both laughed|laughed together}.
| «{You will tell everyone|Now they will laugh at me for ever},» said [A.n]. «No,» said [B.n], «but
  tell me: can you really [v]?» «{No|Not at all},» said [A.n], and {it felt good to say it|smiled a
  little}.
? After that [A] {used smaller words|thought before speaking}. And when someone asked, «Can you
  [v]?» [A.he] {laughed|smiled} and said, «{No, but I can try|I have tried it once}.»
| «{From now on|Next time},» said [A.n], «I will first do it and then speak of it.»
!fact [v] / what did you want to do / I wanted to [v]
!fact / what did [B.n] bring you / [o]
!close A
)";

// Two want the same; each is alone; they meet in the middle.
constexpr std::string_view kQuarrel = R"(
!child A B
!place q
!thing k toy
!thing l toy precious
!thing m toy precious
!spot x q k
!pick h on the bridge / at the well / by the old oak / on the steps of the church / at the garden
  gate / halfway between their houses
!pick w for two days / for three days / for a whole week
!title The quarrel / Friends again / One [k.n] for two / [w]
!open A B P
# One day they found [k.a] [x], [q.in]. «{It is mine|Now I have [k.a]|I saw it first}!» {cried|said}
  [A.n]. «{No, it is mine|That is not fair|Give it to me}!» {cried|said} [B.n].
| [q.in], [x], lay [k.a]. Both of them saw it. Both of them wanted to [k.use]. «{Give it to me|Let
  go}!» {cried|said} [A.n]. «{No, you let go|Never},» said [B.n].
| They were [q.in] when [A] saw [k.a] [x]. But [B.n] had seen it too. «{It belongs to me|I will take
  it},» both said at the same time.
+ {They pulled and pushed.|Each of them pulled at it.} {Bad words were said.|[A] said a bad word,
  and [B.n] said a worse one.} In the end {they left it there and went home|nobody took it, and they
  went home}, {one to the left and one to the right|each on a different side of the road}.
| «{You are not my friend any more|I will never play with you again}!» they shouted. They left the
  [k.b] where it was, and {each went home alone|went home without a word}.
!later
# They did not speak {to each other |}[w]. [A] {had nobody to laugh with|sat at the window}. [B.n]
  {kicked a stone up and down the road|went to school alone}. {It was very quiet.|Neither of them
  was happy.}
| [w] they did not speak. {It was a sad time.|How long the days were!} «{I miss [B.n]|I would like
  to see [B.n]},» thought [A.n]. «{I wonder what [A.n] is doing|I miss [A.n]},» thought [B.n].
| «I do not need [B.n],» said [A.n]. «I do not need [A.n],» said [B.n]. But [w] {neither of them
  laughed|both of them were sad}.
# Then [A] took [A.his] own [l.b] and went out. «I will give it to [B.n],» [A.he] thought. At the
  same time [B.n] {took|put} [B.his] [m.b] {under one arm|in a bag} and went out too.
| At last [A] could not stand it any more. [A.he] took [A.his] best thing, [l.a], and set off. And
  what did [B.n] do at that very hour? [B.he] came down the road with [m.a].
+ They met [h]. «This is for you,» {both said at once|they said at the same time}. [A] gave [B.o]
  the [l.b], and [B.n] gave [A.n] the [m.b]. {Then they had to laugh.|And they laughed until they
  cried.}
| [h] they {met|stood face to face}. «I am sorry,» said [A.n], and {held out|gave [B.him]} the
  [l.b]. «{I am sorry too|So am I},» said [B.n], and {held out|gave [A.him]} the [m.b].
# «{And the [k.n]|What about the [k.b]}?» asked [B.n]. They {ran back|went} to the [q.n], and there
  it was, still [x]. «{It belongs to both of us|One day you, one day I},» said [A.n].
| Then they went back to the [q.n] together. The [k.b] still lay [x]. «You can have it,» said [A.n].
  «No, you,» said [B.n]. {So they shared it.|And they laughed again.}
!fact [x] / where was the [k.n] / [x], [q.in]
!fact [l.b] / what did you give to [B.n] / my [l.b]
!fact [m.b] / what did [B.n] give to you / [B.his] [m.b]
!close A
)";

// A secret, somebody who wants to buy it, and somebody who does not sell.
constexpr std::string_view kKeptSecret = R"(
!child A B C
!season spring summer
!place r orchard garden forest meadow hill
!pick x in the old hedge / in the hollow tree / in a hole in the wall / under the roof of the shed /
  high in the ivy / behind a loose stone
!pick n three / four / five
!pick e blue / white / brown / green
!pick o bird / blackbird / robin / little owl
!thing k toy precious
!title The secret / [A.n] says nothing / The nest / [n] [e] eggs
!open A
# «Can you keep a secret?» asked [B.n] one day. «{Yes|Of course I can},» said [A.n]. [B.n] {came
  very near|looked around} and whispered, «There is a nest [x], [r.in], with [n] [e] eggs in it.
  {Tell nobody|Do not tell anyone}, or the [o] will fly away.»
| [B.n] took [A.o] to the [r.n] and showed [A.him] a nest [x]. There were [n] [e] eggs in it.
  «{Nobody else knows it|It is our secret},» [B.he] {whispered|said}. «The [o] must not be afraid.»
| One morning [B.n] {put a finger on [B.his] lips|whispered} and led [A.o] to the [r.n]. [x] there
  was a nest with [n] [e] eggs. «{I found it yesterday|Only you may see it},» [B.he] said. «We must
  not wake the [o].»
# «I will say nothing,» said [A.n].
| [A] {promised it|gave [A.his] word}.
| «{Not a word|My lips are closed},» said [A.n].
# But [C.n] had seen them. «{What were you two whispering about|What do you know that I do not
  know}?» [C.he] asked. «{It is a secret|I cannot tell you},» said [A.n].
| The next day [C.n] came. «{You have a secret|I know that you have a secret},» [C.he] said. «Tell
  me!» «No,» said [A.n].
| «{Where do you two go every day|What is there [r.in]}?» asked [C.n]. «{Nothing for you|I may not
  say},» said [A.n].
# «I will give you my [k.b] if you tell me,» said [C.n]. [A] {looked at|thought of} the [k.b]. {How
  fine it was!|[A.he] had always wanted one.} But then [A.he] thought of the [o] and {shook [A.his]
  head.|said, «No.»}
| [C.n] held out [k.a]. «{You can have this|This will be yours} if you tell me.» [A] {looked at it
  for a long time|would have liked to have it}. «{Keep your [k.n]|No},» [A.he] said. «{I promised|A
  secret is a secret}.»
# {Two|Three} weeks went by. Then [B.n] came {running|with shining eyes}. «Come {quickly|with me}!»
  They went to the [r.n] and looked [x]. In the nest sat [n] small birds with {open|wide yellow}
  mouths.
| Then one morning [B.n] {called|fetched} [A.o]. [x], where the [n] [e] eggs had been, sat [n]
  {little|tiny} birds. The [o] flew {back and forth|here and there} with food.
+ «{You told nobody|You kept the secret},» said [B.n], «and so they {are alive|could hatch in
  peace}.»
| «{It was hard|Once I almost told it},» said [A.n]. «[C.n] wanted to give me [k.a].» «{And you did
  not take it|You are a true friend}!» said [B.n].
? When the birds {had left the nest|could fly}, they showed it to [C.n] too. «{Oh|So that was it},»
  said [C.n]. «I would have kept quiet as well.»
| {In the evening|That night} [A] {heard|listened to} the [o] sing.
!fact [x] / where was the nest / [x], [r.in]
!fact [n] / how many birds were there / [n]
!close A 0.5
)";

constexpr StoryPlot kPlots[] = {{"promise kept", kPromise}, {"new child", kNewChild},
                                {"sharing", kSharing},      {"boast", kBoast},
                                {"quarrel", kQuarrel},      {"kept secret", kKeptSecret}};

}  // namespace

std::span<const StoryPlot> plots_of_friends() { return kPlots; }

}  // namespace octavo
