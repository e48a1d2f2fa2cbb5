const PATIENCE = 300

export function render({model}) {
  const box = document.createElement("div")
  box.className = "buttons progress"
  box.hidden = true
  box.innerHTML = `<progress max="1" aria-label="Computation"></progress><span role="status"></span>
    <button type="button">Cancel</button>`
  const [bar, status, button] = box.children
  let timer = null
  const hide = () => {
    clearTimeout(timer)
    timer = null
    box.hidden = true
    status.textContent = ""
  }
  const show = () => {
    box.hidden = false
    status.textContent = "Computing"
  }
  const running = () => {
    if (!model.running) {
      hide()
    } else if (timer === null) {
      timer = setTimeout(show, PATIENCE)
    }
  }
  const fraction = () => {
    if (model.fraction > 0) { bar.value = model.fraction } else { bar.removeAttribute("value") }
  }
  model.on("running", running)
  model.on("fraction", fraction)
  button.addEventListener("click", () => { model.stops += 1 })
  fraction()
  running()
  return box
}
