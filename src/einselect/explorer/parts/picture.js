// A plot, drawn by plotly: a whole figure, other shapes on the figure that is there, or a patch that shows another moment
// of it. Of those that come while one is drawn the last one is drawn next; a patch says all that differs from moment to
// moment.
const CONFIG = {displayModeBar: false, displaylogo: false, doubleClick: "reset", responsive: false}

// Each plot is drawn in a turn of its own, in the order of the page: the first is seen before the next is begun.
let turn = Promise.resolve()
const inTurn = (job) => {
  turn = turn.then(() => new Promise((done) => setTimeout(done))).then(job).catch((error) => console.error(error))
}

export function render({model}) {
  const box = document.createElement("div")
  box.className = "picture"
  const heading = document.createElement("h2")
  const plot = document.createElement("div")
  plot.className = "plot"
  plot.style.height = `${model.plot_height}px`
  plot.setAttribute("role", "img")
  const buttons = document.createElement("div")
  buttons.className = "buttons"
  box.append(heading, plot, buttons)

  const formats = Object.entries({svg: "SVG", png: "PNG"})
  for (const [format, shown] of formats) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = shown
    button.addEventListener("click", () => {
      const {clientWidth: width, clientHeight: height} = plot
      const scale = format === "png" ? 3 : 1
      window.Plotly.downloadImage(plot, {format, width, height, scale, filename: model.plot})
    })
    buttons.append(button)
  }
  const name = () => {
    heading.textContent = model.heading
    plot.dataset.picture = model.plot
    formats.forEach(([, shown], n) => {
      buttons.children[n].setAttribute("aria-label", `Save the picture ${model.plot} as ${shown}`)
    })
  }
  name()
  model.on("heading", name)
  model.on("plot", name)

  let waiting = false
  let listening = false
  const draw = () => {
    if (!model.figure || waiting) { return }
    waiting = true
    if (window.Plotly && plot.isConnected) {
      inTurn(drawn)
    } else {
      setTimeout(() => { waiting = false; draw() }, 20)
    }
  }
  let shown = {figure: "", shapes: "", patch: ""}
  const drawn = async () => {
    waiting = false
    const {figure, shapes, patch} = model
    if (figure !== shown.figure || (shown.patch && !patch)) {
      const {data, layout} = JSON.parse(figure)
      await window.Plotly.react(plot, data, {...layout, ...JSON.parse(shapes), autosize: true}, CONFIG)
      shown = {figure, shapes, patch: ""}
    }
    if (shapes !== shown.shapes) {
      await window.Plotly.relayout(plot, JSON.parse(shapes))
      shown = {figure, shapes, patch: ""}
    }
    if (patch !== shown.patch) {
      await moved(JSON.parse(patch))
      shown = {figure, shapes, patch}
    }
    if (!listening && model.clickable) {
      listening = true
      plot.on("plotly_click", ({points: [point]}) => {
        model.send_msg({x: point.x, y: point.y, curve: point.curveNumber})
      })
    }
  }
  const moved = ({traces, layout}) => {
    const places = Object.keys(traces).map(Number)
    if (places.length === 0) { return window.Plotly.relayout(plot, layout) }
    const names = new Set(places.flatMap((place) => Object.keys(traces[place])))
    const changed = Object.fromEntries([...names].map((name) => [name, places.map((place) => traces[place][name])]))
    return window.Plotly.update(plot, changed, layout, places)
  }

  const describe = () => plot.setAttribute("aria-label", model.described || model.heading)
  model.on("figure", draw)
  model.on("shapes", draw)
  model.on("patch", draw)
  model.on("described", describe)
  model.on("heading", () => { heading.textContent = model.heading })
  describe()
  draw()

  let width = 0
  const observer = new ResizeObserver(() => {
    if (plot.clientWidth !== width && plot.clientWidth > 0) {
      const first = width === 0
      width = plot.clientWidth
      if (!first && plot.data) { window.Plotly.Plots.resize(plot) }
    }
  })
  observer.observe(plot)
  model.on("remove", () => {
    observer.disconnect()
    window.Plotly?.purge(plot)
  })
  return box
}
