"use strict";
// Sets light or dark before anything is drawn, so that nothing flashes.
(() => {
  let kept = null;
  try { kept = localStorage.getItem("mk-look"); } catch { /* storage is refused */ }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = kept || (dark ? "dark" : "light");
  document.documentElement.classList.add("js");
})();
