// @ts-check
// Makes the pages quicker and keeps them fresh. Without the script everything works, a page at a time.

import { saveDraft, saveForms } from "./drafts.js";
import { contentOf } from "./fields.js";
import { currentAddress, currentQuestion, makeReopenable } from "./history.js";
import { submit } from "./leave.js";
import { resume, scheduleLockWarning } from "./requests.js";
import { byId, main, question, state, words } from "./state.js";
import { preparePage } from "./steps.js";
import { closeStream } from "./stream.js";

document.addEventListener("visibilitychange", () => {
  state.isCrowded = false;
  if (!document.hidden) return resume();
  closeStream();
  state.reading?.click();
  saveForms();
  const form = question();
  if (form && ![contentOf(form, false), state.lastDraft].includes(contentOf(form))) saveDraft();
});
addEventListener("online", resume);
addEventListener("pageshow", ({ persisted }) => {
  state.browserSends = null;
  if (persisted) state.isLeaving ? location.reload() : resume();
});
addEventListener("pagehide", () => {
  closeStream();
  state.reading?.click();
});
addEventListener("beforeunload", (event) => {
  if (state.isLeaving) return;
  // sent now, it is there when the next page is made
  state.isUnloading = true;
  saveForms();
  state.isUnloading = false;
  if (state.unsent || state.isDraftLost || state.isFormDraftLost) event.preventDefault();
});

/**
 * A link leads here with its secret behind #. The server never sees that part, so put it in the field, take it
 * out of the address and the history, and send it on as the form would.
 */
function takeLink() {
  const form = document.querySelector("form[data-takes-link]");
  if (!form || location.hash.length < 20) return;
  form.elements.link.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  submit(form);
}

// a page that stays open says when somebody is about to be signed out; its own text said the time
const warning = document.querySelector("[data-warn-in]");
if (warning) setTimeout(() => (warning.hidden = false), Number(warning.dataset.warnIn) * 1000);

state.address = currentAddress();
scheduleLockWarning(words.locksIn);
byId("trouble")?.focus();
// a page with text on it is stored nowhere else, so there this waits until it is left
if (![...main().querySelectorAll("textarea")].some((field) => field.value.trim())) makeReopenable();
if (main().dataset.posted === undefined) history.replaceState({ at: currentQuestion() }, "");
preparePage();
takeLink();
// a link pasted into the address of the page it leads to loads nothing anew
addEventListener("hashchange", takeLink);
