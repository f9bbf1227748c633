"""Studies of any size, made of the invented sample: its articles again and again, each time in other words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
_HOUSES = 4  # of the sample
_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")
_ENDS = [a + b for a in ("al", "en", "is", "or", "un") for b in ("da", "ko", "mi", "ra", "st")]  # of names
_WORD = re.compile(r"\b[a-z]{5,}\b")
OTHER = 0.5  # of the longer words in small letters, those that another article's word stands for
APART = 0.9  # the same where outlets are named, so that a thousand articles do not print one statement a thousand times
OWN = 0.6  # of an outlet's articles where names are given, those made of one house's of the sample, so that outlets differ
SCRIPTS = (
    "Harbour Wire", "Η Καθημερινή", "Новая газета", "الجزيرة نت", "הארץ היום", "人民日报", "朝日新聞", "조선일보", "ไทยรัฐ ออนไลน์",
    "दैनिक जागरण", "Türkiye Akşam", "The Brelling Herald and Evening Messenger of the Northern Provinces",
    "Süddeutsche-Norddeutsche-Ostdeutsche-Westdeutsche-Gesamtzeitung", "Życie Łódzkie", "Ñandú & “Old” Post",
)  # fmt: skip


def names_of(outlets: int) -> list[str]:
    """So many names of outlets: in all scripts that occur, and long ones, then plain ones."""
    return [*SCRIPTS, *(f"Gazette No. {n}" for n in range(len(SCRIPTS) + 1, outlets + 1))][:outlets]


def make_study(folder: Path, n: int, outlets: Sequence[str] = ()) -> Path:
    """A study of `n` articles, with the sample's codebook; the same every time.

    Its outlets are as many as the sample's, or those named, which have articles in turn, each mostly of one house.

    Names, quotation marks and reporting verbs stay, so that there is as much to find as in the sample; half of the
    other words are exchanged, article by article, so that texts are not copies of one another.
    """
    originals = sorted((SAMPLE / "articles").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in originals]
    verbs = set(_WORD.findall((SAMPLE / "codebook" / "verbs.yml").read_text(encoding="utf-8")))
    verbs |= {"according", "added", "asked", "denied", "noted", "stated", "warned"}
    words = sorted({word for text in texts for word in _WORD.findall(text)} - verbs)
    codebook = " ".join(p.read_text(encoding="utf-8") for p in sorted((SAMPLE / "codebook").glob("*.yml")))
    known = {word.lower() for word in re.findall(r"[^\W\d_]+", codebook)} | set(words)
    (folder / "articles").mkdir(parents=True)
    rows = ["file,outlet,title,published"]
    for i in range(n):
        random = Random(i)
        which = i % len(texts)
        if outlets:
            own = [t for t in range(len(texts)) if t // (len(texts) // _HOUSES) == i % len(outlets) % _HOUSES]
            which = random.choice(own if random.random() < OWN else range(len(texts)))
        text = texts[which]
        if i >= len(texts) or outlets:

            def other(word: re.Match[str], random: Random = random) -> str:
                often = APART if outlets else OTHER
                return random.choice(words) if word[0] not in verbs and random.random() < often else word[0]

            title, _, body = text.partition("\n")
            if outlets:  # else all of them would print what a few people say
                body = _NAME.sub(
                    lambda name, i=i: name[0] if name[0].lower() in known else f"{name[0]}{_ENDS[i % 23]}",
                    body,
                )
            text = f"{title}\n{_WORD.sub(other, body)}"
        stem = originals[which].stem
        name = f"{stem}-{i}.txt"
        outlet = outlets[i % len(outlets)] if outlets else stem.split("-")[0].title()
        (folder / "articles" / name).write_text(text, encoding="utf-8")
        rows.append(f"{name},{outlet},Report {i},2031-{1 + i % 12:02}-{1 + i % 28:02}")
    (folder / "articles.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    shutil.copytree(SAMPLE / "codebook", folder / "codebook")
    target = "target: negotiations\n" if outlets else ""
    (folder / "study.yml").write_text(f"title: {n} articles\n{target}", encoding="utf-8")
    return folder
