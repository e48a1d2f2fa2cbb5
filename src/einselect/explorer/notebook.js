// The libraries of the panels, packed: unpacked and run where the page does not have them yet.
(async () => {
  if (window.Bokeh?.Panel && window.Plotly) { return }
  const bytes = Uint8Array.from(atob("PACKED"), (c) => c.charCodeAt(0))
  const script = document.createElement("script")
  script.textContent = await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text()
  document.head.append(script)
  script.remove()
})()
