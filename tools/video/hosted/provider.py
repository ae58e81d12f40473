"""video.generate by services elsewhere: quoted, ordered, waited for, fetched and fitted, one provider for each.

Knows requests and offers; knows no service's protocol, and decides nothing about which shots are generated.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from ...base import Cost, Device, Job
from ...conform import filled
from ...errors import Declined, Refused, ToolFailed, ToolMissing
from ...ffmpeg import Input, decode, probe
from ...media import Asset, Size, seconds_of
from ..diffusion import Generated, GenerateRequest
from . import Order, Service
from .comfy import Comfy, marks
from .fal import Fal
from .jobs import DEADLINE, USUAL, Made, Waits, carried_out, kept
from .landing import LICENCE, fetched, fitted, sound_of
from .offers import Offer, Shape, offer
from .omni import Omni
from .openai import OpenAI
from .replicate import Replicate
from .runway import Runway
from .veo import Veo

OUTSIDE = {"key", "price", "price_clip", "deadline", "poll", "credentials"}
"""Options that do not change what a clip looks like."""

KNOWN = {
    "prompt", "negative", "size", "rate", "frames", "handle", "seed", "first", "strength", "draft", "sound",
}  # fmt: skip
"""What services are told of a request; what else one asks for is a local model's."""
UNMET = {"last", "reference"}
"""What a clip may do without, which is then told."""


class Hosted:
    """One service as a provider.

    Options of all: model, sizes and seconds (with commas), price (US dollars a second) or price_clip (a clip), input
    (further fields, as JSON), first and first_model, deadline and poll (seconds), and those that the service has.
    """

    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Generated

    def __init__(self, service: Service, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self.service, self._options = service, options
        self.name = f"video.generate.{service.name}"
        # Another model or workflow makes another clip; another key does not.
        told = json.dumps({name: text for name, text in options.items() if name not in OUTSIDE}, sort_keys=True)
        self.version = f"1-{hashlib.sha256(f'{told}{marks(options)}'.encode()).hexdigest()[:16]}"

    @property
    def title(self) -> str:
        """What makes the pictures, for people."""
        return self.offer().title

    @property
    def licence(self) -> str:
        """Under which its clips may be used."""
        return LICENCE

    @property
    def follows(self) -> bool:
        """Whether it goes on from a picture."""
        if self.service.name == "comfyui":
            return bool(self._options.get("workflow_first"))
        return bool(self.offer().first)

    def offer(self) -> Offer:
        """The model that is configured; ToolFailed where an option cannot be read."""
        return offer(self.service.name, self._options.get("model", ""), self._options)

    def about(self) -> str:
        """What it would make, at what price, for people."""
        found = self.offer()
        money = f"${found.price:g} a second" if found.price_clip is None else f"${found.price_clip:g} a clip"
        return f"{found.title}, {money} ({found.source or 'this machine'})"

    def ready(self) -> None:
        """A key, options that can be read, and a price, or ToolMissing."""
        self.service.ready()
        found = self.offer()
        self._waits()
        if found.price is None and found.price_clip is None:
            raise ToolMissing(
                f"Nobody here knows what {found.title} costs, so {self.service.title} is not asked.",
                f'Set price (US dollars a second) or price_clip (a clip) under [tools."{self.name}"].',
            )

    def quote(self, request: GenerateRequest) -> Cost:
        """The price of the clip that would be ordered, and the usual wait."""
        shape, seconds = self._measure(request)
        money = self.offer().money(shape, seconds)
        if money is None:
            self.ready()
            raise ToolMissing(f"The price of {shape.name} is not known.", f'Set price under [tools."{self.name}"].')
        return Cost(money=money, seconds=USUAL)

    def run(self, request: GenerateRequest, job: Job) -> Generated:
        """Order, or find what was ordered before; wait, fetch and fit.

        Raises:
            ToolMissing: no key, no price, or no picture where one is needed.
            Declined: the request is for a local model, or for a change of a clip.
            Refused: the service's moderation would not have it.
            ToolBusy, ToolFailed: as the service says.
        """
        self.ready()
        if strange := _asked(request) - KNOWN - UNMET:
            wanted = f"the local model {request.family}" if "family" in strange else ", ".join(sorted(strange))
            raise Declined(f"{self.service.title} is not asked for {wanted}.", "Use video.generate.local.")
        found, (shape, seconds) = self.offer(), self._measure(request)
        quoted = self.quote(request).money
        order = Order(
            prompt=_cut(request.prompt, found.letters), negative=request.negative, offer=found, shape=shape,
            seconds=seconds, seed=request.seed, sound=request.sound and found.sound,
            first=_picture(job, request.first, shape) if request.first is not None and self.follows else b"",
        )  # fmt: skip
        made = carried_out(self.service, order, job, self._waits())
        money = quoted if made.ready.money is None else made.ready.money
        return self._landed(made, order, request, job, 0.0 if made.counted else money, money)

    def _landed(
        self, made: Made, order: Order, request: GenerateRequest, job: Job, money: float, worth: float
    ) -> Generated:
        origin = (
            f"generated by {order.offer.title} ({self.service.title}, {order.offer.model})\n"
            f"order {made.number}, seed {request.seed}, {order.shape.name}, {order.seconds} s, ${worth:.2f}"
        )
        try:
            path, held = fetched(made.ready, self.service.home, self.service.title, job)
            whole, video = fitted(path, held, request, origin, job)
            sound = sound_of(whole, held, request, f"sound of {origin.splitlines()[0]}", job) if order.sound else None
        except (Refused, ToolFailed) as error:
            raise kept(job, made.number, error.message, error.hint, once=True) from error
        return Generated(
            money=money, video=video, sound=sound, family=self.service.name, model=order.offer.model,
            preset=order.shape.name, steps=0, seed=request.seed,
            notes=(*made.notes, *_notes(order, request, held.seconds, sound is None)),
        )  # fmt: skip

    def _measure(self, request: GenerateRequest) -> tuple[Shape, int]:
        found, size = self.offer(), request.size
        seconds = Fraction(request.frames + 2 * request.handle) / request.rate
        return found.shape(size.width, size.height, request.draft), found.length(seconds)

    def _waits(self) -> Waits:
        try:
            pace = float(self._options.get("poll", self.service.pace))
            return Waits(max(pace, 0.01), float(self._options.get("deadline", DEADLINE)))
        except ValueError as error:
            hint = f'Correct poll or deadline under [tools."{self.name}"].'
            raise ToolFailed(f"An option of {self.name} is no number: {error}.", hint) from error


def _notes(order: Order, request: GenerateRequest, held: float, silent: bool) -> tuple[str, ...]:
    """What was done differently from what was asked, in words."""
    wanted = seconds_of(request.frames + 2 * request.handle, request.rate)
    notes = [f"the clip has {held:.1f} s and the shot {wanted:.1f} s: it is slowed down, then held"] * (
        held + 0.1 < wanted
    )
    notes += ["it cannot begin from a picture, so it does not go on from the shot before"] * (
        request.first is not None and not order.first
    )
    notes += [f"it is not told of the {name} picture" for name in sorted(_asked(request) & UNMET)]
    notes += ["its clip came without sound"] * (order.sound and silent)
    return tuple(notes)


def _asked(request: GenerateRequest) -> set[str]:
    """The fields of a request that say something."""
    return {name for name, field in type(request).model_fields.items() if getattr(request, name) != field.default}


def _cut(prompt: str, letters: int) -> str:
    """The prompt, cut between words."""
    return prompt if len(prompt) <= letters else prompt[:letters].rsplit(" ", 1)[0]


def _picture(job: Job, asset: Asset, shape: Shape) -> bytes:
    """The asset as a JPEG of that shape, filled by crop: services want it exact. Of a clip it is the last picture."""
    from PIL import Image

    path = job.path(asset.id)
    stream = probe(path).video
    if stream is None:
        raise Refused(f"{asset.origin or asset.id[:12]} holds no picture.", "Use a clip or a still.")
    size = Size(width=shape.width, height=shape.height)
    last = max(stream.frames, 1)
    cut = f"trim=start_frame={last - 1}:end_frame={last}"
    chain = ",".join([cut, *filled(stream, size), "scale=in_color_matrix=bt709:in_range=tv", "format=rgb24"])
    raw = b"".join(decode(Input(path), f"[0:v:0]{chain}[v]", ["-map", "[v]", "-f", "rawvideo"]))
    area = shape.width * shape.height * 3
    if len(raw) < area:
        raise Refused(f"{asset.origin or asset.id[:12]} is incomplete.", "Use another picture.")
    frame = np.frombuffer(raw[:area], np.uint8).reshape(shape.height, shape.width, 3)
    body = io.BytesIO()
    Image.fromarray(frame).save(body, "JPEG", quality=90)
    return body.getvalue()


def openai(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.openai."""
    return Hosted(OpenAI(options), options)


def veo(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.veo."""
    return Hosted(Veo(options), options)


def omni(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.omni."""
    return Hosted(Omni(options), options)


def runway(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.runway."""
    return Hosted(Runway(options), options)


def fal(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.fal."""
    return Hosted(Fal(options), options)


def replicate(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.replicate."""
    return Hosted(Replicate(options), options)


def comfyui(options: Mapping[str, str] = MappingProxyType({})) -> Hosted:
    """video.generate.comfyui."""
    return Hosted(Comfy(options), options)
