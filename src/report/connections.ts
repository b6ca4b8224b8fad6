import { clean } from './text';
import { Connection, reasonsOf } from '../mesh/connection';
import { reasonJson } from '../mesh/decision';

const HEAD = ['client', 'calls', 'client sends', 'server accepts', 'outcome'];

/**
 * Connections as a table for people, grouped by the workload that answers. With
 * `why` each row is followed by what it hangs on, the deciding field first.
 */
export function connectionsText(connections: readonly Connection[], why: boolean): string {
  const groups = new Map<string, Connection[]>();
  for (const connection of connections) {
    const key = connection.server?.key ?? `${connection.host} (outside the mesh)`;
    const group = groups.get(key);
    if (group) {
      group.push(connection);
    } else {
      groups.set(key, [connection]);
    }
  }
  const rows = new Map(connections.map(connection => [connection, row(connection)]));
  const widths = HEAD.map((title, i) => [...rows.values()].reduce((width, cells) => Math.max(width, cells[i].length), title.length));
  const line = (cells: readonly string[]) => `  ${cells.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd();
  const lines: string[] = [];
  for (const [server, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(clean(server), line(HEAD));
    for (const connection of group) {
      lines.push(line(rows.get(connection)!));
      if (why) {
        lines.push(...reasonsOf(connection).map(reasonLine));
      }
    }
    lines.push('');
  }
  return lines.map(text => `${text}\n`).join('');
}

function row({ client, host, port, subset, targetPort, wire, serverMode, ...end }: Connection): string[] {
  const target = targetPort === port ? '' : ` -> ${targetPort}`;
  return [client.key, `${host}:${port}${target}${subset === '' ? '' : ` subset ${subset}`}`, wire.value.sends, serverMode.value, endOf(end)].map(clean);
}

/** How a call ends, and that it does not. */
function endOf({ outcome, hangs }: Pick<Connection, 'outcome' | 'hangs'>): string {
  return hangs === undefined ? outcome.value : `${outcome.value} (hangs)`;
}

function reasonLine(reason: Parameters<typeof reasonJson>[0]): string {
  const { object, field, text } = reasonJson(reason);
  return clean(`      ${object}${field === '' ? '' : `, ${field}`}: ${text}`);
}

/** How many connections have each outcome, the most frequent first: `3 mtls, 1 fail`. */
export function outcomeCounts(connections: Iterable<Connection>): string {
  const counts = new Map<string, number>();
  for (const connection of connections) {
    const end = endOf(connection);
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'none';
}
