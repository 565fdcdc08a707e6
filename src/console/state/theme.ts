/** Light, dark, or what the system says. */
import { effect, signal } from "@preact/signals";
import { preference } from "./preference.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const theme = preference<Theme>("theme", themes);

const systemIsDark = signal(false);

/** Which of the two is shown; charts draw anew when it changes. */
export const shownTheme = signal<"light" | "dark">("light");

/** Keeps the page in the theme that is chosen. */
export function followTheme(): void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  systemIsDark.value = query.matches;
  query.addEventListener("change", () => {
    systemIsDark.value = query.matches;
  });
  effect(() => {
    const isDark = theme.value === "dark" || (theme.value === "system" && systemIsDark.value);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    shownTheme.value = isDark ? "dark" : "light";
  });
}
