from pathlib import Path

import pytest

from analysis.codebook import CodebookError, check_codebook, load_codebook, place_indicators
from analysis.language import load_language

FRAMES = """\
frames:
  conflict:
    name: Conflict
    definition: The sentence sets parties against each other.
    example: The armies clash at the river.
    counter_example: The envoys met at the river.
    indicators:
      - clash*
    except:
      - clash of symbols
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(tmp_path: Path, **files: str) -> list[tuple[int, str]]:
    return [(f.line, f.message) for f in check_codebook(folder_with(tmp_path, **files))]


def test_a_code_keeps_what_the_file_says(tmp_path):
    code = load_codebook(folder_with(tmp_path, frames=FRAMES)).frames["conflict"]
    assert (code.name, code.indicators, code.exceptions) == ("Conflict", ("clash*",), ("clash of symbols",))


def test_the_general_codebook_is_without_faults():
    assert check_codebook() == []


@pytest.mark.parametrize(
    "study", sorted(Path(__file__).parents[1].glob("data/*/codebook")), ids=lambda p: p.parent.name
)
def test_a_study_s_codebook_is_without_faults(study):
    assert check_codebook(study) == []


def test_a_file_that_the_folder_lacks_is_the_general_one(tmp_path):
    study, general = load_codebook(folder_with(tmp_path, frames=FRAMES)), load_codebook()
    assert list(study.frames) == ["conflict"]
    assert (study.targets, study.tone) == (general.targets, general.tone)


def test_extends_adds_a_shipped_codebook_and_the_study_s_own_code_wins(tmp_path):
    general = load_codebook().frames
    code = next(iter(general))
    own = f"extends: general\nframes:\n  {code}:\n    indicators: [zebra]\n  new:\n    definition: New.\n    indicators: [okapi]\n"
    frames = load_codebook(folder_with(tmp_path, frames=own)).frames
    assert list(frames) == [*general, "new"]
    assert frames[code].indicators == ("zebra",)
    assert frames[code].definition == general[code].definition


def test_also_adds_indicators_to_those_taken_over(tmp_path):
    general = load_codebook().frames
    code = next(iter(general))
    own = f"extends: general\nframes:\n  {code}:\n    also: [zebra]\n"
    assert load_codebook(folder_with(tmp_path, frames=own)).frames[code].indicators == (
        *general[code].indicators,
        "zebra",
    )


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path):
    broken = """\
frames:
  conflict:
    definition: The sentence sets parties against each other.
    indicator: [clash*]
    indicators:
      - (a|b
  empty:
    indicators: [x]
  conflict:
    definition: Again.
"""
    with pytest.raises(CodebookError) as error:
        load_codebook(folder_with(tmp_path, frames=broken))
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0].rpartition("line ")[2] for line in lines] == ["4", "9", "6", "7"]
    assert "did you mean 'indicators'" in lines[0]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("frames: [a]", 1, "'frames' must be a mapping"),
        ("frames:\n  a:\n    definition: [x]", 3, "'definition' must be a text"),
        ("frames:\n  a:\n    definition: x\n    indicators: y", 4, "'indicators' must be a list"),
        ("frames:\n  a: 'x", 2, "cannot be read as YAML"),
        ("- a", 1, "the file must be a mapping"),
        ("frams: {}", 1, "did you mean 'frames'"),
        ("extends: nobody\nframes: {}", 1, "extends 'nobody'"),
        ("frames:\n  a:\n    definition:\n    indicators: [b]", 3, "'definition' must be a text"),
    ],
)
def test_a_file_that_is_not_a_codebook_is_told_where(tmp_path, text, line, message):
    faults = faults_of(tmp_path, frames=text)
    assert any(at == line and message in said for at, said in faults), faults


def test_a_tone_that_is_no_number_is_told(tmp_path):
    assert faults_of(tmp_path, tone="words:\n  truce: good") == [(2, "'truce' must be a number, not 'good'")]


def test_words_that_yaml_would_take_for_true_or_false_stay_words(tmp_path):
    codebook = load_codebook(folder_with(tmp_path, tone="words: {no: -1, on: 1}\nno_tone: [yes, off]"))
    assert codebook.tone == {"no": -1.0, "on": 1.0}
    assert codebook.no_tone == {"yes", "off"}


def test_an_example_that_its_code_does_not_match_is_a_warning(tmp_path):
    text = FRAMES.replace("armies clash", "armies meet").replace("envoys met", "envoys clashed")
    assert faults_of(tmp_path, frames=text) == [
        (5, "'conflict': its example is not matched by its own indicators"),
        (6, "'conflict': its counter_example is matched ('clash*') by its own indicators"),
    ]
    assert load_codebook(tmp_path)


def test_an_indicator_in_two_frames_is_a_warning(tmp_path):
    text = FRAMES + "  battle:\n    definition: War.\n    indicators: [clash*]\n"
    assert faults_of(tmp_path, frames=text) == [(13, "'battle': indicator 'clash*' is also in 'conflict'")]


def test_a_file_of_an_unknown_name_is_a_warning(tmp_path):
    assert "did you mean frames.yml?" in faults_of(tmp_path, frame="x: 1")[0][1]


def test_a_verb_without_forms_is_inflected_and_its_class_is_checked(tmp_path):
    text = "verbs:\n  warn: {class: judging, content: [that]}\n  say: {class: nice}\n"
    assert faults_of(tmp_path, verbs=text) == [
        (3, "'say': class 'nice' is none of neutral, endorsing, distancing, judging")
    ]


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("warn", ("warn", "warns", "warned", "warning")),
        ("note", ("note", "notes", "noted", "noting")),
        ("deny", ("deny", "denies", "denied", "denying")),
        ("stress", ("stress", "stresses", "stressed", "stressing")),
        ("point out", ("point out", "points out", "pointed out", "pointing out")),
    ],
)
def test_regular_verbs_are_inflected(lemma, forms):
    assert load_language().inflect(lemma) == forms


def test_an_indicator_of_two_positions_of_one_target_is_told(tmp_path):
    (tmp_path / "stance.yml").write_text(
        "targets:\n  bridge:\n    definition: The new bridge.\n    about: [bridge]\n    positions:\n"
        "      favourable: [good bridge]\n      unfavourable:\n        - good bridge\n"
    )
    (said,) = [str(f) for f in check_codebook(tmp_path) if "is also in" in str(f)]
    assert "line 8" in said and "'bridge: unfavourable'" in said and "'bridge: favourable'" in said


def test_every_indicator_is_known_with_its_file_and_line(tmp_path):
    (tmp_path / "frames.yml").write_text(
        "frames:\n  jobs:\n    definition: Work.\n    indicators:\n      - lay off*\n"
    )
    (placed,) = [p for p in place_indicators(tmp_path) if p.code == "jobs"]
    assert (placed.indicator, placed.file, placed.line) == ("lay off*", str(tmp_path / "frames.yml"), 5)


def test_a_codebook_shows_its_codes_with_their_definitions_and_no_markup_of_theirs(tmp_path):
    attack = FRAMES.replace("name: Conflict", "name: <img src=x onerror=y>")
    codebook = load_codebook(folder_with(tmp_path, frames=attack))
    html = codebook._repr_html_()
    assert "The sentence sets parties against each other." in html and "indicators: 1" in html
    assert [target.definition for target in codebook.targets.values() if target.name not in html] == []
    assert "<img" not in html


def test_in_the_terminal_a_codebook_takes_one_line(tmp_path):
    codebook = load_codebook(folder_with(tmp_path, frames=FRAMES))
    assert repr(codebook).startswith(f"<Codebook {tmp_path.name}: 1 frame, ")
    assert "\n" not in repr(codebook)


@pytest.mark.parametrize(
    ("implies", "message"),
    [
        ("peace: {for: against}", "'talks' implies 'peace', which is no other target"),
        ("talks: {for: against}", "'talks' implies 'talks', which is no other target"),
        ("truce: {yes: contra}", "'yes' is no position of 'talks' (for, against)"),
        ("truce: {for: maybe}", "'maybe' is no position of 'truce' (pro, contra)"),
    ],
)
def test_what_a_target_implies_is_a_position_of_another(tmp_path, implies, message):
    (tmp_path / "stance.yml").write_text(
        "targets:\n"
        "  talks:\n    definition: d\n    about: [talks]\n"
        f"    implies:\n      {implies}\n"
        "    positions: {for: [good], against: [bad]}\n"
        "  truce: {definition: d, about: [truce], positions: {pro: [good], contra: [bad]}}\n"
    )
    (fault,) = [f for f in check_codebook(tmp_path) if f.severity == "error"]
    assert (fault.line, fault.message) == (6, message)


STANCE = """\
targets:
  truce:
    definition: A truce.
    about: [truce]
    positions: {favourable: [good], unfavourable: [bad]}
  talks:
    definition: The talks.
    about: [talks]
    positions: {favourable: [progress], unfavourable: [failure]}
    attitudes: {favourable: [welcome*]}
    implies:
      truce: {favourable: favourable}
"""


def test_positions_in_american_spelling_are_those_in_british(tmp_path):
    british = load_codebook(folder_with(tmp_path, stance=STANCE)).targets
    american = load_codebook(folder_with(tmp_path, stance=STANCE.replace("favour", "favor"))).targets
    assert american == british and "neutral" in american["talks"].positions
    assert check_codebook(tmp_path) == []


def test_one_position_in_two_spellings_is_an_error(tmp_path):
    twice = STANCE.replace("unfavourable: [bad]", "favorable: [bad]")
    (fault,) = [f for f in check_codebook(folder_with(tmp_path, stance=twice)) if f.severity == "error"]
    assert (
        fault.line == 5
        and fault.message == "'favorable' is here a second time, in another spelling; join the two"
    )


def test_positions_that_a_net_stance_cannot_count_are_remarked(tmp_path):
    unknown = STANCE.replace("favourable: [good], unfavourable", "support: [good], unfavourable")
    (fault,) = check_codebook(folder_with(tmp_path, stance=unknown.split("    implies")[0]))
    assert fault.line == 5 and fault.message.startswith("'truce': net stance cannot count 'support'; ")


def test_a_section_with_remarks_alone_is_empty(tmp_path: Path) -> None:
    (tmp_path / "tone.yml").write_text(
        "extends: general\nactors:\n  # lund: {name: Anna Lund}\n", encoding="utf-8"
    )
    assert check_codebook(tmp_path) == [] and load_codebook(tmp_path).actors == {}


def test_a_line_out_of_its_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "tone.yml").write_text(
        "actors:\n  a: {name: A, indicators: [x]}\n b: {name: B, indicators: [y]}\n", encoding="utf-8"
    )
    assert "line 3" in str(check_codebook(tmp_path)[0]) and "is not indented like" in str(
        check_codebook(tmp_path)[0]
    )
