/** For how long an alert is put on the shelf. */

export const shelfChoices = ["15m", "1h", "once", "custom"] as const;
export type ShelfChoice = (typeof shelfChoices)[number];

export const shelfWords: Readonly<Record<ShelfChoice, string>> = {
  "15m": "15 minutes",
  "1h": "1 hour",
  once: "until it is normal",
  custom: "another time",
};

/** What is asked of the server; `forMs` is missing where its limit shall be the only one. */
export interface ShelfTime {
  readonly forMs?: number;
  readonly once?: boolean;
}

const minuteMs = 60_000;

/** The time that is meant; a text where it is none, for people. */
export function shelfTimeOf(choice: ShelfChoice, custom: string): ShelfTime | string {
  switch (choice) {
    case "15m":
      return { forMs: 15 * minuteMs };
    case "1h":
      return { forMs: 60 * minuteMs };
    case "once":
      return { once: true };
    case "custom":
      return customTime(custom);
  }
}

function customTime(text: string): ShelfTime | string {
  const match = /^\s*(\d{1,5}(?:[.,]\d{1,3})?)\s*(m|min|h|d)\s*$/i.exec(text);
  const [, number = "", unit = ""] = match ?? [];
  const minutes = Number(number.replace(",", ".")) * minutesOf(unit.toLowerCase());
  if (!(minutes > 0)) return "Write a number and m, h or d, such as 45m or 8h.";
  return { forMs: Math.round(minutes * minuteMs) };
}

function minutesOf(unit: string): number {
  if (unit === "h") return 60;
  return unit === "d" ? 1_440 : 1;
}
