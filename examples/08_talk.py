"""Make a film by talking, embedded: lines in, replies out. Run: python examples/08_talk.py [FOLDER]

Over sound it is `Session(partner, Booth(partner.studio()))`: `feed` takes 20 ms of 16-bit mono at 16 kHz and returns as
much to be played.
"""

import sys
import time
from pathlib import Path

from reelwright import Brief, Settings
from reelwright.agent.talk import Heard
from reelwright.agent.talk.partner import FilmPartner
from reelwright.agent.talk.studios import Studios

small = Brief(text="film", seconds=5, size={"width": 270, "height": 480})
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "films/talked")
partner = FilmPartner(Studios(folder, Settings()), small)
print(*(reply.text for reply in partner.open()))
for line in ("A film about tea.", "Tea is a leaf and hot water.", "Five seconds, vertical, for children.", "Yes."):
    print(">", line)
    print(*(reply.text for reply in partner.hear(Heard(text=line))))
while partner.busy:
    time.sleep(0.2)
    print(*(reply.text for reply in partner.tick()), end="")
