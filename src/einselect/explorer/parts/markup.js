export function render({model}) {
  const box = document.createElement("div")
  const show = () => { box.innerHTML = model.object }
  show()
  model.on("object", show)
  return box
}
