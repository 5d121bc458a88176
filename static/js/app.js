// The one script of every page. Everything works without it; it adds the menu button on phones, the focus that goes to
// an error summary, character counts, "show password" and the weekday of a typed date.
const frontend = document.querySelector('meta[name="app-frontend"]')?.content;

function weekdayOf(group) {
  const [day, month, year] = ["_day", "_month", "_year"].map((end) =>
    group.querySelector(`input[name$="${end}"]`)?.value.trim(),
  );
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return "";
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return "";
  return date.toLocaleDateString("en-GB", {
    weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}

function echoWeekdays() {
  for (const group of document.querySelectorAll(".govuk-date-input")) {
    const echo = document.createElement("p");
    echo.className = "app-echo";
    echo.setAttribute("role", "status");
    group.after(echo);
    const show = () => { echo.textContent = weekdayOf(group); };
    group.addEventListener("change", show);
    show();
  }
}

function printButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

echoWeekdays();
printButtons();

if (frontend) {
  import(frontend)
    .then((module) => {
      document.body.classList.add("js-enabled", "govuk-frontend-supported");
      module.initAll();
    })
    .catch(() => {}); // without the library the page stays as the server sent it
}
