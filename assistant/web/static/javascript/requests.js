// @ts-check
// Requests to the server, trying again, and the warning that it will lock this browser.

import { saveDraft, saveForms } from "./drafts.js";
import { notice, tell } from "./notice.js";
import { state, words } from "./state.js";
import { send } from "./steps.js";
import { fetchNewest, openStream } from "./stream.js";

export const REVISION = "X-Revision";
const KEEPALIVE_LIMIT = 60000;
const TIMEOUT = 20000;
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;
const WARN_BEFORE = 180;

/** @param {string} address @param {RequestInit} [options] */
export async function request(address, options) {
  const signal = AbortSignal.timeout?.(TIMEOUT);
  const response = await fetch(address, { ...options, headers: { "X-Fragment": "1" }, signal });
  scheduleLockWarning(response.headers.get("X-Locks-In"));
  return response;
}

/**
 * The same form that the browser would send, to the same address: there is no second way in.
 * @param {HTMLFormElement} form @param {Press} [press]
 */
export function post(form, press, address = form.getAttribute("action") ?? "") {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (press?.name) body.append(press.name, press.value);
  // browsers keep no more than this alive, of all that is on its way together
  const keepalive = (document.hidden || state.isUnloading) && String(body).length < KEEPALIVE_LIMIT;
  return request(address, { method: "POST", body, keepalive });
}

/**
 * One of our own pages, or it did not arrive: a proxy or a hotel's network may answer in our place.
 * @param {Promise<Response>} requested @returns {Promise<Fetched>}
 */
export async function readPage(requested) {
  const response = await requested;
  const { url, ok, status } = response;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("main > *") || new URL(url).origin !== location.origin) throw new TypeError();
  return { page, url, ok, status };
}

export const resetRetry = () => (state.retryDelay = FIRST_RETRY);

export function retryLater() {
  clearTimeout(state.retryTimer);
  state.retryTimer = setTimeout(resume, state.retryDelay);
  state.retryDelay = Math.min((state.retryDelay) * 2, LONGEST_RETRY);
}

/** Send what did not arrive, and listen again. */
export function resume() {
  if (document.hidden) return;
  if (state.unsent?.form.isConnected) send(state.unsent.form, state.unsent.press);
  else if (state.isDraftLost) saveDraft();
  if (state.isFormDraftLost) saveForms();
  openStream();
}

/**
 * A borrowed browser says so before it locks. What the script asks for does not keep it open; a press does.
 * @param {string | null} [seconds]
 */
export function scheduleLockWarning(seconds) {
  if (!seconds || !words.locking) return;
  clearTimeout(state.lockTimer);
  const warn = () => notice(words.locking, words.stay, stayOpen);
  state.lockTimer = setTimeout(warn, Math.max(0, Number(seconds) - WARN_BEFORE) * 1000);
}

async function stayOpen() {
  try {
    if (!(await request("/stay", { method: "POST", body: new URLSearchParams() })).ok) return fetchNewest();
    tell(words.stayed);
    notice(words.stayed);
  } catch {
    notice(words.offline);
  }
}
