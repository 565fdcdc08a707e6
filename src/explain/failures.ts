/** The codes of failures, each with its help. Whoever adds a code adds its help: else this does not compile. */
import { type ErrorCode, errorCodes } from "../core/error-codes.ts";
import type { Explanation, Help } from "./explanation.ts";
import { failuresElsewhere } from "./failures-elsewhere.ts";
import { failuresHere } from "./failures-here.ts";

const helpOf: Readonly<Record<ErrorCode, Help>> = { ...failuresHere, ...failuresElsewhere };

export const failures: Readonly<Record<string, Explanation>> = Object.fromEntries(
  Object.entries(errorCodes).map(([code, { meaning }]) => [
    code,
    { means: meaning, ...Object(helpOf)[code] },
  ]),
);
