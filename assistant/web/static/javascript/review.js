// @ts-check
// Updates a review.

import {
  closeStream, contentOf, idOf, isChanged, notice, openStream, setAside, typedIn
} from "./conversation.js";
import { byId, main, state } from "./main.js";

state.patchReview = (next, isAccepted) => {
  const ids = [...document.querySelectorAll("#heading, main [id]:focus-within")].map(idOf).reverse();
  const { sending } = state;
  const sent = sending && contentOf(sending) === state.content ? sending : null;
  const place = idOf(sent?.closest("article, section"));
  if (sent) {
    byId("trouble")?.remove();
    delete sent.dataset.kept;
  }
  if (sent && isAccepted) {
    notice();
    for (const part of document.querySelectorAll("details:not(.chapter)")) {
      if (!part.contains(sent)) continue;
      part.removeAttribute("data-now");
      if (part.matches(":focus-within")) part.querySelector("summary")?.focus({ preventScroll: true });
      part.removeAttribute("open");
    }
  }
  state.sent = sent;
  state.removed = [];
  patch(main(), next);
  setAside(state.removed.filter((text) => !isShown(text)));
  for (const { value, parentElement } of document.querySelectorAll("body > .aside textarea")) {
    if (isShown(value)) parentElement?.remove();
  }
  if (!main().dataset.live) closeStream();
  if (sent && !isAccepted) {
    for (const { id } of next.querySelectorAll("details[open]")) byId(id)?.setAttribute("open", "");
    (byId(idOf(sent)) ?? document.querySelector("#proposing")).dataset.kept = "yes";
    return byId("trouble")?.focus();
  }
  for (const id of ids) {
    const part = byId(id);
    if (ids.length < 2 || main().matches(":focus-within")) break;
    if (!part?.matches("article, section, #heading")) continue;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }
  byId(place)?.scrollIntoView({ block: "nearest" });
};

function isShown(text = "") {
  const fields = [...main().querySelectorAll(".aside textarea")];
  const field = fields.find(({ value }) => value && text.startsWith(value));
  if (field) field.value = text;
  return !!field;
}

/** @param {Node} part */
const isHeld = (part) =>
  part instanceof HTMLFormElement &&
  part !== state.sent &&
  (part.dataset.kept || isChanged(part) || part.querySelector(":is(input, textarea, select):focus")) &&
  part.toggleAttribute("data-held", true);

/** @param {Node} part */
const isTrouble = (part) => idOf(part) === "trouble" && document.querySelector("[data-kept]");

/** @param {Node} mine @param {Node} theirs */
function patch(mine, theirs) {
  if (!(mine instanceof Element && theirs instanceof Element)) {
    mine.nodeValue = theirs.nodeValue;
    return;
  }
  for (const { name } of [...mine.attributes, ...theirs.attributes]) {
    const value = theirs.getAttribute(name);
    if (["open", "tabindex", "data-page"].includes(name)) continue;
    value === null ? mine.removeAttribute(name) : mine.setAttribute(name, value);
  }
  const children = [...mine.childNodes];
  let last = 0;
  const nodes = [...theirs.childNodes].map((child) => {
    const id = idOf(child);
    const at = children.findIndex(
      (each, index) => (id || index >= last) && idOf(each) === id && each.nodeName === child.nodeName,
    );
    if (at < 0) return child;
    last = Math.max(last, at + 1);
    if (!isHeld(children[at])) patch(children[at], child);
    return children[at];
  });
  for (const old of children) {
    if (nodes.includes(old) || isTrouble(old)) continue;
    if (old instanceof HTMLElement) state.removed?.push(...typedIn(old));
    old.remove();
  }
  let place = mine.firstChild;
  for (const node of nodes) {
    while (place && isTrouble(place)) place = place.nextSibling;
    if (node === place) place = place.nextSibling;
    else mine.insertBefore(node, place);
  }
  if (mine instanceof HTMLFormElement) {
    mine.reset();
    state.saved.delete(mine);
  }
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!target.closest("[data-unfold]")) return;
  event.preventDefault();
  for (const part of document.querySelectorAll(".chapter")) part.setAttribute("open", "");
  document.querySelector(".chapter > summary").focus();
});
openStream();
