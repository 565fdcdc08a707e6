/** One message that did not fit: its bytes, why, and a try with another profile. */
import type { DeadLetter } from "../../../api/shapes/dead-letter.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { useIsNarrow } from "../../parts/use-is-narrow.ts";
import { may } from "../../state/session.ts";
import { hexLines } from "./hex-lines.ts";
import { TryWith } from "./try-with.tsx";

interface LetterProps {
  readonly group: string;
  readonly letter: DeadLetter;
}

export function Letter({ group, letter }: LetterProps) {
  const { bytes, device, hex, id, isCut, member, place, profile, reason } = letter;
  const perLine = useIsNarrow() ? 8 : 16;
  return (
    <details>
      <summary>
        <Moment atMs={letter.receivedMs} show="clock" /> {device !== null && `${device} `}
        <code>{letter.topic}</code> <span class="soft">{countText(bytes)} B</span>
      </summary>
      <p class="dead-letters-reason">{reason}</p>
      <p class="soft">
        {profile === null ? "No profile was tried." : `Profile ${profile}.`}
        {member !== null && ` Member ${member} of a larger message.`}
        {place !== null && (
          <>
            {" "}
            <code>{place}</code>
          </>
        )}
      </p>
      {letter.text !== null && <pre>{letter.text}</pre>}
      <pre class="dead-letters-hex">
        {hexLines(hex, perLine)
          .map((line) => `${line.offset}  ${line.hex.padEnd(3 * perLine)}  ${line.text}`)
          .join("\n")}
      </pre>
      {isCut && <p class="soft">Only the beginning was kept, so it cannot be read again.</p>}
      <p class="soft">
        <code>{id}</code>
        <CopyButton text={id} what="the id" />
      </p>
      {may("operator") && !isCut && <TryWith group={group} id={id} />}
    </details>
  );
}
