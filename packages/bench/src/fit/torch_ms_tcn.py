"""MS-TCN's training in PyTorch, as its authors wrote it: convolutions, dropout, cross-entropy and smoothing, Adam.

A rival of `bench fit`, driven by lines of JSON, each of which is an epoch over sequences in .npy files of
[time, channel]; needs torch and numpy. Features are standardised, as they are by `takt steps fit`, by a buffer of the
first layer. First weights come as a safetensors file.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LAMBDA, TAU, RATE = 0.15, 4, 5e-4


class DilatedLayer(nn.Module):
    def __init__(self, maps, dilation):
        super().__init__()
        self.dilated = nn.Conv1d(maps, maps, 3, padding=dilation, dilation=dilation)
        self.pointwise = nn.Conv1d(maps, maps, 1)
        self.dropout = nn.Dropout()

    def forward(self, x):
        return x + self.dropout(self.pointwise(F.relu(self.dilated(x))))


class Stage(nn.Module):
    def __init__(self, inputs, maps, classes, layers):
        super().__init__()
        self.input = nn.Conv1d(inputs, maps, 1)
        self.layers = nn.Sequential(*(DilatedLayer(maps, 2**i) for i in range(layers)))
        self.output = nn.Conv1d(maps, classes, 1)

    def forward(self, x):
        return self.output(self.layers(self.input(x)))


class MsTcn(nn.Module):
    def __init__(self, inputs, maps, classes, layers, refinements):
        super().__init__()
        self.first = Stage(inputs, maps, classes, layers)
        self.refinements = nn.ModuleList(Stage(classes, maps, classes, layers) for _ in range(refinements))


def loss_of(stages, labels):
    loss = 0
    for logits in stages:
        log_p = F.log_softmax(logits, 1)
        change = (log_p[:, :, 1:] - log_p.detach()[:, :, :-1]).square()
        loss = loss + F.nll_loss(log_p, labels) + LAMBDA * change.clamp(max=TAU**2).mean()
    return loss


def read_safetensors(path):
    data = bytearray(Path(path).read_bytes())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    for name, entry in header.items():
        count = torch.Size(entry["shape"]).numel()
        start = 8 + length + entry["data_offsets"][0]
        yield name, torch.frombuffer(data, dtype=torch.float32, count=count, offset=start).view(entry["shape"])


def status_megabytes(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


class Training:
    def __init__(self, weights, sizes):
        tensors = dict(read_safetensors(weights))
        self.gain, self.offset = tensors.pop("standard.gain"), tensors.pop("standard.offset")
        self.model = MsTcn(**sizes)
        self.model.load_state_dict(tensors)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE, fused=True)

    def stages(self, x):
        """The first layer's weights are standardised instead of the features, which costs least."""
        first, conv = self.model.first, self.model.first.input
        weight = conv.weight[:, :, 0]
        y = F.linear(x, weight * self.gain, weight @ self.offset + conv.bias).t().unsqueeze(0)
        logits = [first.output(first.layers(y))]
        for stage in self.model.refinements:
            logits.append(stage(logits[-1].softmax(1)))
        return logits

    def epoch(self, sequences):
        losses, reading = [], 0
        started, cpu = time.perf_counter(), time.process_time()
        for sequence in sequences:
            before = time.perf_counter()
            x = torch.from_numpy(np.load(sequence["features"]))
            labels = torch.tensor(sequence["labels"])
            reading += time.perf_counter() - before
            self.optimiser.zero_grad(set_to_none=True)
            loss = loss_of(self.stages(x), labels.unsqueeze(0))
            loss.backward()
            self.optimiser.step()
            losses.append(loss.item())
        spent = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu}
        return spent | {"readingSeconds": reading, "loss": sum(losses) / len(losses)}


def main(threads, **options):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    training = Training(**options)
    for line in sys.stdin:
        found = training.epoch(**json.loads(line))
        print(json.dumps(found | {"peakMegabytes": status_megabytes("VmHWM")}), flush=True)


main(**json.loads(sys.argv[1]))
