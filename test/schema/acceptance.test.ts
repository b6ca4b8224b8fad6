import { METADATA, destinationRule, peerAuthentication, policy, serviceEntry } from './objects';
import { acceptance } from '../../src/schema';

const rejectionsOf = (object: object) => acceptance(object)!.rejections;

describe('an object of another kind', () => {
  it.each([
    ['no object', 5],
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an object without kind', {}],
    ['a Service', { apiVersion: 'v1', kind: 'Service' }],
    ['a kind of ours in a group that is not Istio\'s', { apiVersion: 'example.com/v1', kind: 'DestinationRule' }],
    ['a kind of ours without version', { kind: 'DestinationRule' }],
    ['a kind that only JavaScript has', { apiVersion: 'networking.istio.io/v1', kind: 'constructor' }],
    ['an instance of a class', new (class { apiVersion = 'security.istio.io/v1'; kind = 'PeerAuthentication'; })()],
  ])('is nobody\'s business: %s', (_, object) => {
    expect(acceptance(object)).toBeUndefined();
  });
});

describe('the version', () => {
  it.each([
    ['PeerAuthentication', 'security.istio.io/v1'],
    ['PeerAuthentication', 'security.istio.io/v1beta1'],
    ['DestinationRule', 'networking.istio.io/v1'],
    ['DestinationRule', 'networking.istio.io/v1beta1'],
    ['DestinationRule', 'networking.istio.io/v1alpha3'],
  ])('%s is served as %s', (kind, apiVersion) => {
    expect(acceptance({ apiVersion, kind, metadata: METADATA, spec: { host: 'reviews' } })!.accepted).toBe(true);
  });

  it('that is not served is refused, with those that are', () => {
    expect(rejectionsOf({ apiVersion: 'security.istio.io/v1alpha1', kind: 'PeerAuthentication' })).toEqual([{
      field: 'apiVersion',
      path: ['apiVersion'],
      message: 'no matches for kind "PeerAuthentication" in version "security.istio.io/v1alpha1"',
      source: 'crd',
      value: 'security.istio.io/v1alpha1',
      allowed: 'security.istio.io/v1, security.istio.io/v1beta1',
    }]);
  });
});

describe('a rejection', () => {
  it('names field, value and what is allowed', () => {
    expect(rejectionsOf(policy({ tls: { mode: 'STRICT' } }))).toEqual([
      {
        field: 'spec.trafficPolicy.tls.mode',
        path: ['spec', 'trafficPolicy', 'tls', 'mode'],
        message: 'Unsupported value',
        source: 'crd',
        value: 'STRICT',
        allowed: 'DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL',
      },
      {
        field: 'spec.trafficPolicy.tls.mode',
        path: ['spec', 'trafficPolicy', 'tls', 'mode'],
        message: 'unknown value "\\"STRICT\\"" for enum istio.networking.v1alpha3.ClientTLSSettings.TLSmode',
        source: 'webhook',
        value: 'STRICT',
      },
    ]);
  });

  it('has Istio\'s message for ports without selector', () => {
    expect(rejectionsOf(peerAuthentication({ portLevelMtls: { 8080: { mode: 'DISABLE' } } })).map(({ field, message, source }) => [source, field, message]))
      .toEqual([
        ['crd', 'spec', 'portLevelMtls requires selector'],
        ['webhook', 'spec.portLevelMtls', 'mesh/namespace peer authentication cannot have port level mTLS'],
      ]);
  });

  it.each([
    ['spec.portLevelMtls.8080.mode', peerAuthentication({ selector: { matchLabels: { a: 'b' } }, portLevelMtls: { 8080: { mode: 'x' } } })],
    ['spec.subsets[1].name', destinationRule({ host: 'a', subsets: [{ name: 'v1' }, {}] })],
    ['spec.trafficPolicy.portLevelSettings[0].port', policy({ portLevelSettings: [{ tls: {} }] })],
    ['spec.ports[0].number', serviceEntry({ hosts: ['a.com'], ports: [{ name: 'http', number: 70000 }] })],
    ['metadata.annotations.istio.io/dry-run', { ...peerAuthentication({}), metadata: { annotations: { 'istio.io/dry-run': 'true' } } }],
  ])('is found at %s', (field, object) => {
    expect(rejectionsOf(object).map(rejection => rejection.field)).toContain(field);
  });

  it('has the API server\'s reasons before the webhook\'s', () => {
    const sources = rejectionsOf(destinationRule({ host: 5, exportTo: 'x', trafficPolicy: {} })).map(({ source }) => source);
    expect(sources).toEqual([...sources].sort());
  });
});

describe('unknown fields', () => {
  it('do not count against an object, and are listed in order, as names and as steps', () => {
    const answer = acceptance(policy({ tls: { mode: 'SIMPLE' }, mtls: {}, portLevelSettings: [{ port: { number: 80, name: 'http' }, tls: {} }], a: 1 }))!;
    expect(answer.accepted).toBe(true);
    expect(answer.unknownFields).toEqual(['spec.trafficPolicy.a', 'spec.trafficPolicy.mtls', 'spec.trafficPolicy.portLevelSettings[0].port.name']);
    expect(answer.unknownPaths[2]).toEqual(['spec', 'trafficPolicy', 'portLevelSettings', 0, 'port', 'name']);
  });

  it('of the metadata are the API server\'s business', () => {
    expect(acceptance({ ...peerAuthentication({}), metadata: { name: 'a', extra: 1 } })!.unknownFields).toEqual([]);
  });

  it('are kept at the top of a status, but not below', () => {
    const status = { anything: 1, conditions: [{ other: 1, type: 'Ready' }] };
    expect(acceptance({ ...peerAuthentication({}), status })!.unknownFields).toEqual(['status.conditions[0].other']);
  });
});

describe('the view', () => {
  const selector = { matchLabels: { app: 'web' } };

  it('of Istio\'s validator stops at unknown fields, that of a cluster drops them and goes on to the CEL rules', () => {
    const object = peerAuthentication({ selector, portLevelMtls: { ' 80': {} }, extra: 1 });
    expect(acceptance(object)).toMatchObject({ accepted: true, unknownFields: ['spec.extra'] });
    expect(acceptance(object, 'cluster')).toMatchObject({ accepted: false, unknownFields: ['spec.extra'], rejections: [{ field: 'spec.portLevelMtls' }] });
  });

  it('of Istio\'s validator lists no unknown fields beside a wrong structure, that of a cluster does', () => {
    const object = peerAuthentication({ mtls: { mode: 'strict' }, extra: 1 });
    expect(acceptance(object)!.unknownFields).toEqual([]);
    expect(acceptance(object, 'cluster')!.unknownFields).toEqual(['spec.extra']);
  });

  it('of a cluster keeps unknown fields from the webhook', () => {
    const object = policy({ tls: {}, load_balancer: 1 });
    expect(acceptance(object)!.accepted).toBe(false);
    expect(acceptance(object, 'cluster')!.accepted).toBe(true);
  });

  it('of a cluster drops the status', () => {
    expect(acceptance({ ...peerAuthentication({}), status: 5 })!.accepted).toBe(false);
    expect(acceptance({ ...peerAuthentication({}), status: 5 }, 'cluster')!.accepted).toBe(true);
  });
});

describe('warnings', () => {
  it.each([
    ['workload selector specified without labels', peerAuthentication({ selector: {} })],
    ['workload selector specified without labels', destinationRule({ host: 'a', workloadSelector: { matchLabels: {} } })],
    ['service entry: workload selector specified without labels, will be applied to all services in namespace',
      serviceEntry({ hosts: ['a.com'], resolution: 'STATIC', workloadSelector: {} })],
    ['workloadSelector should not be set when resolution mode is NONE',
      serviceEntry({ hosts: ['a.com'], workloadSelector: { labels: { a: 'b' } } })],
    ['partial wildcard "*a.com" not allowed', serviceEntry({ hosts: ['*a.com'] })],
    ['address is unset with network "n"', serviceEntry({ hosts: ['a.com'], resolution: 'STATIC', endpoints: [{ network: 'n' }] })],
    ['addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled',
      {
        ...serviceEntry({ hosts: ['a.com'], resolution: 'STATIC', ports: [{ name: 'a', number: 80 }] }),
        metadata: { labels: { 'networking.istio.io/enable-autoallocate-ip': 'False' } },
      }],
    ['service entry can not have more than one host specified simultaneously with address and tcp port',
      serviceEntry({
        hosts: ['a.com', 'b.com'],
        resolution: 'DNS',
        addresses: ['1.1.1.1'],
        ports: [{ name: 'a', number: 443, protocol: 'TLS' }],
      })],
    ['outlier detection policy must be provided for failover', policy({ loadBalancer: { localityLbSetting: { failoverPriority: ['a'] } } })],
    ['outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
      policy({ outlierDetection: { consecutiveErrors: 1 } })],
    ['consistent hash MinimumRingSize is deprecated, use ConsistentHashLB\'s RingHash configuration instead',
      policy({ loadBalancer: { consistentHash: { minimumRingSize: 5 } } })],
  ])('do not count against an object: %s', (warning, object) => {
    expect(acceptance(object)).toMatchObject({ accepted: true, warnings: [warning] });
  });

  it('of subsets are lost in istiod', () => {
    const trafficPolicy = { outlierDetection: { consecutiveErrors: 1 } };
    expect(acceptance(destinationRule({ host: 'a', subsets: [{ name: 'v1', trafficPolicy }] }))!.warnings).toEqual([]);
  });
});

describe('DYNAMIC_DNS', () => {
  const dynamic = (more: object) => serviceEntry({ hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS', ports: [{ name: 'http', number: 80, protocol: 'HTTP' }], ...more });

  it('is for wildcard hosts, HTTP and TLS', () => {
    expect(acceptance(dynamic({}))!.accepted).toBe(true);
  });

  it.each([
    ['addresses', { addresses: ['1.1.1.1'] }],
    ['endpoints', { endpoints: [{ address: '1.1.1.1' }] }],
    ['plain TCP', { ports: [{ name: 'tcp', number: 80, protocol: 'TCP' }] }],
    ['no hosts', { hosts: [] }],
  ])('is not for %s', (_, more) => {
    expect(rejectionsOf(dynamic(more)).some(({ source }) => source === 'webhook')).toBe(true);
  });

  it('inside the mesh is not for waypoints', () => {
    const inside = (waypoint: string) => ({ ...dynamic({ location: 'MESH_INTERNAL' }), metadata: { labels: { 'istio.io/use-waypoint': waypoint } } });
    expect(acceptance(inside('None'))!.accepted).toBe(true);
    expect(acceptance(inside('w'))!.accepted).toBe(false);
  });
});
