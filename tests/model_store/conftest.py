"""A hub and its cache for each test, a token of the user's or none, and small weights."""

from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants
from safetensors.torch import save_file

from e2evit_model.convert import downloading
from e2evit_model.convert.backbones import BACKBONES, Backbone, find_backbone
from e2evit_model.convert.timm_models import build
from tests.model_store.hub_server import Hub, serve


def lead_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead the client to another address."""
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(huggingface_hub.hf_api.api, "endpoint", address)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a hub that the client takes for the real one."""
    hub = Hub()
    server = serve(hub)
    lead_to(hub.address, monkeypatch)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(tmp_path / "stored_tokens"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(downloading, "SECONDS_BETWEEN_TRIES", 0.0)
    yield hub
    server.shutdown()
    server.server_close()


@pytest.fixture
def log_in(monkeypatch: pytest.MonkeyPatch):
    """Give a function that makes a token the user's own."""
    return lambda token: monkeypatch.setattr(huggingface_hub, "get_token", lambda: token)


@pytest.fixture(scope="session")
def vit_small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write real weights of a ViT-S, in half precision."""
    path = tmp_path_factory.mktemp("weights") / "model.safetensors"
    state = build(find_backbone("vit-small")).state_dict()
    save_file({key: value.half() for key, value in state.items()}, path)
    return path


@pytest.fixture
def vit_small() -> Backbone:
    return BACKBONES["vit-small"]
