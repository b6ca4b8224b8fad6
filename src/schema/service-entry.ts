/** ServiceEntry: its CRD and its message. The webhook validation is in service-entry-webhook.ts. */

import { everyKey, selectorValue } from './common';
import { hasLabelSyntax } from './hosts';
import { Rule, list, map, message, text, uint32, words } from './notation';
import { ServiceEntrySpec } from './service-entry-webhook';

/** CEL: `0 < self && self <= 65535`. */
const PORT_IN_RANGE: Rule = { message: 'port must be between 1-65535', test: (port: number) => port > 0 && port <= 65535 };

const UNIX = 'unix://';

/** CEL: an address of a Unix domain socket. `self.substring(7, 8)` fails when nothing follows `unix://`. */
const UNIX_ADDRESS: readonly Rule[] = [
  {
    message: 'UDS must be an absolute path or abstract socket',
    test: (address: string) => {
      if (!address.startsWith(UNIX)) return true;
      if (address.length === UNIX.length) return 'index out of range: 8';
      return address[UNIX.length] === '/' || address[UNIX.length] === '@';
    },
  },
  { message: 'UDS may not be a dir', test: (address: string) => !address.startsWith(UNIX) || !address.endsWith('/') },
];

/** CEL: `size(key) < 63 && key.matches(…)`. */
function portNamesAreValid(ports: object): boolean {
  return everyKey(ports, name => name.length < 63 && hasLabelSyntax(name));
}

/** CRD and proto: istio.networking.v1alpha3.WorkloadEntry. */
const ENDPOINT = message({
  address: text({ maxLength: 256, rules: UNIX_ADDRESS }),
  ports: map(uint32({ rules: [PORT_IN_RANGE] }), {
    maxCount: 128,
    rules: [{ message: 'port name must be valid', test: portNamesAreValid }],
  }),
  labels: map(text(), { maxCount: 256 }),
  network: text({ maxLength: 2048 }),
  locality: text({ maxLength: 2048 }),
  weight: uint32(),
  serviceAccount: text({ maxLength: 253 }),
}, {
  rules: [
    { message: 'Address is required', test: entry => entry.address !== undefined || entry.network !== undefined },
    { message: 'UDS may not include ports', test: entry => entry.address?.startsWith(UNIX) !== true || entry.ports === undefined },
  ],
});

/** CEL: `self.all(l1, self.exists_one(l2, l1.number == l2.number))`. */
function portNumbersDiffer(ports: readonly { readonly number: number }[]): boolean {
  return ports.length < 2 || new Set(ports.map(port => port.number)).size === ports.length;
}

/** Whether the resolution is NONE, which it is when it is not given. */
function resolvesNothing(spec: ServiceEntrySpec): boolean {
  return spec.resolution === undefined || spec.resolution === 'NONE';
}

/** CRD: serviceentries.networking.istio.io, and proto: istio.networking.v1alpha3.ServiceEntry. */
export const SERVICE_ENTRY = message({
  hosts: list(text({ rules: [{ message: 'hostname cannot be wildcard', test: (host: string) => host !== '*' }] }), { minCount: 1, maxCount: 256 }),
  addresses: list(text({ maxLength: 64 }), { maxCount: 256 }),
  ports: list(message({
    number: uint32({ rules: [PORT_IN_RANGE] }),
    protocol: text({ maxLength: 256 }),
    name: text({ maxLength: 256 }),
    targetPort: uint32({ rules: [PORT_IN_RANGE] }),
  }, { required: ['number', 'name'] }), {
    maxCount: 256,
    listKey: 'name',
    rules: [{ message: 'port number cannot be duplicated', test: portNumbersDiffer }],
  }),
  location: words('istio.networking.v1alpha3.ServiceEntry.Location', 'MESH_EXTERNAL', 'MESH_INTERNAL'),
  resolution: words('istio.networking.v1alpha3.ServiceEntry.Resolution', 'NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
  endpoints: list(ENDPOINT, { maxCount: 4096 }),
  workloadSelector: message({ labels: map(selectorValue('wildcard is not supported in selector'), { maxCount: 256 }) }),
  exportTo: list(text()),
  subjectAltNames: list(text()),
}, {
  required: ['hosts'],
  rules: [
    {
      message: 'only one of WorkloadSelector or Endpoints can be set',
      test: (spec: ServiceEntrySpec) => spec.workloadSelector === undefined || spec.endpoints === undefined,
    },
    {
      message: 'CIDR addresses are allowed only for NONE/STATIC resolution types',
      test: (spec: ServiceEntrySpec) =>
        resolvesNothing(spec) || spec.resolution === 'STATIC' || !(spec.addresses ?? []).some(address => address.includes('/')),
    },
    {
      message: 'NONE mode cannot set endpoints',
      test: (spec: ServiceEntrySpec) => !resolvesNothing(spec) || spec.endpoints === undefined,
    },
    {
      message: 'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
      test: (spec: ServiceEntrySpec) => spec.resolution !== 'DNS_ROUND_ROBIN' || (spec.endpoints ?? []).length <= 1,
    },
  ],
});
