"""What other software gives for the same numbers: writes `corrected_reference.json`, which `test_corrected.py` reads.

Needs `ppi-python` 0.2.3 (in an environment of its own: it brings numba and statsmodels) and R with `survey`:

    python -m venv reference && reference/bin/pip install ppi-python==0.2.3
    reference/bin/python tests/make_corrected_reference.py

The inputs are made up: 90 units in three strata, which were drawn from by unequal shares.
"""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import numpy as np
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

OUT = Path(__file__).with_name("corrected_reference.json")
STRATA = {"a": (50, 14), "b": (30, 10), "c": (10, 6)}
R = """
library(survey)
d <- read.csv(file("stdin"), stringsAsFactors = TRUE)
s <- d[d$coded == 1, ]
s$error <- s$y - s$f
show <- function(name, x) cat(name, format(c(coef(x), SE(x)), digits = 17), "\\n")
one <- svydesign(ids = ~1, strata = ~stratum, fpc = ~size, data = s)
show("stratified error", svymean(~error, one))
show("stratified human", svymean(~y, one))
s$all <- nrow(d)
plain <- svydesign(ids = ~1, fpc = ~all, data = s)
cells <- as.data.frame(table(f = d$f))
show("poststratified", svymean(~y, postStratify(plain, ~f, cells)))
weighted <- svydesign(ids = ~1, weights = ~weight, data = s)
show("weighted poststratified", svymean(~y, postStratify(weighted, ~f, as.data.frame(table(f = d$f)))))
cat("version", as.character(packageVersion("survey")), "\\n")
"""


def units() -> dict[str, list[float | str]]:
    """f, y, stratum, its size, coded (1 or 0) and weight of each unit."""
    rng = np.random.default_rng(12)
    stratum = np.repeat(list(STRATA), [size for size, _ in STRATA.values()])
    f = (rng.random(len(stratum)) < np.select([stratum == "a", stratum == "b"], [0.15, 0.5], 0.8)).astype(int)
    y = np.where(rng.random(len(stratum)) < 0.8, f, 1 - f)
    coded = np.zeros(len(stratum), int)
    for name, (_, drawn) in STRATA.items():
        coded[rng.choice(np.flatnonzero(stratum == name), drawn, replace=False)] = 1
    size = np.array([STRATA[s][0] for s in stratum])
    weight = size / np.array([STRATA[s][1] for s in stratum])
    columns = {"f": f, "y": y, "stratum": stratum, "size": size, "coded": coded, "weight": weight}
    return {name: values.tolist() for name, values in columns.items()}


def of_ppi(data: dict[str, list[float | str]]) -> dict[str, list[float]]:
    """Estimate, low and high at 95 %: without weights, tuned, and with weights."""
    f, y, w = (np.array(data[name], float) for name in ("f", "y", "weight"))
    coded = np.array(data["coded"]) == 1
    given = (y[coded], f[coded], f[~coded])
    found = {}
    for name, options in (
        ("lam 1", {"lam": 1}),
        ("lam tuned", {"lam": None}),
        ("lam 1 weighted", {"lam": 1, "w": w[coded]}),
    ):
        low, high = ppi_mean_ci(*given, alpha=0.05, **options)
        point = ppi_mean_pointestimate(*given, **options)
        found[name] = [float(np.ravel(x)[0]) for x in (point, low, high)]
    return found


def of_survey(data: dict[str, list[float | str]]) -> tuple[dict[str, list[float]], str]:
    """Estimate and standard error by R's survey, and its version."""
    lines = [",".join(data), *(",".join(map(str, row)) for row in zip(*data.values(), strict=True))]
    run = subprocess.run(
        ["Rscript", "-e", R], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True
    )
    rows = [line.rsplit(maxsplit=2) for line in run.stdout.splitlines() if not line.startswith("version")]
    found = {name: [float(estimate), float(error)] for name, estimate, error in rows}
    return found, run.stdout.split()[-1]


def main() -> None:
    """Write the inputs with what both give for them."""
    data = units()
    survey, of_r = of_survey(data)
    made = {
        "made by": f"tests/make_corrected_reference.py with ppi-python {version('ppi-python')}, survey {of_r}",
        "units": data,
        "ppi": of_ppi(data),
        "survey": survey,
    }
    OUT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
