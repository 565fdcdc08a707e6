import type { EntryReading } from "../../src/sources/source-kind.ts";

/** For files that do not change while a test runs. */
export const noAgain: EntryReading["again"] = () => ({
  path: "/does-not-change",
  parse: () => ({ ok: false, faults: [] }),
});
