/** Who is signed in, how the page looks, what keys do. */
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { keysAre, useKey } from "../state/keys.ts";
import { me, signOut } from "../state/session.ts";
import { theme, themes } from "../state/theme.ts";
import { toast } from "../state/toasts.ts";
import { KeysDialog } from "./keys-dialog.tsx";

const themeWords = { system: "Theme of the system", light: "Light theme", dark: "Dark theme" };

export function UserMenu() {
  const [isHelp, setHelp] = useState(false);
  useKey("?", "List the keys", () => setHelp(true));
  const { name = "", role = "" } = me.value ?? {};
  return (
    <>
      <Menu
        class="button button-plain user-menu"
        label={`${name}, ${role}: menu`}
        entries={[
          ...themes.map((one) => ({
            word: themeWords[one],
            isChosen: theme.value === one,
            run: () => {
              theme.value = one;
            },
          })),
          { word: "Keys…", run: () => setHelp(true) },
          {
            word: keysAre.value === "on" ? "Switch keys off" : "Switch keys on",
            run: () => {
              keysAre.value = keysAre.peek() === "on" ? "off" : "on";
              toast(keysAre.peek() === "on" ? "Keys are on." : "Keys are off.");
            },
          },
          { word: "Sign out", run: () => void leave() },
        ]}
      >
        <Icon name="user" />
        <span class="user-name">{name}</span>
        <Icon name="down" />
      </Menu>
      {isHelp && <KeysDialog onClose={() => setHelp(false)} />}
    </>
  );
}

async function leave(): Promise<void> {
  const answer = await signOut();
  if (!answer.ok) toast(`Not signed out: ${answer.problem.title}.`, { isFailure: true });
}
