/** The site, its devices, and who is looking. @typedef {import("../types.js").State} State */
import { html } from "../../vendor/htm-preact.module.js";
import { Trouble } from "../base/asked.js";
import { linkTo } from "../base/routing.js";
import { SignedIn } from "../frame/login.js";
import { SiteFileNews } from "../home/news.js";
import { Finder } from "./finder.js";
import { SaveBar, Undo } from "./save_bar.js";
import { SiteDevices } from "./site_devices.js";
import { SiteForm } from "./site_form.js";
import { useSite } from "./use_site.js";

/** @param {{state: State}} properties */
export function SettingsPage({ state }) {
  const hand = useSite();
  const { site, draft } = hand;
  const mayChange = state.session?.scopes.includes("admin") ?? true;
  return html`
    <header class="page-head"><div><h1>Settings</h1><p class="quiet">They stand in the site file, which may as well be edited by hand.</p></div>
      ${site && !site.devices.length && html`<a class="button is-main" href=${linkTo("setup")}>Set up this home</a>`}</header>
    <${Trouble} asked=${hand.asked} what="The site file" />
    <${SiteFileNews} />
    ${!mayChange && html`<p class="card quiet">You may look, and not change: that takes the scope “admin”.</p>`}
    ${site && draft && html`
      <${Undo} hand=${hand} />
      <fieldset class="all-settings" disabled=${!mayChange}>
        <legend class="unseen">The site</legend>
        <section class="card" aria-labelledby="site-title"><h2 id="site-title">The home</h2><${SiteForm} draft=${draft} edit=${hand.edit} /></section>
        <section class="card" aria-labelledby="site-devices-title"><h2 id="site-devices-title">Devices <span class="count">${draft.devices.length}</span></h2>
          <p class="quiet">Nothing is ever written to a device that may not be controlled.</p>
          <${SiteDevices} site=${site} draft=${draft} edit=${hand.edit} /></section>
        <section class="card" aria-labelledby="finder-title"><h2 id="finder-title">Add a device</h2><${Finder} site=${site} draft=${draft} edit=${hand.edit} /></section>
      </fieldset>
      <${SaveBar} hand=${hand} />
    `}
    <section class="card" aria-labelledby="access-title"><h2 id="access-title">Access</h2>
      <${SignedIn} session=${state.session} />
      <p class="quiet">Tokens are made and taken back on the machine itself: <code>ohmstead token create</code>, <code>ohmstead token list</code>, <code>ohmstead token revoke</code>.</p></section>
  `;
}
