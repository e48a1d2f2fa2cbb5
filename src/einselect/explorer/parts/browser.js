// What the page around the panels is told, and tells: its address, its theme, that the server has gone.
const GONE = "The explorer has gone: start it again, then reload this page."
const PAUSE = 200

export function render({model}) {
  // The address costs the browser more than a small plot: it follows when the visitor pauses.
  let timer = null
  const address = () => {
    clearTimeout(timer)
    timer = null
    const query = [model.query, model.dark ? "theme=dark" : ""].filter(Boolean).join("&")
    if (model.query) { history.replaceState(null, "", `${location.pathname}?${query}`) }
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(address, PAUSE)
  }
  const leaving = () => { if (timer !== null) { address() } }
  addEventListener("pagehide", leaving)

  const dress = () => { document.documentElement.dataset.theme = model.dark ? "dark" : "light" }
  const button = document.getElementById("theme")
  const toggle = () => model.send_msg("toggle")
  button?.addEventListener("click", toggle)

  const gone = document.getElementById("gone")
  for (const shown of window.Bokeh.documents) {
    shown.on_event("connection_lost", () => { gone.textContent = GONE; gone.hidden = false })
  }

  model.on("query", soon)
  model.on("dark", () => { dress(); soon() })
  model.on("remove", () => {
    clearTimeout(timer)
    removeEventListener("pagehide", leaving)
    button?.removeEventListener("click", toggle)
  })
  dress()
  address()
  return document.createElement("span")
}
