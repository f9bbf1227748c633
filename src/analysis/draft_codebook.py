"""A first codebook of a study, to be edited: who and what is named most, and empty entries that say what belongs there.

Nothing here is a judgement: persons, bodies and words are counted, and what they mean is for the study's author to write.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from analysis import store
from analysis.study import Study, StudyError

TO_WRITE = "To be written"  # begins each text that `check` asks for
PERSONS, BODIES, SIDES, ACTORS, TARGETS = 20, 12, 4, 8, 3  # at most so many are proposed
LEAST = 3  # mentions of what is proposed
_LONGEST_REMARK = 400  # characters
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
_BODY = re.compile(rf"\b(?:[A-Z]{{3,6}}|{_NAME}(?: (?:of|for|and|the)(?= {_NAME}))?(?: {_NAME})+)\b")
_PEOPLE = (
    "",
    "n",
    "ns",
    "an",
    "ans",
    "ian",
    "ians",
    "ese",
    "i",
    "is",
    "ish",
)  # how what belongs to a place is called
_PLACE = re.compile(r"\b[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{3,}\b")


@dataclass(frozen=True)
class Person:
    """A person as quoted: the name, forms of it in the texts, the most frequent role ("" where none), and how often."""

    name: str
    forms: tuple[str, ...]
    role: str
    description: str
    n: int


def write_draft(study: Study) -> tuple[Path, list[str], list[str]]:
    """Write the study's `codebook/`; the folder, the files written, and those that were there and stay as they are.

    Raises StudyError where all of them are there already.
    """
    folder = study.folder / "codebook"
    texts = {
        "sources.yml": "".join(_sources(study)),
        "tone.yml": "".join(_tone(study)),
        "stance.yml": "".join(_stance(study)),
        "frames.yml": "".join(_frames(study)),
    }
    kept = [name for name in texts if (folder / name).exists()]
    if len(kept) == len(texts):
        raise StudyError([f"{folder}: has {', '.join(kept)} already; move away what is to be drafted anew"])
    written = [name for name in texts if name not in kept]
    with store.updated(folder) as new:
        for name in written:
            (new / name).write_text(texts[name], encoding="utf-8", newline="\n")
    return folder, written, kept


def find_unwritten(folder: Path | None) -> list[str]:
    """What a drafted codebook still has to say, each with file and line."""
    found = []
    for path in sorted(folder.glob("*.yml")) if folder else []:
        code = ""
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if entry := re.match(r"  (\w+):\s*(#.*)?$", line):
                code = f" of {entry[1]!r}"
            if said := re.match(rf'\s+(\w+): "?{TO_WRITE}', line):
                found.append(f"{path}, line {number}: the {said[1]}{code} is still to be written")
    return found


def find_persons(study: Study) -> list[Person]:
    """The persons quoted or reported most, with the role that the articles' descriptions of them give most often."""
    sources = study.sources[study.sources["named"]].dropna(subset=["person"])
    spoken = study.quotes["source_id"].value_counts()
    surnames = Counter(name.split()[-1] for name in sources["person"].unique())
    found = []
    for name, own in sources.groupby("person", sort=False):
        n = int(spoken.reindex(own["source_id"]).fillna(0).sum())
        roles = Counter(role for role in own["role"].dropna() if role != "other")
        said = own["description"].dropna()
        surname = str(name).split()[-1]
        forms = (str(name), surname) if surnames[surname] == 1 and surname != name else (str(name),)
        role = roles.most_common(1)[0][0] if roles else ""
        found.append(Person(str(name), forms, role, str(said.iloc[0]) if len(said) else "", n))
    return [p for p in sorted(found, key=lambda p: (-p.n, p.name)) if p.n >= 2][:PERSONS]


def find_bodies(study: Study, persons: Iterable[Person]) -> list[tuple[str, int]]:
    """Names of two words or more, and abbreviations, that are no person's: name and mentions, the most frequent first."""
    people = {word for person in persons for word in person.name.split()} | {
        word for name in study.sources.loc[study.sources["named"], "person"].dropna() for word in name.split()
    }
    titles = study.language["title"]
    counts: Counter[str] = Counter()
    for text in _sentences(study):
        for match in _BODY.finditer(text):
            name = re.sub(r"^The ", "", match[0]).removesuffix("'s").removesuffix("’s")
            words = name.split()
            known = people.isdisjoint(words) and titles.isdisjoint(word.lower() for word in words)
            if known and (len(words) > 1 or name.isupper()) and match.start() > 0:
                counts[name] += 1
    return [(name, n) for name, n in counts.most_common(BODIES) if n >= LEAST]


def find_sides(study: Study) -> list[tuple[str, list[str], int]]:
    """Places whose people are named, too (Varnia, Varnian, Varnians): name, all forms, mentions."""
    lower = {word for text in _sentences(study) for word in re.findall(r"\b[a-z]{4,}\b", text)}
    words = (word for text in _sentences(study) for word in _PLACE.findall(text))
    counts = Counter(word for word in words if word.lower() not in lower)
    families = []
    for word in counts:
        stems = {word, re.sub(r"[aeiy]$", "", word)}
        forms = [
            f for f in counts if f == word or any(f == stem + end for stem in stems for end in _PEOPLE if end)
        ]
        belonging = [f for f in forms if f != word and len(f) > len(word) - 1]
        if belonging and word not in study.language["first_name"]:
            families.append((word, sorted({word, *belonging}), sum(counts[f] for f in {word, *belonging})))
    taken: set[str] = set()
    found = []
    for name, forms, n in sorted(families, key=lambda f: (-f[2], f[0])):
        if n >= LEAST and taken.isdisjoint(forms):
            taken |= set(forms)
            found.append((name, forms, n))
    return found[:SIDES]


def find_collocations(study: Study, least: int = LEAST) -> list[tuple[str, int]]:
    """Pairs of words that stand together more often than chance has it, by log-likelihood (Dunning 1993); with their number."""
    stop = study.language.stop_words()
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in _sentences(study):
        words = re.findall(r"[a-zà-öø-ÿ]+(?:-[a-zà-öø-ÿ]+)*|[^\sa-z]+\S*", text)
        single.update(words)
        pairs.update((a, b) for a, b in pairwise(words) if _plain(a, stop) and _plain(b, stop))
    total = max(sum(single.values()), 1)
    scored = [
        (f"{a} {b}", n, _log_likelihood(n, single[a], single[b], total))
        for (a, b), n in pairs.items()
        if n >= least
    ]
    return [(pair, n) for pair, n, score in sorted(scored, key=lambda s: (-s[2], s[0])) if score > 10.8]


def _plain(word: str, stop: Collection[str]) -> bool:
    return len(word) > 3 and word.isalpha() and word.islower() and word not in stop


def _log_likelihood(both: int, first: int, second: int, total: int) -> float:
    expected = first * second / total
    return 2 * both * math.log(both / expected) if both > expected else 0.0


def _sentences(study: Study) -> Iterator[str]:
    texts = dict(zip(study.articles["article_id"], study.articles["text"], strict=True))
    for s in study.sentences.itertuples():
        text = texts.get(s.article_id)
        if isinstance(text, str):
            yield text[s.start : s.end]


def _sources(study: Study) -> Iterator[str]:
    sides, persons = find_sides(study), find_persons(study)
    yield (
        "# Drafted from the articles; edit it. Roles come from the general codebook. `media-analysis check` says what is to be\n"
        "# written. A side is who a source speaks for: keep those that the question is about, and say what belongs to each.\n"
        "extends: general\nsides:\n"
    )
    for name, forms, n in sides:
        yield (
            f"  {_code(name)}:  # {n} mentions\n    name: {_text(name)}\n"
            f'    definition: "{TO_WRITE}: which governments, bodies and people belong to this side?"\n'
            f"    indicators: [{_text('(' + '|'.join(f'={form}' for form in forms) + ')')}]\n"
        )
    if not sides:
        yield "  # north: {name: The North, definition: The government in Norwick., indicators: [(=Norwick|=Norwickian)]}\n"
    yield (
        "# Office holders count where an article does not say who somebody is. Add `from` and `to` where offices change hands.\n"
        "office_holders:\n"
    )
    for person in persons:
        side = next((_code(name) for name, forms, _ in sides if _holds(person.description, forms)), "")
        parts = [f"name: {_text(person.name)}"]
        if len(person.forms) > 1:
            parts.append(f"also: [{_text(person.forms[1])}]")
        parts += [f"role: {person.role}"] if person.role else []
        parts += [f"side: {side}"] if side else []
        remark = f"{person.n} quotes" + (f"; {person.description}" if person.description else "")
        yield f"  - {{{', '.join(parts)}}}  # {_remark(remark)}\n"
    if not persons:
        yield "  # - {name: Anna Lund, role: government_official}\n"


def _tone(study: Study) -> Iterator[str]:
    persons = find_persons(study)
    bodies = find_bodies(study, persons)
    actors: list[tuple[str, Sequence[str], int]] = [*find_sides(study)]
    actors += [(p.name, p.forms, p.n) for p in persons[:4]] + [(name, (name,), n) for name, n in bodies[:4]]
    yield (
        "# Drafted from the articles; edit it. The attitude of each sentence is measured towards these actors: keep those that\n"
        "# the question is about, add other names for them, remove the rest.\n"
        "extends: general\nactors:\n"
    )
    seen: set[str] = set()
    for name, forms, n in actors:
        if (code := _code(name)) not in seen and len(seen) < ACTORS:
            seen.add(code)
            alternatives = "(" + "|".join(f"={form}" for form in forms) + ")"
            yield f"  {code}: {{name: {_text(name)}, indicators: [{_text(alternatives)}]}}  # {n} mentions\n"
    if not seen:
        yield "  # lund: {name: Anna Lund, indicators: [=Lund]}\n"
    if bodies:
        yield f"# Other bodies named often: {_remark(', '.join(f'{name} ({n})' for name, n in bodies))}\n"


def _stance(study: Study) -> Iterator[str]:
    offices = study.language["title"] | study.language["office"]
    pairs = [
        (pair, n)
        for pair, n in find_collocations(study)
        if not re.search(r"(ed|ing|ly)$", pair) and offices.isdisjoint(pair.split()[-1:])
    ]
    yield (
        "# Drafted from the articles; edit it. A stance target is a proposition that one can be for or against. Keep those that\n"
        "# the question is about, say what counts for each, and give the words of each position. Then name the main one in\n"
        "# study.yml (`target: ...`). For the general targets, too (peace negotiations), write `extends: general` above `targets:`.\n"
        f"# Words that often stand together here: {_remark(', '.join(f'{pair} ({n})' for pair, n in pairs[:25]))}\n"
        "targets:\n"
    )
    codes = {_code(pair): (pair, n) for pair, n in pairs[:TARGETS]}
    for code, (pair, n) in codes.items():
        yield (
            f"  {code}:  # {n} mentions\n    name: {_text('The ' + pair)}\n"
            f'    definition: "{TO_WRITE}: what is one for or against here, in one sentence?"\n'
            f'    counts: "{TO_WRITE}: favourable: ...; unfavourable: ...; neutral: ..."\n'
            f"    about: [{_text(pair)}]\n"
            "    positions:\n      favourable: []  # words such as (support*|success|worth it)\n"
            "      unfavourable: []  # words such as (oppose*|fail*|waste of ~2 money)\n      neutral: []\n"
        )
    if not codes:
        yield (
            "  # bridge:\n  #   name: The bridge\n  #   definition: The bridge should be built.\n  #   about: [bridge]\n"
            "  #   positions: {favourable: [support*], unfavourable: [oppose*], neutral: []}\n"
        )


def _frames(study: Study) -> Iterator[str]:
    from analysis.compare.terms import count_terms  # loads SciPy, which takes longer than to check a codebook

    counts = count_terms(study.articles, study.sentences, leave_out=study.language.stop_words())
    names = {w.lower() for text in _sentences(study) for w in re.findall(rf"(?<=[a-z,] ){_NAME}", text)}
    terms = counts[~counts["term"].isin(names) & (counts["term"].str.len() > 3)] if len(counts) else counts
    spread = (
        terms.groupby("term").agg(n=("n", "sum"), articles=("article_id", "nunique")) if len(terms) else terms
    )
    top = spread.sort_values(["articles", "n"], ascending=False).head(40) if len(terms) else spread
    yield (
        "# Drafted from the articles; edit it. The general frames stay; remove `extends` to be without them. A frame of your own\n"
        "# says what the story is presented as being about: give it a name, a definition, examples, and indicators.\n"
        f"# Words in most articles: {_remark(', '.join(f'{t} ({int(n)})' for t, n in top['n'].items()) if len(terms) else '')}\n"
    )
    for outlet, words in _distinctive(counts):
        yield f"# Words that set {_remark(outlet)} apart: {_remark(', '.join(words))}\n"
    yield "extends: general\nframes:\n"
    yield (
        '  frame_1:\n    name: "Frame 1"\n'
        f'    definition: "{TO_WRITE}: what is the story about where this frame is used? Or remove this entry."\n'
        "    indicators: []  # words such as (cost*|price*|budget)\n"
    )


def _distinctive(counts: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Of each outlet the words that set it apart most surely; none where there is only one."""
    if counts.empty or counts["outlet"].nunique() < 2:
        return
    from analysis.compare.terms import distinctive_terms

    table = distinctive_terms(counts)
    words: dict[str, list[str]] = defaultdict(list)
    for row in table[table["z"] > 1.96].sort_values("z", ascending=False).itertuples():
        if len(words[row.outlet]) < 10:
            words[row.outlet].append(row.term)
    yield from words.items()


def _code(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def _text(words: str) -> str:
    """The words as YAML takes them, whatever signs they hold."""
    return json.dumps(words, ensure_ascii=False)


def _remark(words: str) -> str:
    said = " ".join(words.split())
    return said if len(said) <= _LONGEST_REMARK else said[:_LONGEST_REMARK].rsplit(",", 1)[0]


def _holds(description: str, forms: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(form)}\b", description) for form in forms)
