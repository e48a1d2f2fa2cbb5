export function render({model}) {
  const box = document.createElement("div")
  box.className = "buttons progress"
  box.hidden = true
  box.innerHTML = `<progress max="1" aria-label="Computation"></progress><span role="status"></span>
    <button type="button">Cancel</button>`
  const [bar, status, button] = box.children
  const running = () => {
    box.hidden = !model.running
    status.textContent = model.running ? "Computing" : ""
  }
  const fraction = () => {
    if (model.fraction > 0) { bar.value = model.fraction } else { bar.removeAttribute("value") }
  }
  model.on("running", running)
  model.on("fraction", fraction)
  button.addEventListener("click", () => { model.send_msg("stop") })
  fraction()
  running()
  return box
}
