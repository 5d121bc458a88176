// Closes the filters on phones, where they would push the dates far down. Without this script they stay open.
const filters = document.querySelector("details.app-filter");
const narrow = window.matchMedia("(max-width: 48em)");

function fit() {
  filters.open = !narrow.matches;
}

if (filters) {
  narrow.addEventListener("change", fit);
  fit();
}
