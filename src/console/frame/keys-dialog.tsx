/** What keys do on this screen, and the switch for them. */
import { Dialog } from "../parts/dialog.tsx";
import { keysAre, keyUses } from "../state/keys.ts";

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  // Of two uses of a key the newer one is asked, so it is the one that is told.
  const uses = new Map(keyUses.value.map(({ does, keys }) => [keys, does]));
  return (
    <Dialog title="Keys" onClose={onClose}>
      <label class="keys-switch">
        <input
          type="checkbox"
          checked={keysAre.value === "on"}
          onChange={({ currentTarget }) => {
            keysAre.value = currentTarget.checked ? "on" : "off";
          }}
        />
        Single keys do something
      </label>
      <dl class="keys-list">
        {[...uses].map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Tab</kbd>
          </dt>
          <dd>Go to the next control; Enter or Space uses it</dd>
        </div>
      </dl>
    </Dialog>
  );
}
