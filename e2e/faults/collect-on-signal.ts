/**
 * Loaded into a lab whose memory is measured: SIGUSR2 collects garbage, so that what is measured is what is kept.
 *
 * An ordinary collection leaves V8 tens of MB of empty pages for its next objects, more or fewer with the load of the
 * machine. The one of last resort gives them back to the system.
 *
 * @module
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
