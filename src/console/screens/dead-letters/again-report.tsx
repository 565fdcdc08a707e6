/** What trying or processing again came to, with what became of each message that is told. */
import type { AgainOutcome } from "../../../api/shapes/dead-letter.ts";
import { Pill } from "../../parts/pill.tsx";
import { againWords } from "./again-words.ts";
import { sampleWords } from "./sample-words.ts";

export function AgainReport({ outcome }: { readonly outcome: AgainOutcome }) {
  const { made, samples } = outcome;
  const { head, rest } = againWords(outcome);
  return (
    <div class="dead-letters-report" role="status">
      <p>
        <strong>{head}</strong>
        {rest.map((line) => ` · ${line}`)}
        {made && (
          <>
            {" "}
            · event <code>{made.event}</code>
          </>
        )}
      </p>
      {samples.length > 0 && (
        <details>
          <summary>
            {samples.length === 1 ? "The message" : `${samples.length} of the messages`}
          </summary>
          <ul>
            {samples.map(({ id, now, topic }) => {
              const { lines, passes } = sampleWords(now);
              return (
                <li key={id}>
                  <Pill
                    word={passes ? (made ? "stored" : "passes") : "fails"}
                    icon={passes ? "check" : "dropping"}
                    tone={passes ? "normal" : "warning"}
                    isPlain
                  />{" "}
                  <code>{topic}</code>
                  {lines.map((line) => (
                    <p key={line} class="soft">
                      {line}
                    </p>
                  ))}
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </div>
  );
}
