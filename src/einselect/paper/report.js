(() => {
  if (!matchMedia("(min-width: 72rem)").matches) document.querySelector("nav details").open = false;
  const bar = document.querySelector(".filter");
  const buttons = [...bar.querySelectorAll("button")];
  const search = bar.querySelector("input");
  const shown = document.querySelector("#shown");
  const claims = [...document.querySelectorAll("#claims .claim")];
  const texts = claims.map((claim) => claim.textContent.toLowerCase());
  let verdict = "";
  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    claims.forEach((claim, k) => {
      const fits = (!verdict || claim.dataset.verdict === verdict) && words.every((word) => texts[k].includes(word));
      claim.hidden = !fits;
      count += fits;
    });
    for (const part of document.querySelectorAll("#claims .part")) {
      part.hidden = !part.querySelector(".claim:not([hidden])");
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === verdict));
    shown.textContent = `${count} of ${claims.length} claims shown`;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => { verdict = button.value; update(); });
  }
  search.addEventListener("input", update);
  bar.hidden = false;
  update();
})();
