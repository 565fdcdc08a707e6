/** The browser that looks at the console: the Chromium of this machine. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where it is; `CHROMIUM_BIN` wins. Undefined where there is none. */
export const chromiumPath: string | undefined =
  process.env["CHROMIUM_BIN"] ?? usualPlaces.find((path) => existsSync(path));

/** Starts one; whoever did closes it. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error("no Chromium is here: run sh deploy/setup.sh --test, or set CHROMIUM_BIN");
  return chromium.launch({
    executablePath: chromiumPath,
    // Containers have no user namespaces, and what is looked at is our own.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
