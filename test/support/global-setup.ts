import 'reflect-metadata';
import { startCluster } from './cluster';

/** jest's global set-up: one throw-away PostgreSQL a run. */
export default startCluster;
