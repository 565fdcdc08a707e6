/** How much devices may say of themselves. Whoever may publish a description may use all of it. */

/** Bytes of one message that describes something. */
export const mostMessageBytes = 128 * 1024;
/** Messages that describe one thing together: attributes of a Homie device. */
export const mostMessagesOfGroup = 2_048;
/** Values of one device. */
export const mostReadingsOfDevice = 256;
/** Values of one device in messages of one topic; an event carries no more. */
export const mostReadingsOfTopic = 64;
/** Devices that one message may be of. */
export const mostDevicesOfTopic = 16;
export const mostDevices = 2_000;
/** Topics and messages of all descriptions together, in characters. */
export const mostCharacters = 16 * 1024 * 1024;
/** Changes of one device: so many at once, then one in a second. */
export const mostChangesOfDevice = 1_024;
/** Changes in all: so many at once, then a hundred in a second. */
export const mostChanges = 32_768;
/** A payload of a device that described itself is not looked into when it is larger. */
export const mostPayloadCharacters = 64 * 1024;
