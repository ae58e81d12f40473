"""The voice's chain: rumble goes, sibilants are tamed and vowels are not, and loud and soft come nearer."""

from collections.abc import Callable

import numpy as np
import pytest

from reelwright.tools import meter
from reelwright.tools.assemble.mix import Mixer
from reelwright.tools.media import Asset
from reelwright.tools.meter import RATE, Samples
from reelwright.tools.timeline import Clip

Record = Callable[..., Asset]
Desk = Callable[..., Mixer]
VOWEL = "(0.2*sin(2*PI*140*t)+0.15*sin(2*PI*420*t)+0.05*sin(2*PI*2400*t))"
HISS = "(0.28*(random(0)-0.5)*sin(2*PI*7000*t))"


def said(desk: Desk, record: Record, text: str) -> Samples:
    film = desk(120, voice=(Clip(asset=record(f"aevalsrc='{text}'", 4.0).id, frames=120),))
    return np.concatenate(list(film.blocks(("voice",))))


def band(sound: Samples, low: float, high: float) -> float:
    """dB of what lies between two frequencies."""
    spectrum = np.abs(np.fft.rfft(sound[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(10 * np.log10(spectrum[(hertz > low) & (hertz < high)].sum() / len(sound) ** 2 + 1e-15))


def part(sound: Samples, odd: bool) -> Samples:
    """Every other quarter of a second, without its edges."""
    first = RATE // 4 if odd else 0
    pieces = [sound[start + 2400 : start + RATE // 4 - 2400] for start in range(first + RATE, 3 * RATE, RATE // 2)]
    return np.concatenate(pieces)


def test_a_sibilant_is_tamed_and_a_vowel_is_not(desk: Desk, record: Record) -> None:
    line = f"if(lt(mod(t,0.5),0.25),{VOWEL},{HISS})"
    sound = said(desk, record, line)
    dry = np.concatenate([block for block in desk(120, effects=(_clip(record, line),)).blocks(("effects",))])
    vowel, hiss = (
        [band(part(each, odd), *edges) for each in (sound, dry)]
        for odd, edges in ((False, (100, 3000)), (True, (5000, 9000)))
    )
    lowered = (hiss[1] - hiss[0]) - (vowel[1] - vowel[0])
    assert 0.5 < lowered < 6, "sibilants against vowels"
    bright = band(part(sound, False), 2200, 2600) - band(part(sound, False), 100, 600)
    assert bright == pytest.approx(band(part(dry, False), 2200, 2600) - band(part(dry, False), 100, 600), abs=0.5)


def test_rumble_goes_and_the_voice_stays(desk: Desk, record: Record) -> None:
    sound = said(desk, record, f"{VOWEL}+0.1*sin(2*PI*25*t)")
    assert band(sound, 20, 30) < band(sound, 130, 150) - 20


def test_loud_and_soft_words_come_nearer(desk: Desk, record: Record) -> None:
    sound = said(desk, record, f"if(lt(mod(t,0.5),0.25),1,0.25)*{VOWEL}")
    loud, soft = (meter.read([part(sound, odd)]).loudness for odd in (False, True))
    assert 6 < loud - soft < 11, "they were 12 dB apart"


def _clip(record: Record, text: str) -> Clip:
    return Clip(asset=record(f"aevalsrc='{text}'", 4.0).id, frames=120)
