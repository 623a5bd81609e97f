"""Small worlds of one scene each, made apart from the simulator: honest crowds, and operations.

The scorecard and the group test grew up with the simulator. Here habits, alerts, petitions,
matches, forwards and breaking news are drawn by rules of their own, each before four hundred
accounts that chat in English and Polish, share links and repost. One scene a world.

Seeds 1 to 3 were looked at while the library was made; figures are of seeds from 20000 on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.examination import refuse_world
from benchmarks.scene_words import OPERATION, chat_en, chat_pl
from benchmarks.worlds import FIRST_REPORTED_SEED

DAY, HOUR = 86400.0, 3600.0
DAYS = 14
N_BYSTANDERS = 400
_START = pd.Timestamp("2025-03-03", tz="UTC")
_FAVOURITES = 37


@dataclass(kw_only=True)
class Scene:
    """Posts under way.

    Parameters
    ----------
    rng
        Draws everything.
    rows
        Posts: account, second since the start, text, post that is reposted or None.
    """

    rng: np.random.Generator
    rows: list[tuple[str, float, str, str | None]] = field(default_factory=list)

    def post(
        self,
        account: str,
        second: float,
        text: str,
        *,
        url: str = "",
        tags: Sequence[str] = (),
        of: str | None = None,
    ) -> None:
        """Add a post; one outside the two weeks is left out."""
        if 0 <= second < DAYS * DAY:
            words = [text, *([url] if url else []), *(f"#{tag}" for tag in tags)]
            self.rows.append((account, second, " ".join(words), of))

    def after(self, median_s: float, sigma: float) -> float:
        """Draw a delay in seconds, log-normal."""
        return float(median_s * np.exp(sigma * self.rng.normal()))

    def some(self, share: float) -> bool:
        """Say yes in a share of the cases."""
        return bool(self.rng.random() < share)

    def anywhen(self) -> float:
        """Draw a second of the two weeks."""
        return float(self.rng.uniform(0, DAYS * DAY))

    def chatter(self, account: str, n_posts: int) -> None:
        """Let an account say n things of its own around its usual hour."""
        usual = self.rng.uniform(7, 20)
        for _ in range(n_posts):
            hour = (usual + 3 * self.rng.normal()) % 24
            second = self.rng.integers(DAYS) * DAY + hour * HOUR
            page = f"https://news{self.rng.zipf(1.5) % 40}.example.org/a{self.rng.zipf(1.3) % 5000}"
            tags = [f"tag{self.rng.zipf(1.4) % 300}"] if self.some(0.2) else []
            self.post(
                account, second, chat_en(self.rng), url=page if self.some(0.25) else "", tags=tags
            )


def bystanders(scene: Scene) -> None:
    """Add accounts that chat in English or also in Polish, and repost what many do."""
    rng, n = scene.rng, N_BYSTANDERS
    for at in range(n):
        n_posts = 1 + int(3 * rng.pareto(1.2)) % 40
        scene.chatter(f"by{at}", n_posts)
        for _ in range(n_posts if at % 2 else 0):
            second = rng.integers(DAYS) * DAY + rng.normal(15, 4) % 24 * HOUR
            scene.post(f"by{at}", second, chat_pl(rng))
    eager = (1 + np.arange(n)) ** -0.6
    for number in range(250):
        first, text = scene.anywhen(), (chat_pl if number % 2 else chat_en)(rng)
        n_reposts = int(2 * rng.pareto(1.1)) % 40
        for at in rng.choice(n, n_reposts, replace=False, p=eager / eager.sum()).tolist():
            said = f"RT @celebrity{number % _FAVOURITES}: {text}"
            scene.post(f"by{at}", first + scene.after(1.5 * HOUR, 1.5), said, of=f"by-{number}")


def petition(scene: Scene) -> list[str]:
    """One petition, two mails to its supporters: one text and one link, once each."""
    accounts = [f"pe{at}" for at in range(120)]
    text = (
        "I just signed the petition to save the old forest from the motorway. Every voice counts!"
    )
    for account in accounts:
        mailed = (2 + 5 * scene.rng.integers(2)) * DAY + 9 * HOUR
        first = mailed if scene.some(0.7) else scene.rng.uniform(0, 12 * DAY)
        url = "https://petition.example.net/forest"
        scene.post(account, first + scene.after(3000, 1.2), text, url=url, tags=["SaveTheForest"])
    return accounts


def ready_made_texts(scene: Scene) -> list[str]:
    """Six times supporters of a society are mailed what they may post."""
    accounts = [f"rm{at}" for at in range(60)]
    asked = ("clean air", "safe crossings", "fair rents", "open libraries", "trams", "school meals")
    for number, what in enumerate(asked):
        mailed = (1 + 2 * number) * DAY + 10 * HOUR
        for account in accounts:
            if scene.some(0.35):
                text, url = (
                    f"{what.capitalize()} cannot wait any longer",
                    "https://ngo.example.org/",
                )
                scene.post(account, mailed + scene.after(5400, 1.3), text, url=f"{url}{number}")
    return accounts


def word_game(scene: Scene) -> list[str]:
    """Every day players of one game let it post their result."""
    accounts = [f"wg{at}" for at in range(40)]
    for account in accounts:
        usual = scene.rng.uniform(6, 10)
        for day in range(DAYS):
            if scene.some(0.8):
                second = day * DAY + (usual + 0.5 * scene.rng.normal()) * HOUR
                tries = scene.rng.integers(2, 7)
                scene.post(account, second, f"Wordgame {1200 + day} {tries}/6", tags=["wordgame"])
    return accounts


def giveaway(scene: Scene) -> list[str]:
    """Five giveaways of a shop are reposted by who wants to win."""
    accounts = [f"gw{at}" for at in range(200)]
    for number in range(5):
        first = (1 + 2.5 * number) * DAY + 18 * HOUR
        for account in accounts:
            if scene.some(0.25):
                text = f"RT @gadgets: Giveaway {number}! Follow and repost to win headphones"
                scene.post(account, first + scene.after(2 * HOUR, 1.4), text, of=f"gw-{number}")
    return accounts


def match_days(scene: Scene) -> list[str]:
    """Fans of one club at four matches: one hashtag, goals reposted within minutes."""
    accounts = [f"fa{at}" for at in range(200)]
    zeal = scene.rng.beta(0.6, 1.5, len(accounts))
    for number in range(4):
        begins = (2 + 3 * number) * DAY + 19 * HOUR
        goals = scene.rng.uniform(0, 6000, 3)
        for account, keen in zip(accounts, zeal.tolist(), strict=True):
            if not scene.some(keen + 0.1):
                continue
            for _ in range(scene.rng.poisson(3 * keen + 0.5)):
                second = begins + scene.rng.uniform(-600, 7200)
                scene.post(account, second, chat_en(scene.rng), tags=["REDS", f"matchday{number}"])
            for goal, minute in enumerate(goals.tolist()):
                if scene.some(keen / 2):
                    text, of = f"RT @reds: GOAL {goal} of match {number}!", f"fa-{number}-{goal}"
                    scene.post(account, begins + minute + scene.after(150, 1), text, of=of)
    return accounts


def alerts(scene: Scene) -> list[str]:
    """Readers of one paper who share what its app alerts them to, within minutes."""
    accounts = [f"al{at}" for at in range(60)]
    zeal = scene.rng.beta(1, 5, len(accounts))
    for number in range(8 * DAYS):
        first, text = scene.anywhen(), f"{chat_en(scene.rng)} {number}, says the Gazette"
        for account, keen in zip(accounts, zeal.tolist(), strict=True):
            if scene.some(keen):
                url = f"https://gazette.example.com/{number}"
                scene.post(account, first + scene.after(240, 0.9), text, url=url)
    return accounts


def chain_letter(scene: Scene) -> list[str]:
    """One text that asks to be copied, for a week."""
    accounts = [f"ch{at}" for at in range(120)]
    text = (
        "Copy and paste, do not share: today we remember all nurses who worked through the night."
    )
    for account in accounts:
        scene.post(account, scene.after(3 * DAY, 0.7), text)
    return accounts


def forwarding_channels(scene: Scene) -> list[str]:
    """Channels that forward from three sources, each mostly from its own."""
    accounts = [f"fc{at}" for at in range(30)]
    for number in range(180):
        first, text = scene.anywhen(), f"{chat_en(scene.rng)}, report {number}"
        for at, account in enumerate(accounts):
            if scene.some(0.25 if at % 3 == number % 3 else 0.05):
                scene.post(account, first + scene.after(1800, 1.2), text, of=f"fc-{number}")
    return accounts


def breaking_news(scene: Scene) -> list[str]:
    """Four explosions, and five hundred who say so; some always do."""
    accounts = [f"bn{at}" for at in range(500)]
    zeal = scene.rng.beta(0.5, 3, len(accounts))
    said = (
        "Explosion reported in",
        "Praying for everyone in",
        "Huge blast in",
        "BREAKING: blast in",
    )
    for number in range(4):
        first = (1 + 3 * number) * DAY + scene.rng.uniform(8, 20) * HOUR
        for account, keen in zip(accounts, zeal.tolist(), strict=True):
            for _ in range(1 + scene.rng.poisson(1) if scene.some(keen + 0.05) else 0):
                text = f"{scene.rng.choice(said)} district {number}, {chat_en(scene.rng)}"
                url = f"https://news{scene.rng.integers(4)}.example.org/break{number}"
                tags = [f"district{number}"] if scene.some(0.6) else []
                second = first + scene.after(1500, 1)
                scene.post(account, second, text, url=url if scene.some(0.5) else "", tags=tags)
    return accounts


def weather_stations(scene: Scene) -> list[str]:
    """Twelve stations that report every three hours."""
    accounts = [f"wx{at}" for at in range(12)]
    for at, account in enumerate(accounts):
        for hour in range(0, 24 * DAYS, 3):
            text = (
                f"Station {at}: {scene.rng.integers(5, 25)} degrees, wind {scene.rng.integers(40)}"
            )
            scene.post(account, hour * HOUR + scene.rng.uniform(0, 20), text, tags=["weather"])
    return accounts


def photo_friday(scene: Scene) -> list[str]:
    """One hashtag, on two Fridays."""
    accounts = [f"pf{at}" for at in range(100)]
    for day in (4, 11):
        for account in accounts:
            if scene.some(0.6):
                second = day * DAY + scene.rng.uniform(7, 22) * HOUR
                scene.post(account, second, chat_en(scene.rng), tags=["fridayphoto"])
    return accounts


def repost_ring(scene: Scene) -> list[str]:
    """Twenty accounts that repost each of thirty posts within minutes, half of them each time."""
    accounts = [f"op{at}" for at in range(20)]
    for number in range(30):
        first, text = scene.anywhen(), OPERATION["pl"][number % 6]
        for account in accounts:
            if scene.some(0.5):
                said = f"RT @patriot: {text} {number}"
                scene.post(account, first + scene.after(300, 0.8), said, of=f"op-{number}")
    return accounts


def link_pushing(scene: Scene) -> list[str]:
    """Twelve accounts that push fifteen articles of one site within the hour, in idle words."""
    accounts = [f"op{at}" for at in range(12)]
    said = ("Read this", "Everyone should see this", "They will not tell you", "Finally the truth")
    for number in range(15):
        first = scene.anywhen()
        for account in accounts:
            if scene.some(0.5):
                url = f"https://prawda-teraz.example.net/art{number}"
                text = str(scene.rng.choice(said))
                scene.post(account, first + scene.rng.uniform(0, HOUR), text, url=url)
    return accounts


def reworded_waves(scene: Scene) -> list[str]:
    """Fifteen accounts, twelve waves of three hours, one message in changing frames."""
    accounts = [f"op{at}" for at in range(15)]
    before = ("", "Listen: ", "Shocking! ", "My friend works there. ", "So it begins... ")
    after = ("", "!!!", " Wake up.", " Where is the government?", " Enough is enough.")
    for number in range(12):
        first, text = scene.anywhen(), OPERATION["en"][number % 6]
        for account in accounts:
            if scene.some(0.6):
                said = f"{scene.rng.choice(before)}{text}{scene.rng.choice(after)}"
                scene.post(account, first + scene.rng.uniform(0, 3 * HOUR), said)
    return accounts


def translated_waves(scene: Scene) -> list[str]:
    """Twenty-five accounts in five languages, sixteen waves of three hours."""
    accounts = [f"op{at}" for at in range(25)]
    for number in range(16):
        first = scene.anywhen()
        for at, account in enumerate(accounts):
            if scene.some(0.5):
                text = list(OPERATION.values())[at % len(OPERATION)][number % 6]
                scene.post(account, first + scene.rng.uniform(0, 3 * HOUR), text)
    return accounts


def cloned_sites(scene: Scene) -> list[str]:
    """Eight accounts, three look-alike sites, twenty articles in four languages."""
    accounts = [f"op{at}" for at in range(8)]
    told = [OPERATION[language] for language in ("pl", "ru", "de", "en")]
    for number in range(20):
        first = scene.anywhen()
        for at, account in enumerate(accounts):
            if scene.some(0.6):
                text, url = told[at % 4][number % 6], f"https://cloned{at % 3}.example.com/{number}"
                scene.post(account, first + scene.rng.uniform(0, 6 * HOUR), text, url=url)
    return accounts


Play = Callable[[Scene], list[str]]
BENIGN: tuple[Play, ...] = (
    petition, ready_made_texts, word_game, giveaway, match_days, alerts, chain_letter,
    forwarding_channels, breaking_news, weather_stations, photo_friday,
)  # fmt: skip
OPERATIONS: tuple[Play, ...] = (
    repost_ring, link_pushing, reworded_waves, translated_waves, cloned_sites,
)  # fmt: skip
_OWN_POSTS = {"forwarding_channels": 20, "link_pushing": 25, "weather_stations": 0}


def play(scene_of: Play, seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Make the world of one scene.

    Parameters
    ----------
    scene_of
        One of `BENIGN` or `OPERATIONS`.
    seed
        Decides everything.

    Returns
    -------
    posts : DataFrame
        post_id, account_id, created_at, text, repost_of.
    accounts : list of str
        Those of the scene.

    Raises
    ------
    HarnessError
        When a system that is being asked wants the world of a reported seed.
    """
    refuse_world(seed, FIRST_REPORTED_SEED)
    number = (*BENIGN, *OPERATIONS).index(scene_of)
    scene = Scene(rng=np.random.default_rng([seed, number]))
    bystanders(scene)
    accounts = scene_of(scene)
    for account in accounts:
        scene.chatter(account, _OWN_POSTS.get(scene_of.__name__, 8))
    posts = pd.DataFrame(scene.rows, columns=["account_id", "second", "text", "repost_of"])
    posts = posts.sort_values(["second", "account_id", "text"]).reset_index(drop=True)
    created = _START + pd.to_timedelta(posts.pop("second").round(), unit="s")
    names = [f"p{number}" for number in range(len(posts))]
    return posts.assign(created_at=created, post_id=names), accounts
