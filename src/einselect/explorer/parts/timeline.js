// A slider through the times of a run, and a button that plays them: the next frame is asked for when the last is shown.
const PAUSE = 80
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
  let timer = null

  const ends = () => { range.max = Math.max(0, model.count - 1); range.value = model.index }
  const told = () => { shown.textContent = model.shown; range.setAttribute("aria-valuetext", model.shown) }
  const named = () => {
    label.textContent = model.label
    button.textContent = playing ? "Stop" : "Play"
    button.setAttribute("aria-label", `${playing ? "Stop" : "Play"} ${model.label}`)
  }
  const send = () => { timer = null; model.send_msg({index: Number(range.value)}) }
  const soon = () => { if (timer === null) { timer = setTimeout(send, PAUSE) } }
  const stop = () => { playing = false; named(); model.send_msg({settled: Number(range.value)}) }
  const next = () => {
    if (!playing) { return }
    if (!box.isConnected || Number(range.value) >= model.count - 1) { stop(); return }
    range.value = Math.min(model.count - 1, Number(range.value) + model.stride)
    soon()
  }
  range.addEventListener("input", () => { playing = false; named(); soon() })
  range.addEventListener("change", () => { model.send_msg({settled: Number(range.value)}) })
  button.addEventListener("click", () => {
    if (playing) { stop(); return }
    playing = true
    named()
    if (Number(range.value) >= model.count - 1) { range.value = 0; soon() } else { next() }
  })
  model.on("label", named)
  model.on("count", ends)
  model.on("index", () => { if (timer === null) { ends() } })
  model.on("shown", () => { told(); setTimeout(next, PAUSE) })
  ends()
  told()
  named()
  return box
}
