"""Nothing of a villager's or public page is lost on a narrow screen or with letters twice as large, in real Chromium."""

import pytest

pytestmark = pytest.mark.browser
WIDER = """
() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  const inside = (box) => box.closest(".table-wrap, .visually-hidden, .skip-link, svg, select");
  const right = (box) => box.getBoundingClientRect().right;
  const out = [...document.querySelectorAll("body *")].filter((box) => !inside(box) && right(box) > window.innerWidth + 1);
  return wide > 0 || out.length ? `${wide} px: ${out.slice(0, 3).map((box) => box.outerHTML.slice(0, 90)).join(" | ")}` : "";
}
"""
