"""From a timm ViT to an E2E-ViT: backbones table, weights, ALiBi, attention kernels, CLS attention. Torch begins here.

``backbones`` and ``settings`` are plain data and do not import torch, so the window can list models before anything heavy is
loaded; for that reason this package imports nothing by itself. timm is imported in ``timm_models`` only.
"""
