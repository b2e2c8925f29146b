/** Coming in with a token, and leaving. */
import { html, useEffect, useId, useRef, useState } from "../base/hooks.js";
import { post, wordsOf } from "../base/api.js";
import { leave, retryNow } from "../base/live.js";

/** What each lets one do. @type {Record<string, string>} */
const SCOPES = { read: "look", control: "command devices", admin: "change settings" };
const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** A cookie that no script can read takes the token's place; nothing of it is kept here. */
export function Login() {
  const [token, setToken] = useState("");
  const [trouble, setTrouble] = useState("");
  const [isSending, setSending] = useState(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  /** @param {Event} event */
  const enter = async (event) => {
    event.preventDefault();
    setSending(true);
    try {
      await post("session", { token: token.trim() });
      retryNow();
    } catch (error) {
      setTrouble(wordsOf(error));
      setSending(false);
      field.current?.select();
    }
  };
  return html`
    <main id="content" class="login" tabindex="-1">
      <form class="card" onSubmit=${enter}>
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M3.500 11.500 12 4l8.500 7.500M6.500 20a7 7 0 1 1 11 0" /></svg>
        <h1>Sign in to Ohmstead</h1>
        <p class="quiet">From another machine, this home opens with a token. Whoever runs it makes one with <code>ohmstead token create</code>.</p>
        <label for=${id}>Token</label>
        <input
          id=${id}
          ref=${field}
          type="password"
          autocomplete="current-password"
          required
          value=${token}
          aria-describedby=${trouble ? `${id}-trouble` : undefined}
          onInput=${(/** @type {Event} */ event) => setToken(/** @type {HTMLInputElement} */ (event.target).value)}
        />
        ${trouble && html`<p class="reason" id="${id}-trouble" role="alert">${trouble}</p>`}
        <button type="submit" class="button is-main" disabled=${isSending}>${isSending ? "Signing in…" : "Sign in"}</button>
      </form>
    </main>
  `;
}

/** @param {{session: import("../types.js").Session | null}} properties */
export function SignedIn({ session }) {
  if (session === null) return null;
  const may = AND.format(session.scopes.map((scope) => SCOPES[scope] ?? scope));
  const hasToken = session.name !== "this machine";
  return html`<p class="signed-in">
    <span>You are <b>${session.name}</b>, who may ${may || "do nothing"}.</span>
    ${hasToken && html`<button type="button" class="button" onClick=${signOut}>Sign out</button>`}
  </p>`;
}

async function signOut() {
  try {
    await post("session", undefined, "DELETE");
  } finally {
    leave();
  }
}
