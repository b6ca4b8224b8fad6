import { writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Chart, Cron, Include, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct, IConstruct } from 'constructs';
import { deployment, faults, refusesAtOnce, refusesAtSynth, service, shop, synth, synthKind, wrong } from './kit';
import { MtlsMode, WorkloadMtls, WorkloadSelector } from '../../src/constructs';
import { temporaryFolder } from '../temporary-folder';

const strict = (chart: Chart, workload: WorkloadSelector) => new WorkloadMtls(chart, 'mtls', { workload, mode: MtlsMode.STRICT });
const selected = (chart: Chart) => synthKind(chart, 'PeerAuthentication')[0].spec.selector.matchLabels;
const containers = [{ image: 'web', portNumber: 3000 }];

describe('the labels of a cdk8s-plus workload', () => {
  const builders: { [kind: string]: (chart: Chart) => IConstruct } = {
    Deployment: chart => new kplus.Deployment(chart, 'web', { containers }),
    StatefulSet: chart => new kplus.StatefulSet(chart, 'web', {
      containers, service: new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] }),
    }),
    DaemonSet: chart => new kplus.DaemonSet(chart, 'web', { containers }),
  };
  test.each(Object.keys(builders))('%s: those it selects its pods by', kind => {
    const chart = shop();
    strict(chart, WorkloadSelector.of(builders[kind](chart)));
    const [workload] = synthKind(chart, kind);
    expect(Object.keys(selected(chart))).toHaveLength(1);
    expect(selected(chart)).toEqual(workload.spec.selector.matchLabels);
  });

  test('Job: those of its pods, as Kubernetes makes the selector', () => {
    const chart = shop();
    strict(chart, WorkloadSelector.of(new kplus.Job(chart, 'job', { containers, podMetadata: { labels: { app: 'job' } } })));
    expect(selected(chart)).toMatchObject({ app: 'job' });
    expect(selected(chart)).toEqual(synthKind(chart, 'Job')[0].spec.template.metadata.labels);
  });

  test('CronJob: those of the pods of its Jobs', () => {
    const chart = shop();
    strict(chart, WorkloadSelector.of(new kplus.CronJob(chart, 'cron', { schedule: Cron.hourly(), containers })));
    expect(selected(chart)).toEqual(synthKind(chart, 'CronJob')[0].spec.jobTemplate.spec.template.metadata.labels);
  });

  test('Pod: its own', () => {
    const chart = shop();
    strict(chart, WorkloadSelector.of(new kplus.Pod(chart, 'pod', { containers, metadata: { labels: { app: 'pod' } } })));
    expect(selected(chart)).toEqual(synthKind(chart, 'Pod')[0].metadata.labels);
  });
});

test('a workload can come out of an included file', () => {
  const file = join(temporaryFolder('include'), 'app.yaml');
  writeFileSync(file, [
    'apiVersion: apps/v1',
    'kind: ReplicaSet',
    'metadata: {name: web, namespace: cart}',
    'spec:',
    '  selector: {matchLabels: {app: web}}',
    '  template: {metadata: {labels: {app: web, version: v1}}}',
  ].join('\n'));
  const chart = shop();
  const include = new Include(chart, 'app', { url: file });
  strict(chart, WorkloadSelector.of(include));
  expect(selected(chart)).toEqual({ app: 'web' });
  expect(synthKind(chart, 'PeerAuthentication')[0].metadata.namespace).toBe('cart');
});

test('a construct of one\'s own around a Deployment and its Service can be given', () => {
  const chart = shop();
  const microservice = new Construct(chart, 'microservice');
  const deploy = new kplus.Deployment(microservice, 'Deploy', { containers });
  deploy.exposeViaService();
  strict(chart, WorkloadSelector.of(microservice));
  expect(selected(chart)).toEqual(synthKind(chart, 'Deployment')[0].spec.selector.matchLabels);
});

test('a selector can be used for several policies, and labels are copied', () => {
  const chart = shop();
  const labels = { app: 'web' };
  const workload = WorkloadSelector.labels(labels);
  new WorkloadMtls(chart, 'a', { workload, mode: MtlsMode.STRICT });
  new WorkloadMtls(chart, 'b', { workload, mode: MtlsMode.STRICT, namespace: 'cart' });
  labels.app = 'changed';
  expect(synth(chart).map(object => object.spec.selector.matchLabels)).toEqual([{ app: 'web' }, { app: 'web' }]);
});

test('a workload without a namespace takes that of the policy', () => {
  const chart = shop({});
  const deploy = deployment(chart);
  new WorkloadMtls(chart, 'mtls', { workload: WorkloadSelector.of(deploy), mode: MtlsMode.STRICT, namespace: 'cart' });
  expect(faults(chart)).toEqual([]);
});

describe('refuses at once', () => {
  refusesAtOnce({
    'no labels': [
      chart => strict(chart, WorkloadSelector.labels({})),
      "shop/mtls (WorkloadMtls): 'workload' must have at least one label; got {}, which would select every pod of the namespace "
      + '(use NamespaceMtls for that)',
    ],
    'a wildcard in a value': [
      chart => strict(chart, WorkloadSelector.labels({ app: 'web-*' })),
      "shop/mtls (WorkloadMtls): 'workload' must have text values of at most 63 characters without '*'; got 'web-*' for 'app'",
    ],
    'an empty key': [
      chart => strict(chart, WorkloadSelector.labels({ '': 'web' })),
      "shop/mtls (WorkloadMtls): 'workload' must have keys without '*' that are not empty; got ''",
    ],
    'a value that is no text': [
      chart => strict(chart, WorkloadSelector.labels({ version: wrong(1) })),
      "shop/mtls (WorkloadMtls): 'workload' must have text values of at most 63 characters without '*'; got 1 for 'version'",
    ],
    'text instead of labels': [
      chart => strict(chart, WorkloadSelector.labels(wrong('app=web'))),
      "shop/mtls (WorkloadMtls): 'workload' must be an object; got 'app=web'",
    ],
    'something that is no construct': [
      chart => strict(chart, WorkloadSelector.of(wrong(undefined))),
      "shop/mtls (WorkloadMtls): 'workload' needs a construct; got nothing",
    ],
    'an object of another kind': [
      chart => strict(chart, WorkloadSelector.of(service(chart))),
      "shop/mtls (WorkloadMtls): 'workload' needs a construct with one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod; "
      + 'shop/service-web (ApiObject) is a Service; give WorkloadSelector.labels({ … }) for other kinds',
    ],
    'a construct without a workload': [
      chart => strict(chart, WorkloadSelector.of(new Construct(chart, 'empty'))),
      "shop/mtls (WorkloadMtls): 'workload' needs a construct with one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod; "
      + 'shop/empty (Construct) has none; give WorkloadSelector.labels({ … }) for other kinds',
    ],
    'a construct with two workloads': [
      chart => {
        deployment(chart, 'a');
        deployment(chart, 'b');
        strict(chart, WorkloadSelector.of(chart));
      },
      "shop/mtls (WorkloadMtls): 'workload' needs a construct with one Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod; "
      + 'shop (Chart) has 2: Deployment shop/deployment-a, Deployment shop/deployment-b; give the one that is meant',
    ],
  });
});

describe('at synth', () => {
  refusesAtSynth({
    'matchExpressions are refused, not dropped': [
      chart => strict(chart, WorkloadSelector.of(deployment(chart, 'web', {
        spec: { selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }] } },
      }))),
      "shop/mtls (WorkloadMtls): 'workload' is Deployment shop/web, which selects its pods by matchExpressions; "
      + 'Istio selects by labels only, so give WorkloadSelector.labels({ … }) with labels that only its pods have',
    ],
    'an empty list of matchExpressions says nothing': [
      chart => strict(chart, WorkloadSelector.of(deployment(chart, 'web', { spec: { selector: { matchLabels: { app: 'web' }, matchExpressions: [] } } }))),
    ],
    'a workload without labels is refused': [
      chart => strict(chart, WorkloadSelector.of(new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }))),
      "shop/mtls (WorkloadMtls): 'workload' is Pod shop/web, which has no labels to select its pods by; give its pods a label",
    ],
  });

  test('a workload that cannot be written is named, and the policy is not written without its labels', () => {
    const chart = shop();
    const spec = Lazy.any({ produce: () => { throw new Error('boom'); } });
    const broken = new ApiObject(chart, 'broken', { apiVersion: 'apps/v1', kind: 'Deployment', spec });
    const { policy } = strict(chart, WorkloadSelector.of(broken));
    const line = "shop/mtls (WorkloadMtls): 'workload' is Deployment shop/broken, which cannot be read: its JSON cannot be made";
    expect(faults(chart)).toEqual([line]);
    expect(() => policy.toJson()).toThrow(line);
  });

  test('matchExpressions that cdk8s-plus adds after the policy was made are seen', () => {
    const chart = shop();
    const deploy = new kplus.Deployment(chart, 'web', { containers });
    strict(chart, WorkloadSelector.of(deploy));
    deploy.select(kplus.LabelSelector.of({ expressions: [kplus.LabelExpression.exists('tier')] }));
    expect(faults(chart)).toHaveLength(1);
    expect(() => synth(chart)).toThrow('which selects its pods by matchExpressions');
  });
});
