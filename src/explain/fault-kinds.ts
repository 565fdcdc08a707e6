/** Faults that every kind of file can have: `rule.unknown-field`, `config.wrong-type`. */
import type { Explanation } from "./explanation.ts";

/** What stands before the dot, and which files that is about. */
export const faultFiles: Readonly<Record<string, string>> = {
  config: "the configuration (sluicegate.yaml)",
  profile: "a device profile",
  rule: "a rule file",
  "rule-test": "a test of rules",
  plan: "a plan file",
  users: "a users file",
};

const kinds: Readonly<Record<string, Explanation>> = {
  "unknown-field": {
    means: "a field is not one of those that stand here",
    why: "It is misspelled, stands one level too high or too low, or belongs to another version. Nothing is passed over in silence, since a misspelled limit is a limit that is not there.",
    next: "Take the field that the message offers; sluicegate config schema prints all of them for an editor.",
  },
  "missing-field": {
    means: "a field that has to be there is missing",
    why: "It has no default, because a guess would be wrong for most.",
    next: "Add it. The hint names the fields that are known there.",
  },
  "wrong-type": {
    means: "a value is of another type than the field takes",
    why: "Often a number or a date was written without quotes where text is meant, or a single value where a list is.",
    next: "Write it as the message says. YAML takes yes, no, on, off and 1e3 for other things than text.",
  },
  "out-of-range": {
    means: "a number, a duration or a size is smaller or larger than may be",
    why: "Beyond the limit the promise cannot be kept, or a slip of the unit is likely.",
    next: "Take a value within the limits of the message; 5m, 2h and 64MiB have their units with them.",
  },
  "unknown-value": {
    means: "a word is not one of those that the field takes",
    why: "It is misspelled, or it is the word of another program.",
    next: "Take one of the words that the message lists.",
  },
  "bad-value": {
    means: "a value has the right type and not the right form",
    why: "An address without its port, a pattern that cannot match, a name with characters that names cannot have.",
    next: "The hint shows the form to write.",
  },
  "bad-duration": {
    means: "a text is no duration",
    why: "Durations are written with their unit and no blank: 90s, 15m, 2h, 3d.",
    next: "Write it so; 10 minutes is 10m.",
  },
  "bad-expression": {
    means: "an expression in CEL is wrong",
    why: "It cannot be read, names what does not exist, compares different types, or may take too long.",
    next: "The caret shows the place. sluicegate rules test tries the rule with samples of your own.",
  },
  "bad-template": {
    means: "a text names a placeholder that it cannot have",
    why: "Only labels, metrics and values of the alert can be filled in.",
    next: "Take one of those that the hint lists, or leave the braces out.",
  },
  "bad-series": {
    means: "the samples of a test cannot be read",
    why: "A series is a list of values, with 1x5 for a repeat and _ for none.",
    next: "Write it as the hint shows.",
  },
  "unknown-receiver": {
    means: "a receiver is named that notify.receivers does not have",
    why: "It is misspelled, or was renamed or removed. Nobody would be told.",
    next: "Add it there, or take one of those that the hint lists.",
  },
  "not-supported": {
    means: "a setting cannot be used here",
    why: "It is right in another place: what a gateway can do alone is less than what the hub can.",
    next: "Do as the hint says.",
  },
};

/** Of a code that is made of a file and a kind; undefined where it is not. */
export function explainFault(code: string): Explanation | undefined {
  const [, file = "", kind = ""] = /^([a-z-]+)\.([a-z-]+)$/.exec(code) ?? [];
  const [of, found] = [faultFiles[file], kinds[kind]];
  if (of === undefined || found === undefined) return undefined;
  return { ...found, means: `in ${of} ${found.means}` };
}

/** All of them that there can be. */
export function faultKindCodes(): string[] {
  return Object.keys(faultFiles).flatMap((file) =>
    Object.keys(kinds).map((kind) => `${file}.${kind}`),
  );
}
