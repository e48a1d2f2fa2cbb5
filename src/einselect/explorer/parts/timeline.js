// A slider through the times of a run, and a button that plays them. One move is under way at a time: of those that are
// made meanwhile the last one is told next, and the next frame is asked for when the answer to the last has come.
const FRAME = 60
let count = 0

export function render({model}) {
  const id = `t${++count}`
  const box = document.createElement("div")
  box.className = "quantity"
  box.innerHTML = `
    <label for="${id}"></label>
    <input id="${id}" type="range" min="0" step="1">
    <div class="buttons"><button type="button"></button><span></span></div>`
  const [label, range, row] = box.children
  const [button, shown] = row.children
  let playing = false
  let waiting = false
  let moved = false
  let begun = 0
  let timer = null

  const ends = () => { range.max = Math.max(0, model.count - 1); range.value = model.index }
  const told = () => { shown.textContent = model.shown; range.setAttribute("aria-valuetext", model.shown) }
  const named = () => {
    label.textContent = model.label
    button.textContent = playing ? "Stop" : "Play"
    button.setAttribute("aria-label", `${playing ? "Stop" : "Play"} ${model.label}`)
  }
  const move = () => {
    moved = waiting
    if (waiting) { return }
    waiting = true
    begun = performance.now()
    model.send_msg({index: Number(range.value)})
  }
  const stop = () => { playing = false; named(); model.send_msg({settled: Number(range.value)}) }
  const next = () => {
    if (!playing) { return }
    if (!box.isConnected || Number(range.value) >= model.count - 1) { stop(); return }
    range.value = Math.min(model.count - 1, Number(range.value) + model.stride)
    move()
  }
  const answered = () => {
    waiting = false
    if (moved) { move() } else if (playing) { timer = setTimeout(next, Math.max(0, begun + FRAME - performance.now())) }
  }
  range.addEventListener("input", () => { playing = false; named(); move() })
  range.addEventListener("change", () => { model.send_msg({settled: Number(range.value)}) })
  button.addEventListener("click", () => {
    clearTimeout(timer)
    if (playing) { stop(); return }
    playing = true
    named()
    if (Number(range.value) >= model.count - 1) { range.value = 0; move() } else { next() }
  })
  model.on("label", named)
  model.on("count", ends)
  model.on("index", () => { if (!waiting) { ends() } })
  model.on("shown", told)
  model.on("answered", answered)
  ends()
  told()
  named()
  return box
}
