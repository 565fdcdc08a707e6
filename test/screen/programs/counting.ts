/** A screen with a number that counts keys, which ends in every way that programs end. */
import { writeFileSync } from "node:fs";
import { systemClock } from "../../../src/app/system-clock.ts";
import { span } from "../../../src/screen/line.ts";
import { LivingScreen } from "../../../src/screen/living-screen.ts";
import { lookOf } from "../../../src/screen/look.ts";

let count = 0;
let last = "none";
const screen = new LivingScreen({
  stdin: process.stdin,
  stdout: process.stdout,
  clock: systemClock,
  look: lookOf(process),
  lines: ({ columns, rows }) => [
    [span(`${columns} by ${rows}`)],
    [span(`key ${count}: ${last}`)],
    ...Array.from({ length: rows - 3 }, () => []),
    [span("the last row")],
  ],
  onKey(key) {
    count += 1;
    last = key;
    if (key === "q") {
      screen.close();
      console.log("ended in order");
    }
    if (key === "t") throw new Error("thrown at a key");
    if (key === "r") void Promise.reject(new Error("rejected at a key"));
    if (key === "x") process.exit(3);
  },
  onGone() {
    writeFileSync("gone", "");
    process.exit(0);
  },
});
process.on("SIGTERM", () => process.exit(143));
screen.open();
