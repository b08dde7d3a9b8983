"""The encoder in PyTorch, eager and compiled, and as the ONNX model that PyTorch exports, in Python's ONNX Runtime.

Rivals of `bench infer`, driven by lines of JSON, each on one thread; needs torch, numpy, safetensors, onnx and onnxruntime. A rival
that cannot be opened is left out with the reason. All take uint8 frames and give float16 features, as the encoder does.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

warnings.filterwarnings("ignore")
EPSILON = 1e-6


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim, EPSILON), nn.LayerNorm(dim, EPSILON)
        self.attention = nn.ModuleDict({"qkv": nn.Linear(dim, 3 * dim), "projection": nn.Linear(dim, dim)})
        self.mlp = nn.ModuleDict({"hidden": nn.Linear(dim, 4 * dim), "output": nn.Linear(4 * dim, dim)})

    def forward(self, x):
        batch, tokens, dim = x.shape
        qkv = self.attention["qkv"](self.norm1(x)).reshape(batch, tokens, 3, self.heads, dim // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, tokens, dim)
        x = x + self.attention["projection"](attended)
        return x + self.mlp["output"](F.gelu(self.mlp["hidden"](self.norm2(x))))


class Encoder(nn.Module):
    def __init__(self, spec, positions):
        super().__init__()
        self.spec = spec
        dim, pixels = spec["dim"], spec["tubelet"] * spec["patch"] ** 2 * 3
        self.patch = nn.Linear(pixels, dim)
        self.blocks = nn.Sequential(*(Block(dim, spec["heads"]) for _ in range(spec["depth"])))
        self.norm = nn.LayerNorm(dim, EPSILON)
        self.register_buffer("positions", positions)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).repeat(pixels // 3))
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).repeat(pixels // 3))

    def forward(self, frames):
        s = self.spec
        batch, times, side = frames.shape[0], s["frames"] // s["tubelet"], s["inputSize"] // s["patch"]
        cut = frames.reshape(batch, times, s["tubelet"], side, s["patch"], side, s["patch"] * 3)
        tubelets = cut.permute(0, 1, 3, 5, 2, 4, 6).reshape(batch, times * side * side, -1)
        x = self.patch((tubelets.float() / 255 - self.mean) / self.deviation) + self.positions
        x = self.norm(self.blocks(x))
        grid, cell = s["grid"], side // s["grid"]
        pooled = x.reshape(batch, times, grid, cell, grid, cell, s["dim"]).mean((3, 5))
        return pooled.reshape(batch, times, grid * grid, s["dim"]).half()


def onnx_session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda frames: session.run(None, {"frames": frames.numpy()})[0]


def export(model, frames, folder):
    path = folder / "exported.onnx"
    torch.onnx.export(model, (frames,), path, dynamo=False, opset_version=17, input_names=["frames"])
    return path


def quantised(path, folder):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    rounded = folder / "quantised.onnx"
    # Seven bits, as onnxruntime advises for processors without VNNI.
    quantize_dynamic(path, rounded, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    return rounded


def open_rivals(spec, weights, folder):
    folder = Path(folder)
    tensors = load_file(weights)
    model = Encoder(spec, tensors.pop("positions"))
    model.load_state_dict(tensors, strict=False)
    model.eval()
    frames = torch.zeros(1, spec["frames"], spec["inputSize"], spec["inputSize"], 3, dtype=torch.uint8)
    makers = {
        "torchEager": lambda: model,
        "torchCompile": lambda: torch.compile(model),
        "onnxruntime": lambda: onnx_session(export(model, frames, folder)),
        "onnxruntimeInt8": lambda: onnx_session(quantised(folder / "exported.onnx", folder)),
    }
    rivals, left_out = {}, {}
    for name, make in makers.items():
        try:
            rivals[name] = make()
            rivals[name](frames)
        except Exception as error:  # Of whatever library is missing or does not support the model.
            rivals.pop(name, None)
            left_out[name] = f"{type(error).__name__}: {error}"[:300]
    return rivals, left_out


def read_clips(path, spec):
    shape = (-1, spec["frames"], spec["inputSize"], spec["inputSize"], 3)
    return torch.from_numpy(np.fromfile(path, np.uint8)).reshape(shape)


def main(spec, weights, folder):
    torch.set_num_threads(1)
    with torch.inference_mode():
        rivals, left_out = open_rivals(spec, weights, folder)
        for line in sys.stdin:
            question = json.loads(line)
            if "list" in question:
                answer = {"names": list(rivals), "leftOut": left_out}
            else:
                run, clips = rivals[question["rival"]], read_clips(question["clips"], spec)
                started = time.process_time()
                found = [np.asarray(run(clips[i : i + 1])) for i in range(len(clips))]
                answer = {"cpuSeconds": time.process_time() - started}
                np.concatenate(found).astype(np.float32).tofile(question["features"])
            print(json.dumps(answer), flush=True)


main(**json.loads(sys.argv[1]))
