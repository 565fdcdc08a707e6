import { httpTrial } from "./http-trial.ts";

export const trial = httpTrial((url) => ({ kind: "ntfy", url, topic: "plant" }));
