// The register: each tap is saved at once, and kept in the browser until the server has it. Without this script the page
// is one form with "Save register".
const form = document.getElementById("register");
const status = form?.querySelector('[role="status"]');
const key = `register:${location.pathname}`;
const RETRY_AFTER = [2000, 5000, 10000, 30000];
let sending = false;
let failures = 0;
let timer = 0;
let signedOut = false;

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {};
  }
}

function keep(taps) {
  try {
    if (Object.keys(taps).length) localStorage.setItem(key, JSON.stringify(taps));
    else localStorage.removeItem(key);
  } catch { /* storage is switched off: a tap then lives as long as the page */ }
}

function rowOf(reference) {
  return form.querySelector(`input[name="mark-${CSS.escape(reference)}"]`)?.closest("li");
}

function read(reference) {
  const row = rowOf(reference);
  return {
    mark: row.querySelector('input[type="radio"]:checked')?.value || "",
    minutes: row.querySelector(`[name="minutes-${CSS.escape(reference)}"]`).value.trim(),
    refused: row.querySelector(`[name="refused-${CSS.escape(reference)}"]`).checked ? "on" : "",
  };
}

function show(reference, tap) {
  const row = rowOf(reference);
  if (!row) return;
  const choice = row.querySelector(`input[type="radio"][value="${CSS.escape(tap.mark)}"]`);
  if (choice) choice.checked = true;
  row.querySelector(`[name="minutes-${CSS.escape(reference)}"]`).value = tap.minutes;
  row.querySelector(`[name="refused-${CSS.escape(reference)}"]`).checked = tap.refused === "on";
}

function say(bold, text) {
  const strong = document.createElement("strong");
  strong.textContent = bold;
  status.replaceChildren(strong, ` ${text}`);
}

function countMarked() {
  const rows = [...form.querySelectorAll(".app-register > li")];
  return `${rows.filter((row) => row.querySelector('input[type="radio"]:checked')).length} of ${rows.length} marked.`;
}

function sayWaiting() {
  const number = Object.keys(waiting()).length;
  if (number) say(countMarked(), `Not saved yet, ${number} waiting${signedOut ? ". Sign in again to save them" : ""}`);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(send, RETRY_AFTER[Math.min(failures, RETRY_AFTER.length - 1)]);
  failures += 1;
  sayWaiting();
}

function settled(reference, sent, answer) {
  const taps = waiting();
  if (JSON.stringify(taps[reference]) === JSON.stringify(sent)) {
    delete taps[reference];
    keep(taps);
    const seen = rowOf(reference)?.querySelector(`[name="seen-${CSS.escape(reference)}"]`);
    if (seen && answer.seen !== undefined) seen.value = answer.seen;
  }
}

async function post(reference, tap) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
  body.set("booking", reference);
  for (const [name, value] of Object.entries(tap)) body.set(name, value);
  const answer = await fetch(form.dataset.markUrl, { method: "POST", body, redirect: "manual" });
  signedOut = answer.type === "opaqueredirect";
  if (answer.ok) return { saved: await answer.json() };
  if (answer.status === 409) return { refused: (await answer.json()).message };
  throw new Error(String(answer.status));
}

async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let [next] = Object.entries(waiting()); next; [next] = Object.entries(waiting())) {
      const [reference, tap] = next;
      const { saved, refused } = await post(reference, tap);
      settled(reference, tap, saved || {});
      failures = 0;
      if (refused) say("Not saved.", refused);
      else say(`${saved.marked} of ${saved.total} marked.`, saved.saved);
    }
  } catch {
    later();
  } finally {
    sending = false;
  }
}

function changed(event) {
  const [, reference] = event.target.name?.match(/^(?:mark|minutes|refused)-(.+)$/) || [];
  if (!reference) return;
  const tap = read(reference);
  if (!tap.mark) return;
  keep({ ...waiting(), [reference]: tap });
  sayWaiting();
  send();
}

if (form && status) {
  for (const [reference, tap] of Object.entries(waiting())) {
    if (rowOf(reference)) show(reference, tap);
  }
  form.addEventListener("change", changed);
  window.addEventListener("online", send);
  send();
}
