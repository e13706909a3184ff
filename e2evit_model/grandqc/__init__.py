"""Tissue and artefacts by GrandQC's networks, and ``finding.find_tissue``: the one call for tissue by whatever way.

GrandQC (Weng et al., Nature Communications 15:10685, 2024) parts a slide into tissue and background at 10 um/px by a U-Net++, then,
at 1 to 2 um/px, tissue into clean tissue and five kinds of artefacts by a U-Net. Its weights are downloaded on request
(``e2evit models get grandqc``). ``models`` and ``finding`` do not import torch; ``networks``, ``tissue`` and ``artefacts`` do, and
segmentation-models-pytorch (the extra ``grandqc``) in ``networks`` alone. May import ``convert`` and what lies below.
"""
