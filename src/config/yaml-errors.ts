/** What the YAML parser finds wrong, in words that say what to do. */
import type { Fault } from "../core/fault.ts";

/** An error by the code of the parser. */
export function faultOfError(error: {
  readonly code: string;
  readonly message: string;
}): Pick<Fault, "code" | "message" | "hint"> {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return {
        code: "yaml.syntax",
        message: "tabs cannot indent YAML",
        hint: "indent with spaces",
      };
    case "MULTIPLE_DOCS":
      return {
        code: "yaml.syntax",
        message: "a second document begins here",
        hint: "one document per file: remove the ---",
      };
    case "TAG_RESOLVE_FAILED":
      return { code: "yaml.syntax", message: "tags are not understood", hint: "remove the tag" };
    case "BLOCK_IN_FLOW":
    case "BLOCK_AS_IMPLICIT_KEY":
      return {
        code: "yaml.syntax",
        message: lowerFirst(error.message),
        hint: "quote a text with a colon in it, or look at how the lines are indented",
      };
    case "UNEXPECTED_TOKEN":
      return {
        code: "yaml.syntax",
        message: lowerFirst(error.message),
        hint: "quote a text that begins with { or [",
      };
    default:
      return { code: "yaml.syntax", message: lowerFirst(error.message) };
  }
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
