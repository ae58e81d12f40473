"""A film by talking, over text: what is asked, read back, made, changed and forgotten."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reelwright.agent.record import load_record
from reelwright.agent.talk.partner import UNSURE
from reelwright.agent.talk.transcript import Transcript, kept
from reelwright.tools.media import Size

Start = Callable[..., Any]
TEA = "Tea is a leaf and hot water. It takes three minutes."
KNOWN = {"topic": "Tea", "content": (TEA,), "seconds": 5.0, "size": Size(width=270, height=480), "audience": "children"}


def test_at_most_three_questions_are_asked(chat: Start) -> None:
    talk = chat()
    asked = [talk.open(), talk.tell("a film about tea"), talk.tell(TEA)]
    plan = talk.tell("five seconds and square, for my students")
    assert "about?" in asked[0]
    assert "tell me a few sentences about it" in asked[1]
    assert "How long" in asked[2]
    assert "who is it for?" in asked[2]
    assert plan.endswith("Shall I make it?")
    assert "square, and it is for your students" in plan
    assert "begins: Tea is a leaf and hot water." in plan
    assert "costs nothing" in plan


def test_what_was_said_at_once_is_not_asked_again(chat: Start) -> None:
    talk = chat()
    talk.open()
    plan = talk.tell(f"A five second vertical film about tea for children. {TEA}")
    assert plan.endswith("Shall I make it?")


def test_a_short_answer_gets_defaults_for_the_rest(chat: Start) -> None:
    talk = chat()
    talk.open()
    plan = talk.tell("a film about tea", "six seconds")
    assert "I make it vertical." in plan
    assert "I do not invent facts" in plan
    assert plan.endswith("Shall I make it?")


def test_a_plan_is_corrected_until_it_is_right(chat: Start, tmp_path: Path) -> None:
    talk = chat(**KNOWN)
    talk.open()
    assert "What should I change?" in talk.tell("no")
    assert "It will be square." in talk.tell("make it square")
    assert "It is for beginners." in talk.tell("no, for beginners")
    assert "Green tea" in talk.tell("It should be about green tea")
    again = talk.tell("Also say that green tea is best cold.")
    assert "I took that in." in again
    assert "begins: Tea is a leaf" in talk.tell("describe the plan")
    assert load_record(tmp_path / "film").brief.text.endswith("Green tea is best cold\n")


def test_lengths_that_no_film_has_are_named(chat: Start) -> None:
    talk = chat(topic="Tea", content=(TEA,))
    talk.open()
    assert "from two seconds to ten minutes" in talk.tell("two hours and vertical, 7000 seconds for children")


def test_questions_are_answered_before_anything_is_made(chat: Start) -> None:
    talk = chat(**KNOWN)
    talk.open()
    assert "costs nothing" in talk.tell("what will it cost?")
    assert "about" in talk.tell("how long will it take?")
    assert "Shot one lasts about" in talk.tell("describe shot one")
    assert "There is no shot nine" in talk.tell("describe shot nine")
    assert "waiting for you" in talk.tell("how far are you?")
    assert "no film yet" in talk.tell("where is it?")
    assert "Say yes" in talk.tell("help")
    assert "Every shot was made once" in talk.tell("play the other take")
    assert "publish nothing" in talk.tell("upload it")


def test_a_turn_that_was_not_heard_well_is_asked_again_then_typing_is_suggested(chat: Start) -> None:
    talk = chat()
    talk.open()
    asked = [talk.tell("a flim at teeth", confidence=0.3) for _ in range(UNSURE + 1)]
    assert all("sorry" in each.lower() for each in asked)
    assert "reelwright chat" in asked[-1]
    assert "tell me a few sentences" in talk.tell("a film about tea")


def test_a_yes_that_was_not_heard_well_makes_nothing(chat: Start) -> None:
    talk = chat(**KNOWN)
    talk.open()
    assert "yes or no" in talk.tell("yes", confidence=0.4)
    assert not talk.partner.busy


def test_repeat_says_it_again(chat: Start) -> None:
    talk = chat()
    first = talk.open()
    assert talk.tell("what did you say?") == first


def test_an_interview_that_was_cut_off_goes_on(chat: Start) -> None:
    talk = chat()
    talk.open()
    talk.tell("a film about tea")
    talk.partner.close()
    assert "tell me a few sentences" in chat().open()


def test_everything_said_is_in_the_transcript_until_it_is_forgotten(chat: Start, tmp_path: Path) -> None:
    talk = chat(**KNOWN)
    talk.open()
    talk.tell("hello", "describe shot one")
    rows = Transcript(tmp_path / "film").read()
    assert [row.text for row in rows if row.who == "person"] == ["hello", "describe shot one"]
    assert any("Shot one" in row.text for row in rows if row.who == "reelwright")
    assert "Shall I?" in talk.tell("forget what I said")
    assert "as it was" in talk.tell("no")
    assert kept(tmp_path / "film")
    talk.tell("forget what I said", "yes")
    assert not kept(tmp_path / "film")
    assert (tmp_path / "film" / "project.json").is_file()


def test_goodbye_without_a_yes_makes_nothing(chat: Start, tmp_path: Path) -> None:
    talk = chat(**KNOWN)
    talk.open()
    assert "I made nothing" in talk.tell("thank you, that's all")
    assert talk.partner.finished
    assert not (tmp_path / "film" / "out").exists()


@pytest.mark.media
def test_a_film_is_made_looked_at_changed_and_taken_back(chat: Start, tmp_path: Path) -> None:
    folder = tmp_path / "film"
    talk = chat(**KNOWN)
    talk.open()
    assert "I am making it" in talk.tell("yes")
    assert "left" in talk.tell("how far are you?") or "nearly done" in talk.tell("how far are you?")
    assert "when the film is finished" in talk.tell("change the music to dark")
    told = talk.wait()
    assert "The voice is recorded." in told
    assert "Your film is ready." in told
    assert "music" in told
    assert "It is done." in told
    assert talk.tell("make it square").endswith("Shall I do it?")
    assert "as it was" in talk.tell("no")
    assert "already holds the film" in talk.tell("it should be about coffee")
    assert "did not understand" in talk.tell("dance backwards, blue")
    assert (folder / "out" / "film.mp4").is_file()
    first = (folder / "out" / "film.mp4").read_bytes()
    assert "film.mp4" in talk.tell("where is it?")
    assert "Piper reads it" in talk.tell("who reads it?")

    assert "only one take of shot one" in talk.tell("play the other take of shot one")
    talk.tell("yes")
    assert "It is done." in talk.wait()
    assert (folder / "out" / "film.mp4").read_bytes() != first

    question = talk.tell("play the other take of shot one")
    assert "shot01-other" in question
    assert (folder / "out" / "shot01-other.mp4").is_file() or list((folder / "out").glob("shot01-other.*"))
    talk.tell("yes")
    talk.wait()
    assert (folder / "out" / "film.mp4").read_bytes() == first

    assert "Goodbye" in talk.tell("thank you, that's all")
    assert talk.partner.finished
    assert "is finished" in chat().open()


@pytest.mark.media
def test_stop_in_the_middle_of_a_render_keeps_what_is_finished(chat: Start, tmp_path: Path) -> None:
    talk = chat(**KNOWN | {"topic": "Coffee"})
    talk.open()
    talk.tell("yes")
    talk.wait(lambda: "sound" in (tmp_path / "film" / "events.jsonl").read_text())
    assert "stop" in talk.tell("Stop!").lower()
    assert "Stopped." in talk.wait()
    assert "Say go on" in talk.tell("how far are you?")
    back = chat()
    assert "not finished yet" in back.open()
    back.tell("yes")
    assert "Your film is ready" in back.wait()
    events = [json.loads(line) for line in (tmp_path / "film" / "events.jsonl").read_text().splitlines()]
    assert any(event["type"] == "took" and event["cached"] for event in events)


@pytest.mark.media
def test_goodbye_in_the_middle_waits_for_the_film(chat: Start) -> None:
    talk = chat(**KNOWN)
    talk.open()
    talk.tell("yes")
    assert "finish the film first" in talk.tell("thank you, that's all")
    assert not talk.partner.finished
    assert "Goodbye. Your film is called" in talk.wait()
    assert talk.partner.finished
