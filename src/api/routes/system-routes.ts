/** The inside of this process: its configuration, its health, what it is made of. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import {
  type AboutPage,
  aboutPage,
  type ConfigLine,
  configLine,
  type HealthCheck,
  healthCheck,
} from "../shapes/system.ts";

/** What does not fit in a text. */
export interface TextFault {
  /** `line 12`. */
  readonly place: string;
  readonly text: string;
}

export interface SystemDesk {
  /** What is in force, every default filled in and secrets masked. */
  config(): Promise<ConfigLine[]>;
  /** Reads nothing but the text. */
  check(text: string): readonly TextFault[];
  health(): Promise<HealthCheck[]>;
  about(): Promise<AboutPage>;
}

const lines = z.strictObject({ lines: z.array(configLine) });
const checks = z.strictObject({ checks: z.array(healthCheck) });
const text = z.strictObject({ text: z.string().max(200_000) });
const faults = z.strictObject({
  faults: z.array(z.strictObject({ place: z.string(), text: z.string() })),
});

export function systemRoutes(desk: SystemDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/config", needs: "viewer" },
      summary: "The configuration in force with the origin of each value; secrets are masked.",
      ...{ params: nothing, query: nothing, body: nothing, answer: lines },
      serve: async () => ({ lines: await desk.config() }),
    }),
    route({
      ...{ method: "post", path: "/config/check", needs: "operator" },
      summary: "Holds a text against the options of a configuration; nothing is changed.",
      ...{ params: nothing, query: nothing, body: text, answer: faults },
      serve: async ({ body }) => ({ faults: [...desk.check(body.text)] }),
    }),
    route({
      ...{ method: "get", path: "/doctor", needs: "viewer" },
      summary: "What is well and what is not, each with what to do.",
      ...{ params: nothing, query: nothing, body: nothing, answer: checks },
      serve: async () => ({ checks: await desk.health() }),
    }),
    route({
      ...{ method: "get", path: "/about", needs: "viewer" },
      summary: "Versions, and the packages inside with their licenses.",
      ...{ params: nothing, query: nothing, body: nothing, answer: aboutPage },
      serve: () => desk.about(),
    }),
  ];
}
