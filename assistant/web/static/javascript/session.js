// @ts-check
// Says when a session is about to end.

import { notice, tell } from "./notice.js";
import { request } from "./requests.js";
import { state, words } from "./state.js";
import { fetchNewest } from "./stream.js";

const WARN_BEFORE = 180;

/** A page that stays open says when somebody is about to be signed out; its own text said the time. */
export function warnBeforeSigningOut() {
  const warning = document.querySelector("[data-warn-in]");
  if (warning) setTimeout(() => (warning.hidden = false), Number(warning.dataset.warnIn) * 1000);
}

/**
 * A borrowed browser says so before it locks. What the script asks for by itself does not keep it open; a press does.
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
