import { httpTrial } from "./http-trial.ts";

export const trial = httpTrial((url) => ({ kind: "alertmanager", urls: [url] }));
