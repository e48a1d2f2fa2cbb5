// A text field, its slider, its help and its error. Moves of the slider are sent at once, then at most every 60 ms.
const PAUSE = 60
let count = 0

export function render({model}) {
  const id = `q${++count}`
  const box = document.createElement("div")
  box.className = "quantity"
  box.innerHTML = `
    <label for="${id}"></label>
    <input id="${id}" type="text" maxlength="64" autocomplete="off" spellcheck="false"
           aria-describedby="${id}e ${id}h">
    <input type="range">
    <p id="${id}e" class="error" role="alert"></p>
    <p id="${id}h" class="help"></p>`
  const [label, text, range, error, help] = box.children

  const show = {
    label: () => {
      label.textContent = model.label
      range.setAttribute("aria-label", `${model.label}, slider`)
    },
    help: () => { help.textContent = model.help },
    text: () => {
      text.value = model.text
      range.setAttribute("aria-valuetext", model.text || "none")
    },
    error: () => {
      error.textContent = model.error
      text.setAttribute("aria-invalid", model.error ? "true" : "false")
    },
    slider: () => { range.hidden = !model.slider },
    ends: () => {
      range.min = model.low
      range.max = model.high
      range.step = "any"
      range.value = model.position
    },
  }
  Object.values(show).forEach((f) => f())
  for (const name of ["label", "help", "text", "error", "slider"]) {
    model.on(name, show[name])
  }
  // Answers to earlier moves do not pull the slider back.
  let serial = model.serial
  for (const name of ["low", "high", "step", "position", "serial"]) {
    model.on(name, () => { if (!dragging && model.serial === serial) { show.ends() } })
  }

  const enter = () => {
    if (text.value.trim() !== model.text || model.error) {
      model.send_msg({typed: text.value.slice(0, 64)})
    }
  }
  text.addEventListener("change", enter)
  text.addEventListener("keydown", (event) => { if (event.key === "Enter") { enter() } })

  let dragging = false
  let last = 0
  let timer = null
  const send = () => {
    timer = null
    last = performance.now()
    model.send_msg({moved: Number(range.value), serial: ++serial})
  }
  const moved = () => {
    if (timer === null) {
      const wait = last + PAUSE - performance.now()
      if (wait <= 0) { send() } else { timer = setTimeout(send, wait) }
    }
  }
  range.addEventListener("input", moved)
  range.addEventListener("pointerdown", () => { dragging = true })
  for (const name of ["pointerup", "pointercancel"]) {
    range.addEventListener(name, () => { dragging = false })
  }
  // A step of its own: that of a browser is a whole number of steps from the lower end, which would round the text.
  range.addEventListener("keydown", (event) => {
    const steps = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10}[event.key]
    if (steps !== undefined) {
      event.preventDefault()
      range.value = Number(range.value) + steps * model.step
      moved()
    }
  })
  return box
}
