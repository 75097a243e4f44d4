import { stopCluster } from './cluster';

/** jest's global teardown: the run's PostgreSQL ends with it. */
export default stopCluster;
