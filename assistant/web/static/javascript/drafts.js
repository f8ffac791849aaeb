// @ts-check
// What is typed and not yet sent is saved while it is typed.

import { checkLength, contentOf } from "./fields.js";
import { isNoticed, notice, tell } from "./notice.js";
import { post, resetRetry, retryLater, REVISION } from "./requests.js";
import { main, question, state, words } from "./state.js";
import { catchUp, fetchNewest, seeRevision } from "./stream.js";

const SAVE_AFTER = 1500;

document.addEventListener("input", (event) => {
  const field = /** @type {Field} */ (event.target);
  checkLength(field);
  const { form } = field;
  if (form?.elements.draft) {
    clearTimeout(state.formTimer);
    state.formTimer = setTimeout(saveForms, SAVE_AFTER);
  }
  if (!form || form !== question()) return;
  if (state.unsent) {
    state.unsent = null; // it is being changed: no longer what the button was pressed for
    tell(words.offline);
  }
  if (isNoticed(words.saved)) notice();
  saveLater();
});

function saveLater() {
  clearTimeout(state.draftTimer);
  state.draftTimer = setTimeout(saveDraft, SAVE_AFTER);
}

/** Save what is typed in the question. */
export async function saveDraft() {
  const form = question();
  if (!form || state.isSending || state.unsent) return;
  clearTimeout(state.draftTimer);
  if (state.isSavingDraft) return saveLater();
  state.isSavingDraft = true;
  state.lastDraft = contentOf(form);
  try {
    const { headers, status } = await post(form, { name: "move", value: "keep" });
    if (form !== question()) return; // answered in the meantime
    const revision = headers.get(REVISION);
    if (revision) {
      seeRevision(form, revision);
      if (state.isDraftLost || isNoticed(words.offline)) tell(words.saved);
      state.isDraftLost = false;
      resetRetry();
    } else if ([204, 401, 404, 409].includes(status)) fetchNewest();
    else throw new TypeError();
  } catch {
    if (form !== question()) return;
    state.isDraftLost = true;
    if (!state.unsent) tell(words.unsaved);
    retryLater();
  } finally {
    state.isSavingDraft = false;
    catchUp();
  }
}

/** Any other form with something typed in it: until it is sent, that comes back in its field. */
function unsavedForms() {
  return [...main().querySelectorAll("form")].filter((form) => {
    const { draft } = form.elements;
    if (!draft || form === state.browserSends || form === state.sentForm) return false;
    return contentOf(form) !== (state.formDrafts.get(draft.value) ?? contentOf(form, false));
  });
}

export function saveForms() {
  clearTimeout(state.formTimer);
  const saving = Promise.all(unsavedForms().map(saveForm)).then(() => {
    if (state.savingForms === saving) state.savingForms = null;
  });
  return (state.savingForms = saving);
}

/** @param {HTMLFormElement} form */
async function saveForm(form) {
  const draft = form.elements.draft?.value;
  const content = contentOf(form);
  try {
    const { status } = await post(form, undefined, "/form-draft");
    if ([401, 404, 409].includes(status)) return fetchNewest();
    if (status !== 204) throw new TypeError();
    state.formDrafts.set(draft, content);
    if (state.isFormDraftLost || isNoticed(words.unsaved)) tell(words.saved);
    state.isFormDraftLost = false;
  } catch {
    state.isFormDraftLost = true;
    tell(words.unsaved);
    retryLater();
  }
}

/**
 * Another language is a page of its own, and what the browser itself sends must not arrive before its draft.
 * @param {SubmitEvent} event
 */
export function draftsFirst(event) {
  const form = event.target;
  if (!form.requestSubmit) return;
  const isLeft = form.matches(".languages") && unsavedForms().length;
  if (isLeft) saveForms();
  if (state.savingForms && (isLeft || form.elements.draft)) {
    event.preventDefault();
    state.savingForms.then(() => form.requestSubmit(event.submitter));
  } else if (form.elements.draft) state.browserSends = form;
}
