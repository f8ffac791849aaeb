// @ts-check
// One entry in the browser's history for each question: Back and Forward lead to that question.

import { byId, main, state } from "./state.js";
import { send } from "./steps.js";

export const currentAddress = () => location.pathname + location.search;

/** The question on the page, or the end of the questions. @returns {string | null} */
export function currentQuestion() {
  if (byId("change") && byId("continue")) return "end";
  return byId("reply")?.dataset.state ?? null;
}

/** To the question that Back or Forward asked for. What is typed is saved, as by any other move. */
export function travel() {
  const name = state.travelTo;
  state.travelTo = null;
  const form = /** @type {HTMLFormElement | null} */ (byId("reply") ?? byId("change"));
  if (form && name !== currentQuestion()) send(form, { name: "move", value: `go:${name}`, isTravel: true });
}

/**
 * The answer to a form that the browser sent itself gets an address that can be opened again, so that Back leads
 * here and not to the browser's question whether to send it once more.
 */
export function makeReopenable() {
  const { posted } = main().dataset;
  if (posted === undefined) return;
  const address = posted || (document.referrer.startsWith(`${location.origin}/`) && document.referrer);
  if (address) history.replaceState({ at: currentQuestion() }, "", address);
  delete main().dataset.posted;
  state.address = currentAddress();
}

// a link within the page comes by here too, and must not take away what is typed
addEventListener("popstate", (event) => {
  if (currentAddress() !== state.address) return location.reload();
  if (!event.state?.at) return;
  state.travelTo = event.state.at;
  if (!state.isSending) travel();
});
addEventListener("submit", (event) => event.defaultPrevented || makeReopenable());
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && !link.target && !link.hash && !event.defaultPrevented) makeReopenable();
});
