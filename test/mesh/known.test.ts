import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { connections, deployment, Fields, headless, istio, mesh, namespace, service } from './build';
import { reasonJson } from '../../src/mesh/decision';
import { mentionsIn, TextKind } from '../../src/mesh/known/mentions';
import { Workload } from '../../src/mesh/workloads/workload';

/** A client in `cl`, Services in its namespace and in another, and one that is outside. */
const SERVICES: readonly Fields[] = [
  namespace('cl'), namespace('shop'),
  service('cl/local'), service('cl/postgres', { ports: [{ name: 'tcp', port: 5432 }] }),
  service('shop/customers'), service('shop/two', { ports: [{ name: 'http', port: 80 }, { name: 'admin', port: 9000 }] }),
  service('shop/far', { ports: [{ name: 'http', port: 8080 }] }),
  headless('shop/kafka'), service('shop/other-name', { type: 'ExternalName', externalName: 'far.shop.svc.cluster.local', ports: [{ name: 'http', port: 8080 }] }),
  istio('ServiceEntry cl/bank', { hosts: ['api.bank.example', '*.wild.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }, { number: 443, name: 'tls', protocol: 'TLS' }] }),
];

function client(container: Fields, spec: Fields = {}, annotations: Fields = {}, labels: Fields = {}): Fields {
  return deployment('cl/client', labels, { annotations, spec: { containers: [{ name: 'app', ...container }], ...spec } });
}

/** The calls of a client, as `customers.shop:80`, with `/subset` where there is one. */
function known(objects: readonly unknown[], key = 'cl/client', settings = {}): string[] {
  const { model } = mesh([...SERVICES, ...objects], settings);
  return model.known.callsOf(model.inventory.workload(key)!)
    .map(({ host, port, subset }) => `${host.replace('.svc.cluster.local', '')}:${port}${subset && `/${subset}`}`);
}

const byVariable = (value: unknown, name = 'TARGET', settings = {}): string[] => known([client({ env: [{ name, value }] })], 'cl/client', settings);

const CUSTOMERS = 'customers.shop:80';

describe('a variable that names a host', () => {
  it.each([
    'customers.shop', 'customers.shop.svc', 'customers.shop.svc.cluster.local', 'customers.shop.svc.cluster.local.', 'CUSTOMERS.Shop',
    'customers.shop:80', 'customers.shop.svc.cluster.local.:80', 'http://customers.shop', 'https://customers.shop/path', 'HTTP://customers.shop:80/a?b=c#d',
    'http://user:p%40ss@customers.shop/', '  customers.shop  ', 'customers.shop,', 'see http://customers.shop.', '"http://customers.shop"',
    '{"url":"http://customers.shop/x","n":1}', 'jdbc:mysql://customers.shop:80/app?useSSL=false', 'jdbc:oracle:thin:@customers.shop:80:orcl',
    'jdbc:oracle:thin:@//customers.shop:80/orcl', 'jdbc:sqlserver://customers.shop:80;databaseName=a', 'amqp://guest:guest@customers.shop:80/%2f',
    'mongodb://u:p@elsewhere:1,customers.shop:80/db', 'PLAINTEXT://elsewhere:9092,customers.shop:80', 'dns:///customers.shop:80',
    'amqp://$(USER):$(PASSWORD)@customers.shop:80', 'ready at customers.shop.svc.cluster.local', 'url=http://customers.shop',
    'http://proxy.example/,http://customers.shop/', 'http://customers.shop\nhttp://nowhere',
  ])('%s', value => {
    expect(byVariable(value)).toEqual([CUSTOMERS]);
  });

  it.each([
    ['local', ['local.cl:80']], ['http://local', ['local.cl:80']], ['local:80', ['local.cl:80']], ['http://local:80/customers.shop', ['local.cl:80']],
    ['two.shop', ['two.shop:80', 'two.shop:9000']], ['http://two.shop', ['two.shop:80']], ['two.shop:9000', ['two.shop:9000']], ['tcp://two.shop', ['two.shop:80', 'two.shop:9000']],
    ['http://far.shop', ['far.shop:8080']], ['two.shop:80,local:80;far.shop:8080', ['two.shop:80', 'local.cl:80', 'far.shop:8080']],
    ['customers.shop far.shop', [CUSTOMERS, 'far.shop:8080']], ['postgres://postgres@postgres/postgres', ['postgres.cl:5432']],
    ['http://api.bank.example/v1', ['api.bank.example:80']], ['https://api.bank.example', ['api.bank.example:443']], ['api.bank.example:443', ['api.bank.example:443']],
    ['https://a.wild.example', ['*.wild.example:443']],
    ['kafka-0.kafka.shop.svc.cluster.local:8080', ['kafka.shop:8080']], ['PLAINTEXT://kafka-1.kafka.shop:8080', ['kafka.shop:8080']], ['0@kafka-0.kafka.shop.svc:8080', ['kafka.shop:8080']],
    ['http://other-name.shop:8080', ['other-name.shop:8080', 'far.shop:8080']],
  ])('%s: %j', (value, expected) => {
    expect(byVariable(value)).toEqual(expected);
  });

  it('takes the cluster domain of the mesh', () => {
    expect(byVariable('http://customers.shop.svc.corp.example', 'TARGET', { clusterDomain: 'corp.example' })).toEqual(['customers.shop.svc.corp.example:80']);
    expect(byVariable('http://customers.shop.svc.cluster.local', 'TARGET', { clusterDomain: 'corp.example' })).toEqual([]);
  });
});

describe('what is no call', () => {
  it.each([
    ['a word in a sentence', 'the local copy'], ['a name of two words in a sentence', 'we use customers.shop here'],
    ['the short name of another namespace\'s Service', 'customers'], ['such a name in a URL', 'http://customers'], ['with a port', 'customers:80'],
    ['an e-mail address', 'team@customers.shop'], ['a link to write to it', 'mailto:team@customers.shop'], ['an image', 'gcr.io/local:80'],
    ['an image of a registry with such a name', 'customers.shop/app:80'], ['a file path', '/etc/customers.shop/local:80'], ['a file', 'file://customers.shop/x'], ['a socket', 'unix:///customers.shop'],
    ['a bucket', 's3://local/key'], ['an identity', 'spiffe://local/ns/cl'], ['localhost', 'http://localhost:80'], ['an IP', 'http://10.0.0.1:80'], ['another IP', '10.0.0.1'],
    ['IPv6', 'http://[::1]:80/'], ['a port that the Service does not have', 'http://customers.shop:8080'], ['port 0', 'customers.shop:0'], ['a port that no one has', 'customers.shop:99999'],
    ['a longer name', 'customers.shop.example.com'], ['a name that ends so', 'my-customers.shop'], ['a name in the path of a URL', 'http://nowhere/customers.shop:80'],
    ['a name in a query', 'nowhere:1?next=customers.shop:80'], ['a pod of a Service that is not headless', 'http://a.customers.shop.svc'], ['a pod by its address', '10-0-0-1.shop.pod.cluster.local'],
    ['a host that is filled in later', 'http://$(HOST).shop:80'], ['part of a name that is', 'http://${ENV}customers.shop'], ['a Docker port mapping', '80:local:80'],
    ['an empty text', ''], ['nothing', undefined], ['a number', 80], ['dots', 'customers..shop'],
  ])('%s: %s', (_, value) => {
    expect(byVariable(value)).toEqual([]);
  });

  it.each(['POSTGRES_USER', 'DB_NAME', 'POSTGRES_DB', 'dbUser', 'APP', 'spring.datasource.username'])('a word that %s says is something else', name => {
    expect(byVariable('postgres', name)).toEqual([]);
  });

  it.each(['DB_HOST', 'POSTGRES', 'PGHOST', 'db.host', 'HOST_NAME'])('but under %s it is one', name => {
    expect(byVariable('postgres', name)).toEqual(['postgres.cl:5432']);
  });

  it.each(['NO_PROXY', 'no_proxy', 'CORS_ORIGINS', 'ALLOWED_HOSTS', 'SIDE_IMAGE'])('hosts under %s', name => {
    expect(byVariable('customers.shop:80', name)).toEqual([]);
  });
});

describe('other places of a pod', () => {
  it.each([
    [['--db=customers.shop:80'], [CUSTOMERS]], [['--db=http://customers.shop/'], [CUSTOMERS]], [['-h', 'postgres'], ['postgres.cl:5432']], [['--host', 'postgres'], ['postgres.cl:5432']],
    [['--db', 'customers.shop'], [CUSTOMERS]], [['--host=postgres'], ['postgres.cl:5432']], [['postgres'], []], [['--name', 'postgres'], []], [['--name=postgres'], []],
    [['-c', 'until nc -z customers.shop 80; do curl http://two.shop:9000; done'], ['two.shop:9000']], [['sh', '-c', 'DB=customers.shop ./run'], [CUSTOMERS]],
    [['--no-proxy', 'customers.shop'], []], ['junk', []], [[1, null, {}], []],
  ])('arguments %j: %j', (args, expected) => {
    expect(known([client({ args })])).toEqual(expected);
    expect(known([client({ command: args })])).toEqual(expected);
  });

  it('reads init containers', () => {
    expect(known([client({}, { initContainers: [{ env: [{ name: 'A', value: 'http://customers.shop' }] }] })])).toEqual([CUSTOMERS]);
  });

  it('fills in variables as Kubernetes does', () => {
    const env = [
      { name: 'PLACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }, { name: 'PORT', value: '80' },
      { name: 'EARLY', value: 'http://far.$(LATE):8080' }, { name: 'LATE', value: 'shop' }, { name: 'QUOTED', value: '$$(PLACE).shop http://far.$$(LATE):8080' },
    ];
    expect(known([client({ env, args: ['http://local.$(PLACE):$(PORT)', '--x=customers.$(LATE):$(PORT)'] })])).toEqual(['local.cl:80', CUSTOMERS]);
  });

  it('does not let variables grow without end', () => {
    const env = Array.from({ length: 200 }, (_, index) => ({ name: `A${index}`, value: index === 0 ? 'x'.repeat(100) : `$(A${index - 1})$(A${index - 1})` }));
    expect(known([client({ env })])).toEqual([]);
  });

  const map = (data: Fields, key = 'cl/settings'): Fields => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: key.split('/')[0], name: key.split('/')[1] }, data });
  const mounted = (source: Fields): Fields => client({ volumeMounts: [{ name: 'v', mountPath: '/etc/app' }] }, { volumes: [{ name: 'v', ...source }] });
  const DATA = { DB_HOST: 'postgres', url: 'http://customers.shop' };

  it('reads the ConfigMaps that the pod uses, and no others', () => {
    expect(known([map(DATA), client({ envFrom: [{ configMapRef: { name: 'settings' } }] })])).toEqual(['postgres.cl:5432', CUSTOMERS]);
    expect(known([map(DATA), client({ env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'url' } } }] })])).toEqual([CUSTOMERS]);
    expect(known([map(DATA), mounted({ configMap: { name: 'settings' } })])).toEqual(['postgres.cl:5432', CUSTOMERS]);
    expect(known([map(DATA), mounted({ configMap: { name: 'settings', items: [{ key: 'url', path: 'x' }] } })])).toEqual([CUSTOMERS]);
    expect(known([map(DATA), mounted({ projected: { sources: [{ configMap: { name: 'settings' } }] } })])).toEqual(['postgres.cl:5432', CUSTOMERS]);
    expect(known([map(DATA), client({}, { volumes: [{ name: 'v', configMap: { name: 'settings' } }] })])).toEqual([]);
    expect(known([map(DATA, 'shop/settings'), mounted({ configMap: { name: 'settings' } })])).toEqual([]);
    expect(known([map(DATA), client({})])).toEqual([]);
  });

  it('lets arguments use what comes from a ConfigMap', () => {
    expect(known([map({ PLACE: 'shop' }), client({ envFrom: [{ prefix: 'MY_', configMapRef: { name: 'settings' } }], args: ['http://far.$(MY_PLACE)'] })])).toEqual(['far.shop:8080']);
  });

  it('reads files line by line, but not their comments', () => {
    const file = [
      '# http://far.shop:8080', 'scrape_configs:', '- targets: [\'two.shop:9000\']', 'database:', '  host: postgres', 'mode: local', 'module: customers.shop',
      'const a = local.cl;', 'upstream b { server customers.shop:80; }',
    ].join('\n');
    expect(known([map({ 'app.yaml': file }), mounted({ configMap: { name: 'settings' } })])).toEqual(['two.shop:9000', 'postgres.cl:5432', CUSTOMERS]);
  });

  it('takes for no call what dashboards and queries name', () => {
    const dashboard = JSON.stringify({ panels: [], templating: { list: [{ current: { value: 'customers.shop.svc.cluster.local' } }] } });
    const rules = [
      'groups:', '- rules:', '  - expr: sum(rate(istio_requests_total{destination_service="customers.shop.svc.cluster.local", code=~"5.."}[5m])) > 1',
      '  - expr: \'{app="web",host=~"two.shop.svc.cluster.local"} |= "error"\'',
    ];
    expect(known([map({ 'mesh-dashboard.json': dashboard, 'alerts.yaml': rules.join('\n') }), mounted({ configMap: { name: 'settings' } })])).toEqual([]);
    expect(known([map({ 'alerts.yaml': [...rules, 'url: http://customers.shop'].join('\n') }), mounted({ configMap: { name: 'settings' } })])).toEqual([CUSTOMERS]);
  });

  it('believes the annotation, on the pods or on the workload', () => {
    const annotations = { 'cdk8s-istio-mtls/calls': 'customers.shop:80, local' };
    expect(known([client({}, {}, annotations)])).toEqual([CUSTOMERS, 'local.cl:80']);
    const one = client({});
    expect(known([{ ...one, metadata: { ...one.metadata as Fields, annotations } }])).toEqual([CUSTOMERS, 'local.cl:80']);
    expect(known([client({}, {}, { 'cdk8s-istio-mtls/calls': 'nobody, customers, local:81, ,,' })])).toEqual([]);
  });
});

describe('routes', () => {
  const entrance = (labels: Fields = {}): Fields => deployment('edge/gw', { istio: 'ingressgateway', ...labels }, { annotations: { 'inject.istio.io/templates': 'gateway' } });
  const gateway = (hosts: readonly string[] = ['*'], port = 80): Fields =>
    istio('Gateway cl/gw', { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: port, name: 'http', protocol: 'HTTP' }, hosts }] });
  const virtual = (spec: Fields): Fields => istio('VirtualService cl/vs', { hosts: ['a.example'], gateways: ['gw'], ...spec });
  const to = (host: string, more: Fields = {}): Fields => ({ route: [{ destination: { host, ...more } }] });
  const FAR = 'far.shop.svc.cluster.local';
  const TWO = 'two.shop.svc.cluster.local';
  const atGateway = (spec: Fields, hosts?: readonly string[], port?: number): string[] => known([entrance(), gateway(hosts, port), virtual(spec)], 'edge/gw');

  it('are calls of the gateway to which they are bound', () => {
    expect(atGateway({ http: [to(FAR), to('local', { subset: 'v1' })] })).toEqual(['far.shop:8080', 'local.cl:80/v1']);
    expect(atGateway({ tcp: [to(FAR)], tls: [{ match: [{ sniHosts: ['a.example'] }], ...to('local') }] })).toEqual(['local.cl:80', 'far.shop:8080']);
    expect(atGateway({ http: [{ ...to(FAR), mirror: { host: 'local' }, mirrors: [{ destination: { host: TWO, port: { number: 9000 } } }] }] }))
      .toEqual(['far.shop:8080', 'local.cl:80', 'two.shop:9000']);
    expect(atGateway({ gateways: ['cl/gw'], http: [to(FAR)] })).toEqual(['far.shop:8080']);
  });

  it('go to the port that they name, to the only one, or to the one of the listener', () => {
    expect(atGateway({ http: [to(TWO, { port: { number: 9000 } })] })).toEqual(['two.shop:9000']);
    expect(atGateway({ http: [to(TWO)] })).toEqual(['two.shop:80']);
    expect(atGateway({ http: [to(TWO)] }, ['*'], 8443)).toEqual([]);
    expect(atGateway({ http: [to(FAR, { port: { number: 80 } })] })).toEqual([]);
  });

  it.each([
    ['another gateway', { gateways: ['other'], http: [to(FAR)] }], ['the sidecars', { gateways: ['mesh'], http: [to(FAR)] }], ['a host that the gateway does not serve', { hosts: ['b.example'], http: [to(FAR)] }],
    ['a match for the sidecars', { http: [{ match: [{ gateways: ['mesh'] }], ...to(FAR) }] }], ['another port', { http: [{ match: [{ port: 81 }], ...to(FAR) }] }],
    ['a namespace that does not see it', { exportTo: ['.'], http: [to(FAR)] }], ['a host that Istio does not complete', { http: [to('far.shop')] }], ['junk', { http: [{ route: [{ destination: 1 }] }, 3], tcp: {} }],
  ])('are no calls of a gateway where they are for %s', (_, spec) => {
    expect(atGateway(spec, ['a.example'])).toEqual([]);
  });

  it('are none of a way without weight beside others', () => {
    expect(atGateway({ http: [{ route: [{ destination: { host: FAR }, weight: 0 }, { destination: { host: 'local' }, weight: 100 }] }] })).toEqual(['local.cl:80']);
  });

  it.each([['*.example', true], ['cl/a.example', true], ['./a.example', true], ['shop/a.example', false], ['*/*', true], ['example', false]])('server host %s: %s', (host, served) => {
    expect(atGateway({ http: [to(FAR)] }, [host])).toEqual(served ? ['far.shop:8080'] : []);
  });

  it('lead those on who call the hosts of the VirtualService, if they have a sidecar', () => {
    const lead = istio('VirtualService shop/vs', { hosts: ['customers'], http: [{ route: [{ destination: { host: 'customers', subset: 'v2' } }, { destination: { host: FAR } }] }] });
    const caller = client({ env: [{ name: 'URL', value: 'http://customers.shop' }] });
    expect(known([lead, caller])).toEqual([CUSTOMERS, 'customers.shop:80/v2', 'far.shop:8080']);
    expect(known([lead, client({ env: [{ name: 'URL', value: 'http://customers.shop' }] }, {}, {}, { 'sidecar.istio.io/inject': 'false' })])).toEqual([CUSTOMERS]);
    expect(known([lead, client({})])).toEqual([]);
    expect(known([istio('VirtualService shop/vs', { hosts: ['customers'], tcp: [to(FAR)] }), caller])).toEqual([CUSTOMERS]);
    expect(known([istio('VirtualService cl/vs', { hosts: ['nobody.example'], http: [to(FAR)] }), client({ args: ['http://nobody.example/'] })])).toEqual(['far.shop:8080']);
  });

  const route = (spec: Fields, kind = 'HTTPRoute'): Fields => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { namespace: 'edge', name: 'r' }, spec });

  it.each(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'])('of kind %s are calls of the pods of their Gateway', kind => {
    const spec = { parentRefs: [{ name: 'main' }], rules: [{ backendRefs: [{ name: 'far', namespace: 'shop', port: 8080 }, { name: 'two', namespace: 'shop', port: 81 }] }] };
    expect(known([route(spec, kind), entrance({ 'gateway.networking.k8s.io/gateway-name': 'main' })], 'edge/gw')).toEqual(['far.shop:8080']);
    expect(known([route(spec, kind), entrance({ 'gateway.networking.k8s.io/gateway-name': 'other' })], 'edge/gw')).toEqual([]);
    expect(known([route(spec, kind), entrance()], 'edge/gw')).toEqual([]);
  });

  it('of the Gateway API can be for the callers of a Service', () => {
    const spec = {
      parentRefs: [{ kind: 'Service', group: '', name: 'customers', namespace: 'shop' }],
      rules: [{ backendRefs: [{ name: 'far', namespace: 'shop', port: 8080 }], filters: [{ requestMirror: { backendRef: { name: 'two', namespace: 'shop', port: 9000 } } }] }],
    };
    expect(known([route(spec), client({ args: ['http://customers.shop'] })])).toEqual([CUSTOMERS, 'far.shop:8080', 'two.shop:9000']);
  });

  it('of an Ingress are calls of the gateway only where Istio serves it', () => {
    const ingress = (spec: Fields, annotations: Fields = {}): Fields => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { namespace: 'shop', name: 'i', annotations },
      spec: {
        defaultBackend: { service: { name: 'customers', port: { number: 80 } } },
        rules: [{ http: { paths: [{ backend: { service: { name: 'two', port: { name: 'admin' } } } }] } }],
        ...spec,
      },
    });
    expect(known([ingress({ ingressClassName: 'istio' }), entrance()], 'edge/gw')).toEqual([CUSTOMERS, 'two.shop:9000']);
    expect(known([ingress({}, { 'kubernetes.io/ingress.class': 'istio' }), entrance()], 'edge/gw')).toEqual([CUSTOMERS, 'two.shop:9000']);
    expect(known([ingress({ ingressClassName: 'nginx' }), entrance()], 'edge/gw')).toEqual([]);
    expect(known([ingress({}), entrance()], 'edge/gw')).toEqual([]);
  });
});

describe('evidence', () => {
  const { model } = mesh([...SERVICES, client({ env: [{ name: 'URL', value: 'http://customers.shop' }] })]);
  const caller = model.inventory.workload('cl/client')!;

  it('says which field names the host', () => {
    expect(reasonJson(model.known.evidence(caller, 'customers.shop.svc.cluster.local', 80)!)).toEqual({
      object: 'Deployment cl/client', field: 'spec.template.spec.containers[0].env[0].value', text: 'the variable URL names customers.shop.svc.cluster.local',
    });
  });

  it('is missing for other calls', () => {
    expect(model.known.isKnown(caller, 'customers.shop.svc.cluster.local', 81)).toBe(false);
    expect(model.known.isKnown(caller, 'far.shop.svc.cluster.local', 8080)).toBe(false);
    expect(model.known.isKnown(caller, 'customers.shop.svc.cluster.local', 80, 'v1')).toBe(false);
  });

  it('is in each connection, last', () => {
    const [one] = connections([...SERVICES, deployment('shop/customers'), client({ args: ['http://customers.shop'] })]).filter(({ host, client: by }) => host.startsWith('customers') && by === 'cl/client');
    expect(Object.keys(one).pop()).toBe('known');
    expect(one.known).toBe(true);
  });

  it('is not looked for before it is asked for', () => {
    const asked: Workload[] = [];
    const lazy = mesh([...SERVICES, deployment('shop/customers'), client({})]).model;
    jest.spyOn(lazy.known, 'evidence').mockImplementation(one => void asked.push(one));
    const all = [...lazy.connections()];
    expect([all.length > 0, asked.length]).toEqual([true, 0]);
    expect([all[0].known, asked.length]).toEqual([false, 1]);
  });
});

describe('the lab', () => {
  const { model } = mesh(loadAll(readFileSync(join(__dirname, 'lab', 'app.yaml'), 'utf8')).filter(Boolean), { openWorld: true });
  const made = [...model.connections()].filter(one => one.known).map(one => `${one.client.key} -> ${one.host}:${one.port}`);

  it('has three calls', () => {
    expect(made.sort()).toEqual([
      'default/web-frontend -> customers.default.svc.cluster.local:80',
      'istio-system/istio-ingressgateway -> customers.default.svc.cluster.local:80',
      'istio-system/istio-ingressgateway -> web-frontend.default.svc.cluster.local:80',
    ]);
  });
});

describe('reading a text', () => {
  const KINDS: readonly TextKind[] = ['variable', 'argument', 'file'];
  const PIECES = ['{a="', '}', '{', '://', '@', '//', ':', '.', ',', ' ', '\n', '=', '$(', '${', '{{', '}}', ')', '#', '/', 'a', 'svc', 'http', '80', '-', '"', ';', '_'];

  it('never fails, and finds hosts only', () => {
    const text = fc.oneof(fc.string(), fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map(pieces => pieces.join('')));
    fc.assert(fc.property(text, fc.constantFrom(...KINDS), fc.string(), (one, kind, title) => {
      for (const { host, port } of mentionsIn(one, kind, title)) {
        expect(host).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
        expect(port === undefined || (port > 0 && port < 65536)).toBe(true);
      }
    }), { numRuns: 2000 });
  });

  it.each([...PIECES, 'a.', 'a-', 'a:', 'a=', 'a@', '${a', '$(a', '{{a', 'a,', 'http://', 'http://a:1,', ' -', '- ', 'a: ', '\t', '\n#', 'a.b.svc ', '{a="b"', '{ a', '{a  '])('comes to an end with a long text of %j', piece => {
    const long = piece.repeat(Math.ceil(200_000 / piece.length));
    // A step for each pair of characters would take a minute, and nobody would wait for this test.
    for (const kind of KINDS) expect([...mentionsIn(long, kind, long)].length).toBeLessThanOrEqual(long.length);
  });
});

describe('junk', () => {
  const KEYS = [
    'spec', 'containers', 'initContainers', 'env', 'envFrom', 'configMapRef', 'name', 'value', 'valueFrom', 'fieldRef', 'args', 'command', 'volumes', 'configMap', 'items', 'hosts', 'gateways',
    'http', 'tcp', 'route', 'match', 'destination', 'host', 'port', 'number', 'servers', 'selector', 'parentRefs', 'rules', 'backendRefs', 'filters', 'defaultBackend', 'service', 'template',
  ];
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof({ maxDepth: 6 }, fc.constantFrom(null, 0, 80, '', 'a', 'a.cl', 'mesh', 'http://a', true), fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 5 })),
  }));
  const KINDS = [
    ['apps/v1', 'Deployment'], ['v1', 'Pod'], ['v1', 'Service'], ['v1', 'ConfigMap'], ['networking.k8s.io/v1', 'Ingress'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['networking.istio.io/v1', 'Gateway'], ['networking.istio.io/v1', 'VirtualService'], ['networking.istio.io/v1', 'ServiceEntry'],
  ];

  it('never fails', () => {
    const object = fc.tuple(fc.constantFrom(...KINDS), tree, tree).map(([[apiVersion, kind], spec, data]) =>
      ({ apiVersion, kind, metadata: { namespace: 'cl', name: 'a', annotations: { 'kubernetes.io/ingress.class': 'istio' } }, spec: kind === 'Deployment' ? { template: { spec } } : spec, data }));
    fc.assert(fc.property(fc.array(object, { maxLength: 6 }), objects => {
      const gateway = deployment('cl/gw', { 'istio': 'ingressgateway', 'gateway.networking.k8s.io/gateway-name': 'a' }, { annotations: { 'inject.istio.io/templates': 'gateway' } });
      const { model } = mesh([...objects, gateway]);
      for (const workload of model.inventory.workloads) model.known.callsOf(workload);
    }), { numRuns: 1000 });
  });
});
