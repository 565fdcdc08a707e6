import { chromium } from "playwright-core";
const [link, out, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: Number(process.env.W ?? 1280), height: Number(process.env.H ?? 800) }, colorScheme: (process.env.SCHEME ?? "light") as "light" });
const page = await context.newPage();
page.on("console", (m) => { if (m.type() !== "log") console.log("console", m.type(), m.text()); });
page.on("pageerror", (e) => console.log("pageerror", e.message));
page.on("response", (r) => { if (r.status() >= 400) console.log(r.status(), r.url()); });
if (process.env.STATE) {}
const token = new URL(link!).hash.replace("#token=", "");
const origin = new URL(link!).origin;
const r = await context.request.post(origin + "/api/v1/sign-in", { data: { token }, headers: { "x-sluicegate": "1", origin } });
console.log(r.status(), await r.text());
await context.storageState({ path: "/tmp/state.json" });
let n = 0;
for (const p of paths) {
  await page.goto(new URL(p, link).href.replace(/#.*/, ""));
  await page.waitForTimeout(Number(process.env.WAIT ?? 1800));
  const name = `${out}${n++}-${p.replaceAll(/[^a-z0-9]+/gi, "_").slice(0, 30)}.png`;
  await page.screenshot({ path: name, fullPage: process.env.FULL === "1" });
  console.log(name, await page.title());
}
await browser.close();
