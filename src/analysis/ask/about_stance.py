"""What is asked about stance."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.ask.comparison import Comparison, Piece
from analysis.ask.material import STANCES, Material
from analysis.compare.shares import net_stance, shares
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, listed, percent, signed

_WHOSE = {"author": "own voice", "quoted": "cited voices", "reported": "cited voices"}
_CITED = ("quoted", "reported")
_FEW = 3  # positions; the share of fewer is not worth a bar
_NET = "(favourable - unfavourable) / all positions; lines: 95% bootstrap over articles, or inside the one article"


def positions(about: Material) -> Comparison:
    """How many positions on the study's target are favourable, neutral or unfavourable, all voices together."""
    rows = _on_target(about)
    return Comparison(
        about.study,
        "05-stance",
        shares(rows, rows, of="stance", unit="position", labels=list(STANCES), groups=about.study.outlets),
        unit="positions: one holder's stance in one sentence",
        of="stance",
        form="sides",
        leads={
            "n": lead("05-sentences", "outlet", "stance", target=about.asked),
            "total": lead("05-sentences", "outlet", target=about.asked),
        },
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "positions": counted(len(rows), "position")},
        look={"order": list(STANCES)},
        **about.trust(f"stance on {about.target.code}", list(STANCES)),
    )


def net_stance_by_voice(about: Material) -> Comparison:
    """Net stance on the study's target in the outlet's own voice and in the voices that it cites."""
    both = pd.concat(
        [
            _net(about, "author").assign(whose="own voice"),
            _net(about, _CITED).assign(whose="cited voices"),
        ]
    )
    return Comparison(
        about.study,
        "05-voices",
        both.drop(columns="voice"),
        unit=_NET,
        of="whose",
        value="net",
        form="dots",
        leads={
            "n": lead("05-sentences", "outlet", "whose", "target"),
            **{value: lead("05-sentences", "outlet", "whose", "target", stance=value) for value in STANCES},
        },
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "together": _together(about)},
        look={"marks": {0: "balance"}},
        **about.trust(f"stance on {about.target.code}", list(STANCES)),
    )


def net_stance_of_all(about: Material) -> Comparison:
    """Net stance on the study's target, all voices together."""
    return Comparison(
        about.study,
        "05-all-voices",
        _net(about, None).drop(columns="voice"),
        unit=_NET,
        value="net",
        form="dots",
        leads={"n": lead("05-sentences", "outlet", "target")},
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "positions": counted(len(_on_target(about)), "position")},
        look={"marks": {0: "balance"}},
        **about.trust(f"stance on {about.target.code}", list(STANCES)),
    )


def other_targets(about: Material) -> Comparison:
    """Net stance on each other target of the codebook of which the study holds a position."""
    targets = {code: t for code, t in about.study.codebook.targets.items() if code != about.target.code}
    stance, outlets = _stance(about), about.study.outlets
    nets = {code: net_stance(stance, target=code, groups=outlets) for code in targets}
    found = {code: net for code, net in nets.items() if net["n"].sum()}
    empty = net_stance(stance, target=about.target.code, groups=[])
    said = [
        f"{targets[code].name}: {listed(f'{signed(row.net)} in {row.outlet}' for row in net.dropna(subset=['net']).itertuples())}"
        for code, net in found.items()
    ]
    trusts = {
        code: about.trust(f"stance on {code}", list(target.positions)) for code, target in targets.items()
    }
    return Comparison(
        about.study,
        "05-targets",
        pd.concat(found.values() or [empty]).drop(columns="voice"),
        unit="(favourable - unfavourable) / all positions on the target; sincere counts as favourable",
        of="target",
        value="net",
        form="balance",
        names={code: target.name for code, target in targets.items()},
        doubtful={code for code, trust in trusts.items() if trust["doubtful"]},
        leads={
            "n": lead("05-sentences", "outlet", "target"),
            "favourable": lead("05-sentences", "outlet", "target", stance=["favourable", "sincere"]),
            "unfavourable": lead("05-sentences", "outlet", "target", stance=["unfavourable", "insincere"]),
            "neutral": lead("05-sentences", "outlet", "target", stance="neutral"),
        },
        behind=lambda: _sentences(about),
        facts={"targets": "; ".join(said) or None},
    )


def holders(about: Material) -> Comparison:
    """The stances on the study's target by the role of who holds them; roles with three positions or more."""
    rows = _with_holder(about)
    rows = rows[rows["target"] == about.target.code]
    by_role = shares(rows, rows, of="stance", by="role", unit="position", labels=list(STANCES))
    by_role = by_role[by_role["total"] >= _FEW]
    roles = {code: role.name for code, role in about.study.codebook.roles.items()}
    roles["author"] = "the outlet itself"
    critics = by_role[by_role["stance"] == "unfavourable"].sort_values("share").tail(1)
    most = [
        f"{roles[row.role]} ({percent(row.share)} of {counted(row.total, 'position')})"
        for row in critics.itertuples()
    ]
    return Comparison(
        about.study,
        "05-holders",
        by_role,
        unit="positions, by the role of their holder; roles with three positions or more",
        of="stance",
        by="role",
        form="sides",
        names=roles,
        leads={
            "n": lead("05-sentences", "role", "stance", target=about.asked),
            "total": lead("05-sentences", "role", target=about.asked),
        },
        behind=lambda: _sentences(about),
        facts={"critics": "".join(most) or None},
        look={"order": list(STANCES)},
        **about.trust(f"stance on {about.target.code}", list(STANCES)),
    )


def _stance(about: Material) -> pd.DataFrame:
    """Every position with its outlet, an id of its own, and whose voice it is in."""
    rows = about.study.with_outlet(about.study.stance)
    return rows.assign(position=rows.index, whose=rows["voice"].map(_WHOSE))


def _on_target(about: Material) -> pd.DataFrame:
    rows = _stance(about)
    return rows[rows["target"] == about.target.code]


def _net(about: Material, voice: str | Collection[str] | None) -> pd.DataFrame:
    return net_stance(_on_target(about), target=about.target.code, voice=voice, groups=about.study.outlets)


def _together(about: Material) -> list[Piece]:
    """For each outlet net stance in all voices and, in brackets, in its own."""
    own = _net(about, "author").set_index("outlet")["net"]
    every = _net(about, None).dropna(subset=["net"]).sort_values("net")
    place = lead("05-sentences", "outlet", target=about.asked)
    pieces: list[Piece] = []
    for number, (row, address) in enumerate(zip(every.itertuples(), place.addresses(every), strict=True)):
        before = "" if not number else " and " if number == len(every) - 1 else ", "
        alone = "none" if pd.isna(own[row.outlet]) else signed(own[row.outlet])
        pieces += [(before, ""), (f"{signed(row.net)} ({alone})", address), (f" in {row.outlet}", "")]
    return pieces


def _with_holder(about: Material) -> pd.DataFrame:
    known = about.study.sources[["source_id", "name", "role", "side"]]
    rows = _stance(about).merge(known, on="source_id", how="left", validate="many_to_one")
    return rows.assign(role=rows["role"].fillna("author"))


def _sentences(about: Material) -> Evidence:
    target = about.target.code
    hits = _with_holder(about).sort_values("target", key=lambda code: code != target, kind="stable")
    title = f"Positions on {about.topic} and on the other targets"
    return about.evidence(hits, title, "05-sentences", also=["target", "role", "whose"], each=["position"])
