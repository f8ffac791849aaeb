// @ts-check
// Leaves the page at once when Shift is pressed three times with nothing else in between.

import { byId, state } from "./state.js";

const WITHIN = 5000;

/** As if its button were pressed. @param {HTMLFormElement | null} form */
export const submit = (form) => (form?.requestSubmit ? form.requestSubmit() : form?.submit());

addEventListener("keydown", ({ key, repeat }) => {
  if (key === "Shift" && repeat) return;
  state.isShiftAlone = key === "Shift";
  if (!state.isShiftAlone) state.shifts = [];
});
addEventListener("pointerdown", () => (state.isShiftAlone = false));
addEventListener("keyup", ({ key, timeStamp }) => {
  if (key !== "Shift" || !state.isShiftAlone) return;
  state.shifts = [...state.shifts.filter((time) => timeStamp - time < WITHIN), timeStamp];
  if (state.shifts.length >= 3) submit(/** @type {HTMLFormElement | null} */ (byId("leave")));
});
