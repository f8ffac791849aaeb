// @ts-check
// Every page. `types.d.ts` says why.

/** @type {State} */
export const state = { address: "", shifts: [], saved: new WeakMap(), newest: "" };

export const main = () => document.querySelector("main");
export const byId = (id = "") => document.getElementById(id);
export const pathOf = (address = location.href) => {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
};
export const currentQuestion = () => document.querySelector("[data-state]")?.dataset.state;

/** So that Back leads here and does not send the form again. */
function makeReopenable() {
  const { posted } = main().dataset;
  const address = posted || document.referrer;
  if (posted !== undefined && address) history.replaceState({ at: currentQuestion() }, "", address);
  delete main().dataset.posted;
  state.address = pathOf();
}

function takeLink() {
  const form = document.querySelector("form[data-takes-link]");
  if (!form || location.hash.length < 20) return;
  form.elements.link.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}

addEventListener("hashchange", takeLink);
addEventListener("popstate", () => pathOf() !== state.address && location.reload());
addEventListener("pageshow", ({ persisted }) => persisted && state.isLeaving && location.reload());
addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target === document.querySelector("#leave")) state.isLeaving = document.body.hidden = true;
  if (!defaultPrevented) makeReopenable();
});
addEventListener("click", ({ target, defaultPrevented }) => {
  const link = target.closest("a[href]");
  if (link && !link.target && !link.hash && !defaultPrevented) makeReopenable();
});

addEventListener("pointerdown", () => (state.shifts = []));
addEventListener("keydown", ({ key, repeat, timeStamp }) => {
  if (key !== "Shift") state.shifts = [];
  else if (!repeat) state.shifts = [...state.shifts, timeStamp].slice(-3);
});
addEventListener("keyup", ({ key, timeStamp }) => {
  const [first, , third] = state.shifts;
  if (key === "Shift" && third && timeStamp - first < 5000) document.querySelector("#leave").requestSubmit();
});

state.address = pathOf();
const [loaded] = performance.getEntriesByType("navigation");
if (pathOf(loaded?.name) !== state.address && !history.state?.isReloaded) {
  history.replaceState({ isReloaded: true }, "");
  location.reload();
} else {
  byId("trouble")?.focus();
  if (![...main().querySelectorAll("textarea")].some(({ value }) => value.trim())) makeReopenable();
  if (!("posted" in main().dataset)) history.replaceState({ at: currentQuestion() }, "");
  takeLink();
}
