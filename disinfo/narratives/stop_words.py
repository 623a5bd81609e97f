"""Words that say nothing about a story, in thirteen languages.

Short lists of function words, written for this library: articles, pronouns, prepositions,
conjunctions, auxiliary verbs and common adverbs of three letters and more (shorter words are never
keywords). Where a corpus is large enough common words are seen to be common without a list; where
it is not, and in a language of few texts, these keep "because" from being a keyword.
"""

from __future__ import annotations

from functools import lru_cache

_WORDS = {
    "en": """
        the and for are but not you all any can had her was one our out has him his how
        its may new now old see two way who did get let say she too use that with have
        this will your from they know want been good much some time very when come here
        just like long make many more only over such take than them well were what there
        their about would could should which while where after before because being
        between both during each into most other same then these those through under
        until does doing don isn aren wasn also even ever every still yet
    """,
    "pl": """
        nie tak jest się jak ale czy ich jego jej ten tej tego tym tych temu ona ono oni
        one jako był była było były być będzie będą dla nad pod przed przez przy bez
        oraz albo lub więc gdy gdzie kiedy kto który która które których którzy już
        tylko też także jeszcze bardzo może mają mam masz mamy mnie mój moja nas nam was
        wam sobie siebie swoje swoich coś ktoś nic nikt tutaj tam teraz potem żeby aby
        jeśli jeżeli ponieważ bo więcej
    """,
    "uk": """
        але або для від він вона вони воно його йому їхній їхня них нас нам вас вам мене
        мені тебе тобі себе собі цей цього цьому цим цих що щоб який яка яке які якого
        коли куди звідки там тут так ані вже ще лише тільки дуже може можна треба буде
        будуть був була було були бути має мають при про над під перед після через між
        без чому тому хто хтось щось нічого ніхто також теж бо
    """,
    "ru": """
        как что это его она они оно мне меня тебя тебе вас вам нас нам них ним ней или
        для при про над под перед после через между без чтобы который которая которое
        которые когда куда откуда там тут так уже еще ещё лишь только очень может можно
        надо будет будут был была было были быть есть этот эта эти этого этом том тот
        тех того потому почему где кто кто-то ничего никто также тоже если ведь даже чем
        все всё весь всех свой себя
    """,
    "de": """
        der die das den dem des ein eine einer eines einem einen und oder aber doch denn
        weil dass ist sind war waren wird werden wurde wurden hat haben hatte hatten
        sein seine seiner ihr ihre ihren ich sie wir uns euch mich mir dich dir man
        nicht kein keine auch nur noch schon sehr mehr wie was wer wen wem wann warum
        hier dort dann wenn als bei mit von vom zum zur aus auf für über unter vor nach
        durch gegen ohne zwischen kann können muss müssen soll sollen will wollen dieser
        diese dieses alle alles
    """,
    "fr": """
        les des une est son ses leur leurs elle elles ils nous vous mon mes ton tes
        notre votre qui que quoi dont mais donc car par pour pas plus moins avec sans
        sur sous dans entre vers chez comme être été était sont ont avait fait faire
        peut cette ces cet aux tout tous toute toutes même très bien aussi encore déjà
        jamais toujours ici quand comment pourquoi parce lorsque alors si
    """,
    "es": """
        los las una uno unos unas del que con por para sin sobre entre desde hasta pero
        como más menos muy también tampoco este esta estos estas ese esa eso aquel
        aquella está están era eran fue fueron ser estar hay han había haber tiene
        tienen sus nos les ellos ellas ella usted ustedes nosotros cuando donde dónde
        quién cuál porque aunque mientras todo todos toda todas nada algo aquí allí
        ahora después antes cada otro otra
    """,
    "it": """
        gli una uno del della dello dei delle degli che chi con per tra fra non più meno
        come anche ancora già mai sempre molto sono era erano essere stato stata hanno
        aveva avere suo sua suoi sue loro noi voi lui lei essi questo questa questi
        queste quello quella quelli quelle dal dalla dai dalle nel nella nei nelle sul
        sulla sui sulle quando dove perché mentre tutto tutti tutta tutte ogni altro
        altra qui ora dopo prima cosa
    """,
    "cs": """
        ale nebo ani jako jak když kde kdo který která které kteří jejich jeho její ten
        tato toto tento této tom tomu tím těch byl byla bylo byli být bude budou jsem
        jsi jsme jste jsou není nejsou má mají pro nad pod před přes při bez mezi podle
        protože proto aby pokud už ještě jen jenom také taky velmi více může mohou musí
        mně mne nás nám vás vám sebe sobě něco někdo nic nikdo tady tam teď potom
    """,
    "sk": """
        ale alebo ani ako keď kde kto ktorý ktorá ktoré ktorí ich jeho jej ten táto toto
        tento tejto tom tomu tým tých bol bola bolo boli byť bude budú som sme ste nie
        majú pre nad pod pred cez pri bez medzi podľa pretože preto aby pokiaľ ešte len
        iba tiež veľmi viac môže môžu musí mne nás nám vás vám seba sebe niečo niekto
        nič nikto tam teraz potom
    """,
    "ro": """
        din care este sunt era erau fost fie prin pentru peste sub între fără despre
        după înainte dar sau iar deci dacă când unde cum cine cât mai foarte doar numai
        încă deja acum aici acolo acest această aceste acești acel acea acei acele lui
        lor noastră nostru voastră ele voi noi mine tine sine nimic ceva cineva nimeni
        toate toți tot toată avea are avem aveți pot poate trebuie și nu
    """,
    "hu": """
        hogy nem ezt azt ezek azok egy van volt vannak voltak lesz lesznek lenne mint
        mert ami aki amely amelyek ahol amikor mikor miért hol hogyan csak már még
        nagyon több kevés minden mindenki semmi senki valami valaki itt ott most majd
        után előtt alatt felett között nélkül szerint által pedig vagy hanem tehát
        azonban én mi ti ők engem téged minket őket nekem neki nekünk kell lehet
    """,
    "bg": """
        как какво това този тази тези онзи онази той тях него нея нас вас мен теб себе
        или ако защото затова като когато където кой коя кое кои който която което които
        беше бяха бъде бъдат има няма имат може могат трябва със във над под пред след
        през между без при само още вече много повече също дори тук там сега после никой
        нищо нещо някой всички всичко
    """,
}


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Return the function words of a language.

    Parameters
    ----------
    language
        ISO 639 code.

    Returns
    -------
    frozenset of str
        Case-folded; empty for a language without a list.

    Examples
    --------
    >>> "because" in stop_words("en"), "потому" in stop_words("ru"), stop_words("und")
    (True, True, frozenset())
    """
    return frozenset(_WORDS.get(language, "").casefold().split())
