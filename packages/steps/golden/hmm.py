"""Writes the golden file of the hidden Markov model: hmmlearn's path, posterior and likelihood of drawn evidence.

One model allows every transition, the other only to stay and to go on. Run with hmmlearn 0.3.3 and numpy 2:
    python hmm.py
"""

import json
from pathlib import Path

import numpy as np
from hmmlearn import _hmmc
from scipy.special import logsumexp

CLASSES, STEPS = 4, 30
random = np.random.default_rng(11)


def case(initial, transitions):
    evidence = np.round(3 * random.standard_normal((STEPS, CLASSES)), 3)
    log_probability, path = _hmmc.viterbi(initial, transitions, evidence)
    log_likelihood, forward = _hmmc.forward_log(initial, transitions, evidence)
    gamma = forward + _hmmc.backward_log(initial, transitions, evidence)
    posterior = np.exp(gamma - logsumexp(gamma, axis=1, keepdims=True))
    return {
        "initial": initial.tolist(),
        "next": transitions.ravel().tolist(),
        "logEvidence": evidence.ravel().tolist(),
        "classes": path.tolist(),
        "logProbability": log_probability,
        "logLikelihood": log_likelihood,
        "occupancy": np.round(posterior, 12).ravel().tolist(),
    }


anything = np.round(random.dirichlet(np.ones(CLASSES), CLASSES), 4)
anything[:, -1] = 1 - anything[:, :-1].sum(1)
onwards = 0.8 * np.eye(CLASSES) + 0.2 * np.roll(np.eye(CLASSES), 1, axis=1)
golden = {
    "anything": case(np.full(CLASSES, 1 / CLASSES), anything),
    "onwards": case(np.eye(CLASSES)[0], onwards),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
