"""The eyes: what the browser's fixture must see, or every test that uses it would be blind."""

from __future__ import annotations


def test_a_noisy_page_is_heard(visit):
    """A word on the console, an error and a request each leave a trace."""
    seen = visit('<!doctype html><script>console.log("word"); throw Error("oops")</script><img src="missing.png">')
    assert "word" in seen.console
    assert any("oops" in words for words in seen.console)
    assert [url.rpartition("/")[2] for url in seen.requests] == ["missing.png"]


def test_a_wide_page_is_seen(visit):
    """What sticks out to the right makes the page wide."""
    assert visit("<!doctype html><div style='width: 500px'>x</div>", width=360).wide
    assert not visit("<!doctype html><p>short</p>", width=360).wide


def test_a_theme_is_asked_for(visit):
    """Dark and light are what the page is told."""
    met_hidden = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert visit("<!doctype html>", colour="dark").page.evaluate(met_hidden)
    assert not visit("<!doctype html>", colour="light").page.evaluate(met_hidden)
