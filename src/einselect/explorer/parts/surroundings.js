// What a notebook is around the panels: light or dark, and whether a kernel answers.
const PATIENCE = 5000

const isDark = () => {
  const {jpThemeLight, vscodeThemeKind} = document.body.dataset
  return jpThemeLight === "false" || /dark|contrast$/.test(vscodeThemeKind ?? "")
}

export function render({model}) {
  const box = document.createElement("p")
  box.className = "notice"
  box.setAttribute("role", "alert")

  let views = model.views
  let timer = null
  const ask = () => {
    if (timer !== null) { return }
    timer = setTimeout(() => { timer = null; box.textContent = model.unanswered }, PATIENCE)
    try {
      model.send_msg({views, dark: isDark()})
    } catch { /* no kernel: the note says so */ }
  }
  model.on("msg:custom", (answer) => {
    clearTimeout(timer)
    timer = null
    box.textContent = answer
    if (!answer) { views = null }
  })

  // Whatever is done to the panels asks: a kernel that was restarted does not tell.
  const inside = (event) => {
    const panels = [...event.composedPath()].reverse().find((e) => e.dataset?.rootId)
    if (panels && event.isTrusted) {
      let host = box
      while (host && host !== panels) { host = host.parentNode ?? host.host }
      if (host) { ask() }
    }
  }
  const kinds = ["pointerdown", "keydown"]
  for (const kind of kinds) { window.addEventListener(kind, inside, true) }
  const observer = new MutationObserver(ask)
  observer.observe(document.body, {attributes: true, attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"]})
  model.on("remove", () => {
    clearTimeout(timer)
    observer.disconnect()
    for (const kind of kinds) { window.removeEventListener(kind, inside, true) }
  })
  ask()
  return box
}
