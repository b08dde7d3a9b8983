"""Writes the golden numbers of the objectives: loss, gradients and what is remembered, in PyTorch, in float64.

Written from the papers' equations, sharing no code with the TypeScript. Embeddings are [groups, batch, dim]: an
equation holds for each group alone, and the loss is the mean over groups.
Run with torch 2.13.0, numpy 2 and safetensors 0.8:
    python objectives.py
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

GROUPS, BATCH, DIM = 3, 5, 6
arrays = {}


def golden(method, inputs, outputs_of):
    """Outputs and the gradient of `loss` at inputs that float32 holds exactly; no gradient where it is stopped."""
    leaves = {name: x.float().double().requires_grad_(x.is_floating_point()) for name, x in inputs.items()}
    outputs = outputs_of(**leaves)
    outputs["loss"].backward()
    for name, x in leaves.items():
        arrays[f"{method}/input/{name}"] = x.detach().float().numpy()
        if x.grad is not None:
            arrays[f"{method}/gradient/{name}"] = x.grad.numpy()
    for name, y in outputs.items():
        arrays[f"{method}/output/{name}"] = y.detach().reshape(y.shape or (1,)).numpy()
    print(method, outputs["loss"].item())


def drawn(seed, *names, shape=(GROUPS, BATCH, DIM)):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(*shape, generator=generator) for name in names}


# SimSiam, equations (1) and (4).
def negative_cosine(p, z):
    return -(F.normalize(p, dim=-1) * F.normalize(z, dim=-1)).sum(-1)


def sim_siam(p1, p2, z1, z2):
    return {"loss": (negative_cosine(p1, z2.detach()) / 2 + negative_cosine(p2, z1.detach()) / 2).mean()}


golden("sim-siam", drawn(1, "p1", "p2", "z1", "z2"), sim_siam)


# Guided stop-gradient on SimSiam: the nearest of the four pairs of views of a clip and of the next clip.
def guided(d):
    def outputs(p1, p2, z1, z2):
        total = 0
        for g in range(GROUPS):
            for i in range(BATCH):
                j = (i + 1) % BATCH
                p, z = [p1[g, i], p2[g, i]], [z1[g, i], z2[g, i]]
                reference_p, reference_z = [p1[g, j], p2[g, j]], [z1[g, j], z2[g, j]]
                distances = [(torch.dist(z[a], reference_z[b]).item(), a, b) for a in (0, 1) for b in (0, 1)]
                _, a, b = min(distances)
                own, other = d(p[a], z[1 - a].detach()), d(reference_p[b], reference_z[1 - b].detach())
                total = total + (own + other) / 2
        return {"loss": total / (GROUPS * BATCH)}

    return outputs


golden("guided-stop-gradient", drawn(2, "p1", "p2", "z1", "z2"), guided(negative_cosine))


# SimCLR, equation (1): the 2B views of a group, whose first half is the first view.
def sim_clr(z1, z2, temperature=0.1):
    total = 0
    for g in range(GROUPS):
        views = [*z1[g], *z2[g]]
        for i in range(2 * BATCH):
            similar = [torch.cosine_similarity(views[i], view, dim=0) / temperature for view in views]
            others = torch.stack([similar[k] for k in range(2 * BATCH) if k != i])
            total = total + torch.logsumexp(others, 0) - similar[(i + BATCH) % (2 * BATCH)]
    return {"loss": total / (2 * BATCH * GROUPS)}


golden("sim-clr", drawn(3, "z1", "z2"), sim_clr)


# BYOL, equation (2), both ways; z1 and z2 are the target's.
def regression(q, z):
    return (F.normalize(q, dim=-1) - F.normalize(z, dim=-1)).square().sum(-1)


def byol(p1, p2, z1, z2):
    return {"loss": (regression(p1, z2.detach()) + regression(p2, z1.detach())).mean()}


golden("byol", drawn(4, "p1", "p2", "z1", "z2"), byol)


# Barlow Twins, equations (1) and (2); each group by its own statistics, with batch norm's epsilon.
def barlow_twins(z1, z2, redundancy=0.0051):
    standardise = lambda z: (z - z.mean(1, keepdim=True)) / (z.var(1, keepdim=True, unbiased=False) + 1e-5).sqrt()
    correlation = torch.einsum("gbi,gbj->ij", standardise(z1), standardise(z2)) / (GROUPS * BATCH)
    on_diagonal = (1 - torch.diagonal(correlation)).square().sum()
    off_diagonal = correlation.square().sum() - torch.diagonal(correlation).square().sum()
    return {"loss": on_diagonal + redundancy * off_diagonal}


golden("barlow-twins", drawn(5, "z1", "z2"), barlow_twins)


# MoCo v3, equation (1) by algorithm 1; k1 and k2 are the momentum network's.
def moco_v3(q1, q2, k1, k2, temperature=0.2):
    def contrast(q, k):
        q, k = F.normalize(q, dim=-1), F.normalize(k.detach(), dim=-1)
        losses = [F.cross_entropy(q[g] @ k[g].T / temperature, torch.arange(BATCH)) for g in range(GROUPS)]
        return 2 * temperature * torch.stack(losses).mean()

    return {"loss": contrast(q1, k2) + contrast(q2, k1)}


golden("moco-v3", drawn(6, "q1", "q2", "k1", "k2"), moco_v3)


# DINO, equations (1), (3) and (4): two global views of the teacher, three of the student, a centre for each group.
PROTOTYPES = 7


def dino(t1, t2, s1, s2, s3, centre, student_temperature=0.1, teacher_temperature=0.05, momentum=0.9):
    teacher, student, centre = [t1.detach(), t2.detach()], [s1, s2, s3], centre.detach()
    pairs = []
    for i, t in enumerate(teacher):
        target = ((t - centre) / teacher_temperature).softmax(-1)
        for j, s in enumerate(student):
            if i != j:
                pairs.append(-(target * (s / student_temperature).log_softmax(-1)).sum(-1).mean())
    seen = torch.cat(teacher, 1).mean(1, keepdim=True)
    return {"loss": torch.stack(pairs).mean(), "nextCentre": momentum * centre + (1 - momentum) * seen}


logits = {name: 0.5 * x for name, x in drawn(7, "t1", "t2", "s1", "s2", "s3", shape=(GROUPS, BATCH, PROTOTYPES)).items()}
golden("dino", logits | {"centre": 0.1 * drawn(8, "centre", shape=(GROUPS, 1, PROTOTYPES))["centre"]}, dino)


# iBOT, equation (2): tokens of one view, [batch, tokens, prototypes], of which a clip has some masked or none.
def ibot(teacher, student, centre, masked, student_temperature=0.1, teacher_temperature=0.05):
    target = ((teacher.detach() - centre.detach()) / teacher_temperature).softmax(-1)
    entropy = -(target * (student / student_temperature).log_softmax(-1)).sum(-1)
    masked = masked.detach()
    return {"loss": ((entropy * masked).sum(1) / masked.sum(1).clamp(min=1)).mean()}


tokens = {name: 0.5 * x for name, x in drawn(9, "teacher", "student", shape=(BATCH, 4, PROTOTYPES)).items()}
masked = torch.tensor([[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 0], [0, 1, 0, 0], [0, 0, 1, 1]]).float()
golden("ibot", tokens | {"centre": 0.1 * drawn(10, "centre", shape=(PROTOTYPES,))["centre"], "masked": masked}, ibot)


# DINOv2's targets by Sinkhorn & Knopp, as a student's cross-entropy with them; each group for itself.
def sinkhorn(teacher, student, student_temperature=0.1, teacher_temperature=0.05):
    losses = []
    for g in range(GROUPS):
        q = (teacher[g].detach() / teacher_temperature).exp().T  # [prototypes, batch]
        q = q / q.sum()
        for _ in range(3):
            q = q / q.sum(1, keepdim=True) / PROTOTYPES
            q = q / q.sum(0, keepdim=True) / BATCH
        losses.append(-((q * BATCH).T * (student[g] / student_temperature).log_softmax(-1)).sum(-1).mean())
    return {"loss": torch.stack(losses).mean()}


logits = {name: 0.5 * x for name, x in drawn(11, "teacher", "student", shape=(GROUPS, BATCH, PROTOTYPES)).items()}
golden("sinkhorn", logits, sinkhorn)


# DINOv2's KoLeo: the nearest of the others of a group.
def ko_leo(features):
    x, total = F.normalize(features, dim=-1), 0
    for g in range(GROUPS):
        for i in range(BATCH):
            total = total - torch.stack([torch.dist(x[g, i], x[g, j]) for j in range(BATCH) if j != i]).min().log()
    return {"loss": total / (GROUPS * BATCH)}


golden("ko-leo", drawn(12, "features"), ko_leo)


# MAE: the mean square of what hidden patches, each at mean 0 and variance 1 of its own pixels, are predicted to be.
def mae(predicted, patches):
    levels = patches.detach() / 255
    target = (levels - levels.mean(-1, keepdim=True)) / (levels.var(-1, keepdim=True) + 1e-6).sqrt()
    return {"loss": (predicted - target).square().mean()}


patches = torch.randint(0, 256, (BATCH, 12), generator=torch.Generator().manual_seed(14)).float()
golden("mae", drawn(13, "predicted", shape=(BATCH, 12)) | {"patches": patches}, mae)


# I-JEPA and V-JEPA: the target encoder's features, each token standardised, by L2 and by L1; means over all.
def jepa(distance):
    def outputs(predicted, features):
        target = F.layer_norm(features.detach(), features.shape[-1:])
        return {"loss": distance(predicted - target).mean()}

    return outputs


features = drawn(15, "predicted", "features", shape=(BATCH, DIM))
golden("i-jepa", features, jepa(torch.square))
golden("v-jepa", features, jepa(torch.abs))


# Fine-tuning: cross-entropy of each time step with its label, smoothed by .1; a step counts by the weight of its class.
def fine_tune(logits, targets):
    smooth, labels, weights = 0.1, [0, 2, 1, 2, 0], torch.tensor([0.5, 2, 1])
    losses = F.cross_entropy(logits[:-1], torch.tensor(labels), reduction="none", label_smoothing=smooth)
    each = weights[labels].double()
    return {"loss": (losses * each).sum() / each.sum()}


# The last step has no label.
weighed = [(0, 0.5), (2, 1), (1, 2), (2, 1), (0, 0.5)]
rows = [[w * (0.9 * (i == c) + 0.1 / 3) for i in range(3)] for c, w in weighed] + [[0, 0, 0]]
golden("fine-tune", drawn(16, "logits", shape=(6, 3)) | {"targets": torch.tensor(rows)}, fine_tune)

# --- more methods above this line ---
save_file({name: np.ascontiguousarray(x) for name, x in arrays.items()}, Path(__file__).parent / "objectives.safetensors")
