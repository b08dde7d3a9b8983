"""Puts models before the onnx project: its checker, with strict shape inference, and its reference implementation.

Every model below a folder must pass the checker. A golden case's, FOLDER/float32/CASE.onnx or float64, must also give
what the golden file says when the onnx project's own reference evaluates it: the models mean what the standard says,
not what one runtime makes of them. Run with onnx 1.23, numpy 2 and safetensors 0.8:
    node ../test/emit-golden-models.ts FOLDER && python check_models.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from safetensors.numpy import load_file

TOLERANCES = {"float32": 1e-5, "float64": 1e-12}
# The reference takes the logarithm of a softmax that has underflown, and gets an infinity.
INEXACT = {"logSoftmax/of far apart logits"}

folder = Path(sys.argv[1])
golden = load_file(Path(__file__).parent / "operators.safetensors")
calls, evaluated, worst = {}, 0, dict.fromkeys(TOLERANCES, 0)


def count(graph):
    for node in graph.node:
        calls[node.op_type] = calls.get(node.op_type, 0) + 1
        for attribute in node.attribute:
            count(attribute.g)


def evaluate(model, name, dtype):
    part = lambda of: golden[f"{name}/{of}"]
    typed = lambda value: value.astype(dtype) if value.dtype == np.float64 else value
    feeds = {leaf.name: typed(part(leaf.name)) for leaf in model.graph.input}
    outputs = [output.name for output in model.graph.output]
    with np.errstate(all="ignore"):
        for output, found in zip(outputs, ReferenceEvaluator(model).run(outputs, feeds)):
            found, expected = np.float64(found), np.float64(part(output))
            assert found.shape == expected.shape, f"{name} {output}: {found.shape}, not {expected.shape}"
            errors = np.abs(found - expected) / np.maximum(1, np.abs(expected))
            error = np.where(found == expected, 0, errors).max(initial=0)
            worst[dtype] = max(worst[dtype], error)
            if not error < TOLERANCES[dtype]:
                print(f"{dtype} {name} {output}: off by {error}")


files = sorted(folder.rglob("*.onnx"))
for file in files:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    count(model.graph)
    dtype, name = (file.relative_to(folder).with_suffix("").as_posix().split("/", 1) + [""])[:2]
    if f"{name}/y" in golden and name not in INEXACT:
        evaluate(model, name, dtype)
        evaluated += 1

print(f"{len(files)} models pass the checker of onnx {onnx.__version__}; they call", dict(sorted(calls.items())))
if evaluated:
    errors = {dtype: float(error) for dtype, error in worst.items()}
    print(f"{evaluated} of them are evaluated by its reference; largest errors", errors)
