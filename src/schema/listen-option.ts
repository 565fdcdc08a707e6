import * as z from "zod";
import { parseListenAddress } from "../core/listen-address.ts";

/** `listen` of a kind that waits for its devices: a host and a port. */
export const listenOption = z.string().superRefine((text, context) => {
  if (parseListenAddress(text) !== undefined) return;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not an address; write host:port, such as 127.0.0.1:1883 or [::1]:1883`,
  });
});
