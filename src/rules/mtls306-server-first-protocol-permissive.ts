import { CalledPort, keyOf, knownCallsTo, portsWhere } from './calls/known-calls-to';
import { Severity } from './finding';
import { joinMesh } from './join-mesh';
import { hasSelector } from './peer-authentications';
import { MODEL, Rule, RuleContext } from './rule';
import { isGateway, portPolicy } from './strict-ports';
import { Connection } from '../mesh/connection';
import { Reason } from '../mesh/decision';
import { Kinds } from '../mesh/kinds';
import { waitsForEver } from '../mesh/server/server-first';
import { isMongo, speaksFirst } from '../mesh/services/server-first';
import { Service, ServicePort } from '../mesh/services/service';

const SERVER = `
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: legacy}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: mysql, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: mysql}}
          spec:
            containers: [{name: mysql, ports: [{containerPort: 3306}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: mysql, namespace: shop}
      spec:
        selector: {app: mysql}
        ports: [{name: tcp-mysql, port: 3306}]
`;

const crmIn = (namespace: string) => `      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: crm, namespace: ${namespace}}
      spec:
        template:
          metadata: {labels: {app: crm}}
          spec:
            containers:
              - name: crm
                env: [{name: DB_URL, value: "mysql://mysql.shop:3306/crm"}]
`;

export const rule: Rule = {
  code: 'MTLS306',
  name: 'server-first-protocol-permissive',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A client is shown to speak plaintext to a PERMISSIVE workload port whose server speaks first, such as MySQL or SMTP.',
  why: 'A PERMISSIVE port waits for the first bytes of the client to tell TLS from plaintext, and the client waits for the greeting of the server: the '
    + 'connection hangs, with "reading initial communication packet" in MySQL. Clients that speak mTLS are not affected.',
  fix: 'Have every client speak mTLS, or make the workload port DISABLE, so that the sidecar waits for nothing.',
  references: [
    { title: 'Istio: Server first protocols', where: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols' },
    { title: 'The listener filters of a PERMISSIVE port, getFilterChainMatchOptions', where: 'pilot/pkg/networking/core/filterchain_options.go' },
  ],
  examples: {
    invalid: SERVER + crmIn('legacy'),
    fixed: `${SERVER + crmIn('legacy')}      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: mysql-3306, namespace: shop}
      spec:
        selector: {matchLabels: {app: mysql}}
        mtls: {mode: PERMISSIVE}
        portLevelMtls:
          "3306": {mode: DISABLE}
    `,
    valid: SERVER + crmIn('shop'),
  },
  check(context) {
    // With a time-out for it, the calls go through in the end.
    if (!waitsForEver(context.settings)) return;
    const ports = portsWhere(context, (service, port) => speaksFirst(port) && isPermissive(context, service, port));
    const faults = new Map<string, Connection[]>();
    for (const connection of knownCallsTo(context, ports)) collect(connection, faults);
    faults.forEach(connections => report(context, connections, ports.get(keyOf(connections[0]))!));
  },
};

function isPermissive(context: RuleContext, service: Service, port: ServicePort): boolean {
  return context.model.inventory.endpoints.of(service, port).some(({ workload, port: number }) => workload !== undefined
    && workload.dataPlane.value === 'sidecar' && !isGateway(workload) && context.model.serverMode(workload, number).value === 'PERMISSIVE');
}

/** Calls by what makes them plaintext: a rule of the client's proxy, or else what makes the port PERMISSIVE. ztunnel waits for nothing. */
function collect(connection: Connection, faults: Map<string, Connection[]>): void {
  const { client, server, wire, serverMode, hangs, service } = connection;
  // MTLS311 speaks of ports that do not say their protocol.
  if (hangs?.object === service.object) return;
  if (client.dataPlane.value === 'unknown' || server === undefined || server.dataPlane.value !== 'sidecar') return;
  if (wire.value.sends !== 'plaintext' || serverMode.value !== 'PERMISSIVE') return;
  const key = `${connection.host} ${connection.port} ${placeOf(connection).object?.identity ?? ''}`;
  const list = faults.get(key);
  if (list === undefined) faults.set(key, [connection]);
  else list.push(connection);
}

/** What to change: the rule that takes the mTLS from a client that has a proxy, else the policy of the server. */
function placeOf({ wire, serverMode }: Connection): Pick<Reason, 'object' | 'field'> & { readonly isRule: boolean } {
  const { object, field } = wire.decidedBy;
  return object?.key === Kinds.DESTINATION_RULE ? { object, field, isRule: true } : { ...serverMode.decidedBy, isRule: false };
}

function report(context: RuleContext, connections: readonly Connection[], { service, port }: CalledPort): void {
  const [first] = connections;
  const { object, field, isRule } = placeOf(first);
  const server = first.server!;
  const because = isRule ? `${object!.title} has ${first.client.key} send plaintext` : `${first.client.key} speaks plaintext (${first.client.dataPlane.decidedBy.text})`;
  const mesh = isRule ? `Have ${first.client.key} speak mTLS: take tls out of ${object!.title}, or make it ISTIO_MUTUAL` : joinMesh(context, first.client);
  const policies = first.serverMode.because.map(reason => reason.object);
  const existing = policies.find(one => one?.key === Kinds.PEER_AUTHENTICATION && hasSelector(one));
  context.report({
    at: object ?? service.object,
    field: object === undefined ? port.path : field,
    see: [...new Set([...connections.map(({ client: { object: one } }) => one), service.object, server.object])],
    calls: [...new Set(connections.map(({ client: one, host, port: number }) => `${one.key} -> ${host}:${number}`))],
    what: `${because} to service port ${port.number} of ${service.object.title}, where the server speaks first, `
      + `and workload port ${first.targetPort} of ${server.key} is PERMISSIVE`,
    // Sidecars send mTLS to headless Services whatever a single port says.
    fix: service.isHeadless || isRule || server.namespace === context.settings.rootNamespace ? `${mesh}.`
      : `${mesh}. Or make workload port ${first.targetPort} DISABLE${existing === undefined ? '' : `, in ${existing.title}`}:\n`
        + portPolicy(server, first.targetPort, 'DISABLE', 'PERMISSIVE', existing, service),
    ...isMongo(port) ? { severity: Severity.WARNING, condition: 'the server greets its clients, which MongoDB does not with most drivers' } : {},
  });
}
