/** What a client shows to servers, and by what it believes them. */
import type { Fault } from "../core/fault.ts";
import { problemOf } from "./tls-material.ts";

type Parts<T> = { readonly [field in "ca" | "cert" | "key"]: T | undefined };

/** Where the files are. */
export type ClientTlsPaths = Parts<string>;

/** What they hold. */
export type ClientTlsParts = Parts<Buffer>;

/** Why they are of no use, as a fault of one field. */
export function faultOfClient({ ca, cert, key }: ClientTlsParts): Fault | undefined {
  return (
    (ca && problemOf("ca", { cert: ca })) ??
    (cert && problemOf("cert", { cert })) ??
    (key && problemOf("key", { key })) ??
    (cert && key && problemOf("key", { cert, key }))
  );
}
