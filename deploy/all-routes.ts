/** The routes of the API, of all processes together, for those who describe or try them. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Route } from "../src/api/route.ts";
import { withDocument } from "../src/api/routes/openapi-routes.ts";
import { version } from "../src/app/version.ts";

/** Routes are looked at here and not served: there is nobody behind them. */
const nobody = JSON.parse("{}");

function isMaker(name: string, value: unknown): value is (desk: unknown) => readonly Route[] {
  return name.endsWith("Routes") && typeof value === "function";
}

/** Whatever the files of `src/api/routes` say. */
export async function allRoutes(home: string): Promise<readonly Route[]> {
  const folder = join(home, "src/api/routes");
  const routes = new Map<string, Route>();
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith("-routes.ts") || name === "openapi-routes.ts") continue;
    const file = await import(pathToFileURL(join(folder, name)).href);
    for (const [exported, make] of Object.entries(file))
      if (isMaker(exported, make))
        for (const route of make(nobody)) routes.set(`${route.method} ${route.path}`, route);
  }
  return withDocument([...routes.values()], version);
}
