/** Preact's hooks as the page uses them, and the one this version lacks. */
export { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/htm-preact.module.js";
import { useState } from "../../vendor/htm-preact.module.js";

let count = 0;

/** An id for one element of one component, for labels. */
export function useId() {
  const [id] = useState(() => `id-${(count += 1)}`);
  return id;
}
