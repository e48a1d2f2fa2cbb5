// A row of tabs: the arrows go along it, Enter, Space or a click opens one.
export function render({model}) {
  const box = document.createElement("div")
  box.className = "tabs"
  box.setAttribute("role", "tablist")
  box.setAttribute("aria-label", "Pages")
  const show = () => {
    for (const tab of box.children) {
      const chosen = tab.dataset.value === model.value
      tab.setAttribute("aria-selected", String(chosen))
      tab.tabIndex = chosen ? 0 : -1
    }
  }
  for (const [value, text] of model.options) {
    const tab = document.createElement("button")
    tab.type = "button"
    tab.dataset.value = value
    tab.textContent = text
    tab.setAttribute("role", "tab")
    tab.addEventListener("click", () => model.send_msg(value))
    box.append(tab)
  }
  box.addEventListener("keydown", (event) => {
    const tabs = [...box.children]
    const at = tabs.indexOf(event.target)
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key]
    if (to !== undefined) {
      event.preventDefault()
      tabs[(to + tabs.length) % tabs.length].focus()
    }
  })
  show()
  model.on("value", show)
  return box
}
