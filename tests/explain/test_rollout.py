"""Rollout of a slide: the mean of the members', as the encoder gives it."""

import numpy as np
import torch

from e2evit_model.explain.rollout import roll_out_strip
from e2evit_model.inference.analyze import prepare_strip
from e2evit_model.inference.models import load_model
from tests.explain.material import WHOLE, risk_model, write_slide


def test_the_rollout_is_the_mean_over_the_backbones(tmp_path):
    model = load_model(risk_model(tmp_path, members=2, fine_tuned=True))
    strip = prepare_strip(write_slide(tmp_path), WHOLE, model)
    heard = []
    found = roll_out_strip(strip, progress=lambda _step, done, total: heard.append((done, total))).shares
    patches = torch.from_numpy(strip.stack.means(16))
    by_member = [model.encoder(member, strip.plan.conversion).rollout(patches).numpy() for member in (0, 1)]
    np.testing.assert_allclose(found, np.mean(by_member, axis=0), atol=1e-6)
    assert np.abs(by_member[0] - by_member[1]).max() > 1e-6
    assert 0 < found.sum() < 1
    assert heard[-1][0] == heard[-1][1]
