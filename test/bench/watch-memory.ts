/** Memory of several processes together, looked at again and again. */
import { readProcess } from "./process-facts.ts";

const lookEveryMs = 100;

export interface MemoryWatch {
  /** Highest sum of their resident sets so far; ends the watching. */
  end(): number;
}

/** `pids` may change meanwhile; one that is gone counts nothing. */
export function watchMemory(pids: () => readonly number[]): MemoryWatch {
  let highest = 0;
  const look = (): void => {
    highest = Math.max(highest, residentBytes(pids()));
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    end() {
      clearInterval(timer);
      look();
      return highest;
    },
  };
}

export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readIfThere(pid)?.rssBytes ?? 0), 0);
}

/** Processor time of all of them. */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readIfThere(pid)?.cpuMs ?? 0), 0);
}

function readIfThere(pid: number) {
  try {
    return readProcess(pid);
  } catch {
    return undefined;
  }
}
