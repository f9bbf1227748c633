"""What is asked about coding still to be done: how sure findings are, and what the last coding changed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.coding.model.prompt import FRAMES, STANCE, TONE
from analysis.compare.coding_plan import (
    EVERYWHERE,
    PACE,
    POINTS,
    CodingPlan,
    Finding,
    Planner,
    coded_units,
    estimate,
)
from analysis.compare.corrected import Posterior
from analysis.show.wording import counted, in_words, listed, percent, uncapitalised
from analysis.study import Study

_SHOWN = 3  # findings whose change is said in words


def coding_plan(about: Material, points: float = POINTS) -> Comparison:
    """How many sentences more to code for each outlet's most frequent frame to be within +- `points`; {line} says it.

    It says, too, what the last wave of coding changed.
    """
    planner = Planner(about.study)
    findings = planner.default()
    planned = planner.plan(findings, points)
    line = plan_line(planned, what="each outlet’s most frequent frame")
    how = f"The command media-analysis plan {about.study.name} --out draws them." if planned.more else ""
    return Comparison(
        about.study,
        "08-plan",
        plan_table(about.study, planned),
        by="finding",
        value="alone",
        facts={"line": " ".join(filter(None, (change_line(planner, findings), line, how)))},
    )


def plan_table(study: Study, planned: CodingPlan) -> pd.DataFrame:
    """A row a finding: finding (in words), coded, total, share, half_width, alone (more sentences for it alone), expected.

    Shares and half-widths are fractions; NA where no sentence was coded yet.
    """
    rows = []
    for place, (finding, one) in enumerate(zip(planned.findings, planned.groups, strict=True)):
        row = {"finding": said(study, finding), "coded": coded_units(one), "total": len(one.human)}
        if row["coded"]:
            found = estimate(one)
            low, high = found.interval()
            row |= {"share": found.share, "half_width": (high - low) / 2}
        if planned.made is not None:
            line = planned.made.findings.iloc[place]
            row |= {"alone": int(line["alone"]), "expected": float(line["expected"])}
        rows.append(row)
    columns = ["finding", "coded", "total", "share", "half_width", "alone", "expected"]
    return pd.DataFrame(rows, columns=columns).astype({"alone": "Int64"})


def plan_line(planned: CodingPlan, *, what: str = "", pace: float = PACE) -> str:
    """What to code next, in one sentence; `what` names the findings together."""
    many = counted(len(planned.findings), "finding")
    what = what or ("this finding" if len(planned.findings) == 1 else f"these {many}")
    within = f"plus or minus {planned.points:g} points"
    sentences = f"{counted(planned.more, 'more sentence')}, about {in_time(planned.minutes(pace))},"
    if not planned.findings:
        return "This study has no finding that coding could make surer: no frame was found."
    if planned.made is None:
        first = sentences.replace(" more", "")
        return f"Nobody has coded a random sample for {what} yet. First code {first} to learn how many it takes for {within}."
    if all(coded_units(one) == len(one.human) for one in planned.groups):
        return f"People have coded every sentence behind {what}: no coding would make that surer."
    if not planned.more:
        return f"By what people have coded, {what} {'is' if what == 'this finding' else 'are'} known to {within}."
    return f"Code {sentences} for {within} on {what}."


def change_line(planner: Planner, findings: Sequence[Finding]) -> str:
    """What the last wave of coding changed, in one sentence; empty where there was one wave or none."""
    changes = planner.changes(findings)
    if not changes:
        return ""
    most = sorted(changes, key=lambda change: -abs(change[2].share - change[1].share))[:_SHOWN]
    parts = [
        f"{said(planner.study, finding)} from {_interval(before)} to {_interval(after)}"
        for finding, before, after in most
    ]
    rest = f", the others less ({counted(len(changes), 'finding')} in all)" if len(changes) > _SHOWN else ""
    return f"What was coded last (wave {planner.waves(findings)[-1]}) changed {listed(parts)}{rest}."


def said(study: Study, finding: Finding) -> str:
    """A finding in words: security in Wire, negative wording in all articles."""
    book = study.codebook
    if finding.variable == FRAMES:
        frame = book.frames.get(finding.value)
        code = uncapitalised(frame.name) if frame else in_words(finding.value)
    elif finding.variable == TONE:
        code = f"{finding.value} wording"
    else:
        target = book.targets[finding.variable.removeprefix(STANCE)]
        code = f"{in_words(finding.value)} positions on {target.name.replace('The ', 'the ', 1)}"
    return f"{code} in {'all articles' if finding.outlet == EVERYWHERE else finding.outlet}"


def in_time(minutes: int) -> str:
    """40 minutes; 1 hour; 3 hours 10 minutes: above an hour in tens of minutes."""
    if minutes < 60:
        return counted(minutes, "minute")
    hours, rest = divmod(round(minutes, -1), 60)
    return counted(hours, "hour") + (f" {rest} minutes" if rest else "")


def _interval(found: Posterior) -> str:
    low, high = found.interval()
    return f"{percent(found.share)} ({100 * low:.0f} to {100 * high:.0f})"
