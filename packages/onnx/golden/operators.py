"""Writes the golden file of the operators: leaves, value, upstream gradient and gradients of each case in PyTorch.

`case/a`, `/b` … are its leaves, `/y` its value, `/dy` an upstream gradient and `/da`, `/db` … those by its leaves; a
case without `/dy` has none. All floats are float64; the leaves are drawn in float32, so that both types hold them.
test/golden-cases.ts builds the same cases by name. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python operators.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

generator = torch.Generator().manual_seed(17)
draw = lambda *shape: torch.randn(shape, generator=generator)
positive = lambda *shape: draw(*shape).abs() + 0.25
unit = lambda *shape: torch.rand(*shape, generator=generator) * 0.9 + 0.05
of = lambda *values: torch.tensor(values, dtype=torch.float32)
ints = lambda *values: torch.tensor(values)
# Twelve distinct numbers, none of which is close to another: what is largest is beyond doubt.
spread = lambda *shape: torch.randperm(12, generator=generator).reshape(shape).float() / 4 - 1.3
arrays = {}


def case(name, function, *leaves):
    leaves = [x.double().requires_grad_() if x.is_floating_point() else x for x in leaves]
    y = function(*leaves)
    found = {"y": y} | dict(zip("abcd", leaves))
    if y.requires_grad:
        found["dy"] = draw(*y.shape).double()
        y.backward(found["dy"])
        found |= {f"d{letter}": x.grad for letter, x in zip("abcd", leaves) if x.is_floating_point()}
    for part, value in found.items():
        arrays[f"{name}/{part}"] = value.detach().resolve_conj().contiguous().numpy()


def scatter_add(updates, indices, size):
    rows = updates.flatten(0, indices.ndim - 1)
    return torch.zeros(size, *rows.shape[1:], dtype=updates.dtype).index_add(0, indices.flatten(), rows)


# Where two operands are equal the first takes all of the gradient, as in clamp; torch.maximum halves it.
larger = lambda a, b: torch.where(a < b, b, a)
smaller = lambda a, b: torch.where(b < a, b, a)

case("input", lambda a: a * 1, draw(2, 3))
case("parameter", lambda a: a * of(10, 20, 30), draw(2, 3))
case("constant", lambda a: a * of(1, 2, 4), draw(2, 3))
case("cast/from bytes", lambda a: a.double(), ints(0, 7, 255).to(torch.uint8))
case("cast/from booleans", lambda a: a.double(), ints(0, 1).bool())
case("cast/through half precision", lambda a: a.half().to(a.dtype), of(0.1, -1e-6, 3.14159, -2049, 1e-8))
case("cast/to whole numbers, towards zero", lambda a: a.long(), of(-1.5, 1.5, 0, 2.999))
case("stopGradient/alone", lambda a: a.detach(), draw(3))
case("stopGradient/in a product", lambda a: a * a.detach(), draw(3))

for name, function in {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}.items():
    second = positive if name == "div" else draw
    case(f"{name}/of one shape", function, draw(2, 3), second(2, 3))
    case(f"{name}/a column by a row", function, draw(2, 1, 3), second(4, 1))
    case(f"{name}/a scalar by a matrix", function, draw(), second(2, 3))
for name, function in {"add": torch.add, "sub": torch.sub, "mul": torch.mul}.items():
    case(f"{name}/of whole numbers", function, ints([1, -2], [3, 4]), ints(5, 2**40))
for name, function in {"maximum": larger, "minimum": smaller}.items():
    case(f"{name}/a column by a row", function, spread(2, 2, 3), spread(12)[:6].reshape(2, 1, 3))
    case(f"{name}/where they are equal", function, of(1, 2, -3), of(1, 3, -4))
case("equal/a column by a row", torch.eq, of([1], [2], [0]), of(1, 2, -0.0))
case("equal/of whole numbers", torch.eq, ints(1, 2**53 + 1), ints(1, 2**53))
case("less/a column by a row", torch.lt, of([1], [2], [0]), of(1, 2, -0.0))
case("where/broadcasting all three", torch.where, ints([1, 0, 1]).bool(), draw(2, 1, 3), draw(2, 1))
case("where/of whole numbers", torch.where, ints(1, 0).bool(), ints(1, 2), ints(3, 4))

case("neg", torch.neg, draw(5))
case("abs", torch.abs, of(-2.5, 0, 3))
case("sign", lambda a: a.detach().sign(), of(-2.5, 0, -0.0, 1e-30))
case("floor", lambda a: a.detach().floor(), of(-2.5, -2, -0.5, 0, 0.5, 3))
case("exp", torch.exp, of(-100, -1, 0, 1.5))
case("log", torch.log, of(1e-30, 0.5, 1, 20))
case("sqrt/of positive numbers", torch.sqrt, positive(5))
case("sqrt/of zero, whose slope is infinite", torch.sqrt, of(0, 4))
case("pow/a square", lambda a: a**2, of(-1.5, 0, 2))
case("pow/a cube", lambda a: a**3, of(-1.5, 0, 2))
case("pow/a root", lambda a: a**0.5, positive(4))
case("pow/an inverse", lambda a: a**-1, of(-2, 0.5))
case("pow/the first power", lambda a: a**1, of(-2, 0, 0.5))
case("pow/the zeroth power", lambda a: a**0, of(-2, 0, 0.5))
case("sin", torch.sin, of(-3, -1, 0, 2))
case("cos", torch.cos, of(-3, -1, 0, 2))
case("tanh", torch.tanh, of(-30, -1, 0, 0.5))
case("sigmoid", torch.sigmoid, of(-30, -1, 0, 0.5, 30))
case("relu", torch.relu, of(-2, 0, 3))
case("erf", torch.erf, of(-4, -0.5, 0, 1, 2.5))
case("gelu", F.gelu, of(-6, -0.5, 0, 1, 2.5, 8))

case("matmul/matrices", torch.matmul, draw(2, 3), draw(3, 4))
case("matmul/stacks that broadcast", torch.matmul, draw(2, 1, 2, 3), draw(4, 3, 2))
case("matmul/a stack by one matrix", torch.matmul, draw(2, 2, 3), draw(3, 5))
case("matmul/one matrix by a stack", torch.matmul, draw(2, 3), draw(4, 3, 1))
case("gemm/plain", lambda a, b: a @ b, draw(2, 3), draw(3, 4))
case("gemm/the first transposed", lambda a, b, c: a.T @ b + c, draw(3, 2), draw(3, 4), draw(4))
case("gemm/the second transposed", lambda a, b, c: a @ b.T + c, draw(2, 3), draw(4, 3), draw(2, 1))
case("gemm/both transposed", lambda a, b, c: a.T @ b.T + c, draw(3, 2), draw(4, 3), draw())

cube = lambda: draw(2, 3, 4)
case("sum/over the last axis", lambda a: a.sum(-1), cube())
case("sum/over two axes, kept", lambda a: a.sum((0, 2), keepdim=True), cube())
case("sum/over all", lambda a: a.sum(), cube())
case("mean/over the first axis", lambda a: a.mean(0), cube())
case("mean/over two axes, kept", lambda a: a.mean((1, -1), keepdim=True), cube())
case("mean/over all", lambda a: a.mean(), cube())
case("max/over the last axis", lambda a: a.amax(-1), spread(3, 4))
case("max/over two axes, kept", lambda a: a.amax((0, 2), keepdim=True), spread(2, 3, 2))
case("max/shared by equal elements", lambda a: a.amax(1), of([1, 3, 3], [-1, -1, -1]))
case("argmax/along the last axis", lambda a: a.argmax(-1), spread(3, 4))
case("argmax/the first of equal elements", lambda a: a.argmax(0), of([1, 3], [1, 4], [0, 4]))
case("topK/along the last axis", lambda a: a.topk(3).indices, spread(3, 4))
case("topK/along the first axis", lambda a: a.topk(2, dim=0).indices, spread(3, 4))

case("softmax/along the last axis", lambda a: a.softmax(-1), cube())
case("softmax/along the middle axis", lambda a: a.softmax(1), cube())
case("softmax/of far apart and hidden logits", lambda a: a.softmax(-1), of([1000, 0, -1000], [-torch.inf, 1, 2]))
case("logSoftmax/along the last axis", lambda a: a.log_softmax(-1), cube())
case("logSoftmax/along the first axis", lambda a: a.log_softmax(0), cube())
case("logSoftmax/of far apart logits", lambda a: a.log_softmax(-1), of([1000, 0, -1000]))
layer_norm = lambda a, b, c: F.layer_norm(a, a.shape[-1:], b, c, 2**-20)
case("layerNorm/of matrices", layer_norm, cube(), draw(4), draw(4))
case("layerNorm/of a vector", layer_norm, draw(5), draw(5), draw(5))
case("layerNorm/of equal elements", layer_norm, of([2, 2, 2, 2], [1, 2, 3, 4]), draw(4), draw(4))

case("reshape/to fewer axes", lambda a: a.reshape(4, 6), cube())
case("reshape/to a scalar", lambda a: a.reshape(()), draw(1, 1))
case("reshape/of whole numbers", lambda a: a.reshape(2, 2), ints(1, 2, 3, 4))
case("transpose/of four axes", lambda a: a.permute(2, 0, 3, 1), draw(2, 3, 2, 2))
case("transpose/of a matrix", lambda a: a.T, draw(2, 3))
case("expand/by new and stretched axes", lambda a: a.expand(2, 3, 4), draw(3, 1))
case("expand/of a scalar", lambda a: a.expand(2, 2), draw())
case("slice/a middle part", lambda a: a[:, 1:3], draw(2, 4, 2))
case("slice/along the last axis", lambda a: a[..., 3:4], cube())
case("pad/on both sides", lambda a: F.pad(a, (0, 0, 2, 1)), draw(2, 3, 2))
case("pad/along the last axis", lambda a: F.pad(a, (0, 3)), draw(2, 2))
case("concat/three parts, one of them twice", lambda a, b: torch.cat([a, b, a], 1), draw(2, 3), draw(2, 1))
case("concat/along the last axis", lambda a, b: torch.cat([a, b], -1), draw(2, 2, 1), draw(2, 2, 2))
repeated, distinct = ints([2, 0], [1, 2]), ints([3, 0], [1, 4])
case("gather/repeated rows", lambda a, b: a[b], draw(3, 2), repeated)
case("gather/along the middle axis", lambda a, b: a[:, b], draw(2, 3, 2), repeated)
case("gather/along the last axis", lambda a, b: a[..., b], draw(2, 3), ints(1, 1, 0))
case("gather/distinct rows", lambda a, b: a[b], draw(5, 2), distinct)
case("gather/one row by a scalar", lambda a, b: a[b], draw(3, 2), ints(2).reshape(()))
case("gather/bytes", lambda a, b: a[b], ints([1, 2], [254, 255]).to(torch.uint8), ints(1, 0, 1))
case("scatterAdd/onto repeated rows", lambda a, b: scatter_add(a, b, 5), draw(2, 2, 3), repeated)
case("scatterAdd/onto distinct rows", lambda a, b: scatter_add(a, b, 5), draw(2, 2, 3), distinct)
case("scatterAdd/numbers", lambda a, b: scatter_add(a, b, 4), draw(5), ints(3, 1, 3, 3, 0))


def momentum(a, b, c):
    seen = []
    for push in a:
        b = b * c + push
        seen.append(b * 2)
    return torch.stack([b, *seen])


case("loop", lambda *leaves: momentum(*leaves).detach(), draw(3, 2), draw(2), draw(2))

# Composed functions

case("clamp", lambda a: a.clamp(-1, 1), of(-2, -1, 0.5, 1, 3))
case("oneHot", lambda a: F.one_hot(a, 4).double(), ints([0, 3], [2, 2]))
normalise = lambda axis: lambda a: F.normalize(a, dim=axis, eps=1e-12)
case("l2Normalise/along the last axis", normalise(-1), draw(3, 4))
case("l2Normalise/along the first axis", normalise(0), draw(3, 4))
case("l2Normalise/a row of zeros", normalise(-1), of([0, 0], [3, 4]))
case("standardise", lambda a: F.layer_norm(a, a.shape[1:], eps=2**-20), draw(2, 3, 4))
batch_norm = lambda a, b, c: F.batch_norm(a, None, None, b, c, training=True, eps=1e-5)
case("batchNorm/rows", batch_norm, draw(5, 2), draw(2), draw(2))
channels_first = lambda a, b, c: batch_norm(a, b.flatten(), c.flatten())
case("batchNorm/over batch and time", channels_first, draw(3, 2, 4), draw(2, 1), draw(2, 1))
case("conv1d/of one tap", F.conv1d, draw(2, 3, 5), draw(4, 3, 1))
case("conv1d/unpadded", F.conv1d, draw(2, 3, 5), draw(4, 3, 3))
dilated = lambda a, b: F.conv1d(a, b, padding=4, dilation=4)
case("conv1d/dilated, keeping the length", dilated, draw(1, 2, 6), draw(3, 2, 3))
causal = lambda a, b: F.conv1d(F.pad(a, (4, 0)), b, dilation=2)
case("conv1d/causal", causal, draw(2, 2, 6), draw(2, 2, 3))


def sample(a, b, height, width):
    batch, count, _, _, channels = a.shape
    flat = a.to(b.dtype).permute(0, 1, 4, 2, 3).flatten(1, 2)
    grid = F.affine_grid(b, (batch, 1, height, width), align_corners=False)
    sampled = F.grid_sample(flat, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return sampled.unflatten(1, (count, channels)).permute(0, 1, 3, 4, 2)


turn, mirror = [[0.7, -0.3, 0.11], [0.25, 0.6, -0.07]], [[-1, 0.1, 0.53], [0.05, 0.9, -0.31]]
to = lambda height, width: lambda a, b: sample(a, b, height, width)
case("sampleAffine/a turn, and a mirror beyond the border", to(2, 5), draw(2, 2, 3, 4, 2), of(turn, mirror))
outside = of([[1, 0, 5], [0, 1, -4]])
case("sampleAffine/a grid that leaves the frame altogether", to(2, 2), draw(1, 1, 3, 3, 1), outside)
bytes_ = torch.randint(0, 256, (1, 2, 3, 3, 1), generator=generator).to(torch.uint8)
case("sampleAffine/bytes", to(4, 3), bytes_, of(turn))

# Colours [batch, …, RGB] after torchvision's: a blend of two images that is clamped, with the luma of ITU-R BT.601.
each = lambda factor, a: factor.reshape(-1, *[1] * (a.ndim - 1))
luma = lambda a: (a * torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)).sum(-1, keepdim=True)
blend = lambda a, other, factor: (each(factor, a) * a + (1 - each(factor, a)) * other).clamp(0, 1)


def turn_hue(a, angles):
    """The matrix exponential of the cross product with the grey axis, which is the rotation about it."""
    cross = torch.tensor([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=torch.float64) / 3**0.5
    turned = torch.stack([torch.linalg.matrix_exp(angle * cross) for angle in angles])
    return torch.einsum("bij,b...j->b...i", turned, a).clamp(0, 1)


case("toLuma", luma, unit(2, 4, 3))
factors = of(0.6, 1.5)
case("adjustBrightness", lambda a, b: blend(a, 0, b), unit(2, 4, 3), factors)
case("adjustContrast", lambda a, b: blend(a, luma(a).mean((1, 2, 3), keepdim=True), b), unit(2, 2, 4, 3), factors)
case("adjustSaturation", lambda a, b: blend(a, luma(a), b), unit(2, 4, 3), factors)
case("rotateHue", turn_hue, unit(2, 4, 3), of(0.4, -2.1))

save_file(arrays, Path(__file__).parent / "operators.safetensors")
print(len({name.rsplit("/", 1)[0] for name in arrays}), "cases")
