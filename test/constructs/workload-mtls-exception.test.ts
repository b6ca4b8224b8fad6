import { deployment, namespace, refusesAtOnce, refusesAtSynth, service, shop, synthKind, wrong } from './kit';
import { MtlsMode, ServicePort, ServiceRef, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from '../../src/constructs';
import { expectGolden } from '../golden';

const workload = WorkloadSelector.labels({ app: 'web' });
const reason = 'Probed by the load balancer.';

test('a port exception leaves the mode of the other ports to the namespace', () => {
  const chart = shop();
  new WorkloadMtlsException(chart, 'HealthPort', {
    workload, reason, owner: 'team-web', expires: '2027-03-31', ports: [WorkloadPort.number(8080), WorkloadPort.number(9090)],
  });
  expectGolden('exception-ports', chart);
});

test('an exception without ports is for the whole workload', () => {
  const chart = shop();
  const { policy } = new WorkloadMtlsException(chart, 'legacy', { workload, reason, mode: MtlsMode.DISABLE, metadata: { annotations: { note: 'x' } } });
  expect(policy.toJson()).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'legacy', namespace: 'shop', annotations: { 'note': 'x', 'cdk8s-istio-mtls/reason': reason } },
    spec: { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'DISABLE' } },
  });
});

test('ports can be given by container port name, behind a Service, and later', () => {
  const chart = shop();
  const web = deployment(chart, 'web', { ports: [{ containerPort: 3000, name: 'api' }, { containerPort: 3001, name: 'admin' }] });
  const svc = service(chart, 'web', [{ port: 80, targetPort: 'api' }, { port: 90, name: 'metrics', targetPort: 9102 }]);
  const exception = new WorkloadMtlsException(chart, 'open', { workload: WorkloadSelector.of(web), reason, ports: [WorkloadPort.named('admin')] });
  exception.addPort(WorkloadPort.behind(ServiceRef.of(svc), ServicePort.number(80)));
  exception.addPort(WorkloadPort.behind(ServiceRef.of(svc), ServicePort.named('metrics')));
  expect(Object.keys(synthKind(chart, 'PeerAuthentication')[0].spec.portLevelMtls)).toEqual(['3000', '3001', '9102']);
});

test('the last day of a leap February is a day', () => {
  expect(() => new WorkloadMtlsException(shop(), 'open', { workload, reason, expires: '2028-02-29' })).not.toThrow();
});

describe('refuses at once', () => {
  const build = (props: object) => (chart: any) => new WorkloadMtlsException(chart, 'open', wrong({ workload, reason, ...props }));
  refusesAtOnce({
    'no reason': [
      build({ reason: undefined }),
      "shop/open (WorkloadMtlsException): 'reason' is missing; say why this exception is needed, for those who review it later",
    ],
    'a blank reason': [
      build({ reason: '  ' }),
      "shop/open (WorkloadMtlsException): 'reason' must be a text that is not blank; got '  '",
    ],
    'an empty list of ports': [
      build({ ports: [] }),
      "shop/open (WorkloadMtlsException): supply at least one port in 'ports', got []; to exempt all ports leave 'ports' out",
    ],
    'ports that are no list': [
      build({ ports: 'http' }),
      "shop/open (WorkloadMtlsException): 'ports' must be an array of WorkloadPort; got 'http'",
    ],
    'a port that is a number': [
      build({ ports: [8080] }),
      "shop/open (WorkloadMtlsException): 'ports[0]' must be a WorkloadPort; got 8080, write WorkloadPort.number(8080)",
    ],
    'a mode that is no exception': [
      build({ mode: MtlsMode.STRICT }),
      "shop/open (WorkloadMtlsException): 'mode' must be one of PERMISSIVE, DISABLE; got 'STRICT'",
    ],
    'a blank owner': [
      build({ owner: '' }),
      "shop/open (WorkloadMtlsException): 'owner' must be a text that is not blank; got ''",
    ],
    'a day that is not in the calendar': [
      build({ expires: '2027-02-29' }),
      "shop/open (WorkloadMtlsException): 'expires' must be a day of the calendar as YYYY-MM-DD; got '2027-02-29'",
    ],
    'a day in another form': [
      build({ expires: '31.12.2027' }),
      "shop/open (WorkloadMtlsException): 'expires' must be a day of the calendar as YYYY-MM-DD; got '31.12.2027'",
    ],
    'a date object': [
      build({ expires: new Date(0) }),
      "shop/open (WorkloadMtlsException): 'expires' must be a day of the calendar as YYYY-MM-DD; got (Date)",
    ],
    'a port beside the whole workload': [
      chart => (build({})(chart)).addPort(WorkloadPort.number(80)),
      "shop/open (WorkloadMtlsException): the exception is for the whole workload already; give 'ports' to limit it to ports",
    ],
    'the root namespace': [
      build({ namespace: 'istio-system' }),
      "shop/open (WorkloadMtlsException): 'istio-system' is the root namespace, where Istio ignores policies with a selector; "
      + 'move the workload to another namespace, or use MeshMtls for a mode of the whole mesh',
    ],
  });
});

describe('at synth', () => {
  refusesAtSynth({
    'a service port where a workload port is meant is refused, with the right one': [
      chart => {
        service(chart);
        new WorkloadMtlsException(chart, 'open', { workload: WorkloadSelector.of(deployment(chart)), reason, ports: [WorkloadPort.number(8080)] });
      },
      "shop/open (WorkloadMtlsException): 'ports[0]' must be a workload port, and 8080 is a service port of Service shop/web; its workload port is 3000",
    ],
    'DISABLE in an ambient namespace is refused': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        new WorkloadMtlsException(chart, 'open', { workload, reason, mode: MtlsMode.DISABLE });
      },
      "shop/open (WorkloadMtlsException): DISABLE does not exist in ambient, where ztunnel treats it as PERMISSIVE, and namespace 'shop' is ambient; "
      + 'use MtlsMode.PERMISSIVE',
    ],
    'PERMISSIVE in an ambient namespace is fine': [
      chart => {
        namespace(chart, 'shop', { 'istio.io/dataplane-mode': 'ambient' });
        new WorkloadMtlsException(chart, 'open', { workload, reason });
      },
    ],
  });
});
