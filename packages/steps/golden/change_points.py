"""Writes the golden file of change points: signals, and where ruptures finds their changes.

`pelt` is ruptures' Pelt with jump 1; `kernel` is its KernelCPD, by penalty and by number of changes. Run with ruptures
1.1.10 and numpy 2:
    python change_points.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
import ruptures as rpt

warnings.filterwarnings("ignore")
random = np.random.default_rng(17)


def signal(dim, sizes, of_variance=False):
    parts = []
    for size in sizes:
        mean, deviation = (0, random.uniform(0.3, 3)) if of_variance else (2 * random.standard_normal(dim), 0.7)
        parts.append(mean + deviation * random.standard_normal((size, dim)))
    return np.round(np.concatenate(parts), 3)


def changes(ends):
    return [int(end) for end in ends[:-1]]


def case(values, penalties, count, least_size):
    found = []
    for model, penalty in penalties.items():
        pelt = rpt.Pelt(model=model, min_size=least_size, jump=1).fit(values)
        found.append({"cost": model, "penalty": penalty, "changes": changes(pelt.predict(penalty))})
    for kernel in ("linear", "rbf"):
        cpd = rpt.KernelCPD(kernel=kernel, min_size=least_size).fit(values)
        cost, penalty = ("l2", penalties["l2"]) if kernel == "linear" else ("rbf", penalties["rbf"])
        found.append({"cost": cost, "penalty": penalty, "changes": changes(cpd.predict(pen=penalty))})
        found.append({"cost": cost, "count": count, "changes": changes(cpd.predict(n_bkps=count))})
    return {"dim": values.shape[1], "values": values.ravel().tolist(), "leastSize": least_size, "found": found}


golden = {
    "a mean in one dimension": case(signal(1, [40, 25, 60, 15, 35]), {"l2": 6, "normal": 12, "rbf": 1.5}, 4, 3),
    "means in three dimensions": case(signal(3, [30, 8, 45, 20]), {"l2": 12, "rbf": 1.2}, 3, 2),
    "a variance": case(signal(1, [60, 50, 40], of_variance=True), {"l2": 40, "normal": 14, "rbf": 1.0}, 2, 5),
}
Path(__file__).parent.joinpath("change-points.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
