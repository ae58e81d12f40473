"""Orders that meet bad luck: servers that break, lie, fall silent or send something else; money is never lost twice."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolBusy, ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.hosted import landing, provider
from reelwright.tools.video.hosted.comfy import workflow
from reelwright.tools.video.hosted.jobs import slip_of
from reelwright.tools.video.hosted.offers import offer, table
from reelwright.tools.video.hosted.wire import Wire

REQUEST = GenerateRequest(prompt="Boats.", size=Size(width=64, height=112), rate=Fraction(8), frames=20, handle=2)
Hub = Any
Open = Callable[..., provider.Hosted]


def test_a_server_that_stumbles_while_it_makes_the_clip_is_asked_again(
    hub: Hub, open_hosted: Open, job: Job, reply: Any
) -> None:
    hub.instead["look"] = [reply(503, b"busy"), reply(502, b""), reply(429, {}, {"retry-after": "0.05"})]
    assert open_hosted("fal").run(REQUEST, job).video.frames == 24
    assert len(hub.orders) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_breaks_before_it_takes_the_order_may_be_asked_again(
    hub: Hub, open_hosted: Open, job: Job, slip: Any, reply: Any, status: int
) -> None:
    hub.instead["create"] = [reply(status, b"<html>oops</html>")]
    with pytest.raises(ToolBusy) as caught:
        open_hosted("fal").run(REQUEST, job)
    assert (caught.value.money, slip["text"]) == (0.0, "")


def test_a_server_that_takes_an_order_and_falls_silent_is_not_asked_twice(
    hub: Hub, open_hosted: Open, job: Job, slip: Any
) -> None:
    hub.silent = True
    with pytest.raises(ToolFailed, match="may have been charged") as caught:
        open_hosted("fal").run(REQUEST, job)
    assert caught.value.money is None  # so the ledger counts the quote
    assert slip["text"] != ""
    hub.silent = False
    assert "cut short" in open_hosted("fal").run(REQUEST, job).notes[0]


def test_a_gateway_that_gives_up_leaves_it_unknown(hub: Hub, open_hosted: Open, job: Job, reply: Any) -> None:
    hub.instead["create"] = [reply(504, b"")]
    with pytest.raises(ToolFailed, match="status 504"):
        open_hosted("fal").run(REQUEST, job)


def test_nobody_is_there(open_hosted: Open, job: Job, slip: Any) -> None:
    with pytest.raises(ToolBusy, match="cannot be reached") as caught:
        open_hosted("fal", base_url="http://127.0.0.1:9").run(REQUEST, job)
    assert (caught.value.money, slip["text"]) == (0.0, "")


def test_a_key_that_is_quoted_back_is_masked(hub: Hub, open_hosted: Open, job: Job, reply: Any) -> None:
    hub.instead["create"] = [reply(401, {"error": {"message": "Incorrect API key provided: sk-very-secret."}})]
    with pytest.raises(ToolFailed, match=r"provided: …\.") as caught:
        open_hosted("openai", key="sk-very-secret").run(REQUEST, job)
    assert "secret" not in str(caught.value)


def test_an_empty_account_is_not_a_queue(hub: Hub, open_hosted: Open, job: Job, reply: Any) -> None:
    hub.instead["create"] = [reply(429, {"error": {"code": "insufficient_quota", "message": "You exceeded it."}})]
    with pytest.raises(ToolFailed, match="account is empty: You exceeded it"):
        open_hosted("openai").run(REQUEST, job)


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"[]", b"{}", b'{"request_id": ""}'])
def test_an_answer_in_another_form(hub: Hub, open_hosted: Open, job: Job, reply: Any, body: bytes) -> None:
    hub.instead["create"] = [reply(200, body)]
    with pytest.raises(ToolFailed, match="form we do not know"):
        open_hosted("fal").run(REQUEST, job)


def test_a_state_that_nobody_documented_keeps_the_order(
    hub: Hub, open_hosted: Open, job: Job, slip: Any, reply: Any
) -> None:
    hub.instead["look"] = [reply(200, {"status": "CONTEMPLATING"})]
    with pytest.raises(ToolFailed, match="CONTEMPLATING"):
        open_hosted("fal").run(REQUEST, job)
    found = slip_of(job)
    assert found is not None
    assert (found.number, found.counted) == ("fal-ai/kling-video/requests/job1", True)
    assert open_hosted("fal").run(REQUEST, job).money == 0.0


@pytest.mark.parametrize(
    ("body", "headers", "told"),
    [
        (b"<html>Sign in</html>", {"Content-Type": "text/html"}, "sent text/html instead of a clip"),
        (b'{"error": "expired"}', {"Content-Type": "application/json"}, "sent application/json"),
        (b"not a film at all", {"Content-Type": "video/mp4"}, "is no clip"),
        (b"", {"Content-Type": "video/mp4"}, "is no clip"),
    ],
)
def test_a_download_that_is_something_else_is_fetched_once_more_and_never_paid_twice(
    hub: Hub, open_hosted: Open, job: Job, slip: Any, reply: Any, body: bytes, headers: dict[str, str], told: str
) -> None:
    hub.instead["file"] = [reply(200, body, headers)]
    with pytest.raises(ToolFailed, match=told):
        open_hosted("fal").run(REQUEST, job)
    assert open_hosted("fal").run(REQUEST, job).money == 0.0
    assert len(hub.orders) == 1


def test_what_is_twice_no_clip_is_given_up(hub: Hub, open_hosted: Open, job: Job, slip: Any, reply: Any) -> None:
    hub.instead["file"] = [reply(200, b"x", {"Content-Type": "text/html"})] * 2
    with pytest.raises(ToolFailed):
        open_hosted("fal").run(REQUEST, job)
    with pytest.raises(ToolFailed) as caught:
        open_hosted("fal").run(REQUEST, job)
    assert (caught.value.money, slip["text"]) == (0.0, "")


def test_sound_without_a_picture_is_no_clip(hub: Hub, open_hosted: Open, job: Job, reply: Any, tmp_path: Path) -> None:
    path = tmp_path / "tone.m4a"
    ffmpeg.encode([], "sine=440:duration=1[a]", path, ["-map", "[a]", "-c:a", "aac"])
    hub.instead["file"] = [reply(200, path.read_bytes(), {"Content-Type": "video/mp4"})]
    with pytest.raises(ToolFailed, match="holds no picture"):
        open_hosted("fal").run(REQUEST, job)


def test_a_download_that_breaks_off_goes_on(hub: Hub, open_hosted: Open, job: Job, reply: Any) -> None:
    kind = {"Content-Type": "video/mp4"}
    hub.instead["file"] = [reply(200, hub.clip[:900], kind, len(hub.clip)), reply(503, b"", {"Retry-After": "0"})]
    assert open_hosted("fal").run(REQUEST, job).video.frames == 24


def test_a_clip_that_is_cut_off_for_good_is_no_clip(hub: Hub, open_hosted: Open, job: Job) -> None:
    hub.clip = hub.clip[: len(hub.clip) // 2]  # whole by its own account, and without its index
    with pytest.raises(ToolFailed, match="is no clip"):
        open_hosted("fal").run(REQUEST, job)


def test_a_huge_file_is_not_fetched(
    hub: Hub, open_hosted: Open, job: Job, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = reply(200, b"x", {"Content-Type": "video/mp4"}, landing.LARGEST + 1)
    hub.instead["file"] = [liar]
    with pytest.raises(ToolFailed, match=r"larger than 1,000,000,000 bytes"):
        open_hosted("fal").run(REQUEST, job)


@pytest.mark.parametrize("url", ["http://127.0.0.2:9/clip.mp4", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_a_service_cannot_send_us_home(hub: Hub, open_hosted: Open, job: Job, reply: Any, url: str) -> None:
    hub.instead["look"] = [reply(200, {"status": "succeeded", "output": url})]
    with pytest.raises(ToolFailed, match=r"cannot be fetched|no clip in its answer"):
        open_hosted("replicate").run(REQUEST, job)


def test_a_key_does_not_follow_a_redirect(hub: Hub, open_hosted: Open, job: Job, reply: Any) -> None:
    hub.instead["create"] = [reply(307, b"", {"Location": "http://127.0.0.2:9/"})]
    with pytest.raises(ToolFailed, match="status 307"):
        open_hosted("fal").run(REQUEST, job)


def test_a_key_does_not_travel_in_the_open(job: Job, open_hosted: Open) -> None:
    with pytest.raises(Refused, match=r"in the open to relay\.example"):
        open_hosted("fal", base_url="http://relay.example").run(REQUEST, job)
    assert "secret" not in repr(Wire("X", "https://x", {"Authorization": "secret"}))


@pytest.mark.parametrize(
    "options",
    [
        {"price": "cheap"},
        {"price": "-1"},
        {"seconds": "five"},
        {"seconds": ""},
        {"sizes": "wide"},
        {"sizes": "0:9"},
        {"input": "{not json"},
        {"poll": "often"},
        {"deadline": "soon"},
    ],
)
def test_options_that_cannot_be_read(open_hosted: Open, options: dict[str, str]) -> None:
    with pytest.raises(ToolFailed) as caught:
        open_hosted("fal", **options).ready()
    assert "Correct" in caught.value.hint


def test_any_model_of_fals_by_its_id(hub: Hub, open_hosted: Open, job: Job) -> None:
    options = {"model": "someone/film", "sizes": "16:9,9:16", "seconds": "5", "input": '{"resolution": "480p"}'}
    tool = open_hosted("fal", **options, price_clip="0.25")
    made = tool.run(REQUEST, job)
    assert made.money == 0.25
    assert made.video.origin.startswith("generated by someone/film (fal, someone/film)\n")
    assert (hub.asked[0].path, hub.asked[0].body["resolution"]) == ("/someone/film", "480p")


def test_a_version_of_a_community_model(hub: Hub, open_hosted: Open, job: Job) -> None:
    open_hosted("replicate", model="someone/film:abc123").run(REQUEST, job)
    assert (hub.asked[0].path, hub.asked[0].body["version"]) == ("/v1/predictions", "abc123")


def test_another_model_is_another_key_and_another_token_is_not(open_hosted: Open) -> None:
    plain = open_hosted("fal")
    assert open_hosted("fal", key="other", price="9").version == plain.version
    assert open_hosted("fal", model="someone/film").version != plain.version


def test_every_offer_is_whole_and_says_where_its_price_is_from() -> None:
    for service, models in table().items():
        for model in models:
            found = offer(service, model, {})
            assert list(found.seconds) == sorted(found.seconds)
            assert service in {"comfyui", "omni"} or (found.price and "2026" in found.source), (service, model)
            assert found.shape(1080, 1920).height > found.shape(1080, 1920).width


def test_a_draft_takes_the_smallest_size() -> None:
    found = offer("veo", "", {})
    assert (found.shape(1080, 1920).name, found.shape(1080, 1920, small=True).name) == ("1080x1920", "720x1280")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no place for the words"),
        ("[1]", "not a workflow"),
        ("{", "cannot be read"),
        ('{"nodes": [], "links": []}', "not a workflow"),
        ('{"1": {"class_type": "A", "inputs": {"text": "{{prompt}} {{mood}}"}}}', "'mood'"),
    ],
)
def test_a_workflow_that_is_none(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "w.json").write_text(text)
    with pytest.raises(ToolFailed, match=told) as caught:
        workflow(tmp_path / "w.json")
    assert caught.value.hint
    with pytest.raises(ToolMissing, match="There is no workflow"):
        workflow(tmp_path / "gone.json")


def test_a_workflow_of_the_users_is_filled(hub: Hub, open_hosted: Open, job: Job) -> None:
    open_hosted("comfyui").run(REQUEST.model_copy(update={"prompt": 'A "boat"', "negative": "text", "seed": 9}), job)
    nodes = next(asked.body["prompt"] for asked in hub.asked if asked.path == "/prompt")
    assert nodes["6"]["inputs"]["text"] == 'A "boat"'
    assert nodes["7"]["inputs"]["text"] == "text, blurry"
    assert nodes["3"]["inputs"] == {"seed": 9, "steps": 20}
    assert nodes["8"]["inputs"] == {"width": 480, "height": 832, "length": 49}
    assert any(asked.path.startswith("/view?filename=film_00001.mp4&subfolder=reel") for asked in hub.asked)


def test_a_workflow_that_wants_a_picture_says_so(hub: Hub, open_hosted: Open, job: Job, tmp_path: Path) -> None:
    tool = open_hosted("comfyui", workflow=str(tmp_path / "first.json"), workflow_first="")
    with pytest.raises(ToolMissing, match="wants a first picture"):
        tool.run(REQUEST, job)
    assert hub.orders == {}


def test_a_note_that_cannot_be_read_is_no_order(hub: Hub, open_hosted: Open, job: Job, slip: Any) -> None:
    slip["text"] = "scribbles"
    assert open_hosted("fal").run(REQUEST, job).notes == ()
    assert json.loads(slip["text"])["number"] == "fal-ai/kling-video/requests/job1"
