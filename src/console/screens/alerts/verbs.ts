/** What can be done to an alert, and how it is said. */

export interface VerbWords {
  /** On the button. */
  readonly word: string;
  /** Of what was done. */
  readonly done: string;
  /** What it will do. */
  readonly says: string;
  readonly reason: "optional" | "required";
  readonly needs: "operator" | "admin";
  readonly isDangerous: boolean;
}

const usual = { reason: "optional", needs: "operator", isDangerous: false } as const;

export const verbWords = {
  ack: {
    ...usual,
    word: "Ack",
    done: "acknowledged",
    says: "Says that you have seen it. Who is told again and again is told no more; it stays in the list until it is normal.",
  },
  shelve: {
    ...usual,
    word: "Shelve",
    done: "shelved",
    says: "Nobody is told of it until the time is over. It is judged and stored as before, and stands in the list of shelved ones.",
    reason: "required",
  },
  unshelve: {
    ...usual,
    word: "Take from the shelf",
    done: "taken from the shelf",
    says: "People are told of it again from now on.",
  },
  reset: {
    ...usual,
    word: "Reset",
    done: "reset",
    says: "It is normal again and latched, so that somebody looks. Resetting says that you have looked.",
  },
  clear: {
    ...usual,
    word: "Clear",
    done: "asked to be cleared",
    says: "Ends the open episode. Where the condition still holds, the next sample begins another one.",
  },
  "out-of-service": {
    ...usual,
    word: "Take out of service",
    done: "taken out of service",
    says: "Nobody is told of it until somebody takes it back into service. It is judged and stored as before.",
    reason: "required",
    needs: "admin",
    isDangerous: true,
  },
  "in-service": {
    ...usual,
    word: "Take into service",
    done: "taken back into service",
    says: "People are told of it again from now on.",
    needs: "admin",
  },
} as const satisfies Readonly<Record<string, VerbWords>>;

export type Verb = keyof typeof verbWords;

/** Those of `verbs` that are known here, in the order of their buttons. */
export function knownVerbs(verbs: readonly string[]): readonly Verb[] {
  return Object.keys(verbWords).filter((key): key is Verb => verbs.includes(key));
}
