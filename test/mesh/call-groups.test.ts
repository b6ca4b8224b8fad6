import { join } from 'node:path';
import { Connection, connectionJson } from '../../src/mesh/connection';
import { Workload } from '../../src/mesh/workloads/workload';
import { meshOf, toCase } from '../conformance/connections';
import { readLines } from '../conformance/lines';

const hasProxy = ({ dataPlane }: Workload): boolean => dataPlane.value === 'sidecar' || dataPlane.value === 'ambient';

/** All that is told of a call but its client and the evidence for it. */
function answer(connection: Connection): string {
  const { client: _, known: __, because: ___, ...rest } = connectionJson(connection);
  return JSON.stringify(rest);
}

describe('every call of a client with a proxy is in one group, with its own answer', () => {
  it.each(['tables.jsonl.gz', 'sidecar.jsonl.gz', 'ambient.jsonl.gz'])('%s', file => {
    let calls = 0;
    let skipped = 0;
    for (const line of readLines(join(__dirname, '../conformance', file))) {
      const one = toCase(JSON.parse(line))!;
      const { model } = meshOf(one.objects, one.settings);
      const expected: string[] = [];
      for (const client of model.inventory.workloads.filter(hasProxy)) {
        for (const connection of model.connectionsOf(client)) expected.push(`${client.key} ${answer(connection)}`);
      }
      const actual: string[] = [];
      for (const group of model.callGroups()) {
        for (const client of group.clients()) actual.push(`${client.key} ${answer(group.connection)}`);
      }
      expect(actual.sort()).toEqual(expected.sort());
      calls += expected.length;
      const doubtful = new Set([...model.callsInDoubt()].map(({ connection }) => `${connection.client.key} ${answer(connection)}`));
      const left = [...model.callGroups()].filter(({ connection }) => !doubtful.has(`${connection.client.key} ${answer(connection)}`));
      // What is not looked at closely carries mesh mTLS, all of it.
      expect(left.map(({ connection }) => connection.outcome.value).filter(outcome => outcome !== 'mtls')).toEqual([]);
      skipped += left.length;
    }
    expect(calls).toBeGreaterThan(900);
    expect(skipped).toBeGreaterThan(10);
  });
});
