/**
 * Looking for devices in the network, or naming one by hand; each is tried before it joins the site.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../types.js").SiteState} SiteState
 * @typedef {import("../types.js").Found} Found
 * @typedef {import("../types.js").SiteDevice} SiteDevice
 */
import { ask, wordsOf } from "../base/api.js";
import { html, useId, useState } from "../base/hooks.js";
import { Candidate } from "./candidate.js";
import { blanksOf, withDevice } from "./draft.js";

/** @param {{site: SiteState, draft: Draft, edit: (draft: Draft) => void}} properties */
export function Finder({ site, draft, edit }) {
  const [network, setNetwork] = useState("");
  const [found, setFound] = useState(/** @type {Found[] | null} */ (null));
  const [byHand, setByHand] = useState(/** @type {Found[]} */ ([]));
  const [trouble, setTrouble] = useState("");
  const [isLooking, setLooking] = useState(false);
  const id = useId();
  /** @param {Event} event */
  const look = async (event) => {
    event.preventDefault();
    setLooking(true);
    setTrouble("");
    try {
      setFound(await ask("discover", network.trim() ? { network: network.trim() } : {}));
    } catch (error) {
      setTrouble(wordsOf(error));
    }
    setLooking(false);
  };
  const chosen = new Set(draft.devices.map(({ url }) => url));
  const news = [...byHand, ...(found ?? [])].filter(({ url, is_known }) => !is_known && !chosen.has(url));
  // What answered comes before what is to be filled in.
  news.sort((one, other) => blanksOf(one.url).length - blanksOf(other.url).length);
  const add = (/** @type {SiteDevice} */ device, /** @type {Record<string, string>} */ secrets) => edit(withDevice(draft, device, secrets));
  return html`
    <form class="form is-row" onSubmit=${look}>
      <div class="field"><label for=${id}>Network <span class="quiet">(this machine’s own if left empty)</span></label>
        <input id=${id} type="text" autocomplete="off" spellcheck=${false} placeholder="192.168.1.0/24" value=${network} onInput=${(/** @type {Event} */ event) => setNetwork(/** @type {HTMLInputElement} */ (event.target).value)} /></div>
      <button type="submit" class="button is-main" disabled=${isLooking}>${isLooking ? "Looking…" : "Look for devices"}</button>
    </form>
    ${isLooking && html`<p class="quiet" role="status">Looking at every address, gently. This takes some seconds.</p>`}
    ${trouble && html`<p class="reason" role="alert">${trouble}</p>`}
    ${!isLooking && found && html`<p class="quiet" role="status">${summary(found, news.length)}</p>`}
    <ul class="candidates">
      ${news.map((one) => html`<${Candidate} key=${one.url} found=${one} site=${site} draft=${draft} onAdd=${add} />`)}
    </ul>
    <${ByHand} site=${site} onFound=${(/** @type {Found} */ one) => setByHand((before) => [one, ...before])} />
  `;
}

/** @param {Found[]} found @param {number} news */
function summary(found, news) {
  const known = found.filter(({ is_known }) => is_known).length;
  const part = known ? ` ${known} ${known === 1 ? "is" : "are"} part of the site already.` : "";
  if (!found.length) return "Nothing answered that Ohmstead knows. A device that is off, or in another network, can be named by hand.";
  return `${news === 0 ? "Nothing else was found." : `${news} to be tried.`}${part}`;
}

/** @param {{site: SiteState, onFound: (found: Found) => void}} properties */
function ByHand({ site, onFound }) {
  const [url, setUrl] = useState("");
  const [trouble, setTrouble] = useState("");
  const id = useId();
  const schemes = site.families.flatMap(({ schemes }) => schemes);
  /** @param {Event} event */
  const name = (event) => {
    event.preventDefault();
    const family = site.families.find((one) => one.schemes.includes(url.trim().split("://")[0]));
    if (!family) return setTrouble(`It begins with one of ${schemes.map((scheme) => `${scheme}://`).join(", ")}.`);
    setTrouble("");
    setUrl("");
    onFound({ family: family.name, url: url.trim(), title: family.title, serial: "", needs: ["password or token"], is_known: false });
  };
  return html`<details class="by-hand">
    <summary>Name a device by hand</summary>
    <form class="form is-row" onSubmit=${name}>
      <div class="field"><label for=${id}>Address</label>
        <input id=${id} type="text" required autocomplete="off" spellcheck=${false} placeholder="hoymiles://192.168.1.7" value=${url} aria-describedby=${trouble ? `${id}-trouble` : undefined} onInput=${(/** @type {Event} */ event) => setUrl(/** @type {HTMLInputElement} */ (event.target).value)} /></div>
      <button type="submit" class="button">Use this address</button>
    </form>
    ${trouble && html`<p class="reason" id="${id}-trouble" role="alert">${trouble}</p>`}
  </details>`;
}
