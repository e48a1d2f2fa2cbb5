// A text with a button that copies it; where the clipboard is closed (a page not from localhost and not by https), the
// text is selected instead, ready for the keys.
export function render({model}) {
  const box = document.createElement("div")
  box.className = "copied"
  box.innerHTML = `
    <div class="head"><h3></h3><button type="button"></button></div>
    <pre tabindex="0" role="region"></pre>`
  const title = box.querySelector("h3")
  const button = box.querySelector("button")
  const text = box.querySelector("pre")
  const show = () => {
    title.textContent = model.label
    button.textContent = "Copy"
    button.setAttribute("aria-label", `Copy: ${model.label}`)
    text.setAttribute("aria-label", model.label)
    text.textContent = model.query ? `${location.origin}${location.pathname}?${model.text}` : model.text
    text.classList.toggle("wrapped", model.query)
  }
  show()
  for (const name of ["label", "text"]) { model.on(name, show) }
  button.addEventListener("click", async () => {
    let done = "Copied"
    try {
      await navigator.clipboard.writeText(text.textContent)
    } catch {
      getSelection().selectAllChildren(text)
      done = "Selected: press Ctrl+C"
    }
    button.textContent = done
    setTimeout(() => { button.textContent = "Copy" }, 2000)
  })
  return box
}
