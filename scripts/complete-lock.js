// Adds to package-lock.json the optional platform packages that the registry of the machine that made it did not have.
const fs = require('fs');
const file = process.argv[2];
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const added = [];
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${at}/node_modules/${name}`]) continue;
    const bare = name.split('/').pop();
    const has = (words) => words.find((w) => new RegExp(`(^|-)${w}(-|$)`).test(bare));
    const os = has(['darwin', 'win32', 'freebsd', 'android', 'linux', 'openharmony']);
    const cpu = has(['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64']);
    if (!os || !cpu || !/^\d/.test(version)) { console.error('not guessed', at, name, version); continue; }
    const libc = os === 'linux' ? (/musl/.test(bare) ? ['musl'] : /gnu/.test(bare) ? ['glibc'] : undefined) : undefined;
    const entry2 = { version, cpu: [cpu], license: 'MIT', optional: true, os: [os] };
    if (libc) entry2.libc = libc;
    if (at !== '' && lock.packages[at].dev) entry2.dev = true;
    lock.packages[`node_modules/${name}`] = entry2;
    added.push(name);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
rest.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
lock.packages = Object.fromEntries([root, ...rest]);
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length, added.join(' '));
