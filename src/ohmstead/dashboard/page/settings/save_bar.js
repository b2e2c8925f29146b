/**
 * What would change, in words; and the two ways out.
 *
 * @typedef {import("./use_site.js").SiteInHand} SiteInHand
 */
import { html } from "../../vendor/htm-preact.module.js";

/** @param {{hand: SiteInHand, onSaved?: () => void}} properties */
export function SaveBar({ hand, onSaved }) {
  const { changes, trouble, isBusy, site } = hand;
  const save = async () => (await hand.save()) && onSaved?.();
  if (!changes.length && !trouble) return null;
  return html`<section class="card save-bar" aria-label="What will change">
    <h2>${changes.length ? "What will change" : "Nothing was changed"}</h2>
    <ul class="lines">${changes.map((change) => html`<li key=${change}>${change}</li>`)}</ul>
    ${trouble && html`<p class="reason" role="alert">${trouble}</p>`}
    <div class="actions">
      <button type="button" class="button is-quiet" disabled=${isBusy} onClick=${hand.discard}>Discard</button>
      <button type="button" class="button is-main" disabled=${isBusy || !site || !changes.length} onClick=${save}>${isBusy ? "Saving…" : "Save"}</button>
    </div>
  </section>`;
}

/** One step back. @param {{hand: SiteInHand}} properties */
export function Undo({ hand }) {
  if (!hand.site?.can_undo) return null;
  return html`<div class="notice is-calm"><p><b>The last change can be taken back.</b> The site file then is as it was before.</p>
    <button type="button" class="button" disabled=${hand.isBusy} onClick=${hand.undo}>Undo the last change</button></div>`;
}
