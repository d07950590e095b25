"""Tests of repeated kills: a batch that is killed ends with the results of one that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.batch.campaign import Campaign


def prove(campaign: Campaign) -> None:
    """Assert equal grades, byte for byte, and equal verdicts: none lost, added or repeated."""
    campaign.run()
    whole, results = campaign.verdicts("whole"), campaign.verdicts("results")
    for name in ("grades.csv", "grades.jsonl"):
        assert (campaign.folder / "whole" / name).read_bytes() == (campaign.folder / "results" / name).read_bytes()
    assert whole == results
    assert campaign.killed.total() == campaign.kills
    for folder in ("reports", "feedback"):
        assert {path.name: path.read_bytes() for path in (campaign.folder / "whole" / folder).iterdir()} == {
            path.name: path.read_bytes() for path in (campaign.folder / "results" / folder).iterdir()
        }
    print(f"{campaign.submissions} submissions, {len(whole)} programs, kills: {dict(campaign.killed)}")


@pytest.mark.slow
def test_a_few_kills(tmp_path: Path) -> None:
    """Five kills in a class of forty change nothing."""
    prove(Campaign(tmp_path, submissions=40, kills=5))


@pytest.mark.nightly
def test_many_kills(tmp_path: Path) -> None:
    """200 kills in a class of 1,000, or HANDGRAD_KILLS in HANDGRAD_SUBMISSIONS, change nothing."""
    submissions, kills = os.environ.get("HANDGRAD_SUBMISSIONS", "1000"), os.environ.get("HANDGRAD_KILLS", "200")
    prove(Campaign(tmp_path, int(submissions), int(kills)))
