import type { Logger } from "../core/logger.ts";

/**
 * Tells everybody, in order, also those who join meanwhile. What one of them does wrong is said as
 * `complaint` and keeps nobody else waiting.
 */
export function tellAll<T>(
  listeners: Iterable<T>,
  tell: (listener: T) => void,
  complaint: string,
  logger: Logger,
): void {
  for (const listener of listeners) {
    try {
      tell(listener);
    } catch (thrown) {
      logger.error(complaint, { failure: String(thrown) });
    }
  }
}
