// The plot is found by the name in its layout, across the shadow trees that Panel's parts live in.
function find(root, name) {
  for (const element of root.querySelectorAll("*")) {
    if (element.classList.contains("js-plotly-plot") && element.layout?.meta?.picture === name) { return element }
    const inside = element.shadowRoot && find(element.shadowRoot, name)
    if (inside) { return inside }
  }
  return null
}

export function render({model}) {
  const box = document.createElement("div")
  box.className = "buttons"
  const formats = {svg: "SVG", png: "PNG"}
  for (const [format, shown] of Object.entries(formats)) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = shown
    button.setAttribute("aria-label", `Save the picture ${model.plot} as ${shown}`)
    button.addEventListener("click", () => {
      const plot = find(document, model.plot)
      if (plot) {
        const {clientWidth: width, clientHeight: height} = plot
        const scale = format === "png" ? 3 : 1
        window.Plotly.downloadImage(plot, {format, width, height, scale, filename: model.plot})
      }
    })
    box.append(button)
  }
  let tries = 0
  const describe = () => {
    const plot = find(document, model.plot)
    if (plot) {
      plot.setAttribute("role", "img")
      plot.setAttribute("aria-label", model.description)
    } else if (tries++ < 100) {
      setTimeout(describe, 100)
    }
  }
  model.on("description", () => { tries = 0; describe() })
  describe()
  return box
}
