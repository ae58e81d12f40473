"""Foreign sound: whatever a track names is heard at its place, level and pitch, or refused by its clip's name."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.mix import STEMS, Mixer
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused
from reelwright.tools.media import Asset
from reelwright.tools.meter import RATE, Samples
from reelwright.tools.timeline import Clip, Gap

Desk = Callable[..., Mixer]
Make = Callable[..., Asset]
FLOAT = ["-map", "[a]", "-c:a", "pcm_f32le"]


def heard(mixer: Mixer) -> Samples:
    return np.concatenate(list(mixer.blocks(STEMS)))


def db(part: Samples) -> float:
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


def pitch(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)), 2**18))
    return float(np.argmax(spectrum)) * RATE / 2**18


@pytest.fixture
def make(job: Job) -> Make:
    """A file of sound by a graph and options."""
    count = iter(range(100))

    def one(graph: str, name: str = "odd.wav", options: list[str] = FLOAT) -> Asset:
        path = job.scratch / f"{next(count)}-{name}"
        ffmpeg.encode([], graph, path, options)
        return job.save(path, "audio", licence="CC0", origin="test")

    return one


@pytest.fixture
def keep(job: Job) -> Callable[[Path], Asset]:
    return lambda path: job.save(path, "audio", licence="CC0", origin="test")


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 96000, 192000])
def test_any_rate_keeps_its_pitch_and_its_level(desk: Desk, make: Make, rate: int) -> None:
    tone = make(f"aevalsrc='0.5*sin(2*PI*1000*t)|0.5*sin(2*PI*1000*t)':s={rate}:d=2[a]")
    sound = heard(desk(60, effects=(Clip(asset=tone.id, frames=60),)))
    assert len(sound) == 2 * RATE
    assert pitch(sound[RATE // 2 : RATE]) == pytest.approx(1000, abs=2)
    assert db(sound[RATE // 2 : RATE]) == pytest.approx(db(np.full(1, 0.5 / 2**0.5)), abs=0.1)


def test_mono_comes_to_both_sides_at_its_own_level(desk: Desk, make: Make) -> None:
    tone = make("aevalsrc='0.5*sin(2*PI*1000*t)':s=48000:d=1[a]")
    sound = heard(desk(30, effects=(Clip(asset=tone.id, frames=30),)))
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(
    ("place", "sides"),
    [(0, (1, 0)), (1, (0, 1)), (2, (0.707, 0.707)), (3, (0, 0)), (4, (0.707, 0)), (5, (0, 0.707))],
    ids=["left", "right", "centre", "LFE", "left surround", "right surround"],
)
def test_surround_comes_down_by_the_rules(desk: Desk, make: Make, place: int, sides: tuple[float, float]) -> None:
    parts = "|".join("0.5*sin(2*PI*500*t)" if number == place else "0" for number in range(6))
    film = make(f"aevalsrc='{parts}':c=5.1:s=48000:d=1[a]")
    sound = heard(desk(30, effects=(Clip(asset=film.id, frames=30),)))
    assert np.abs(sound[4800:-4800]).max(axis=0) == pytest.approx(np.array(sides) * 0.5, abs=0.01)


def test_six_loud_channels_do_not_clip(desk: Desk, make: Make) -> None:
    film = make("aevalsrc='" + "|".join(["0.99*sin(2*PI*500*t)"] * 6) + "':c=5.1:s=48000:d=1[a]")
    sound = heard(desk(30, music=(Clip(asset=film.id, frames=30),)))
    spectrum = np.abs(np.fft.rfft(sound[12_000:36_000, 0] * np.hanning(24_000)))
    assert spectrum[740:760].max() < spectrum[250] / 1000, "a clipped tone has a third harmonic"


def test_an_mp3_that_calls_itself_wav_is_heard(job: Job, desk: Desk, keep: Callable[[Path], Asset]) -> None:
    path, lie = job.scratch / "song.mp3", job.scratch / "song.wav"
    ffmpeg.encode([], "sine=f=700:d=2:r=44100[a]", path, ["-map", "[a]", "-c:a", "libmp3lame", "-b:a", "128k"])
    path.rename(lie)
    sound = heard(desk(60, effects=(Clip(asset=keep(lie).id, frames=60),)))
    assert pitch(sound[RATE // 2 : RATE]) == pytest.approx(700, abs=2)
    assert db(sound[2400:4800]) > -30, "it begins where it begins, without the coder's silence"


@pytest.mark.parametrize("track", ["voice", "music", "effects"])
def test_a_films_own_sound_begins_with_its_picture(job: Job, desk: Desk, make: Make, track: str) -> None:
    picture = "color=red:s=64x64:r=30:d=3,format=yuv420p[v]"
    sound = "aevalsrc='if(gt(t,1),0.4*sin(2*PI*600*t),0)':s=48000:d=3[a]"
    options = ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-c:a", "aac"]
    film = make(f"{picture};{sound}", "own.mp4", options)
    mixed = heard(desk(60, **{track: (Clip(asset=film.id, start=15, frames=60),)}))
    loud = np.flatnonzero(np.abs(mixed[:, 0]) > 0.3 * np.abs(mixed[RATE : RATE * 3 // 2]).max())
    assert loud[0] == pytest.approx(RATE / 2, abs=100)


def test_sound_that_starts_later_than_its_picture_stays_late(job: Job, desk: Desk, make: Make) -> None:
    options = ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-c:a", "aac"]
    graph = "color=red:s=64x64:r=30:d=3,format=yuv420p[v];sine=f=600:d=2:r=48000,asetpts=PTS+0.7/TB[a]"
    film = make(graph, "late.mp4", options)
    mixed = heard(desk(60, effects=(Clip(asset=film.id, frames=60),)))
    assert np.flatnonzero(np.abs(mixed[:, 0]) > 0.05)[0] == pytest.approx(0.7 * RATE, abs=150)


def test_a_place_far_into_a_long_file_is_found_to_the_sample(desk: Desk, make: Make) -> None:
    for name, options in (("long.wav", FLOAT), ("long.flac", ["-map", "[a]", "-c:a", "flac"])):
        film = make("aevalsrc='if(lt(mod(t,10),0.001),0.9,0)':s=48000:d=62[a]", name, options)
        mixed = heard(desk(30, effects=(Clip(asset=film.id, start=60 * 30 - 10, frames=30),)))
        assert np.argmax(np.abs(mixed[:, 0])) == pytest.approx(RATE / 3, abs=48)


def test_a_file_that_breaks_off_is_heard_as_far_as_it_goes(
    job: Job, desk: Desk, make: Make, keep: Callable[[Path], Asset]
) -> None:
    whole = job.path(make("sine=f=500:d=4:r=48000[a]").id).read_bytes()
    path = job.scratch / "broken.wav"
    path.write_bytes(whole[: len(whole) // 2])
    mixed = heard(desk(120, voice=(Clip(asset=keep(path).id, frames=120),)))
    assert len(mixed) == 4 * RATE
    assert db(mixed[RATE : RATE * 3 // 2]) > -40
    assert db(mixed[3 * RATE :]) < -80


def test_a_clip_without_sound_is_refused_by_name(desk: Desk, make: Make) -> None:
    mute = make("color=red:s=64x64:r=30:d=1,format=yuv420p[v]", "mute.mp4", ["-map", "[v]", "-c:v", "libx264"])
    tone = make("sine=f=500:d=1:r=48000[a]")
    clips = (Clip(asset=tone.id, frames=30), Clip(asset=mute.id, frames=30, name="the silent one"))
    with pytest.raises(Refused, match=r"the silent one on the voice track has no sound") as caught:
        desk(60, voice=clips).mix()
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"RIFF\x24\x00\x00\x00WAVE", b"#EXTM3U\nfile:///etc/passwd\n"])
def test_a_file_that_is_no_sound_is_refused_by_name(
    job: Job, desk: Desk, keep: Callable[[Path], Asset], content: bytes
) -> None:
    path = job.scratch / "no.wav"
    path.write_bytes(content)
    with pytest.raises(Refused, match="clip hum on the music track") as caught:
        desk(30, music=(Clip(asset=keep(path).id, frames=30, name="hum"),)).mix()
    assert caught.value.hint


def test_more_channels_than_anybody_can_place_are_refused(desk: Desk, make: Make) -> None:
    many = make("aevalsrc='" + "|".join(["sin(t)"] * 11) + "':s=48000:d=1[a]")
    with pytest.raises(Refused, match="11 channels"):
        desk(30, effects=(Clip(asset=many.id, frames=30),)).mix()


def test_a_voice_whose_sides_cancel_each_other_is_still_heard(desk: Desk, make: Make) -> None:
    wrong = make("aevalsrc='0.4*sin(2*PI*300*t)|-0.4*sin(2*PI*300*t)':s=48000:d=2[a]")
    assert db(heard(desk(60, voice=(Clip(asset=wrong.id, frames=60),)))) > -40


@pytest.mark.parametrize("track", ["voice", "effects"])
@pytest.mark.parametrize("speed", [Fraction(1, 3), Fraction(4, 5), Fraction(5, 4), Fraction(2)])
def test_retimed_sound_keeps_its_pitch_and_its_length(desk: Desk, make: Make, speed: Fraction, track: str) -> None:
    tone = make("aevalsrc='if(lt(t,4),0.4*sin(2*PI*440*t),0.4*sin(2*PI*880*t))|0':s=48000:d=9[a]")
    frames = round(240 / speed / 2) * 2
    sound = heard(desk(frames, **{track: (Clip(asset=tone.id, frames=frames, speed=speed),)}))
    assert len(sound) == frames * RATE // 30
    middle = len(sound) // 2
    margin = RATE // 10
    assert pitch(sound[margin : middle - margin]) == pytest.approx(440, rel=0.01)
    assert pitch(sound[middle + margin : -margin]) == pytest.approx(880, rel=0.01)


def test_the_same_file_may_play_many_times(desk: Desk, make: Make) -> None:
    tone = make("sine=f=500:d=1:r=44100[a]")
    clips = tuple(item for _ in range(40) for item in (Clip(asset=tone.id, frames=5), Gap(frames=1)))
    assert len(heard(desk(240, effects=clips))) == 8 * RATE


def test_a_film_of_very_many_clips_is_mixed(desk: Desk, make: Make) -> None:
    tone = make("sine=f=500:d=1:r=44100[a]")
    clips = tuple(item for _ in range(150) for item in (Clip(asset=tone.id, frames=1), Gap(frames=1)))
    sound = heard(desk(300, effects=clips))
    assert len(sound) == 10 * RATE
    assert db(sound[-3000:-1700]) > -40
