"""Writes the golden file of MS-TCN and MS-TCN++: weights, sequences, and PyTorch's loss and gradients.

Written from Farha & Gall, 2019, and Li et al., 2020, with PyTorch's own convolutions and cross-entropy, sharing no code
with the TypeScript. The second sequence ends early, some time steps have no label, and each layer drops some of what it
adds. In float64. Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python ms_tcn.py
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

BATCH, INPUTS, MAPS, CLASSES, LAYERS, REFINEMENTS, TIMES, LENGTHS = 2, 5, 4, 3, 3, 2, 14, (14, 9)
LAMBDA, TAU = 0.15, 4

generator = torch.Generator().manual_seed(13)
draw = lambda *shape: torch.randn(*shape, generator=generator)


def conv_of(name, inputs, outputs, taps):
    weight = draw(outputs, inputs, taps) / (inputs * taps) ** 0.5
    return {f"{name}.weight": weight, f"{name}.bias": 0.2 * draw(outputs)}


def stage_of(root, inputs, layer_of):
    tree = conv_of(f"{root}.input", inputs, MAPS, 1)
    for i in range(LAYERS):
        tree |= layer_of(f"{root}.layers.{i}")
    # Sharp logits, so that some changes are truncated.
    output = conv_of(f"{root}.output", MAPS, CLASSES, 1)
    return tree | {name: 4 * value for name, value in output.items()}


dilated_of = lambda name: conv_of(f"{name}.dilated", MAPS, MAPS, 3) | conv_of(f"{name}.pointwise", MAPS, MAPS, 1)
dual_of = lambda name: (
    conv_of(f"{name}.wide", MAPS, MAPS, 3)
    | conv_of(f"{name}.narrow", MAPS, MAPS, 3)
    | conv_of(f"{name}.fusion", 2 * MAPS, MAPS, 1)
)


def network_of(layer_of):
    tree = stage_of("first", INPUTS, layer_of)
    for i in range(REFINEMENTS):
        tree |= stage_of(f"refinements.{i}", CLASSES, dilated_of)
    return tree


x = draw(BATCH, INPUTS, TIMES).double()
drops = 2 * torch.bernoulli(torch.full((MAPS, 1), 0.5), generator=generator).double()
mask = torch.stack([(torch.arange(TIMES) < length).double() for length in LENGTHS]).unsqueeze(1)
labels = torch.randint(0, CLASSES, (BATCH, TIMES), generator=generator)
labels[(mask[:, 0] == 0) | (torch.arange(TIMES) % 5 == 3)] = -100


def run(weights, first_layer):
    p = {name: value.double().requires_grad_() for name, value in weights.items()}
    conv = lambda name, x, dilation=1: F.conv1d(
        x, p[f"{name}.weight"], p[f"{name}.bias"], dilation=dilation, padding="same"
    )

    def dilated_layer(name, x, i):
        return x + drops * conv(f"{name}.pointwise", F.relu(conv(f"{name}.dilated", x, 2**i)))

    def dual_layer(name, x, i):
        both = torch.cat([conv(f"{name}.wide", x, 2 ** (LAYERS - 1 - i)), conv(f"{name}.narrow", x, 2**i)], 1)
        return x + drops * F.relu(conv(f"{name}.fusion", both))

    def stage(root, x, layer):
        x = conv(f"{root}.input", x) * mask
        for i in range(LAYERS):
            x = layer(f"{root}.layers.{i}", x, i) * mask
        return conv(f"{root}.output", x) * mask

    stages = [stage("first", x, dual_layer if first_layer == "dual" else dilated_layer)]
    for i in range(REFINEMENTS):
        stages.append(stage(f"refinements.{i}", stages[-1].softmax(1) * mask, dilated_layer))

    loss, truncated = 0, 0
    for logits in stages:
        log_p = logits.log_softmax(1)
        change = (log_p[:, :, 1:] - log_p.detach()[:, :, :-1]).abs()
        follows = mask[:, :, 1:].bool().expand_as(change)
        smooth = change.clamp(max=TAU).square()[follows].mean()
        loss = loss + F.cross_entropy(logits, labels) + LAMBDA * smooth
        truncated += ((change > TAU) & follows).sum().item()
    loss.backward()
    print("loss", loss.item(), "of changes truncated", truncated)
    found = {f"weight.{name}": value for name, value in weights.items()}
    found |= {f"gradient.{name}": value.grad.float() for name, value in p.items()}
    return found | {"loss": loss.reshape(1), "logits": stages[-1]}


targets = F.one_hot(labels.clamp(min=0), CLASSES).transpose(1, 2) * (labels >= 0).unsqueeze(1)
arrays = {"x": x.float(), "mask": mask.float(), "targets": targets.float(), "drops": drops.float()}
arrays |= {f"msTcn.{name}": value for name, value in run(network_of(dilated_of), "dilated").items()}
arrays |= {f"msTcnPlusPlus.{name}": value for name, value in run(network_of(dual_of), "dual").items()}
arrays = {name: value.detach().contiguous().numpy() for name, value in arrays.items()}
save_file(arrays, Path(__file__).parent / "ms-tcn.safetensors")
