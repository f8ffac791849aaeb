// @ts-check
// Shows a page that was fetched in place of this one.

import { contentOf, fieldsIn, isChanged, typedIn } from "./fields.js";
import { currentAddress, currentQuestion } from "./history.js";
import { button, notice, setAside, tell } from "./notice.js";
import { patchReview } from "./review.js";
import { offerReading, stopReading } from "./speech.js";
import { byId, isReview, main, question, state } from "./state.js";
import { openStream } from "./stream.js";

/** @param {Fetched} fetched */
export function showPage({ page, url, ok }, isQuiet = false, isTravel = false) {
  const next = page.querySelector("main");
  const before = currentQuestion();
  if (isReview() && isReview(next)) {
    document.title = page.title;
    return patchReview(next, ok);
  }
  // what was refused stays where it is, unless the page that says so gives it back
  if (!ok && !isQuiet && !next.querySelector("form, textarea")) return tell(titleOf(next));
  stopReading();
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
  if (isElsewhere || (at !== before && before && !isQuiet && !isTravel)) history.pushState({ at }, "", address);
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
  offerReading();
  openStream();
  // the time it says was right when the page came; here the warning tells
  for (const element of document.querySelectorAll("[data-locks]")) element.hidden = true;
}

/** Whether replacing the page would disturb somebody. */
export function isInUse() {
  const active = document.activeElement;
  return (
    !!byId("trouble") || // a page that gave something back: it is stored nowhere
    fieldsIn(main()).some(isChanged) ||
    (main().contains(active) && active?.matches("input, textarea, select, button, summary, a"))
  );
}

/** The same question with the same answer: typing may go on as if nothing had happened. @param {HTMLElement} next */
export function isSameQuestion(next) {
  const [mine, theirs] = [question(), question(next)];
  if (!mine || !theirs || mine.dataset.state !== theirs.dataset.state) return false;
  const untouched = byId("trouble") ? null : contentOf(mine, false);
  return [contentOf(mine), untouched, state.lastDraft].includes(contentOf(theirs));
}
