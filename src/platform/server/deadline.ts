import { requestError } from '../graphql/request-error';

/**
 * The work's result, or DEADLINE_EXCEEDED after that time. The work itself is not stopped: the database's own limits end
 * it, and its outcome is learned by repeating with the same key. `late` receives a result that came too late.
 */
export function withDeadline<T>(work: Promise<T>, milliseconds: number, late?: (result: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(requestError('DEADLINE_EXCEEDED', 'The request took too long. Repeat a change with the same key to learn its outcome.'));
    }, milliseconds).unref();
    work.then(
      (result) => {
        clearTimeout(timer);
        if (isLate) late?.(result);
        else resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error('Something that is no Error was thrown.'));
      },
    );
  });
}
