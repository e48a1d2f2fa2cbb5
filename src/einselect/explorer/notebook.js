// The libraries of the panels, packed: unpacked and run once, where the page does not have them yet.
if (!(window.Bokeh?.Panel && window.Plotly)) {
  window.einselectLibraries ??= (async () => {
    const bytes = Uint8Array.from(atob("PACKED"), (c) => c.charCodeAt(0))
    const script = document.createElement("script")
    script.textContent = await new Response(
      new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
    ).text()
    document.head.append(script)
    script.remove()
  })()
}
