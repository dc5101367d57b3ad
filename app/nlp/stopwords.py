"""Words that carry grammar and no topic, by language; a language without a list has none."""

from app.nlp.stopwords_more import MORE

# The list of scikit-learn (BSD 3-Clause, from the Glasgow Information Retrieval Group), written out because importing
# it takes a second.
ENGLISH = """
a about above across after afterwards again against all almost alone along already also although always
am among amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as
at back be became because become becomes becoming been before beforehand behind being below beside
besides between beyond bill both bottom but by call can cannot cant co con could couldnt cry de describe
detail do done down due during each eg eight either eleven else elsewhere empty enough etc even ever
every everyone everything everywhere except few fifteen fifty fill find fire first five for former
formerly forty found four from front full further get give go had has hasnt have he hence her here
hereafter hereby herein hereupon hers herself him himself his how however hundred i ie if in inc indeed
interest into is it its itself keep last latter latterly least less ltd made many may me meanwhile might
mill mine more moreover most mostly move much must my myself name namely neither never nevertheless next
nine no nobody none noone nor not nothing now nowhere of off often on once one only onto or other others
otherwise our ours ourselves out over own part per perhaps please put rather re same see seem seemed
seeming seems serious several she should show side since sincere six sixty so some somehow someone
something sometime sometimes somewhere still such system take ten than that the their them themselves
then thence there thereafter thereby therefore therein thereupon these they thick thin third this those
though three through throughout thru thus to together too top toward towards twelve twenty two un under
until up upon us very via was we well were what whatever when whence whenever where whereafter whereas
whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with
within without would yet you your yours yourself yourselves
"""
# What that list lacks: contractions' stumps and the verbs that every proposal is made of.
ENGLISH_MORE = """
ain aren can couldn d didn doesn don hadn hasn haven isn just ll m ma mightn mustn needn re s shan should
shouldn t ve wasn weren won wouldn does did doing let lets im ive id dont doesnt didnt cant wont isnt
arent like really need needs want wants make makes would could get gets got us our we also things thing
way lot lots
"""

SPANISH = """
a acá ahí ahora al algo algún alguna algunas alguno algunos allá allí ante antes aquel aquella aquellas
aquello aquellos aquí así aun aún aunque bajo bien cada casi como cómo con contra cual cuál cuales
cualquier cuando cuándo cuanto de debe deben debería deberían del desde después donde dónde dos e el él
ella ellas ello ellos en entonces entre era eran eres es esa esas ese eso esos esta está están estaba
estaban estado estamos estar estas estás este esto estos estoy fue fueron fui ha había habían haber hace
hacen hacer hacia haga hagan han has hasta hay haya he hemos hoy incluso ir la las le les lo los luego
más mas me mejor mi mí mientras mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni
ningún ninguna ninguno no nos nosotras nosotros nuestra nuestras nuestro nuestros nunca o os otra otras
otro otros para pero poca poco pocos podemos poder podría podrían por porque pues puede pueden puedo que
qué quien quién quienes quiere quieren quiero se sea sean según ser será serán si sí sido siempre sin
sino sobre solamente solo sólo son soy su sus suya suyo tal también tampoco tan tanto te tener tenemos
tenga tengan tengo ti tiene tienen toda todas todavía todo todos tras tu tú tus un una unas uno unos
usted ustedes va vamos van varias varios vez veces voy y ya yo necesitamos necesita queremos debemos
"""

FRENCH = """
à afin ai aie ainsi alors après as au aucun aucune aujourd auquel aussi autre autres aux avaient avait
avant avec avez avoir avons ayant beaucoup bien c car ce ceci cela celle celles celui ces cet cette ceux
chaque chez ci comme comment contre d dans de depuis des désormais deux devrait devraient doit doivent
donc dont du elle elles en encore entre es est et étaient était étant été être eu eux fait faire faut
fois font grâce hors hui il ils j jamais je jusqu l la laquelle le lequel les lesquels leur leurs lors
lorsque lui m ma mais me même mêmes mes moins mon n ne ni non nos notre nous on ont ou où par parce pas
pendant peu peut peuvent plupart plus plusieurs pour pourquoi pourrait puis qu quand que quel quelle
quelles quelque quelques quels qui quoi rien s sa sans se sera seraient serait ses seulement si son sont
sous souvent sur t ta tandis te tel telle telles tels tes toi ton toujours tous tout toute toutes très
trop tu un une vers veut voir vos votre vous y faudrait voulons
"""

PORTUGUESE = """
a à acaso agora ainda algo alguém algum alguma algumas alguns ali ambos ante antes ao aos apenas após
aquela aquelas aquele aqueles aquilo as às assim até bem cada com como contra cuja cujo da daquele das de
dela delas dele deles depois desde dessa desse desta deste deve devem deveria deveriam do dos e é ela
elas ele eles em enquanto então entre era eram essa essas esse esses esta está estamos estão estar estas
estava este estes estou eu faz fazer foi foram for há isso isto já la lá lhe lhes lo mais mas me menos
mesma mesmo meu meus minha minhas muita muitas muito muitos na nada não nas nem nenhum nenhuma nessa
nesse nesta neste ninguém no nos nós nossa nossas nosso nossos num numa nunca o onde os ou outra outras
outro outros para pela pelas pelo pelos per perante pode podem poderia pois por porém porque pouca pouco
poucos precisa precisamos precisam qual quais qualquer quando quanto que quê quem quer querem se seja
sejam sem sempre sendo ser será seria seu seus si sido sim só sob sobre sua suas tal também tampouco
tanto te tem têm temos tenha ter teu teus tinha toda todas todo todos tu tua tuas tudo um uma umas uns
vai vão você vocês vos queremos devemos
"""

GERMAN = """
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
aus bei beim bevor bin bis bist da dabei dadurch dafür dagegen damit dann daran darauf daraus darf darin
darüber das dass dasselbe davon dazu dein deine dem den denen denn der deren des deshalb dessen die dies
diese diesem diesen dieser dieses doch dort du durch dürfen eben ein eine einem einen einer eines einfach
einige einigen einmal er es etwa etwas euch euer eure für ganz gar gegen gerade gibt habe haben hat hatte
hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins ist ja jede
jedem jeden jeder jedes jedoch jene jener jetzt kann kein keine keinem keinen keiner könnte können
könnten machen man manche mehr mein meine meist mich mir mit möchte müssen muss müsste nach nachdem nein
nicht nichts nie noch nun nur ob oder ohne oft schon sehr sein seine seinem seinen seiner seit selbst
sich sie sind so sobald sogar solche soll sollen sollte sollten sondern sonst soweit sowie statt über um
und uns unser unsere unserem unseren unserer unter viel viele vielen vom von vor wann war waren warum was
weder wegen weil weiter welche welchem welchen welcher welches wenig wenn wer werde werden wie wieder
will wir wird wo wollen wollte wurde wurden würde würden zu zum zur zwar zwischen brauchen braucht
"""

CHINESE = """
我們 我们 你們 你们 他們 他们 她們 它們 大家 人家 別人 别人 這個 这个 那個 那个 這些 这些 那些 這樣
这样 那樣 那样 這種 这种 這是 什麼 什么 怎麼 怎么 為何 为何 為什麼 为什么 如何 哪裡 哪里 可以 可能
能夠 能够 能否 是否 應該 应该 應當 应当 應有 必須 必须 需要 須要 一定 不一定 因為 因为 因此 所以 所有
所謂 但是 可是 不過 不过 而且 而是 並且 并且 雖然 虽然 如果 若是 假如 就是 也是 還是 还是 或是 或者
以及 以後 以后 以前 之後 之后 之前 之間 之间 目前 現在 现在 時候 时候 當時 已經 已经 曾經 正在 一直
一樣 一样 一個 一个 一些 一種 一种 有些 有人 沒有 没有 不是 不會 不会 不能 不要 不可 不用 不應 不同
都能 都是 都有 都會 都会 都要 都可 都不 才能 才會 才是 才有 只是 只有 只要 只能 就會 就能 就要 就可
也會 也能 也要 也可 我有 我會 我的 會有 會被 會讓 將會 自己 本身 其實 其实 其他 其它 尤其 為了 为了
關於 关于 對於 对于 由於 由于 至於 至于 根據 的話 的话 的人 的時 等等 非常 十分 比較 比较 更多 很多
許多 许多 多數 覺得 觉得 認為 认为 希望 想要 知道 看到 說明 表示 來說 来说 而言 例如 比如 透過 通过
通過 進行 进行 造成 成為 成为 作為 作为 使用 方式 情況 情况 問題 问题 部分 部份 方面 同時 同时 直接
完全 真的 當然 当然 既然 就應 也就 那就 這就 就不 就算 就好 就有 甚至
至少 太多 再次 更加 對我 从而 從而 因而
"""
# Characters of grammar, which stand in hardly any word of meaning: no word reaches across one.
STOP_CHARACTERS = frozenset(
    "的了是在和與与或也而及但不有我你您他她它們们這这那哪個个些之其於于被把讓让給给且若吧嗎吗呢啊呀哦嘛麼么"
    "沒没很又還还才並并最著着該该已曾將将跟嗯喔啦呵"
    # Japanese grammar is written in hiragana.
    "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺ"
    "ほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ"
)

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(ENGLISH.split()) | frozenset(ENGLISH_MORE.split()),
    "es": frozenset(SPANISH.split()),
    "fr": frozenset(FRENCH.split()),
    "pt": frozenset(PORTUGUESE.split()),
    "de": frozenset(GERMAN.split()),
    "zh": frozenset(CHINESE.split()),
} | MORE


def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language ("pt-BR" is looked up as "pt"); empty for an unlisted one."""
    return STOP_WORDS.get(language.split("-")[0].split("_")[0].lower(), frozenset())
