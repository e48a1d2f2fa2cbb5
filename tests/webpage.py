"""The explorer in a browser, for tests: the server, the plots of a page, when a page has come to rest."""

import os
import subprocess
import sys

import pytest


class Server:
    """An explorer in a process of its own, in an empty folder that is its home too."""

    def __init__(self, folder):
        self.folder = folder
        environment = {**os.environ, "HOME": str(folder), "OPENBLAS_NUM_THREADS": "1"}
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "einselect", "explore", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=(folder.parent / "server.log").open("w"),
            text=True,
            cwd=folder,
            env=environment,
        )
        self.address = self.process.stdout.readline().split()[0]
        self.origin = self.address.rsplit("/", 1)[0]
        self.port = int(self.origin.rsplit(":", 1)[1])

    def log(self):
        """What it said on its standard error."""
        return (self.folder.parent / "server.log").read_text()


PLOTS = """() => {
  const found = {}
  const search = root => {
    for (const e of root.querySelectorAll('*')) {
      if (e.dataset?.picture && e.data) { found[e.dataset.picture] = e }
      if (e.shadowRoot) { search(e.shadowRoot) }
    }
  }
  search(document)
  return found
}"""


def plot(page, name, code):
    """Evaluate JavaScript on a plot, as `plot`."""
    return page.evaluate(f"() => {{ const plot = ({PLOTS})()[{name!r}]; return {code} }}")


def settle(page):
    """Wait until what came is drawn: whoever waits for an answer waits for a sign of it before."""
    state = f"() => JSON.stringify(Object.values(({PLOTS})()).map(p => p.data))"
    before, calm = None, 0
    for _ in range(200):
        page.wait_for_timeout(120)
        now = page.evaluate(state)
        calm = calm + 1 if now == before and not page.get_by_role("button", name="Cancel").is_visible() else 0
        if calm == 2:
            return
        before = now
    pytest.fail("the page does not come to rest")


# What Chromium says of the speed of plotly's scenes in three dimensions, which it draws in software here.
_NOTICES = ("GL Driver Message", "willReadFrequently")


def watch(page, origin, said, foreign):
    """Collect what a page says in its console, and its requests to other hosts."""

    def heard(message):
        if message.type in ("error", "warning") and not any(notice in message.text for notice in _NOTICES):
            said.append(message.text)

    def asked(address):
        if not address.startswith((origin, origin.replace("http", "ws", 1), f"blob:{origin}", "data:")):
            foreign.append(address)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket: asked(socket.url))
