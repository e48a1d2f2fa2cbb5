let count = 0

export function render({model}) {
  const id = `c${++count}`
  const box = document.createElement("div")
  box.className = "quantity"
  box.innerHTML = `<label for="${id}"></label><select id="${id}"></select>`
  const [label, select] = box.children
  const show = () => {
    label.textContent = model.label
    select.replaceChildren(...model.options.map(([value, text]) => new Option(text, value)))
    select.value = model.value
  }
  show()
  model.on("label", show)
  model.on("options", show)
  model.on("value", () => { select.value = model.value })
  select.addEventListener("change", () => model.send_msg(select.value))
  return box
}
