import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { acceptance } from '../../src/schema';
import { AcceptCase, compare, sameHalves, toCase } from '../conformance/accept';

const FILE = join(__dirname, '../conformance/accept.jsonl.gz');

describe('the verdicts of Istio\'s own code', () => {
  const cases = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n')
    .map(line => toCase(JSON.parse(line)))
    .filter((one): one is AcceptCase => one !== undefined);

  it('are 3,000', () => {
    expect(cases).toHaveLength(3000);
  });

  it('are ours: what is accepted, and which fields are unknown', () => {
    expect(cases.map(compare).filter(difference => difference !== undefined)).toEqual([]);
  });

  it('are ours in both halves: whether the CRD refuses, and whether the webhook does', () => {
    expect(cases.filter(one => !sameHalves(one)).map(({ id }) => id)).toEqual([]);
  });

  it('are ours in their words: the webhook\'s messages', () => {
    const other = cases.filter(({ object, webhook }) => {
      const ours = acceptance(object)!.rejections.filter(({ source }) => source === 'webhook').map(({ message }) => message);
      return distinct(ours) !== distinct(webhook);
    });
    // Of several entries of a map that it cannot decode, the webhook names any one: Go's maps have no order.
    expect(other.length).toBeLessThan(30);
  });

  it('are ours in their words: every message that we give for the CRD is in Istio\'s', () => {
    const other = cases.filter(({ object, crd }) => {
      const ours = acceptance(object)!.rejections.filter(({ source }) => source === 'crd').map(({ message }) => message);
      // Istio's validator names duplicates only when nothing else is wrong; the API server always does, and so do we.
      return !ours.every(message => message.startsWith('Duplicate value') || crd.join('\n').includes(message));
    });
    expect(other.map(({ id }) => id)).toEqual([]);
  });
});

/** The messages without order. The data's objects were renamed after the webhook had put their names into a message. */
function distinct(messages: readonly string[]): string {
  return [...new Set(messages.map(message => message.replace(/\/o\d+ has/, '/NAME has')))].sort().join('\n');
}
