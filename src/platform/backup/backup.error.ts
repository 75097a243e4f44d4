/** A backup or restore that cannot be; the message is one sentence for the operator. Nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What is wrong with a file beyond repair; `where` ends the first half of the sentence. */
export const damaged = (where: string): BackupError =>
  new BackupError(`The backup file is damaged (${where}): nothing was restored; take another copy of it, or another backup.`);

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  EROFS: 'its disk may not be written to',
  ENOSPC: 'its disk is full',
};

/** One sentence for a file that cannot be used; any other error is a fault of the product and is given back as it is. */
export function fileError(path: string, error: unknown): unknown {
  const said = SENTENCES[(error as NodeJS.ErrnoException).code ?? ''];
  return said === undefined ? error : new BackupError(`${path} cannot be used: ${said}.`);
}
