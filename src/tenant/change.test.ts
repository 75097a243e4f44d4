import type { DataSource } from 'typeorm';
import { createTestDatabase, TestDatabase } from '../../test/support';
import { appDataSource } from '../platform/db';
import { refuse } from '../platform/errors';
import { Actor, changeAudited, changeMasterData, sqlStateOf } from './change';

const actor: Actor = { tenantId: 1, subject: 'crm-1', role: 'CRM_AGENT', requestId: 'r1' };
const fail = (state: string): string => `do $$ begin raise exception 'planted' using errcode = '${state}'; end $$`;

describe('a change of master data', () => {
  let database: TestDatabase;
  let data: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query('create table note (text text); grant all on note to tributary_app');
    data = await appDataSource(database.ownerUrl, true).initialize();
  });

  afterAll(async () => {
    await data.destroy();
    await database.dispose();
  });

  beforeEach(() => database.ownerPool.query('truncate note'));

  const notes = async (): Promise<string[]> =>
    (await database.ownerPool.query<{ text: string }>('select text from note')).rows.map(({ text }) => text);

  it.each(['40001', '40P01', '55P03'])('is made again from its beginning after %s', async (state) => {
    let attempts = 0;
    const result = await changeMasterData(data, async ({ client }) => {
      attempts += 1;
      await client.query('insert into note values ($1)', [`attempt ${attempts}`]);
      if (attempts < 3) await client.query(fail(state));
      return attempts;
    });
    expect([result, await notes()]).toEqual([3, ['attempt 3']]);
  });

  it('ends as OVERLOADED where the lock stays taken', async () => {
    let attempts = 0;
    const change = changeMasterData(data, async ({ client }) => {
      attempts += 1;
      await client.query(fail('55P03'));
    });
    await expect(change).rejects.toMatchObject({ userError: { code: 'OVERLOADED' } });
    expect(attempts).toBe(4);
  });

  it('is tried once where the database says anything else', async () => {
    let attempts = 0;
    const change = changeMasterData(data, async ({ client }) => {
      attempts += 1;
      await client.query(fail('23514'));
    });
    await expect(change).rejects.toThrow('planted');
    expect(attempts).toBe(1);
  });

  it('waits for a lock that another holds for a while', async () => {
    await database.ownerPool.query(`insert into note values ('held')`);
    const holder = await database.ownerPool.connect();
    await holder.query('begin; select from note for update');
    const change = changeMasterData(data, ({ client }) => client.query(`update note set text = 'changed'`));
    await new Promise((resolve) => { setTimeout(resolve, 2_300); });
    await holder.query('commit');
    holder.release();
    await change;
    expect(await notes()).toEqual(['changed']);
  });

  it('sees through the driver what it wrote through TypeORM, as one transaction', async () => {
    const seen = await changeMasterData(data, async ({ manager, client }) => {
      await manager.query(`insert into note values ('both')`);
      return (await client.query('select text from note')).rows;
    });
    expect(seen).toEqual([{ text: 'both' }]);
  });

  it('is never reported as stored where its commit was refused', async () => {
    const change = changeMasterData(data, async ({ client }) => {
      await client.query(`insert into note values ('lost')`);
      await client.query(fail('23514')).catch((error: unknown) => expect(sqlStateOf(error)).toBe('23514'));
    });
    await expect(change).rejects.toThrow('nothing was stored');
    expect(await notes()).toEqual([]);
  });

  it('that is privileged leaves its audit row with it, and one of its refusal without it', async () => {
    const object = { type: 'Note', id: '1' };
    const write = (refused: boolean): Promise<string> => changeAudited(data, actor, 'noteWrite', object, async ({ client }) => {
      await client.query(`insert into note values ('written')`);
      if (refused) refuse('CONFLICT', 'No.');
      return { result: 'ok', audit: { objectType: 'Note', objectId: '1', after: { state: 'WRITTEN' } } };
    });
    expect(await write(false)).toBe('ok');
    await expect(write(true)).rejects.toMatchObject({ userError: { code: 'CONFLICT' } });
    expect(await notes()).toEqual(['written']);
    const { rows } = await database.ownerPool.query('select actor, result, after from audit_log order by sequence');
    expect(rows).toEqual([
      { actor: 'crm-1', result: 'DONE', after: { state: 'WRITTEN' } }, { actor: 'crm-1', result: 'REFUSED', after: { errorCode: 'CONFLICT' } },
    ]);
  });
});
