import { faultsOf } from './calls/faults';
import { reportFaults, targetOf } from './calls/report';
import { caller, destinationRule, namespace, object, world } from './examples';
import { Severity } from './finding';
import { CLIENT_TLS_CLUSTER, TLS_CONFIGURATION_PAGE } from './references';
import { MODEL, Rule, RuleContext } from './rule';
import { asWritten, at as valueIn, pathText } from '../mesh/json';
import { portPolicy } from '../mesh/rules/traffic-policy';
import { Service } from '../mesh/services/service';

const bank = (port: string, scheme: string, tls = '{mode: SIMPLE}') => world(
  namespace('shop'), caller('shop', 'web', `${scheme}://api.bank.example`), object('networking.istio.io/v1', 'ServiceEntry', 'shop', 'bank',
    `{hosts: [api.bank.example], location: MESH_EXTERNAL, resolution: DNS, ports: [${port}]}`),
  destinationRule('shop', 'bank', `{host: api.bank.example, trafficPolicy: {tls: ${tls}}}`),
);

export const rule: Rule = {
  code: 'MTLS219',
  name: 'double-tls',
  severity: Severity.ERROR,
  reads: [MODEL],
  summary: 'A DestinationRule originates TLS on a port where the application speaks TLS itself, or on a port where the server speaks none.',
  why: 'TLS inside TLS is a handshake that the server cannot read ("WRONG_VERSION_NUMBER", HTTP 400); and a server\'s port 80 answers no handshake.',
  fix: 'Let one of the two do it: remove the tls block, or call the host by http and give the port targetPort 443.',
  references: [CLIENT_TLS_CLUSTER, TLS_CONFIGURATION_PAGE],
  examples: {
    invalid: bank('{number: 443, name: https, protocol: HTTPS}', 'https'),
    fixed: bank('{number: 443, name: https, protocol: HTTPS}', 'https', '{mode: DISABLE}'),
    valid: bank('{number: 80, name: http, protocol: HTTP, targetPort: 443}', 'http'),
  },
  check(context) {
    reportDoubled(context);
    reportPort80(context);
  },
};

/** Calls of applications that are shown to speak TLS themselves. */
function reportDoubled(context: RuleContext): void {
  const doubled = new Set(faultsOf(context, 'MTLS219').filter(({ groups }) => groups.some(group => {
    const { host, port } = group.connection;
    for (const client of group.clients()) {
      const scheme = context.model.known.callTo(client, host, port)?.scheme;
      if (scheme !== undefined && TLS_SCHEMES.has(scheme)) return true;
    }
    return false;
  })));
  reportFaults(context, 'MTLS219', (fault, example) => doubled.has(fault) ? {
    what: `clients speak TLS to ${targetOf(example)} themselves, and ${pathText(fault.field)} ${asWritten(valueIn(fault.at.body, ...fault.field))} wraps it in TLS once more`,
    fix: `Set ${pathText(fault.field)} to DISABLE for service port ${example.port}, or let the application call the host by http and give the port targetPort ${example.targetPort}.`,
  } : undefined);
}

const TLS_SCHEMES = new Set(['https', 'wss', 'grpcs', 'ldaps', 'amqps', 'rediss', 'mqtts']);

/** Port 80 of a host outside the mesh to which TLS is spoken: by convention nobody answers it there. */
function reportPort80(context: RuleContext): void {
  for (const destination of context.model.destinationRules) {
    for (const service of context.model.inventory.servicesOf(destination.host)) {
      const isBare = service.isExternal && service.listed.length === 0;
      const port = isBare ? service.ports.find(({ number, target }) => number === 80 && target === 80) : undefined;
      const tls = port && portPolicy(destination, port.number).tls;
      if (port === undefined || tls === undefined || (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL')) continue;
      context.report({
        at: service.object,
        field: [...port.path, 'targetPort'],
        see: [destination.object],
        severity: Severity.WARNING,
        what: `${pathText(tls.path)}.mode ${tls.mode} speaks TLS to port 80 of ${service.host}, where servers speak plain HTTP`,
        fix: `Set ${pathText([...port.path, 'targetPort'])} to 443${has443(service) ? ', or take service port 80 out of the rule (portLevelSettings for 443)' : ''}.`,
      });
    }
  }
}

function has443({ ports }: Service): boolean {
  return ports.some(({ number }) => number === 443);
}
