"""Coding sheets: what a coder gets, what comes back, and which faults are told."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import krippendorff
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.codebook import load_codebook
from analysis.coding.files import coder_fault, coding_files, join_coding, load_coding, write_coding
from analysis.coding.reliability import (
    CODERS,
    coder_agreement,
    coder_coincidences,
    labels_compared,
    machine_errors,
    quote_errors,
    reliability,
    rule_scores,
)
from analysis.coding.sampling import draw_sentences
from analysis.coding.settling import to_settle
from analysis.coding.sheet_reader import load_sheets, study_of_sheet
from analysis.coding.sheet_writer import write_sheets
from analysis.study import Settings, Study, StudyError
from analysis.tables import (
    ARTICLES,
    FRAMES,
    QUOTES,
    SENTENCES,
    SENTIMENT,
    SETTLED,
    SHEET_TAB,
    SOURCES,
    STANCE,
    SheetPlace,
)
from analysis.text import on_one_line, text_mark

TEXTS = (
    "The talks failed.",
    "=1+1 is what the envoy wrote.",
    "“They want war,” she said;\nthe bridge was shelled.",
    "-5 degrees froze the delegation, 'and the mood'.",
    "+++ The deal is possible. +++",
    "'@home,' he said, \"is where the talks belong\".",
)
FRAME, TARGET = "frame: conflict", "stance: negotiations"
CODEBOOK = load_codebook()


def made(*texts: str, outlet: str = "Wire") -> Study:
    """A study of one article `a`, a sentence a text; the rules saw a frame in the first sentence."""
    rows, text = [], ""
    for number, sentence in enumerate(texts, start=1):
        span = {"start": len(text), "end": len(text) + len(sentence)}
        rows.append(
            {"sentence_id": f"a:s{number}", "article_id": "a", "paragraph": 1, "kind": "body", **span}
        )
        text += sentence + "\n"
    first = {k: rows[0][k] for k in ("sentence_id", "article_id", "start", "end")}
    tones = [{"sentence_id": r["sentence_id"], "article_id": "a", "label": "neutral"} for r in rows]
    tables = {
        "articles": ARTICLES.make([{"article_id": "a", "outlet": outlet, "text": text}]),
        "sentences": SENTENCES.make(rows),
        "frames": FRAMES.make([{**first, "frame": "conflict"}]),
        "stance": STANCE.make(),
        "sentiment": SENTIMENT.make(tones),
    }
    return Study("talks", Path("talks"), Settings(), CODEBOOK, tables, {})


def written(study: Study, folder: Path, *coders: str, n: int = 99, **options: object) -> list[Path]:
    return write_sheets(study, draw_sentences(study.tables, n), coders or ("anna",), folder, **options)


def sentence_of(sign: str) -> str:
    place = SheetPlace.from_sign(sign)
    return place.sentence_id if place else ""


def fill(path: Path, given: dict[str, dict[str, str]]) -> None:
    """Write `given` (sentence_id -> column -> value) into a sheet as a coder would."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book[SHEET_TAB]
        at = {cell.value: cell.column for cell in sheet[1]}
        for line in range(2, sheet.max_row + 1):
            for column, value in given.get(sentence_of(sheet.cell(line, at["place"]).value), {}).items():
                cell = sheet.cell(line, at[column])
                cell.value = value
                cell.data_type = "s"
        book.save(path)
        return
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    at = {name: place for place, name in enumerate(rows[0])}
    for row in rows[1:]:
        for column, value in given.get(sentence_of(row[at["place"]]), {}).items():
            row[at[column]] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


ALL_NEUTRAL = {f"a:s{i}": {"tone": "neutral"} for i in range(1, 7)}


@pytest.fixture(params=["csv", "xlsx"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One coder's sheet of six sentences, each kind of file in turn."""
    return written(made(*TEXTS), tmp_path, kinds=[request.param])[0]


def faults(path: Path, study: Study | None = None) -> list[str]:
    with pytest.raises(StudyError) as error:
        load_sheets([path], study or made(*TEXTS))
    return error.value.faults


def test_what_a_coder_gives_comes_back_by_offsets(sheet: Path) -> None:
    fill(
        sheet,
        {
            "a:s1": {"tone": "Negative", FRAME: "yes", TARGET: "unfavourable|Favourable"},
            "a:s2": {"tone": "neutral"},
        },
    )
    coded = load_sheets([sheet], made(*TEXTS))["anna"]
    assert set(coded.sentences["asked"]) == {
        "|".join([*CODEBOOK.frames, *(f"stance: {t}" for t in CODEBOOK.targets)])
    }
    assert coded.sentences.drop(columns="asked").sort_values("start").to_dict("records") == [
        {"article_id": "a", "sentence": "a:s1", "start": 0, "end": 17, "frames": "conflict",
         "sentiment": "negative", "probability": 1.0},
        {"article_id": "a", "sentence": "a:s2", "start": 18, "end": 47, "frames": "", "sentiment": "neutral",
         "probability": 1.0},
    ]  # fmt: skip
    assert coded.stances[["sentence", "target", "stance"]].to_numpy().tolist() == [
        ["a:s1", "negotiations", "unfavourable"],
        ["a:s1", "negotiations", "favourable"],
    ]


def test_a_row_without_a_tone_is_not_coded_and_a_remark_does_not_change_that(sheet: Path) -> None:
    fill(sheet, {"a:s1": {"tone": "neutral"}, "a:s2": {"remarks": "too hard"}})
    coded = load_sheets([sheet], made(*TEXTS))["anna"]
    assert (len(coded.sentences), coded.uncoded) == (1, 5)


def test_every_fault_is_told_at_once_with_row_column_and_remedy(sheet: Path) -> None:
    fill(
        sheet,
        {
            "a:s1": {"tone": "postive"},
            "a:s2": {FRAME: "yes"},
            "a:s3": {"tone": "neutral", FRAME: "maybe", TARGET: "hostile"},
            "a:s4": {"sentence": "Another sentence."},
            "a:s5": {"place": SheetPlace("a:s5", 3, 9, 1.0).as_sign()},
            "a:s6": {"place": "here"},
        },
    )
    said = faults(sheet)
    assert len(said) == 7
    assert all(fault.startswith(f"{sheet}, row ") for fault in said)
    text = "\n".join(said)
    assert "column tone: 'postive' is not a possible value; did you mean 'positive'?" in text
    assert f"column tone: is empty, but {FRAME} is coded; choose negative, neutral, positive" in text
    assert f"column {FRAME}: 'maybe' is not a possible value; write yes, or leave it empty" in text
    assert (
        f"column {TARGET}: 'hostile' is not a possible value; write favourable or neutral or unfavourable"
        in text
    )
    assert "column sentence: is not the text that was drawn" in text
    assert "column sentence: is not at 3 to " in text
    assert "column place: 'here' is not what was written there; copy the row again" in text


def test_a_row_that_was_removed_or_doubled_is_noticed(sheet: Path) -> None:
    fill(sheet, {"a:s2": {"place": SheetPlace("a:s1", 0, 17, 1.0).as_sign()}})
    assert any("is in" in fault and "keep one of them" in fault for fault in faults(sheet))
    if sheet.suffix == ".csv":
        lines = sheet.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        sheet.write_text("".join([*lines[:2], *lines[3:]]), encoding="utf-8-sig")
    else:
        book = openpyxl.load_workbook(sheet)
        book[SHEET_TAB].delete_rows(3)
        book.save(sheet)
    assert any("sentence 2 of 6 is missing; put its row back" in fault for fault in faults(sheet))


def test_the_csv_and_the_workbook_of_one_coder_are_the_same_sheet(tmp_path: Path) -> None:
    paths = written(made(*TEXTS), tmp_path)
    with pytest.raises(
        StudyError, match=r"a:s1 by anna is in .*talks-anna.csv, row \d, too; keep one of them"
    ):
        load_sheets(paths, made(*TEXTS))


def test_a_sheet_of_another_study_and_one_after_the_article_changed_are_refused(sheet: Path) -> None:
    assert faults(sheet, replace(made(*TEXTS), name="other")) == [
        f"{sheet}, column study: is a sheet of 'talks', not of 'other'; name the sheets of one study, and another "
        "study with --study"
    ]
    assert len(faults(sheet, made("X", *TEXTS[1:]))) == 6
    assert study_of_sheet(sheet) == "talks"


def test_of_a_sheet_drawn_before_the_codebook_changed_what_both_have_is_read(sheet: Path) -> None:
    gone = next(code for code in CODEBOOK.frames if code != "conflict")
    given = {"tone": "negative", FRAME: "yes", TARGET: "favourable", f"frame: {gone}": "yes"}
    fill(sheet, dict.fromkeys(ALL_NEUTRAL, given))
    frames = {code: frame for code, frame in CODEBOOK.frames.items() if code != gone}
    targets = {"russian_plan": CODEBOOK.targets["negotiations"]}
    now = replace(CODEBOOK, frames={**frames, "weather": CODEBOOK.frames["conflict"]}, targets=targets)
    coded = load_sheets([sheet], replace(made(*TEXTS), codebook=now))["anna"]
    assert set(coded.added) == {"frame: weather", "stance: russian_plan"}
    assert set(coded.dropped) == {f"frame: {gone}", *(f"stance: {code}" for code in CODEBOOK.targets)}
    assert set(coded.sentences["frames"]) == {"conflict"} and coded.stances.empty
    assert set(coded.sentences["asked"]) == {"|".join(frames)}


def test_a_column_that_was_renamed_by_mistake_is_still_a_fault(sheet: Path) -> None:
    if sheet.suffix == ".csv":
        sheet.write_text(sheet.read_text("utf-8-sig").replace(FRAME, "frame: conflct"), "utf-8-sig")
    else:
        book = openpyxl.load_workbook(sheet)
        next(c for c in book[SHEET_TAB][1] if c.value == FRAME).value = "frame: conflct"
        book.save(sheet)
    assert faults(sheet, made(*TEXTS)) == [
        f"{sheet}, row 1: unknown column `frame: conflct`; did you mean `{FRAME}`?"
    ]
    other = replace(CODEBOOK, frames={"weather": CODEBOOK.frames["conflict"]}, targets={})
    assert faults(sheet, replace(made(*TEXTS), codebook=other)) == [
        f"{sheet}, row 1: has no code of the codebook; use the codebook that the sheet was made with"
    ]


def test_a_sentence_coded_again_alike_was_asked_for_the_codes_of_both_times() -> None:
    place = {
        "article_id": "a",
        "sentence": "a:s1",
        "start": 0,
        "end": 9,
        "frames": "conflict",
        "sentiment": "neutral",
    }
    old, new = (pd.DataFrame([{**place, "asked": asked}]) for asked in ("conflict|old", "conflict|new"))
    none = pd.DataFrame(columns=["article_id", "sentence", "target", "stance", "holder"])
    joined, _ = join_coding({"anna_sentences": old, "anna_stances": none}, "anna", new, none)
    assert joined["asked"].tolist() == ["conflict|old|new"]
    older = {"anna_sentences": old.drop(columns="asked"), "anna_stances": none}
    assert join_coding(older, "anna", new, none)[0]["asked"].tolist() == ["conflict|new"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.ods", b"", "is neither .csv nor .xlsx"),
        ("x.xlsx", b"no workbook", "not a workbook that can be read"),
        ("x.csv", b"number,tone\n1,\x81", "not UTF-8; save it as CSV in UTF-8 (in Excel: `CSV UTF-8`)"),
        ("x.csv", b"", "is not a coding sheet, or has lost its columns sentence, tone"),
        ("x.csv", b"name;colour\nred;tea\n", "row 1: is not a coding sheet"),
    ],
)
def test_a_file_that_is_no_sheet_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert message in faults(tmp_path / name)[0]
    assert "cannot be read" in faults(tmp_path / f"none-{name}".replace(".ods", ".csv"))[0]


def test_a_csv_that_excel_saved_where_the_comma_is_the_decimal_sign_is_read(tmp_path: Path) -> None:
    path = written(made(*TEXTS * 2), tmp_path, n=5, kinds=["csv"])[0]
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    places = [SheetPlace.from_sign(row["place"]) for row in rows]
    fill(path, {place.sentence_id: {"tone": "neutral"} for place in places if place})
    cells = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(cells)
    coded = load_sheets([path], made(*TEXTS * 2))["anna"].sentences
    assert coded["probability"].tolist() == [place.probability for place in places if place]
    assert len(coded) == 5 and set(coded["probability"]) != {1.0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_as_any_spreadsheet_saves_it(
    tmp_path: Path, encoding: str, line_end: str, delimiter: str
) -> None:
    study = made("“Café talks; tea, too,” she said.", *TEXTS)
    path = written(study, tmp_path, kinds=["csv"])[0]
    fill(path, {"a:s1": {"tone": "positive", "remarks": "naïve; no?"}, "a:s3": {"tone": "neutral"}})
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    coded = load_sheets([path], study)["anna"].sentences.set_index("sentence")["sentiment"]
    assert coded.to_dict() == {"a:s1": "positive", "a:s3": "neutral"}


def test_letters_that_an_encoding_spoilt_are_noticed_by_the_sentences_mark(tmp_path: Path) -> None:
    study = made("Café talks.", *TEXTS)
    path = written(study, tmp_path, kinds=["csv"])[0]
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("mac_roman"))
    assert any("column sentence: is not the text that was drawn" in fault for fault in faults(path, study))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 10**7), st.integers(0, 10**7),
    st.floats(0, 1, exclude_min=True),
)  # fmt: skip
def test_a_place_comes_back_from_its_sign_and_its_sign_shows_none_of_it(
    sentence_id: str, start: int, end: int, probability: float
) -> None:
    place = SheetPlace(sentence_id, start, end, probability)
    sign = place.as_sign()
    assert SheetPlace.from_sign(sign) == place
    assert sign.isalnum() and sign.isascii() and sign[0] == "p"


@pytest.mark.parametrize("sign", ["", "p", "here", "pé", "p1", "pgaqdcibr"])
def test_what_is_no_sign_of_a_place_gives_none(sign: str) -> None:
    assert SheetPlace.from_sign(sign) is None


def test_the_workbook_has_drop_downs_a_frozen_head_the_codebook_and_how_to_code(tmp_path: Path) -> None:
    path = written(made(*TEXTS), tmp_path, kinds=["xlsx"])[0]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [SHEET_TAB, "codebook", "how to code"]
    sheet = book[SHEET_TAB]
    head = [cell.value for cell in sheet[1]]
    choices = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    letter = {name: sheet.cell(1, place).column_letter for place, name in enumerate(head, start=1)}
    assert choices[f"{letter['tone']}2:{letter['tone']}7"] == '"negative,neutral,positive"'
    assert choices[f"{letter[FRAME]}2:{letter[FRAME]}7"] == '"yes"'
    assert choices[f"{letter[TARGET]}2:{letter[TARGET]}7"] == '"favourable,neutral,unfavourable"'
    assert len(choices) == 1 + len(CODEBOOK.frames) + len(CODEBOOK.targets)
    assert sheet.freeze_panes == f"{letter['tone']}2"
    assert all(cell.alignment.wrap_text for cell in sheet[2])
    assert (
        sheet.column_dimensions[letter["place"]].hidden and not sheet.column_dimensions[letter["tone"]].hidden
    )
    meanings = {row[0]: row for row in book["codebook"].iter_rows(values_only=True)}
    conflict = CODEBOOK.frames["conflict"]
    assert meanings[FRAME][1:7] == tuple(
        getattr(conflict, k) or None
        for k in ("name", "definition", "counts", "excludes", "example", "counter_example")
    )
    assert TARGET in meanings
    assert any("favourable|unfavourable" in row[0] for row in book["how to code"].iter_rows(values_only=True))


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    paths = written(made(*TEXTS), tmp_path)
    book = openpyxl.load_workbook(paths[1])
    cells = [cell for row in book[SHEET_TAB].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if cell.value.startswith(tuple("=+-@"))]
    assert len(risky) >= 3 and all(cell.quotePrefix for cell in risky)
    rows = list(csv.reader(io.StringIO(paths[0].read_text(encoding="utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@"))]


def test_a_sheet_is_blind_to_outlet_and_machine_and_the_outlet_is_shown_on_demand(tmp_path: Path) -> None:
    study = made(*TEXTS, outlet="The Norwick Herald")
    blind = written(study, tmp_path, kinds=["csv"])[0].read_text(encoding="utf-8-sig")
    shown = written(study, tmp_path / "shown", kinds=["csv"], show_outlet=True)[0].read_text(
        encoding="utf-8-sig"
    )
    assert "Norwick" not in blind and shown.count("The Norwick Herald") == 6
    assert "a:s1" not in blind and "a:s1" not in shown  # an article's id may name its outlet
    rows = list(csv.DictReader(io.StringIO(blind, newline="")))
    assert {row[column] for row in rows for column in (FRAME, TARGET, "tone", "remarks")} == {""}
    before = {sentence_of(row["place"]): row["before"] for row in rows}
    assert (before["a:s1"], before["a:s2"]) == ("", TEXTS[0])


def test_the_same_sheet_has_the_same_bytes_and_one_with_coding_is_never_overwritten(tmp_path: Path) -> None:
    study = made(*TEXTS)
    paths = written(study, tmp_path, "anna", "ben")
    bytes_before = [path.read_bytes() for path in paths]
    assert [path.name for path in paths] == [
        f"talks-{c}.{k}" for c in ("anna", "ben") for k in ("csv", "xlsx")
    ]
    assert [path.read_bytes() for path in written(study, tmp_path, "anna", "ben")] == bytes_before
    fill(paths[0], {"a:s1": {"tone": "neutral"}})
    coded = paths[0].read_bytes()
    with pytest.raises(StudyError, match=r"talks-anna.csv: is there already and may hold coding; move it"):
        written(study, tmp_path, "anna", "ben")
    assert paths[0].read_bytes() == coded
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in paths)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = st.builds(
    "".join,
    st.tuples(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", '"', ",", ";", "\n", "\t="]), WORDS),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(HOSTILE.filter(on_one_line), min_size=1, max_size=4), kind=st.sampled_from(["csv", "xlsx"])
)
def test_any_sentence_is_known_again_when_the_sheet_is_read(
    tmp_path: Path, texts: list[str], kind: str
) -> None:
    study = made(*texts)
    for old in tmp_path.iterdir():
        old.unlink()
    path = written(study, tmp_path, kinds=[kind])[0]
    fill(path, {f"a:s{i}": {"tone": "neutral"} for i in range(1, len(texts) + 1)})
    coded = load_sheets([path], study)["anna"].sentences.sort_values("start")
    text = study.articles["text"].iloc[0]
    assert [text[s.start : s.end] for s in coded.itertuples()] == texts


@given(WORDS)
def test_the_text_of_a_cell_stays_as_it_is_when_made_again(text: str) -> None:
    assert on_one_line(on_one_line(text)) == on_one_line(text)
    assert text_mark(on_one_line(text)) == text_mark(text) and text_mark(text)[0] == "h"


def coding(
    study: Study, folder: Path, **given: dict[str, dict[str, str]]
) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    paths = written(study, folder, *given, kinds=["xlsx"])
    for path, values in zip(paths, given.values(), strict=True):
        fill(path, values)
    return {coder: (c.sentences, c.stances) for coder, c in load_sheets(paths, study).items()}


def agreed(study: Study, coded: dict[str, tuple[pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    targets = {code: list(target.positions) for code, target in CODEBOOK.targets.items()}
    return coder_agreement(study.tables, coded, frames=list(CODEBOOK.frames), targets=targets, draws=200)


ANNA = ALL_NEUTRAL | {
    "a:s1": {"tone": "negative", FRAME: "yes"},
    "a:s2": {"tone": "neutral", FRAME: "yes", TARGET: "neutral"},
}
BEN = ALL_NEUTRAL | {
    "a:s1": {"tone": "negative", FRAME: "yes"},
    "a:s3": {"tone": "positive", TARGET: "favourable"},
}
CORA = {"a:s1": {"tone": "neutral"}, "a:s2": {"tone": "neutral", FRAME: "yes"}}


def test_agreement_equals_the_krippendorff_package(tmp_path: Path) -> None:
    study = made(*TEXTS)
    coded = coding(study, tmp_path, anna=ANNA, ben=BEN, cora=CORA)
    found = agreed(study, coded).set_index(["comparison", "of", "code"])["alpha"]
    frame = {
        "anna": [1, 1, 0, 0, 0, 0],
        "ben": [1, 0, 0, 0, 0, 0],
        "cora": [0, 1] + [np.nan] * 4,
        "machine": [1, 0, 0, 0, 0, 0],
    }

    def alpha(*coders: str) -> float:
        return krippendorff.alpha(reliability_data=[frame[c] for c in coders], level_of_measurement="nominal")

    assert found["all coders", "frames", "conflict"] == pytest.approx(alpha("anna", "ben", "cora"))
    assert found["anna and ben", "frames", "conflict"] == pytest.approx(alpha("anna", "ben"))
    assert found["anna and cora", "frames", "conflict"] == pytest.approx(alpha("anna", "cora"))
    assert found["machine and anna", "frames", "conflict"] == pytest.approx(alpha("machine", "anna"))
    assert found["machine and ben", "frames", "conflict"] == 1
    tone = [["neg", "neu", "neu", "neu", "neu", "neu"], ["neg", "neu", "pos", "neu", "neu", "neu"]]
    whole = found["anna and ben", "sentiment"]
    assert whole[whole.index.isna()].iloc[0] == pytest.approx(
        krippendorff.alpha(
            reliability_data=tone, level_of_measurement="nominal", value_domain=["neg", "neu", "pos"]
        )
    )


def test_the_coincidence_matrix_counts_the_pairs_of_the_coders(tmp_path: Path) -> None:
    coded = coding(made(*TEXTS), tmp_path, anna=ANNA, ben=BEN)
    matrices = coder_coincidences(coded, targets={"negotiations": ["favourable", "neutral", "unfavourable"]})
    assert list(matrices) == ["sentiment", "stance on negotiations"]
    tone = matrices["sentiment"]
    assert tone.loc["negative", "negative"] == 2 and tone.loc["neutral", "positive"] == 1
    assert matrices["stance on negotiations"].loc["none", "none"] == 8


def test_coders_without_a_common_sentence_have_no_agreement(tmp_path: Path) -> None:
    study = made(*TEXTS)
    coded = coding(study, tmp_path, anna={"a:s1": {"tone": "neutral"}}, ben={"a:s2": {"tone": "neutral"}})
    assert agreed(study, coded)["comparison"].unique().tolist() == ["machine and anna", "machine and ben"]
    assert agreed(study, {"anna": (coded["anna"][0].head(0), coded["anna"][1])}).empty


def saved(coded: dict[str, tuple[pd.DataFrame, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    return {
        f"{coder}_{kind}": t
        for coder, both in coded.items()
        for kind, t in zip(("sentences", "stances"), both, strict=True)
    }


def test_saved_coding_is_compared_before_a_reference_is_settled(tmp_path: Path) -> None:
    study = made(*TEXTS)
    coded = saved(coding(study, tmp_path, anna=ANNA, ben=BEN))
    trust = reliability(study.tables, coded, frames=["conflict"], targets={}, draws=100)
    assert trust["comparison"].unique().tolist() == [CODERS, "machine against anna", "machine against ben"]
    assert trust.set_index(["comparison", "code"]).loc[("machine against ben", "conflict"), "f1"] == 1
    errors = machine_errors(study.tables, coded)
    assert ("conflict", "missed", "a:s2") in set(
        errors[["code", "error", "sentence"]].itertuples(index=False, name=None)
    )
    assert errors["start"].notna().all()


def test_each_coded_sentence_tells_what_machine_and_coder_call_it(tmp_path: Path) -> None:
    study = made(*TEXTS)
    taken = labels_compared(study.tables, saved(coding(study, tmp_path, anna=ANNA)))
    tone, stance = (
        taken[taken["of"] == of].set_index("sentence") for of in ("sentiment", "stance on negotiations")
    )
    assert tone.loc["a:s1", ["reference", "machine", "start", "end"]].tolist() == [
        "negative",
        "neutral",
        0,
        17,
    ]
    assert stance.loc["a:s2", ["reference", "machine"]].tolist() == ["neutral", "none"]
    assert labels_compared(study.tables, {}).empty


def test_quotes_in_error_are_told_apart(tmp_path: Path) -> None:
    columns = [
        "article_id",
        "start",
        "end",
        "form",
        "speaker_name",
        "role",
        "side",
        "named",
        "expert",
        "coders",
    ]
    coded = pd.DataFrame(
        [
            ("a", 0, 20, "direct", "Ilka Morvane", "expert", "other", "yes", "yes", "both"),
            ("a", 30, 50, "direct", "Ilka Morvane", "expert", "other", "yes", "yes", "both"),
            ("a", 60, 80, "direct", "Ilka Morvane", "expert", "other", "yes", "yes", "one"),
        ],
        columns=columns,
    )
    quotes = QUOTES.make(
        [
            {
                "quote_id": f"q{n}",
                "source_id": "x",
                "article_id": "a",
                "start": n,
                "end": n + 20,
                "form": "direct",
            }
            for n in (0, 90)
        ]
    )
    source = {"source_id": "x", "article_id": "a", "name": "Ilka Morvane", "role": "media", "side": "other"}
    tables = {"quotes": quotes, "sources": SOURCES.make([{**source, "named": True, "expert": True}])}
    wrong = quote_errors(tables, {"quotes": coded})
    assert wrong[["error", "start"]].to_numpy().tolist() == [
        ["missed", 30],
        ["invented", 90],
        ["wrong role", 0],
    ]
    assert quote_errors(tables, {}).empty


def test_each_rule_is_scored_by_the_quotes_that_were_coded() -> None:
    """Of three rules one is right, one names another source, one finds what nobody coded; one article is not coded."""
    places = [("said", "a", 0), ("said", "b", 0), ("told", "a", 30), ("label", "a", 90)]
    quotes = QUOTES.make(
        {
            "quote_id": f"q{n}",
            "source_id": "x" if rule == "said" else "y",
            "article_id": article,
            "start": start,
            "end": start + 20,
            "form": "direct",
            "rule": rule,
        }
        for n, (rule, article, start) in enumerate(places)
    )
    source = {"article_id": "a", "role": "expert", "side": "other", "named": True, "expert": True}
    sources = SOURCES.make(
        [
            {**source, "source_id": "x", "name": "Ilka Morvane"},
            {**source, "source_id": "y", "name": "Tor Berg"},
        ]
    )
    coded = {"article_id": "a", "form": "direct", "speaker_name": "Ilka Morvane", "role": "expert"}
    rest = {"side": "other", "named": "yes", "expert": "yes", "coders": "both"}
    coding = pd.DataFrame([{**coded, **rest, "start": n, "end": n + 20} for n in (0, 30)])
    tables = {"quotes": quotes, "sources": sources}
    assert rule_scores(tables, {"quotes": coding}).to_numpy().tolist() == [
        ["said", 2, 1, 1, 0],
        ["told", 1, 1, 1, 1],
        ["label", 1, 1, 0, 0],
    ]
    assert rule_scores(tables, {})["compared"].isna().all()


@pytest.mark.parametrize(
    "name",
    [
        "../../../OUT",
        "/tmp/out",
        "a/b",
        "a\\b",
        "..",
        "a\nb",
        "=cmd",
        "-rf",
        "a" * 300,
        "a b",
        "a.csv",
        "a\x00b",
        "\x1b[2J",
    ],
)
def test_a_name_that_is_none_for_a_coder_is_one_message(tmp_path: Path, name: str) -> None:
    path = written(made(*TEXTS), tmp_path, kinds=["csv"])[0]
    fill(path, {unit: {**given, "coder": name} for unit, given in ALL_NEUTRAL.items()})
    (fault,) = faults(path)
    assert fault.startswith(f"{path}, row 2 and 5 more, column coder: ")
    assert "is no name for a coder; use letters, digits, - and _, at most 60 of them" in fault
    assert fault.isprintable() and len(fault) < len(str(path)) + 200


@pytest.mark.parametrize("name", ["learned", "Rules", "machine", "reference", "SETTLED"])
def test_a_name_that_figures_use_for_somebody_else_is_no_coders(tmp_path: Path, name: str) -> None:
    path = written(made(*TEXTS), tmp_path, kinds=["csv"])[0]
    fill(path, {"a:s1": {"tone": "neutral", "coder": name}})
    (fault,) = faults(path)
    assert fault.startswith(f"{path}, row ") and "column coder: " in fault and "; use another name" in fault


@pytest.mark.parametrize("name", ["anna", "coder_1", "Zoë", "3", "Анна-Мария", "a" * 60, SETTLED])
def test_any_plain_name_is_one_for_a_coder(name: str) -> None:
    assert coder_fault(name, settled=True) == ""


@given(st.text(max_size=80))
def test_whatever_is_a_name_for_a_coder_stays_in_the_folder(name: str) -> None:
    if not coder_fault(name, settled=True):
        for file in coding_files(name):
            assert Path(file).name == file and len(f"{file}.csv".encode()) < 256


def test_nothing_is_written_under_a_name_that_is_none(tmp_path: Path) -> None:
    study = replace(made(*TEXTS), folder=tmp_path / "study")
    (tmp_path / "study").mkdir()
    coded = coding(study, tmp_path / "sheets", anna={"a:s1": {"tone": "neutral"}})
    with pytest.raises(StudyError, match="no name for a coder"):
        write_coding(study, {"../../OUT": coded["anna"]})
    with pytest.raises(StudyError, match="no name for a coder"):
        written(study, tmp_path / "sheets", "../../OUT")
    assert write_coding(study, coded) == [
        *(tmp_path / "study" / "coding" / f"anna_{kind}.csv" for kind in ("sentences", "stances"))
    ]
    saved_before = replace(study, coding=load_coding(tmp_path / "study"))
    with pytest.raises(
        StudyError, match=r"coding/anna_sentences\.csv is there already; 'Anna' has to be spelt"
    ):
        write_coding(saved_before, {"Anna": coded["anna"]}, replace=True)
    assert sorted(p.name for p in tmp_path.rglob("*.csv") if p.parent.name != "sheets") == [
        *("anna_sentences.csv", "anna_stances.csv")
    ]


@pytest.mark.parametrize("name", ["../other", "/etc", "a/b"])
def test_the_study_that_a_sheet_names_is_no_path(tmp_path: Path, name: str) -> None:
    path = written(made(*TEXTS), tmp_path, kinds=["csv"])[0]
    fill(path, {unit: {"study": name} for unit in ALL_NEUTRAL})
    with pytest.raises(StudyError, match=r"column study: .* is not the name of a study"):
        study_of_sheet(path)


def test_coding_is_joined_with_older_coding_and_replaces_it_only_when_told(tmp_path: Path) -> None:
    study = made(*TEXTS)
    first = coding(study, tmp_path / "1", anna={"a:s1": ANNA["a:s1"], "a:s3": {"tone": "neutral"}})
    again = coding(study, tmp_path / "2", anna={"a:s1": ANNA["a:s1"], "a:s2": ANNA["a:s2"]})
    sentences, stances = join_coding(saved(first), "anna", *again["anna"])
    assert sentences["sentence"].tolist() == ["a:s1", "a:s2", "a:s3"]
    assert stances["sentence"].tolist() == ["a:s2"]
    other = coding(study, tmp_path / "3", anna={"a:s2": {"tone": "positive"}})
    before = {"anna_sentences": sentences, "anna_stances": stances}
    with pytest.raises(
        StudyError,
        match=r"coding/anna_sentences\.csv: a:s2 was coded otherwise before; --replace puts the new coding in its place",
    ):
        join_coding(before, "anna", *other["anna"])
    sentences, stances = join_coding(before, "anna", *other["anna"], replace=True)
    assert sentences.set_index("sentence")["sentiment"].to_dict() == {
        "a:s1": "negative",
        "a:s2": "positive",
        "a:s3": "neutral",
    }
    assert stances.empty


def test_sentences_to_settle_are_those_that_two_coded_and_the_open_ones_stand_first(tmp_path: Path) -> None:
    study = made(*TEXTS)
    apart, alike = {"tone": "negative", TARGET: "unfavourable"}, {"tone": "positive", FRAME: "yes"}
    coded = coding(
        study,
        tmp_path,
        anna={"a:s1": alike, "a:s2": {"tone": "neutral"}, "a:s3": alike},
        ben={"a:s1": alike, "a:s2": apart},
    )
    targets = {t: list(target.positions) for t, target in CODEBOOK.targets.items()}
    table = to_settle(coded, frames=list(CODEBOOK.frames), targets=targets)
    assert table["sentence_id"].tolist() == ["a:s2", "a:s1"]
    assert table[["tone", FRAME, TARGET]].to_numpy().tolist() == [["?", "", "?"], ["positive", "yes", ""]]
    assert table["remarks"].tolist() == [
        "tone: anna neutral, ben negative; negotiations: anna no, ben unfavourable",
        "",
    ]


def test_what_is_settled_joins_the_reference_coding_and_loses_nothing_of_it(tmp_path: Path) -> None:
    study = made(*TEXTS)
    reference = pd.DataFrame(
        [("a", "000-01", 0, 17, "conflict", "negative", "economy")],
        columns=["article_id", "sentence", "start", "end", "frames", "sentiment", "frames_open"],
    )
    settled = coding(study, tmp_path, anna={"a:s2": {"tone": "neutral"}})["anna"]
    sentences, _ = join_coding({"sentences": reference}, "settled", *settled)
    assert sentences["sentence"].tolist() == ["000-01", "a:s2"]
    assert sentences.loc[0, "frames_open"] == "economy"


def test_a_sentence_of_the_reference_coding_keeps_its_id_there(tmp_path: Path) -> None:
    study = made(*TEXTS)
    coded = coding(study, tmp_path, anna=ANNA)
    reference = pd.DataFrame(
        [("a", "000-01", 0, 17, "conflict", "negative")],
        columns=["article_id", "sentence", "start", "end", "frames", "sentiment"],
    )
    older = pd.DataFrame([("000-01", "conflict", "negative")], columns=["sentence", "frames", "sentiment"])
    sentences, _ = join_coding({"sentences": reference, "anna_sentences": older}, "anna", *coded["anna"])
    assert sentences["sentence"].tolist()[:2] == ["000-01", "a:s2"]
    assert sentences["start"].tolist()[:2] == [0, 18]
