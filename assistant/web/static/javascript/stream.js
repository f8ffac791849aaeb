// @ts-check
// What is newer elsewhere, in another tab or on another device, is shown here.

import { contentOf, fieldsIn, isChanged } from "./fields.js";
import { notice, setAside, tell } from "./notice.js";
import { post, readPage, request, resetRetry, resume, retryLater, REVISION } from "./requests.js";
import { byId, isReview, main, question, state, words } from "./state.js";
import { showPage, titleOf } from "./steps.js";

const SILENT_AFTER = 5000;
const POLL_CROWDED = 10000;

export function openStream() {
  const { live } = main().dataset;
  if (state.stream && state.streamPath === live) return;
  closeStream();
  // only a review needs it, and nothing may change there before it is here
  if (isReview() && !state.patchReview) return void import("./review.js").then(openStream, retryLater);
  if (!live || document.hidden || !window.EventSource) return;
  if (state.isCrowded) return poll(askOnce, POLL_CROWDED);
  const stream = (state.stream = new EventSource(live));
  state.streamPath = live;
  // some proxies hold a stream back until it ends; then this page asks by itself
  poll(fetchNewest, SILENT_AFTER);
  stream.onmessage = ({ data }) => {
    clearInterval(state.pollTimer);
    state.newest = data;
    resetRetry();
    if (state.unsent || state.isDraftLost) resume();
    else catchUp();
  };
  stream.addEventListener("ended", endStream);
  stream.addEventListener("crowded", () => {
    closeStream();
    state.isCrowded = true;
    poll(askOnce, POLL_CROWDED);
  });
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    endStream();
    retryLater();
  };
}

export function closeStream() {
  clearInterval(state.pollTimer);
  state.stream?.close();
  state.stream = null;
  state.newest = "";
}

function endStream() {
  closeStream();
  fetchNewest();
}

/** @param {() => unknown} ask @param {number} pause */
function poll(ask, pause) {
  clearInterval(state.pollTimer);
  state.pollTimer = setInterval(() => document.hidden || ask(), pause);
}

/** What a stream would say first. It does not prolong the session, as fetching the page might. */
async function askOnce() {
  const { live } = main().dataset;
  if (!live) return clearInterval(state.pollTimer);
  try {
    const response = await request(`${live}?once`);
    if ([401, 404].includes(response.status)) endStream();
    else if (response.ok) {
      state.newest = await response.text();
      catchUp();
    }
  } catch {} // the next time
}

/** Both numbers only ever grow. @param {string | undefined} revision @param {string | undefined} other */
function isNewer(revision, other) {
  const [numbers, others] = [revision, other].map((text = "") => text.split(".").map(Number));
  return numbers.some((number, index) => number > others[index]);
}

export function catchUp() {
  const { newest, isSending, isSavingDraft, unsent } = state;
  if (!newest || isSending || isSavingDraft || unsent) return;
  if (isNewer(newest, main().dataset.revision)) fetchNewest();
}

export async function fetchNewest() {
  const before = main();
  if (state.isFetching || state.isSending || !before.dataset.live) return;
  state.isFetching = true;
  try {
    const fetched = await readPage(request(location.href));
    if (state.isSending || state.unsent || main() !== before) return; // a step has come first
    if (fetched.status === 429 || fetched.status >= 500) return retryLater();
    const next = fetched.page.querySelector("main");
    if (fetched.ok && !isNewer(next.dataset.revision, before.dataset.revision)) return;
    // what somebody else lent is shown only as they now let it be, whatever has the focus
    if (!isInUse() || before.querySelector("[data-lent]") || isReview()) showPage(fetched, true);
    else if (!fetched.ok) {
      closeStream();
      delete before.dataset.live;
      notice(`${titleOf(next)}. ${words.stays}`);
    } else if (isSameQuestion(next)) adopt(next);
    else notice(words.newer, words.showNewest, showNewest);
  } catch {
    retryLater();
  } finally {
    state.isFetching = false;
  }
}

/** Whether replacing the page would disturb somebody. */
function isInUse() {
  const active = document.activeElement;
  return (
    !!byId("trouble") || // a page that gave something back: it is stored nowhere
    fieldsIn(main()).some(isChanged) ||
    (main().contains(active) && active?.matches("input, textarea, select, button, summary, a"))
  );
}

/** The same question with the same answer: typing may go on. @param {HTMLElement} next */
function isSameQuestion(next) {
  const [mine, theirs] = [question(), question(next)];
  if (!mine || !theirs || mine.dataset.state !== theirs.dataset.state) return false;
  const untouched = byId("trouble") ? null : contentOf(mine, false);
  return [contentOf(mine), untouched, state.lastDraft].includes(contentOf(theirs));
}

/** Go on with the question that is shown, at the newest revision. @param {HTMLElement} next */
function adopt(next) {
  const [mine, theirs] = [question(), question(next)];
  if (!mine || !theirs) return;
  mine.elements.turn.value = theirs.elements.turn.value;
  seeRevision(mine, next.dataset.revision ?? "");
  notice();
}

/** @param {HTMLFormElement} form @param {string} revision */
export function seeRevision({ elements }, revision) {
  main().dataset.revision = revision;
  if (elements.seen) elements.seen.value = revision;
}

/** Show it although something is typed here, and save that. */
async function showNewest() {
  if (state.isSending) return;
  state.isSending = true;
  const form = question();
  const fields = [...(form?.querySelectorAll("textarea") ?? [])];
  const typed = fields.map(({ value }) => value).filter((text) => text.trim());
  try {
    const saved = form && typed.length && (await post(form, { name: "move", value: "keep:aside" }));
    const isSaved = saved && saved.headers.has(REVISION);
    showPage(await readPage(request(location.href)), true);
    byId("heading")?.focus();
    if (!isSaved) setAside(typed);
    else if (question()?.dataset.state !== form.dataset.state) tell(words.asideKept);
  } catch {
    tell(words.offline);
  } finally {
    state.isSending = false;
    catchUp();
  }
}
