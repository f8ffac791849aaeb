// Makes the pages quicker: a step replaces only what changes, what is typed is kept while it is typed, and
// the private link is taken from the address. Without this file everything works, a page at a time.

const FRAGMENT = { "X-Fragment": "1" };
const DRAFT_AFTER = 1500;

let sending = false;
let drafting = 0;
let shown = place();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!["reply", "continue", "change", "again"].includes(form.id)) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.id !== "reply") return;
  clearTimeout(drafting);
  drafting = setTimeout(() => keep(form), DRAFT_AFTER);
});

// Going back shows where one stands. A link within the page comes by here too, and must not take what is typed.
window.addEventListener("popstate", () => {
  if (place() !== shown) location.reload();
});

async function send(form, button) {
  if (sending) return;
  sending = true;
  clearTimeout(drafting);
  form.setAttribute("aria-busy", "true");
  try {
    const response = await post(form, button?.name ? [[button.name, button.value]] : []);
    if (new URL(response.url).origin !== location.origin) throw new TypeError("another site answered");
    show(await response.text(), response);
  } catch {
    form.removeAttribute("aria-busy");
    tell(document.body.dataset.offline);
  } finally {
    sending = false;
  }
}

// The same form the browser would send, to the same address: there is no second way in.
function post(form, more) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of more) body.append(name, value);
  return fetch(form.action, { method: "POST", body, headers: FRAGMENT });
}

async function keep(form) {
  if (sending || !form.isConnected) return;
  try {
    await post(form, [["move", "keep"]]);
  } catch {
    // it is tried again at the next pause, and sent in full with the answer
  }
}

function show(html, { url, ok }) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!main) return location.assign(url);
  // what could not be taken stays where it is, unless the page that says so gives it back
  if (!ok && !main.querySelector("form, textarea") && document.getElementById("status")) {
    document.querySelector("form[aria-busy]")?.removeAttribute("aria-busy");
    return tell(main.querySelector("h1").textContent);
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  document.querySelector("footer").replaceWith(page.querySelector("footer"));
  if (url !== location.href) history.pushState(null, "", url);
  shown = place();
  // the rest of the page speaks the language it was loaded in
  if (main.dataset.lang !== document.documentElement.lang) return location.reload();
  scrollTo(0, 0);
  prepare();
  (document.getElementById("trouble") ?? document.getElementById("heading"))?.focus({ preventScroll: true });
}

function place() {
  return location.pathname + location.search;
}

function tell(sentence) {
  const status = document.getElementById("status");
  if (status && sentence) status.textContent = sentence;
}

// What a page needs each time it is new.
function prepare() {
  const link = document.querySelector("[data-copy]");
  if (link && navigator.clipboard) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = link.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(link.value);
      button.textContent = link.dataset.copied;
    });
    link.after(button);
  }
}

// A link leads here with its secret behind #. The server never sees that part, so put it in the field, take
// it out of the address and the history, and send it on as the form would.
function takeLink() {
  const form = document.querySelector("form[data-takes-link]");
  if (!form || location.hash.length < 20) return;
  form.elements.link.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}

document.getElementById("trouble")?.focus();
prepare();
takeLink();
