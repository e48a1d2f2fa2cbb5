export function render({model}) {
  const show = () => {
    if (model.query) {
      const theme = new URLSearchParams(location.search).get("theme")
      const kept = theme === "dark" ? "&theme=dark" : ""
      history.replaceState(null, "", `${location.pathname}?${model.query}${kept}`)
    }
  }
  model.on("query", show)
  show()
  return document.createElement("span")
}
