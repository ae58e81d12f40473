"""Local vision models: real files, real loading, real generation, in the three architectures in use."""

from pathlib import Path

import pytest
from PIL import Image

from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed, ToolMissing
from reelwright.tools.media import Asset, Size
from reelwright.tools.vision import VisionRequest
from reelwright.tools.vision.local import Local

pytestmark = [pytest.mark.media, pytest.mark.filterwarnings("default")]


@pytest.fixture
def picture(job: Job) -> Asset:
    path = job.scratch / "red.png"
    Image.new("RGB", (40, 30), (200, 30, 30)).save(path)
    return job.save(path, "image", licence="CC0-1.0", origin="test", size=Size(width=40, height=30))


def test_a_model_in_a_folder_answers_about_pictures(folder: Path, picture: Asset, job: Job) -> None:
    tool = Local({"model": str(folder)})
    tool.ready()
    request = VisionRequest(images=(picture, picture), question="what does this picture show ?", tokens=6)
    first, again = tool.run(request, job), Local({"model": str(folder)}).run(request, job)
    assert first == again
    assert first.model == folder.name


def test_what_it_sees_counts(folder: Path, job: Job, picture: Asset) -> None:
    """The answer depends on the picture's values: the numbers behind the first word differ."""
    import torch

    from reelwright.tools.vision.local import Local as Tool

    loaded = Tool({"model": str(folder)})._load()
    scores = []
    for colour in ((0, 0, 0), (250, 240, 10)):
        image = Image.new("RGB", (40, 30), colour)
        talk = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "what ?"}]}]
        words = loaded.processor.apply_chat_template(talk, add_generation_prompt=True, tokenize=False)
        given = loaded.processor(images=[[image]], text=[words], return_tensors="pt")
        with torch.inference_mode():
            scores.append(loaded.model(**given).logits[0, -1])
    assert not torch.equal(*scores)


def test_answers_are_cached_by_the_model(folder: Path, tmp_path: Path) -> None:
    assert Local({"model": str(folder)}).version != Local({"model": str(tmp_path)}).version


def test_what_is_missing_is_named(tmp_path: Path, picture: Asset, job: Job) -> None:
    with pytest.raises(ToolMissing, match=r"vision\.transformers"):
        Local().ready()
    with pytest.raises(ToolMissing, match=r"no config\.json"):
        Local({"model": str(tmp_path)}).ready()
    (tmp_path / "config.json").write_text('{"model_type": "llava"}')
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ToolMissing, match="pickles are not opened"):
        Local({"model": str(tmp_path)}).ready()
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    tool = Local({"model": str(tmp_path)})
    tool.ready()
    with pytest.raises(ToolFailed, match="no vision model"):
        tool.run(VisionRequest(images=(picture,), question="what ?"), job)


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path, picture: Asset, job: Job) -> None:
    proof = tmp_path / "ran"
    (tmp_path / "evil.py").write_text(f"open({str(proof)!r}, 'w')\nclass Evil: ...\n")
    auto = '{"AutoConfig": "evil.Evil", "AutoProcessor": "evil.Evil", "AutoModelForImageTextToText": "evil.Evil"}'
    (tmp_path / "config.json").write_text(f'{{"model_type": "evil", "auto_map": {auto}}}')
    (tmp_path / "processor_config.json").write_text(f'{{"auto_map": {auto}, "processor_class": "Evil"}}')
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ToolFailed):
        Local({"model": str(tmp_path)}).run(VisionRequest(images=(picture,), question="what ?"), job)
    assert not proof.exists()
