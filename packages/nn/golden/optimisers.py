"""Writes the golden file of the optimisers: a small network, and its weights after 20 steps of PyTorch's own.

AdamW, SGD and gradient clipping are PyTorch's; LARS, which it lacks, is written from You et al., 2017, algorithm 1.
All in float64. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python optimisers.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = Path(__file__).parent
STEPS, ROWS, INPUTS, HIDDEN, OUTPUTS = 20, 16, 6, 8, 3
DECAY, CLIP, MOMENTUM, TRUST = 0.05, 0.5, 0.9, 0.1
SHAPES = {
    "hidden.weight": (HIDDEN, INPUTS),
    "hidden.bias": (HIDDEN,),
    "output.weight": (OUTPUTS, HIDDEN),
    "output.bias": (OUTPUTS,),
}
RATES = [0.02 * min(1, (step + 1) / 5) for step in range(STEPS)]

generator = torch.Generator().manual_seed(3)
draw = lambda *shape: torch.randn(*shape, generator=generator).double()
start = {name: 0.3 * draw(*shape) for name, shape in SHAPES.items()}
batch, target = draw(ROWS, INPUTS), draw(ROWS, OUTPUTS)


class Lars(torch.optim.Optimizer):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rate, decay = group["lr"], group["weight_decay"]
            for p in group["params"]:
                velocity = self.state[p].setdefault("velocity", torch.zeros_like(p))
                own = TRUST * p.norm() / (p.grad.norm() + decay * p.norm()) if decay else 1
                velocity.mul_(MOMENTUM).add_(rate * own * (p.grad + decay * p))
                p.sub_(velocity)


OPTIMISERS = {
    "adamw": lambda groups: torch.optim.AdamW(groups, lr=0, betas=(0.9, 0.999), eps=1e-8),
    "sgd": lambda groups: torch.optim.SGD(groups, lr=0, momentum=MOMENTUM),
    "lars": lambda groups: Lars(groups, {"lr": 0}),
}


def train(make):
    p = {name: value.clone().requires_grad_() for name, value in start.items()}
    groups = [{"params": [x], "weight_decay": DECAY if x.ndim > 1 else 0} for x in p.values()]
    optimiser, losses, norms = make(groups), [], []
    for rate in RATES:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad()
        hidden = F.gelu(F.linear(batch, p["hidden.weight"], p["hidden.bias"]))
        loss = F.mse_loss(F.linear(hidden, p["output.weight"], p["output.bias"]), target)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(p.values(), CLIP))
        optimiser.step()
        losses.append(loss.detach())
    print("loss", losses[0].item(), "to", losses[-1].item(), "norm", norms[0].item(), "to", norms[-1].item())
    return p | {"losses": torch.stack(losses), "norms": torch.stack(norms)}


arrays = {"batch": batch, "target": target, "rates": torch.tensor(RATES).double()}
arrays |= {f"start.{name}": value for name, value in start.items()}
for optimiser, make in OPTIMISERS.items():
    arrays |= {f"{optimiser}.{name}": value for name, value in train(make).items()}
save_file({name: value.detach().numpy() for name, value in arrays.items()}, HERE / "optimisers.safetensors")
