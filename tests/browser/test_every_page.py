"""Every page as it opens, narrow and light, wide and dark: by its link, whole, without a serious fault of access."""

import pytest

from einselect.explorer.pages import ORDER, available

# A page that has two faces is opened with one light, with the other dark.
FACES = {
    "protocols": ("", "&protocols.show=noise"),
    "paper": ("&paper.verdict=not+reproduced", "&paper.show=figure2"),
}
OPENED = [
    (name, FACES.get(name, ("", ""))[number], theme, width)
    for name in ORDER
    if name in available()
    for number, (theme, width) in enumerate((("light", 400), ("dark", 1600)))
]

_EDGES = """() => {
  const found = []
  const search = root => {
    for (const e of root.querySelectorAll('*')) {
      if (e.matches('.plot, .quantity, button, input, article, img')) {
        const box = e.getBoundingClientRect()
        if (box.width) { found.push([e.className, box.left, box.right]) }
      }
      if (e.shadowRoot) { search(e.shadowRoot) }
    }
  }
  search(document)
  return found
}"""


@pytest.mark.parametrize(("name", "face", "theme", "width"), OPENED)
def test_every_page_is_usable(visit, name, face, theme, width):
    from axe_playwright_python.sync_playwright import Axe

    shown = visit(f"page={name}{face}&theme={theme}", width=width, wait=name != "paper")
    if name == "paper":
        shown.locator(".counts, figure").first.wait_for()
        shown.wait_for_timeout(300)
    assert shown.get_by_role("tab", selected=True).inner_text().lower() == name
    assert shown.get_by_role("heading", level=1).inner_text() == "einselect: which coherence decoheres?"
    if name in ("doublet", "window"):  # a message beside an entry is read as well
        field = shown.get_by_role("textbox", name="Dephasing rate γ")
        field.fill("5 kHz")
        field.press("Enter")
        field.and_(shown.locator("[aria-invalid=true]")).wait_for()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    for what, left, right in shown.evaluate(_EDGES):
        assert left >= 0, what
        assert right <= width + 1, what
    found = Axe().run(shown).response["violations"]
    serious = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []
