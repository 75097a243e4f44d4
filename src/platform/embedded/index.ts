/** A real PostgreSQL inside the project folder, for trying out, small sites and tests: no other installation is needed. */
export * from './database';
export * from './launcher';
