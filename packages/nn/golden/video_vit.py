"""Writes the golden file of the video ViT: weights, frames, and the features that PyTorch computes from them.

Written from the papers, sharing no code with the TypeScript: a 3-D convolution cuts the tubelets, PyTorch's own
attention attends, and average pooling makes the grid. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python video_vit.py
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = Path(__file__).parent
SIZE, FRAMES, TUBELET, PATCH, DIM, DEPTH, HEADS, GRID = 32, 4, 2, 8, 24, 2, 3, 2
BATCH, TIMES, SIDE = 2, FRAMES // TUBELET, SIZE // PATCH
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


def weights():
    """Random, with biases and scales off their initial values, so that none goes untested."""
    generator = torch.Generator().manual_seed(7)
    draw = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float32)
    linear = lambda name, i, o: {f"{name}.weight": draw(o, i) / i**0.5, f"{name}.bias": 0.1 * draw(o)}
    norm = lambda name: {f"{name}.weight": 1 + 0.1 * draw(DIM), f"{name}.bias": 0.1 * draw(DIM)}
    tree = linear("patch", TUBELET * PATCH * PATCH * 3, DIM)
    for i in range(DEPTH):
        tree |= norm(f"blocks.{i}.norm1") | linear(f"blocks.{i}.attention.qkv", DIM, 3 * DIM)
        tree |= linear(f"blocks.{i}.attention.projection", DIM, DIM) | norm(f"blocks.{i}.norm2")
        tree |= linear(f"blocks.{i}.mlp.hidden", DIM, 4 * DIM) | linear(f"blocks.{i}.mlp.output", 4 * DIM, DIM)
    return tree | norm("norm")


def sinusoids(places, count):
    omega = 1.0 / 10000 ** (torch.arange(count // 2, dtype=torch.float64) / (count / 2))
    phase = torch.outer(places.double(), omega)
    return torch.cat([phase.sin(), phase.cos()], dim=1)


def positions():
    t, y, x = torch.meshgrid(torch.arange(TIMES), torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    parts = [(t, DIM // 2), (y, DIM // 4), (x, DIM // 4)]
    return torch.cat([sinusoids(places.flatten(), count) for places, count in parts], dim=1)


def features(tree, frames, dtype):
    p = {name: value.to(dtype) for name, value in tree.items()}
    linear = lambda name, x: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
    norm = lambda name, x: F.layer_norm(x, (DIM,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-6)

    pixels = ((frames.to(dtype) / 255 - MEAN.to(dtype)) / DEVIATION.to(dtype)).permute(0, 4, 1, 2, 3)
    kernel = p["patch.weight"].reshape(DIM, TUBELET, PATCH, PATCH, 3).permute(0, 4, 1, 2, 3)
    stride = (TUBELET, PATCH, PATCH)
    x = F.conv3d(pixels, kernel, p["patch.bias"], stride=stride).flatten(2).transpose(1, 2)
    x = x + positions().to(dtype)
    for i in range(DEPTH):
        block = f"blocks.{i}"
        qkv = linear(f"{block}.attention.qkv", norm(f"{block}.norm1", x))
        q, k, v = (part.unflatten(2, (HEADS, DIM // HEADS)).transpose(1, 2) for part in qkv.chunk(3, dim=2))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        x = x + linear(f"{block}.attention.projection", attended)
        x = x + linear(f"{block}.mlp.output", F.gelu(linear(f"{block}.mlp.hidden", norm(f"{block}.norm2", x))))
    x = norm("norm", x).transpose(1, 2).reshape(BATCH * DIM, TIMES, SIDE, SIDE)
    pooled = F.avg_pool2d(x, SIDE // GRID).reshape(BATCH, DIM, TIMES, GRID * GRID)
    return pooled.permute(0, 2, 3, 1).contiguous()


frames = torch.randint(0, 256, (BATCH, FRAMES, SIZE, SIZE, 3), generator=torch.Generator().manual_seed(11))
tree = weights()
exact, single = features(tree, frames, torch.float64), features(tree, frames, torch.float32)
print("largest difference of float32 from float64:", (exact - single).abs().max().item())
arrays = {name: value.numpy() for name, value in tree.items()}
save_file(arrays | {"frames": frames.to(torch.uint8).numpy()}, HERE / "video-vit.safetensors")
np.save(HERE / "video-vit.features.npy", exact.float().numpy())
