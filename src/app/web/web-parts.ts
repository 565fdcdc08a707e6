/** The parts that the web server is joined of: one line each. A role may bring one of its own. */
import { openProcessPart } from "./process-part.ts";
import { wayPart } from "./way-part.ts";
import type { OpenWebPart } from "./web-surroundings.ts";

export const webParts: readonly OpenWebPart[] = [openProcessPart, wayPart];
