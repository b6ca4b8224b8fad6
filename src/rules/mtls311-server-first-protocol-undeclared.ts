import { CalledPort, keyOf, knownCallsTo, portsWhere } from './calls/known-calls-to';
import { caller, namespace, pod, service as serviceNamed, world } from './examples';
import { Severity } from './finding';
import { MODEL, Rule, RuleContext } from './rule';
import { Connection } from '../mesh/connection';
import { clientWaits, waitsForEver } from '../mesh/server/server-first';

const mail = (port: string) => world(namespace('shop'), caller('shop', 'web', 'mail:587'), pod('shop', 'mail'), serviceNamed('shop', 'mail', port));

export const rule: Rule = {
  code: 'MTLS311',
  name: 'server-first-protocol-undeclared',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A service port whose server speaks first, such as SMTP, does not say its protocol, and sidecars wait for bytes that do not come.',
  why: 'A sidecar that has to find out the protocol of a port waits for the first bytes of the client, and the client waits for the greeting of the '
    + 'server: the connection hangs, whatever the mTLS of the port is. Istio knows by itself only ports 25, 53, 3306 and 27017.',
  fix: 'Let the name of the service port begin with tcp-, or set its appProtocol to tcp; in a ServiceEntry set its protocol to TCP.',
  references: [
    { title: 'Istio: Server first protocols', where: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols' },
    { title: 'The listener of a client for a port without protocol, buildListenerFromEntry', where: 'pilot/pkg/networking/core/listener.go' },
  ],
  examples: {
    invalid: mail('{name: submission, port: 587}'),
    fixed: mail('{name: tcp-submission, port: 587}'),
    valid: mail('{name: submission, port: 587, appProtocol: tcp}'),
  },
  check(context) {
    if (!waitsForEver(context.settings)) return;
    const ports = portsWhere(context, (_, port) => clientWaits(port));
    const hanging = new Map<string, Connection[]>();
    for (const connection of knownCallsTo(context, ports)) {
      if (connection.hangs?.object !== connection.service.object) continue;
      const list = hanging.get(keyOf(connection));
      if (list === undefined) hanging.set(keyOf(connection), [connection]);
      else list.push(connection);
    }
    ports.forEach((called, key) => report(context, called, hanging.get(key) ?? []));
  },
};

function report(context: RuleContext, { service, port }: CalledPort, hanging: readonly Connection[]): void {
  const servers = context.model.inventory.endpoints.of(service, port).flatMap(({ workload }) => workload ?? []);
  // Nobody is shown to call it: worth knowing where the server is in the mesh, so that its clients will be.
  if (hanging.length === 0 && !servers.some(({ dataPlane }) => dataPlane.value === 'sidecar')) return;
  context.report({
    at: service.object,
    field: port.path,
    see: [...new Set([...hanging.map(({ client }) => client.object), ...servers.map(({ object }) => object)])],
    calls: [...new Set(hanging.map(({ client, host, port: number }) => `${client.key} -> ${host}:${number}`))],
    ...hanging.length === 0 ? { severity: Severity.INFO } : {},
    what: `the server behind service port ${port.number} speaks first, and ${service.isKubernetes ? unsaid(port.name) : 'the port has no protocol that says'} `
      + 'that it is TCP: sidecars wait for bytes of the client to find out',
    fix: service.isKubernetes ? `Name the port ${port.name === '' ? 'tcp' : `tcp-${port.name}`}, or add appProtocol: tcp to it.` : 'Set protocol: TCP for the port.',
  });
}

function unsaid(name: string): string {
  return name === '' ? 'the port has no name to say' : `the name ${name} does not say`;
}
