"""Passages: everything in a study that there is to read, and a choice among it."""

from __future__ import annotations

import pandas as pd

from analysis.study import Study
from analysis.tables import split_at_breaks

FRAME, STANCE, ACTOR, SPEECH, NOTHING = "frame", "stance", "actor", "speech", ""
FORMS = {  # of speech, with their names
    "direct": "direct quote",
    "mixed": "quoted words",
    "indirect": "reported speech",
    "no answer": "no answer given",
}
_COLUMNS = [
    *("article_id", "sentence_id", "start", "end", "of", "code", "label", "indicator", "voice", "source_id"),
]


def find_passages(study: Study) -> pd.DataFrame:
    """Everything there is to read: a row for each frame, stance and actor found, for each sentence of each quote, for
    each refusal to answer, and for each sentence without any of them.

    `of` (frame, stance, actor, speech or nothing), `code`, `label` say what it is; `outlet`, `source` (the source's name) and
    `said` (the sentence; empty where its text is missing) are for choosing. In the order of the articles.
    """
    sentences = study.sentences
    frames, stance = study.frames, study.stance
    frame_names = {code: frame.name for code, frame in study.codebook.frames.items()}
    target_names = {code: target.name for code, target in study.codebook.targets.items()}
    actor_names = {code: actor.name for code, actor in study.codebook.actors.items()}
    targets = stance["target"].map(target_names).fillna(stance["target"])
    parts = [
        frames.assign(
            of=FRAME, code=frames["frame"], label=frames["frame"].map(frame_names).fillna(frames["frame"])
        ),
        stance.assign(of=STANCE, code=_stance_code(stance), label=targets + ": " + stance["stance"]),
        study.actors.assign(
            of=ACTOR,
            code=_attitude_code(study.actors),
            label=study.actors["actor"].map(actor_names).fillna(study.actors["actor"])
            + ": "
            + study.actors["label"],
        ),
        _quoted_sentences(study),
        study.refusals.assign(
            of=SPEECH,
            code="no answer",
            label="no answer given" + (": " + study.refusals["speaker"]).fillna(""),
            voice="author",
        ),
    ]
    held = pd.concat([part["sentence_id"] for part in parts])
    bare = sentences[~sentences["sentence_id"].isin(held)]
    parts.append(bare.assign(of=NOTHING, code="", label="", voice="author"))
    rows = pd.concat([part.reindex(columns=_COLUMNS) for part in parts], ignore_index=True)
    place = pd.Series(range(len(sentences)), index=sentences["sentence_id"])
    rows = rows.assign(place=rows["sentence_id"].map(place)).sort_values(["place", "start"], kind="stable")
    names = study.sources.set_index("source_id")["name"]
    return study.with_outlet(
        rows.assign(
            source=rows["source_id"].map(names).astype("string"),
            said=rows["sentence_id"].map(_sentences_said(study)),
        ).drop(columns="place")
    ).reset_index(drop=True)


def choose(
    passages: pd.DataFrame,
    *,
    outlet: str = "",
    frame: str = "",
    stance: str = "",
    actor: str = "",
    speech: str = "",
    voice: str = "",
    source: str = "",
    words: str = "",
) -> pd.DataFrame:
    """The passages that fit all that is asked for; nothing asked for leaves all.

    With a frame and a stance, say, only sentences that hold both are left, and only these two are in what comes back.
    `words` is looked for in the sentence whatever its case. `frame`, `stance`, `actor` and `speech` are values of `code`.
    """
    rows = passages
    for column, wanted in (("outlet", outlet), ("voice", voice), ("source", source)):
        if wanted:
            rows = rows[(rows[column] == wanted).fillna(False)]
    if words.strip():
        plain = " ".join(words.casefold().split())
        rows = rows[[plain in said.casefold() for said in rows["said"]]]
    asked = [(FRAME, frame), (STANCE, stance), (ACTOR, actor), (SPEECH, speech)]
    hits = [rows[(rows["of"] == of) & (rows["code"] == code)] for of, code in asked if code]
    for one in hits:
        rows = rows[rows["sentence_id"].isin(one["sentence_id"])]
    return rows[rows.index.isin(pd.concat(hits).index)] if hits else rows


def _stance_code(stance: pd.DataFrame) -> pd.Series:
    return stance["target"] + ": " + stance["stance"]


def _attitude_code(actors: pd.DataFrame) -> pd.Series:
    return actors["actor"] + ": " + actors["label"]


def _quoted_sentences(study: Study) -> pd.DataFrame:
    """Each sentence that a quote touches, whole: the quote's own span would hide the marks inside it."""
    spans = study.sentences[["article_id", "sentence_id", "start", "end"]]
    quotes = split_at_breaks(study.quotes)
    quotes = quotes[["article_id", "start", "end", "form", "cue", "source_id"]].rename(
        columns={"start": "from", "end": "to"}
    )
    both = quotes.merge(spans, on="article_id", how="inner", validate="many_to_many")
    both = both[(both["from"] < both["end"]) & (both["to"] > both["start"])]
    voice = both["form"].map({"indirect": "reported"}).fillna("quoted")
    return both.assign(
        of=SPEECH, code=both["form"], label=both["form"].map(FORMS), indicator=both["cue"], voice=voice
    )


def _sentences_said(study: Study) -> dict[str, str]:
    texts = dict(zip(study.articles["article_id"], study.articles["text"], strict=True))
    return {
        s.sentence_id: " ".join(text[s.start : s.end].split()) if isinstance(text, str) else ""
        for s in study.sentences.itertuples(index=False)
        for text in (texts[s.article_id],)
    }
