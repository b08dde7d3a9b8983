"""Runs an encoder that `takt encoders export` wrote in plain onnxruntime, and compares it with transformers.

Prints the cosine and the largest difference between its features and the last hidden state's patches of the checkpoint
that it comes from, averaged over the grid, for one clip of smooth random frames. Needs torch, transformers 5.24.0,
numpy 2 and onnxruntime, and nothing of Takt:
    python compare_export.py CHECKPOINT_DIR MODEL.onnx
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from transformers import AutoModel

GRID = 4
folder, path = map(Path, sys.argv[1:3])
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
_, frame_count, size, _, _ = session.get_inputs()[0].shape

generator = torch.Generator().manual_seed(7)
coarse = 255 * torch.rand(1, 3, frame_count // 4, 6, 6, generator=generator)
smooth = F.interpolate(coarse, size=(frame_count, size, size), mode="trilinear").round().byte()
frames = smooth.permute(0, 2, 3, 4, 1).contiguous()
(found,) = session.run(["features"], {"frames": frames.numpy()})

preprocessor = json.loads((folder / "preprocessor_config.json").read_text())
mean, deviation = (torch.tensor(preprocessor[key]) for key in ("image_mean", "image_std"))
pixels = ((frames.float() / 255 - mean) / deviation).permute(0, 1, 4, 2, 3)
model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
kind = model.config.model_type
with torch.no_grad():
    if kind in ("videomae", "vjepa2"):
        tokens = model(pixels, **({"skip_predictor": True} if kind == "vjepa2" else {})).last_hidden_state
    else:
        before = 1 + getattr(model.config, "num_register_tokens", 0)
        options = {"interpolate_pos_encoding": True} if kind == "vit" else {}
        tokens = model(pixels[0, ::2], **options).last_hidden_state[:, before:]

times, dim = frame_count // 2, tokens.shape[-1]
side = round((tokens.numel() // dim // times) ** 0.5)
planes = tokens.reshape(times, side, side, dim).permute(0, 3, 1, 2)
# Cells that do not divide the patches: each patch counts by its area, as if it were as many small ones.
fine = planes.repeat_interleave(GRID, 2).repeat_interleave(GRID, 3)
expected = F.avg_pool2d(fine, side).permute(0, 2, 3, 1).reshape(found.shape).numpy()
found = found.astype(np.float32)
cosine = (found * expected).sum() / np.linalg.norm(found) / np.linalg.norm(expected)
print(f"{path.name}: cosine {cosine:.6f}, largest difference {np.abs(found - expected).max():.2g} of {np.abs(expected).max():.2g}")
