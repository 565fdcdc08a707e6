import { httpTrial } from "./http-trial.ts";

export const trial = httpTrial(() => ({ kind: "teams", url: { env: "URL" } }));
