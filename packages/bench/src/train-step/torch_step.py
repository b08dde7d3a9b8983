"""VideoMAE's training step in PyTorch, as one would write it: fused attention, fused AdamW, clipped by global norm.

A rival of `bench train-step`, driven by lines of JSON; needs torch alone. Weights, positions and each call's clips,
masks and rates come as safetensors files, so that it trains on the same numbers.
"""

import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-6
DTYPES = {"F32": torch.float32, "I64": torch.int64, "U8": torch.uint8}


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim, EPSILON), nn.LayerNorm(dim, EPSILON)
        self.attention = nn.ModuleDict({"qkv": nn.Linear(dim, 3 * dim), "projection": nn.Linear(dim, dim)})
        self.mlp = nn.ModuleDict({"hidden": nn.Linear(dim, 4 * dim), "output": nn.Linear(4 * dim, dim)})

    def forward(self, x):
        qkv = self.attention["qkv"](self.norm1(x)).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(*qkv.unbind(0)).transpose(1, 2).flatten(2)
        x = x + self.attention["projection"](attended)
        return x + self.mlp["output"](F.gelu(self.mlp["hidden"](self.norm2(x))))


class Encoder(nn.Module):
    def __init__(self, pixels, dim, depth, heads):
        super().__init__()
        self.patch = nn.Linear(pixels, dim)
        self.blocks = nn.Sequential(*(Block(dim, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(dim, EPSILON)


class Decoder(nn.Module):
    def __init__(self, inputs, pixels, dim, depth, heads):
        super().__init__()
        self.input = nn.Linear(inputs, dim)
        self.maskToken = nn.Parameter(torch.zeros(dim))
        self.blocks = nn.Sequential(*(Block(dim, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(dim, EPSILON)
        self.output = nn.Linear(dim, pixels)


class VideoMae(nn.Module):
    def __init__(self, encoder, decoder, patch, tubelet, positions):
        super().__init__()
        self.patch_size, self.tubelet = patch, tubelet
        pixels = tubelet * patch * patch * 3
        self.encoder = Encoder(pixels, **encoder)
        self.decoder = Decoder(encoder["dim"], pixels, **decoder)
        self.positions = nn.ParameterDict(positions).requires_grad_(False)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).repeat(pixels // 3))
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).repeat(pixels // 3))

    def cut(self, frames):
        """uint8 [batch, frames, size, size, 3] to uint8 [batch, tokens, pixels]: cut while a pixel is one byte."""
        patch = self.patch_size
        cut = frames.unflatten(1, (-1, self.tubelet)).unflatten(3, (-1, patch)).unflatten(5, (-1, patch))
        return cut.permute(0, 1, 3, 5, 2, 4, 6, 7).flatten(4).flatten(1, 3)

    def forward(self, frames, visible, hidden):
        tubelets = self.cut(frames)
        seen = (take(tubelets, visible) / 255 - self.mean) / self.deviation
        encoded = self.encoder.blocks(self.encoder.patch(seen) + self.positions["encoder"][visible])
        known = self.decoder.input(self.encoder.norm(encoded)) + self.positions["decoder"][visible]
        sought = self.decoder.maskToken + self.positions["decoder"][hidden]
        decoded = self.decoder.blocks(torch.cat([known, sought], dim=1))[:, visible.shape[1] :]
        colours = take(tubelets, hidden).unflatten(2, (-1, 3)).transpose(2, 3).float().contiguous()
        deviation, mean = torch.std_mean(colours, 3, keepdim=True)
        target = ((colours - mean) / (deviation + 255e-6)).flatten(2)
        return F.mse_loss(self.decoder.output(self.decoder.norm(decoded)), target)


def take(x, rows):
    return x.gather(1, rows.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


def read_safetensors(path):
    data = bytearray(Path(path).read_bytes())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    for name, entry in header.items():
        count = torch.Size(entry["shape"]).numel()
        start = 8 + length + entry["data_offsets"][0]
        yield name, torch.frombuffer(data, dtype=DTYPES[entry["dtype"]], count=count, offset=start).view(entry["shape"])


def status_megabytes(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


class Training:
    def __init__(self, weights, sizes, compiled, clip):
        tensors = dict(read_safetensors(weights))
        below = lambda prefix: {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        self.model = VideoMae(**sizes, positions={k: nn.Parameter(v.clone()) for k, v in below("positions.").items()})
        self.model.load_state_dict(below("parameters."), strict=False)
        self.loss = torch.compile(self.model) if compiled else self.model
        self.learnt = [p for p in self.model.parameters() if p.requires_grad]
        self.clip = clip
        decayed = [p for p in self.learnt if p.ndim > 1]
        spared = [p for p in self.learnt if p.ndim < 2]
        groups = [{"params": decayed, "weight_decay": 0.05}, {"params": spared, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.95), fused=True)

    def advance(self, inputs):
        call = dict(read_safetensors(inputs))
        losses = []
        started, cpu = time.perf_counter(), time.process_time()
        for frames, visible, hidden, rate in zip(call["frames"], call["visible"], call["hidden"], call["rate"].tolist()):
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            self.optimiser.zero_grad(set_to_none=True)
            loss = self.loss(frames, visible, hidden)
            loss.backward()
            nn.utils.clip_grad_norm_(self.learnt, self.clip)
            self.optimiser.step()
            losses.append(loss.item())
        spent = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu}
        return spent | {"losses": losses, "peakMegabytes": status_megabytes("VmHWM")}


def main(threads, **options):
    torch.set_num_threads(threads)
    torch.ones(256, 256) @ torch.ones(256, 256)  # Threads and kernels are part of the idle process.
    idle = status_megabytes("VmRSS")
    training = Training(**options)
    for line in sys.stdin:
        print(json.dumps(training.advance(**json.loads(line)) | {"idleMegabytes": idle}), flush=True)


main(**json.loads(sys.argv[1]))
