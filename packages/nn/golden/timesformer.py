"""Writes the golden file of the TimeSformer head: weights, a sequence on a grid, and PyTorch's logits and gradients.

Written from Bertasius, Wang & Torresani, 2021, with PyTorch's own attention, and the windows that move by half from
Liu et al., 2021, sharing no code with the TypeScript. Tokens are means over two time steps; the sequence ends within a
token and within a window. In float64. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python timesformer.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

TIMES, LENGTH, PLACES, INPUTS, CLASSES, DIM, DEPTH, HEADS, POOLED, WINDOW = 22, 19, 2, 5, 3, 12, 2, 3, 2, 4

generator = torch.Generator().manual_seed(23)
draw = lambda *shape: torch.randn(*shape, generator=generator)
linear_of = lambda name, i, o: {f"{name}.weight": draw(o, i) / i**0.5, f"{name}.bias": 0.1 * draw(o)}
norm_of = lambda name: {f"{name}.weight": 1 + 0.1 * draw(DIM), f"{name}.bias": 0.1 * draw(DIM)}
attention_of = lambda name: linear_of(f"{name}.qkv", DIM, 3 * DIM) | linear_of(f"{name}.projection", DIM, DIM)

weights = linear_of("embedding", INPUTS, DIM)
weights |= {"positions.time": draw(WINDOW, DIM), "positions.space": draw(PLACES, DIM)}
for i in range(DEPTH):
    root = f"blocks.{i}"
    weights |= norm_of(f"{root}.timeNorm") | attention_of(f"{root}.time")
    weights |= norm_of(f"{root}.space.norm") | attention_of(f"{root}.space.attention") | norm_of(f"{root}.mlpNorm")
    weights |= linear_of(f"{root}.mlp.hidden", DIM, 4 * DIM) | linear_of(f"{root}.mlp.output", 4 * DIM, DIM)
weights |= norm_of("norm") | linear_of("classifier", DIM, CLASSES)
rows, gain, offset = draw(TIMES, PLACES * INPUTS), 1 + 0.3 * draw(PLACES * INPUTS), draw(PLACES * INPUTS)
upstream = draw(1, CLASSES, TIMES)

p = {name: value.double().requires_grad_() for name, value in weights.items()}
linear = lambda name, x: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
norm = lambda name, x: F.layer_norm(x, (DIM,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-6)


def attend(name, x, seen=None):
    """[batch, tokens, dim], keys that may be seen [batch, tokens]."""
    q, k, v = (part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in linear(f"{name}.qkv", x).chunk(3, 2))
    bias = None if seen is None else torch.where(seen, 0.0, -1e9).double()[:, None, None, :]
    attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    return linear(f"{name}.projection", attended.transpose(1, 2).flatten(2))


x = (rows * gain + offset).double()[:LENGTH].unflatten(1, (PLACES, INPUTS))
pairs = [x[t : t + POOLED].mean(0) for t in range(0, LENGTH, POOLED)]
tokens = linear("embedding", torch.stack(pairs))
count = len(pairs)
tokens = tokens + p["positions.time"][torch.arange(count) % WINDOW][:, None] + p["positions.space"]
for i in range(DEPTH):
    root = f"blocks.{i}"
    shift = 0 if i % 2 == 0 else WINDOW // 2
    y = norm(f"{root}.timeNorm", tokens)
    windows = [range(max(0, s), min(count, s + WINDOW)) for s in range(-shift, count, WINDOW)]
    parts = [attend(f"{root}.time", y[list(window)].transpose(0, 1)).transpose(0, 1) for window in windows if len(window)]
    tokens = tokens + torch.cat(parts)
    tokens = tokens + attend(f"{root}.space.attention", norm(f"{root}.space.norm", tokens))
    hidden = F.gelu(linear(f"{root}.mlp.hidden", norm(f"{root}.mlpNorm", tokens)))
    tokens = tokens + linear(f"{root}.mlp.output", hidden)
scores = linear("classifier", norm("norm", tokens).mean(1)).repeat_interleave(POOLED, 0)[:LENGTH]
logits = torch.zeros(1, CLASSES, TIMES).double()
logits[0, :, :LENGTH] = scores.T
loss = (logits * upstream).sum()
loss.backward()
print("loss", loss.item())

mask = (torch.arange(TIMES) < LENGTH).float().reshape(1, 1, TIMES)
arrays = {"rows": rows, "gain": gain, "offset": offset, "mask": mask, "upstream": upstream}
arrays |= {"loss": loss.reshape(1), "logits": logits}
arrays |= {f"weight.{name}": value for name, value in weights.items()}
arrays |= {f"gradient.{name}": value.grad for name, value in p.items()}
arrays = {name: value.detach().float().contiguous().numpy() for name, value in arrays.items()}
save_file(arrays, Path(__file__).parent / "timesformer.safetensors")
