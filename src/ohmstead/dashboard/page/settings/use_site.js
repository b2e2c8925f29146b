/**
 * The site file as it is, as it is to be, and the ways between.
 *
 * @typedef {import("../types.js").SiteState} SiteState
 * @typedef {import("../types.js").Site} Site
 * @typedef {import("./draft.js").Draft} Draft
 */
import { ask, post, wordsOf } from "../base/api.js";
import { useAsked } from "../base/asked.js";
import { useState } from "../base/hooks.js";
import { update } from "../base/store.js";
import { changesOf, draftOf } from "./draft.js";

export function useSite() {
  const asked = useAsked("site");
  const [saved, setSaved] = useState(/** @type {SiteState | null} */ (null));
  const [edited, setEdited] = useState(/** @type {Draft | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  const site = saved ?? /** @type {SiteState | null} */ (asked.found);
  const draft = edited ?? (site && draftOf(site));
  /** @param {Promise<SiteState>} answer @returns {Promise<boolean>} */
  const settle = async (answer) => {
    setBusy(true);
    try {
      setSaved(await answer);
      setEdited(null);
      setTrouble("");
      // The live stream tells what a site is like once, at its beginning.
      const { site: now } = /** @type {{site: Site}} */ (await ask("state"));
      update({ site: now });
      return true;
    } catch (error) {
      setTrouble(wordsOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    asked,
    site,
    draft,
    trouble,
    isBusy,
    changes: site && draft ? changesOf(site, draft) : [],
    // What the gateway said was of the draft as it was then.
    edit: (/** @type {Draft} */ next) => (setEdited(next), setTrouble("")),
    discard: () => (setEdited(null), setTrouble("")),
    save: () => settle(post("site", draft, "PUT")),
    undo: () => settle(post("site/undo")),
  };
}
/** @typedef {ReturnType<typeof useSite>} SiteInHand */
