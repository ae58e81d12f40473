"""What files say in words is read as data, and nothing breaks it."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reelwright.tools.stock.notes import MOST, name_words, notes_of, spdx

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#">
<dc:description><rdf:Alt><rdf:li>Fishing boats</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>Ada Brook</rdf:li></rdf:Seq></dc:creator>
<cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def iptc(*rows: tuple[int, str]) -> bytes:
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\0" + b"".join(
        struct.pack(">BBBH", 0x1C, 2, kind, len(text.encode())) + text.encode() for kind, text in rows
    )


def jpeg(path: Path, *blocks: tuple[int, bytes]) -> Path:
    Image.new("RGB", (32, 32), "navy").save(path, "JPEG")
    plain = path.read_bytes()
    inner = b"".join(struct.pack(">BBH", 0xFF, marker, len(block) + 2) + block for marker, block in blocks)
    path.write_bytes(plain[:2] + inner + plain[2:])
    return path


def test_exif_iptc_and_xmp_are_read_together(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "A quiet harbour"
    exif[0x8298] = "(c) Ada"
    path = jpeg(
        tmp_path / "a.jpg",
        (0xE1, b"Exif\0\0" + exif.tobytes()[6:]),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xED, iptc((25, "harbour"), (25, "dawn"), (80, "Ben Clay"), (90, "Whitby"))),
    )
    found = notes_of(path)
    assert found.said == "A quiet harbour. Fishing boats. harbour. dawn. Whitby"
    assert found.author == "Ada Brook, Ben Clay"
    assert found.licence == "CC-BY-4.0"


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_other_stills_carry_the_same(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "A quiet harbour"
    Image.new("RGB", (32, 32)).save(tmp_path / f"a.{kind}", exif=exif)
    assert notes_of(tmp_path / f"a.{kind}").said == "A quiet harbour"


def test_a_side_car_wins_and_is_bounded(tmp_path: Path) -> None:
    path = jpeg(tmp_path / "a.jpg", (0xED, iptc((80, "Ben Clay"))))
    text = "Boats at rest.\n\nlicence: CC0-1.0\nauthor: Ada\nsource: https://example.org/7\n"
    (tmp_path / "a.jpg.txt").write_text(text + "x" * 90_000)
    found = notes_of(path)
    assert (found.author, found.licence, found.url) == ("Ada", "CC0-1.0", "https://example.org/7")
    assert found.said.startswith("Boats at rest")
    assert len(found.said) <= MOST


def test_an_entity_bomb_is_not_lit(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><description>&b;</description>'
    path = jpeg(tmp_path / "a.jpg", (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bomb))
    assert notes_of(path).said == ""


@settings(deadline=None, max_examples=120)
@given(st.binary(max_size=300), st.sampled_from(["exif", "iptc", "xmp", "png", "webp", "bare"]))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, noise: bytes, kind: str) -> None:
    heads = {
        "exif": b"\xff\xd8\xff\xe1" + struct.pack(">H", len(noise) + 8) + b"Exif\0\0",
        "iptc": b"\xff\xd8\xff\xed" + struct.pack(">H", len(noise) + 16) + b"Photoshop 3.0\0\x1c\x02",
        "xmp": b"\xff\xd8\xff\xe1" + struct.pack(">H", len(noise) + 31) + b"http://ns.adobe.com/xap/1.0/\0",
        "png": b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", len(noise), b"eXIf"),
        "webp": b"RIFF\0\0\0\0WEBPEXIF" + struct.pack("<I", len(noise)),
        "bare": b"",
    }
    path = tmp_path_factory.getbasetemp() / "noise.jpg"
    path.write_bytes(heads[kind] + noise)
    notes_of(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("C:\\photos\\DSC_0042.jpg", ""),
        ("old-harbour_03.jpeg", "old harbour"),
        ("IMG_2041-waxCells.jpg", "wax cells"),
        ("海の波 01.png", "海の波"),
    ],
)
def test_names_are_words_without_counters(name: str, words: str) -> None:
    assert name_words(name) == words


def test_licences_are_told_by_their_address() -> None:
    assert spdx("see https://creativecommons.org/licenses/by-nc/2.0/ for more") == "CC-BY-NC-2.0"
    assert spdx("all rights reserved") == ""
