/** Who looks at a console with a real browser. */
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { ConsoleSite } from "./console-site.ts";

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly options?: BrowserContextOptions;
}

/** A browser of its own, signed in. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a path of the console as if its address was typed. */
  go(path: string): Promise<void>;
  /** What axe finds wrong on the page as it is, in words. */
  violations(): Promise<readonly string[]>;
  /** The page has to be moved sideways to be read. */
  isTooWide(): Promise<boolean>;
  /** What the page complained about, and requests to other hosts. */
  readonly complaints: readonly string[];
}

/** Signs in by a link of the terminal, or as who is signed in already: `session` is their cookie. */
export async function visit(
  browser: Browser,
  site: ConsoleSite,
  { height = 800, options, scheme = "light", width = 1_280 }: VisitorOptions = {},
  session?: Awaited<ReturnType<BrowserContext["storageState"]>>,
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    ...(session && { storageState: session }),
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(`error: ${message}`));
  page.on("console", (said) => {
    if (said.type() === "error") complaints.push(`console: ${said.text()}, ${said.location().url}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url)) complaints.push(`elsewhere: ${request.url()}`);
  });
  if (session === undefined) {
    await page.goto(site.link());
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  }
  return {
    context,
    page,
    complaints,
    async go(path) {
      await page.goto(site.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
    },
    async isTooWide() {
      const [needs, has]: readonly number[] = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
      );
      return (needs ?? 0) > (has ?? 0);
    },
    async violations() {
      await page.evaluate(axe.source);
      return page.evaluate(async () => {
        const here: typeof axe = Reflect.get(globalThis, "axe");
        const { violations } = await here.run();
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
        );
      });
    },
  };
}
