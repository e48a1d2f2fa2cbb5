// A button that asks for a file and hands it to the browser's downloads.
export function render({model}) {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = model.label
  button.addEventListener("click", () => model.send_msg("save"))
  model.on("msg:custom", ({name, content}) => {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0))
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([bytes]))
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60000)
  })
  return button
}
