import { httpTrial } from "./http-trial.ts";

export const trial = httpTrial(() => ({ kind: "slack", url: { env: "URL" } }));
