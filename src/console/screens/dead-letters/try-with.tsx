/** Tries one message, with the profiles in force or with one by name; nothing changes. */
import { useId, useMemo, useState } from "preact/hooks";
import type { AgainOutcome } from "../../../api/shapes/dead-letter.ts";
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { ErrorPanel } from "../../parts/panels.tsx";
import { type Answer, tell } from "../../state/ask.ts";
import { useTopic } from "../../state/live.ts";
import { AgainReport } from "./again-report.tsx";

interface TryWithProps {
  readonly group: string;
  readonly id: string;
}

export function TryWith({ group, id }: TryWithProps) {
  const list = useId();
  const { rows } = useTopic<DeviceRow>("devices");
  const profiles = useMemo(() => [...profilesOf(rows.values())].sort(), [rows]);
  const [profile, setProfile] = useState("");
  const [answer, setAnswer] = useState<Answer<AgainOutcome>>();
  const tryIt = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wanted = profile.trim() === "" ? { id } : { id, profile: profile.trim() };
    setAnswer(await tell<AgainOutcome>(`/dead-letters/${encodeURIComponent(group)}/try`, wanted));
  };
  return (
    <>
      <form class="dead-letters-try" onSubmit={tryIt}>
        <input
          aria-label="Profile to try it with"
          placeholder="the profile in force"
          list={list}
          autocomplete="off"
          spellcheck={false}
          value={profile}
          onInput={({ currentTarget }) => setProfile(currentTarget.value)}
        />
        <datalist id={list}>
          {profiles.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" class="button button-small">
          Try this message
        </button>
      </form>
      {answer?.ok && <AgainReport outcome={answer.value} />}
      {answer?.ok === false && <ErrorPanel problem={answer.problem} />}
    </>
  );
}

/** Those that devices have here; another one can be written as well. */
function profilesOf(rows: Iterable<DeviceRow>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { profile } of rows) if (profile !== null) names.add(profile);
  return names;
}
