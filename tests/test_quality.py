"""Measured quality never falls below its floor. Floors stand in quality_floors.json and only rise.

The measures are those of the project's benchmarks (`score.py`), which are other people's texts and lie beside the
repository; where they are absent these tests skip. `python tests/test_quality.py` prints all figures.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold

from analysis.annotate.attitude import general_tone, toward
from analysis.annotate.frames import find_frames
from analysis.codebook import load_codebook
from analysis.coding.agreement import align
from analysis.coding.coders import load_coders
from analysis.coding.counting import counting
from analysis.coding.learned import fit
from analysis.coding.target_features import around
from analysis.compare.shares import article_frames
from analysis.language import load_language
from analysis.parse.document import parse, sentence_table
from analysis.read.intake import take_in
from analysis.studies import annotate_folder, open_study, write_tables
from analysis.tables import SETTLED
from analysis.text import split_tokens

FLOORS = json.loads((Path(__file__).parent / "quality_floors.json").read_text())
ROOT = Path(__file__).parent.parent


def score(
    shared: Path, kind: str, articles: Path, gold: Path, codebook: Path | None, out: Path
) -> dict[str, Any]:
    write_tables(annotate_folder(articles, codebook), out)
    return flat(getattr(measures(shared), f"score_{kind}")(str(out), str(gold)))


def measures(shared: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", shared / "benchmarks" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(figures: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Nested figures under dotted names."""
    found = {}
    for name, value in figures.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def talks(shared: Path, out: Path) -> dict[str, Any]:
    study = ROOT / "data" / "us-russia-talks"
    return score(
        shared, "talks", shared / "us-russia-talks" / "articles", study / "coding", study / "codebook", out
    )


def war_of_other_years(shared: Path, out: Path) -> dict[str, Any]:
    """Articles of other years and outlets on the first study's war, by its codebook; and the page clutter taken for text."""
    folder, study = shared / "benchmarks" / "talks", ROOT / "data" / "us-russia-talks"
    if not folder.is_dir():
        pytest.skip(f"needs the coded articles of other years in {folder}")
    figures = score(
        shared, "talks", folder / "articles", folder / "coding", study / "codebook", out / "by the rules"
    )
    tables = annotate_folder(folder / "articles", study / "codebook")
    coded = pd.read_csv(folder / "coding" / "sentences.csv", keep_default_na=False)
    read = set(align(tables["sentences"], coded).dropna())
    kinds = coded.groupby("kind")["sentence"].agg(set)
    return figures | {"clutter_read": len(kinds["clutter"] & read), "text_lost": len(kinds[""] - read)}


def polnear_dev(shared: Path, out: Path) -> dict[str, Any]:
    dev = shared / "benchmarks" / "polnear" / "dev"
    if not dev.is_dir():
        pytest.skip(f"needs PolNeAR's development part in {dev}")
    texts = out / "texts"  # the coding lies beside the texts, and would be read as articles, too
    texts.mkdir()
    for path in dev.glob("*.txt"):
        (texts / path.name).write_bytes(path.read_bytes())
    figures = score(shared, "quotes", texts, dev, None, out)
    module = measures(shared)
    coded = module.read_brat
    module.read_brat = lambda ann, text: [with_apostrophes(e, text) for e in coded(ann, text)]
    return figures | flat(module.score_quotes(str(out), str(dev)), "with ''.")


def with_apostrophes(attribution: dict[str, Any], text: str) -> dict[str, Any]:
    """A coded attribution that is quoted speech, too, where its marks are typed as two apostrophes.

    One of the newspapers writes them so, and `score.py` takes what stands in them for indirect speech: then every such
    quote that is found counts as one too many among the quoted and as one missed among the indirect.
    """
    first, last = min(attribution["content"]), max(attribution["content"])
    around = text[max(0, first - 2) : last + 3]
    return {**attribution, "quoted": attribution["quoted"] or "''" in around or "``" in around}


def election(shared: Path, out: Path) -> dict[str, Any]:
    """Articles of seven outlets on another topic, by the general roles and a codebook of two sides."""
    folder = shared / "benchmarks" / "election"
    if not folder.is_dir():
        pytest.skip(f"needs the coded articles on an election in {folder}")
    return score(shared, "talks", folder / "articles", folder / "coding", folder / "codebook", out)


def cases(shared: Path, _: Path) -> dict[str, Any]:
    """Small inputs of many kinds with the right values, which were written down before the program was run."""
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip(f"needs the cases in {folder}")
    command = [sys.executable, str(folder / "check.py"), str(folder / "cases.jsonl")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return flat(json.loads(told.splitlines()[-1]))


def reader(shared: Path, out: Path) -> dict[str, Any]:
    """What a capable language model gave to the requests of `media-analysis code --export`, by offsets in `reader/`.

    It saw the requests alone: the codebook's entries and the sentences. Counted as `score.py` counts the rules.
    """
    figures = {}
    for name in ("election", "talks"):
        gold = shared / "benchmarks" / name / "coding"
        if not gold.is_dir():
            pytest.skip(f"needs the coding of {name} in {gold}")
        given = {
            part: pd.read_csv(ROOT / "tests" / "reader" / f"{name}_{part}.csv")
            for part in ("sentences", "stances")
        }
        coded = pd.read_csv(gold / "sentences.csv", keep_default_na=False)
        coded = coded[coded["kind"] == ""]
        at = align(given["sentences"], coded)
        figures |= flat(of_reader(given, at, coded, gold, measures(shared).macro), f"{name}.")
    return figures | of_readers_sources(shared, out)


def of_readers_sources(shared: Path, out: Path) -> dict[str, Any]:
    """The roles and sides that it gave to the sources that the rules find, by name: right ones of all matched quotes, and
    the mean F1 of the roles.
    """
    folder = shared / "benchmarks" / "election"
    made = annotate_folder(folder / "articles", folder / "codebook")
    told = pd.read_csv(ROOT / "tests" / "reader" / "election_sources.csv")
    sources = made["sources"].drop(columns=["role", "side"])
    made = {**made, "sources": sources.merge(told, on=["article_id", "name"], how="left")}
    write_tables(made, out)
    module = measures(shared)
    figures = module.score_talks(str(out), str(folder / "coding"))["speakers"]
    found = {f"election.speakers.{of}": figures[of] for of in ("role", "side")}
    pairs = [pair for pair in _matched_roles(module, made, folder / "coding") if pair[0]]
    roles = sorted({human for human, _ in pairs})
    each = f1_score(*zip(*pairs, strict=True), labels=roles, average="macro")
    return found | {"election.speakers.role.macro_f1": round(float(each), 3)}


def _matched_roles(module: Any, made: dict[str, pd.DataFrame], coding: Path) -> Iterator[tuple[str, str]]:
    """The roles that people and the coder gave to the source of each quote that both have, matched as `score.py` does."""
    gold = pd.read_csv(coding / "quotes.csv", keep_default_na=False)
    quotes = made["quotes"].merge(made["sources"].drop(columns="article_id"), on="source_id", how="left")
    for article, human in gold.groupby("article_id"):
        ours = quotes[quotes["article_id"] == article]
        spans = [module.span(row, "start", "end") for row in human.itertuples()]
        for i, j in module.match(spans, [module.content(row, spans) for row in ours.itertuples()], 0.3):
            yield human["role"].iloc[i], str(ours["role"].iloc[j])


def of_reader(
    given: dict[str, pd.DataFrame], at: pd.Series, coded: pd.DataFrame, gold: Path, macro: Any
) -> dict[str, Any]:
    sentences = given["sentences"].assign(at=at).dropna(subset=["at"])
    open_ones = coded["frames_open"]  # coders differed: not counted
    frames = {
        code: (
            set(coded.loc[[code in row.split("|") for row in coded["frames"]], "sentence"]),
            set(sentences.loc[[code in str(row).split("|") for row in sentences["frames"]], "at"])
            - set(coded.loc[[code in row.split("|") for row in open_ones], "sentence"]),
        )
        for code in sorted({code for row in coded["frames"] for code in row.split("|") if code})
    }
    settled = set(coded.loc[coded["sentiment"] != "", "sentence"])
    tone = {
        value: (
            set(coded.loc[coded["sentiment"] == value, "sentence"]),
            set(sentences.loc[sentences["sentiment"] == value, "at"]) & settled,
        )
        for value in ("negative", "neutral", "positive")
    }
    told = pd.read_csv(gold / "stances.csv", keep_default_na=False)
    told = told[told["sentence"].isin(coded["sentence"])]
    places = dict(zip(sentences["sentence"], sentences["at"], strict=True))
    found = given["stances"].assign(at=given["stances"]["sentence"].map(places)).dropna(subset=["at"])
    stances = {}
    for target in told["target"].unique():
        mine, his = told[told["target"] == target], found[found["target"] == target]
        unsure = set(mine.loc[mine["coders"] != "both", "sentence"])
        mine = mine[mine["coders"] == "both"]
        stances[target] = {
            value: (
                set(mine.loc[mine["stance"] == value, "sentence"]),
                set(his.loc[his["stance"] == value, "at"]) - unsure,
            )
            for value in sorted(mine["stance"].unique())
        }
    return {
        "frames": macro(frames),
        "sentiment": macro(tone),
        **{f"stance:{target}": macro(values) for target, values in stances.items() if values},
    }


def by_article(shared: Path, out: Path) -> dict[str, Any]:
    """Each of the five articles by itself, by the coder whose codes count in the first study; `.lowest` is that of the five.

    Quotes are found by the rules, whoever codes; an article's macro-F1 is over the values that people gave in it.
    """
    study = open_study(ROOT / "data" / "us-russia-talks")
    coders, macro = load_coders(study), measures(shared).macro
    counts = counting(study, coders, ("stance", "sentiment"))
    article = study.sentences.set_index("sentence_id")["article_id"]
    found: dict[str, dict[str, float]] = {}
    for of, variable in (("stance", "stance on negotiations"), ("tone", "sentiment")):
        human = coders[SETTLED].given(variable)
        machine = counts[variable.split(" ")[0]].coder.given(variable).reindex(human.index)
        for own, given in human.groupby(human.index.map(article)):
            values = sorted(set().union(*given))
            pairs = {
                v: tuple({u for u in given.index if v in codes[u]} for codes in (human, machine))
                for v in values
            }
            found.setdefault(of, {})[own[:3]] = macro(pairs)["macro_f1"]
    write_tables(annotate_folder(shared / "us-russia-talks" / "articles", study.folder / "codebook"), out)
    for own in study.articles["article_id"]:
        part = out / own
        part.mkdir()
        for kind in ("sentences", "stances", "quotes"):
            rows = pd.read_csv(study.folder / "coding" / f"{kind}.csv", keep_default_na=False)
            rows[rows["article_id"] == own].to_csv(part / f"{kind}.csv", index=False)
        figures = measures(shared).score_talks(str(out), str(part))
        found.setdefault("quotes", {})[own[:3]] = figures["quotes@0.3"]["f1"]
    return flat({of: {"lowest": min(each.values()), **each} for of, each in found.items()})


def policy_frames(shared: Path, out: Path) -> dict[str, Any]:
    """The ready codebook by its rules, an article's frames by `article_frames` as it stands; and learned, by `fit` as
    it stands, each article by a coder that had read four fifths of the others: the mean of three ways to split them.
    """
    folder = shared / "benchmarks" / "frames"
    if not folder.is_dir():
        pytest.skip(f"needs the articles coded for policy frames in {folder}")
    gold = dict(line.split("\t") for line in (folder / "labels.tsv").read_text(encoding="utf-8").splitlines())
    spelling = {label.lower(): label for labels in gold.values() for label in labels.split(",")}
    articles = take_in(folder / "articles", load_language()).articles
    documents = parse(articles, load_language())
    # Whose words a frame is in plays no part here, so no quotes are looked for.
    frames = find_frames(documents, load_codebook(Path("policy-frames")))
    found = article_frames(frames, sentence_table(documents))
    used = found[found["used"]].groupby("article_id")["frame"].agg(list).to_dict()
    rules = {a: [spelling[frame] for frame in used.get(a, ())] for a in gold}
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    splits = [learned_in_folds(texts, gold, seed) for seed in range(3)]
    scores = []
    for given in (rules, *splits):
        lines = [f"{a}\t{','.join(given[a])}\n" for a in gold]
        (out / "frames.tsv").write_text("".join(lines), encoding="utf-8")
        scores.append(measures(shared).score_labels(str(out / "frames.tsv"), str(folder / "labels.tsv")))
    learned = {name: round(float(np.mean([s[name] for s in scores[1:]])), 4) for name in scores[1]}
    return flat({"rules": scores[0], "learned": learned})


def learned_in_folds(texts: dict[str, str], gold: dict[str, str], seed: int) -> dict[str, list[str]]:
    ids = np.array(list(gold))
    given = {}
    for learned, held_out in KFold(5, shuffle=True, random_state=seed).split(ids):
        coder = fit([texts[a] for a in ids[learned]], [set(gold[a].split(",")) for a in ids[learned]])
        codes = coder.predict([texts[a] for a in ids[held_out]])
        given |= {a: sorted(found) for a, found in zip(ids[held_out], codes, strict=True)}
    return given


def newsmtsc_dev(shared: Path, out: Path) -> dict[str, Any]:
    """The attitude towards a target, by rules and learned from the training part."""
    folder = shared / "benchmarks" / "newsmtsc"
    if not folder.is_dir():
        pytest.skip(f"needs NewsMTSC in {folder}")
    (train, labels), (dev, gold) = (attitudes(folder / f"{part}.jsonl") for part in ("train", "dev"))
    coder = fit([around(*target) for target in train], [{label} for label in labels])
    learned = [label for codes in coder.predict([around(*target) for target in dev]) for label in codes]
    (out / "gold").write_text("\n".join(gold), encoding="utf-8")
    figures = {}
    for name, given in (("rules", [toward(*target) for target in dev]), ("learned", learned)):
        (out / name).write_text("\n".join(given), encoding="utf-8")
        figures[name] = measures(shared).score_classes(str(out / name), str(out / "gold"))
    return flat(figures)


def attitudes(path: Path) -> tuple[list[tuple[str, int, int]], list[str]]:
    """The sentences with the span of each of their targets, and the attitudes."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    targets = [(row["sentence_normalized"], target) for row in rows for target in row["targets"]]
    return (
        [(text, int(target["from"]), int(target["to"])) for text, target in targets],
        [{2: "negative", 4: "neutral", 6: "positive"}[int(target["polarity"])] for _, target in targets],
    )


def editorials(shared: Path, _: Path) -> dict[str, Any]:
    """The tone of snippets, against the mean of twenty raters."""
    path = shared / "benchmarks" / "editorials" / "snippets.tsv"
    if not path.is_file():
        pytest.skip(f"needs the rated snippets of editorials in {path}")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    tone, _speaking = general_tone()
    scores = [tone.read(split_tokens(text)).score() for _, _, text in rows]
    return {"r": round(float(np.corrcoef(scores, [float(mean) for _, mean, _ in rows])[0, 1]), 3)}


def below(figures: dict[str, Any], floors: dict[str, float]) -> dict[str, str]:
    return {name: f"{figures[name]} < {floor}" for name, floor in floors.items() if figures[name] < floor}


def test_the_five_articles_are_annotated_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    figures = talks(shared, tmp_path)
    assert figures["lines_right"] == "129/129"
    assert below(figures, FLOORS["talks"]) == {}


@pytest.mark.slow
def test_each_of_the_five_articles_is_coded_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(by_article(shared, tmp_path), FLOORS["by_article"]) == {}


@pytest.mark.slow
def test_quotes_of_real_news_are_found_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    figures = polnear_dev(shared, tmp_path)
    assert figures["articles_with_changed_or_missing_text"] == 0
    assert below(figures, FLOORS["polnear_dev"]) == {}


@pytest.mark.slow
def test_sources_on_another_topic_are_told_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(election(shared, tmp_path), FLOORS["election"]) == {}


@pytest.mark.slow
def test_articles_of_other_years_are_annotated_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    figures = war_of_other_years(shared, tmp_path)
    assert figures["clutter_read"] <= 3 and figures["text_lost"] == 0
    assert below(figures, FLOORS["war_of_other_years"]) == {}


@pytest.mark.slow
def test_cases_of_many_kinds_are_read_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(cases(shared, tmp_path), FLOORS["cases"]) == {}


def test_what_a_language_model_gave_is_scored_as_it_was(shared: Path, tmp_path: Path) -> None:
    assert below(reader(shared, tmp_path), FLOORS["reader"]) == {}


@pytest.mark.slow
def test_policy_frames_of_articles_are_found_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(policy_frames(shared, tmp_path), FLOORS["policy_frames"]) == {}


@pytest.mark.slow
def test_the_tone_of_editorials_is_scored_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(editorials(shared, tmp_path), FLOORS["editorials"]) == {}


@pytest.mark.slow
def test_attitudes_towards_targets_are_told_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    assert below(newsmtsc_dev(shared, tmp_path), FLOORS["newsmtsc_dev"]) == {}


if __name__ == "__main__":
    import tempfile

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
    found = {}
    for measure in (
        talks,
        by_article,
        election,
        war_of_other_years,
        cases,
        reader,
        polnear_dev,
        policy_frames,
        newsmtsc_dev,
        editorials,
    ):
        with tempfile.TemporaryDirectory() as out:
            found[measure.__name__] = measure(folder, Path(out))
    print(json.dumps(found, indent=1))
