import pytest

from reelwright.tools.speech.matching import match

# What Piper (espeak-ng, en-us) made of these sentences, merged and split as it does.
CASES = {
    "In|the|hive,|of|the|bees": "^ɪnðə hˈaɪv, ʌvðə bˈiːz.$",
    "seventy percent|water.": "^sˈɛvənti pɚsˈɛnt wˈɔːɾɚ.$",
    "FBI|agents|in|the|U.S.A.|owed|two": "^ˌɛfbˌiːʲˈaɪ ˈeɪdʒənts ɪnðə jˌuːˌɛsˈeɪ ˈoʊd tˈuː$",
    "a|two-million|deal": "^ɐ tˈuːmˈɪliən dˈiːl$",
    "knights|wrote|to|be|in|it": "^nˈaɪts ɹˈoʊt təbiʲ ɪn ɪt$",
    "Yes!||Then|one-eyed|queue": "^jˈɛs!$^ðˈɛn wˈʌnˈaɪd kjˈuː$",
    "use|of|a": "^jˈuːs əvə$",
}
HEARD = {
    "In|the|hive,|of|the|bees": "ɪn|ðə|hˈaɪv|ʌv|ðə|bˈiːz",
    "seventy percent|water.": "sˈɛvənti pɚsˈɛnt|wˈɔːɾɚ",
    "FBI|agents|in|the|U.S.A.|owed|two": "ˌɛfbˌiːʲˈaɪ|ˈeɪdʒənts|ɪn|ðə|jˌuːˌɛsˈeɪ|ˈoʊd|tˈuː",
    "a|two-million|deal": "ɐ|tˈuːmˈɪliən|dˈiːl",
    "knights|wrote|to|be|in|it": "nˈaɪts|ɹˈoʊt|tə|biʲ|ɪn|ɪt",
    "Yes!||Then|one-eyed|queue": "jˈɛs||ðˈɛn|wˈʌnˈaɪd|kjˈuː",
    "use|of|a": "jˈuːs|əv|ə",
}


@pytest.mark.parametrize("words", CASES)
def test_finds_whose_sound_is_where(words: str) -> None:
    phonemes = list(CASES[words])
    spans = match(words.split("|"), phonemes)
    assert "|".join("".join(phonemes[span[0] : span[1]]) if span else "" for span in spans) == HEARD[words]


def test_nothing_said_has_no_place() -> None:
    assert match(["", ""], list("^hˈaɪ$")) == [None, None]
    assert match(["hi"], []) == [None]
