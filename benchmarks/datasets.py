# ruff: noqa: E501  (checksums)
"""Real data sets: where they come from, under which licence, and what their labels mean.

They are read from ``$DISINFO_DATA/<name>/<file>`` and never copied into the repository. A set that
is absent, or whose bytes are others, is a row of the table that says so.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.examination import refuse_labels
from benchmarks.task import LABEL_COLUMNS, AbsentError

VARIABLE = "DISINFO_DATA"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set as it lies on disk.

    Parameters
    ----------
    name
        Folder below ``$DISINFO_DATA``.
    source
        Repository, commit and path of the original.
    licence
        As its source states it.
    labels
        What a label means, and what it does not.
    files
        sha256 by file name; the figures hold for these bytes.
    """

    name: str
    source: str
    licence: str
    labels: str
    files: Mapping[str, str]

    def path(self, file: str) -> Path:
        """Return the path of a file after checking its bytes.

        Raises
        ------
        AbsentError
            When the file is not there or holds something else.
        HarnessError
            When a system that is asked about this data set wants to open it.
        """
        refuse_labels(self.name, frozenset({f"of all columns in {file}"}))
        return self._found(file)

    def _found(self, file: str) -> Path:
        folder = os.environ.get(VARIABLE)
        if not folder:
            msg = f"data set {self.name}: {VARIABLE} is not set"
            raise AbsentError(msg)
        path = Path(folder) / self.name / file
        if not path.exists():
            msg = f"data set {self.name}: no file {file} below {VARIABLE}"
            raise AbsentError(msg)
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.files[file]:
            msg = f"data set {self.name}: {file} is another version"
            raise AbsentError(msg)
        return path

    def frame(self, file: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table or some columns of it, ids as text.

        Raises
        ------
        AbsentError
            See `path`.
        HarnessError
            When a system that is asked about this data set would read labels.
        """
        path = self._found(file)
        wanted = None if columns is None else list(columns)
        if path.suffix == ".parquet":
            table = pd.read_parquet(path, columns=wanted)
        else:
            table = pd.read_csv(path, dtype="str", usecols=wanted)
        refuse_labels(self.name, LABEL_COLUMNS & set(table.columns))
        return table


DATASETS = {
    one.name: one
    for one in (
        Dataset(
            name="d3lta_synthetic",
            source="github VIGINUM-FR/D3lta @ 8df5772178508ae11fee04659385a60ac8f5d432, "
            "notebooks/example_synthetic_dataset.ipynb",
            licence="MIT; seed texts belong to their authors",
            labels="Documents of one seed are copies, rewordings or translations of one another. "
            "Odd seeds only (1,395 documents), and only documents that D3lta matched at least once, "
            "so recall is optimistic.",
            files={
                "documents.csv": "bbaba836c01430205c40b76435cd02569603ff2ad75c2e19dca707fffd59191b",
                "d3lta_predicted_edges.csv": "6781e8ed2fedf9947367a6724cbd2788b9f341820aa2b9462c27a34e44b7d815",
            },
        ),
        Dataset(
            name="checkthat25_claimnorm",
            source="github eduardo-morales/checkthat_2025 @ "
            "48b4a35d2f1df99851442d22febf894906154082, task2/data",
            licence="none stated; research only",
            labels="Posts that fact-checkers tied to one claim (claim_id_merged), French and "
            "German. Near-identical posts under two claims are label noise.",
            files={
                "posts.csv.gz": "f20ab99ed92e8ec0c680cf494de7b974776c90423b0cea2f14eba67f24a408d1"
            },
        ),
        Dataset(
            name="pheme_rumours",
            source="github freddyheppell/crowdeval @ 45ad7d03e200159163a5b73f7334f92f3463f3c1",
            licence="annotations CC BY 4.0; tweets belong to their authors",
            labels="Five breaking events: topics, not claims. Journalists who post one story within "
            "minutes: organic, though not proven free of coordination.",
            files={"posts.csv": "5d970f82736d459514f94357d5e0a668bdd42fec4ca6669a25d323b7c8c34540"},
        ),
        Dataset(
            name="socialed_arabic7",
            source="github ChenBeici/SocialED_datasets @ "
            "33e37b6eb10a1207b4de4e19c687e2230eda4c39, Arabic_100",
            licence="BSD-2 (collection)",
            labels="Seven crises in Arabic: topics.",
            files={"posts.csv": "1ab6d8ab76a719c9efd338c4d70b3ef00301e9afe77faa544348d2d121a2c7be"},
        ),
        Dataset(
            name="llm_persuasion",
            source="github kobihackenburg/scaling-LLM-persuasion @ "
            "4ce433248ec4d5a765297b7cc91c7f4caa88e376",
            licence="MIT",
            labels="Ten issues argued by 24 models: topics.",
            files={
                "all_responses_combined.csv": "c3ed30e5df70423473aab4572fa6e13f545b5ce87a28cd8ac9d4942f5d4f98df"
            },
        ),
        Dataset(
            name="coortweet",
            source="github nicolarighetti/CooRTweet @ d31a008e7a1d41645519aefea3917d9c3a741518",
            licence="MIT",
            labels="None: no account is known to be anything.",
            files={
                "german_elections.parquet": "7de706c227f7f109b4c4d1ebb770226e78f0aec38f362b565be916c5afbbb7a4",
                "russian_coord_tweets.parquet": "85fa5e7c36c2f2b219e7c75abee8eb72d26adeae4e15c1917f1402d2a8701d67",
            },
        ),
        Dataset(
            name="clef2020_claim_retrieval",
            source="github sshaar/clef2020-factchecking-task2 @ "
            "e993f1fe34e5ecd8808ede19a4ea396013d0803d",
            licence="free for general research use",
            labels="Tweet to the checked claim that it repeats; 197 tweets of the dev part.",
            files={"v3.zip": "2811b0efc93b3440155d1a67dc5e147e210784c4225a48d5f76cb5736d9c3baa"},
        ),
        Dataset(
            name="ai_rewrites",
            source="human side: SemEval-2017 tweets and unlp2025_telegram; machine side written for this "
            "project by a large language model of 2026",
            licence="machine side as the project; human side under its sources' terms",
            labels="A machine post answers a human post on its subject, in one of five styles. One "
            "generator, one sitting; years and vocabulary differ.",
            files={"pairs.csv": "14348cd95a2a3348ab4003ba8a7a248bb9fd0e8896f9d73cd2299e03885d634c"},
        ),
        Dataset(
            name="tweepfake",
            source="github tizfa/tweepfake_deepfake_text_detection @ "
            "822f238bb3254a109e4ad969bebb2ab4b0b13f7d",
            licence="none stated; no redistribution",
            labels="Accounts that post machine text of 2020 (GPT-2, RNN, others) against human ones.",
            files={
                "validation.csv": "70abeee427611886338ad8fb07d202e2070bae318f1b57d0a19e78035c8bded7",
            },
        ),
        Dataset(
            name="tweeteval_generic",
            source="github cardiffnlp/tweeteval @ 4fbd22cd78421f05b1ecdb4fc5725bc7a7bd8f66",
            licence="terms of each task and of Twitter",
            labels="Tweets from before 2018: human. No accounts.",
            files={
                "sentiment_test_text.txt": "09a93a55c63fd93f97485ef7302889d7edb4091cd49733aa37da094f0bfa0675",
            },
        ),
        Dataset(
            name="unlp2025_telegram",
            source="github unlp-workshop/unlp-2025-shared-task @ "
            "f39ef3247a63785e1a16f7474e1416716a1f8436",
            licence="CC BY-NC-SA 4.0",
            labels="Telegram posts of 2022 to 2024 in Ukrainian and Russian: taken as human, which "
            "nobody has checked.",
            files={
                "train.parquet": "99e9a9d9e0b376026ea8c28461ad4a5dd3e0b223d640510c9107278d46c19e36",
            },
        ),
        Dataset(
            name="reddit_ira",
            source="github ALCC01/reddit-suspicious-accounts @ "
            "2bd20e438e6f2465e52f70049417868fb4e8089f",
            licence="CC0 where applicable",
            labels="Comments of accounts that Reddit tied to one operation; no controls.",
            files={
                "comments.csv": "ac68d72fede0cbddfd85c9a9a9553bcfda68360c120b20a1f4100c4c8c96f63d",
            },
        ),
        Dataset(
            name="ira_facebook_ads",
            source="github skranz/facebook_ira_ad_quiz @ 981b6b08a75984ac8fddde1a756fedd0cf7db4df",
            licence="CC BY 4.0",
            labels="Advertisements of one operation; no controls.",
            files={"ads.csv": "8f5235f76f306a4ec7479ccf01c685373632e7cd0c860ddf4c13599c80e9bb1f"},
        ),
        Dataset(
            name="state_trolls",
            source="github chuachinhon/twitter_state_trolls_cch @ "
            "3869814886d44e2eaf4eaceea514a52fd1890cb3",
            licence="none; no redistribution",
            labels="39 accounts that Twitter tied to Iran against 35 verified accounts of journalists, "
            "politicians and outlets: subjects differ. A sample of 2,000 posts.",
            files={
                "iran_posts.csv": "64f0d4b9de0d767c68b3d7dd2bacb520970e49504d41071c41e6dbdccc86a8e6",
            },
        ),
    )
}
