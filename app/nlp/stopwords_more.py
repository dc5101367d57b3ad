"""Words that carry grammar and no topic in more languages; shorter lists than those of `stopwords`."""

ITALIAN = """
a abbiamo ad adesso ai al alla alle agli allo allora altra altre altri altro anche ancora avere aveva
bene bisogna c che chi ci come con contro cosa così cui da dai dal dalla dalle dagli dallo degli dei del
dell della delle dello deve devono di dopo dove dovrebbe due e è ed era erano essere fa fare fatto già
gli ha hanno ho i il in io l la le lei li lo loro lui ma mai me meno mi mia mio molta molte molti molto
ne nei nel nella nelle negli nello no noi non nostra nostre nostri nostro o ogni oggi oppure ora per
perché però più poco poi può qua quale quali quando quanto quella quelle quelli quello questa queste
questi questo qui quindi sarà se sei sempre senza si sia siamo siano sono sopra sotto sta stato stata su
sua sue sui sul sulla sulle suo suoi te ti tra tu tua tuo tutta tutte tutti tutto un una uno va vi voi
vogliamo vostro
"""
DUTCH = """
aan al alle alleen als altijd andere ben bij daar dan dat de deze die dit doen door dus een en er ge
geen had hadden heb hebben heeft hem het hier hij hoe hun ik in is ja je jij kan kon kunnen maar maken
me meer men met mij mijn moet moeten mogen na naar niet niets nog nu of om omdat onder ons onze ook op
over te tegen toch toe tot u uit uw van veel voor waar waarom want waren was wat we wel werd wie wij wil
willen worden wordt zal ze zelf zich zij zijn zo zonder zou zouden
"""
CATALAN = """
a abans això al algun alguna alguns als altra altre altres amb aquell aquella aquest aquesta aquestes
aquests aquí així cada cal com contra d dalt de del dels des després dins doncs e el ella elles ells els
em en encara ens entre era és es esta està estan et eren ha han haver havia hem hi ho i ja jo l la les
li llavors lo meu més meva molt molta molts n ni no nosaltres nostra nostre o on pel pels per perquè
però podem poden poder pot quan que què qui s sense ser seu seva si sobre són sota també tant te tenen
tenim té tot tota totes tots tu un una unes uns va vam van vol volem vosaltres
"""
GALICIAN = """
a á aínda algo algún algunha alí ao aos aquel aquela aquí as ás así cada ca como con contra coa cos cun
da das de deben debe del dende despois do dos e é el ela elas eles en entre era eran es esa ese eses
esta está están este estes eu fai facer foi foron ha hai isto ir lle lles máis mais me moi moita moito
moitos na nas nada nin no nos nós nosa nosas noso nosos non nunca o os ou outra outro outros para pero
pode poden por porque pola polo que quen queremos se sen ser seu seus si sobre son só súa súas tamén tan
te temos ten teñen toda todas todo todos tres unha un uns unhas xa
"""
RUSSIAN = """
а без более бы был была были было быть в вам вас весь во вот все всё всех вы где да даже для до его ее
её если есть еще ещё же за здесь и из или им их к как какая какой когда кто ли либо мне много может
можно мой моя мы на надо наш наша наши не него нее нет ни них но ну нужно о об однако он она они оно от
очень по под после потому при про с свой себя со так также такой там те тем то того тоже той только том
тот ты у уже хотим хотя чего чей чем что чтобы чьё эта эти это этого этой этом этот я
"""
POLISH = """
a aby albo ale ani bardzo bez bo by być był była było były chcemy ci co czy dla do gdy gdzie go i ich
ile im inne inny iż ja jak jako je jednak jego jej jest jestem jeszcze jeśli już każdy kiedy kto która
które którego której który których którzy lub ma mają mi może można musi my na nad nam nas nasz nasza
nasze nie nich nic niż o od oraz on ona one oni ono po pod ponieważ powinien powinno przed przez przy są
się skąd swoje ta tak także tam te tego tej ten też to tu tych tylko tym u w we więc wszystko wy z za ze
że żeby
"""
SWEDISH = """
alla allt att av bara behöver bli blir borde de dem den denna det detta dig din dina du där efter eller
en ett eftersom för från får finns göra ha hade han har hon honom hur här i icke in inga inget ingen
inte jag kan kunna kommer man med men mer mig min mina mot mycket måste ni nu när någon något några och
också om oss på samma se sedan ska skall skulle som så till två under ut utan vad var vara varför varje
vem vi vid vilken vill vår våra än är även åt över
"""
DANISH = """
af alle alt anden at blev blive bliver burde da de dem den denne der deres det dette dig din dog du
efter eller en end er et for fordi fra få gør god ham han hans har havde have hende her hun hvad hvem
hver hvis hvor hvordan i ikke ind ingen jeg jer kan kun kunne man mange med meget men mere mig min mod
må når ned nogen noget nogle nu og også om op os over på se selv sig sin skal skulle som så til ud uden
under var ved vi vil ville vores være været
"""
NORWEGIAN = """
alle alt at av bare begge ble bli blir bør da de deg dem den denne der dere det dette din du eller en
enn er et etter for fordi fra få gjør ha hadde han har henne her hun hva hvem hver hvis hvor hvordan
hvorfor i ikke ingen ja jeg kan kunne man mange med meg meget men mer mot mye må ned noe noen nå når og
også om opp oss over på samme seg selv sin skal skulle slik som så til ut uten var ved vi vil ville vår
våre være vært å
"""
TURKISH = """
acaba ama ancak artık aslında az bazı belki ben beri bir biri birkaç birçok biz bizim böyle bu buna bunu
bunun burada çok çünkü da daha de değil diye en gibi göre hem hep hepsi her hiç için içinde ile ise işte
kadar kendi ki kim lazım mı mi mu mü nasıl ne neden nerede niçin o olan olarak oldu olduğu olması olsun
on ona onlar onun orada öyle pek sadece sen siz sonra şey şimdi şu tüm ve veya var ya yani yok zaten
"""
ARABIC = """
في من إلى على عن مع هذا هذه ذلك تلك التي الذي الذين أن إن أو و ثم كما كل لا ما لم لن قد كان كانت يكون
تكون هو هي هم نحن أنا أنت كيف متى أين لماذا لكن بعد قبل عند بين حتى إذا غير بعض أي به بها له لها لهم لنا
فيه فيها منه منها عليه عليها أكثر أيضا يجب نريد يمكن حول خلال دون تحت فوق هناك هنا
"""
INDONESIAN = """
ada adalah agar akan akhir aku anda antara apa atas atau bagi bahwa banyak belum bisa boleh bukan dalam
dan dapat dari demi dengan di dia dulu hanya harus ia ingin ini itu jadi jangan jika juga kalau kami
kamu karena ke kepada kita lagi lain lebih maka mana masih mereka mungkin nya oleh pada para perlu
pernah pun saat saja sampai sangat satu saya sebagai sebuah sedang sehingga sekarang selalu semua
seperti serta setiap sudah supaya tanpa tapi tentang tersebut tetapi tidak untuk yaitu yang
"""

MORE: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "it": ITALIAN, "nl": DUTCH, "ca": CATALAN, "gl": GALICIAN, "ru": RUSSIAN, "pl": POLISH, "sv": SWEDISH,
        "da": DANISH, "no": NORWEGIAN, "tr": TURKISH, "ar": ARABIC, "id": INDONESIAN,
    }.items()
}  # fmt: skip
