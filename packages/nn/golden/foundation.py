"""Writes the golden checkpoints of published vision transformers, in small, and their features.

Each is a random model of Hugging Face's `transformers`, saved by it as a user would find it on disk; features are the
last hidden state's patches of one clip in float32, from pixels standardised here as the preprocessor's file says. Models
of pictures see the first frame of each time step. Run with torch 2.13.0, transformers 5.24.0, numpy 2 and safetensors 0.8:
    python foundation.py
"""

import json
from pathlib import Path

import numpy as np
import torch
import transformers as hf
from safetensors.numpy import save_file

SIZE, PATCH, FRAMES, TUBELET = 16, 4, 16, 2
folder = Path(__file__).parent / "foundation"
folder.mkdir(exist_ok=True)
generator = torch.Generator().manual_seed(31)
frames = torch.randint(0, 256, (1, FRAMES, SIZE, SIZE, 3), generator=generator, dtype=torch.uint8)
save_file({"frames": frames.numpy()}, folder / "frames.safetensors")

sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, patch_size=PATCH)
imagenet = dict(image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225])
half = dict(image_mean=[0.5] * 3, image_std=[0.5] * 3)
rescale = dict(do_rescale=True, rescale_factor=1 / 255, do_normalize=True)
scaled = dict(do_resize=True, size={"height": SIZE, "width": SIZE}, **rescale)
cropped = dict(do_resize=True, size={"shortest_edge": 18}, do_center_crop=True, crop_size={"height": SIZE, "width": SIZE}, **rescale)


def randomise(model, dtype):
    """Weights far from their first values, rounded to `dtype`."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            drawn = torch.randn(value.shape, generator=generator)
            gain = "norm" in name and name.endswith("weight") or "lambda" in name
            value.copy_(1 + 0.2 * drawn if gain else drawn / max(value.shape[-1], 1) ** 0.5)
    return model.to(dtype).eval()


def write(name, model, preprocessor, dtype, features):
    randomise(model, dtype).save_pretrained(folder / name)
    (folder / name / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2))
    mean, deviation = (torch.tensor(preprocessor[key]) for key in ("image_mean", "image_std"))
    pixels = ((frames.float() / 255 - mean) / deviation).permute(0, 1, 4, 2, 3)
    with torch.no_grad():
        found = features(model.float(), pixels).reshape(-1, model.config.hidden_size)
    print(name, tuple(found.shape), found.norm().item())
    np.save(folder / name / "features.npy", found.numpy())


def of_pictures(before, **options):
    return lambda model, pixels: model(pixels[0, ::TUBELET], **options).last_hidden_state[:, before:]


write(
    "vit",
    hf.ViTModel(hf.ViTConfig(image_size=12, intermediate_size=24, **sizes)),
    scaled | half,
    torch.bfloat16,
    of_pictures(1, interpolate_pos_encoding=True),
)
write(
    "dinov2",
    hf.Dinov2Model(hf.Dinov2Config(image_size=24, mlp_ratio=2, **sizes)),
    cropped | imagenet,
    torch.float16,
    of_pictures(1),
)
write(
    "dinov2_with_registers",
    hf.Dinov2WithRegistersModel(hf.Dinov2WithRegistersConfig(image_size=28, mlp_ratio=2, num_register_tokens=3, **sizes)),
    cropped | imagenet,
    torch.float32,
    of_pictures(4),
)
write(
    "videomae",
    hf.VideoMAEModel(hf.VideoMAEConfig(image_size=SIZE, num_frames=FRAMES, intermediate_size=24, **sizes)),
    cropped | imagenet,
    torch.float32,
    lambda model, pixels: model(pixels).last_hidden_state,
)
decoder = dict(decoder_hidden_size=8, decoder_num_hidden_layers=1, decoder_num_attention_heads=2, decoder_intermediate_size=8)
pretraining = dict(image_size=SIZE, num_frames=FRAMES, intermediate_size=24, use_mean_pooling=False)
write(
    "videomae_for_pretraining",
    hf.VideoMAEForPreTraining(hf.VideoMAEConfig(**pretraining, **decoder, **sizes)),
    cropped | imagenet,
    torch.float32,
    lambda model, pixels: model.videomae(pixels).last_hidden_state,
)
predictor = dict(pred_hidden_size=8, pred_num_attention_heads=2, pred_num_hidden_layers=1)
rotary = dict(crop_size=SIZE, frames_per_clip=64, mlp_ratio=2, **predictor, **(sizes | dict(hidden_size=32)))
write(
    "vjepa2",
    hf.VJEPA2Model(hf.VJEPA2Config(**rotary)),
    cropped | imagenet,
    torch.float32,
    lambda model, pixels: model(pixels, skip_predictor=True).last_hidden_state,
)
