/** How much nodes may say of themselves. Whoever may publish a birth may use all of it. */

/** Edge nodes, also those that were heard without a birth. */
export const mostNodes = 2_000;
/** Nodes and devices together. */
export const mostDevices = 10_000;
/** Of one birth; gateways of plants have thousands. */
export const mostMetricsOfBirth = 16_384;
/** Of all births together, and the characters of what they say. */
export const mostMetrics = 262_144;
export const mostCharacters = 32 * 1024 * 1024;
/** Events of one message: each time in it is one, and 64 values are. */
export const mostEventsOfMessage = 10_000;
export const mostMeasurementsOfEvent = 64;
/** Metrics that are listed in the `device` event. */
export const mostMetricsListed = 2_048;
/** Names of a device's metrics that it describes no more. */
export const mostFormerNames = 256;
/** Names of metrics that no birth told of, in all; longer ones are not kept. */
export const mostUntoldNames = 65_536;
export const mostNameCharacters = 256;
