// @ts-check
// A step replaces only what changes. What was typed is sent when the connection is back.

import { draftsFirst } from "./drafts.js";
import { contentOf, typedIn } from "./fields.js";
import { currentAddress, currentQuestion, travel } from "./history.js";
import { button, notice, setAside, tell } from "./notice.js";
import { post, readPage, resetRetry, retryLater } from "./requests.js";
import { byId, idOf, isReview, main, state, words } from "./state.js";
import { catchUp, openStream } from "./stream.js";

const STEPS = ["reply", "whole", "continue", "change", "again"];

/** @param {HTMLFormElement} form */
const isStep = (form) => STEPS.includes(idOf(form)) || "step" in form.dataset;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (idOf(form) === "leave") {
    state.isLeaving = document.body.hidden = true;
    return;
  }
  if (!isStep(form)) return draftsFirst(event);
  // a browser too old to say which button was pressed sends the form itself; so does a review without its module
  if (!("submitter" in event) || (isReview() && !state.patchReview)) return;
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
    const isNext = "step" in form.dataset && form !== state.sentForm;
    if (isNext) state.nextPress = { id: idOf(form), value: press?.value };
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

/** @param {Fetched} fetched */
export function showPage({ page, url, ok }, isQuiet = false, isTravel = false) {
  const next = page.querySelector("main");
  const before = currentQuestion();
  if (state.patchReview && isReview() && isReview(next)) {
    document.title = page.title;
    return state.patchReview(next, ok);
  }
  // what was refused stays where it is, unless the page that says so gives it back
  if (!ok && !isQuiet && !next.querySelector("form, textarea")) return tell(titleOf(next));
  state.reading?.click();
  notice();
  // what was being typed when the other side took it back stays readable here, and nowhere else
  if (isReview()) {
    const givenBack = [...next.querySelectorAll("textarea")].map((field) => field.value);
    setAside(typedIn(main()).filter((text) => !givenBack.includes(text)));
  }
  const hadFocus = main().contains(document.activeElement);
  document.title = page.title;
  main().replaceWith(next);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  state.lastDraft = null;
  state.isDraftLost = false;
  // what a refusal was posted to may have no page of its own
  const address = new URL(ok ? url : next.dataset.posted || currentAddress(), location.href);
  const at = currentQuestion();
  const isElsewhere = address.pathname + address.search !== currentAddress();
  const isNext = before && at !== before && !isQuiet && !isTravel;
  if (isElsewhere || isNext) history.pushState({ at }, "", address);
  else history.replaceState({ at }, "");
  state.address = currentAddress();
  // the rest of the page speaks the language it was loaded in
  if (next.dataset.lang !== document.documentElement.lang) return location.reload();
  if (!isQuiet) scrollTo(0, 0);
  preparePage();
  if (isQuiet && !hadFocus) return;
  const saved = byId("saved");
  saved?.scrollIntoView({ block: "center" });
  (byId("trouble") ?? saved ?? byId("heading"))?.focus({ preventScroll: true });
}

/** @param {HTMLElement} page */
export const titleOf = (page) => page.querySelector("h1")?.textContent ?? "";

/** What each new page needs. */
export function preparePage() {
  const link = document.querySelector("[data-copy]");
  if (link && navigator.clipboard) {
    const copy = button(link.dataset.copy ?? "", async () => {
      await navigator.clipboard.writeText(link.value);
      copy.textContent = link.dataset.copied ?? "";
    });
    link.after(copy);
  }
  // only a question can be read aloud
  if (document.querySelector("#reply h1")) import("./speech.js").then(({ offerReading }) => offerReading(), () => {});
  openStream();
  // the time it says was right when the page came; here the warning tells
  for (const element of document.querySelectorAll("[data-locks]")) element.hidden = true;
}
