import type { Attempt } from "./plan-run.ts";

/**
 * What a command did, as far as anyone can tell: `had` an effect, had `none`, is `open`, or nobody
 * can know. A way that tells no more than `sent` or `delivered` has done all it can when it ends so.
 */
export function effectOf({ final, state }: Attempt): "had" | "none" | "open" | "unknown" {
  if (!final) return "open";
  switch (state) {
    case "acknowledged":
    case "delivered":
    case "sent":
      return "had";
    case "refused":
    case "failed":
    case "expired":
    case "cancelled":
      return "none";
    default:
      return "unknown";
  }
}
