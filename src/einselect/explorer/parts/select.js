// A choice among names: the browser's own, which every keyboard and screen reader knows.
let count = 0

export function render({model}) {
  const id = `s${++count}`
  const box = document.createElement("div")
  box.className = "quantity"
  box.innerHTML = `<label for="${id}"></label><select id="${id}"></select>`
  const [label, select] = box.children

  const show = () => {
    label.textContent = model.label
    select.replaceChildren(...model.names.map(([value, shown]) => new Option(shown, value)))
    select.value = model.value
  }
  select.addEventListener("change", () => model.send_msg({chosen: select.value}))
  for (const name of ["label", "names", "value"]) {
    model.on(name, show)
  }
  show()
  return box
}
