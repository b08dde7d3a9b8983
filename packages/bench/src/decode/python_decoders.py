"""hmmlearn's and ruptures' decoders, asked over stdin: a question a line, an answer a line.

Arrays come as files of float64. `seconds` is the CPU time of the call alone, the files already
read.
"""

import json
import sys
import time

import numpy as np
import ruptures as rpt
from hmmlearn import _hmmc

arrays = {}


def array(spec):
    name = spec["file"]
    if name not in arrays:
        arrays[name] = np.fromfile(name, dtype="<f8").reshape(spec["shape"])
    return arrays[name]


def posterior(question, evidence):
    initial, transitions = array(question["initial"]), array(question["next"])
    if question["implementation"] == "scaling":
        likelihood = np.exp(evidence - evidence.max(1, keepdims=True))
        _, forward, scaling = _hmmc.forward_scaling(initial, transitions, likelihood)
        product = forward * _hmmc.backward_scaling(initial, transitions, likelihood, scaling)
    else:
        _, forward = _hmmc.forward_log(initial, transitions, evidence)
        product = forward + _hmmc.backward_log(initial, transitions, evidence)
        product = np.exp(product - product.max(1, keepdims=True))
    return product / product.sum(1, keepdims=True)


def path(question, evidence):
    return _hmmc.viterbi(array(question["initial"]), array(question["next"]), evidence)[1]


def pelt(question, values):
    found = rpt.Pelt(model=question["cost"], min_size=question["leastSize"], jump=1).fit(values)
    return found.predict(question["penalty"])[:-1]


def kernel(question, values):
    found = rpt.KernelCPD(kernel=question["kernel"], min_size=question["leastSize"]).fit(values)
    by = {"n_bkps": question["count"]} if "count" in question else {"pen": question["penalty"]}
    return found.predict(**by)[:-1]


for line in sys.stdin:
    question = json.loads(line)
    values = array(question["values"])
    for name in ("initial", "next"):
        if name in question:
            array(question[name])
    started = time.process_time()
    result = {"posterior": posterior, "path": path, "pelt": pelt, "kernel": kernel}[question["task"]](question, values)
    seconds = time.process_time() - started
    if "out" in question:
        np.ascontiguousarray(result, dtype="<f8").tofile(question["out"])
        result = None
    print(json.dumps({"seconds": seconds, "result": result if result is None else [int(x) for x in result]}))
