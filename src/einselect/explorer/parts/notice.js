// A message above the page, read out when it comes.
export function render({model}) {
  const box = document.createElement("p")
  box.className = "notice"
  box.setAttribute("role", "alert")
  const show = () => { box.textContent = model.text }
  show()
  model.on("text", show)
  return box
}
