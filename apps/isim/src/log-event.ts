/**
 * The events that the server of the ISIM logs.
 *
 * @module
 */

export type LogEvent = 'isim.listening' | 'request.failed';
