import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { deployment, refusesAtOnce, refusesAtSynth, service, shop, synthKind, wrong } from './kit';
import { IstioMesh, ServicePort, ServiceRef, WorkloadMtlsException, WorkloadPort, WorkloadSelector } from '../../src/constructs';

const labels = WorkloadSelector.labels({ app: 'web' });
const open = (chart: Chart, port: WorkloadPort, workload = labels) =>
  new WorkloadMtlsException(chart, 'open', { workload, reason: 'test', ports: [port] });
const written = (chart: Chart) => Object.keys(synthKind(chart, 'PeerAuthentication')[0].spec.portLevelMtls);
const behindWeb = (port?: number | string) => WorkloadPort.behind(ServiceRef.named('web', 'shop'),
  typeof port === 'number' ? ServicePort.number(port) : typeof port === 'string' ? ServicePort.named(port) : undefined);
const saying = (text: string) => `shop/open (WorkloadMtlsException): ${text}`;

describe('finds the workload port', () => {
  const cases: { [name: string]: [build: (chart: Chart) => void, port: string] } = {
    'by number, where nothing is known of the workload': [chart => open(chart, WorkloadPort.number(8080)), '8080'],
    'by number, where no container declares it': [chart => {
      deployment(chart);
      open(chart, WorkloadPort.number(9999));
    }, '9999'],
    'by number, where a service port has the same number and leads to it': [chart => {
      deployment(chart);
      service(chart, 'web', [{ port: 8080 }]);
      open(chart, WorkloadPort.number(8080));
    }, '8080'],
    'by number, where one Service leads to it and another has it as service port': [chart => {
      deployment(chart);
      service(chart, 'web', [{ port: 8080, targetPort: 3000 }]);
      service(chart, 'admin', [{ port: 80, targetPort: 8080 }], { selector: { app: 'web' } });
      open(chart, WorkloadPort.number(8080));
    }, '8080'],
    'by number, where the Service with that port selects other pods': [chart => {
      deployment(chart);
      service(chart, 'cart');
      open(chart, WorkloadPort.number(8080));
    }, '8080'],
    'by name, in the workload that the labels select': [chart => {
      deployment(chart);
      open(chart, WorkloadPort.named('api'));
    }, '3000'],
    'by name, in a workload of the context': [chart => {
      const pod = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ ports: [{ containerPort: 7000, name: 'api' }] }] } };
      const metadata = { name: 'web', namespace: 'shop' };
      new IstioMesh(chart, 'mesh', { context: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: pod } }] });
      open(chart, WorkloadPort.named('api'));
    }, '7000'],
    'behind the only port of a Service': [chart => {
      service(chart);
      open(chart, behindWeb());
    }, '3000'],
    'behind a service port whose targetPort is left out': [chart => {
      service(chart, 'web', [{ port: 5000 }]);
      open(chart, behindWeb(5000));
    }, '5000'],
    'behind a service port by name, through a container port by name': [chart => {
      deployment(chart);
      service(chart, 'web', [{ port: 80, name: 'http', targetPort: 'api' }, { port: 90 }]);
      open(chart, behindWeb('http'));
    }, '3000'],
    'behind a host that is a Service': [chart => {
      service(chart);
      open(chart, WorkloadPort.behind(ServiceRef.host('web.shop.svc.cluster.local'), ServicePort.number(8080)));
    }, '3000'],
  };
  test.each(Object.keys(cases))('%s', name => {
    const [build, port] = cases[name];
    const chart = shop();
    build(chart);
    expect(written(chart)).toEqual([port]);
  });

  test('behind a Service that cdk8s-plus made for a Deployment', () => {
    const chart = shop();
    const web = new kplus.Deployment(chart, 'web', { containers: [{ image: 'web', portNumber: 3000 }] });
    const svc = web.exposeViaService({ ports: [{ port: 80, targetPort: 3000 }] });
    open(chart, WorkloadPort.behind(ServiceRef.of(svc)), WorkloadSelector.of(web));
    expect(written(chart)).toEqual(['3000']);
  });
});

describe('refuses at once', () => {
  const range = 'must be a whole number from 1 to 65535; got';
  refusesAtOnce({
    'zero': [chart => open(chart, WorkloadPort.number(0)), saying(`'ports[0]' ${range} 0`)],
    '65536': [chart => open(chart, WorkloadPort.number(65536)), saying(`'ports[0]' ${range} 65536`)],
    'a fraction': [chart => open(chart, WorkloadPort.number(80.5)), saying(`'ports[0]' ${range} 80.5`)],
    'digits as text': [chart => open(chart, WorkloadPort.number(wrong('8080'))), saying(`'ports[0]' ${range} '8080'`)],
    'no number': [chart => open(chart, WorkloadPort.number(wrong(undefined))), saying(`'ports[0]' ${range} nothing`)],
    'a blank name': [chart => open(chart, WorkloadPort.named('')), saying("'ports[0]' must be a text that is not blank; got ''")],
    'a service port out of range': [chart => open(chart, behindWeb(0)), saying(`'ports[0] service port' ${range} 0`)],
    'a service port whose name is digits': [
      chart => open(chart, behindWeb('80')),
      saying("'ports[0] service port' must be a name with a letter in it, as names of ports are; got '80', write ServicePort.number(80)"),
    ],
    'a bare number as the service port': [
      chart => open(chart, WorkloadPort.behind(ServiceRef.named('web', 'shop'), wrong(80))),
      saying("'ports[0] service port' must be a ServicePort; got 80, write ServicePort.number(80)"),
    ],
    'a Service that is no reference': [
      chart => open(chart, WorkloadPort.behind(wrong(service(chart)))),
      saying("'ports[0]' must be a ServiceRef; got shop/service-web (ApiObject), write ServiceRef.of(service)"),
    ],
    'a host that is no Service': [
      chart => open(chart, WorkloadPort.behind(ServiceRef.host('api.example.com'))),
      saying("'ports[0]' must be behind a Service; got the host of something else"),
    ],
  });
});

describe('refuses at synth', () => {
  refusesAtSynth({
    'a service port': [
      chart => {
        deployment(chart);
        service(chart);
        open(chart, WorkloadPort.number(8080));
      },
      saying("'ports[0]' must be a workload port, and 8080 is a service port of Service shop/web; its workload port is 3000"),
    ],
    'a service port that leads to a named container port': [
      chart => {
        deployment(chart);
        service(chart, 'web', [{ port: 80, targetPort: 'api' }]);
        open(chart, WorkloadPort.number(80));
      },
      saying("'ports[0]' must be a workload port, and 80 is a service port of Service shop/web; its workload port is 3000"),
    ],
    'a name that no container has': [
      chart => {
        deployment(chart, 'web', { ports: [{ containerPort: 3000, name: 'api' }, { containerPort: 3001 }] });
        open(chart, WorkloadPort.named('http'));
      },
      saying("'ports[0]' names the container port 'http', which no container of Deployment shop/web has; its ports are api, 3001 (no name)"),
    ],
    'a name where containers declare no ports': [
      chart => {
        deployment(chart, 'web', { ports: [] });
        open(chart, WorkloadPort.named('http'));
      },
      saying("'ports[0]' names the container port 'http', which no container of Deployment shop/web has; its ports are none"),
    ],
    'a name without a workload to find it in': [
      chart => open(chart, WorkloadPort.named('http')),
      saying("'ports[0]' names the container port 'http', but the app does not have the workload; give the number, or WorkloadSelector.of(workload)"),
    ],
    'a name that two workloads use for different numbers': [
      chart => {
        deployment(chart, 'a', { labels: { app: 'web' } });
        deployment(chart, 'b', { labels: { app: 'web' }, ports: [{ containerPort: 4000, name: 'api' }] });
        open(chart, WorkloadPort.named('api'));
      },
      saying("'ports[0]' names the container port 'api', which is 3000 in Deployment shop/a, 4000 in Deployment shop/b; give the number"),
    ],
    'a Service that is not there': [
      chart => open(chart, behindWeb()),
      saying("'ports[0]' is behind Service shop/web, which the app does not have; give WorkloadPort.number(…)"),
    ],
    'a Service with several ports and none chosen': [
      chart => {
        service(chart, 'web', [{ port: 80, name: 'http' }, { port: 90 }]);
        open(chart, behindWeb());
      },
      saying("'ports[0]' is behind Service shop/web, which has 2 ports; give one of 80 (http), 90"),
    ],
    'a service port that the Service does not have': [
      chart => {
        service(chart);
        open(chart, behindWeb('grpc'));
      },
      saying("'ports[0]' is behind service port 'grpc' of Service shop/web, whose ports are 8080 (http)"),
    ],
    'a Service of other pods': [
      chart => {
        deployment(chart);
        service(chart, 'cart');
        open(chart, WorkloadPort.behind(ServiceRef.named('cart', 'shop')));
      },
      saying("'ports[0]' is behind Service shop/cart, which does not select the pods of Deployment shop/web"),
    ],
    'a targetPort by name that no container has': [
      chart => {
        deployment(chart);
        service(chart, 'web', [{ port: 80, targetPort: 'http' }]);
        open(chart, behindWeb());
      },
      saying("'ports[0]' is behind Service shop/web, whose targetPort is 'http', which no container of Deployment shop/web has; its ports are api"),
    ],
    'a targetPort out of range': [
      chart => {
        service(chart, 'web', [{ port: 80, targetPort: 0 }]);
        open(chart, behindWeb());
      },
      saying("'ports[0]' is behind Service shop/web, whose targetPort is 0"),
    ],
  });
});
