// @ts-check
// Two people write in a review at once. What somebody is typing stays as it is, in the same field with the same
// focus; what is the same stays too, so that nothing jumps; everything else becomes as it is now.

import { contentOf, fieldsIn, isChanged, typedIn } from "./fields.js";
import { notice, setAside } from "./notice.js";
import { byId, idOf, main, state } from "./state.js";
import { closeStream } from "./stream.js";

/** @param {HTMLElement} next */
function patchReview(next, isAccepted = true) {
  const path = focusPath();
  const { sentForm } = state;
  // it was written on in while it was being sent
  const sent = sentForm && contentOf(sentForm) === state.sentContent ? sentForm : (state.sentForm = null);
  const around = idOf(sent?.closest("article, section"));
  if (sent) {
    byId("trouble")?.remove();
    sent.removeAttribute("data-kept");
    if (isAccepted) {
      notice();
      fold(sent);
    } else {
      for (const { id } of next.querySelectorAll("details[id][open]")) byId(id)?.setAttribute("open", "");
    }
  }
  /** @type {string[]} */
  const removed = [];
  patch(main(), next, removed);
  state.sentForm = null;
  if (!main().dataset.live) closeStream();
  setAside(removed);
  if (!sent || isAccepted) {
    restoreFocus(path);
    // a form that folds draws the page up: what it led to stays in view
    if (sent) byId(around)?.scrollIntoView({ block: "nearest" });
    return;
  }
  // what was given back is stored nowhere else
  (byId(idOf(sent)) ?? byId("proposing"))?.setAttribute("data-kept", "");
  byId("trouble")?.focus();
}

/** What was sent from in here is done. A chapter stays open: somebody is reading it. @param {Element} form */
function fold(form) {
  const around = "details:not(.chapter)";
  for (let part = form.closest(around); part; part = part.parentElement?.closest(around) ?? null) part.open = false;
}

/** What it holds was not sent or was refused, or somebody is in it right now. @param {Element} part */
function isHeld(part) {
  return fieldsIn(part).some((field) => {
    const { form } = field;
    if (state.sentForm && form === state.sentForm) return false;
    return field === document.activeElement || form?.hasAttribute("data-kept") || isChanged(field);
  });
}

/** The message about what was given back stays as long as that does. @param {Node | null} node */
const isTrouble = (node) => idOf(node) === "trouble" && !!document.querySelector("[data-kept]");

/**
 * Make the first element like the second, part by part.
 * @param {Element} mine @param {Element} theirs @param {string[]} removed what was typed in parts that are gone
 */
function patch(mine, theirs, removed) {
  const isMine = (/** @type {Attr} */ { name }) => ["open", "tabindex"].includes(name);
  for (const attribute of [...mine.attributes]) {
    if (!isMine(attribute) && !theirs.hasAttribute(attribute.name)) mine.removeAttribute(attribute.name);
  }
  for (const attribute of theirs.attributes) {
    if (!isMine(attribute)) mine.setAttribute(attribute.name, attribute.value);
  }
  const byIds = (/** @type {Element} */ { children }) => new Map([...children].map((child) => [idOf(child), child]));
  const [parts, wanted] = [mine, theirs].map(byIds);
  wanted.delete("");
  /** @type {ChildNode | null} */
  let place = mine.firstChild;
  const removeHere = () => {
    const old = /** @type {Element} */ (place);
    place = old.nextSibling;
    if (isTrouble(old)) return;
    // what somebody took back goes, also from above what is being typed to it; what is typed does not
    if (idOf(old)) removed.push(...typedIn(old));
    old.remove();
  };
  for (const node of [...theirs.childNodes]) {
    const child = /** @type {Element} */ (node);
    const id = idOf(child);
    while (isTrouble(place)) place = /** @type {ChildNode} */ (place).nextSibling;
    if (id) while (place && !wanted.has(idOf(place))) removeHere();
    const same = /** @type {Element | null | undefined} */ (id ? parts.get(id) : place);
    if (same && canStay(same, child)) {
      if (same === place) place = same.nextSibling;
      else mine.insertBefore(same, place);
      if (id && !same.matches("form, textarea")) patch(same, child, removed);
    } else {
      mine.insertBefore(child, place);
      if (!id) continue;
      if (same === place) place = same?.nextSibling ?? null;
      same?.remove();
    }
  }
  while (place) removeHere();
}

/**
 * A part with an id is patched inside; a form that nobody is in is replaced as a whole.
 * @param {Element} mine @param {Element} theirs
 */
function canStay(mine, theirs) {
  if (!idOf(theirs)) return mine.isEqualNode(theirs);
  if (!mine.matches("form, textarea")) return mine.localName === theirs.localName;
  return isHeld(mine) || (mine !== state.sentForm && mine.isEqualNode(theirs));
}

/** @returns {FocusPath | null} */
function focusPath() {
  const active = /** @type {Field | null} */ (document.activeElement);
  /** @type {string[]} */
  const ids = [];
  const around = "main [id]";
  for (let part = active?.closest(around); part; part = part.parentElement?.closest(around)) ids.push(idOf(part));
  if (!active || !ids.length) return null;
  const { localName: tag, value } = active;
  return { ids, tag, value, index: [...(byId(ids[0])?.querySelectorAll(tag) ?? [])].indexOf(active) };
}

/** @param {FocusPath | null} path */
function restoreFocus(path) {
  const focus = (/** @type {Element | null | undefined} */ element) =>
    /** @type {HTMLElement | null | undefined} */ (element)?.focus({ preventScroll: true });
  const isDone = () => main().contains(document.activeElement);
  if (!path || isDone()) return;
  const innermost = byId(path.ids[0]);
  const alike = /** @type {Field[]} */ ([...(innermost?.querySelectorAll(path.tag) ?? [])]);
  focus(alike.find(({ value }) => value && value === path.value) ?? alike[path.index] ?? innermost);
  for (const id of [...path.ids, "heading"]) {
    if (isDone()) return;
    // never another button: what it does is not what was meant
    const part = byId(id);
    const folded = part?.closest("details:not([open])");
    if (folded) focus(folded.querySelector("summary"));
    else if (part?.matches("article, section, #heading")) {
      part.tabIndex = -1;
      focus(part);
    }
  }
}

// all of it is unfolded without leaving the page: what is typed on it stays
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unfold]")) return;
  event.preventDefault();
  for (const chapter of document.querySelectorAll("details.chapter")) chapter.open = true;
  /** @type {HTMLElement | null} */ (document.querySelector("details.chapter > summary"))?.focus();
});

state.patchReview = patchReview;
