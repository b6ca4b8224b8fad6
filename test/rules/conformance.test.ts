import { join } from 'node:path';
import { pathText } from '../../src/mesh/json';
import { Mesh } from '../../src/mesh/mesh';
import { Workload } from '../../src/mesh/workloads/workload';
import { RULES } from '../../src/rules';
import { findFaults } from '../../src/rules/calls/faults';
import { Finding } from '../../src/rules/finding';
import { runRules } from '../../src/rules/run';
import { meshOf, toCase } from '../conformance/connections';
import { readLines } from '../conformance/lines';

const MESHES: Mesh[] = ['tables.jsonl.gz', 'sidecar.jsonl.gz', 'ambient.jsonl.gz']
  .flatMap(file => readLines(join(__dirname, '../conformance', file)))
  .map(line => toCase(JSON.parse(line))!)
  .map(({ objects, settings }) => meshOf(objects, settings));

const hasProxy = ({ dataPlane }: Workload): boolean => dataPlane.value === 'sidecar' || dataPlane.value === 'ambient';

describe('every call between workloads with proxies that Istio lets fail', () => {
  it('is among the calls of a finding that names the deciding object', () => {
    const unexplained: string[] = [];
    let failing = 0;
    for (const mesh of MESHES) {
      const findings = runRules(mesh, RULES);
      const explained = new Map<string, Finding>();
      for (const fault of [...findFaults(mesh.model).values()].flat()) {
        const finding = findings.find(({ code, at }) => code === fault.code && at.place === fault.at.origin.place
            && (at.field ?? '').startsWith(pathText(fault.field)));
        for (const group of finding === undefined ? [] : fault.groups) {
          const { host, port, subset, server, outcome } = group.connection;
          if (outcome.value !== 'fail') continue;
          for (const client of group.clients()) explained.set(`${client.key} ${host} ${port} ${subset} ${server?.key ?? ''}`, finding!);
        }
      }
      for (const client of mesh.model.inventory.workloads.filter(hasProxy)) {
        for (const { host, port, subset, server, outcome } of mesh.model.connectionsOf(client)) {
          if (outcome.value !== 'fail') continue;
          failing++;
          const call = `${client.key} ${host} ${port} ${subset} ${server?.key ?? ''}`;
          const finding = explained.get(call);
          const deciding = outcome.decidedBy.object?.title;
          if (finding === undefined) {unexplained.push(`${call}: ${outcome.decidedBy.text}`);} else if (deciding !== undefined && ![finding.at, ...finding.see].some(({ object }) => object === deciding)) {
            unexplained.push(`${call}: ${finding.code} at ${finding.at.object} does not name ${deciding}`);
          }
        }
      }
    }
    expect(unexplained).toEqual([]);
    expect(failing).toBeGreaterThan(2000);
  });

  it('is the only kind of call that a finding says to fail', () => {
    const accused: string[] = [];
    let whole = 0;
    for (const mesh of MESHES) {
      const { model } = mesh;
      const isWhole = model.inventory.workloads.filter(hasProxy).every(client => [...model.connectionsOf(client)].every(({ outcome }) => outcome.value !== 'fail'));
      if (!isWhole) continue;
      whole++;
      const findings = runRules(mesh, RULES.filter(({ code }) => code.startsWith('MTLS2')));
      accused.push(...findings.filter(({ what }) => /refuses|fails|does not terminate|does not leave/.test(what)).map(({ code, what }) => `${code} ${what}`));
    }
    expect(accused).toEqual([]);
    expect(whole).toBeGreaterThan(400);
  });
});
