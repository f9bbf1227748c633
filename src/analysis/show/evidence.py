"""Evidence: the sentences behind a number, and an article with all that was found in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import chain, compress, groupby, islice, pairwise
from operator import itemgetter
from typing import Any

import pandas as pd

from analysis.codebook import Codebook
from analysis.show.excerpts import excerpt, shortened
from analysis.show.html_tables import as_html
from analysis.show.wording import counted, in_words
from analysis.tables import split_at_breaks

_KINDS = ("stance", "frame", "label", "error", "form")  # columns of hits that say what was found
COLUMNS = ("outlet", "sentence", "what", "voice", "speaker", "rule", "place")


@dataclass(frozen=True)
class Evidence:
    """Sentences with what was found in them. `table` has the rows as plain text; shows itself with the words marked."""

    title: str
    table: pd.DataFrame
    sentences: Sequence[str]  # HTML: the sentence of each row, its words marked
    pages: Sequence[str]  # the place of each row in the page of its article
    total: int
    name: str = ""  # by which the numbers of a chart find their sentences
    left_out: Sequence[Sequence[str]] = ()  # heads, then rows: how many are not in `table` of each kind
    sentence_ids: Sequence[str] = ()  # of each row
    kind: str = ""  # what the column `what` has: frame, stance, label, error or form
    frames: Sequence[str] = ()  # of each row's sentence, for who chooses rows by frame
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of columns: their codes in words

    def _repr_html_(self) -> str:
        if self.table.empty:
            return as_html(self.table, self.title)
        more = (
            f" ({len(self.table)} of {self.total:,}, of every kind some)"
            if self.total > len(self.table)
            else ""
        )
        place = (
            f' id="{escape(self.name)}"' if self.name else ""
        )  # within, so that a browser opens what is around it
        kind = f' data-what="{escape(self.kind)}"' if self.kind else ""
        whole = f' data-total="{self.total}" data-left="{escape(_packed(self.left_out))}"' if more else ""
        told = [name for name in self.table if name == "sentence" or self.table[name].ne("").any()]
        told.sort(
            key=lambda name: name == "rule"
        )  # last: words are for every reader, patterns for who asks why
        head = "".join(f'<th scope="col">{escape(in_words(name))}</th>' for name in told)
        rows = "".join(
            f"<tr{self._framed(number)}>{''.join(self._cell(number, name) for name in told)}</tr>"
            for number in range(len(self.table))
        )
        return (
            f'<details class="evidence"{kind}{whole}{self._in_words()}><summary>{escape(self.title)}{more}</summary><div class="found"{place}>'
            f"<table><caption>{escape(self.title)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
        )

    def _in_words(self) -> str:
        """What a reader sees in place of codes, by which numbers lead here: a line each of head, code and words."""
        lines = []
        for column, known in self.words.items():
            codes = {code for cell in self.table.get(column, ()) for code in cell.split(", ")}
            plain = {in_words(code): said for code, said in known.items()}
            lines += [
                f"{in_words(column)}\t{code}\t{plain[code]}"
                for code in sorted(codes & set(plain))
                if plain[code] != code
            ]
        return f' data-words="{escape(chr(10).join(lines))}"' if lines else ""

    def _framed(self, number: int) -> str:
        frames = self.frames[number] if self.frames else ""
        return f' data-frame="{escape(frames)}"' if frames else ""

    def _cell(self, number: int, column: str) -> str:
        text = escape(str(self.table[column].iloc[number]))
        if column == "sentence":
            return f'<td class="sentence">{self.sentences[number]}</td>'
        if column == "place":
            return f'<td class="place"><a data-page="{escape(self.pages[number])}">{text}</a></td>'
        if column == "rule" and text:
            return f'<td class="rule"><details><summary>why?</summary>{text}</details></td>'
        name = {"outlet": "who", "speaker": "who"}.get(column)
        return f'<td class="{name}">{text}</td>' if name else f"<td>{text}</td>"

    def __repr__(self) -> str:
        return f"{self.title}\n{self.table.to_string(index=False)}"


def evidence(
    hits: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    outlets: Sequence[str] | None = None,
    sources: pd.DataFrame | None = None,
    n: int | None = None,
    title: str = "Evidence",
    name: str = "",
    also: Sequence[str] = (),
    each: Sequence[str] = ("voice", "source_id"),
    limit: int | None = None,
    frames: Mapping[str, str] | None = None,
) -> Evidence:
    """The sentences that hold the spans of `hits`, one row a sentence, voice and source, in the order of `hits`.

    `each`: other columns of which every value has a row of its own, so that there are as many as were counted.
    `hits` is any table with article_id, start, end; of its other columns stance, frame, label, error or form
    says what was found, `indicator` or `cue` by which rule, voice and source_id who speaks.
    `outlets` leaves out other outlets; numbers lead to it by its `name` (see `show.leads`). `also`: further columns of
    `hits` to show, codes as words. `n` limits the rows: of each outlet's every code, voice and value of `also` that is no
    number the first are kept, in turn, so that no count leads to nothing while others have all of theirs. Where an
    article's text is missing, its place is named.
    `frames`: the frames of each sentence by its id, by which a reader may choose rows.
    With a `limit`, no more than so many words of a sentence are quoted, and the title says so.
    """
    placed = _in_sentences(hits, sentences)
    outlet_of, text_of = (
        dict(zip(articles["article_id"].tolist(), articles[c].tolist(), strict=True))
        for c in ("outlet", "text")
    )
    if outlets is not None:
        placed = placed[placed["article_id"].map(outlet_of).isin(list(outlets))]
    names = {} if sources is None else dict(zip(sources["source_id"], sources["name"], strict=True))
    for column in ("voice", "source_id"):
        placed[column] = placed[column].astype("string").fillna("") if column in placed else ""
    kinds = [c for c in also if not pd.api.types.is_numeric_dtype(placed[c])]  # the others are measured
    told, groups = _groups(placed, each, kinds, outlet_of)
    kept = _fair(told, n)
    shown = _records(placed, list(compress(groups, kept)))
    firsts = [group[0] for group in shown]
    ids = [str(first["sentence_id"]) for first in firsts]
    texts = (text_of.get(first["article_id"], pd.NA) for first in firsts)
    made = [_row(group, text, names, limit, also) for group, text in zip(shown, texts, strict=True)]
    rows = [row | known for known, (row, _) in zip(compress(told, kept), made, strict=True)]
    if limit:
        title = f"{title}, at most {counted(limit, 'word')} of each sentence"
    return Evidence(
        title,
        pd.DataFrame(rows, columns=[*COLUMNS, *also]),
        [html for _, html in made],
        [f"articles/{first['article_id']}.html#{_anchor(first['sentence_id'])}" for first in firsts],
        len(groups),
        name,
        _left_out([of for of, here in zip(told, kept, strict=True) if not here]),
        ids,
        next((column for column in _KINDS if column in hits), ""),
        [frames.get(sentence, "") for sentence in ids] if frames and "frame" not in hits else (),
    )


def _groups(
    placed: pd.DataFrame, each: Sequence[str], kinds: Sequence[str], outlets: Mapping[str, Any]
) -> tuple[list[dict[str, str]], list[list[int]]]:
    """What is told of each row by which counts lead to it, and which hits it is made of: of all, few of which are shown."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(zip(*(placed[c].tolist() for c in ("sentence_id", *each)), strict=True)):
        groups.setdefault(key, []).append(place)
    names = dict.fromkeys(["voice", *kinds, *(c for c in _KINDS if c in placed)])
    columns = {name: placed[name].tolist() for name in names}
    of = [outlets.get(article_id) for article_id in placed["article_id"].tolist()]
    known: dict[tuple[Any, ...], dict[str, str]] = {}  # most rows are told as others are
    told = []
    for places in groups.values():
        alike = (of[places[0]], *(tuple(values[p] for p in places) for values in columns.values()))
        if alike not in known:
            hits = [{name: values[p] for name, values in columns.items()} for p in places]
            known[alike] = _told(hits, of[places[0]], kinds)
        told.append(known[alike])
    return told, list(groups.values())


def _records(placed: pd.DataFrame, groups: Sequence[Sequence[int]]) -> list[list[dict[str, Any]]]:
    """The hits of each of these groups."""
    rows = iter(placed.iloc[list(chain.from_iterable(groups))].to_dict("records"))
    return [[{str(k): v for k, v in row.items()} for row in islice(rows, len(group))] for group in groups]


def _row(
    group: Sequence[dict[str, Any]],
    text: Any,
    names: Mapping[str, Any],
    limit: int | None,
    also: Sequence[str],
) -> tuple[dict[str, str], str]:
    """What a row says beside its columns of `_told`, and its sentence with the spans marked."""
    first = group[0]
    spans = [(int(hit["start"]), int(hit["end"])) for hit in group]
    plain, html = _quoted(text, int(first["sentence_start"]), int(first["sentence_end"]), spans, limit)
    speakers = (shortened(who, limit) for hit in group if (who := _said(names.get(hit["source_id"]))))
    place = f"{first['article_id']}, paragraph {first['paragraph']}, sentence {_number(first['sentence_id'])}"
    row = {
        "sentence": plain,
        "speaker": ", ".join(dict.fromkeys(speakers)),
        "rule": ", ".join(dict.fromkeys(map(_rule, group))),
        "place": place,
        **_in_columns(group, also),
    }
    return row, html


def _told(group: Sequence[dict[str, Any]], outlet: object, also: Sequence[str]) -> dict[str, str]:
    """The columns of a row by which counts lead to it."""
    return {
        "outlet": _said(outlet),
        "what": ", ".join(dict.fromkeys(map(_what, group))),
        "voice": ", ".join(dict.fromkeys(h["voice"] for h in group if h["voice"])),
        **_in_columns(group, also),
    }


def _in_columns(group: Sequence[dict[str, Any]], columns: Sequence[str]) -> dict[str, str]:
    """What the hits of a row have of each column."""
    return {c: ", ".join(dict.fromkeys(in_words(_said(h[c])) for h in group)) for c in columns}


def _fair(told: Sequence[Mapping[str, str]], n: int | None) -> Sequence[bool]:
    """Which `n` rows are kept: those that come early among their outlet's rows of any one kind.

    With k kinds (an outlet's value of one column) each keeps n // k rows, or all that it has. Between rows that come
    equally early, first those of another kind in all columns, then those of another outlet.
    """
    if n is None or len(told) <= n:
        return [True] * len(told)
    kinds = [[(row["outlet"], column, value) for column, value in row.items()] for row in told]
    earliest = [min(places) for places in _places(kinds)]
    whole = [tuple(row.values()) for row in told]
    alike = [place for (place,) in _places([[kind] for kind in zip(earliest, whole, strict=True)])]
    rounds = zip(earliest, alike, (row["outlet"] for row in told), strict=True)
    turn = [place for (place,) in _places([[kind] for kind in rounds])]
    order = sorted(range(len(told)), key=lambda row: (earliest[row], alike[row], turn[row], row))
    kept = set(order[:n])
    return [row in kept for row in range(len(told))]


def _places(kinds: Sequence[Sequence[Hashable]]) -> list[list[int]]:
    """Of each row how many rows of the same kind come before it, for every kind that it is of."""
    seen: dict[Hashable, int] = defaultdict(int)
    places = []
    for of in kinds:
        places.append([seen[kind] for kind in of])
        for kind in of:
            seen[kind] += 1
    return places


def _left_out(told: Sequence[Mapping[str, str]]) -> Sequence[Sequence[str]]:
    """The heads of the columns, then how many rows there are of each kind in all of them."""
    if not told:
        return ()
    counts = Counter(tuple(row.values()) for row in told)
    return [
        ["rows", *map(in_words, told[0])],
        *([str(number), *values] for values, number in counts.items()),
    ]


def _packed(left_out: Sequence[Sequence[str]]) -> str:
    """How many rows of each kind are not here, for a page's script, in a fraction of the room that they take as words.

    A line of heads, a line of each head's values, and the kinds, each the number of its rows and the places of its
    values in those lines; of these the first are left out as far as the kind before has them, too.
    """
    if not left_out:
        return ""
    (_, *heads), *kinds = left_out
    said = [[" ".join(word.split()) for word in values] for _, *values in kinds]
    known = [list(dict.fromkeys(values)) for values in zip(*said, strict=True)]
    order = sorted(range(len(heads)), key=lambda head: len(known[head]))
    places = [{value: place for place, value in enumerate(known[head])} for head in order]
    rows = [
        ([place[values[head]] for head, place in zip(order, places, strict=True)], number)
        for values, (number, *_) in zip(said, kinds, strict=True)
    ]
    packed, before = [], [-1] * len(heads)
    for row, number in sorted(rows):
        same = next((n for n, (a, b) in enumerate(zip(row, before, strict=True)) if a != b), len(row))
        packed.append(" ".join([number, *map(str, row[same:])]))
        before = row
    lines = [[heads[head] for head in order], *(known[head] for head in order), [";".join(packed)]]
    return "\n".join("\t".join(line) for line in lines)


SHOWN = (
    "articles",
    "sentences",
    "quotes",
    "sources",
    "frames",
    "stance",
    "sentiment",
)  # on an article's page


def annotated_article(article_id: str, tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> str:
    """The article as HTML: quotes, speakers, frames and stances marked in its text, beside each paragraph what was found.

    Frames and targets have the codebook's names; clutter is left out. A sentence can be linked to by the number in its id
    (#s12). Where the text is missing, places stand instead of sentences. All text is escaped.
    """
    article = tables["articles"].set_index("article_id").loc[article_id]
    of = {name: tables[name] for name in SHOWN}
    if len(of["articles"]) > 1:
        of = {name: table[table["article_id"] == article_id] for name, table in of.items()}
    text = article["text"]
    notes, layers = _notes(of, codebook), _layers(of)
    columns = (of["sentences"][c].tolist() for c in ("paragraph", "sentence_id", "kind", "start", "end"))
    paragraphs = [[*rows] for _, rows in groupby(sorted(zip(*columns, strict=True), key=_FIRST), key=_FIRST)]
    titled = bool(paragraphs) and paragraphs[0][0][2] == "title" and isinstance(text, str)
    dated = ", ".join(filter(None, (_said(article["outlet"]), _said(article["published"]))))
    title = _said(article["title"]) or dated or article_id
    parts = [] if titled else [f"<h1>{escape(title)}</h1>"]
    for rows in paragraphs:
        kind = str(rows[0][2])
        heads = {"title": "h1" if titled else "h2", "heading": "h2"} if isinstance(text, str) else {}
        tag = heads.get(kind, "p")
        body = " ".join(
            f'<span id="{_anchor(s)}"><sup>{_number(s)}</sup>{_sentence(text, start, end, layers)}</span>'
            for _, s, _, start, end in rows
        )
        found = "".join(notes.get(s, "") for _, s, *_ in rows)
        beside = f'<ul class="notes">{found}</ul>' if found else ""
        parts.append(f'<div class="paragraph {escape(kind)}"><{tag}>{body}</{tag}>{beside}</div>')
    parts.insert(1, _about(article) + _LEGEND)
    return '<div class="article">' + "\n".join(parts) + "</div>" + _sources(of)


_FIRST = itemgetter(0)
_LEGEND = (
    '<p class="legend"><q class="quoted">words in quotation marks</q> <q class="reported">reported speech</q> '
    '<cite class="speaker">who says it</cite> <mark class="frame">indicator of a frame</mark> '
    '<mark class="stance">position on a target</mark> '
    "<small>Beside each paragraph, by the number of the sentence: frames, stances and tone, and whose they are "
    "where they are not the author’s.</small></p>"
)


def _about(article: pd.Series) -> str:
    facts = [_said(article[column]) for column in ("outlet", "author", "published", "genre")]
    url = _said(article["url"])
    link = f' · <a href="{escape(url)}">where it was published</a>' if url.startswith("http") else ""
    return f'<p class="about">{escape(" · ".join(fact for fact in facts if fact))}{link}</p>'


def _layers(of: Mapping[str, pd.DataFrame]) -> list[tuple[int, int, str]]:
    """Every span that is marked in the text, with what it is marked as."""
    quotes = split_at_breaks(of["quotes"])
    layers = [
        (a, b, "quoted" if form == "direct" else "reported")
        for a, b, form in zip(*_spans(quotes), quotes["form"].tolist(), strict=True)
    ]
    layers += [(a, b, "quoted") for a, b in zip(*_spans(quotes, "quoted_"), strict=True)]
    layers += [(a, b, "speaker") for a, b in zip(*_spans(quotes, "speaker_"), strict=True)]
    return layers + [(a, b, name) for name, key in _MARKS for a, b in zip(*_spans(of[key]), strict=True)]


def _sentence(text: object, start: int, end: int, layers: Sequence[tuple[int, int, str]]) -> str:
    if not isinstance(text, str):
        return f'<span class="missing">characters {start} to {end}</span>'
    layers = [(a, b, kind) for a, b, kind in layers if a < end and b > start]
    if _HALF * (end - start) < sum(b - a for a, b, kind in layers if kind == "stance"):
        layers = [layer for layer in layers if layer[2] != "stance"]  # a mark on everything marks nothing
    cuts = sorted({start, end, *(min(max(x, start), end) for a, b, _ in layers for x in (a, b))})
    pieces = [(text[a:b], {kind for x, y, kind in layers if x <= a and b <= y}) for a, b in pairwise(cuts)]
    html = []
    for quoted, own in groupby(pieces, key=lambda piece: _quotation(piece[1])):
        words = "".join(_piece(*piece) for piece in own)
        html.append(f'<q class="{quoted}">{words}</q>' if quoted else words)
    return "".join(html)


def _quotation(kinds: set[str]) -> str:
    return next((kind for kind in ("quoted", "reported") if kind in kinds), "")


_MARKS = (("frame", "frames"), ("stance", "stance"))
_HALF = 0.5


def _spans(table: pd.DataFrame, prefix: str = "") -> tuple[list[int], list[int]]:
    """Starts and ends; a span that is missing stands at -1, outside of every sentence."""
    starts, ends = (table[f"{prefix}{side}"].to_numpy(int, na_value=-1).tolist() for side in ("start", "end"))
    return starts, ends


def _piece(words: str, kinds: set[str]) -> str:
    html = escape(words)
    for kind in ("frame", "stance"):
        if kind in kinds:
            html = f'<mark class="{kind}">{html}</mark>'
    if "speaker" in kinds:
        html = f'<cite class="speaker">{html}</cite>'
    return html


def _notes(of: Mapping[str, pd.DataFrame], codebook: Codebook) -> dict[str, str]:
    """What stands beside each sentence: its frames and stances, each once with whose it is, and its tone if it has one."""
    names = dict(zip(of["sources"]["source_id"].tolist(), of["sources"]["name"].tolist(), strict=True))
    frames, stance, tone = of["frames"], of["stance"], of["sentiment"]
    tone = tone[(tone["label"] != "neutral").fillna(False)]
    labels = {
        "frame": (frames, [codebook.name_of("frames", code) for code in frames["frame"].tolist()]),
        "stance": (
            stance,
            [
                f"{codebook.name_of('targets', target)}: {in_words(taken)}"
                for target, taken in zip(stance["target"].tolist(), stance["stance"].tolist(), strict=True)
            ],
        ),
        "tone": (tone, [f"{label} wording" for label in tone["label"].tolist()]),
    }
    found: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
    for kind, (table, label) in labels.items():
        whose_words = (table[c].tolist() for c in ("sentence_id", "voice", "source_id"))
        for sentence_id, voice, source_id, words in zip(*whose_words, label, strict=True):
            who = "" if pd.isna(voice) or voice == "author" else _said(names.get(source_id)) or "unknown"
            whose = f"{who}, {voice}" if who else ""
            found.setdefault(sentence_id, {}).setdefault((kind, str(words)), {})[whose] = None
    return {
        sentence_id: f"<li><b>{_number(sentence_id)}</b> {_held(codes)}</li>"
        for sentence_id, codes in found.items()
    }


def _held(codes: Mapping[tuple[str, str], Mapping[str, None]]) -> str:
    """The codes of one sentence, those of the same holders together."""
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (kind, code), whose in codes.items():
        together.setdefault((kind, tuple(whose)), []).append(code)
    said = []
    for (kind, holders), words in together.items():
        named = "; ".join(holder or "own words" for holder in holders) if any(holders) else ""
        of = f" <i>({escape(named)})</i>" if named else ""
        said.append(f'<span class="{kind}">{escape(", ".join(words))}{of}</span>')
    return " ".join(said)


def _sources(of: Mapping[str, pd.DataFrame]) -> str:
    counts = of["quotes"]["source_id"].value_counts()
    table = of["sources"].assign(quotes=of["sources"]["source_id"].map(counts).fillna(0).astype(int))
    columns = ["name", "description", "role", "side", "named", "expert", "anonymity", "reason", "quotes"]
    told = [column for column in columns if table[column].notna().any()]
    return "<h2>Sources</h2>" + as_html(table[told], "The sources of this article")


def _in_sentences(hits: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The hits with the sentence that holds their middle: sentence_id, sentence_start, sentence_end, paragraph."""
    places = sentences[["sentence_id", "article_id", "start", "end", "paragraph"]].rename(
        columns={"start": "sentence_start", "end": "sentence_end"}
    )
    spans = hits.drop(columns=["sentence_id", "paragraph"], errors="ignore")
    spans = spans.assign(
        order=range(len(spans)),
        middle=((spans["start"].astype("Float64") + spans["end"].astype("Float64")) // 2).astype("Int64"),
    )
    found = pd.merge_asof(
        spans.astype({"article_id": "object"}).sort_values("middle", kind="stable"),
        places.astype({"article_id": "object", "sentence_start": "Int64"}).sort_values(
            "sentence_start", kind="stable"
        ),
        left_on="middle",
        right_on="sentence_start",
        by="article_id",
    )
    found = found[(found["start"] < found["sentence_end"]).fillna(False)]  # it may lie between two of them
    return found.sort_values("order", kind="stable")


def _quoted(
    text: object, start: int, end: int, spans: Sequence[tuple[int, int]], limit: int | None
) -> tuple[str, str]:
    """A sentence as plain text and as HTML with its spans marked; of a long one no more than `limit` words."""
    if not isinstance(text, str):
        where = ", ".join(f"{a} to {b}" for a, b in sorted(set(spans)))
        return "", f'<span class="missing">text not here; characters {where}</span>'
    spans = [(a, b) for a, b in spans if b - a < end - start]  # a mark on everything marks nothing
    last = excerpt(text, start, end, limit)[1]
    after = " …" if last < end else ""
    html, at = "", start
    for a, b in sorted((max(a, start), min(b, last)) for a, b in spans):
        if at <= a < b:
            html += f"{escape(text[at:a])}<mark>{escape(text[a:b])}</mark>"
            at = b
    return (
        f"{' '.join(text[start:last].split())}{after}",
        f"{html}{escape(text[at:last])}{after}",
    )


def _what(hit: Mapping[str, object]) -> str:
    return next((in_words(hit[c]) for c in _KINDS if c in hit), "")


def _rule(hit: Mapping[str, object]) -> str:
    return next((_said(hit[c]) for c in ("indicator", "cue") if c in hit), "")


def _anchor(sentence_id: object) -> str:
    return str(sentence_id).rsplit(":", 1)[-1]


def _number(sentence_id: object) -> str:
    return _anchor(sentence_id).removeprefix("s")


def _said(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or pd.isna(value) else str(value)
