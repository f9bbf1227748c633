"""What is asked about the course of each article: its reading strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.ask.about_stance import beside, not_asked, positions_of_people
from analysis.ask.comparison import Comparison
from analysis.ask.material import STANCES, VOICES, Material
from analysis.coding.model.prompt import STANCE
from analysis.compare.shares import shares
from analysis.ids import among
from analysis.show.excerpts import shortened
from analysis.show.strips import Lens, Strip, Strips, colours_of
from analysis.tables import TONES

MOST = 24  # articles; of more the first of each outlet are shown
_TITLE = 70  # characters
_THIRDS = {"first third": 1.0, "later": 0.0}


def reading_strips(about: Material, by: str = "frame") -> Strips:
    """Each article as a row of its paragraphs, coloured by frame, voice, stance or tone (`by` is what is seen first).

    Stance is that on the study's target, of whatever voice; without a target there is no such lens. Raises ValueError for another lens.
    """
    return _strips(about, {"": (_shown(about), len(about.study.articles))}, by)[""]


def strips_by_outlet(about: Material, most: int) -> dict[str, Strips]:
    """The strips of each outlet's first articles in time, by frame first."""
    articles = about.study.articles.sort_values("published", kind="stable")
    own = {outlet: articles[articles["outlet"] == outlet] for outlet in about.study.outlets}
    return _strips(about, {outlet: (rows.head(most), len(rows)) for outlet, rows in own.items()}, "frame")


def _strips(about: Material, parts: Mapping[str, tuple[pd.DataFrame, int]], by: str) -> dict[str, Strips]:
    """For each name the strips of its articles, which are of so many."""
    lenses = _lenses(about)
    if by not in lenses:
        raise ValueError(f"reading strips are coloured by {', '.join(lenses)}; not by {by!r}")
    shown = pd.concat([articles["article_id"] for articles, _ in parts.values()])
    sentences = about.study.sentences
    sentences = sentences[among(sentences["article_id"], shown)]
    found = _found(about, sentences["sentence_id"])
    found = {kind: known for kind, known in found.items() if kind in lenses or kind == "speaker"}
    title = "Each article, paragraph by paragraph"
    return {
        name: Strips(
            "08-strips",
            title,
            lenses,
            [_strip(sentences, article, found) for article in articles.itertuples()],
            by,
            of - len(articles),
        )
        for name, (articles, of) in parts.items()
    }


def course(about: Material) -> Comparison:
    """How many of the positions against the study's target come in the first third of an article."""
    if about.target is None:
        return not_asked(about, "08-course", "third", "share")
    sentences = about.study.sentences
    nth = sentences.groupby("article_id").cumcount() / sentences.groupby("article_id")[
        "sentence_id"
    ].transform("size")
    early = sentences["sentence_id"][nth < 1 / 3]
    rows = about.study.with_outlet(about.counted.stance)
    rows = rows[(rows["target"] == about.target.code) & (rows["stance"] == "unfavourable")]
    rows = rows[among(rows["sentence_id"], about.story["sentence_id"])]
    rows = rows.assign(
        position=rows.index,
        third=among(rows["sentence_id"], early).map({True: "first third", False: "later"}),
    )
    table = shares(
        rows, rows, of="third", unit="position", labels=["first third"], groups=about.study.outlets
    )
    code = about.target.code
    given = positions_of_people(about, code)
    given = given[given["stance"] == "unfavourable"].assign(third=lambda t: among(t["sentence_id"], early))
    human = given.assign(third=given["third"].map({True: "first third", False: "later"}))
    fixed, sample = about.ratios(f"{STANCE}{code}", rows, about.story, of="third", worth=_THIRDS, human=human)
    if sample:
        table = beside(table, fixed, "outlet", "third")
    return Comparison(
        about.study,
        "08-course",
        table[table["total"] > 0],
        unit="positions against the target, all voices",
        of="third",
        facts={"topic": about.topic},
        sample=sample,
        coder=about.trust(f"{STANCE}{code}", [])["coder"],
    )


def _lenses(about: Material) -> dict[str, Lens]:
    frames = {code: frame.name for code, frame in about.study.codebook.frames.items()}
    used = [code for code in about.counted.frames["frame"].value_counts().index if code in frames]
    sides = {"unfavourable": "against", "neutral": "even", "favourable": "for"}
    tones = {"negative": "against", "neutral": "k-none", "positive": "for"}
    colours = dict(zip(VOICES, ("k-author", "k0", "k5", "k4"), strict=True))
    trust = {
        "frame": about.trust("frames", used),
        "stance": about.trust(f"stance on {about.study.settings.target}", list(STANCES)),
        "tone": about.trust("sentiment", list(TONES)),
    }
    doubt = {lens: known["doubtful"] for lens, known in trust.items()}
    lenses = {
        "frame": Lens("Frame", frames, colours_of(used), doubt["frame"]),
        "voice": Lens("Voice", VOICES, colours),
        "stance": Lens(f"Stance on {about.topic}", {s: s for s in STANCES}, sides, doubt["stance"]),
        "tone": Lens("Tone", {t: t for t in TONES}, tones, doubt["tone"]),
    }
    return {name: lens for name, lens in lenses.items() if name != "stance" or about.target}


def _found(about: Material, ids: pd.Series) -> dict[str, Mapping[str, Sequence[str]]]:
    """By lens, and in it by sentence, the codes found in these; and the speakers of the quotes in each."""
    study = about.counted
    stance = study.stance[study.stance["target"] == study.settings.target]
    tone = study.sentiment
    tables = {
        "frame": (study.frames["sentence_id"], study.frames["frame"]),
        "voice": (tone["sentence_id"], tone["voice"].fillna("mixed")),
        "stance": (stance["sentence_id"], stance["stance"]),
        "tone": (tone["sentence_id"], tone["label"]),
        "speaker": (study.quotes["sentence_id"], study.quotes["source_id"].map(_names(about))),
    }
    found: dict[str, Mapping[str, Sequence[str]]] = {}
    for lens, (sentences, codes) in tables.items():
        known = pd.DataFrame({"sentence": sentences, "code": codes})[among(sentences, ids)].dropna()
        found[lens] = known.groupby("sentence")["code"].agg(list).to_dict()
    return found


def _names(about: Material) -> dict[str, str]:
    """The sources' names as evidence writes them."""
    named = about.study.sources.dropna(subset=["name"])
    limit = about.study.excerpts
    return {of: shortened(name, limit) for of, name in zip(named["source_id"], named["name"], strict=True)}


def _shown(about: Material) -> pd.DataFrame:
    """The articles outlet by outlet; of more than are shown as many of each outlet, the first in time."""
    articles = about.study.articles.assign(order=about.study.articles["published"].fillna("~"))
    place = {outlet: n for n, outlet in enumerate(about.study.outlets)}
    articles = articles.sort_values("order", kind="stable").sort_values(
        "outlet", key=lambda outlet: outlet.map(place), kind="stable"
    )
    if len(articles) <= MOST:
        return articles
    return articles.groupby("outlet", sort=False).head(max(1, MOST // len(place))).head(MOST)


def _strip(
    sentences: pd.DataFrame, article: object, found: Mapping[str, Mapping[str, Sequence[str]]]
) -> Strip:
    of: str = article.article_id  # type: ignore[attr-defined]
    own = sentences[sentences["article_id"] == of]
    paragraphs = []
    for _, rows in own.groupby("paragraph", sort=True):
        ids = list(rows["sentence_id"])
        codes = [{lens: known.get(one, ()) for lens, known in found.items()} for one in ids]
        paragraphs.append((str(ids[0]).rsplit(":", 1)[-1], codes))
    known = (getattr(article, column) for column in ("title", "published", "article_id"))
    title = next(str(words) for words in known if isinstance(words, str) and words)
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…"
    return Strip(str(article.outlet), title, f"articles/{of}.html", paragraphs)  # type: ignore[attr-defined]
