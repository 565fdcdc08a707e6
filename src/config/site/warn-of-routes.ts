/** Routes that no alert takes, since none is so severe. */
import { matchesGlob } from "../../core/glob.ts";
import { severities } from "../../core/severity-rank.ts";
import { suggest } from "../../core/suggest.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { Load } from "./load.ts";

type Path = readonly (string | number)[];

/** Only warns: such a route does no harm, but nobody is told by it. */
export function warnOfRoutes({ main }: Load): void {
  for (const path of severitiesIn(main.written, ["notify", "routes"])) {
    const word = valueAt(main.written, path);
    if (typeof word !== "string" || severities.some((one) => matchesGlob(word, one))) continue;
    const meant = suggest(word, severities);
    main.report({
      code: "config.unknown-severity",
      path,
      message: `no alert has the severity "${word}"`,
      hint: meant ? `did you mean ${meant}?` : `there is ${severities.join(", ")}`,
      severity: "warning",
    });
  }
}

/** Where routes, and those within them, ask for severities. */
function severitiesIn(written: unknown, path: Path): Path[] {
  const routes = valueAt(written, path);
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((_, at) => {
    const asked = [...path, at, "match", "severity"];
    const words = valueAt(written, asked);
    const places = Array.isArray(words) ? words.map((_word, nth) => [...asked, nth]) : [asked];
    return [...places, ...severitiesIn(written, [...path, at, "routes"])];
  });
}
