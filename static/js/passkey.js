/* Passkeys: asks the browser to make or to use one, and sends what it answers with the form.

Finds its forms by data-passkey ("make" or "ask"); what to ask the browser comes from the page (data-passkey-data, the id of
a JSON script) or from an address (data-passkey-options). Without passkeys in the browser, sections marked
data-passkey-section stay hidden, and the other ways remain. */

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

if (window.PublicKeyCredential && navigator.credentials) {
  for (const section of document.querySelectorAll("[data-passkey-section]")) section.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) form.addEventListener("submit", (event) => send(event, form));
}

async function send(event, form) {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  const status = form.querySelector("[data-passkey-status]");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  status.textContent = "";
  try {
    const answer = form.dataset.passkey === "make" ? await make(form) : await ask(form);
    form.elements.namedItem("credential").value = JSON.stringify(answer);
    form.submit();
  } catch (trouble) {
    console.info("The passkey was not used:", trouble.message);
    status.textContent = form.dataset.failed;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/* What the site asks for, with text turned into bytes where the browser wants bytes. */
async function wanted(form, name) {
  const { passkeyData, passkeyOptions } = form.dataset;
  const given = passkeyData
    ? JSON.parse(document.getElementById(passkeyData).textContent)
    : await (await fetch(passkeyOptions, { headers: { Accept: "application/json" } })).json();
  const options = given[name].publicKey;
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const key of list ?? []) key.id = bytesOf(key.id);
  }
  return options;
}

async function make(form) {
  const options = await wanted(form, "creation_options");
  const alone = form.elements.namedItem("passwordless")?.checked ?? false;
  options.authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  const made = await navigator.credentials.create({ publicKey: options });
  return described(made, {
    clientDataJSON: textOf(made.response.clientDataJSON),
    attestationObject: textOf(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function ask(form) {
  const used = await navigator.credentials.get({ publicKey: await wanted(form, "request_options") });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return described(used, {
    clientDataJSON: textOf(clientDataJSON),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    userHandle: userHandle ? textOf(userHandle) : null,
  });
}

function described(key, response) {
  return {
    id: key.id,
    rawId: textOf(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(),
    response,
  };
}
