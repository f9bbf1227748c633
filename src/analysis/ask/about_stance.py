"""What is asked about stance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.ask.comparison import Comparison, Piece, joined
from analysis.ask.material import STANCES, Material
from analysis.codebook import POSITION_WORTH
from analysis.coding.counting import people
from analysis.coding.model.prompt import STANCE
from analysis.compare.contrast import FEWEST
from analysis.compare.corrected_positions import NET
from analysis.compare.shares import net_stance, shares
from analysis.ids import among
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, listed, percent, signed

_WHOSE = {"author": "own voice", "quoted": "cited voices", "reported": "cited voices"}
_CITED = ("quoted", "reported")
_POSITION = "position"
_OTHER = "other"
_FIRST = "05-all-voices"  # the comparison that notebook 05 begins with
_NET = "(favourable − unfavourable) / all positions; lines: 95% bootstrap over articles, or inside the one article"
_FIXED = "(favourable − unfavourable) / all positions"
_POSITIONS = "positions: one holder's stance in one sentence of deck and body"
_NO_HOLDERS = "whose the positions are nobody coded"


def not_asked(about: Material, name: str, of: str, value: str, by: str = "outlet") -> Comparison:
    """What stands where the study names no target: nobody asked, so nothing is answered; how to ask is said once."""
    known = listed(about.study.codebook.targets)
    offered = f"; the codebook has {known}" if known else ", and define one in the codebook’s stance.yml"
    return Comparison(
        about.study,
        name,
        pd.DataFrame(columns=[by, *([of] if of else []), value, "n"]),
        of=of,
        by=by,
        value=value,
        behind=lambda: about.evidence(_stance(about).head(0), "Positions", "05-sentences"),
        unasked=(
            f"This study asks about no stance. To ask, write `target: CODE` into its study.yml{offered}."
            if name == _FIRST
            else "Not asked: the study names no stance target."
        ),
    )


def positions(about: Material) -> Comparison:
    """How many positions on the study's target are favourable, neutral or unfavourable, all voices together."""
    if about.target is None:
        return not_asked(about, "05-stance", "stance", "share")
    rows = _on_target(about)
    table = shares(rows, rows, of="stance", unit="position", labels=list(STANCES), groups=about.study.outlets)
    fixed, sample = _corrected(about, None, about.target.code)
    if sample:
        table = beside(table, fixed, "outlet")
    return Comparison(
        about.study,
        "05-stance",
        table,
        unit=_POSITIONS,
        of="stance",
        form="corrected" if sample else "sides",
        leads={
            "n": lead("05-sentences", "outlet", "stance", target=about.asked),
            "total": lead("05-sentences", "outlet", target=about.asked),
        },
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "positions": counted(len(rows), "position")},
        look={} if sample else {"order": list(STANCES)},
        sample=sample,
        **about.trust(_variable(about), list(STANCES), corrected=bool(sample)),
    )


def net_stance_by_voice(about: Material) -> Comparison:
    """Net stance on the study's target in the outlet's own voice and in the voices that it cites."""
    if about.target is None:
        return not_asked(about, "05-voices", "whose", "net")
    nets = {"own voice": _net(about, "author"), "cited voices": _net(about, _CITED)}
    sample = next((sample for _, sample in nets.values() if sample), "")
    tables = [net.assign(whose=whose) for whose, (net, _) in nets.items()]
    return Comparison(
        about.study,
        "05-voices",
        pd.concat(tables).drop(columns="voice"),
        unit=_FIXED if sample else _NET,
        of="whose",
        value="net",
        form="dots",
        leads={
            "n": lead("05-sentences", "outlet", "whose", "target"),
            **{value: lead("05-sentences", "outlet", "whose", "target", stance=value) for value in STANCES},
        },
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "together": _together(about)},
        look=_look(sample),
        sample=sample,
        **about.trust(_variable(about), list(STANCES), corrected=bool(sample)),
    )


def net_stance_of_all(about: Material) -> Comparison:
    """Net stance on the study's target, all voices together."""
    if about.target is None:
        return not_asked(about, _FIRST, "", "net")
    table, sample = _net(about, None)
    return Comparison(
        about.study,
        _FIRST,
        table.drop(columns="voice"),
        unit=_FIXED if sample else _NET,
        value="net",
        form="dots",
        leads={"n": lead("05-sentences", "outlet", "target")},
        behind=lambda: _sentences(about),
        facts={"topic": about.topic, "positions": counted(len(_on_target(about)), "position")},
        look=_look(sample),
        sample=sample,
        **about.trust(_variable(about), list(STANCES), corrected=bool(sample)),
    )


def other_targets(about: Material) -> Comparison:
    """Net stance on each other target of the codebook of which the study holds five positions or more."""
    if about.target is None:
        return not_asked(about, "05-targets", "target", "net")
    main = about.target.code
    targets = {code: t for code, t in about.study.codebook.targets.items() if code != main}
    stance, outlets = _stance(about), about.study.outlets
    both = {
        code: _net(about, None, code)
        for code in targets
        if net_stance(stance, target=code, groups=outlets)["n"].sum()
    }
    found = {code: net for code, (net, _) in both.items()}
    samples = [sample for _, sample in both.values()]
    sample = "; ".join(dict.fromkeys(samples)) if all(samples) else ""
    empty = net_stance(stance, target=main, groups=[])
    said = {
        code: [f"{signed(row.net)} in {row.outlet}" for row in net[net["n"] >= FEWEST].itertuples()]
        for code, net in found.items()
    }
    trusts = {
        code: about.trust(f"stance on {code}", list(t.positions), corrected=bool(sample))
        for code, t in targets.items()
    }
    return Comparison(
        about.study,
        "05-targets",
        pd.concat(found.values() or [empty]).drop(columns="voice"),
        unit="(favourable − unfavourable) / all positions on the target; sincere counts as favourable",
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
        facts={
            "targets": "; ".join(
                f"{targets[code].name}: {listed(nets)}" for code, nets in said.items() if nets
            )
            or ("too few positions on any of them" if found else None)
        },
        sample=sample,
        coder=listed(dict.fromkeys(trusts[code]["coder"] for code in found))
        or about.trust(_variable(about), [])["coder"],
    )


def holders(about: Material) -> Comparison:
    """The stances on the study's target by the role of who holds them; roles with five positions or more."""
    if about.target is None:
        return not_asked(about, "05-holders", "stance", "share", by="role")
    rows = _with_holder(about, _stance(about))
    rows = rows[rows["target"] == about.target.code]
    by_role = shares(rows, rows, of="stance", by="role", unit="position", labels=list(STANCES))
    by_role = by_role[by_role["total"] >= FEWEST]
    fixed, sample = _corrected_by_role(about, rows, list(by_role["role"].unique()))
    if sample:
        by_role = beside(by_role, fixed, "role")
    roles = {code: role.name for code, role in about.study.codebook.roles.items()}
    roles |= {"author": "the outlet itself", _OTHER: roles.get(_OTHER, "other")}
    critics = by_role[(by_role["stance"] == "unfavourable") & (by_role["share"] > 0)]
    most = critics[critics["share"] == critics["share"].max()]
    said = [
        f"{roles[row.role]} ({percent(row.share)}{'' if sample else f' of {counted(row.total, _POSITION)}'})"
        for row in most.itertuples()
    ]
    return Comparison(
        about.study,
        "05-holders",
        by_role,
        unit="positions, by the role of their holder (one who is no source here is other); roles with five positions or more",
        of="stance",
        by="role",
        form="corrected" if sample else "sides",
        names=roles,
        leads={
            "n": lead("05-sentences", "role", "stance", target=about.asked),
            "total": lead("05-sentences", "role", target=about.asked),
        },
        behind=lambda: _sentences(about),
        facts={"critics": listed(said) or None},
        look={} if sample else {"order": list(STANCES)},
        sample=sample,
        uncorrected=about.uncorrected(_NO_HOLDERS),
        **about.trust(_variable(about), list(STANCES), corrected=bool(sample)),
    )


def _variable(about: Material) -> str:
    return f"{STANCE}{about.study.settings.target}"


@lru_cache(maxsize=1)  # several questions look at them
def _stance(about: Material) -> pd.DataFrame:
    """Every position in deck and body with its outlet, an id of its own, and whose voice it is in."""
    rows = about.study.with_outlet(about.counted.stance)
    rows = rows[among(rows["sentence_id"], about.story["sentence_id"])].reset_index(drop=True)
    return rows.assign(position=rows.index, whose=rows["voice"].map(_WHOSE))


def _on_target(about: Material) -> pd.DataFrame:
    rows = _stance(about)
    return rows[rows["target"] == about.study.settings.target]


def _net(about: Material, voice: str | Collection[str] | None, target: str = "") -> tuple[pd.DataFrame, str]:
    """Net stance in these voices, corrected where people coded; and what corrected it, empty where nothing did.

    `target`: the study's where none is named.
    """
    target = target or about.study.settings.target
    table = net_stance(_stance(about), target=target, voice=voice, groups=about.study.outlets)
    fixed, sample = _corrected(about, voice, target)
    return (with_net(table, fixed[fixed["stance"] == NET], "net") if sample else table), sample


def with_net(table: pd.DataFrame, fixed: pd.DataFrame, value: str) -> pd.DataFrame:
    """A table of nets or means by outlet with the corrected ones in their place; machine, coded and positions as in `corrected_positions`."""
    net = fixed.set_index("outlet")
    same = ("low", "high", "machine", "coded", "positions")
    shown = {value: "share", **{column: column for column in same}}
    table = table.drop(columns=["resampled", "method"])
    return table.assign(**{column: table["outlet"].map(net[own]) for column, own in shown.items()})


def beside(table: pd.DataFrame, fixed: pd.DataFrame, by: str, of: str = "stance") -> pd.DataFrame:
    """The counts of a table of shares with the corrected shares, the coder's own as `machine`."""
    columns = ["machine", "coded", "share", "low", "high", "method"]
    plain = table[[by, of, "n", "total", "unit"]]
    found = plain.merge(fixed[[by, of, *columns]], on=[by, of], validate="one_to_one")
    return found[[by, of, "n", "total", *columns, "unit"]]


def positions_of_people(about: Material, target: str) -> pd.DataFrame:
    """The positions on a target that people see: sentence_id, voice, source_id, stance; voices NA where nobody said."""
    truth = people(about.coders, f"{STANCE}{target}")
    if truth is None:
        return pd.DataFrame(columns=["sentence_id", "voice", "source_id", "stance"])
    human = truth.codes[truth.codes["variable"] == f"{STANCE}{target}"]
    return human.rename(columns={"unit": "sentence_id", "value": "stance"})


def _corrected(about: Material, voice: str | Collection[str] | None, target: str) -> tuple[pd.DataFrame, str]:
    """Shares of positions and their net as people would have coded them, and what corrected them in words.

    Nothing where nobody coded, or, of one voice, where people did not say whose the positions are.
    """
    given, worth = positions_of_people(about, target), _worth_of(about, target)
    if (
        not worth
        or people(about.coders, f"{STANCE}{target}") is None
        or (voice is not None and given["voice"].isna().all())
    ):
        return pd.DataFrame(), ""
    voices = {voice} if isinstance(voice, str) else set(voice or ())
    hits = _once(_stance(about), target)
    hits, given = (rows[rows["voice"].isin(voices)] if voices else rows for rows in (hits, given))
    return about.ratios(
        f"{STANCE}{target}",
        hits,
        about.story,
        of="stance",
        worth=worth,
        human=given,
        groups=about.study.outlets,
    )


def _corrected_by_role(about: Material, rows: pd.DataFrame, roles: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Shares of positions of the holders in each role; nothing where people did not say whose the positions are."""
    target = about.study.settings.target
    given = positions_of_people(about, target)
    if given["voice"].isna().all():
        return pd.DataFrame(), ""
    hits, given = _once(rows, target), _with_holder(about, given)
    parts, sample = [], ""
    for role in roles:
        found, sample = about.ratios(
            _variable(about),
            hits[hits["role"] == role],
            about.story.assign(role=role),
            of="stance",
            worth={one: POSITION_WORTH[one] for one in STANCES},
            human=given[given["role"] == role],
            by="role",
        )
        parts.append(found)
    return (pd.concat(parts), sample) if sample else (pd.DataFrame(), "")


def _once(rows: pd.DataFrame, target: str) -> pd.DataFrame:
    """Each position on a target once, however many indicators fired."""
    rows = rows[rows["target"] == target]
    return rows.drop_duplicates(["article_id", "sentence_id", "voice", "source_id", "stance"])


def _worth_of(about: Material, target: str) -> Mapping[str, float]:
    """What each position on a target counts in a net."""
    positions = about.study.codebook.targets[target].positions
    return {one: POSITION_WORTH[one] for one in positions if one in POSITION_WORTH}


def _look(sample: str) -> Mapping[str, Any]:
    return {"marks": {0: "balance"}} | ({"light": "machine"} if sample else {})


def _together(about: Material) -> list[Piece]:
    """For each outlet net stance in all voices and, in brackets, in its own; of outlets with five positions or more."""
    own = _net(about, "author")[0].set_index("outlet")
    known = own.get("positions", own["n"])
    every = _net(about, None)[0].dropna(subset=["net"]).sort_values("net")
    every = every[every.get("positions", every["n"]) >= FEWEST]  # of people, where they coded
    place = lead("05-sentences", "outlet", target=about.asked)
    outlets: list[list[Piece]] = []
    for row, address in zip(every.itertuples(), place.addresses(every), strict=True):
        few = known[row.outlet] < FEWEST or pd.isna(own.loc[row.outlet, "net"])
        alone = "too few" if few else signed(own.loc[row.outlet, "net"])
        outlets.append([(f"{signed(row.net)} ({alone})", address), (f" in {row.outlet}", "")])
    return joined(outlets)


def _with_holder(about: Material, rows: pd.DataFrame) -> pd.DataFrame:
    """The positions with name, role and side of their holder; the role of one who is no source is `other`."""
    known = about.counted.sources[["source_id", "name", "role", "side"]]
    rows = rows.merge(known, on="source_id", how="left", validate="many_to_one")
    role = rows["role"].fillna(_OTHER).mask(rows["voice"].eq("author").fillna(False), "author")
    return rows.assign(role=role)


@lru_cache(maxsize=1)  # several questions look at them
def _sentences(about: Material) -> Evidence:
    target = about.study.settings.target
    hits = _with_holder(about, _stance(about)).sort_values(
        "target", key=lambda code: code != target, kind="stable"
    )
    title = f"Positions on {about.topic} and on the other targets"
    return about.evidence(hits, title, "05-sentences", also=["target", "role", "whose"], each=["position"])
