/** Labels and annotations as a rule writes them. */
import * as z from "zod";
import { suggest } from "../../core/suggest.ts";
import type { Annotation, Condition } from "../rule.ts";
import { changingPaths, fixedPaths, isDevicePath, metricOfPath } from "../words/alert-words.ts";
import { parseTemplate, type Template } from "../words/template.ts";
import type { Refusal } from "./condition-kind.ts";

/** Labels that every alert has by itself. */
const ownLabels = ["alertname", "site", "gateway", "device", "metric", "severity"];

const name = z
  .string()
  .max(128)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "is not a name; use letters, digits and _ only");

/** All of an alert has to fit into one message. */
const mostTexts = 32;
const mostCharacters = 2_048;

/** Labels tell alerts apart, so they may not change while one lasts. */
export const labelsSchema = few(
  z.record(
    name.refine((label) => !ownLabels.includes(label), {
      message: "is a label that every alert has by itself; choose another name",
    }),
    templateText(fixedPaths),
  ),
);

const annotation = templateText([...fixedPaths, ...changingPaths]);

/** Labels of a derived series, which have no places to fill. */
export const seriesLabelsSchema = few(
  z.record(name, z.string().max(mostCharacters, `has more than ${mostCharacters} characters`)),
);

/** One text for all of an episode, or one while it fires and another for its end. */
export const annotationsSchema = few(
  z.record(
    name,
    z.union([
      annotation.transform((text): Annotation => ({ firing: text, ended: text })),
      z.strictObject({ firing: annotation, ended: annotation }),
    ]),
  ),
);

/** Metrics in annotations that the condition does not look at. */
export function* refuseReadings(
  annotations: Readonly<Record<string, Annotation>>,
  condition: Condition,
): Iterable<Refusal> {
  const metrics = condition.kind === "expr" ? condition.metrics : [];
  for (const [annotation, { firing, ended }] of Object.entries(annotations))
    for (const part of [...firing.parts, ...ended.parts]) {
      const metric = typeof part === "string" ? undefined : metricOfPath(part.path);
      if (metric === undefined || metrics.includes(metric)) continue;
      const known = metrics.map((each) => `m.${each}`).join(", ");
      const message = `"{{ m.${metric} }}" is no metric of the condition; ${known === "" ? "write {{ value }}" : `use ${known}`}`;
      yield { path: ["annotations", annotation], message };
      break;
    }
}

function few<Texts extends z.ZodType<object>>(texts: Texts) {
  return texts.refine((all) => Object.keys(all).length <= mostTexts, {
    message: `has more than ${mostTexts} entries`,
  });
}

function templateText(paths: readonly string[]) {
  const written = z.string().max(mostCharacters, `has more than ${mostCharacters} characters`);
  return written.transform((text, context): Template => {
    const template = parseTemplate(text);
    if ("wrong" in template) {
      context.addIssue({ code: "custom", message: template.wrong });
      return z.NEVER;
    }
    for (const part of template.parts) {
      if (typeof part === "string" || isDevicePath(part.path) || paths.includes(part.path))
        continue;
      const isReading = metricOfPath(part.path) !== undefined;
      if (isReading && paths !== fixedPaths) continue;
      const meant = suggest(part.path, paths);
      const known = `${paths.join(", ")}, device.tags.*, device.attrs.*`;
      const reason =
        isReading || changingPaths.includes(part.path)
          ? "a label may not change while an alert lasts"
          : "nothing is called that";
      context.addIssue({
        code: "custom",
        message: `"{{ ${part.path} }}" cannot stand here: ${reason}`,
        params: {
          code: "bad-template",
          hint: meant ? `did you mean ${meant}?` : `known: ${known}`,
        },
      });
    }
    return template;
  });
}
