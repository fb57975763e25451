"""What is typed as it goes out, letter for letter: under the user's own name, gaps marked, and who is not told of it."""

from __future__ import annotations

from relationdesk.engage.templates import spans
from relationdesk.services.engaging import Choice
from relationdesk.ui.engage_words import mine, not_told, tr
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel


class Preview(Card):
    def __init__(self, look: Look) -> None:
        super().__init__(look, padding=12)
        self.head = ParagraphLabel(look, "", role="strong", max_lines=1)
        self.text = ParagraphLabel(look, "", role="body", max_lines=12)
        self.untold = ParagraphLabel(look, "", role="small", tone="attn")
        for label in (self.head, self.text, self.untold):
            self.body.addWidget(label)

    def show_words(self, me: str, choice: Choice, text: str) -> None:
        """me: the user's name, "" where the desk does not know it."""
        self.head.set_runs((Run(me or tr("You"), strong=True), Run(f"  {mine(choice)} · {place_look(choice.place).title}", "text2")))
        self.text.set_runs(with_gaps(text))
        untold = not_told(choice, choice.untold(text))
        self.untold.set_runs(untold)
        self.untold.setVisible(bool(untold))


def with_gaps(text: str) -> tuple[Run, ...]:
    """A text in which what is still to be filled in is marked."""
    found, at = [], 0
    for start, end in spans(text):
        found += [Run(text[at:start]), Run(text[start:end], "attn", ground="attn_tint")]
        at = end
    return tuple(run for run in (*found, Run(text[at:])) if run.text)
