/** A supervisor kills what has not ended some time after its SIGTERM; we end before that, in order or not. */
const STOP_WITHIN_MS = 15_000;

/** npm passes on the Ctrl-C that the terminal sent to us as well: an echo within this time is the same wish, not a second. */
const ECHO_MS = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves at the first signal that asks the process to end. From then on the next signal, or too long a stop, ends the process at once. */
export function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      const asked = performance.now();
      for (const name of SIGNALS) {
        process.off(name, onSignal);
        process.on(name, () => { if (performance.now() - asked > ECHO_MS) process.exit(1); });
      }
      setTimeout(() => {
        process.stderr.write('Stopping took longer than 15 seconds; ended at once. Nothing acknowledged is lost.\n');
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      resolve();
    };
    for (const name of SIGNALS) process.on(name, onSignal);
  });
}

/** Resolves when npm, having started us, is gone: killed outright it cannot tell us, and we would be left running. */
export function npmGone(): Promise<void> {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return new Promise(() => undefined);
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(look);
      resolve();
    }, 1000);
    look.unref();
  });
}
