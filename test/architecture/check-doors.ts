/** Compares every import of the sources with `src/README.md`; says each fault and exits with 1. */
import { judgeHouse } from "./doors.ts";
import { readHousePage } from "./house-page.ts";
import { filesOfCode, readImports } from "./imports.ts";

const files = await filesOfCode("src");
const faults = judgeHouse(await readHousePage("src"), files, await readImports("src", files));
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
