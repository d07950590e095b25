"""Tests of repeated signals: a batch that is killed or stopped ends with the results of one that is not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.batch.campaign import SIGNALS, Campaign


def prove(campaign: Campaign) -> None:
    """Assert equal grades, byte for byte but for their times, and equal verdicts: none lost, added or repeated."""
    campaign.run()
    whole, results = campaign.verdicts("whole"), campaign.verdicts("results")
    for name in ("grades.csv", "grades.jsonl"):
        texts = ((campaign.folder / each / name).read_text(encoding="utf-8") for each in ("whole", "results"))
        one, other = (re.sub(r'"\d{4}-\d\d-\d\dT[\d:]{8}Z"', "time", text) for text in texts)
        assert one == other
    assert whole == results
    assert campaign.killed.total() == campaign.kills
    for folder in ("reports", "feedback"):
        assert {path.name: path.read_bytes() for path in (campaign.folder / "whole" / folder).iterdir()} == {
            path.name: path.read_bytes() for path in (campaign.folder / "results" / folder).iterdir()
        }
    assert not list(campaign.folder.glob("*/journal.changed.*")), "a journal did not fit its own seal"
    print(f"{campaign.submissions} submissions, {len(whole)} programs")
    for kind in sorted({kind for kind, _ in campaign.killed}):
        print(f"{kind:24}", *(f"{name} {campaign.killed[kind, name]:2}" for name in SIGNALS))


@pytest.mark.slow
def test_a_few_kills(tmp_path: Path) -> None:
    """Three signals to the batch of a class of twelve change nothing; the nightly run sends forty."""
    prove(Campaign(tmp_path, submissions=12, kills=3))


@pytest.mark.nightly
def test_many_kills(tmp_path: Path) -> None:
    """40 signals in a class of 200, or HANDGRAD_KILLS in HANDGRAD_SUBMISSIONS, change nothing."""
    submissions, kills = os.environ.get("HANDGRAD_SUBMISSIONS", "200"), os.environ.get("HANDGRAD_KILLS", "40")
    prove(Campaign(tmp_path, int(submissions), int(kills)))
