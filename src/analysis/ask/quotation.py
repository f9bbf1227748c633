"""One quotation that lets a page begin with somebody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from analysis.show.excerpts import excerpt
from analysis.study import Study
from analysis.text import count_words

SHORTEST, LONGEST = 6, 26  # words; fewer say little, more are read by nobody

_NESTED = set('“”"‘')  # marks of a quotation inside the quotation


@dataclass(frozen=True)
class Quotation:
    """Words that were quoted, who said them, and where; nothing where there are none to show."""

    words: str
    who: str
    outlet: str
    page: str = ""
    why: str = ""

    def _repr_html_(self) -> str:
        if not self.words:
            return ""
        place = f'<a data-page="{escape(self.page)}">{escape(self.outlet)}</a>'
        why = f"<p>{escape(self.why)}:</p>" if self.why else ""
        return f"<blockquote>{why}<p>“{escape(self.words)}”</p><p><cite>{escape(self.who)}, in {place}</cite></p></blockquote>"

    def __repr__(self) -> str:
        return f"“{self.words}” ({self.who}, in {self.outlet})" if self.words else ""


def choose_quotation(study: Study, sentences: Mapping[str, int], why: str = "") -> Quotation:
    """A short direct quotation of a named source, of 6 to 26 words, from these sentences (ids, with what was found in each).

    First where most was found, then where the tone is furthest from neutral, then the earliest: a choice of what is
    said strongly, not of what is typical. Without texts there is none.
    """
    known = study.sources[["source_id", "name", "named"]]
    quotes = study.with_outlet(study.quotes).merge(known, on="source_id", validate="many_to_one")
    quotes = quotes[quotes["sentence_id"].isin(list(sentences)) & quotes["quoted_start"].notna()]
    quotes = quotes[
        quotes["named"].fillna(False) & (quotes["form"] == "direct") & quotes["break_start"].isna()
    ]
    tone = study.sentiment.set_index("sentence_id")["score"].abs()
    quotes = quotes.assign(found=quotes["sentence_id"].map(sentences), charge=quotes["sentence_id"].map(tone))
    quotes = quotes.sort_values(["found", "charge"], ascending=False, kind="stable")
    texts = dict(zip(study.articles["article_id"], study.articles["text"], strict=True))
    for quote in quotes.itertuples():
        text = texts[quote.article_id]
        if not isinstance(text, str):
            continue
        start, end = int(quote.quoted_start), int(quote.quoted_end)
        words = " ".join(text[start:end].split()).strip("“”\"'‘’,")
        if SHORTEST <= count_words(words) <= LONGEST and words[0].isupper() and not _NESTED & set(words):
            last = excerpt(text, start, end, study.excerpts)[1]
            shown = words if last == end else f"{' '.join(text[start:last].split()).lstrip('“')} …"
            page = f"articles/{quote.article_id}.html#{quote.sentence_id.rsplit(':', 1)[-1]}"
            return Quotation(shown, quote.name, quote.outlet, page, why)
    return Quotation("", "", "")
