"""`media-analysis learn`: what it writes, what it says, and that the learned coder never passes for a person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import open_study
from analysis.cli import main
from analysis.coding.learned import fit, load
from analysis.coding.reliability import CODERS, MACHINE, not_validated, reliability
from analysis.study import Study
from analysis.tables import LEARNED

FRAMES = ["conflict", "diplomacy"]


@pytest.fixture
def folder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in a project of its own, its sentences coded as the rules see them, which never errs."""
    folder = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", folder, ignore=shutil.ignore_patterns("sheets"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    study = open_study("sample")
    units = study.sentences.rename(columns={"sentence_id": "sentence"})
    found = study.frames.groupby("sentence_id")["frame"].agg(lambda codes: "|".join(sorted(set(codes))))
    tones = study.sentiment.set_index("sentence_id")["label"]
    coded = units[["article_id", "sentence", "start", "end"]].assign(
        frames=units["sentence"].map(found).fillna(""), sentiment=units["sentence"].map(tones)
    )
    coded.to_csv(folder / "coding" / "sentences.csv", index=False)
    stances = study.stance.rename(columns={"sentence_id": "sentence"})
    stances = stances[["article_id", "sentence", "target", "stance"]].drop_duplicates()
    stances.to_csv(folder / "coding" / "stances.csv", index=False)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def agreement(study: Study) -> pd.DataFrame:
    return reliability(study.tables, study.coding, frames=FRAMES, targets={}, draws=100)


def test_learn_reports_beside_the_rules_and_writes_codes_and_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "learn", "sample")
    assert (code, err) == (0, "")
    study = open_study("sample")
    assert (
        f"sample, frames: {len(study.sentences)} coded sentences of 20 articles, by the reference coding."
        in out
    )
    assert "No article is on both sides of a fold" in out
    row = next(line.split() for line in out.splitlines() if line.startswith("diplomacy"))
    n = int((study.frames.groupby("sentence_id")["frame"].agg(set).map(lambda c: "diplomacy" in c)).sum())
    assert int(row[1]) == n and row[-1] == "1.00" and 0 < float(row[-2]) < 1
    learned = study.coding["learned_sentences"]
    assert learned["sentence"].tolist() == study.coding["sentences"]["sentence"].tolist()
    model = load(folder / "models" / "frames.coder")
    assert [set(c.split("|")) - {""} for c in learned["frames"]] == [set(c) for c in model.out_of_fold]
    assert model.n_texts_learned == len(study.sentences)


def test_a_saved_coder_codes_new_texts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "learn", "sample")
    new = Path("new")
    new.mkdir()
    text = "Fighting goes on\n\nShells hit the town as both armies attacked. The envoys resumed talks.\n"
    (new / "one.txt").write_text(text, encoding="utf-8")
    model = folder / "models" / "frames.coder"
    code, _, err = run(capsys, "annotate", "new", "--model", model, "--out", "out")
    assert (code, err) == (0, "")
    learned, sentences = (pd.read_parquet(f"out/{name}.parquet") for name in ("learned", "sentences"))
    assert list(learned.columns) == [c.name for c in LEARNED.columns]
    given = {s: set(rows["code"]) for s, rows in learned.groupby("sentence_id")}
    said = {s.sentence_id: text[s.start : s.end] for s in sentences.itertuples()}
    coder = load(model)
    assert [given.get(s, set()) for s in said] == coder.predict(list(said.values()))
    assert len(learned) and learned["confidence"].between(0, 1).all()
    run(capsys, "annotate", "new", "--out", "out")  # codes of an older run do not stay beside new tables
    assert not Path("out/learned.parquet").exists()


def test_a_coder_of_articles_codes_articles(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = open_study("sample").articles
    texts = [text * 3 for text in articles["text"]]
    fit(texts, [{"wire"} if a.startswith("wire") else set() for a in articles["article_id"]]).save(
        Path("a.coder")
    )
    assert run(capsys, "annotate", folder / "articles", "--model", "a.coder", "--out", "out")[0] == 0
    learned = pd.read_parquet("out/learned.parquet")
    assert learned["sentence_id"].isna().all() and set(learned["code"]) == {"wire"}
    assert learned["article_id"].str.startswith("wire").mean() > 0.7


@pytest.mark.parametrize("model", ["none.coder", "text.coder"])
def test_what_is_no_coder_is_refused_before_anything_is_annotated(
    folder: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("text.coder").write_text("hello")
    code, out, err = run(capsys, "annotate", folder, "--model", model, "--out", "out")
    assert (code, out) == (2, "") and len(err.splitlines()) == 1
    assert model in err and "`media-analysis learn STUDY`" in err
    assert not Path("out").exists()


def test_the_learned_coder_is_compared_but_is_no_person(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = agreement(open_study("sample"))
    run(capsys, "learn", "sample")
    after = agreement(open_study("sample"))
    assert set(after["comparison"]) - set(before["comparison"]) == {"learned against reference"}
    learned = after[after["comparison"] == "learned against reference"]
    assert learned["code"].tolist() == FRAMES and learned["f1"].between(0.05, 0.95).all()
    assert set(learned["of"]) == {"frames"}  # it was not asked about tone
    pd.testing.assert_frame_equal(
        after[after["comparison"] == MACHINE], before[before["comparison"] == MACHINE]
    )
    # Together with one person it does not make two coders, and a poor one spoils no code that two people agree on.
    coding = folder / "coding"
    shutil.copy(coding / "sentences.csv", coding / "anna_sentences.csv")
    alone = agreement(open_study("sample"))
    assert CODERS not in set(alone["comparison"])
    assert not_validated(alone, "frames", FRAMES) == set(FRAMES)
    shutil.copy(coding / "sentences.csv", coding / "ben_sentences.csv")
    assert not_validated(agreement(open_study("sample")), "frames", FRAMES) == set()


def test_without_a_reference_one_learns_from_a_coder_by_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coding = folder / "coding"
    (coding / "sentences.csv").rename(coding / "anna_sentences.csv")
    code, out, _ = run(capsys, "learn", "sample")  # the only one
    assert code == 0 and "of 20 articles, by anna." in out and "learned_sentences.csv" in out
    assert "learned against anna" in set(agreement(open_study("sample"))["comparison"])
    shutil.copy(coding / "anna_sentences.csv", coding / "ben_sentences.csv")
    code, out, err = run(capsys, "learn", "sample")
    assert (code, out) == (2, "") and "sentences.csv: is not there" in err
    assert "`media-analysis learn sample --coder anna` or `media-analysis learn sample --coder ben`" in err
    assert run(capsys, "learn", "sample", "--coder", "ben")[0] == 0
    code, _, err = run(capsys, "learn", "sample", "--coder", "learned")
    assert code == 2 and "learned_sentences.csv: holds what was learned" in err


def test_questions_are_learned_one_by_one_and_stay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("frames", "sentiment", "stance:negotiations"):
        code, out, _ = run(capsys, "learn", "sample", "--of", question)
        assert code == 0 and f"sample, {question}:" in out
    coding = open_study("sample").coding
    first = {name: coding[name] for name in ("learned_sentences", "learned_stances")}
    assert {"frames", "sentiment"} < set(first["learned_sentences"].columns)
    assert set(first["learned_sentences"]["sentiment"]) <= {"negative", "neutral", "positive"}
    assert set(first["learned_stances"]["target"]) == {"negotiations"}
    run(capsys, "learn", "sample", "--of", "stance:negotiations")
    again = open_study("sample").coding
    for name, table in first.items():
        pd.testing.assert_frame_equal(again[name], table)


def test_few_articles_share_folds_and_it_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "coding" / "sentences.csv"
    coded = pd.read_csv(path, keep_default_na=False)
    coded[coded["article_id"].isin([f"wire-{i}" for i in range(1, 6)])].to_csv(path, index=False)
    code, out, _ = run(capsys, "learn", "sample")
    assert code == 0
    assert "5 articles are too few to keep apart, so the folds share articles" in out
    assert "Too rare to be learned, with fewer than 5 sentences" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "sentences.csv: is not there, so nothing can be learned; code sentences"),
        (("--coder", "anna"), "anna_sentences.csv: is not there"),
    ],
)
def test_a_study_without_coded_sentences_gets_one_clear_message(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    (folder / "coding" / "sentences.csv").unlink()
    code, out, err = run(capsys, "learn", "sample", *arguments)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1 and message in err
    assert not (folder / "models").exists()


def test_what_cannot_be_learned_is_named_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "learn", "sample", "--of", "wheat")
    assert code == 2 and "there are: frames, sentiment, stance:negotiations" in err
    path = folder / "coding" / "sentences.csv"
    pd.read_csv(path, keep_default_na=False).assign(frames="").to_csv(path, index=False)
    code, _, err = run(capsys, "learn", "sample")
    assert code == 2 and "no code has 5 examples" in err and "none has a code" in err
    (folder / "coding" / "stances.csv").unlink()
    code, _, err = run(capsys, "learn", "sample", "--of", "stance:negotiations")
    assert code == 2 and "nobody coded stance on negotiations" in err
    assert not (folder / "models").exists()


def test_sentences_without_their_texts_cannot_be_learned(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = root / "data" / "us-russia-talks"
    shutil.copytree(source, tmp_path / "data" / "talks", ignore=shutil.ignore_patterns("articles", "tables"))
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "learn", "talks")
    assert code == 2 and "none of the coded texts is here; name their folder by --articles" in err


def test_no_person_can_take_the_learned_coders_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["coding-sheet", "sample", "--coders", "anna,Learned"])
    assert "'learned' is the coder of `media-analysis learn`; use another name" in capsys.readouterr().err
