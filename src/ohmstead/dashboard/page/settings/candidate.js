/**
 * A device that may join: give what it needs, try it, see what it says, name it.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../types.js").SiteState} SiteState
 * @typedef {import("../types.js").Found} Found
 * @typedef {import("../types.js").SiteDevice} SiteDevice
 * @typedef {import("../types.js").Tried} Tried
 */
import { post, wordsOf } from "../base/api.js";
import { capital, words } from "../base/format.js";
import { html, useId, useState } from "../base/hooks.js";
import { FormFields } from "../tools/form.js";
import { fieldsOf, valuesOf } from "../tools/schema.js";
import { blanksOf, filled, freeName } from "./draft.js";
import { TriedView } from "./tried.js";

/** @param {{found: Found, site: SiteState, draft: Draft, onAdd: (device: SiteDevice, secrets: Record<string, string>) => void}} properties */
export function Candidate({ found, site, draft, onAdd }) {
  const family = site.families.find(({ name }) => name === found.family);
  const fields = fieldsOf(family?.settings);
  const [blanks, setBlanks] = useState(/** @type {Record<string, string>} */ ({}));
  const [typed, setTyped] = useState(/** @type {Record<string, string>} */ ({}));
  const [secret, setSecret] = useState("");
  const [tried, setTried] = useState(/** @type {Tried | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const [isTrying, setTrying] = useState(false);
  const { values: settings, troubles } = valuesOf(fields, typed);
  const given = Object.fromEntries(Object.entries(settings).filter(([name]) => typed[name] !== undefined));
  const url = filled(found.url, blanks);
  const attempt = async () => {
    setTrying(true);
    try {
      setTried(await post("devices/try", { url, settings: given, secret }));
      setTrouble("");
    } catch (error) {
      setTried(null);
      setTrouble(wordsOf(error));
    }
    setTrying(false);
  };
  const add = (/** @type {string} */ name) =>
    onAdd({ name, url, control: false, settings: given }, Object.fromEntries((tried?.secrets ?? []).map((reference) => [reference, secret]).filter(([, one]) => one)));
  const isReady = !blanksOf(url).length && !Object.keys(troubles).length;
  return html`<li class="candidate" data-candidate=${found.url}>
    <form aria-label=${`${found.title}, ${found.url}`} onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), attempt())}>
      <header><p><b>${found.title}</b> <span class="quiet">${family?.title ?? found.family}</span><br /><code>${url}</code></p></header>
      <div class="form is-row">
        ${blanksOf(found.url).map((name) => html`<${Text} key=${name} title=${capital(words(name))} value=${blanks[name] ?? ""} onText=${(/** @type {string} */ text) => setBlanks({ ...blanks, [name]: text })} />`)}
        ${(found.needs.length > 0 || trouble !== "" || secret !== "") && html`<${Text} title=${secretTitle(found)} type="password" value=${secret} onText=${setSecret} />`}
      </div>
      ${fields.length > 0 && html`<details><summary>Settings of ${family?.title}</summary><${FormFields} fields=${fields} typed=${typed} setTyped=${setTyped} troubles=${troubles} /></details>`}
      ${trouble && html`<p class="reason" role="alert">${trouble}</p>`}
      <div class="actions"><button type="submit" class="button" disabled=${isTrying || !isReady}>${isTrying ? "Trying…" : tried ? "Try again" : "Try it"}</button></div>
    </form>
    ${tried && html`<${TriedView} tried=${tried} name=${freeName(draft, suggested(found))} onAdd=${add} />`}
  </li>`;
}

/** @param {Found} found */
function secretTitle({ url, needs }) {
  const blanks = new Set(blanksOf(url));
  return capital(words(needs.filter((need) => !blanks.has(need)).join(" or "))) || "Password or token";
}

/** @param {Found} found */
function suggested({ family }) {
  return family.split("-")[0];
}

/** @param {{title: string, value: string, onText: (text: string) => void, type?: string}} properties */
function Text({ title, value, onText, type = "text" }) {
  const id = useId();
  return html`<div class="field"><label for=${id}>${title}</label>
    <input id=${id} type=${type} autocomplete="off" spellcheck=${false} value=${value} onInput=${(/** @type {Event} */ event) => onText(/** @type {HTMLInputElement} */ (event.target).value)} /></div>`;
}
