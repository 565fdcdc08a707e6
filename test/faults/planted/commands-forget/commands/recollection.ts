/** A start knows nothing of the commands that came before: what is valid still is sent again. */
import { emptyPage } from "../../../../../src/commands/ledger-page.ts";
import { recollect as real } from "../../../../../src/commands/recollection.ts";

export const recollect: typeof real = async (...args) => ({
  ...(await real(...args)),
  page: emptyPage,
  awaited: new Map(),
  rememberedFromMs: undefined,
});
