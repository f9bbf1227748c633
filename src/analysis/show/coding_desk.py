"""Coding by keyboard in JupyterLab: a widget around `coding.session`, blind to machine, other coders and outlets."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analysis.codebook import Code
from analysis.coding.model.prompt import FRAMES, TONE
from analysis.coding.sampling import draw_for_coders
from analysis.coding.session import Answer, Draw, Session
from analysis.coding.unsure import draw_uncertain
from analysis.compare.coding_plan import POINTS, Planner
from analysis.show.explorer import WIDGET, somebody_is_there
from analysis.study import Study, StudyError
from analysis.tables import TONES

_TEMPLATES = Path(__file__).parent / "templates"
_STANCE = "stance: "
_MORE = {
    "counts": "Counts",
    "excludes": "Does not count",
    "example": "Example",
    "counter_example": "Not an example",
}
_TONES = {
    "negative": "The wording is charged against what it is about, whoever speaks.",
    "neutral": "Facts plainly reported, even bad ones.",
    "positive": "The wording is charged in favour of what it is about.",
}
_NOTE = "Open this notebook in JupyterLab and run the cell to code sentences by keyboard."


def code(
    study: Study,
    coder: str,
    *,
    by: str = "plan",
    findings: Sequence[str] = (),
    points: float = POINTS,
    sentences: int = 20,
) -> CodingDesk:
    """A desk in JupyterLab at which `coder` codes one sentence after the other by keyboard; each answer is kept at once.

    First comes what was drawn before (by `coding-sheet`, `plan` or here) and this coder has not coded. Then `by` says
    what is drawn: "plan", what makes `findings` (as for `media-analysis plan`; default: each outlet's most frequent
    frame) sure to +- `points`; "uncertainty", `sentences` of which most are such that a coder who learned from
    those coded is unsure of their frames; "random", `sentences` at random. Each draw is recorded with its
    probabilities, so that all of them correct the machine's shares. Answers are in `coding/<coder>_sentences.csv` and
    `_stances.csv`, as those of sheets are.

    Raises ValueError for another `by`, StudyError for a finding that is none.
    """
    planner = Planner(study)
    wanted = [one for text in findings for one in planner.read(text)]
    draws: dict[str, Draw] = {
        "plan": lambda now: _planned(now, wanted, points),
        "uncertainty": lambda now: len(draw_uncertain(now, sentences)[0]),
        "random": lambda now: len(draw_for_coders(now, [coder], sentences)[0]),
    }
    if by not in draws:
        raise ValueError(f"by '{by}' is none of {', '.join(draws)}")
    return CodingDesk(study, coder, draws[by])


def _planned(study: Study, wanted: Sequence[Any], points: float) -> int:
    planner = Planner(study)
    planned = planner.plan(wanted or planner.default(), points)
    return len(planner.draw(planned)[0]) if planned.more else 0


@dataclass(frozen=True, eq=False)
class CodingDesk:
    """Shows itself as a widget where somebody can type, else as a note; nothing is drawn before it is shown."""

    study: Study
    coder: str
    draw: Draw

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = {"text/plain": repr(self)}
        if somebody_is_there():
            bundle[WIDGET] = self.widget()._repr_mimebundle_()[0][WIDGET]
        return bundle

    def __repr__(self) -> str:
        return f"Coding by {self.coder}. {_NOTE}"

    def widget(self) -> Any:
        """The widget; its trait `shown` is what the coder sees, its messages are what the coder does."""
        import anywidget
        import traitlets

        class Desk(anywidget.AnyWidget):
            _esm = _TEMPLATES / "coding_desk.js"
            _css = _TEMPLATES / "coding_desk.css"
            groups: Any = traitlets.List().tag(sync=True)
            language = traitlets.Unicode().tag(sync=True)
            shown = traitlets.Dict().tag(sync=True)

        sitting = _Sitting(Session(self.study, self.coder, self.draw))
        desk = Desk(groups=groups_of(self.study), language=self.study.language.code, shown=sitting.shown())
        desk.on_msg(partial(_hear, desk, sitting))
        return desk


def _hear(desk: Any, sitting: _Sitting, _: object, message: Mapping[str, Any], __: object) -> None:
    """Do what the coder did. A key pressed twice, before the next sentence was shown, is meant for the first alone."""
    if message.get("turn") == desk.shown["turn"]:
        desk.shown = sitting.hear(str(message.get("kind")), message.get("answer") or {})


class _Sitting:
    """A session as the widget shows it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.turn = 0

    def hear(self, kind: str, given: Mapping[str, list[str]]) -> dict[str, Any]:
        """Do what the coder did, and give what is shown then."""
        acts: dict[str, Callable[[], str]] = {
            "answer": lambda: self._answer(given),
            "undo": self._undo,
            "skip": self._skip,
        }
        try:
            return self.shown(acts[kind]())
        except StudyError as error:
            return self.shown(str(error), wrong=True)
        except OSError as error:
            return self.shown(
                f"Not saved ({error.strerror or error}); mend that and press Enter again", wrong=True
            )

    def shown(self, message: str = "", *, wrong: bool = False) -> dict[str, Any]:
        """What the widget shows: the sentence with its surroundings, what is given to it, and a message."""
        self.turn += 1
        question = self.session.question
        if question is None:
            done = "Everything that was drawn is coded, and nothing more is to be drawn."
            return _shown(self.turn, f"{message} {done}".strip(), wrong, "Coded")
        given = question.given
        return _shown(
            self.turn,
            message,
            wrong,
            f"Sentence {question.number} of {question.total}, coder {self.session.coder}",
            before=question.before,
            sentence=question.sentence,
            after=question.after,
            given=_as_choices(given) if given else {},
        )

    def _answer(self, given: Mapping[str, list[str]]) -> str:
        if self.session.question is None:
            return ""
        if not given.get(TONE):
            raise StudyError(
                ["Not saved: choose a tone first (1, 2 or 3). Every sentence that is coded has one."]
            )
        positions = {of.removeprefix(_STANCE): tuple(v) for of, v in given.items() if of.startswith(_STANCE)}
        self.session.answer(Answer(given[TONE][0], tuple(given.get(FRAMES, ())), positions))
        return "Saved."

    def _undo(self) -> str:
        return "Taken back: change it and press Enter." if self.session.undo() else "Nothing to undo."

    def _skip(self) -> str:
        if self.session.question is None:
            return ""
        self.session.skip()
        return "Left for later."


def _shown(turn: int, message: str, wrong: bool, progress: str, **words: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"before": "", "sentence": "", "after": "", "given": {}}
    return nothing | {"turn": turn, "message": message, "wrong": wrong, "progress": progress} | words


def _as_choices(given: Answer) -> dict[str, list[str]]:
    positions = {_STANCE + target: list(values) for target, values in (given.positions or {}).items()}
    return {TONE: [given.tone], FRAMES: list(given.frames), **positions}


def groups_of(study: Study) -> list[dict[str, Any]]:
    """What there is to choose from: tone, frames, and the positions on each target, each code with its key and definition."""
    book = study.codebook
    tones = [
        {"value": tone, "name": tone.capitalize(), "key": key, "definition": _TONES[tone], "more": []}
        for tone, key in zip(TONES, "123", strict=True)
    ]
    names = [(FRAMES, code, frame.name) for code, frame in book.frames.items()]
    names += [(target, value, value) for target, t in book.targets.items() for value in t.positions]
    keys = dict(zip([name[:2] for name in names], choose_keys(name[2] for name in names), strict=True))
    frames = [
        {"value": code, "name": frame.name, "key": keys[FRAMES, code], **_about(frame)}
        for code, frame in book.frames.items()
    ]
    groups: list[dict[str, Any]] = [{"id": TONE, "name": "Tone (one)", "one": True, "codes": tones}]
    for target, about in book.targets.items():
        positions = [
            {
                "value": value,
                "name": value.replace("_", " "),
                "key": keys[target, value],
                "definition": "",
                "more": [],
            }
            for value in about.positions
        ]
        name = f"Stance on {about.name}".replace("on The ", "on the ")
        groups.append(
            {"id": _STANCE + target, "name": name, "one": False, "codes": positions, **_about(about)}
        )
    groups.append({"id": FRAMES, "name": "Frames (any number, or none)", "one": False, "codes": frames})
    return groups


def _about(code: Code) -> dict[str, Any]:
    more = [(word, getattr(code, field)) for field, word in _MORE.items()]
    return {"definition": code.definition, "more": [[word, text] for word, text in more if text]}


def choose_keys(names: Iterable[str]) -> list[str]:
    """A key for each name, none twice: a letter of the name if one is free, else any; capitals where letters run out."""
    taken: list[str] = []
    for name in names:
        own = [letter for letter in name.lower() if letter in string.ascii_lowercase]
        free = [letter for letter in (*own, *string.ascii_letters) if letter not in taken]
        taken.append(free[0] if free else "")
    return taken
