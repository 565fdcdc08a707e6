/** One device: what is asked of it, asked again when its row says that there is something new. */
import { useEffect, useRef } from "preact/hooks";
import type { DevicePage, DeviceRow } from "../../../api/shapes/device.ts";
import { useTopic } from "../../state/live.ts";
import { type Asked, useAnswer } from "../../state/use-answer.ts";

/** However much a device says, it is asked for at most so often. */
const restMs = 2_000;

/** Where a device is in the interface. */
export function devicePath(key: string): string {
  return `/devices/${encodeURIComponent(key)}`;
}

export function useDevice(key: string): Asked<DevicePage> {
  const asked = useAnswer<DevicePage>(devicePath(key));
  const row = useTopic<DeviceRow>("devices").rows.get(key);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const again = useRef(asked.again);
  again.current = asked.again;
  useEffect(() => {
    if (row === undefined) return;
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined;
      if (!document.hidden) again.current();
    }, restMs);
  }, [row]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return asked.value && row ? { ...asked, value: { ...asked.value, row } } : asked;
}
