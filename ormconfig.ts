/** The TypeORM command line's view of the product: the same data source that `npm start` migrates with. */
import { ownerDataSource } from './src/platform/db/data-source';

const url = process.env.DATABASE_URL;
if (!url) throw new Error('Set DATABASE_URL to the owner connection of the database that TypeORM should work on.');

export default ownerDataSource(url);
