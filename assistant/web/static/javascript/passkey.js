// @ts-check
// Passkeys, on the page about the key of staff.

/** @param {ArrayBuffer | Uint8Array} bytes */
const spell = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const read = (text = "") =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const random = () => crypto.getRandomValues(new Uint8Array(32));

/** @param {string[][]} passkeys @returns {PublicKeyCredentialDescriptor[]} */
const listed = (passkeys) => passkeys.map(([id]) => ({ type: "public-key", id: read(id) }));

/** @param {Credential | null} credential */
function answerOf(credential) {
  const passkey = /** @type {PublicKeyCredential} */ (credential);
  const { prf } = passkey.getClientExtensionResults();
  return { id: passkey.id, salt: "", secret: prf?.results?.first, isAble: prf?.enabled };
}

/** @param {string[][]} passkeys */
async function ask(passkeys) {
  const evalByCredential = Object.fromEntries(passkeys.map(([id, salt]) => [id, { first: read(salt) }]));
  /** @type {PublicKeyCredentialRequestOptions} */
  const publicKey = {
    challenge: random(),
    userVerification: "required",
    allowCredentials: listed(passkeys),
    extensions: { prf: { evalByCredential } },
  };
  return answerOf(await navigator.credentials.get({ publicKey }));
}

/** @param {string[][]} passkeys @param {Record<string, string | undefined>} words */
async function make(passkeys, { person = "", called = "", site = "" }) {
  const salt = random();
  /** @type {PublicKeyCredentialCreationOptions} */
  const publicKey = {
    challenge: random(),
    rp: { name: site },
    user: { id: new TextEncoder().encode(person), name: called, displayName: called },
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    excludeCredentials: listed(passkeys),
    extensions: { prf: { eval: { first: salt } } },
  };
  const made = answerOf(await navigator.credentials.create({ publicKey }));
  const { secret } = made.secret || !made.isAble ? made : await ask([[made.id, spell(salt)]]);
  return { ...made, secret, salt: spell(salt) };
}

/** @param {unknown} error @param {Record<string, string | undefined>} words */
function sentenceFor(error, words) {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return words.cancelled;
  return (name === "InvalidStateError" && words.already) || words.unable;
}

/** @param {Form} form */
async function prepare(form) {
  const { dataset: words } = form;
  const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const controls = /** @type {HTMLElement} */ (form.querySelector("[hidden]"));
  const passkeys = (words.passkeys ?? "").split(" ").flatMap((pair) => (pair ? [pair.split(":")] : []));
  const say = (sentence = "") => (status.textContent = sentence);
  const can = await window.PublicKeyCredential?.getClientCapabilities?.();
  if (!window.PublicKeyCredential || can?.["extension:prf"] === false) return say(words.unable);
  say();
  controls.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.dataset.isAnswered) return;
    event.preventDefault();
    if (form.dataset.isAsking) return;
    form.dataset.isAsking = "yes";
    say(words.waiting);
    try {
      const { id, salt, secret } = await (words.person ? make(passkeys, words) : ask(passkeys));
      if (!secret) return say(words.silent);
      const sent = { credential: id, salt, secret: spell(/** @type {ArrayBuffer} */ (secret)) };
      form.addEventListener(
        "formdata",
        ({ formData }) => Object.entries(sent).forEach((pair) => formData.set(...pair)),
        { once: true },
      );
      form.dataset.isAnswered = "yes";
      form.requestSubmit();
    } catch (error) {
      say(sentenceFor(error, words));
    } finally {
      delete form.dataset.isAsking;
      delete form.dataset.isAnswered;
    }
  });
}

document.querySelectorAll("form.passkey").forEach(prepare);
