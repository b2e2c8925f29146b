/**
 * Where the visitor is: the part of the address behind "#". "#/device/roof%2F1164" is the page "device" with the one
 * argument "roof/1164". The browser's own history does the rest.
 *
 * @typedef {{page: string, rest: string[]}} Place
 */
import { useEffect, useState } from "../../vendor/htm-preact.module.js";

/** @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const [page = "", ...rest] = hash.replace(/^#?\/?/, "").split("/").map(decoded);
  return { page, rest: rest.filter(Boolean) };
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand
  }
}

/** @param {string[]} parts */
export function linkTo(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** @param {string[]} parts */
export function go(...parts) {
  location.hash = linkTo(...parts);
}

/** Stay on this page, and leave no trace of the way there. @param {string[]} parts */
export function amend(...parts) {
  history.replaceState(null, "", linkTo(...parts));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function usePlace() {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const look = () => setPlace(placeOf(location.hash));
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return place;
}
