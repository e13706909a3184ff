import json

import pytest
import torch

from e2evit_model.convert import kernels, precision
from e2evit_model.convert.positions import Bias, alibi_slopes
from e2evit_model.errors import OptionError

CPU = torch.device("cpu")


_measured = precision.cpu_speed


@pytest.fixture(autouse=True)
def fresh():
    _measured.cache_clear()
    yield
    _measured.cache_clear()


def test_measured_once_and_remembered(own_cache, monkeypatch):
    speed = precision.cpu_speed()
    assert speed.linear > 0
    assert speed.attention > 0
    (note,) = (own_cache / "speed").iterdir()
    note.write_text(json.dumps({"linear": 3.5, "attention": 0.5}))

    def must_not():
        raise AssertionError("measured again")

    monkeypatch.setattr(precision, "measure_cpu", must_not)
    precision.cpu_speed.cache_clear()
    assert precision.cpu_speed() == precision.CpuSpeed(linear=3.5, attention=0.5)
    assert precision.choose_precision("auto", CPU) is torch.bfloat16
    assert not precision.attends_faster_in_bf16(CPU)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"linear": 1}'])
def test_a_damaged_note_is_made_again(content, own_cache, monkeypatch):
    monkeypatch.setattr(precision, "measure_cpu", lambda: precision.CpuSpeed(linear=1.0, attention=1.0))
    precision.cpu_speed()
    (note,) = (own_cache / "speed").iterdir()
    note.write_text(content)
    precision.cpu_speed.cache_clear()
    assert precision.cpu_speed().linear == 1.0
    assert json.loads(note.read_text()) == {"linear": 1.0, "attention": 1.0}


def test_choices(monkeypatch):
    monkeypatch.setattr(precision, "cpu_speed", lambda: precision.CpuSpeed(linear=1.1, attention=2.0))
    assert precision.choose_precision("auto", CPU) is torch.float32
    assert precision.choose_precision("bf16", CPU) is torch.bfloat16
    assert precision.choose_precision("fp32", CPU) is torch.float32
    assert precision.attends_faster_in_bf16(CPU)
    with pytest.raises(OptionError) as caught:
        precision.choose_precision("double", CPU)
    assert caught.value.message == 'Precision cannot be "double".'


@pytest.mark.parametrize("attention", [0.9, 2.0])
def test_attention_in_the_faster_type(attention, monkeypatch):
    """With bf16 products attention goes in float32 where that is as fast, and gives bf16 back."""
    monkeypatch.setattr(precision, "cpu_speed", lambda: precision.CpuSpeed(linear=2.0, attention=attention))
    seen = []
    whole = kernels.choose_kernel

    def watched(q, bias, **more):
        seen.append(q.dtype)
        return whole(q, bias, **more)

    monkeypatch.setattr(kernels, "choose_kernel", watched)
    q = torch.randn(1, 6, 300, 16, dtype=torch.bfloat16)
    out = kernels.attend(q, q, q, Bias(slopes=alibi_slopes(6), prefix=1))
    assert out.dtype is torch.bfloat16
    assert seen == [torch.float32 if attention < 1 else torch.bfloat16]
