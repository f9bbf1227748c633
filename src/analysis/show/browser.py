"""The explorer's widgets: choose, read, open an article, try other indicators. Imported only where somebody can click."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from analysis.codebook import CodebookError
from analysis.show.effect import Change, Effect
from analysis.show.evidence import Evidence, annotated_article, evidence
from analysis.show.html_tables import as_html
from analysis.show.passages import ACTOR, FORMS, FRAME, NOTHING, SPEECH, STANCE, choose, find_passages
from analysis.show.strips import Lens, Strip, Strips, colours_of
from analysis.show.wording import counted
from analysis.study import Study, StudyError
from analysis.tables import TONES

PAGE = 20  # sentences shown at once
BARS = 10  # values of a field that are drawn, the most frequent
STRIPS = 6  # articles in which most of the chosen sentences are
LISTED = 25  # sentences shown of those gained, lost or kept
_STYLE = Path(__file__).parent / "templates" / "explore.css"


class Browser:
    """The widgets of one explorer, in `box`; they share nothing with those of another."""

    def __init__(self, study: Study, changes: Sequence[Change]) -> None:
        self.study = study
        self.changes = changes
        self.passages = find_passages(study)
        self.page = 0
        self.opened: widgets.Button | None = None
        self.tried: tuple[int, str] | None = None  # which code, with which indicators
        style = widgets.HTML(f"<style>{_STYLE.read_text('utf-8')}</style>", layout={"display": "none"})
        self.box = widgets.VBox([style, self._reading(), self._article(), self._trying()])
        self.box.add_class("media-analysis")
        self._choose()

    # Choosing and reading ----------------------------------------------------------------------------------------

    def _reading(self) -> widgets.Widget:
        frames = {code: frame.name for code, frame in self.study.codebook.frames.items()}
        positions = {
            f"{target.code}: {value}": f"{target.name}: {value}"
            for target in self.study.codebook.targets.values()
            for value in _values(target.code, self.passages, list(target.positions))
        }
        attitudes = {
            f"{actor.code}: {label}": f"{actor.name}: {label}"
            for actor in self.study.codebook.actors.values()
            for label in TONES
        }
        sources = self.passages["source"].value_counts(sort=True).sort_index(kind="stable")
        sources = sources.sort_values(ascending=False, kind="stable")
        rows = self.passages
        self.fields = {
            "outlet": _dropdown("Outlet", rows, "outlet", dict.fromkeys(self.study.outlets)),
            "frame": _dropdown("Frame", rows[rows["of"] == FRAME], "code", frames),
            "stance": _dropdown("Stance", rows[rows["of"] == STANCE], "code", positions),
            "actor": _dropdown("Actor", rows[rows["of"] == ACTOR], "code", attitudes),
            "speech": _dropdown("Quote", rows[rows["of"] == SPEECH], "code", FORMS),
            "voice": _dropdown("Voice", rows, "voice", dict.fromkeys(("author", "quoted", "reported"))),
            "source": _dropdown("Source", rows, "source", dict.fromkeys(sources.index)),
            "words": widgets.Text(
                description="Words", placeholder="in the sentence", continuous_update=False, layout=_FIELD
            ),
        }
        for field in self.fields.values():
            field.observe(lambda _: self._choose(), "value")
        self.fields["frame"].observe(self._follow, "value")
        self.count = widgets.HTML()
        self.before = _button("Previous page", lambda _: self._turn(-1))
        self.after = _button("Next page", lambda _: self._turn(1))
        self.strips = widgets.HTML()
        self.rows = widgets.VBox([])
        self.rows.add_class("media-analysis-rows")
        fields = widgets.HBox(list(self.fields.values()))
        fields.add_class("media-analysis-fields")
        self.bars = {name: _Bars(self.fields[name]) for name in ("outlet", "frame")}
        bars = widgets.HBox([bars.box for bars in self.bars.values()])
        bars.add_class("media-analysis-bars")
        pager = widgets.HBox([self.count, self.before, self.after])
        pager.add_class("media-analysis-pager")
        self.reading = widgets.VBox(
            [_heading("Read the sentences"), bars, fields, pager, self.strips, self.rows]
        )
        return self.reading

    def _choose(self) -> None:
        """Show the first page of what fits the fields."""
        asked = {name: field.value for name, field in self.fields.items()}
        self.chosen = choose(self.passages, **asked)
        for name, bars in self.bars.items():  # how many there would be of each value, with all else as it is
            rows = choose(self.passages, **asked | {name: ""})
            bars.draw(
                rows if name == "outlet" else rows[rows["of"] == FRAME],
                "outlet" if name == "outlet" else "code",
            )
        self.strips.value = _strips(self.study, self.passages, self.chosen)
        self._turn(-self.page)

    def _turn(self, pages: int) -> None:
        self.page += pages
        ids = self.chosen["sentence_id"].unique()
        first, last = self.page * PAGE, min((self.page + 1) * PAGE, len(ids))
        shown = set(ids[first:last])
        found = _evidence(self.study, self.chosen[self.chosen["sentence_id"].isin(shown)])
        self.before.disabled, self.after.disabled = self.page == 0, last >= len(ids)
        old = self.rows.children
        self.rows.children = [self._row(found, n) for n in range(len(found.table))]
        for row in old:
            _close(row)
        said = f"{counted(len(ids), 'sentence')}, {first + 1} to {last} shown"
        self.count.value = f'<p role="status">{said if len(ids) else "No sentence matches all of this."}</p>'

    def _row(self, found: Evidence, number: int) -> widgets.Widget:
        article_id, anchor = _place(found.pages[number])
        open_article = _button("Open article", lambda button: self._open(article_id, anchor, button))
        open_article.tooltip = (
            f"Open {found.table['place'].iloc[number]} with everything that was found in it"
        )
        return widgets.HBox([widgets.HTML(_told(found, number)), open_article])

    # The article -------------------------------------------------------------------------------------------------

    def _article(self) -> widgets.Widget:
        self.text = widgets.HTML()
        self.back = _button("Back to the sentences", lambda _: self._close())
        self.back.layout.align_self = "flex-start"
        self.article = widgets.VBox([self.back, self.text], layout={"display": "none"})
        return self.article

    def _open(self, article_id: str, anchor: str, button: widgets.Button) -> None:
        html = annotated_article(article_id, self.study.tables, self.study.codebook)
        html = html.replace(f'<span id="{anchor}">', '<span class="here">', 1)
        html = re.sub(
            r'<span id="s\d+">', "<span>", html
        )  # an id occurs once in a page, an article may be open twice
        area = 'class="media-analysis-article" tabindex="0" role="region" aria-label="The article, annotated"'
        self.text.value = f"<div {area}>{html}</div>"
        self.opened = button
        self.reading.layout.display, self.article.layout.display = "none", None
        self.back.focus()

    def _close(self) -> None:
        self.reading.layout.display, self.article.layout.display = None, "none"
        self.text.value = ""
        if self.opened is not None:
            self.opened.focus()

    # Trying ------------------------------------------------------------------------------------------------------

    def _trying(self) -> widgets.Widget:
        self.what = widgets.Dropdown(
            description="Code of the codebook",
            options=[(change.name, n) for n, change in enumerate(self.changes)],
            layout=_FIELD,
        )
        self.indicators = widgets.Textarea(
            description="Indicators, one a line", rows=8, continuous_update=False, layout={"width": "100%"}
        )
        self.indicators.add_class("media-analysis-indicators")
        self.what.observe(lambda _: self._put_back(), "value")
        # Who leaves the field has changed something to try. (The click on the button may arrive before the text does.)
        self.indicators.observe(lambda _: self._try() if self._is_changed() else None, "value")
        self.result = widgets.HTML()
        buttons = widgets.HBox(
            [
                _button("Try", lambda _: self._try(), "primary"),
                _button("As in the codebook", lambda _: self._put_back()),
            ]
        )
        self._put_back()
        fields = widgets.VBox([self.what, self.indicators])
        fields.add_class("media-analysis-fields")
        return widgets.VBox([_heading("Try other indicators"), fields, buttons, self.result])

    def _follow(self, chosen: dict[str, Any]) -> None:
        """The frame being read is the one to try, unless somebody is at another."""
        name = self.study.codebook.frames[chosen["new"]].name if chosen["new"] else ""
        if not self._is_changed():
            self.what.value = next(
                (n for n, change in enumerate(self.changes) if change.name == f"Frame: {name}"),
                self.what.value,
            )

    def _present(self) -> str:
        return "\n".join(self.changes[self.what.value].indicators)

    def _is_changed(self) -> bool:
        return bool(self.indicators.value != self._present())

    def _put_back(self) -> None:
        self.indicators.value, self.result.value, self.tried = self._present(), "", None

    def _try(self) -> None:
        asked = (self.what.value, self.indicators.value)
        if asked == self.tried:
            return
        self.tried = asked
        self.result.value = '<p role="status">Trying …</p>'
        try:
            effect = self.changes[self.what.value].attempt(self.indicators.value.splitlines())
        except (CodebookError, StudyError) as error:
            faults = "<br>".join(escape(line) for line in str(error).splitlines())
            self.result.value = f'<div class="fault" role="alert"><b>Not tried.</b><br>{faults}</div>'
        else:
            self.result.value = _outcome(effect)


class _Bars:
    """The most frequent values of a field as bars; a press on one chooses it, another one all of them again."""

    def __init__(self, field: widgets.Dropdown) -> None:
        self.field = field
        self.names = {code: words.rpartition(" (")[0] for words, code in field.options if code}
        shown = list(self.names)[:BARS]
        self.buttons = {
            code: widgets.ToggleButton(description=self.names[code], layout={"width": "auto"})
            for code in shown
        }
        self.lengths = {code: widgets.HTML() for code in shown}
        for code, button in self.buttons.items():
            button.observe(lambda change, code=code: self._press(code, change["new"]), "value")
        field.observe(lambda change: self._follow(change["new"]), "value")
        rows = [widgets.HBox([self.buttons[code], self.lengths[code]]) for code in shown]
        more = len(self.names) - len(shown)
        rest = [widgets.HTML(f"<p>And {counted(more, 'more value')} in the list below.</p>")] if more else []
        self.box = widgets.VBox([widgets.HTML(f"<b>{escape(field.description)}</b>"), *rows, *rest])

    def draw(self, rows: pd.DataFrame, column: str) -> None:
        """The bars anew, by how many sentences of the rows have each value."""
        counts = rows.drop_duplicates(["sentence_id", column])[column].value_counts()
        most = max([1, *(int(counts.get(code, 0)) for code in self.lengths)])
        for code, length in self.lengths.items():
            n = int(counts.get(code, 0))
            length.value = f'<span class="length" style="width:{9 * n / most:.2f}em"></span> {n:,}'

    def _press(self, code: str, pressed: bool) -> None:
        if pressed != (self.field.value == code):
            self.field.value = code if pressed else ""

    def _follow(self, chosen: str) -> None:
        for code, button in self.buttons.items():
            button.value = code == chosen


_FIELD = {"width": "auto"}


def _heading(words: str) -> widgets.HTML:
    return widgets.HTML(f"<h3>{escape(words)}</h3>")


def _button(words: str, act: Any, kind: str = "") -> widgets.Button:
    button = widgets.Button(description=words, button_style=kind, layout={"width": "auto"})
    button.on_click(act)
    return button


def _close(widget: widgets.Widget) -> None:
    """Let go of a widget with all that is in it, here and in the page: each page turned makes new ones."""
    for child in getattr(widget, "children", ()):
        _close(child)
    for part in (widget.layout, getattr(widget, "style", None), widget):
        if part is not None:
            part.close()


def _dropdown(
    words: str, rows: pd.DataFrame, column: str, names: Mapping[str, str | None]
) -> widgets.Dropdown:
    """Everything that can be chosen, with the number of sentences that hold it."""
    counts = rows.drop_duplicates(["sentence_id", column])[column].value_counts()
    options = [(f"{name or code} ({counts.get(code, 0):,})", code) for code, name in names.items()]
    return widgets.Dropdown(description=words, options=[("any", ""), *options], layout=_FIELD)


def _values(target: str, passages: pd.DataFrame, positions: Sequence[str]) -> list[str]:
    """The target's positions and whatever else was found of it (neutral)."""
    codes = passages.loc[passages["of"] == STANCE, "code"].drop_duplicates()
    found = [code.removeprefix(f"{target}: ") for code in codes if code.startswith(f"{target}: ")]
    return list(dict.fromkeys([*positions, *sorted(found)]))


def _evidence(study: Study, hits: pd.DataFrame) -> Evidence:
    sentences = study.sentences[study.sentences["sentence_id"].isin(hits["sentence_id"])]
    return evidence(hits, study.articles, sentences, sources=study.sources, limit=study.excerpts)


def _strips(study: Study, passages: pd.DataFrame, chosen: pd.DataFrame) -> str:
    """The articles with most of the chosen sentences as strips, which have the frames of these sentences alone."""
    sentences = chosen.drop_duplicates("sentence_id")
    most = sentences["article_id"].value_counts().head(STRIPS)
    if most.empty:
        return ""
    frames = passages[(passages["of"] == FRAME) & passages["sentence_id"].isin(sentences["sentence_id"])]
    found = frames.groupby("sentence_id")["code"].agg(list).to_dict()
    names = {code: frame.name for code, frame in study.codebook.frames.items()}
    used = [code for code in frames["code"].value_counts().index if code in names]
    lens = Lens("Frame", names | {NOTHING: "none of the frames"}, colours_of(used) | {NOTHING: "k-none"})
    here = set(sentences["sentence_id"])
    about = study.articles.set_index("article_id")
    strips = []
    for article in most.index:
        own = study.sentences[study.sentences["article_id"] == article]
        paragraphs = [
            (
                str(rows["sentence_id"].iloc[0]).rsplit(":", 1)[-1],
                [{"frame": found.get(one, [NOTHING]) if one in here else []} for one in rows["sentence_id"]],
            )
            for _, rows in own.groupby("paragraph", sort=True)
        ]
        title = about["title"].get(article)
        known = title if isinstance(title, str) else str(article)
        strips.append(Strip(str(about["outlet"].get(article)), known, f"articles/{article}.html", paragraphs))
    title = "Where they are: the articles with most of these sentences, paragraph by paragraph"
    html = Strips("chosen", title, {"frame": lens}, strips, "frame")._repr_html_()
    html = re.sub(r'<a data-page="[^"]*" aria-label="([^"]*)">(.*?)</a>', r'<span title="\1">\2</span>', html)
    return re.sub(
        r' id="[^"]*"|</?a\b[^>]*>', "", html
    )  # nothing to follow here; an explorer may be open twice


def _place(page: str) -> tuple[str, str]:
    """The article and the sentence's anchor of a row of evidence."""
    article, _, anchor = page.removeprefix("articles/").rpartition(".html#")
    return article, anchor


def _told(found: Evidence, number: int) -> str:
    """One row of evidence: the sentence with its marks, above it who says it where, below it by which rule."""
    row = found.table.iloc[number]
    who = (
        f"{row['speaker'] or 'unnamed source'}, {row['voice']}"
        if row["voice"] in ("quoted", "reported")
        else ""
    )
    head = " · ".join(escape(words) for words in (row["outlet"], who, row["place"]) if words)
    what = f"<b>{escape(row['what'])}</b> " if row["what"] else ""
    rule = (
        f"<details><summary>why?</summary><code>{escape(row['rule'])}</code></details>" if row["rule"] else ""
    )
    foot = f'<div class="rule">{what}{rule}</div>' if what or rule else ""
    return f'<div class="hit"><p class="who">{head}</p><p>{found.sentences[number]}</p>{foot}</div>'


def _outcome(effect: Effect) -> str:
    scores = "" if effect.scores.empty else as_html(effect.scores, "Against the reference coding")
    lists = "".join(_listed(kind, found) for kind, found in effect.evidence.items())
    return f'<p role="status"><b>{escape(effect.answer)}</b></p>{scores}{lists}'


def _listed(kind: str, found: Evidence) -> str:
    n = len(found.table)
    if not n:
        return f"<p>{escape(found.title)}</p>"
    rows = "".join(_told(found, number) for number in range(min(n, LISTED)))
    more = f"<p>… and {n - LISTED:,} more.</p>" if n > LISTED else ""
    opened = "" if kind == "kept" else " open"
    return f"<details{opened}><summary>{escape(found.title)}</summary>{rows}{more}</details>"
