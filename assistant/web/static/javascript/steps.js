// @ts-check
// A step replaces only what changes. What was typed is sent when the connection is back.

import { draftsFirst } from "./drafts.js";
import { contentOf } from "./fields.js";
import { travel } from "./history.js";
import { tell } from "./notice.js";
import { showPage } from "./page.js";
import { post, readPage, resetRetry, retryLater } from "./requests.js";
import { byId, idOf, state, words } from "./state.js";
import { catchUp } from "./stream.js";

const STEPS = ["reply", "whole", "continue", "change", "again"];

/** @param {HTMLFormElement} form */
export const isStep = (form) => STEPS.includes(idOf(form)) || "step" in form.dataset;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (idOf(form) === "leave") {
    state.isLeaving = document.body.hidden = true;
    return;
  }
  if (!isStep(form)) return draftsFirst(event);
  // a browser too old to say which button was pressed sends the form itself
  if (!("submitter" in event)) return;
  const press = /** @type {HTMLButtonElement | null} */ (event.submitter);
  // these lead to a place within a page, and only the browser sees which
  if (/^(view|more):/.test(press?.value ?? "")) {
    state.isDraftLost = false;
    return;
  }
  event.preventDefault();
  send(form, press ?? undefined);
});

/** @param {HTMLFormElement} form @param {Press} [press] */
export async function send(form, press) {
  if (state.isSending) {
    // in a review the next thing is pressed soon
    if ("step" in form.dataset && form !== state.sentForm) state.nextPress = { id: idOf(form), value: press?.value };
    return;
  }
  state.isSending = true;
  state.unsent = null;
  state.sentForm = form;
  const content = (state.sentContent = contentOf(form));
  clearTimeout(state.draftTimer);
  form.setAttribute("aria-busy", "true");
  const draft = form.elements.draft?.value;
  try {
    await state.savingForms; // a draft that arrives after the form would be there again
    const fetched = await readPage(post(form, press));
    // the server keeps what it refused, as it was sent
    if (fetched.ok) state.formDrafts.delete(draft);
    else state.formDrafts.set(draft, content);
    showPage(fetched, false, press?.isTravel);
    resetRetry();
  } catch {
    // again later, under the same request id: if it did arrive, it is still one turn
    state.unsent = { form, press };
    tell(words.waiting);
    retryLater();
  } finally {
    form.removeAttribute("aria-busy");
    state.isSending = false;
    state.sentForm = null;
    goOn();
  }
}

/** To what was asked for in the meantime. */
function goOn() {
  const { nextPress, unsent } = state;
  if (!unsent && state.travelTo) return travel();
  if (unsent || !nextPress) return catchUp();
  state.nextPress = null;
  const form = /** @type {HTMLFormElement | null} */ (byId(nextPress.id));
  const buttons = /** @type {HTMLButtonElement[]} */ ([...(form?.elements ?? [])]);
  const press = buttons.find(({ type, value }) => type === "submit" && value === nextPress.value);
  if (form && press) send(form, press);
  else catchUp();
}
