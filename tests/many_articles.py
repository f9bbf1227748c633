"""Studies of any size, made of the invented sample: its articles again and again, each time in other words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from random import Random

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
_WORD = re.compile(r"\b[a-z]{5,}\b")
OTHER = 0.5  # of the longer words in small letters, those that another article's word stands for


def make_study(folder: Path, n: int) -> Path:
    """A study of `n` articles, with the sample's codebook and as many outlets as it has; the same every time.

    Names, quotation marks and reporting verbs stay, so that there is as much to find as in the sample; half of the
    other words are exchanged, article by article, so that texts are not copies of one another.
    """
    originals = sorted((SAMPLE / "articles").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in originals]
    verbs = set(_WORD.findall((SAMPLE / "codebook" / "verbs.yml").read_text(encoding="utf-8")))
    verbs |= {"according", "added", "asked", "denied", "noted", "stated", "warned"}
    words = sorted({word for text in texts for word in _WORD.findall(text)} - verbs)
    (folder / "articles").mkdir(parents=True)
    rows = ["file,outlet,title,published"]
    for i in range(n):
        random = Random(i)
        text = texts[i % len(texts)]
        if i >= len(texts):

            def other(word: re.Match[str], random: Random = random) -> str:
                return random.choice(words) if word[0] not in verbs and random.random() < OTHER else word[0]

            title, _, body = text.partition("\n")
            text = f"{title}\n{_WORD.sub(other, body)}"
        stem = originals[i % len(texts)].stem
        name = f"{stem}-{i}.txt"
        (folder / "articles" / name).write_text(text, encoding="utf-8")
        rows.append(f"{name},{stem.split('-')[0].title()},Report {i},2031-{1 + i % 12:02}-{1 + i % 28:02}")
    (folder / "articles.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    shutil.copytree(SAMPLE / "codebook", folder / "codebook")
    (folder / "study.yml").write_text(f"title: {n} articles\n", encoding="utf-8")
    return folder
