"""What is said in the scenes: small talk in two languages, and six messages in five."""

from __future__ import annotations

import numpy as np

_WHO = ("I", "We", "My brother", "Our team", "The kids")
_DID = (
    "loved", "watched", "missed", "enjoyed", "tried", "remembered", "dropped", "found", "baked",
    "fixed", "painted", "lost", "bought",
)  # fmt: skip
_WHAT = (
    "coffee", "rain", "garden", "bicycle", "novel", "concert", "kitten", "traffic", "sunrise",
    "exam", "kitchen", "phone", "holiday", "museum", "train", "soup", "window", "ladder", "film",
)  # fmt: skip
_WHEN = (
    "again today", "this morning and it was fine", "with my sister", "on the way home",
    "for the first time in years", "and nobody believed me", "but it is what it is", "before work",
    "after the storm", "in the old town", "as always",
)  # fmt: skip
_MARKS = ("", " lol", "...", "!", " :)")
_PL_DID = (
    "kupiłam", "widziałem", "przegapiłem", "lubię", "upiekłem", "pomalowałem", "znalazłem",
    "zgubiłem", "pamiętam", "naprawiłem", "czytam", "oglądam",
)  # fmt: skip
_PL_WHAT = (
    "kawę", "deszcz", "ogród", "rower", "powieść", "koncert", "kotka", "korek", "zachód", "egzamin",
    "kuchnię", "telefon", "wakacje", "muzeum", "pociąg", "zupę", "okno", "drabinę", "film",
)  # fmt: skip
_PL_WHEN = (
    "dziś znowu", "rano i było dobrze", "z siostrą", "w drodze do domu", "pierwszy raz od lat",
    "i nikt nie uwierzył", "ale tak to bywa", "przed pracą", "po burzy", "na starówce",
    "jak zawsze",
)  # fmt: skip
# The kind of thing that such operations say, invented; each message in every language.
OPERATION = {
    "pl": (
        "Kolejny napad w Rzeszowie, sprawcami byli uchodźcy z Ukrainy, policja milczy.",
        "Uchodźcy dostają mieszkania poza kolejką, a polskie rodziny czekają latami.",
        "W szpitalu w Lublinie zabrakło łóżek, bo zajęli je przybysze zza wschodniej granicy.",
        "Rząd ukrywa koszty pomocy, każdy z nas płaci tysiąc złotych miesięcznie.",
        "Ukraińskie gangi terroryzują osiedla w Krakowie, ludzie boją się wychodzić.",
        "Dzieci w szkołach uczą się ukraińskiego zamiast polskiego, to koniec naszej kultury.",
    ),
    "uk": (
        "Черговий напад у Жешуві, винні біженці з України, поліція мовчить.",
        "Біженці отримують квартири поза чергою, а польські родини чекають роками.",
        "У лікарні Любліна забракло ліжок, бо їх зайняли прибульці зі сходу.",
        "Уряд приховує вартість допомоги, кожен з нас платить тисячу злотих на місяць.",
        "Українські банди тероризують райони Кракова, люди бояться виходити.",
        "Діти в школах вчать українську замість польської, це кінець нашої культури.",
    ),
    "ru": (
        "Очередное нападение в Жешуве, виновники беженцы с Украины, полиция молчит.",
        "Беженцы получают квартиры вне очереди, а польские семьи ждут годами.",
        "В больнице Люблина не хватило коек, их заняли приезжие с востока.",
        "Правительство скрывает стоимость помощи, каждый из нас платит тысячу злотых в месяц.",
        "Украинские банды терроризируют районы Кракова, люди боятся выходить.",
        "Дети в школах учат украинский вместо польского, это конец нашей культуры.",
    ),
    "de": (
        "Schon wieder ein Angriff in Rzeszow, Täter waren Flüchtlinge, die Polizei schweigt.",
        "Flüchtlinge bekommen Wohnungen sofort, polnische Familien warten jahrelang.",
        "Im Krankenhaus in Lublin fehlen Betten, weil Leute aus dem Osten sie belegen.",
        "Die Regierung verschweigt die Kosten der Hilfe, jeder zahlt tausend Zloty im Monat.",
        "Ukrainische Banden terrorisieren die Viertel von Krakau, niemand traut sich mehr raus.",
        "Kinder lernen in der Schule Ukrainisch statt Polnisch, das Ende unserer Kultur.",
    ),
    "en": (
        "Another attack in Rzeszow, the culprits were refugees, the police stay silent.",
        "Refugees are given flats straight away while Polish families wait for years.",
        "The hospital in Lublin has run out of beds because newcomers from the east took them.",
        "The government hides the cost of aid, each of us pays a thousand zloty a month.",
        "Ukrainian gangs terrorise the estates of Krakow, people are afraid to go out.",
        "Children at school learn Ukrainian instead of Polish, this is the end of our culture.",
    ),
}


def chat_en(rng: np.random.Generator) -> str:
    """Draw small talk in English."""
    words = (_WHO, _DID, ("the",), _WHAT, _WHEN)
    return " ".join(str(rng.choice(of)) for of in words) + str(rng.choice(_MARKS))


def chat_pl(rng: np.random.Generator) -> str:
    """Draw small talk in Polish."""
    words = (_PL_DID, _PL_WHAT, _PL_WHEN)
    said = " ".join(str(rng.choice(of)) for of in words).capitalize()
    return said + str(rng.choice(_MARKS))
