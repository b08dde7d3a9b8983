"""Writes the golden files of VideoMAE: a step's loss and gradients in PyTorch, and what 20 whole steps come to.

Written from the papers, sharing no code with the TypeScript; positions and the encoder's pieces as in video_vit.py
of packages/nn. Targets are each tubelet's pixels, each colour standardised on its own as in the authors' code,
and one colour after the other. A whole step clips the gradients and moves the weights by PyTorch's AdamW; each has
masks of its own.
In float64. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python video_mae.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = Path(__file__).parent
SIZE, FRAMES, TUBELET, PATCH, BATCH, VISIBLE = 16, 4, 2, 4, 2, 6
DIM, DEPTH, HEADS, DECODER_DIM, DECODER_DEPTH, DECODER_HEADS = 24, 2, 3, 16, 1, 2
TIMES, SIDE, PIXELS = FRAMES // TUBELET, SIZE // PATCH, TUBELET * PATCH * PATCH * 3
TOKENS = TIMES * SIDE * SIDE
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]).double(), torch.tensor([0.229, 0.224, 0.225]).double()

generator = torch.Generator().manual_seed(5)
draw = lambda *shape: torch.randn(*shape, generator=generator)
linear_of = lambda name, i, o: {f"{name}.weight": draw(o, i) / i**0.5, f"{name}.bias": 0.1 * draw(o)}
norm_of = lambda name, dim: {f"{name}.weight": 1 + 0.1 * draw(dim), f"{name}.bias": 0.1 * draw(dim)}


def blocks_of(root, depth, dim):
    tree = {}
    for i in range(depth):
        block = f"{root}.blocks.{i}"
        tree |= norm_of(f"{block}.norm1", dim) | linear_of(f"{block}.attention.qkv", dim, 3 * dim)
        tree |= linear_of(f"{block}.attention.projection", dim, dim) | norm_of(f"{block}.norm2", dim)
        tree |= linear_of(f"{block}.mlp.hidden", dim, 4 * dim) | linear_of(f"{block}.mlp.output", 4 * dim, dim)
    return tree | norm_of(f"{root}.norm", dim)


weights = linear_of("encoder.patch", PIXELS, DIM) | blocks_of("encoder", DEPTH, DIM)
weights |= linear_of("decoder.input", DIM, DECODER_DIM) | {"decoder.maskToken": 0.2 * draw(DECODER_DIM)}
weights |= blocks_of("decoder", DECODER_DEPTH, DECODER_DIM) | linear_of("decoder.output", DECODER_DIM, PIXELS)
frames = torch.randint(0, 256, (BATCH, FRAMES, SIZE, SIZE, 3), generator=generator)
masks_of = lambda orders: (orders[..., :VISIBLE], orders[..., VISIBLE:])
draw_orders = lambda: torch.stack([torch.randperm(TOKENS, generator=generator) for _ in range(BATCH)])
visible, hidden = masks_of(draw_orders())
p = {name: value.double().requires_grad_() for name, value in weights.items()}

linear = lambda name, x: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
norm = lambda name, x: F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"], 1e-6)
take = lambda x, rows: torch.take_along_dim(x, rows.unsqueeze(-1), dim=1)


def sinusoids(places, count):
    omega = 1.0 / 10000 ** (torch.arange(count // 2, dtype=torch.float64) / (count / 2))
    phase = torch.outer(places.double(), omega)
    return torch.cat([phase.sin(), phase.cos()], dim=1)


def positions(dim):
    t, y, x = torch.meshgrid(torch.arange(TIMES), torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    parts = [(t, dim // 2), (y, dim // 4), (x, dim // 4)]
    return torch.cat([sinusoids(places.flatten(), count) for places, count in parts], dim=1).expand(BATCH, -1, -1)


def transformer(root, x, depth, heads):
    for i in range(depth):
        block = f"{root}.blocks.{i}"
        qkv = linear(f"{block}.attention.qkv", norm(f"{block}.norm1", x))
        q, k, v = (part.unflatten(2, (heads, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=2))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        x = x + linear(f"{block}.attention.projection", attended)
        x = x + linear(f"{block}.mlp.output", F.gelu(linear(f"{block}.mlp.hidden", norm(f"{block}.norm2", x))))
    return x


def cut_tubelets(pixels):
    cut = pixels.unflatten(1, (TIMES, TUBELET)).unflatten(3, (SIDE, PATCH)).unflatten(5, (SIDE, PATCH))
    return cut.permute(0, 1, 3, 5, 2, 4, 6, 7).reshape(BATCH, TOKENS, PIXELS)


def loss_of(frames, visible, hidden):
    tubelets = cut_tubelets((frames.double() / 255 - MEAN) / DEVIATION)
    seen = take(linear("encoder.patch", tubelets) + positions(DIM), visible)
    encoded = norm("encoder.norm", transformer("encoder", seen, DEPTH, HEADS))
    known = linear("decoder.input", encoded) + take(positions(DECODER_DIM), visible)
    sought = p["decoder.maskToken"] + take(positions(DECODER_DIM), hidden)
    x = transformer("decoder", torch.cat([known, sought], dim=1), DECODER_DEPTH, DECODER_HEADS)
    predicted = linear("decoder.output", norm("decoder.norm", x[:, VISIBLE:]))

    colours = take(cut_tubelets(frames.double() / 255), hidden).unflatten(2, (-1, 3))
    standardised = (colours - colours.mean(2, keepdim=True)) / (colours.std(2, keepdim=True, correction=1) + 1e-6)
    return F.mse_loss(predicted, standardised.transpose(2, 3).flatten(2))


loss = loss_of(frames, visible, hidden)
loss.backward()
print("loss", loss.item())

arrays = {f"weight.{name}": value.numpy() for name, value in weights.items()}
arrays |= {f"gradient.{name}": value.grad.float().numpy() for name, value in p.items()}
arrays |= {"frames": frames.to(torch.uint8).numpy(), "visible": visible.numpy(), "hidden": hidden.numpy()}
arrays = {name: value.copy(order="C") for name, value in arrays.items()}
save_file(arrays | {"loss": loss.detach().reshape(1).numpy()}, HERE / "video-mae.safetensors")

STEPS, DECAY, CLIP = 20, 0.05, 0.5
rates = torch.tensor([0.005 * min(1, (step + 1) / 5) for step in range(STEPS)])
all_visible, all_hidden = masks_of(torch.stack([draw_orders() for _ in range(STEPS)]))
groups = [{"params": [x], "weight_decay": DECAY if x.ndim > 1 else 0} for x in p.values()]
optimiser = torch.optim.AdamW(groups, lr=0, betas=(0.9, 0.95), eps=1e-8)
losses, norms = [], []
for step in range(STEPS):
    for group in optimiser.param_groups:
        group["lr"] = rates[step].item()
    optimiser.zero_grad()
    loss = loss_of(frames, all_visible[step], all_hidden[step])
    loss.backward()
    norms.append(torch.nn.utils.clip_grad_norm_(p.values(), CLIP))
    optimiser.step()
    losses.append(loss.detach())
print("20 steps: loss", losses[0].item(), "to", losses[-1].item(), "norm", norms[0].item(), "to", norms[-1].item())

arrays = {f"trained.{name}": value.detach().float().numpy() for name, value in p.items()}
arrays |= {"visible": all_visible.numpy(), "hidden": all_hidden.numpy(), "rate": rates.numpy()}
arrays |= {"loss": torch.stack(losses).numpy(), "gradientNorm": torch.stack(norms).numpy()}
arrays = {name: value.copy(order="C") for name, value in arrays.items()}
save_file(arrays, HERE / "video-mae-steps.safetensors")
