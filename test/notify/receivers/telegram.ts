import { httpTrial } from "./http-trial.ts";

export const trial = httpTrial((url) => ({
  kind: "telegram",
  url,
  token: { env: "TOKEN" },
  chat_id: -1001,
}));
