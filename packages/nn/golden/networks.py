"""Writes the golden file of an image ViT and of the heads of contrastive and distilling methods, with gradients.

Written from the papers, sharing no code with the TypeScript: a 2-D convolution cuts the patches, PyTorch's own
attention, batch norm and weight normalisation do the rest. In float64. Run with torch 2.13.0, numpy 2 and safetensors
0.8:
    python networks.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

SIZE, PATCH, DIM, DEPTH, HEADS, REGISTERS, BATCH, SIDE = 8, 4, 16, 2, 2, 3, 2, 2
ROWS, INPUTS, HIDDEN, OUTPUTS, PROTOTYPES = 6, 5, 7, 4, 9
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]).double(), torch.tensor([0.229, 0.224, 0.225]).double()

generator = torch.Generator().manual_seed(23)
draw = lambda *shape: torch.randn(*shape, generator=generator)
linear_of = lambda name, i, o: {f"{name}.weight": draw(o, i) / i**0.5, f"{name}.bias": 0.1 * draw(o)}
norm_of = lambda name, dim: {f"{name}.weight": 1 + 0.1 * draw(dim), f"{name}.bias": 0.1 * draw(dim)}
linear = lambda p, name, x: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
norm = lambda p, name, x: F.layer_norm(x, (DIM,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-6)
arrays = {}


def write(network, weights, run):
    """Result, and ∂(Σ result · upstream) by every weight."""
    p = {name: value.double().requires_grad_() for name, value in weights.items()}
    y = run(p)
    upstream = draw(*y.shape)
    (y * upstream.double()).sum().backward()
    print(network, "result", y.norm().item(), "gradient", sum(x.grad.square().sum() for x in p.values()).sqrt().item())
    found = {"y": y.float(), "upstream": upstream} | {f"weight.{name}": value for name, value in weights.items()}
    found |= {f"gradient.{name}": value.grad.float() for name, value in p.items()}
    arrays.update({f"{network}.{name}": value.detach().contiguous().numpy() for name, value in found.items()})


def positions():
    omega = 1.0 / 10000 ** (torch.arange(DIM // 4, dtype=torch.float64) / (DIM / 4))
    waves = lambda places: torch.cat([torch.outer(places, omega).sin(), torch.outer(places, omega).cos()], dim=1)
    y, x = torch.meshgrid(torch.arange(SIDE).double(), torch.arange(SIDE).double(), indexing="ij")
    return torch.cat([waves(y.flatten()), waves(x.flatten())], dim=1)


def vit(p):
    pixels = ((images.double() / 255 - MEAN) / DEVIATION).permute(0, 3, 1, 2)
    kernel = p["patch.weight"].reshape(DIM, PATCH, PATCH, 3).permute(0, 3, 1, 2)
    patches = F.conv2d(pixels, kernel, p["patch.bias"], stride=PATCH).flatten(2).transpose(1, 2) + positions()
    learnt = torch.cat([p["classToken"], p["registers"]]).expand(BATCH, -1, -1)
    x = torch.cat([learnt, patches], dim=1)
    for i in range(DEPTH):
        block = f"blocks.{i}"
        qkv = linear(p, f"{block}.attention.qkv", norm(p, f"{block}.norm1", x))
        q, k, v = (part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=2))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        x = x + p[f"{block}.scale1.gain"] * linear(p, f"{block}.attention.projection", attended)
        hidden = F.gelu(linear(p, f"{block}.mlp.hidden", norm(p, f"{block}.norm2", x)))
        x = x + p[f"{block}.scale2.gain"] * linear(p, f"{block}.mlp.output", hidden)
    y = norm(p, "norm", x)
    return torch.cat([y[:, :1], y[:, 1 + REGISTERS :]], dim=1)


images = torch.randint(0, 256, (BATCH, SIZE, SIZE, 3), generator=generator).to(torch.uint8)
weights = linear_of("patch", PATCH * PATCH * 3, DIM)
weights |= {"classToken": 0.5 * draw(1, DIM), "registers": 0.5 * draw(REGISTERS, DIM)}
for i in range(DEPTH):
    block = f"blocks.{i}"
    weights |= norm_of(f"{block}.norm1", DIM) | linear_of(f"{block}.attention.qkv", DIM, 3 * DIM)
    weights |= linear_of(f"{block}.attention.projection", DIM, DIM) | norm_of(f"{block}.norm2", DIM)
    weights |= linear_of(f"{block}.mlp.hidden", DIM, 4 * DIM) | linear_of(f"{block}.mlp.output", 4 * DIM, DIM)
    weights |= {f"{block}.scale1.gain": 0.5 * draw(DIM), f"{block}.scale2.gain": 0.5 * draw(DIM)}
write("vit", weights | norm_of("norm", DIM), vit)

# The heads take rows; they are learnt here too, so that the gradient that they pass on is tested.
rows = {"x": draw(ROWS, INPUTS)}


def projector(p):
    x = p["x"]
    for i in range(2):
        x = x @ p[f"hidden.{i}.weight"].T
        weight, bias = p[f"hidden.{i}.norm.weight"], p[f"hidden.{i}.norm.bias"]
        x = F.relu(F.batch_norm(x, None, None, weight, bias, training=True, eps=1e-5))
    return linear(p, "output", x)


weights = {"hidden.0.weight": draw(HIDDEN, INPUTS), "hidden.1.weight": draw(HIDDEN, HIDDEN)}
weights |= norm_of("hidden.0.norm", HIDDEN) | norm_of("hidden.1.norm", HIDDEN)
write("projector", rows | weights | linear_of("output", HIDDEN, OUTPUTS), projector)


def dino_head(p):
    x = F.gelu(linear(p, "mlp.1", F.gelu(linear(p, "mlp.0", p["x"]))))
    cut = F.normalize(linear(p, "mlp.2", x), dim=-1)
    gains = torch.ones(PROTOTYPES, 1, dtype=torch.float64)
    return F.linear(cut, torch._weight_norm(p["prototypes.weight"], gains, 0))


weights = linear_of("mlp.0", INPUTS, HIDDEN) | linear_of("mlp.1", HIDDEN, HIDDEN) | linear_of("mlp.2", HIDDEN, OUTPUTS)
write("dinoHead", rows | weights | {"prototypes.weight": 0.02 * draw(PROTOTYPES, OUTPUTS)}, dino_head)

save_file(arrays | {"images": images.numpy()}, Path(__file__).parent / "networks.safetensors")
