"""What a login spent and may spend a month: the limit, what the money went for, and the prices it is counted with."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.money import Price, shown, typed
from relationdesk.saying import say
from relationdesk.services import spending
from relationdesk.services.places import LoginRow
from relationdesk.services.spending import Money
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_called
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel

LINES_SHOWN = 40


def plain(micros: int) -> str:
    """As it is typed: "5.00"."""
    return shown(micros, "").strip()


class MoneyDialog(DialogFrame):
    """row: of a login whose place takes money."""

    def __init__(self, context: Context, row: LoginRow, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "", width=540, parent=parent)
        assert row.money is not None
        self._context, self._row, self._money = context, row, row.money
        look, money = context.look, row.money
        self.set_title(self.tr("What {place} costs").format(place=login_called(row.login)[:80]), spending.spent_words(money, context.clock()))
        self.limit = self._field(self.tr("At most a month, in {currency} (0 means never)").format(currency=money.prices.currency),
                                 plain(money.limit) if money.limit is not None else "")  # fmt: skip
        self.extras = {price.name: self._extra(price, money) for price in money.prices.prices if price.extra}
        for name, box in self.extras.items():
            self.body.addWidget(box)
            self.body.addWidget(ParagraphLabel(look, say(money.prices.of(name).note), role="caption", tone="text2"))
        self._add_lines(money)
        self.body.addWidget(PlainLabel(look, self.tr("Prices, each"), role="small_strong"))
        self.prices = {price.name: self._price(price) for price in money.prices.prices}
        told = self.tr("As {page} says; change them when it does. What was spent stays as it was counted.").format(page=money.prices.told)
        self.body.addWidget(ParagraphLabel(look, told, role="caption", tone="text2"))
        self.add_button(self.tr("Cancel"))
        self.do = self.add_button(self.tr("Save"), self.save, style="primary", default=True)
        self.limit.setFocus()
        self.limit.selectAll()

    def _field(self, label: str, text: str) -> QLineEdit:
        self.body.addWidget(PlainLabel(self.look, label, role="small_strong", wrap=True))
        field = QLineEdit(text)
        field.setAccessibleName(label)
        field.setMaxLength(20)
        field.returnPressed.connect(self.save)
        self.body.addWidget(field)
        return field

    def _extra(self, price: Price, money: Money) -> QCheckBox:
        words = self.tr("Also {things}, {price} each").format(things=price.title, price=shown(price.micros, money.prices.currency))
        box = QCheckBox(words)
        box.setChecked(price.name in money.extras)
        return box

    def _price(self, price: Price) -> QLineEdit:
        row = QHBoxLayout()
        row.setSpacing(self.look.theme.px(8))
        row.addWidget(ElidedLabel(self.look, price.title, role="small"), 1)
        field = QLineEdit(plain(price.micros))
        field.setAccessibleName(self.tr("Price of each of the {things}").format(things=price.title))
        field.setMaxLength(20)
        field.setMaximumWidth(self.look.theme.px(110))
        row.addWidget(field)
        self.body.addLayout(row)
        return field

    def _add_lines(self, money: Money) -> None:
        if not money.lines:
            return
        self.body.addWidget(PlainLabel(self.look, self.tr("What it went for this month"), role="small_strong"))
        for line in money.lines[:LINES_SHOWN]:
            row = QHBoxLayout()
            row.setSpacing(self.look.theme.px(8))
            words = f"{spending.line_title(line)}: {line.number:,} {line.item}"
            row.addWidget(ElidedLabel(self.look, words, role="small"), 1)
            row.addWidget(PlainLabel(self.look, shown(line.micros, money.prices.currency), role="small", tone="text2", tabular=True))
            self.body.addLayout(row)
        if len(money.lines) > LINES_SHOWN:
            rest = sum(line.micros for line in money.lines[LINES_SHOWN:])
            more = self.tr("and {n} more, {sum} together").format(n=len(money.lines) - LINES_SHOWN, sum=shown(rest, money.prices.currency))
            self.body.addWidget(PlainLabel(self.look, more, role="small", tone="text2"))

    def save(self) -> None:
        """Keep limit, extras and prices; nothing is asked by that."""
        try:
            limit = typed(self.limit.text())
            own = {name: typed(field.text()) for name, field in self.prices.items()}
        except UserMistake as e:
            self.refuse(e)
            return
        self.refusal.hide()
        wanted = frozenset(name for name, box in self.extras.items() if box.isChecked())
        self.write_once(self._context.tasks.write, spending.change, self._row.login.id, limit, wanted, own, done=self._on_saved)

    def _on_saved(self, _: Changes) -> None:
        limit = typed(self.limit.text())
        words = self.tr("At most {sum} a month.").format(sum=shown(limit, self._money.prices.currency)) if limit >= 1 else self.tr("It is never asked.")
        self._context.router.toast.emit(words, False)
        self.accept()
