"""Writes the golden numbers of what a run's features show, in PyTorch, in float64, from the papers' equations.

Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python watch.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

VIEWS, BATCH, TIMES, PLACES, DIM = 2, 6, 3, 4, 10
generator = torch.Generator().manual_seed(1)
draw = lambda *shape: torch.randn(*shape, generator=generator)
where, what = draw(1, 1, TIMES, PLACES, DIM), draw(1, BATCH, TIMES, PLACES, 3) @ draw(3, DIM)
features = (0.5 + where + what + 0.3 * draw(VIEWS, BATCH, TIMES, PLACES, DIM)).float()
first, second = features.double()

# Garrido et al., 2023, equation (1).
singular = torch.linalg.svdvals(first.reshape(-1, DIM))
p = singular / singular.sum() + 1e-7
rank = torch.exp(-(p * p.log()).sum())

within = first.var(0, unbiased=False).sum()
total = (first - first.mean((0, 1, 2))).square().sum() / BATCH
spread = (within / first.square().mean(0).sum()).sqrt()

# Wang & Isola, 2020, section 4, with alpha = 2 and t = 2.
a, b = F.normalize(first, dim=-1), F.normalize(second, dim=-1)
alignment = (a - b).square().sum(-1).mean()
pairs = [torch.exp(-2 * (a[i] - a[j]).square().sum(-1)) for i in range(BATCH) for j in range(i)]
uniformity = torch.stack(pairs).mean().log()

found = {"effectiveRank": rank, "spread": spread, "placeShare": 1 - within / total}
found |= {"alignment": alignment, "uniformity": uniformity}
print({name: value.item() for name, value in found.items()})
arrays = {name: value.reshape(1).numpy() for name, value in found.items()}
save_file(arrays | {"features": features.numpy().copy()}, Path(__file__).parent / "watch.safetensors")
