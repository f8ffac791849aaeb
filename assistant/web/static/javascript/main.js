// @ts-check
// What every page has: the way out, links, and addresses to come back to. The page names the modules it needs beside.

/** What changes. @type {State} */
export const state = { address: "", shifts: [], saved: new WeakMap(), newest: "" };

export const main = () => document.querySelector("main");
/** @param {string} [id] */
export const byId = (id = "") => document.getElementById(id);
export const currentAddress = () => location.pathname + location.search;
/** The question on the page, or the end of the questions. */
export const currentQuestion = () => document.querySelector("[data-state]")?.dataset.state;

/** What answers a form that the browser sent gets an address, so that Back leads here and does not send it again. */
function makeReopenable() {
  const { posted } = main().dataset;
  const address = posted || (document.referrer.startsWith(`${location.origin}/`) && document.referrer);
  if (posted !== undefined && address) history.replaceState({ at: currentQuestion() }, "", address);
  delete main().dataset.posted;
  state.address = currentAddress();
}

/** The secret behind # goes out of the address and the history, and on as its form would send it. */
function takeLink() {
  const form = document.querySelector("form[data-takes-link]");
  if (!form || location.hash.length < 20) return;
  form.elements.link.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}

function begin() {
  state.address = currentAddress();
  byId("trouble")?.focus();
  // a page with text on it is stored nowhere else, so there this waits until it is left
  if (![...main().querySelectorAll("textarea")].some(({ value }) => value.trim())) makeReopenable();
  if (!("posted" in main().dataset)) history.replaceState({ at: currentQuestion() }, "");
  takeLink();
  for (const { href } of document.querySelectorAll("link[rel=modulepreload]")) import(href);
}

addEventListener("hashchange", takeLink);
addEventListener("popstate", () => currentAddress() !== state.address && location.reload());
addEventListener("pageshow", ({ persisted }) => persisted && state.isLeaving && location.reload());
addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target === document.querySelector("#leave")) state.isLeaving = document.body.hidden = true;
  if (!defaultPrevented) makeReopenable();
});
addEventListener("click", ({ target, defaultPrevented }) => {
  const link = target.closest("a[href]");
  if (link && !link.target && !link.hash && !defaultPrevented) makeReopenable();
});

// Shift three times within five seconds, with nothing else in between, leaves at once
addEventListener("pointerdown", () => (state.shifts = []));
addEventListener("keydown", ({ key, repeat, timeStamp }) => {
  if (key !== "Shift") state.shifts = [];
  else if (!repeat) state.shifts = [...state.shifts, timeStamp].slice(-3);
});
addEventListener("keyup", ({ key, timeStamp }) => {
  const [first, , third] = state.shifts;
  if (key === "Shift" && third && timeStamp - first < 5000) document.querySelector("#leave").requestSubmit();
});

// where Back or Forward came before this script, the page is another than its address; once, as browsers may differ
const [loaded] = performance.getEntriesByType("navigation");
const { pathname, search } = new URL(loaded?.name ?? location.href);
if (pathname + search === currentAddress() || history.state?.isReloaded) begin();
else {
  history.replaceState({ isReloaded: true }, "");
  location.reload();
}
