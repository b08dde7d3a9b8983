"""Writes the golden file of a ViT block, with layer scale and without: weights, tokens, and PyTorch's gradients.

Written from Dosovitskiy et al., 2021, with PyTorch's own attention, sharing no code with the TypeScript; layer scale
after Touvron et al., 2021. In float64. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python vit_block.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

BATCH, TOKENS, DIM, HEADS = 2, 5, 12, 3

generator = torch.Generator().manual_seed(19)
draw = lambda *shape: torch.randn(*shape, generator=generator)
linear_of = lambda name, i, o: {f"{name}.weight": draw(o, i) / i**0.5, f"{name}.bias": 0.1 * draw(o)}
norm_of = lambda name: {f"{name}.weight": 1 + 0.1 * draw(DIM), f"{name}.bias": 0.1 * draw(DIM)}

weights = norm_of("norm1") | linear_of("attention.qkv", DIM, 3 * DIM) | linear_of("attention.projection", DIM, DIM)
weights |= norm_of("norm2") | linear_of("mlp.hidden", DIM, 4 * DIM) | linear_of("mlp.output", 4 * DIM, DIM)
scales = {f"scale{i}.gain": 0.5 * draw(DIM) for i in (1, 2)}
tokens, upstream = draw(BATCH, TOKENS, DIM), draw(BATCH, TOKENS, DIM)


def run(weights):
    p = {name: value.double().requires_grad_() for name, value in weights.items()}
    linear = lambda name, x: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
    norm = lambda name, x: F.layer_norm(x, (DIM,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-6)
    scale = lambda i, x: x * p.get(f"scale{i}.gain", 1)

    x = tokens.double().requires_grad_()
    q, k, v = (
        part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in linear("attention.qkv", norm("norm1", x)).chunk(3, 2)
    )
    attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    y = x + scale(1, linear("attention.projection", attended))
    y = y + scale(2, linear("mlp.output", F.gelu(linear("mlp.hidden", norm("norm2", y)))))
    loss = (y * upstream).sum()
    loss.backward()
    print("loss", loss.item())
    gradients = {f"gradient.{name}": value.grad for name, value in {**p, "x": x}.items()}
    return {"loss": loss.reshape(1), "y": y} | gradients


arrays = {f"weight.{name}": value for name, value in (weights | scales).items()} | {"x": tokens, "upstream": upstream}
arrays |= {f"plain.{name}": value.float() for name, value in run(weights).items()}
arrays |= {f"scaled.{name}": value.float() for name, value in run(weights | scales).items()}
arrays = {name: value.detach().contiguous().numpy() for name, value in arrays.items()}
save_file(arrays, Path(__file__).parent / "vit-block.safetensors")
