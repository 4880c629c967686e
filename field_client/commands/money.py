"""The command that takes money."""

from __future__ import annotations

import click

from field_client import screens
from field_client.console import Console, choices, command, console, day_of, fen_of, option
from field_client.words import yuan


@command("repay")
@click.argument("loan")
@click.argument("amount")
@option("--on", word="on", metavar="DAY")
@option("--channel", word="channel", type=choices("repayment", "channel"), default="cash")
@option("--payer", word="payer", metavar="NAME")
@option("--yes", word="yes", is_flag=True)
@console
def repay(
    told: Console,
    loan: str,
    amount: str,
    on: str | None,
    channel: str,
    payer: str | None,
    yes: bool,
) -> None:
    """Repay."""
    amount_fen = fen_of(amount)
    day = day_of(on) if on else None
    with told.client() as client:
        if not told.as_json:
            told.show(screens.split_table(client.preview(loan, amount_fen, day), told.lang))
            question = told.say("talk.take-money", amount=yuan(amount_fen))
            if not yes and not click.confirm(question, err=True):
                raise click.Abort
        more = {"payer_name": payer} if payer else {}
        receipt = client.repay(loan, amount_fen, day, channel, **more)
    after = receipt.preview.after
    told.tell("talk.receipt", receipt_no=receipt.receipt_no, amount=yuan(amount_fen))
    told.tell("talk.arrears", arrears=yuan(after.arrears_fen), dpd=after.dpd)
    told.give(screens.receipt_as_json(receipt))
