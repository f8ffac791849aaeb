// @ts-check
// Reads the question aloud, by a voice that is in this device and speaks the page's language: nothing is sent
// anywhere, and nynorsk is not read as if it were bokmål.

import { button } from "./notice.js";
import { question, state, words } from "./state.js";

const { speechSynthesis } = window;

function findVoice() {
  const lang = document.documentElement.lang.toLowerCase();
  const tagOf = (/** @type {SpeechSynthesisVoice} */ voice) => voice.lang.replace("_", "-").toLowerCase();
  const isOf = (/** @type {string} */ tag, /** @type {string} */ spoken) => tag.split("-")[0] === spoken;
  const voices = (speechSynthesis?.getVoices() ?? []).filter((voice) => {
    const tag = tagOf(voice);
    return voice.localService && (isOf(tag, lang.split("-")[0]) || (isOf(lang, "nb") && isOf(tag, "no")));
  });
  return voices.find((voice) => tagOf(voice) === lang) ?? voices[0];
}

export function offerReading() {
  const heading = document.querySelector("#reply h1");
  if (!heading || !findVoice() || document.querySelector(".aloud")) return;
  const toggle = () => (state.reading ? stopReading() : readAloud(made));
  const made = button(words.aloud, toggle, "quiet aloud no-print");
  (heading.closest("legend") ?? heading).after(made);
}

/** @param {HTMLElement} pressed */
function readAloud(pressed) {
  const form = question();
  if (!form) return;
  const asked = form.querySelectorAll("[data-read], h1");
  const offered = [...form.querySelectorAll("legend, .option span")].filter((part) => !part.querySelector("h1"));
  const voice = findVoice();
  speechSynthesis.cancel();
  state.reading = pressed;
  pressed.textContent = words.hush;
  const parts = [...asked, ...offered].map(({ textContent }) =>
    Object.assign(new SpeechSynthesisUtterance(textContent?.trim()), { voice, lang: voice.lang }),
  );
  parts[parts.length - 1].onend = () => state.reading === pressed && stopReading();
  for (const part of parts) speechSynthesis.speak(part);
}

function stopReading() {
  if (!state.reading) return;
  state.reading.textContent = words.aloud;
  state.reading = null;
  speechSynthesis.cancel();
}

if (speechSynthesis) speechSynthesis.onvoiceschanged = offerReading;
